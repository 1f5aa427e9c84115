"""Paired comparison: scenarios run with the same people and the same luck, and what differs between them.

Differences are taken replication by replication: what both scenarios share drops out before anything is averaged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.frontdoor.triage import Maker, with_triage
from pcqa_sim.frontdoor.triage.policy import Triage
from pcqa_sim.interventions import INTERVENTIONS, Intervention
from pcqa_sim.interventions.aims import aims
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.base import Better, is_share_of_a_whole
from pcqa_sim.results.metrics.themes import PERSONS, REST, SAFETY, Entry, headlines
from pcqa_sim.scenario import NETWORK, Scenario
from pcqa_sim.study.methods.replicate import Do, Job, Study, here
from pcqa_sim.study.methods.settling import Settling, settling
from pcqa_sim.study.result import EVENTS, Extra
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.study.statistics.multiple_testing import LEVEL, holm, paired_p
from pcqa_sim.values.faults import BadInput, Fault

Values = NDArray[np.float64]
Other = Scenario | Intervention | Triage | Maker
REPLICATIONS = 10
LEAST_PAIRS = 5
"""Fewer pairs than this say nothing: Student's interval of three or four leans on the runs being normal."""
BETTER, WORSE, CHANGED, UNCLEAR = "better", "worse", "changed", "no clear difference"
TOO_FEW, UNSETTLED = "too few pairs", "not settled"
NO_VERDICT = (UNCLEAR, TOO_FEW, UNSETTLED)
DECLARED, BESIDES, EQUITY, EXPLORATORY = "declared", "besides", "equity", "exploratory"
"""Families of differences, each judged together, so that many looks at one do not hide another.

Declared are harms and what the change is for; besides stand the other themes, also named beforehand; equity is harms by
groups of persons; the rest is exploratory.
"""
COLUMNS = (
    "other", "practice", "group", "metric", "unit", "base", "other_mean", "difference", "low", "high",
    "replications", "variance_ratio", "variance_reduction", "family", "p", "p_holm", "better", "verdict",
)  # fmt: skip
KEYS = ["metric", "group"]


@dataclass(frozen=True)
class Comparison:
    """A base and the scenarios compared with it, by name, all run with the same luck.

    `rests` says of others, by name, what numbers their interventions rest on, in sentences.
    """

    base: Study
    others: dict[str, Study]
    rests: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Return one row for each other scenario, practice, group and metric over the measured weeks.

        `base` and `other_mean` are means, `difference` is other less base with its 95 % Student t interval `low` to
        `high` (of shares of a whole cut at 100 points), all over the `replications` in which both values are defined.
        `variance_ratio` is the variance of the paired differences by that of differences between independent runs:
        small where pairing helped; `variance_reduction` is its inverse, how many times as many independent runs would
        be as sure. `p` is Student's for no difference, `p_holm` corrects for there being several in a `family`:
        declared (harms, and the aims of the change), besides (the other themes), equity (harms in groups of persons),
        exploratory (all else). It decides the `verdict` of the first three; exploratory differences keep a verdict of
        their own, of the interval alone. There is no verdict of fewer than five pairs, nor where a side had not
        settled.
        """
        frames = []
        for name, other in self.others.items():
            found = _differences(self.base, other, _declared(self.base.scenario, other.scenario))
            frames.append(self._without_verdict_unsettled(found, name).assign(other=name))
        return pd.concat(frames, ignore_index=True)[list(COLUMNS)]

    @cached_property
    def base_settling(self) -> Settling:
        """Return whether the base had settled."""
        return settling(self.base)

    @cached_property
    def settlings(self) -> dict[str, Settling]:
        """Return whether the others had settled, by name."""
        return {name: settling(other) for name, other in self.others.items()}

    def _without_verdict_unsettled(self, found: pd.DataFrame, name: str) -> pd.DataFrame:
        """Take the verdict of a practice's differences away where it goes on changing on either side."""
        keys = [
            key
            for key in self.base.scenario.answered_for
            if self.base_settling.settled(key) is False or self._goes_on(name, key)
        ]
        found.loc[found["practice"].isin(keys) & (found["verdict"] != UNCLEAR), "verdict"] = UNSETTLED
        return found

    def _goes_on(self, name: str, key: str) -> bool:
        """Tell whether a practice goes on changing in another scenario, but for what comes and goes within the run.

        An epidemic that ends before the run does is a change by nature; what grows without an end is none.
        """
        drifts = () if self.settlings[name].settled(key) is not False else self.settlings[name].of(key)
        if passes(self.base.scenario, self.others[name].scenario, key) is None:
            return bool(drifts)
        return any(drift.overload for drift in drifts)

    @property
    def distinct(self) -> list[Study]:
        """Return base and others, each scenario once."""
        return list({study.scenario.hash(): study for study in (self.base, *self.others.values())}.values())

    def of(self, other: str, practice: str) -> pd.DataFrame:
        """Return the differences of one practice in another scenario, by metric and group."""
        every = self.differences
        mine = every[(every["other"] == other) & (every["practice"] == practice)]
        return mine.set_index(KEYS, drop=False)

    def primary(self, other: str, practice: str) -> pd.DataFrame:
        """Return the differences in the measures of a practice as a whole, harms first, with their `words`."""
        known = self.of(other, practice)
        told = headlines()
        rows = known.loc[[(name, "") for name in told if (name, "") in known.index]].reset_index(drop=True)
        return rows.assign(words=rows["metric"].map(told))


