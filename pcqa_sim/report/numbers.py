"""A study's numbers in words: a metric's mean and its interval, looked up by name and group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcqa_sim.study.statistics.intervals import ConfidenceInterval, within_reach
from pcqa_sim.values.clock import DAY

if TYPE_CHECKING:
    import pandas as pd


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
        self._known = {}
        for metric, group, mean, low, high, replications, unit in zip(*columns, strict=True):
            self._known[metric, group] = within_reach(ConfidenceInterval(mean, low, high, replications), unit)

    def has(self, metric: str, group: str = "") -> bool:
        """Tell whether there was anything to measure: calls to be answered, needs that ended."""
        return (metric, group) in self._known

    def mean(self, metric: str, group: str = "") -> float:
        """Return a metric's mean (0 where it never occurred)."""
        interval = self._known.get((metric, group))
        return interval.mean if interval else 0.0

    def interval(self, metric: str, group: str = "") -> ConfidenceInterval | None:
        """Return a metric's mean with its interval, None where there was nothing to measure."""
        return self._known.get((metric, group))

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
        return f"0{unit}" if interval is None else said(interval, times, digits, unit)


def percent(found: ConfidenceInterval, digits: int = 1) -> str:
    """Return a share and its interval: "54.9 % (53.8 to 56.0)"."""
    return said(found, 100.0, digits, " %")


def said(found: ConfidenceInterval, times: float, digits: int, unit: str) -> str:
    """Return a mean and, from two replications on, its interval in brackets."""
    mean = f"{found.mean * times:,.{digits}f}{unit}"
    if found.replications < 2:
        return mean
    return f"{mean} ({found.low * times:,.{digits}f} to {found.high * times:,.{digits}f})"
