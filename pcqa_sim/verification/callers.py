"""Callers for the verification benches: arrival times, explicit lists, and luck that reads from lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Distribution
from pcqa_sim.values.luck import Luck, join, stream


@dataclass(frozen=True)
class Profile:
    """A piecewise constant arrival rate, repeated every `period` minutes.

    `steps` are (minute within the period, arrivals per minute from then on), ascending; before the first the rate
    is 0. Period number p has its rates multiplied by `day_factors[p % len(day_factors)]`.
    """

    steps: tuple[tuple[float, float], ...]
    period: float = DAY
    day_factors: tuple[float, ...] = (1.0,)

    @classmethod
    def constant(cls, rate: float) -> Profile:
        """Return a constant rate per minute."""
        return cls(((0.0, rate),))

    def times(self, until: float, rng: np.random.Generator) -> list[float]:
        """Return Poisson arrival times before a minute, ascending."""
        edges = [at for at, _ in self.steps] + [self.period]
        times: list[float] = []
        for number in range(int(np.ceil(until / self.period))):
            factor = self.day_factors[number % len(self.day_factors)]
            for (start, rate), end in zip(self.steps, edges[1:], strict=True):
                count = rng.poisson(rate * factor * (end - start))
                times.extend((number * self.period + rng.uniform(start, end, count)).tolist())
        return sorted(time for time in times if time < until)


@dataclass(frozen=True)
class Listed(Distribution):
    """Explicit values, one a caller in order of arrival, dressed as a distribution."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Return the mean of the values."""
        return float(np.mean(self.values))

    def quantile(self, u: float) -> float:
        """Return the value of the caller whose listed luck is `u`."""
        return self.values[int(u * len(self.values))]


class ListedLuck(Luck):
    """Luck that points a caller to their own entry of explicit lists, and is ordinary luck otherwise."""

    __slots__ = ("_fixed",)

    def __init__(self, key: int, fixed: dict[int, float]) -> None:
        super().__init__(key)
        self._fixed = fixed

    def u(self, activity_key: int) -> float:
        """Return the caller's place in the list for a listed activity, a keyed uniform for any other."""
        return self._fixed[activity_key] if activity_key in self._fixed else super().u(activity_key)


Durations = Distribution | Sequence[float]
Arrivals = Profile | Sequence[float]


def as_distribution(distribution: Durations, callers: int, what: str) -> Distribution:
    """Return a distribution as it is, and a list as `Listed`; raise ValueError for a list that is too short."""
    if isinstance(distribution, Sequence):
        if len(distribution) < callers:
            raise ValueError(f"{what}: {len(distribution)} values for {callers} callers; one a caller is needed")
        return Listed(tuple(float(value) for value in distribution))
    return distribution


def arrival_times(arrivals: Arrivals, until: float, seed: int, replication: int) -> list[float]:
    """Return the arrival times before a minute; a list must ascend and not be negative."""
    if isinstance(arrivals, Profile):
        return arrivals.times(until, stream(seed, replication, "arrivals"))
    times = [float(time) for time in arrivals]
    if any(b < a for a, b in pairwise(times)) or (times and times[0] < 0):
        raise ValueError("arrivals: times ascend and are not negative")
    return [time for time in times if time < until]


def caller_luck(world: int, caller: int, distributions: dict[int, Distribution]) -> Luck:
    """Return a caller's luck; activities whose distribution is a list read the caller's own entry."""
    key = join(world, caller)
    fixed = {
        activity: (caller + 0.5) / len(distribution.values)
        for activity, distribution in distributions.items()
        if isinstance(distribution, Listed)
    }
    return ListedLuck(key, fixed) if fixed else Luck(key)
