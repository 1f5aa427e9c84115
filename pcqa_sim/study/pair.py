"""Paired comparison: scenarios run with the same people and the same luck, and what differs between them.

Differences are taken replication by replication: what both scenarios share drops out before anything is averaged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.base import Better
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.intervals import ConfidenceInterval, interval
from pcqa_sim.study.multiple_testing import LEVEL, holm, paired_p
from pcqa_sim.study.replicate import Job, Study, work
from pcqa_sim.values.faults import BadInput, Fault

REPLICATIONS = 10
BETTER, WORSE, CHANGED, UNCLEAR = "better", "worse", "changed", "no clear difference"
COLUMNS = (
    "other", "practice", "group", "metric", "unit", "base", "other_mean", "difference", "low", "high",
    "replications", "variance_ratio", "variance_reduction", "p", "p_holm", "better", "verdict",
)  # fmt: skip

PRIMARY = {
    "failure_contacts_per_working_day": "failure contacts a working day",
    "told_another_day_per_working_day": "people a working day told to ring another day",
    "requests_heard_share": "requests that somebody hears",
    "attempts_answered_share": "attempts to ring that are answered",
    "missed_share": "calls that are missed",
    "answered_within_2_min_share": "answered calls that wait at most 2 minutes",
    "share_0800_0830": "calls between 08:00 and 08:30",
    "consulting_share": "clinicians' session time with patients",
    "call_handler_talk_share": "call handlers' time spent talking",
    "contacts_per_need": "contacts for one need",
}
"""The metrics a comparison is judged by, the most important first, in a practice's words."""


