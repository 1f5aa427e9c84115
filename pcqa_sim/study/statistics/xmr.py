"""XmR charts by the rules of NHS England's "Making Data Count": limits from moving ranges, four sorts of signal.

A point that is missing is left out and the moving range skips it. Where a change is declared, limits begin anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

WIDTH = 2.66
"""How many mean moving ranges a limit is from the mean (3 / 1.128, as published)."""
RUN = 7
"""Points on one side of the mean, or rising, or falling, that make a signal."""
LEAST = 3
"""Fewer points have no limits: two have one moving range."""
OUTSIDE, ONE_SIDE, TREND, NEAR = "outside", "one side", "trend", "near a limit"


@dataclass(frozen=True)
class Limits:
    """A mean and the natural process limits around it."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Signal:
    """Something that common causes seldom do: which rule, from which point to which."""

    rule: str
    first: int
    last: int
    above: bool


@dataclass(frozen=True)
class Stretch:
    """The points from one declared change to the next, `first` to `last`, with their limits where there are enough."""

    first: int
    last: int
    limits: Limits | None
    signals: tuple[Signal, ...]


def limits(values: Sequence[float]) -> Limits | None:
    """Return the limits of a series, None where it has too few points; NaN is a missing point."""
    known = [value for value in values if not math.isnan(value)]
    if len(known) < LEAST:
        return None
    mean = sum(known) / len(known)
    moving = [abs(after - before) for before, after in pairwise(known)]
    half = WIDTH * sum(moving) / len(moving)
    return Limits(mean, mean - half, mean + half)


def chart(values: Sequence[float], changed: Sequence[int] = ()) -> list[Stretch]:
    """Return a series with limits and signals, anew from each point at which a change is declared."""
    starts = sorted({0, *(at for at in changed if 0 < at < len(values))})
    found = []
    for first, after in pairwise([*starts, len(values)]):
        own = limits(values[first:after])
        signals = (
            () if own is None else tuple(_moved(one, first) for one in _merged(signals_of(values[first:after], own)))
        )
        found.append(Stretch(first, after - 1, own, signals))
    return found


def signals_of(values: Sequence[float], own: Limits) -> Iterator[Signal]:
    """Yield the signals of a series against its limits, rule by rule; missing points are passed over."""
    points = [(at, value) for at, value in enumerate(values) if not math.isnan(value)]
    for at, value in points:
        if not own.low <= value <= own.high:
            yield Signal(OUTSIDE, at, at, value > own.high)
    yield from _runs(ONE_SIDE, [(at, _sign(value - own.mean)) for at, value in points], RUN)
    steps = [(at, _sign(value - before)) for (_, before), (at, value) in pairwise(points)]
    yield from _trends(points, steps)
    yield from _near(points, own)


def _runs(rule: str, signs: Sequence[tuple[int, int]], least: int) -> Iterator[Signal]:
    """Yield the stretches of at least so many equal signs; nought ends one."""
    begun = 0
    for number in range(1, len(signs) + 1):
        if number < len(signs) and signs[number][1] == signs[begun][1]:
            continue
        if number - begun >= least and signs[begun][1]:
            yield Signal(rule, signs[begun][0], signs[number - 1][0], signs[begun][1] > 0)
        begun = number


def _trends(points: Sequence[tuple[int, float]], steps: Sequence[tuple[int, int]]) -> Iterator[Signal]:
    """Yield runs of points that rise, or fall, each from the one before: seven points have six steps."""
    before = {at: points[number][0] for number, (at, _) in enumerate(steps)}
    for one in _runs(TREND, steps, RUN - 1):
        yield Signal(TREND, before[one.first], one.last, one.above)


def _near(points: Sequence[tuple[int, float]], own: Limits) -> Iterator[Signal]:
    """Yield where two of three points are in the outer third between mean and limit, on one side; within the limits."""
    third = 2 * (own.high - own.mean) / 3
    for three in zip(points, points[1:], points[2:], strict=False):
        for above in (True, False):
            far = [at for at, value in three if (value - own.mean if above else own.mean - value) > third]
            if len(far) >= 2:
                yield Signal(NEAR, far[0], far[-1], above)


def _merged(found: Iterator[Signal]) -> list[Signal]:
    """Return signals with those of one rule and side that share a point told as one."""
    told: list[Signal] = []
    for one in sorted(found, key=lambda each: (each.rule, each.above, each.first)):
        if told and (told[-1].rule, told[-1].above) == (one.rule, one.above) and one.first <= told[-1].last:
            told[-1] = replace(told[-1], last=max(told[-1].last, one.last))
        else:
            told.append(one)
    return sorted(told, key=lambda each: (each.first, each.last))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _moved(one: Signal, by: int) -> Signal:
    return Signal(one.rule, one.first + by, one.last + by, one.above)


def first_signal(values: Sequence[float], change: int, above: bool | None = None) -> int | None:
    """Return after how many points from `change` on a chart signals, 1 for the first of them; None where it never does.

    Limits are those of the points before the change, and stay: so a practice locks its baseline. A signal counts at
    the point that completes it; one that was complete before the change does not. `above` counts signals to one side
    alone (rising ones among those above).
    """
    own = limits(values[:change])
    if own is None:
        return None
    old = {(one.rule, one.first, one.above) for one in signals_of(values[:change], own)}
    for at in range(change, len(values)):
        for one in signals_of(values[: at + 1], own):
            new = one.last == at and (one.rule, one.first, one.above) not in old
            if new and above in (None, one.above):
                return at - change + 1
    return None
