"""Had the run settled? MSER-5 on the warm-up, drift of the measured weeks, and overload without a steady state.

A batch of MSER-5 is five observations; here a working week of five days is a batch, so that weekly values are the
batch means. Weeks that touch a bank holiday are left out of all of it: they differ for a reason that is no drift.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import BACKLOGS, Entry
from pcqa_sim.scenario import NETWORK, Scenario
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.statistics.intervals import interval

WATCHED = (
    "failure_share", "told_another_day_share", "answered_within_2_min_share", "contacts_per_need",
    "lead_time_days", "answered_wait_min",
)  # fmt: skip
"""The metrics that are looked at as a whole, where a run has them: queues, diaries, what people have learned.

Besides, every backlog is watched (`metrics.themes.BACKLOGS`), in the groups named there: a pile that grows out of sight
of these is what makes a study depend on how long its runs are.
"""

LEAST_WEEKS, LEAST_REPLICATIONS = 6, 3
DRIFT_SHARE, OVERLOAD_SHARE = 0.10, 0.50
"""Changes over the measured weeks that count, as shares of the mean; assumption: a practice would notice them."""


def mser(values: Sequence[float]) -> int:
    """Return how many of the first values to leave out so that the mean of the rest is most certain (MSER).

    That is the smallest d, at most half of the values, that minimises the sum of squares of the rest about their mean
    by the square of their number (White 1997). An answer of half the values means that they never settled.
    """
    y = np.asarray(values, dtype=np.float64)
    best, at = math.inf, 0
    for d in range(len(y) // 2 + 1):
        rest = y[d:]
        score = float(((rest - rest.mean()) ** 2).sum()) / len(rest) ** 2 if len(rest) else math.inf
        if score < best:
            best, at = score, d
    return at


@dataclass(frozen=True)
class Drift:
    """One metric of one practice, or a group of it, that goes on changing through the measured weeks.

    `start` and `end` are where the fitted line begins and ends; `overload` is true where it grows worse as fast in the
    second half as in the first, by much: then no steady state is near.
    """

    practice: str
    metric: str
    start: float
    end: float
    overload: bool
    group: str = ""


@dataclass(frozen=True)
class Settling:
    """What the checks found. `suggested` weeks of warm-up by MSER-5 are of `metric`, the slowest to settle.

    `matters` tells whether the weeks that MSER-5 leaves out beyond the warm-up differ from the rest by more than luck.
    `suggested` is None, and `drifts` is empty, where the run is too short to tell.
    """

    warm_up_weeks: int
    suggested: int | None
    metric: str
    matters: bool
    drifts: tuple[Drift, ...]
    too_short: bool

    def settled(self, practice: str) -> bool | None:
        """Tell whether a practice had settled; None where the run is too short to tell."""
        return None if self.too_short else not self.of(practice)

    def of(self, practice: str) -> tuple[Drift, ...]:
        """Return what goes on changing in a practice, or in any of a network's."""
        return tuple(drift for drift in self.drifts if practice in (drift.practice, NETWORK))


def settling(study: Study) -> Settling:
    """Return what the checks find in a study's weeks."""
    return settling_of(study.scenario, [unit.metrics for unit in study.units])


def settling_of(scenario: Scenario, runs: Sequence[pd.DataFrame]) -> Settling:
    """Return what the checks find in the weeks of a scenario's runs, of which each has its tidy metrics."""
    warm_up = scenario.run.warm_up_weeks
    every = pd.concat([watched(metrics) for metrics in runs], ignore_index=True)
    drifts: list[Drift] = []
    suggestions: list[tuple[bool, int, str]] = []
    whole = _weekly(scenario, every, [Entry(metric, "") for metric in WATCHED])
    for (key, metric, _), table in whole.items():
        if len(table.columns) >= 2 * LEAST_WEEKS:
            weeks = _suggested(table)
            suggestions.append((_matters(table, warm_up, weeks, len(whole)), weeks, metric))
        found = _drift((key, metric, ""), _from_week(table, warm_up), len(whole))
        drifts += [] if found is None else [found]
    drifts += _piles(scenario, every)
    matters, slowest, name = max(suggestions, default=(False, None, ""))
    short = len([week for week in ordinary_weeks(scenario) if week >= warm_up]) < LEAST_WEEKS
    return Settling(warm_up, slowest, name, matters, tuple(drifts), short or len(runs) < LEAST_REPLICATIONS)