@dataclass(frozen=True)
class Comparison:
    """A base and the scenarios compared with it, by name, all run with the same luck."""

    base: Study
    others: dict[str, Study]

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Return one row for each other scenario, practice, group and metric over the measured weeks.

        `base` and `other_mean` are means, `difference` is other less base with its 95 % Student t interval `low` to
        `high`, all over the `replications` in which both values are defined. `variance_ratio` is the variance of
        the paired differences by that of differences between independent runs: small where pairing helped;
        `variance_reduction` is its inverse, how many times as many independent runs would be as sure. `p` is
        Student's for no difference; `p_holm`, for the primary metrics, corrects for there being several, and decides
        their `verdict`.
        """
        frames = [_differences(self.base, other).assign(other=name) for name, other in self.others.items()]
        return pd.concat(frames, ignore_index=True)[list(COLUMNS)]

    @property
    def distinct(self) -> list[Study]:
        """Return base and others, each scenario once."""
        return list({study.scenario.hash(): study for study in (self.base, *self.others.values())}.values())

    def primary(self, other: str, practice: str) -> pd.DataFrame:
        """Return the differences in the primary metrics, the most important first, with their `words`."""
        every = self.differences
        mine = every[(every["other"] == other) & (every["practice"] == practice) & (every["group"] == "")]
        known = mine.set_index("metric", drop=False)
        rows = known.loc[[name for name in PRIMARY if name in known.index]].reset_index(drop=True)
        return rows.assign(words=rows["metric"].map(PRIMARY))


def compare(
    base: Scenario,
    others: Mapping[str, Scenario],
    replications: int = REPLICATIONS,
    seed: int | None = None,
    *,
    workers: int | None = None,
    done: Callable[[int], None] | None = None,
    why: bool = False,
) -> Comparison:
    """Run a base and other scenarios with the same luck and return what differs.

    `seed` defaults to the base's own; `workers` processes are begun where given, none otherwise; `done` is called
    with the number of runs finished so far, out of `runs_needed`; `why` keeps the event logs of replication 0. Raises
    BadInput for fewer than two replications (one has no interval) and for scenarios that cannot be paired with the
    base.
    """
    if replications < 2:
        raise BadInput(Fault("replications", "at least 2, for an interval", str(replications)))
    for name, other in others.items():
        if fault := unlike(base, other):
            raise BadInput(Fault(f"{name}: {fault.where}", fault.rule, fault.value))
    used = base.run.seed if seed is None else seed
    distinct = _distinct(base, others)
    jobs = [
        Job(scenario, used, number, keep_log=why and number == 0)
        for scenario in distinct.values()
        for number in range(replications)
    ]
    units = work(jobs, workers, done)
    mine = {key: units[at * replications : (at + 1) * replications] for at, key in enumerate(distinct)}
    return Comparison(
        Study(base, mine[base.hash()]),
        {name: Study(other, mine[other.hash()]) for name, other in others.items()},
    )


def runs_needed(base: Scenario, others: Mapping[str, Scenario], replications: int) -> int:
    """Return how many runs a comparison takes: scenarios that are the same are run once."""
    return len(_distinct(base, others)) * replications


def _distinct(base: Scenario, others: Mapping[str, Scenario]) -> dict[str, Scenario]:
    return {scenario.hash(): scenario for scenario in (base, *others.values())}


def unlike(base: Scenario, other: Scenario) -> Fault | None:
    """Return why two scenarios cannot be paired, or None: practices, list sizes, calendar and run must be the same."""
    rule = "must be the same as in the base, {}, to be compared with it"
    if list(base.practices) != list(other.practices):
        return Fault("practices", rule.format(", ".join(base.practices)), ", ".join(other.practices))
    for key, practice in base.practices.items():
        size, theirs = practice.list_size, other.practices[key].list_size
        if size != theirs:
            return Fault(f"{key}.list_size", rule.format(f"{size:,}"), f"{theirs:,}")
    if base.calendar != other.calendar:
        return Fault("calendar", "must be the same as in the base, to be compared with it")
    for name in type(base.run).model_fields:
        was, now = getattr(base.run, name), getattr(other.run, name)
        if was != now:
            return Fault(f"run.{name}", rule.format(was), str(now))
    return None


def _differences(base: Study, other: Study) -> pd.DataFrame:
    keys = ["practice", "group", "metric", "unit"]
    both = _whole(base).merge(_whole(other), on=["replication", *keys], suffixes=("_base", "_other"))
    rows = [_row(pairs, keys) for _, pairs in both.groupby(keys, sort=False)]
    return _judged_together(pd.DataFrame(rows))


def _judged_together(frame: pd.DataFrame) -> pd.DataFrame:
    """Add Holm's correction over each practice's primary metrics; a difference that does not pass it is not clear."""
    primary = frame["metric"].isin(list(PRIMARY)) & (frame["group"] == "")
    frame = frame.assign(p_holm=math.nan)
    for _, mine in frame[primary].groupby("practice", sort=False):
        frame.loc[mine.index, "p_holm"] = holm(mine["p"].tolist())
    frame.loc[frame["p_holm"] > LEVEL, "verdict"] = UNCLEAR
    return frame


def _whole(study: Study) -> pd.DataFrame:
    """Return a study's metrics over all measured weeks."""
    frames = [unit.metrics[unit.metrics["period"] == "all"] for unit in study.units]
    return pd.concat(frames, ignore_index=True).drop(columns=["scenario", "period"])


def _row(pairs: pd.DataFrame, keys: list[str]) -> dict[str, object]:
    """Return one line of the differences from the pairs of one metric."""
    base, other = pairs["value_base"], pairs["value_other"]
    apart = other - base
    found = interval(apart.tolist())
    independent = float(base.var() + other.var())
    better = METRICS[pairs["metric"].iloc[0]].better
    return {
        **{name: pairs[name].iloc[0] for name in keys},
        "base": float(base.mean()),
        "other_mean": float(other.mean()),
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "replications": found.replications,
        **_variances(float(apart.var()), independent),
        "p": paired_p(apart.tolist()),
        "better": better,
        "verdict": verdict(found, better),
    }


def _variances(paired: float, independent: float) -> dict[str, float]:
    """Return the variance of paired differences by that of independent ones, and its inverse; NaN where neither is."""
    if not independent:
        return {"variance_ratio": math.nan, "variance_reduction": math.nan}
    reduction = independent / paired if paired else math.inf
    return {"variance_ratio": paired / independent, "variance_reduction": reduction}


def verdict(difference: ConfidenceInterval, better: Better) -> str:
    """Return whether a difference is clear of zero, and whether it is then for the better."""
    if not (difference.low > 0 or difference.high < 0):
        return UNCLEAR
    if better == "neither":
        return CHANGED
    return BETTER if (difference.mean < 0) == (better == "less") else WORSE
