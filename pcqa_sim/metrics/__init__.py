"""Metrics: one decorated function each; `measure` turns a run's tables into tidy rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from pcqa_sim.metrics import appointments, bands, failure, people, phone, workforce
from pcqa_sim.metrics.base import METRICS, Counted, Metric, Ratio, ratios
from pcqa_sim.scenario import Scenario

COLUMNS = ("practice", "period", "group", "metric", "value", "unit")


def measure(counted: Iterable[Counted], days: bool = True) -> pd.DataFrame:
    """Return tidy metrics of one run's practices: practice, period, group, metric, value, unit.

    Periods are `all` (the measured weeks), `w05` (a week of the run, warm-up weeks included) and, if `days`,
    `d023`. Values that are not defined in a period (nothing to divide by) are left out.
    """
    rows = []
    for mine in counted:
        periods = dict(_periods(mine.scenario, days))
        for one, group, ratio in ratios(mine):
            for period, when in periods.items():
                rows.append((mine.key, period, group, one.name, ratio.over(when), one.unit))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return pd.DataFrame(frame[np.isfinite(frame["value"])]).reset_index(drop=True)


def _periods(scenario: Scenario, days: bool) -> Iterator[tuple[str, slice]]:
    """Yield the periods as slices of days."""
    warm_up, weeks = scenario.run.warm_up_weeks, scenario.weeks
    yield "all", slice(warm_up * 7, weeks * 7)
    for week in range(weeks):
        yield f"w{week:02d}", slice(week * 7, week * 7 + 7)
    if days:
        for day in range(warm_up * 7, weeks * 7):
            yield f"d{day:03d}", slice(day, day + 1)


__all__ = [
    "METRICS",
    "Counted",
    "Metric",
    "Ratio",
    "appointments",
    "bands",
    "failure",
    "measure",
    "people",
    "phone",
    "ratios",
    "workforce",
]
