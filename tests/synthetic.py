"""Synthetic simulators with a known answer: a curve, luck shared by all values, and luck of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pcqa_sim.study.methods.trials import Simulator, Trial


def simulator(curve: Callable[..., float], shared: float, apart: float, seed: int) -> Simulator:
    """Return a simulator whose result at a point is the curve there plus two normal errors of these sizes."""

    def simulate(trials: Sequence[Trial]) -> list[float]:
        found = []
        for point, replication in trials:
            common = np.random.default_rng([seed, replication]).normal()
            own = np.random.default_rng([seed, replication, *(int(1000 * x) + 7 for x in point)]).normal()
            found.append(curve(*point) + shared * common + apart * own)
        return found

    return simulate
