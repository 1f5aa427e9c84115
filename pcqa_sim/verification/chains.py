"""Exact and numerically exact results for systems of queues: networks with feedback, and backlogs of appointments.

Nothing here simulates. Rates are per unit of time and times in it, of the caller's choice.

Sources: Jackson 1957 (networks); Green & Savin 2008, "Reducing delays for medical appointments: a queueing approach"
(no-shows that grow with the backlog and come back); for two regimes of one system the usual argument on
flows in and out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.verification.theory import Queue, mmc

Floats = npt.NDArray[np.float64]


def jackson(
    arrival_rates: npt.ArrayLike, routing: npt.ArrayLike, mean_services: Sequence[float], servers: Sequence[int]
) -> tuple[Queue, ...]:
    """Return each station of an open network of queues with exponential service: M/M/c, each on its own.

    Args: arrivals from outside by station; `routing[i][j]`, the probability of going on from i to j (the rest of a row
    leaves); mean service times; servers. Raises BadInput for a routing that nobody leaves, ValueError for a load that
    a station cannot carry. Source: Jackson 1957.
    """
    outside, onward = np.asarray(arrival_rates, dtype=float), np.asarray(routing, dtype=float)
    if onward.shape != (outside.size, outside.size) or (onward < 0).any() or (onward.sum(axis=1) > 1 + 1e-12).any():
        raise BadInput(Fault("routing", "must be a square of probabilities whose rows sum to 1 at the most"))
    if abs(np.linalg.eigvals(onward)).max() >= 1:
        raise BadInput(Fault("routing", "must let everybody leave in the end"))
    rates = np.linalg.solve(np.eye(outside.size) - onward.T, outside)
    stations = zip(rates.tolist(), mean_services, servers, strict=True)
    return tuple(mmc(rate, service, people) for rate, service, people in stations)


@dataclass(frozen=True)
class Backlog:
    """How many are booked, seen just before each time at which slots begin: a Markov chain on 0 to `most`.

    `clinicians` people are called at once, or as many as are booked; of those, with k booked, `misses(k)` do not come,
    and a share `rebook` of them book again at once. Between two times a Poisson number with mean `demand` book. What
    would be more than `most` is refused.
    """

    demand: float
    misses: Callable[[int], float]
    rebook: float = 1.0
    clinicians: int = 1
    most: int = 400

    def __post_init__(self) -> None:
        for name, value in (("demand", self.demand), ("most", self.most), ("clinicians", self.clinicians)):
            if not 0 <= value < math.inf:
                raise BadInput(Fault(name, "must be 0 or more and finite", str(value)))
        if not 0 <= self.rebook <= 1 or not all(0 <= self.misses(k) <= 1 for k in range(1, self.most + 1)):
            raise BadInput(Fault("rebook, misses", "must be shares from 0 to 1"))

    @cached_property
    def transition(self) -> Floats:
        """Return the probabilities of going from one backlog to another, shape (most + 1, most + 1)."""
        booked = _poisson(self.demand, self.most)
        return np.array([self._step(k, booked) for k in range(self.most + 1)])

    def _step(self, k: int, booked: Floats) -> Floats:
        called = min(k, self.clinicians)
        left = np.ones(1)
        for turn in range(called):
            again = self.rebook * self.misses(k - turn)
            left = np.convolve(left, [1 - again, again])
        after = np.convolve(np.concatenate([np.zeros(k - called), left]), booked)
        row = after[: self.most + 1].copy()
        row[-1] += 1 - row.sum()
        return row

    @cached_property
    def stationary(self) -> Floats:
        """Return how likely each backlog is in the long run, shape (most + 1,)."""
        equations = self.transition.T - np.eye(self.most + 1)
        equations[-1] = 1.0
        return np.linalg.solve(equations, np.eye(self.most + 1)[-1])

    def after(self, times: int, start: int) -> Floats:
        """Return how likely each backlog is just before slots begin for the n-th time, if `start` are booked now.

        Now is just after slots have begun; `times` is 1 for the next time.
        """
        chances = np.zeros(self.most + 1)
        chances[start:] = _poisson(self.demand, self.most)[: self.most + 1 - start]
        chances[-1] += 1 - chances.sum()
        for _ in range(times - 1):
            chances = chances @ self.transition
        return chances

    def mean(self, chances: Floats | None = None) -> float:
        """Return the mean backlog just before slots begin; in the long run, or of the chances given."""
        return float((self.stationary if chances is None else chances) @ np.arange(self.most + 1))

    @property
    def called(self) -> float:
        """Return how many are called each time, on average in the long run."""
        return float(self.stationary @ np.minimum(np.arange(self.most + 1), self.clinicians))

    @property
    def missed_share(self) -> float:
        """Return the share of appointments that are missed in the long run."""
        missed = [sum(self.misses(k - n) for n in range(min(k, self.clinicians))) for k in range(self.most + 1)]
        return float(self.stationary @ np.array(missed)) / self.called

    @property
    def mean_over_time(self) -> float:
        """Return the mean backlog of all moments, those between two times at which slots begin included."""
        return self.mean() - self.called * (1 - self.rebook * self.missed_share) + self.demand / 2

    @property
    def mean_lead(self) -> float:
        """Return the mean time from booking to appointment, in times between slots, by Little's law."""
        return self.mean_over_time / self.called


def _poisson(mean: float, most: int) -> Floats:
    """Return how likely 0 to `most` arrivals are."""
    if mean == 0:
        return np.eye(1, most + 1).ravel()
    counts = np.arange(most + 1)
    logs = counts * math.log(mean) - mean - np.array([math.lgamma(n + 1) for n in counts])
    return np.asarray(np.exp(logs))


@dataclass(frozen=True)
class Balance:
    """A level at which as much flows in as out; `stable` if the system returns to it from near by."""

    level: float
    stable: bool


def balances(net: Callable[[float], float], low: float, high: float, steps: int = 10_000) -> tuple[Balance, ...]:
    """Return where a fluid system comes to rest between two levels: the ends included, if it is pressed against them.

    `net(level)` is what flows in less what flows out; a jump through 0 counts as a balance. Two stable balances mean
    that the past decides between them: hysteresis.
    """
    levels = np.linspace(low, high, steps + 1)
    rises = np.array([net(float(level)) > 0 for level in levels])
    found = [] if rises[0] else [Balance(low, True)]
    for at in np.flatnonzero(rises[:-1] != rises[1:]):
        found.append(Balance(float(levels[at : at + 2].mean()), bool(rises[at])))
    if rises[-1]:
        found.append(Balance(high, True))
    return tuple(found)
