"""What luck does to targets: by how much months of one practice differ, and how targets differ together.

A full list of people has more calls, more of them missed and more people told to call another day: targets that luck
moves together are not several witnesses. So their covariance is taken from replications at one place, with luck of
their own, and not from the points of a fit, which all have the same luck.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.calibration.statistics import wider

Grid = NDArray[np.float64]


def covariance(seen: Grid, shared: int) -> Grid:
    """Return the covariance of the difference between a practice's month and the mean of `shared` replications.

    `seen` is replications at one place, a row each, a column a target. Few of them are allowed for by Student's t; what
    correlations they show is shrunk by how unsure it is. A target that some have no value of is taken as moved by
    itself.
    """
    many = len(seen)
    spread = np.zeros(seen.shape[1])
    for column in range(seen.shape[1]):
        good = seen[np.isfinite(seen[:, column]), column]
        spread[column] = good.std(ddof=1) if len(good) > 1 else 0.0
    moved = np.isfinite(seen).all(axis=0) & (spread > 0)
    together = np.eye(seen.shape[1])
    together[np.ix_(moved, moved)] = correlations(seen[:, moved])
    return together * np.outer(spread, spread) * wider(many) ** 2 * (1 + 1 / shared)


def correlations(seen: Grid) -> Grid:
    """Return correlations of columns, those between them shrunk towards 0 by how unsure they are (asymptotically).

    As Schäfer & Strimmer (2005) do, with the variance of a correlation coefficient, (1 - r^2)^2 / (n - 1).
    """
    scaled = (seen - seen.mean(axis=0)) / seen.std(axis=0, ddof=1)
    found = np.asarray(scaled.T @ scaled / (len(seen) - 1))
    between = found[~np.eye(len(found), dtype=bool)]
    size = float((between**2).sum())
    unsure = float(((1 - between**2) ** 2).sum()) / (len(seen) - 1)
    shrunk = min(unsure / size, 1.0) if size > 0 else 1.0
    return np.where(np.eye(len(found), dtype=bool), 1.0, found * (1 - shrunk))
