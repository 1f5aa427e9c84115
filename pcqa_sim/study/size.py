"""How much is enough: the smallest value of one setting at which a metric keeps its target, at a stated confidence.

Every value is tried with the same luck. Each trial of a value looks again and again, at more replications each time,
until the target lies outside its interval; the error allowed is shared out over looks and values (Bonferroni), so
that with the stated confidence no verdict of the whole search is wrong. Where the metric goes one way over the range,
as a direction test on a first few values shows, half of what is left is ruled out at a time; where it does not,
every value competes and those shown to miss the target, or larger than one shown to meet it, are dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pcqa_sim.study.intervals import ConfidenceInterval, interval
from pcqa_sim.study.trials import Simulator

Verdict = Literal["meets", "misses", "not told apart"]
MEETS: Final = "meets"
MISSES: Final = "misses"
OPEN: Final = "not told apart"
Way = Literal["bisection", "ranking and selection"]
_FIRST_VALUES = 5
_DIRECTION_LEVEL = 0.05
_DOUBT_LEVEL = 0.1

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Tried:
    """One value as far as it was tried: its mean with the 95 % interval over replications, and the verdict.

    `verdict` is None where the value served the direction test only.
    """

    value: float
    found: ConfidenceInterval
    verdict: Verdict | None


@dataclass(frozen=True)
class Sized:
    """What a search found.

    `answer` is the smallest value shown to meet the target, None where none was; `largest` is the largest, where more
    makes it worse. `doubtful` are smaller values that could not be told apart from the target. `binds` is the bound
    of the range that the answer stands at (or, without an answer, the bound beyond which it would be sought).
    `level_from` is the smallest value tried from which the highest is not clearly better.
    """

    answer: float | None
    largest: float | None
    doubtful: tuple[float, ...]
    tried: tuple[Tried, ...]
    way: Way
    better_with_more: bool | None
    binds: Literal["low", "high", None]
    level_from: float
    confidence: float


@dataclass
class Search:
    """A search over some values, ascending. `shortfall` turns a metric's value into how far it misses the target."""

    simulate: Simulator
    values: Sequence[float]
    shortfall: Callable[[float], float]
    confidence: float = 0.95
    looks: Sequence[int] = (5, 10, 20, 40)
    _known: dict[float, Values] = field(default_factory=dict)
    _verdicts: dict[float, Verdict] = field(default_factory=dict)

    def run(self) -> Sized:
        """Return the smallest value that meets the target."""
        first = self._first_values()
        self._gather(first, self.looks[0])
        better = self._direction(first)
        if better is None:
            return self._rank()
        ordered = list(self.values) if better else list(reversed(self.values))
        edge, consistent = self._bisect(ordered)
        if not consistent or not self._agrees(ordered, edge):
            return self._rank()
        if better:
            below = [value for value in self.values if self._verdicts.get(value) == OPEN and _under(value, edge)]
            return self._sized(edge, None, below, "bisection", better)
        smallest = self.values[0] if edge is not None else None
        if smallest is not None and self._judge(smallest, self._share(self._steps())) != MEETS:
            return self._rank()
        return self._sized(smallest, edge, [], "bisection", better)

    def _first_values(self) -> list[float]:
        at = np.unique(np.linspace(0, len(self.values) - 1, _FIRST_VALUES).round().astype(int))
        return [self.values[i] for i in at]

    def _gather(self, values: Sequence[float], replications: int) -> None:
        """Run some values up to a number of replications, all in one go."""
        trials = [((value,), r) for value in values for r in range(len(self._known.get(value, ())), replications)]
        found = iter(self.simulate(trials)) if trials else iter(())
        for value in values:
            had = self._known.get(value, np.array([]))
            more = [next(found) for _ in range(len(had), replications)]
            self._known[value] = np.append(had, more)

    def _short(self, value: float, many: int | None = None) -> Values:
        """Return how far each replication of a value misses the target."""
        return np.array([self.shortfall(found) for found in self._known[value][:many]])

    def _direction(self, values: Sequence[float]) -> bool | None:
        """Return whether more is better (True) or worse (False), None where the metric does not go one way.

        It goes one way when the ends of the range differ clearly and no step between neighbours clearly goes back.
        """
        ends = self._apart(values[0], values[-1])
        down, up = one_sided(ends)
        if min(down, up) > _DIRECTION_LEVEL:
            return None
        better = down < up
        steps = [self._apart(a, b) for a, b in pairwise(values)]
        # A slight doubt is enough: letting every value compete costs runs, a search that halves wrongly the answer.
        back = [one_sided(step)[1 if better else 0] for step in steps]
        return None if min(back) <= _DOUBT_LEVEL else better

    def _apart(self, one: float, other: float) -> Values:
        """Return paired differences of the shortfall, other less one."""
        many = min(len(self._known[one]), len(self._known[other]))
        return self._short(other, many) - self._short(one, many)

    def _steps(self) -> int:
        return math.ceil(math.log2(len(self.values))) + 2

    def _share(self, verdicts: int) -> float:
        """Return the error that each of some verdicts may have."""
        return (1 - self.confidence) / verdicts

    def _bisect(self, ordered: Sequence[float]) -> tuple[float | None, bool]:
        """Return the first of values ordered from worst to best that meets the target (None for none).

        The second is False where values seen on the way do not lie in that order after all.
        """
        error = self._share(self._steps())
        if self._judge(ordered[-1], error) != MEETS:
            return None, True
        if self._judge(ordered[0], error) == MEETS:
            return ordered[0], True
        low, high = 0, len(ordered) - 1
        while high - low > 1:
            middle = (low + high) // 2
            verdict = self._judge(ordered[middle], error)
            if not self._in_order(ordered[low], ordered[middle], ordered[high]):
                return None, False
            low, high = (low, middle) if verdict == MEETS else (middle, high)
        return ordered[high], True

    def _agrees(self, ordered: Sequence[float], edge: float | None) -> bool:
        """Tell whether every value seen is on the side of the target on which the edge leaves it."""
        for at, value in enumerate(ordered):
            if value in self._known:
                meets = edge is not None and at >= ordered.index(edge)
                seen = verdict_at(self._short(value), _DOUBT_LEVEL)
                if seen == (MISSES if meets else MEETS) and self._verdicts.get(value) != OPEN:
                    return False
        return True

    def _in_order(self, worse: float, middle: float, better: float) -> bool:
        """Tell whether nothing speaks clearly against a value lying between two others."""
        level = _DIRECTION_LEVEL / self._steps()
        return one_sided(self._apart(worse, middle))[1] > level and one_sided(self._apart(middle, better))[1] > level

    def _judge(self, value: float, error: float) -> Verdict:
        """Return whether a value meets the target, looking at more and more replications."""
        for many in self.looks:
            self._gather([value], many)
            verdict = verdict_at(self._short(value, many), error / len(self.looks))
            if verdict != OPEN:
                break
        self._verdicts[value] = verdict
        return verdict

    def _rank(self) -> Sized:
        """Let every value compete: those that miss the target, or are larger than one that meets it, are dropped."""
        error = self._share(len(self.values)) / len(self.looks)
        self._verdicts.clear()
        alive = list(self.values)
        for many in self.looks:
            self._gather(alive, many)
            for value in alive:
                self._verdicts[value] = verdict_at(self._short(value, many), error)
            best = self._smallest()
            alive = [value for value in alive if self._verdicts[value] == OPEN and _under(value, best)]
            if not alive:
                break
        return self._sized(self._smallest(), None, alive, "ranking and selection", None)

    def _smallest(self) -> float | None:
        return min((value for value, verdict in self._verdicts.items() if verdict == MEETS), default=None)

    def _sized(
        self, answer: float | None, largest: float | None, doubtful: Sequence[float], way: Way, better: bool | None
    ) -> Sized:
        tried = [
            Tried(value, interval(self._known[value].tolist()), self._verdicts.get(value))
            for value in sorted(self._known)
        ]
        binds = self._binds(answer, better)
        level = self._level_from()
        return Sized(answer, largest, tuple(doubtful), tuple(tried), way, better, binds, level, self.confidence)

    def _level_from(self) -> float:
        known = sorted(self._known)
        return next(value for value in known if one_sided(self._apart(value, known[-1]))[0] > _DIRECTION_LEVEL)

    def _binds(self, answer: float | None, better: bool | None) -> Literal["low", "high", None]:
        if answer == self.values[0] or (answer is None and better is False):
            return "low"
        return "high" if answer == self.values[-1] or (answer is None and better) else None


def _under(value: float, answer: float | None) -> bool:
    return answer is None or value < answer


def one_sided(apart: Values) -> tuple[float, float]:
    """Return the p-values for the mean difference being below zero, and above zero."""
    known = apart[np.isfinite(apart)]
    if len(known) < 2:
        return 1.0, 1.0
    spread = float(known.std(ddof=1)) / math.sqrt(len(known))
    mean = float(known.mean())
    if spread == 0:
        return (0.0, 1.0) if mean < 0 else (1.0, 0.0) if mean > 0 else (1.0, 1.0)
    below = float(special.stdtr(len(known) - 1, mean / spread))
    return below, 1 - below


def verdict_at(shortfalls: Values, error: float) -> Verdict:
    """Return whether the mean shortfall is below zero (the target is met), above it, or neither clearly.

    `error` is the chance of a wrong verdict either way, at this one look.
    """
    known = shortfalls[np.isfinite(shortfalls)]
    if len(known) < 2:
        return OPEN
    below, above = one_sided(known)
    if not known.any():
        return MEETS
    if below <= error:
        return MEETS
    return MISSES if above <= error else OPEN
