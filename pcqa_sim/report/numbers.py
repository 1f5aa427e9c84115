"""A study's numbers in words: a metric's mean and its interval, looked up by name and group."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from pcqa_sim.study.intervals import ConfidenceInterval
from pcqa_sim.values.clock import DAY


@dataclass(frozen=True)
class Answer:
    """One question and its sentences; `table` holds lines to be printed after them as they stand."""

    question: str
    sentences: tuple[str, ...]
    table: tuple[str, ...] = ()


class Numbers:
    """Looks a metric's mean and interval up and says it in words."""

    def __init__(self, summary: pd.DataFrame, practice: str) -> None:
        of_practice = summary[(summary["practice"] == practice) & (summary["period"] == "all")]
        columns = (
            of_practice[name].tolist() for name in ("metric", "group", "mean", "low", "high", "replications", "unit")
        )
        self._known, self._unit = {}, {}
        for metric, group, mean, low, high, replications, unit in zip(*columns, strict=True):
            self._known[metric, group] = ConfidenceInterval(mean, low, high, replications)
            self._unit[metric] = unit

    def has(self, metric: str, group: str = "") -> bool:
        """Tell whether there was anything to measure: calls to be answered, needs that ended."""
        return (metric, group) in self._known

    def mean(self, metric: str, group: str = "") -> float:
        """Return a metric's mean (0 where it never occurred)."""
        interval = self._known.get((metric, group))
        return interval.mean if interval else 0.0

    def number(self, metric: str, group: str = "", digits: int = 0) -> str:
        """Return "273 (270 to 276)"."""
        return self._say(metric, group, 1.0, digits, "")

    def percent(self, metric: str, group: str = "", digits: int = 1) -> str:
        """Return "54.9 % (53.8 to 56.0)"."""
        return self._say(metric, group, 100.0, digits, " %")

    def mean_percent(self, metric: str, group: str = "") -> str:
        """Return "54.9 %": what stands beside a number that has its interval."""
        return f"{self.mean(metric, group) * 100:.1f} %"

    def mean_wait(self, metric: str, group: str = "") -> str:
        """Return a mean wait that is kept in minutes: "18.7 minutes", or in days from a day on."""
        mean = self.mean(metric, group)
        return f"{mean:.1f} minutes" if mean < DAY else f"{mean / DAY:.1f} days"

    def groups(self, metric: str) -> list[str]:
        """Return a metric's groups, the largest first."""
        means = {group: known.mean for (name, group), known in self._known.items() if name == metric and group}
        return sorted(means, key=lambda group: -means[group])

    def _say(self, metric: str, group: str, times: float, digits: int, unit: str) -> str:
        interval = self._known.get((metric, group))
        if interval is None:
            return f"0{unit}"
        mean = f"{interval.mean * times:,.{digits}f}{unit}"
        if interval.replications < 2:
            return mean
        top = 1.0 if is_share_of_a_whole(self._unit[metric]) else math.inf
        low, high = max(0.0, interval.low) * times, min(top, interval.high) * times
        return f"{mean} ({low:,.{digits}f} to {high:,.{digits}f})"


def is_share_of_a_whole(unit: str) -> bool:
    """Tell whether a unit cannot exceed 100 %: shares of calls or needs cannot, shares of working time can."""
    return unit.startswith("share of ") and not unit.endswith(" time")
