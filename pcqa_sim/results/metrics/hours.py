"""Metrics by the clock: how calls fare that come in each half hour, and who is turned away in each hour.

They are what a promise is held against, such as "nine in ten answered within two minutes": on every day, and in every
half hour of it. A call belongs to the half hour in which it came, and counts once it has ended, on the day on which it
does; a request to the hour in which it was decided.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import CALL_ANOTHER_DAY, LEVELS

HALF_HOURS = range(480, 1110, 30)
"""Minutes of the day at which the half hours begin in which most practices are open."""
HOURS = range(480, 1110, 60)
SOON_MIN = 2


def begins(minute: int) -> str:
    """Return a time of the day as the name of a group has it: "0830"."""
    return f"{minute // 60:02d}{minute % 60:02d}"


@metric("answered within 2 minutes, by half hour", "share of answered calls", "more")
def answered_within_2_min_half_hour_share(c: Counted) -> dict[str, Ratio]:
    """Share of the answered calls of each half hour that waited at most two minutes."""
    calls = c.calls.known("ended")
    answered = calls.where(calls.words("ending") == log.ANSWERED)
    return _by_half_hour(c, answered, answered["waited"] <= SOON_MIN)


@metric("answered, by half hour", "share of calls", "more")
def answered_half_hour_share(c: Counted) -> dict[str, Ratio]:
    """Share of the calls of each half hour that were answered."""
    calls = c.calls.known("ended")
    return _by_half_hour(c, calls, calls.words("ending") == log.ANSWERED)


@metric("missed, by half hour", "share of calls", "less")
def missed_half_hour_share(c: Counted) -> dict[str, Ratio]:
    """Share of the calls of each half hour whose callers gave up."""
    calls = c.calls.known("ended")
    return _by_half_hour(c, calls, calls.words("ending") == log.MISSED)


def _by_half_hour(c: Counted, calls: Columns, which: NDArray[np.bool_]) -> dict[str, Ratio]:
    """Return the share of calls for which something holds, by the half hour in which they came."""
    ended, came = calls["ended"], calls["opened"] % DAY
    groups = {}
    for begin in HALF_HOURS:
        here = (begin <= came) & (came < begin + 30)
        groups[f"from={begins(begin)}"] = Ratio(c.by_day(ended[here & which]), c.by_day(ended[here]))
    return groups


@metric("told to call another day, by hour and urgency", "share of requests decided", "less")
def refused_hour_share(c: Counted) -> dict[str, Ratio]:
    """Share of the requests decided in each hour that were told to call another day, by how urgent they were."""
    every = c.decisions
    told, time = every.words("disposition") == CALL_ANOTHER_DAY, every["time"]
    groups = {}
    for begin in HOURS:
        now = (begin <= time % DAY) & (time % DAY < begin + 60)
        for number, level in enumerate(LEVELS):
            here = now & (every["urgency"] == number)
            groups[f"from={begins(begin)}:{level}"] = Ratio(c.by_day(time[here & told]), c.by_day(time[here]))
    return groups
