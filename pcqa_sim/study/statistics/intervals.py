"""Intervals over replications: Student's t, never over days, because the days of one run depend on each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from pcqa_sim.results.metrics.base import is_share_of_a_whole

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ConfidenceInterval:
    """A mean over replications with its 95 % confidence interval (NaN bounds for a single replication)."""

    mean: float
    low: float
    high: float
    replications: int

    def times(self, factor: float) -> ConfidenceInterval:
        """Return it in another unit."""
        return replace(self, mean=self.mean * factor, low=self.low * factor, high=self.high * factor)


def interval(values: Sequence[float], level: float = 0.95) -> ConfidenceInterval:
    """Return the mean and the Student t interval of independent replications; NaN for no value."""
    known = np.array([value for value in values if math.isfinite(value)])
    if not len(known):
        return ConfidenceInterval(math.nan, math.nan, math.nan, 0)
    mean = float(known.mean())
    if len(known) == 1:
        return ConfidenceInterval(mean, math.nan, math.nan, 1)
    half = _student(level, len(known) - 1) * float(known.std(ddof=1)) / math.sqrt(len(known))
    return ConfidenceInterval(mean, mean - half, mean + half, len(known))


def _student(level: float, freedom: int) -> float:
    """Return the two-sided Student t factor (scipy.special: scipy.stats takes most of a second to import)."""
    return float(special.stdtrit(freedom, (1 + level) / 2))


def within_reach(found: ConfidenceInterval, unit: str) -> ConfidenceInterval:
    """Return an interval of a metric cut to the values that it can have: none below 0, no share of a whole above 1.

    The truth is never in what is cut off, so the interval holds it exactly as often as Student's does.
    """
    if math.isnan(found.low):  # of one replication, or none
        return found
    top = 1.0 if is_share_of_a_whole(unit) else math.inf
    return ConfidenceInterval(found.mean, max(0.0, found.low), min(top, found.high), found.replications)


def summarise(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row a practice, period, group and metric: mean, low, high, replications, unit.

    Intervals are cut where no value can be (`within_reach`).
    """
    keys = ["scenario", "practice", "period", "group", "metric", "unit"]
    grouped = metrics.groupby(keys, sort=False)["value"].agg(["mean", "std", "count"]).reset_index()
    times = special.stdtrit(grouped["count"] - 1, 0.975)
    half = times * grouped["std"] / np.sqrt(grouped["count"])
    shares = [unit for unit in grouped["unit"].unique() if is_share_of_a_whole(unit)]
    top = np.where(grouped["unit"].isin(shares), 1.0, np.inf)
    grouped["low"] = np.maximum(grouped["mean"] - half, 0.0)
    grouped["high"] = np.minimum(grouped["mean"] + half, top)
    return grouped.rename(columns={"count": "replications"})[[*keys, "mean", "low", "high", "replications"]]
