"""Counts of calls in bands of whole seconds: read from published texts, shares below a time, a fitted distribution."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from pcqa_sim.scenario.groups import ObservedBand
from pcqa_sim.values.distributions import LogNormal

TOTAL = "TOTAL"
WAIT_BANDS = ("0", "1_30", "31_60", "61_90", "91_120", "121_180", "181_240", "241_300", ">300")
LENGTH_BANDS = ("0_10", "11_30", "31_60", "61_90", "91_120", "121_180", "181_240", "241_300", ">300")


def observed_band(text: str, calls: float) -> ObservedBand:
    """Return the band that a published text names: `0`, `31_60` (both ends in it), `>300` (from 301, open).

    Raises ValueError for any other text.
    """
    if text not in WAIT_BANDS and text not in LENGTH_BANDS:
        raise ValueError(f"{text} is no band of seconds")
    if text.startswith(">"):
        return ObservedBand(from_s=int(text[1:]) + 1, to_s=None, calls=calls)
    first, _, last = text.partition("_")
    return ObservedBand(from_s=int(first), to_s=int(last or first), calls=calls)


def share_within(bands: Sequence[ObservedBand], seconds: float) -> float:
    """Return the share of calls in bands up to `seconds`, spread evenly inside a band that `seconds` cuts.

    nan where there are no calls. Raises ValueError where `seconds` falls inside an open band that holds
    calls: how far they reach is not published.
    """
    total = sum(band.calls for band in bands)
    return sum(_within(band, seconds) for band in bands) / total if total > 0 else math.nan


def _within(band: ObservedBand, seconds: float) -> float:
    """Return the calls of one band that lasted at most `seconds`."""
    lower = max(band.from_s - 1, 0.0)  # bands count whole seconds: 31 to 60 is all above 30
    if band.to_s is not None and seconds >= band.to_s:
        return band.calls
    if seconds <= lower or band.calls == 0:
        return 0.0
    if band.to_s is None:
        raise ValueError(f"calls above {lower:g} seconds are in one open band")
    return band.calls * (seconds - lower) / (band.to_s - lower)


def added_up(days: Iterable[Sequence[ObservedBand]]) -> list[ObservedBand]:
    """Return the bands of several days added up, in ascending order."""
    calls: dict[tuple[float, float | None], float] = {}
    for bands in days:
        for band in bands:
            calls[band.from_s, band.to_s] = calls.get((band.from_s, band.to_s), 0) + band.calls
    ordered = sorted(calls, key=lambda ends: ends[0])
    return [ObservedBand(from_s=first, to_s=last, calls=calls[first, last]) for first, last in ordered]


def fitted_lengths(bands: Sequence[ObservedBand]) -> LogNormal | None:
    """Return the log-normal (seconds) that fits counts by length best, or None with under two bands in use.

    Bands start at 0, follow one another without a gap, and the last is open, as published.
    """
    if sum(1 for band in bands if band.calls > 0) < 2:
        return None
    edges = [band.to_s for band in bands if band.to_s is not None]
    return LogNormal.from_bands(edges, [band.calls for band in bands])
