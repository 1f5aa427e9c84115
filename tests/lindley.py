"""One server, caller by caller: what the theory of several servers, and a clinician's sessions, are held against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def lindley(interarrivals: npt.ArrayLike, services: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return each caller's wait for a single server who takes them in turn (Lindley 1952).

    `interarrivals[i]` is the time from arrival i-1 to arrival i, so entry 0 does not matter.
    """
    gaps, works = np.asarray(interarrivals, dtype=float), np.asarray(services, dtype=float)
    waits = np.zeros(gaps.size)
    for i in range(1, gaps.size):
        waits[i] = max(0.0, waits[i - 1] + works[i - 1] - gaps[i])
    return waits
