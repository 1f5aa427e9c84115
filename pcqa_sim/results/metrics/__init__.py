"""Metrics: one decorated function each; `measure` turns a run's tables into tidy rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pcqa_sim.results.metrics import (
    appointments,
    bands,
    before_after,
    capacity,
    care_homes,
    circle,
    community,
    costs,
    episodes,
    failure,
    hours,
    made,
    mdt,
    mornings,
    often,
    people,
    phone,
    reception,
    resources,
    safety,
    shared,
    waits,
    workforce,
)
from pcqa_sim.results.metrics.base import METRICS, ratios, unknown_metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.results.metrics.network import Measures, together
from pcqa_sim.scenario import NETWORK, Scenario
from pcqa_sim.values.arrow import numbers, texts

Periods = Literal["all", "weeks", "days"]
_SCHEMA = [
    (name, pa.float64() if name == "value" else pa.large_string())
    for name in ("practice", "period", "group", "metric", "value", "unit")
]


def measure(counted: Iterable[Counted], periods: Periods = "days") -> pa.Table:
    """Return tidy metrics of one run's practices: practice, period, group, metric, value, unit.

    Of several practices, those of all together follow under the name `network` (see `metrics.network`). A week's and a
    day's value do not change when the run goes on (`all` has more weeks then).

    Periods are `all` (the measured weeks), `w05` (a week of the run, warm-up weeks included) if weeks or days are asked
    for, and `d023` if days are. Values that are not defined in a period (nothing to divide by) are left out.
    """
    scenario, found = None, dict[str, Measures]()
    for mine in counted:
        scenario, found[mine.key] = (
            mine.scenario,
            {(one.name, group): (one, ratio) for one, group, ratio in ratios(mine)},
        )
    if scenario is None:
        return pa.schema(_SCHEMA).empty_table()
    if len(found) > 1:
        found[NETWORK] = together(list(found.values()))
    sums = Sums(scenario, periods)
    return pa.concat_tables([_measured(key, measures, sums) for key, measures in found.items()])


def _measured(key: str, measures: Measures, sums: Sums) -> pa.Table:
    """Return the metrics of one practice, or of the network."""
    found = [(one, group, ratio) for (_, group), (one, ratio) in measures.items()]
    values = sums.over([ratio for _, _, ratio in found])
    row, period = np.nonzero(np.isfinite(values))
    names = {
        "practice": _repeated([key], np.zeros_like(row)),
        "period": _repeated(sums.periods, period),
        "group": _repeated([group for _, group, _ in found], row),
        "metric": _repeated([one.name for one, _, _ in found], row),
        "value": numbers(values[row, period]),
        "unit": _repeated([one.unit for one, _, _ in found], row),
    }
    return pa.table(names, schema=pa.schema(_SCHEMA))


def _repeated(words: Sequence[str], at: NDArray[np.int64]) -> pa.Array:
    """Return a column of words, each given by its place among some."""
    return texts(words, large=True).take(numbers(at))


def value(counted: Counted, name: str, group: str = "") -> float:
    """Return one metric of the measured weeks of one practice, NaN where it is not defined; no other is measured.

    Raises KeyError for a metric, or a group of one, that there is none of.
    """
    measured = METRICS[name].measure(counted)
    ratio = {"": measured}[group] if isinstance(measured, Ratio) else measured[group]
    return float(Sums(counted.scenario, "all").over([ratio])[0, 0])


class Sums:
    """Sums of daily counts over a run's periods: the measured weeks, every week, and the measured days if wanted."""

    def __init__(self, scenario: Scenario, periods: Periods) -> None:
        self._first, self._weeks, self._wanted = scenario.run.warm_up_weeks * 7, scenario.weeks, periods
        self.periods = ["all"]
        if periods != "all":
            self.periods += [f"w{week:02d}" for week in range(self._weeks)]
        if periods == "days":
            self.periods += [f"d{day:03d}" for day in range(self._first, self._weeks * 7)]

    def over(self, ratios: Sequence[Ratio]) -> NDArray[np.float64]:
        """Return ratios' values, a row each, by period in the order of `periods`; NaN where nothing is to divide by."""
        above, below = self._of([one.numerator for one in ratios]), self._of([one.denominator for one in ratios])
        value: NDArray[np.float64] = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
        value[[one.whole for one in ratios], 1:] = np.nan
        return value

    def _of(self, daily: Sequence[Daily]) -> NDArray[np.float64]:
        days = np.stack(daily)[:, : self._weeks * 7]
        parts = [days[:, self._first :].sum(axis=1, keepdims=True)]
        if self._wanted != "all":
            parts.append(days.reshape(len(daily), self._weeks, 7).sum(axis=2))
        return np.concatenate([*parts, days[:, self._first :]] if self._wanted == "days" else parts, axis=1)


__all__ = [
    "METRICS",
    "Counted",
    "Periods",
    "Ratio",
    "appointments",
    "bands",
    "before_after",
    "capacity",
    "care_homes",
    "circle",
    "community",
    "costs",
    "episodes",
    "failure",
    "hours",
    "made",
    "mdt",
    "measure",
    "mornings",
    "often",
    "people",
    "phone",
    "reception",
    "resources",
    "safety",
    "shared",
    "unknown_metric",
    "value",
    "waits",
    "workforce",
]
