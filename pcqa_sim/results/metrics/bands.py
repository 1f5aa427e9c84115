"""Metrics of the telephone in bands of seconds, to lay beside the published counts: waits and lengths of calls.

A band ends with its last second: 30_60 is above 30 and up to 60 seconds, published as 31 to 60.
"""

from __future__ import annotations

import numpy as np

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.values import eventlog as log

WAIT_EDGES = (30, 60, 120, 300)
LENGTH_EDGES = (60, 120, 300)


def band_names(edges: tuple[int, ...]) -> tuple[str, ...]:
    """Return the groups of some edges: band=0_30, band=30_60, ..., band=300_up."""
    ends = (*(str(edge) for edge in edges), "up")
    return tuple(f"band={first}_{last}" for first, last in zip((0, *edges), ends, strict=True))


def _shares(c: Counted, at: Daily, minutes: Daily, edges: tuple[int, ...]) -> dict[str, Ratio]:
    """Return the share of calls in each band of minutes, by the day on which (`at`) they are known."""
    names = band_names(edges)
    band = Words(np.searchsorted(np.array(edges) / 60, minutes, side="left"), names)
    every = c.by_day(at)
    return {name: Ratio(calls, every) for name, calls in c.by_word(band, names, at).items()}


def _ended(c: Counted, ending: str) -> Columns:
    """Return the calls that ended in one way."""
    return c.calls.where(c.calls.words("ending") == ending)


@metric("waits of answered calls", "share of answered calls")
def answered_wait_share(c: Counted) -> dict[str, Ratio]:
    """Share of answered calls by seconds waited; whoever was not answered is left out."""
    answered = _ended(c, log.ANSWERED)
    return _shares(c, answered["ended"], answered["waited"], WAIT_EDGES)


@metric("waits of missed calls", "share of missed calls")
def missed_wait_share(c: Counted) -> dict[str, Ratio]:
    """Share of missed calls by seconds waited; who hangs up during the closed message has waited 0 seconds."""
    missed = _ended(c, log.MISSED)
    return _shares(c, missed["ended"], missed["waited"], WAIT_EDGES)


@metric("lengths of answered calls", "share of answered calls")
def call_length_share(c: Counted) -> dict[str, Ratio]:
    """Share of answered calls by seconds of talk; calls still going on at the end are left out."""
    answered = _ended(c, log.ANSWERED).known("talk_min")
    return _shares(c, answered["ended"] + answered["talk_min"], answered["talk_min"], LENGTH_EDGES)