def passes(base: Scenario, other: Scenario, key: str) -> int | None:
    """Return the week from which another scenario is again what the base is, None where it stays as it became.

    `key` is a practice's, or the network's for all of them. None, too, where the two never differ.
    """
    keys = tuple(base.practices) if key == NETWORK else (key,)
    for week in reversed(range(base.weeks)):
        if any(other.in_force(one, week) != base.in_force(one, week) for one in keys):
            return week + 1 if week + 1 < base.weeks else None
    return None


def compare(
    base: Scenario,
    others: Mapping[str, Other],
    replications: int = REPLICATIONS,
    seed: int | None = None,
    *,
    workers: int | None = None,
    done: Callable[[int], None] | None = None,
    why: bool = False,
) -> Comparison:
    """Run a base and other scenarios with the same luck and return what differs.

    Of the others each is a scenario, or what makes one of the base: an intervention, or a class or an object that
    decides in place of its triage model. `seed` defaults to the base's own; `workers` processes are begun where given,
    none otherwise; `done` is called with the number of runs finished so far, out of `runs_needed`; `why` keeps the
    event logs of replication 0. Raises BadInput for fewer than two replications (one has no interval) and for scenarios
    that cannot be paired with the base.
    """
    return comparison(here(workers, done), base, others, replications, seed, why=why)


def comparison(
    do: Do,
    base: Scenario,
    others: Mapping[str, Other],
    replications: int,
    seed: int | None = None,
    *,
    why: bool = False,
    keeps: tuple[Extra, ...] = (),
) -> Comparison:
    """Have a base and others run with the same luck, wherever that is, and `keeps` with each unit; see `compare`."""
    if replications < 2:
        raise BadInput(Fault("replications", "at least 2, for an interval", str(replications)))
    scenarios = {name: _meant(base, name, other) for name, other in others.items()}
    for name, scenario in scenarios.items():
        if fault := unlike(base, scenario):
            raise BadInput(Fault(f"{name}: {fault.where}", fault.rule, fault.value))
    used = base.run.seed if seed is None else seed
    distinct = _distinct(base, scenarios)
    jobs = [
        Job(scenario, used, number, (*keeps, EVENTS) if why and number == 0 else keeps)
        for scenario in distinct.values()
        for number in range(replications)
    ]
    units = tuple(do(jobs))
    mine = {key: units[at * replications : (at + 1) * replications] for at, key in enumerate(distinct)}
    return Comparison(
        Study(base, mine[base.hash()]),
        {name: Study(other, mine[other.hash()]) for name, other in scenarios.items()},
    )


def _meant(base: Scenario, name: str, other: Other) -> Scenario:
    """Return the scenario that is compared with the base; raise BadInput naming it where it does not fit."""
    try:
        if isinstance(other, Scenario):
            return other
        return other.apply(base) if isinstance(other, Intervention) else with_triage(base, other)
    except BadInput as bad:
        raise BadInput(replace(fault, where=f"{name}: {fault.where}") for fault in bad.faults) from None


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


