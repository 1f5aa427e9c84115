"""What a study judges by: one metric of one practice, and the target it should reach."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import pandas as pd

from pcqa_sim.results.metrics import METRICS, unknown_metric
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.renamed import is_now, new_group

_METRIC = re.compile(r"^\s*([A-Za-z0-9_]+)\s*(?:\[([^\]]*)\])?\s*$")
_TARGET = re.compile(r"^\s*([^<>=\[]+?(?:\[[^\]]*\])?)\s*(<=|>=|=<|=>|==|<|>|=)\s*([^<>=]*?)\s*(%?)\s*$")
_TARGET_FORM = "a target is written metric<=number or metric>=number, for example missed_share<=0.05"


@dataclass(frozen=True)
class Yardstick:
    """One metric, of a group of it ("" for the whole), of one practice, over all measured weeks."""

    metric: str
    practice: str
    group: str = ""

    @property
    def name(self) -> str:
        """Return it as it is written: "missed_share", "need_endings_share[ending=gave_up]"."""
        return f"{self.metric}[{self.group}]" if self.group else self.metric

    @property
    def words(self) -> str:
        """Return the metric in words, with its group."""
        return METRICS[self.metric].words + (f", {self.group.partition('=')[2]}" if self.group else "")

    @property
    def unit(self) -> str:
        """Return the metric's unit."""
        return METRICS[self.metric].unit

    @property
    def is_share(self) -> bool:
        """Tell whether it is a share, which is read in per cent."""
        return self.unit.startswith("share")

    def value(self, metrics: pd.DataFrame) -> float:
        """Return its value in the tidy metrics of one run; NaN where nothing was there to divide by.

        Raises BadInput for a group that the metric does not have.
        """
        mine = metrics[(metrics["metric"] == self.metric) & (metrics["practice"] == self.practice)]
        mine = mine[mine["period"] == "all"]
        found = mine.loc[mine["group"] == self.group, "value"]
        if len(found):
            return float(found.iloc[0])
        groups = sorted(name for name in mine["group"].unique() if name)
        if not groups:
            return math.nan
        if (now := new_group(self.group)) in groups:
            raise BadInput(Fault(self.metric, is_now(now), self.group))
        rule = f"has values by group, written {self.metric}[GROUP]; groups: {', '.join(groups)}"
        raise BadInput(Fault(self.metric, rule, self.group, nearest(self.group, groups)))


@dataclass(frozen=True)
class Target:
    """A bound that a metric should keep: at most or at least a number."""

    yardstick: Yardstick
    at_most: bool
    bound: float

    def shortfall(self, value: float) -> float:
        """Return how far a value is on the wrong side of the bound; negative on the right side."""
        return value - self.bound if self.at_most else self.bound - value

    @property
    def text(self) -> str:
        """Return it as it is written."""
        return f"{self.yardstick.name}{'<=' if self.at_most else '>='}{self.bound:g}"


def read_yardstick(text: str, practice: str, where: str = "--metric") -> Yardstick:
    """Return the metric that a text names: "missed_share" or "mode_share[mode=telephone]"; raise BadInput if none."""
    found = _METRIC.match(text)
    if found is None:
        raise BadInput(Fault(where, "a metric is written name or name[group], for example missed_share", text))
    name, group = found[1], found[2] or ""
    if name not in METRICS:
        raise BadInput(unknown_metric(where, name))
    return Yardstick(name, practice, group.strip())


def read_target(text: str, practice: str, where: str = "--target") -> Target:
    """Return the target that a text states: "missed_share<=0.05", "answered_share>=60%".

    Raises BadInput for a metric that is not there, and for a bound that no run could meet or miss.
    """
    found = _TARGET.match(text)
    if found is None:
        raise BadInput(Fault(where, _TARGET_FORM, text))
    yardstick = read_yardstick(found[1], practice, where)
    number = _number(found[3], where, text)
    bound = number / 100 if found[4] else number
    if found[2] not in ("<=", ">="):
        sign = ">=" if ">" in found[2] else "<="
        raise BadInput(Fault(where, _TARGET_FORM, text, f"{yardstick.name}{sign}{bound:g}"))
    target = Target(yardstick, found[2] == "<=", bound)
    if fault := _impossible(target, where):
        raise BadInput(fault)
    return target


def _number(text: str, where: str, whole: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise BadInput(Fault(where, _TARGET_FORM, whole)) from None
    if not math.isfinite(number):
        raise BadInput(Fault(where, "the bound of a target is a finite number", whole))
    return number


def _impossible(target: Target, where: str) -> Fault | None:
    """Return why no run could meet a target, or none could miss it."""
    sign = "<=" if target.at_most else ">="
    name, bound = target.yardstick.name, target.bound
    if bound < 0 or (bound == 0 and not target.at_most):
        near = f"{name}{sign}{abs(bound):g}" if bound else ""
        return Fault(where, "is always met" if bound == 0 or not target.at_most else _NEVER_NEGATIVE, target.text, near)
    # Time can be more than all of it: overtime.
    if target.yardstick.is_share and bound > 1 and "time" not in target.yardstick.unit:
        near = f"{name}{sign}{bound / 100:g}" if bound <= 100 else ""
        return Fault(where, "a share is from 0 to 1, or written in per cent", target.text, near)
    return None


_NEVER_NEGATIVE = "cannot be met: no metric is below 0"
