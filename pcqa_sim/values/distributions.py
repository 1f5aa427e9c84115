"""Distributions: frozen values that turn a uniform into a number with `quantile(u)` and know their `mean`.

Drawing by quantile keeps a person's luck theirs: a longer mean talk time makes everybody's call longer and
reshuffles nobody. All are non-negative and carry the unit of their parameters (minutes inside the model).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import NormalDist
from typing import Final

import numpy as np

from pcqa_sim.values.form import mypyc_attr

_normal_quantile: Final = NormalDist().inv_cdf
_log_of_1_and: Final = math.log1p
_first_not_below: Final = bisect_left


def exponential(mean: float, u: float) -> float:
    """Return what an exponential of a mean has at a share `u`: for hot code, where no distribution is kept."""
    return -mean * _log_of_1_and(-u)


@mypyc_attr(allow_interpreted_subclasses=True)
class Distribution:
    """What every distribution offers."""

    __slots__ = ()

    @property
    def mean(self) -> float:
        """Return the expected value."""
        raise NotImplementedError

    def quantile(self, u: float) -> float:
        """Return the value that a share `u` (open 0 to 1) of draws stays below."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Deterministic(Distribution):
    """Always the same value."""

    value: float

    @property
    def mean(self) -> float:
        """Return the value."""
        return self.value

    def quantile(self, u: float) -> float:
        """Return the value, whatever `u`."""
        return self.value


@dataclass(frozen=True, slots=True, repr=False)
class Exponential(Distribution):
    """Exponential with a mean, its scale; an infinite mean never happens."""

    scale: float

    def __repr__(self) -> str:
        return f"Exponential(mean={self.scale!r})"

    @property
    def mean(self) -> float:
        """Return the scale."""
        return self.scale

    def quantile(self, u: float) -> float:
        """Return -mean log(1 - u)."""
        return exponential(self.scale, u)


@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """Uniform between two bounds."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """Return the middle."""
        return (self.low + self.high) / 2

    def quantile(self, u: float) -> float:
        """Return the point a share `u` of the way up."""
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class LogNormal(Distribution):
    """Log-normal by the mean `mu` and standard deviation `sigma` of the logarithm."""

    mu: float
    sigma: float

    @classmethod
    def from_median(cls, median: float, sigma: float) -> LogNormal:
        """Return the log-normal with this median."""
        return cls(math.log(median), sigma)

    @classmethod
    def from_mean(cls, mean: float, cv: float) -> LogNormal:
        """Return the log-normal with this mean and coefficient of variation."""
        sigma_squared = math.log1p(cv * cv)
        return cls(math.log(mean) - sigma_squared / 2, math.sqrt(sigma_squared))

    @classmethod
    def from_bands(cls, edges: Sequence[float], counts: Sequence[float]) -> LogNormal:
        """Return the log-normal of greatest likelihood for counts in bands.

        `edges` are the inner edges, ascending and positive; `counts` has one more entry than `edges`: the first
        band starts at 0, the last is open. Raises ValueError when fewer than two bands hold anything.
        """
        if len(counts) != len(edges) + 1 or sum(1 for count in counts if count > 0) < 2:
            raise ValueError("a log-normal needs one more band than edges and counts in at least two bands")
        from scipy import optimize  # a slow import that runs do not need

        logs, weights = np.log(np.asarray(edges)), np.asarray(counts, dtype=float)

        def misfit(parameters: np.ndarray) -> float:
            mu, log_sigma = parameters
            distribution = NormalDist(mu, math.exp(log_sigma))
            below = np.array([0.0, *(distribution.cdf(x) for x in logs), 1.0])
            return -float(weights @ np.log(np.maximum(np.diff(below), 1e-300)))

        start = np.array([float(np.median(logs)), 0.0])
        mu, log_sigma = optimize.minimize(misfit, start, method="Nelder-Mead").x
        return cls(float(mu), math.exp(float(log_sigma)))

    @property
    def mean(self) -> float:
        """Return exp(mu + sigma^2 / 2)."""
        return math.exp(self.mu + self.sigma**2 / 2)

    def quantile(self, u: float) -> float:
        """Return exp(mu + sigma z(u))."""
        return math.exp(self.mu + self.sigma * _normal_quantile(u))


@dataclass(frozen=True, slots=True)
class Mixture(Distribution):
    """A share `weight` follows `first`, the rest `second`; one uniform decides both which and how much."""

    weight: float
    first: Distribution
    second: Distribution

    @property
    def mean(self) -> float:
        """Return the weighted mean of the two (a weight of zero ignores that part)."""
        parts = ((self.weight, self.first), (1 - self.weight, self.second))
        return sum(weight * part.mean for weight, part in parts if weight > 0)

    def quantile(self, u: float) -> float:
        """Return the value of the part that `u` falls into (monotone only within each part)."""
        if u < self.weight:
            return self.first.quantile(u / self.weight)
        rest = (u - self.weight) / (1 - self.weight)
        return self.second.quantile(min(max(rest, 1e-16), 1 - 1e-16))


@dataclass(frozen=True, slots=True)
class Choice:
    """A discrete choice among options, in fixed order; shares are scaled to sum to 1."""

    options: tuple[str, ...]
    shares: tuple[float, ...]
    _cumulative: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.options) != len(self.shares) or not sum(self.shares) > 0 or min(self.shares) < 0:
            raise ValueError("a choice needs one share, not negative, for each option, and not all of them zero")
        total = sum(self.shares)
        cumulative = list(accumulate(s / total for s in self.shares))
        last = max(index for index, share in enumerate(self.shares) if share > 0)
        cumulative[last:] = [1.0] * (len(cumulative) - last)
        object.__setattr__(self, "_cumulative", tuple(cumulative))

    def pick(self, u: float) -> str:
        """Return the option at a share `u` (open 0 to 1); one whose share is zero is never picked."""
        return self.options[_first_not_below(self._cumulative, u)]