def _declared(base: Scenario, other: Scenario) -> list[Entry]:
    """Return the measures that a comparison is about: harms, and what the change is for."""
    wanted = (split(aim) for aim in aims(base, other, INTERVENTIONS))
    return [*SAFETY.entries, *(Entry(metric, "", group) for metric, group in wanted)]


def split(aim: str) -> tuple[str, str]:
    """Return the metric and the group of "metric[group]"."""
    metric, _, group = aim.partition("[")
    return metric, group.removesuffix("]")


def _differences(base: Study, other: Study, declared: Sequence[Entry]) -> pd.DataFrame:
    keys = ["practice", "group", "metric", "unit"]
    both = _whole(base).merge(_whole(other), on=["replication", *keys], suffixes=("_base", "_other"))
    number = both.groupby(keys, sort=False).ngroup().to_numpy()  # pandas' groups one by one take ten times as long
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    named = both[keys].iloc[order[starts]].to_dict("records")
    sides = (np.split(both[side].to_numpy(float)[order], starts[1:]) for side in ("value_base", "value_other"))
    rows = pd.DataFrame([{**names, **_row(*values, **names)} for names, *values in zip(named, *sides, strict=True)])
    return _judged_together(rows.assign(family=_families(rows, declared)))


def _families(rows: pd.DataFrame, declared: Sequence[Entry]) -> list[str]:
    """Return the family of each row."""
    besides = [entry for theme in REST for entry in theme.entries]
    harms = {entry.metric for entry in SAFETY.entries}
    found = []
    for metric, group in zip(rows["metric"], rows["group"], strict=True):
        if _among(metric, group, declared):
            found.append(DECLARED)
        elif _among(metric, group, besides):
            found.append(BESIDES)
        else:
            found.append(EQUITY if metric in harms and group.startswith(PERSONS) else EXPLORATORY)
    return found


def _among(metric: str, group: str, entries: Sequence[Entry]) -> bool:
    return any(entry.metric == metric and entry.of([group]) for entry in entries)


def _judged_together(frame: pd.DataFrame) -> pd.DataFrame:
    """Add Holm's correction within each practice's families; a difference declared that fails it is not clear."""
    frame = frame.assign(p_holm=math.nan)
    for _, mine in frame.groupby(["practice", "family"], sort=False):
        frame.loc[mine.index, "p_holm"] = holm(mine["p"].tolist())
    frame.loc[(frame["p_holm"] > LEVEL) & (frame["family"] != EXPLORATORY), "verdict"] = UNCLEAR
    few = (frame["replications"] < LEAST_PAIRS) & (frame["verdict"] != UNCLEAR)
    frame.loc[few, "verdict"] = TOO_FEW
    return frame


def _whole(study: Study) -> pd.DataFrame:
    """Return a study's metrics over all measured weeks."""
    frames = [unit.metrics[unit.metrics["period"] == "all"] for unit in study.units]
    return pd.concat(frames, ignore_index=True).drop(columns=["scenario", "period"])


def _row(base: Values, other: Values, *, metric: str, unit: str, **_: str) -> dict[str, object]:
    """Return what a line of the differences says of the pairs of one metric."""
    apart = other - base
    found = _cut(interval(apart.tolist()), unit)
    better = METRICS[metric].better
    return {
        "base": _mean(base),
        "other_mean": _mean(other),
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "replications": found.replications,
        **_variances(_variance(apart), _variance(base) + _variance(other)),
        "p": paired_p(apart.tolist()),
        "better": better,
        "verdict": verdict(found, better),
    }


def _mean(values: Values) -> float:
    """Return the mean of what is defined; NaN of nothing."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def _variance(values: Values) -> float:
    """Return the variance of what is defined, as of a sample; NaN of fewer than two."""
    known = values[~np.isnan(values)]
    return float(known.var(ddof=1)) if len(known) > 1 else math.nan


def _cut(found: ConfidenceInterval, unit: str) -> ConfidenceInterval:
    """Return an interval of a difference, cut at 100 points where it is of shares of a whole; one pair has none."""
    if not is_share_of_a_whole(unit) or math.isnan(found.low):
        return found
    return replace(found, low=max(-1.0, found.low), high=min(1.0, found.high))


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
