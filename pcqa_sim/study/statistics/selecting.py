"""Choosing the best of several scenarios by as few runs as it takes: the fully sequential procedure of Kim and Nelson.

Kim SH, Nelson BL. A fully sequential procedure for indifference-zone selection in simulation. ACM Transactions on
Modeling and Computer Simulation 2001; 11(3): 251-273. It needs no independence between scenarios, and common random
numbers make it quicker: what counts are variances of paired differences. With the stated confidence the best is never
dropped, wherever it is better than every other by at least the smallest difference that counts (indifference zone).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KimNelson:
    """The procedure for so many `scenarios`, more being better.

    Variances are those of the `first` replications. `least` is the smallest difference that counts, `error` the chance
    that the best is dropped.
    """

    scenarios: int
    first: int
    least: float
    error: float = 0.05

    def still_in(self, values: Mapping[str, Sequence[float]], alive: Sequence[str]) -> list[str]:
        """Return which scenarios stay, of those still in: no other is ahead of them by more than chance allows.

        `values` has one value a replication, as many for each that is still in.
        """
        return [one for one in alive if not any(self._ahead(values[other], values[one]) for other in alive)]

    def _ahead(self, better: Sequence[float], worse: Sequence[float]) -> bool:
        """Tell whether one scenario's mean is further ahead of another's than the procedure allows for chance."""
        many = min(len(better), len(worse))
        one, other = (np.asarray(values[:many], dtype=np.float64) for values in (better, worse))
        if many < self.first or not (np.isfinite(one).all() and np.isfinite(other).all()):
            return False
        apart = one - other
        return float(apart.mean()) > self._allowed(float(apart[: self.first].var(ddof=1)), many)

    def _allowed(self, variance: float, many: int) -> float:
        """Return how far a mean may be ahead by chance, after so many replications: less and less, in the end nothing.

        The paper's W, with c = 1.
        """
        return max(0.0, self.least / (2 * many) * (self._h_squared * variance / self.least**2 - many))

    @property
    def _h_squared(self) -> float:
        eta = 0.5 * (math.pow(2 * self.error / max(1, self.scenarios - 1), -2 / (self.first - 1)) - 1)
        return 2 * eta * (self.first - 1)
