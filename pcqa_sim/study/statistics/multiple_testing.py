"""Judging several differences together: a p-value for each, and Holm's correction, so that many looks do not mislead.

Holm (1979): the smallest of m p-values is multiplied by m, the next by m - 1, and so on, and none may become smaller
than the one before. A difference with an adjusted value of at most 0.05 is clear although all m were looked at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

LEVEL = 0.05


def paired_p(apart: Sequence[float]) -> float:
    """Return the two-sided p-value of Student's t for differences whose mean is zero in truth.

    NaN for fewer than two differences. Differences that are all the same have no spread: then 1 where they are zero
    and 0 elsewhere.
    """
    known = np.array([value for value in apart if math.isfinite(value)])
    if len(known) < 2:
        return math.nan
    spread = float(known.std(ddof=1)) / math.sqrt(len(known))
    mean = float(known.mean())
    if spread == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * special.stdtr(len(known) - 1, -abs(mean) / spread))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values in the order given; NaN stays NaN and does not count as a look."""
    adjusted = [math.nan] * len(p_values)
    order = sorted((at for at, p in enumerate(p_values) if not math.isnan(p)), key=lambda at: p_values[at])
    least = 0.0
    for rank, at in enumerate(order):
        least = max(least, min(1.0, (len(order) - rank) * p_values[at]))
        adjusted[at] = least
    return adjusted
