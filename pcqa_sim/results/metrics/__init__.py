"""Metrics: one decorated function each; `measure` turns a run's tables into tidy rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pcqa_sim.results.metrics import appointments, bands, failure, people, phone, resources, waits, workforce
from pcqa_sim.results.metrics.base import METRICS, Counted, Daily, Ratio, ratios, unknown_metric
from pcqa_sim.scenario import Scenario

COLUMNS = ("practice", "period", "group", "metric", "value", "unit")


def measure(counted: Iterable[Counted], days: bool = True) -> pd.DataFrame:
    """Return tidy metrics of one run's practices: practice, period, group, metric, value, unit.

    A week's and a day's value do not change when the run goes on (`all` has more weeks then).

    Periods are `all` (the measured weeks), `w05` (a week of the run, warm-up weeks included) and, if `days`,
    `d023`. Values that are not defined in a period (nothing to divide by) are left out.
    """
    parts: dict[str, list[np.ndarray]] = {name: [] for name in COLUMNS}
    for practice in counted:
        sums = Sums(practice.scenario, days)
        for metric, group, ratio in ratios(practice):
            value = sums.over(ratio)
            defined = np.flatnonzero(np.isfinite(value))
            parts["value"].append(value[defined])
            parts["period"].append(sums.periods[defined])
            for name, word in (
                ("practice", practice.key),
                ("group", group),
                ("metric", metric.name),
                ("unit", metric.unit),
            ):
                parts[name].append(np.full(len(defined), word, dtype=object))
    if not parts["value"]:
        return pd.DataFrame({name: [] for name in COLUMNS})
    return pd.DataFrame({name: np.concatenate(columns) for name, columns in parts.items()})


def value(counted: Counted, name: str, group: str = "") -> float:
    """Return one metric of the measured weeks of one practice, NaN where it is not defined; no other is measured.

    Raises KeyError for a metric, or a group of one, that there is none of.
    """
    measured = METRICS[name].measure(counted)
    ratio = {"": measured}[group] if isinstance(measured, Ratio) else measured[group]
    return float(Sums(counted.scenario, days=False).over(ratio)[0])


class Sums:
    """Sums of daily counts over a run's periods: the measured weeks, every week, and the measured days if wanted."""

    def __init__(self, scenario: Scenario, days: bool) -> None:
        self._first, self._weeks, self._days = scenario.run.warm_up_weeks * 7, scenario.weeks, days
        names = ["all", *(f"w{week:02d}" for week in range(self._weeks))]
        if days:
            names += [f"d{day:03d}" for day in range(self._first, self._weeks * 7)]
        self.periods = np.array(names, dtype=object)

    def over(self, ratio: Ratio) -> Daily:
        """Return a ratio's value in each period, in the order of `periods`; NaN where there is nothing to divide by."""
        above, below = self._of(ratio.numerator), self._of(ratio.denominator)
        value: Daily = np.divide(above, below, out=np.full(len(above), np.nan), where=below != 0)
        if ratio.whole:
            value[1:] = np.nan
        return value

    def _of(self, daily: Daily) -> Daily:
        weeks = daily[: self._weeks * 7].reshape(self._weeks, 7).sum(axis=1)
        parts = [np.array([daily[self._first : self._weeks * 7].sum()]), weeks]
        return np.concatenate([*parts, daily[self._first : self._weeks * 7]] if self._days else parts)


__all__ = [
    "METRICS",
    "Counted",
    "Ratio",
    "appointments",
    "bands",
    "failure",
    "measure",
    "people",
    "phone",
    "resources",
    "unknown_metric",
    "value",
    "waits",
    "workforce",
]
