"""A trial on one practice's own chart: when would it show a change, and how often does it signal without one?

A practice has one past and one future. So the change comes in the middle of a run, the weeks before give the limits of
an XmR chart, and the weeks after are watched until it signals. Over many runs that says after how many weeks. The same
practice left alone, by other luck, says how often the chart signals falsely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.interventions.aims import aims
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.tree import Phase
from pcqa_sim.study.methods.replicate import Do, Job
from pcqa_sim.study.statistics.criterion import Target, Yardstick, read_yardstick
from pcqa_sim.study.statistics.promise import Kept, kept
from pcqa_sim.study.statistics.xmr import first_signal
from pcqa_sim.values.faults import BadInput, Fault

LEAST_BEFORE, LEAST_AFTER = 12, 4
"""Making Data Count asks for at least twelve points before limits are drawn; four weeks can hold a signal or two."""

USUAL = ("missed_share", "failure_share", "told_another_day_share", "lead_time_days", "usual_gp_share")
"""What is charted beside the aims of a change, where nothing is chosen."""
MOST_AIMS = 3


@dataclass(frozen=True)
class Charted:
    """One measure: its weeks on each practice with the change and on each without, and when each chart signals.

    `up` tells whether the change moves it up; signals count to that side. `shown` and `false` have a number of weeks
    for each practice, None where its chart never signals.
    """

    yardstick: Yardstick
    changed: tuple[tuple[float, ...], ...]
    alone: tuple[tuple[float, ...], ...]
    before: float
    after: float
    without: float
    shown: tuple[int | None, ...]
    false: tuple[int | None, ...]

    @property
    def up(self) -> bool:
        """Tell whether the change moves it up."""
        return self.after > self.without

    @property
    def middle(self) -> int:
        """Return which practice's chart signals when half of them have."""
        order = sorted(range(len(self.shown)), key=lambda one: (math.inf if (w := self.shown[one]) is None else w, one))
        return order[(len(order) - 1) // 2]


@dataclass(frozen=True)
class Trial:
    """What was tried: the scenario as it is and with the change, weeks before and after, and what the charts show.

    `any_false` has for each practice left alone after how many weeks the first of its charts signals, to either side.
    `promised` has each promise before the change, after it, and in the same weeks without it.
    """

    base: Scenario
    other: Scenario
    before: int
    after: int
    charts: tuple[Charted, ...]
    any_false: tuple[int | None, ...]
    promised: tuple[tuple[Kept, Kept, Kept], ...]
    metrics: pd.DataFrame

    @property
    def practices(self) -> int:
        """Return how many practices had the change; as many were left alone."""
        return len(self.any_false)


def usual_measures(base: Scenario, changed: Scenario, practice: str, most: int) -> list[Yardstick]:
    """Return what a change is for, then what is usually charted, so many measures in all."""
    names = list(dict.fromkeys([*aims(base, changed, INTERVENTIONS)[:MOST_AIMS], *USUAL]))
    return [read_yardstick(name, practice, "--measures") for name in names[:most]]


def with_change(base: Scenario, changed: Scenario, week: int) -> Scenario:
    """Return the base with the settings of another from a week of the run on; raise BadInput where it cannot be."""
    if changed.phases != base.phases or any(phase.from_week >= week for phase in base.phases):
        raise BadInput(Fault("--with", "leave from_week out: the trial says when the change comes (--before)"))
    later = Phase(from_week=week, practices=dict(changed.practices))
    return base.replaced(phases=(*base.phases, later), interventions=changed.interventions)


def trialled(
    do: Do, base: Scenario, other: Scenario, before: int, yardsticks: Sequence[Yardstick], promises: Sequence[Target],
    replications: int,
) -> Trial:  # fmt: skip
    """Have the change tried on so many practices and as many left alone, by other luck, and return what charts show."""
    seed = base.run.seed
    jobs = [Job(other, seed, number) for number in range(replications)]
    jobs += [Job(base, seed, number) for number in range(replications, 2 * replications)]
    found = do(jobs)
    with_it, alone = ([one.metrics for one in part] for part in (found[:replications], found[replications:]))
    first, after = base.run.warm_up_weeks, base.run.measured_weeks - before
    charts = tuple(_charted(one, with_it, alone, first, before) for one in yardsticks)
    days = {"before": range(first * 7, (first + before) * 7), "after": range((first + before) * 7, base.weeks * 7)}
    both = [pd.concat(frames, ignore_index=True) for frames in (with_it, alone)]
    promised = tuple(
        (kept(one, both[0], days["before"]), kept(one, both[0], days["after"]), kept(one, both[1], days["after"]))
        for one in promises
    )
    metrics = pd.concat(both, ignore_index=True)
    return Trial(base, other, before, after, charts, _any_false(charts, before, replications), promised, metrics)


def _charted(
    one: Yardstick, with_it: Sequence[pd.DataFrame], alone: Sequence[pd.DataFrame], first: int, before: int
) -> Charted:
    changed, left = (tuple(weeks_of(frame, one, first) for frame in frames) for frames in (with_it, alone))
    with_before, with_after = _mean(changed, slice(0, before)), _mean(changed, slice(before, None))
    without = _mean(left, slice(before, None))
    shown, false = (
        tuple(first_signal(values, before, with_after > without) for values in side) for side in (changed, left)
    )
    return Charted(one, changed, left, with_before, with_after, without, shown, false)


def weeks_of(metrics: pd.DataFrame, one: Yardstick, first: int) -> tuple[float, ...]:
    """Return a metric by measured week, NaN where a week has none; `first` is the first measured week of the run."""
    mine = metrics[(metrics["metric"] == one.metric) & (metrics["practice"] == one.practice)]
    mine = mine[(mine["group"] == one.group) & mine["period"].str.startswith("w")]
    by_week = dict(zip(mine["period"].str[1:].astype(int), mine["value"], strict=True))
    weeks = metrics.loc[metrics["period"].str.startswith("w"), "period"].str[1:].astype(int)
    return tuple(float(by_week.get(week, math.nan)) for week in range(first, int(weeks.max()) + 1))


def _mean(series: Sequence[Sequence[float]], which: slice) -> float:
    known = [value for values in series for value in values[which] if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def _any_false(charts: Sequence[Charted], before: int, replications: int) -> tuple[int | None, ...]:
    """Return for each practice left alone when the first of its charts signals, to whichever side."""
    found = []
    for number in range(replications):
        weeks = [first_signal(one.alone[number], before) for one in charts]
        found.append(min((one for one in weeks if one is not None), default=None))
    return tuple(found)


def spread(weeks: Sequence[int | None]) -> tuple[float, float, float]:
    """Return the median of weeks and what 8 in 10 lie between; infinite where so many never signal."""
    known = np.sort([math.inf if one is None else float(one) for one in weeks])
    middle, low, high = (float(np.quantile(known, at, method="inverted_cdf")) for at in (0.5, 0.1, 0.9))
    return middle, low, high
