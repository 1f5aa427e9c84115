"""After how many weeks a practice's own XmR chart would show a change, by the rules in `xmr`.

Weeks are taken as independent and normal around the new mean, with limits from the weeks before: a point outside a
limit, seven on one side of the old mean, two of three in the outer third. What is worked out is exact for that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from scipy import special

from pcqa_sim.study.statistics.xmr import RUN, WIDTH

LONGEST = 104
"""Weeks after which nobody waits any longer."""
_LIMIT, _NEAR = 3.0, 2.0
_State = tuple[int, bool, bool]
"""How many points in a row are on the new side, and whether the last two were in the outer third."""


def weekly_sigma(series: Sequence[Sequence[float]]) -> float:
    """Return the spread of a week by mean moving ranges of several series; NaN where none has two points in a row."""
    moving = [
        abs(after - before)
        for one in series
        for before, after in pairwise(one)
        if math.isfinite(before) and math.isfinite(after)
    ]
    return WIDTH / _LIMIT * sum(moving) / len(moving) if moving else math.nan


def weeks_to_signal(shift: float, sigma: float, sure: float = 0.5) -> int | None:
    """Return after how many weeks a lasting shift is signalled with a probability; None where it takes years.

    A shift where weeks do not differ at all is signalled by the first.
    """
    if not math.isfinite(sigma) or not shift:
        return None
    if sigma == 0:
        return 1
    chances = _chances(abs(shift) / sigma)
    states: dict[_State, float] = {(0, False, False): 1.0}
    for week in range(1, LONGEST + 1):
        states = _next(states, chances)
        if 1 - sum(states.values()) >= sure:
            return week
    return None


def _chances(shift: float) -> tuple[float, float, float]:
    """Return how likely a point is on the other side of the old mean, on the new side, and in its outer third."""
    below, inside, within = (float(special.ndtr(edge - shift)) for edge in (0.0, _NEAR, _LIMIT))
    return below, inside - below, within - inside


def _next(states: dict[_State, float], chances: tuple[float, float, float]) -> dict[_State, float]:
    """Return where a chart without a signal is a week later; what is signalled leaves."""
    other, here, near = chances
    after: dict[_State, float] = defaultdict(float)
    for (run, before, last), chance in states.items():
        after[0, last, False] += chance * other
        if run + 1 < RUN:
            after[run + 1, last, False] += chance * here
            if not (before or last):
                after[run + 1, last, True] += chance * near
    return after
