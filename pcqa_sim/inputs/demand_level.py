"""Finds the demand level at which the model gives a practice's own calls.

Calls grow faster than needs, because those not served call again; so the level is found by running the
model, not by proportion. Secant steps on the logarithms, kept inside a bracket once there is one: calls
follow a power of the level closely over short stretches, so two or three runs mostly do.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scipy.stats import t as student_t

from pcqa_sim.inputs.national import CALLS_PER_1000_WEEKDAY, weekday_ratio
from pcqa_sim.values.faults import BadInput, Fault

LOWEST, HIGHEST = 0.05, 20.0
TOLERANCE = 0.005
MOST_EVALUATIONS = 6
_FURTHEST_STEP = 8.0


@dataclass(frozen=True)
class FittedLevel:
    """A demand level (times), the calls a day the model gives at it, and how many times the model was run.

    `close` is false where the best level found misses the target by more than 0.5 %.
    """

    level: float
    simulated: float
    evaluations: int
    close: bool


def starting_level(calls: float, list_size: int) -> float:
    """Return calls per 1,000 people on a mean weekday against England's 27.4: where the search starts."""
    return calls / list_size * 1000 / CALLS_PER_1000_WEEKDAY


WEEKS_SIMULATED = 20
"""Weeks of the simulated practice that a month is laid beside: their own luck is part of what is not known."""
FEWEST_WEEKS, FEWEST_DAYS = 3, 4
BETWEEN_LISTS = 4.0
"""Variance of people's calls by the mean squared: lists of the same size differ by its root over people's number.

Assumption, from the model: eight lists of 1,000 people differ by 7.5 % over twelve weeks; weeks explain 3.9."""
LISTS_SIMULATED = 2


def level_interval(level: float, calls: Mapping[dt.date, float], list_size: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a demand level from ordinary days; None under three weeks of four such days.

    Each day counts against its weekday's published share. Weeks are what is independent, for busy days come together;
    who happens to be on a list of `list_size` people counts, too, on both sides; calls grow at least in proportion to
    needs, so that the interval is, if anything, too wide.
    """
    weeks: dict[tuple[int, int], list[float]] = {}
    for day, many in calls.items():
        weeks.setdefault(day.isocalendar()[:2], []).append(many / weekday_ratio(day.weekday()))
    means = [statistics.mean(days) for days in weeks.values() if len(days) >= FEWEST_DAYS]
    if len(means) < FEWEST_WEEKS:
        return None
    spread = statistics.stdev(means) / statistics.mean(means) * math.sqrt(1 / len(means) + 1 / WEEKS_SIMULATED)
    people = math.sqrt(BETWEEN_LISTS / list_size * (1 + 1 / LISTS_SIMULATED))
    half = math.hypot(float(student_t.ppf(0.975, len(means) - 1)) * spread, 1.959963984540054 * people)
    return level * max(1 - half, 0.0), level * (1 + half)


def fit_demand_level(target: float, simulated_calls: Callable[[float], float], start: float) -> FittedLevel:
    """Return the level at which `simulated_calls(level)` is `target`, within 0.5 %, in at most 6 evaluations.

    Both are mean calls a day, on days alike. Levels have four significant digits, so the one returned is one that was
    run. Raises BadInput when no level from 0.05 to 20 gives the target; ValueError when the model returns no
    number.
    """
    if not (math.isfinite(target) and target > 0):
        raise BadInput(Fault("demand_level", "needs calls above 0 to be worked out from", f"{target:g}"))
    tried: list[tuple[float, float]] = []
    level = _within(start if math.isfinite(start) and start > 0 else 1.0)
    while len(tried) < MOST_EVALUATIONS and level not in (before for before, _ in tried):
        calls = float(simulated_calls(level))
        if not (math.isfinite(calls) and calls >= 0):
            raise ValueError(f"the model gave {calls} calls at demand level {level:g}")
        tried.append((level, calls))
        if _miss(calls, target) <= TOLERANCE:
            break
        _refuse_at_the_end(level, calls, target)
        level = _next(tried, target)
    level, calls = min(tried, key=lambda point: _miss(point[1], target))
    return FittedLevel(level, calls, len(tried), _miss(calls, target) <= TOLERANCE)


def _miss(calls: float, target: float) -> float:
    return abs(calls / target - 1)


def _within(level: float) -> float:
    """Return a level of four significant digits inside the limits."""
    return min(max(float(f"{level:.4g}"), LOWEST), HIGHEST)


def _refuse_at_the_end(level: float, calls: float, target: float) -> None:
    """Raise BadInput when even the lowest or highest level misses the target on its own side."""
    if (level == LOWEST and calls > target) or (level == HIGHEST and calls < target):
        rule = f"no level from {LOWEST:g} to {HIGHEST:g} gives {target:,.1f} calls a day: "
        raise BadInput(Fault("demand_level", f"{rule}at {level:g} the model gives {calls:,.1f}"))


def _next(tried: list[tuple[float, float]], target: float) -> float:
    """Return the next level to run: by secant, or the middle of the bracket where the secant leaves it."""
    below = max((level for level, calls in tried if calls < target), default=None)
    above = min((level for level, calls in tried if calls > target), default=None)
    level, calls = tried[-1]
    step = math.log(target / calls) / _slope(tried) if calls > 0 else math.inf
    step = min(max(step, -math.log(_FURTHEST_STEP)), math.log(_FURTHEST_STEP))
    guess = _within(level * math.exp(step))
    if below is not None and above is not None and not below < guess < above:
        return _within(math.sqrt(below * above))
    return guess


def _slope(tried: list[tuple[float, float]]) -> float:
    """Return the growth of log calls with log level over the last two runs; 1 where they do not tell."""
    if len(tried) < 2 or min(calls for _, calls in tried[-2:]) <= 0:
        return 1.0
    (level_a, calls_a), (level_b, calls_b) = tried[-2:]
    slope = math.log(calls_b / calls_a) / math.log(level_b / level_a)
    return slope if slope > 0.1 else 1.0
