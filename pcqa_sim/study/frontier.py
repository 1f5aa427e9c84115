"""Two settings at once: what each combination costs and gives, which of them nothing beats, and the cheapest enough.

Every combination is tried with the same luck. From the cheapest up, a combination is on the frontier when it is
clearly better than the last one on it, replication by replication. The cheapest that meets the target is sought as
`study.size` ranks values: combinations shown to miss the target, or dearer than one shown to meet it, are dropped,
and the others tried again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.study.intervals import ConfidenceInterval, interval
from pcqa_sim.study.size import MEETS, OPEN, Verdict, one_sided, verdict_at
from pcqa_sim.study.trials import Point, Simulator

MOST_EACH_WAY = 8
LOOKS = (5, 10, 20, 40)
CLEAR = 0.05


@dataclass(frozen=True)
class Combination:
    """One combination: what it costs, what it gives with its 95 % interval, whether it meets the target."""

    point: Point
    cost: float
    found: ConfidenceInterval
    verdict: Verdict
    on_frontier: bool


@dataclass(frozen=True)
class Frontier:
    """All combinations, the cheapest first, and the cheapest shown to meet the target (None where none was).

    `doubtful` cost less and could not be told apart from the target. `thinned` tells that not every value was tried.
    """

    combinations: tuple[Combination, ...]
    cheapest: Combination | None
    doubtful: tuple[Combination, ...]
    thinned: bool
    confidence: float

    @property
    def edge(self) -> tuple[Combination, ...]:
        """Return the combinations that nothing beats, the cheapest first."""
        return tuple(one for one in self.combinations if one.on_frontier)


def thin(values: Sequence[float], most: int = MOST_EACH_WAY) -> list[float]:
    """Return at most some values, evenly spread, both ends among them."""
    if len(values) <= most:
        return list(values)
    at = np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))
    return [values[i] for i in at]


def frontier(
    simulate: Simulator,
    axes: Sequence[Sequence[float]],
    cost: Callable[[Point], float],
    shortfall: Callable[[float], float],
    confidence: float = 0.95,
    looks: Sequence[int] = LOOKS,
) -> Frontier:
    """Try the combinations of some values and return what they cost and give.

    `cost` is asked after a point was run. `shortfall` turns a metric's value into how far it misses the target.
    """
    thinned = [thin(values) for values in axes]
    points = list(itertools.product(*thinned))
    known: dict[Point, list[float]] = {point: [] for point in points}
    verdicts: dict[Point, Verdict] = {}
    costs: dict[Point, float] = {}
    error = (1 - confidence) / len(points) / len(looks)
    alive = points
    for many in looks:
        _gather(simulate, known, alive, many)
        costs = costs or {point: cost(point) for point in points}
        for point in alive:
            verdicts[point] = verdict_at(_short(known[point], shortfall), error)
        met = [costs[point] for point in points if verdicts[point] == MEETS]
        alive = [point for point in alive if verdicts[point] == OPEN and costs[point] < min(met, default=np.inf)]
    edge = _unbeaten({p: _short(known[p], shortfall) for p in points}, costs)
    made = [Combination(p, costs[p], interval(known[p]), verdicts[p], p in edge) for p in points]
    made.sort(key=lambda one: (one.cost, one.point))
    cheapest = next((one for one in made if one.verdict == MEETS), None)
    doubtful = tuple(one for one in made if one.point in alive)
    return Frontier(tuple(made), cheapest, doubtful, thinned != [list(values) for values in axes], confidence)


def _gather(simulate: Simulator, known: dict[Point, list[float]], points: Sequence[Point], many: int) -> None:
    trials = [(point, r) for point in points for r in range(len(known[point]), many)]
    for (point, _), value in zip(trials, simulate(trials) if trials else (), strict=True):
        known[point].append(value)


def _short(values: Sequence[float], shortfall: Callable[[float], float]) -> NDArray[np.float64]:
    return np.array([shortfall(value) for value in values])


def _unbeaten(of: dict[Point, NDArray[np.float64]], costs: dict[Point, float]) -> set[Point]:
    """Return the points that fall short clearly less than every point that costs no more, the first of equals."""
    found: list[Point] = []
    for point in sorted(of, key=lambda p: (costs[p], float(of[p].mean()), p)):
        last = of[found[-1]] if found else None
        many = len(of[point]) if last is None else min(len(of[point]), len(last))
        if last is None or one_sided(of[point][:many] - last[:many])[0] <= CLEAR:
            found.append(point)
    return set(found)
