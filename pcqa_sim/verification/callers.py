"""Callers for the verification benches: when they come, and luck that reads from lists."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Distribution
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.luck import Luck, join, stream
from pcqa_sim.verification.arguments import Listed, above_zero, minutes, number, refuse, times


@dataclass(frozen=True)
class Profile:
    """A piecewise constant arrival rate, repeated every `period` minutes.

    `steps` are (minute within the period, arrivals per minute from then on), ascending; before the first the rate
    is 0. Period number p has its rates multiplied by `day_factors[p % len(day_factors)]`. Raises BadInput for what is
    no rate.
    """

    steps: tuple[tuple[float, float], ...]
    period: float = DAY
    day_factors: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        above_zero("period", self.period)
        if not len(self.day_factors):
            raise refuse("day_factors", "none", "one factor at least")
        for factor in self.day_factors:
            number("day_factors", factor, 0.0, math.inf, "finite numbers, 0 or more")
        before = -1.0
        for minute, rate in self.steps:
            number("steps", rate, 0.0, math.inf, "(minute, arrivals per minute), the rate finite and 0 or more")
            if not before < minutes("steps", minute) < self.period:
                raise refuse("steps", minute, f"(minute, rate) with ascending minutes below the period {self.period:g}")
            before = minute

    @classmethod
    def constant(cls, rate: float) -> Profile:
        """Return a constant rate per minute."""
        return cls(((0.0, rate),))

    def times(self, until: float, rng: np.random.Generator) -> list[float]:
        """Return Poisson arrival times before a minute, ascending."""
        edges = [at for at, _ in self.steps] + [self.period]
        found: list[float] = []
        for turn in range(int(np.ceil(until / self.period))):
            factor = self.day_factors[turn % len(self.day_factors)]
            for (start, rate), end in zip(self.steps, edges[1:], strict=True):
                count = rng.poisson(rate * factor * (end - start))
                found.extend((turn * self.period + rng.uniform(start, end, count)).tolist())
        return sorted(time for time in found if time < until)


Arrivals = Profile | npt.ArrayLike


class ListedLuck(Luck):
    """Luck that points a caller to their own entry of explicit lists, and is ordinary luck otherwise."""

    __slots__ = ("_fixed",)

    def __init__(self, key: int, fixed: dict[int, float]) -> None:
        super().__init__(key)
        self._fixed = fixed

    def u(self, activity_key: int) -> float:
        """Return the caller's place in the list for a listed activity, a keyed uniform for any other."""
        return self._fixed[activity_key] if activity_key in self._fixed else super().u(activity_key)


def arrival_times(arrivals: Arrivals, until: float | None, at_start: int, seed: int, replication: int) -> list[float]:
    """Return the arrival times before a minute, after so many who are there at the start."""
    there = [0.0] * at_start
    if not isinstance(arrivals, Profile):
        return there + [time for time in times("arrivals", arrivals) if until is None or time < until]
    if until is None:
        raise BadInput(Fault("until", "a profile of arrivals needs an end"))
    return there + arrivals.times(until, stream(seed, replication, "arrivals"))


def caller_luck(world: int, caller: int, distributions: dict[int, Distribution]) -> Luck:
    """Return a caller's luck; activities with a list of values read the caller's own entry."""
    key = join(world, caller)
    fixed = {
        act: (caller + 0.5) / len(given.values) for act, given in distributions.items() if isinstance(given, Listed)
    }
    return ListedLuck(key, fixed) if fixed else Luck(key)
