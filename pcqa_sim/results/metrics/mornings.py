"""Metrics of the telephone through the day: when calls come, half hour by half hour, and how those of a band end.

Mondays and Tuesdays to Fridays stand apart, as in the published statistics; all days are of weeks without a bank
holiday. A call belongs to the band in which it came, and counts once it has ended.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.results.metrics.phone import BAND_EDGES, BANDS
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY

STEP_EDGES = (0, 360, *range(480, 1110, 30), 1110)
"""Minutes of the day at which the steps of a day begin: half hours while most practices are open."""
STEPS = tuple(f"{edge // 60:02d}{edge % 60:02d}" for edge in STEP_EDGES)
ENDINGS = (log.ANSWERED, log.MENU_ENDED, log.CALLBACK_REQUESTED, log.MISSED)
"""How calls end that the published statistics know of."""


def _sorts_of_day(c: Counted) -> Iterator[tuple[str, Daily]]:
    """Yield Mondays and the other working days of ordinary weeks, 1 for each day that is one."""
    monday = np.arange(c.days) % 7 == 0
    yield "mon", c.ordinary_days * monday
    yield "tue-fri", c.ordinary_days * ~monday


@metric("calls by half hour of the day", "share of a working day's calls")
def call_half_hour_share(c: Counted) -> dict[str, Ratio]:
    """Share of a day's calls that come in each half hour from 08:00 to 18:30, and before and after."""
    opened = c.calls["opened"]
    step = np.searchsorted(np.array(STEP_EDGES), opened % DAY, side="right") - 1
    every = c.by_day(opened)
    groups: dict[str, Ratio] = {}
    for number, name in enumerate(STEPS):
        here = c.by_day(opened[step == number])
        groups |= {f"from={days}:{name}": Ratio(here * which, every * which) for days, which in _sorts_of_day(c)}
    return groups


@metric("how calls end by band of the day", "share of the band's calls")
def call_endings_by_band_share(c: Counted) -> dict[str, Ratio]:
    """Share of the calls of each published band of the day that end in each way."""
    calls = c.calls.known("ended")
    ended, ending = calls["ended"], calls.words("ending")
    band = np.searchsorted(np.array(BAND_EDGES), calls["opened"] % DAY, side="right") - 1
    groups: dict[str, Ratio] = {}
    for number, name in enumerate(BANDS):
        here = band == number
        every, of = c.by_day(ended[here]), c.by_word(ending[here], ENDINGS, ended[here])
        for days, which in _sorts_of_day(c):
            groups |= {f"ending={days}:{name}:{word}": Ratio(of[word] * which, every * which) for word in ENDINGS}
    return groups