def ordinary_weeks(scenario: Scenario) -> list[int]:
    """Return the weeks of a run without a bank holiday in them or in the week before."""
    calendar = scenario.calendar.working()
    touched = {day // 7 for day in range(scenario.weeks * 7) if calendar.is_bank_holiday(day)}
    return [week for week in range(scenario.weeks) if not {week, week - 1} & touched]


def _piles(scenario: Scenario, every: pd.DataFrame) -> list[Drift]:
    """Return the backlogs that grow or shrink by more than luck, and by enough to be noticed."""
    weekly = _weekly(scenario, every, [Entry(pile.metric, pile.words, pile.groups) for pile in BACKLOGS])
    least = {pile.metric: pile.least for pile in BACKLOGS}
    found = []
    for name, table in weekly.items():
        drift = _drift(name, _from_week(table, scenario.run.warm_up_weeks), len(weekly))
        if drift is not None and abs(drift.end - drift.start) >= least[drift.metric]:
            found.append(drift)
    return found


Watched = tuple[str, str, str]
"""A practice, a metric and a group of it."""


def watched(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a run's metrics that the checks need."""
    names = {*WATCHED, *(pile.metric for pile in BACKLOGS)}
    return metrics[metrics["metric"].isin(names) & metrics["period"].str.startswith("w")]


def _weekly(scenario: Scenario, every: pd.DataFrame, entries: Sequence[Entry]) -> dict[Watched, pd.DataFrame]:
    """Return, by practice, metric and group, a table with a row a replication and a column an ordinary week."""
    ordinary = ordinary_weeks(scenario)
    known = every.groupby("metric")["group"].unique()
    wanted = [(entry.metric, group) for entry in entries for group in entry.of(known.get(entry.metric, ()))]
    every = every.assign(week=every["period"].str[1:].astype(int))
    every = every[every["practice"] != NETWORK]  # each of its practices is looked at
    every = every[every["week"].isin(ordinary) & every.set_index(["metric", "group"]).index.isin(wanted)]
    found = {}
    for (key, metric, group), mine in every.groupby(["practice", "metric", "group"], sort=False):
        table = mine.pivot(index="replication", columns="week", values="value").dropna(axis=1)
        found[str(key), str(metric), str(group)] = table
    return found


def _suggested(table: pd.DataFrame) -> int:
    """Return the first week that MSER-5 keeps, of the mean over replications."""
    weeks = list(table.columns)
    return int(weeks[mser(table.mean().tolist())])


def _from_week(table: pd.DataFrame, week: int) -> pd.DataFrame:
    return table[[column for column in table.columns if int(str(column)) >= week]]


def _matters(table: pd.DataFrame, warm_up: int, suggested: int, tests: int) -> bool:
    """Tell whether the weeks between the warm-up and what MSER-5 suggests differ from the rest by more than luck."""
    rest = _from_week(table, suggested)
    between = _from_week(table, warm_up).drop(columns=rest.columns, errors="ignore")
    if suggested <= warm_up or between.empty or len(table) < LEAST_REPLICATIONS:
        return False
    apart = (between.mean(axis=1) - rest.mean(axis=1)).tolist()
    found = interval(apart, level=1 - 0.05 / tests)
    clear = found.low > 0 or found.high < 0
    return clear and abs(found.mean) >= DRIFT_SHARE * abs(float(rest.to_numpy().mean()))


def _drift(of: Watched, table: pd.DataFrame, tests: int) -> Drift | None:
    """Return the drift of a metric, None where a straight line through its weeks may be level or changes little.

    Each replication has its own line; the interval of the slope is over replications, at a level that allows for the
    number of metrics tested.
    """
    if len(table.columns) < LEAST_WEEKS or len(table) < LEAST_REPLICATIONS:
        return None
    key, metric, group = of
    weeks = np.asarray(table.columns, dtype=np.float64)
    span = float(weeks[-1] - weeks[0])
    slopes = _slopes(weeks, table.to_numpy(dtype=np.float64))
    found = interval(slopes.tolist(), level=1 - 0.05 / tests)
    mean = float(table.to_numpy().mean())
    change = found.mean * span
    if not (found.low > 0 or found.high < 0) or abs(change) < DRIFT_SHARE * abs(mean):
        return None
    half = len(weeks) // 2
    late = float(_slopes(weeks[half:], table.to_numpy(dtype=np.float64)[:, half:]).mean())
    worse = (METRICS[metric].better == "less") == (change > 0) if METRICS[metric].better != "neither" else change > 0
    grows = worse and abs(change) >= OVERLOAD_SHARE * abs(mean) and late / found.mean >= 0.5
    return Drift(key, metric, mean - change / 2, mean + change / 2, grows, group)


def _slopes(weeks: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the slope of the straight line through each row, by week."""
    centred = weeks - weeks.mean()
    slopes: NDArray[np.float64] = (rows * centred).sum(axis=1) / (centred**2).sum()
    return slopes
