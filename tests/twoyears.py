"""Needs of two years of a run, to see whether they drift."""

from __future__ import annotations

import numpy as np

from pcqa_sim.results.run import Run
from pcqa_sim.values.clock import WEEK


def needs_of_years(run: Run, after: int) -> tuple[int, int]:
    """Return the needs people bring that arise in each of two years of 52 weeks, after so many weeks."""
    needs = run.needs
    arose = needs.loc[needs["origin"].astype(str) != "practice", "arose"].to_numpy()
    first, second, _ = (after + 52 * year for year in range(3))
    counts = np.histogram(arose, bins=np.array([first, second, second + 52]) * WEEK)[0]
    return int(counts[0]), int(counts[1])
