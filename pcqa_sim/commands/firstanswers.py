"""First answers of `pcqa run`, while its replications come: each counts once it is in the store, read from there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.store import Store
    from pcqa_sim.study.unit import Unit

METRICS = {
    "failure_share": "{} of what people ask is failure demand",
    "missed_share": "{} of calls missed",
    "told_another_day_share": "{} of requests heard told to call another day",
}
"""What is told first, by metric; {} is its number."""
MOST_READ = 100
"""Replications that count: reading more takes longer than they change what is told."""
MOST_PRACTICES = 5
_log = logging.getLogger(__name__)


class FirstAnswers:
    """What the replications that are in the store say so far, in a few lines."""

    def __init__(self, scenario: Scenario, of: int | None) -> None:
        self._names = {key: scenario.called(key) for key in scenario.practices}
        self._of = of
        self._read: set[Unit] = set()
        self._values: dict[tuple[str, str], list[float]] = {}
        self._units: dict[str, str] = {}

    def take(self, store: Store, unit: Unit) -> list[str]:
        """Count a replication that was put into the store; return the lines that tell what is known now."""
        if unit not in self._read and len(self._read) < MOST_READ:
            self._read.add(unit)
            for practice, metric, value, measured_in in told_of(store, unit):
                self._values.setdefault((practice, metric), []).append(value)
                self._units[metric] = measured_in
            for line in self.lines():
                _log.info("%s", line)
        return self.lines()

    @staticmethod
    def logged() -> bool:
        """Tell whether they are to be logged."""
        return _log.isEnabledFor(logging.INFO)

    def lines(self) -> list[str]:
        """Return a line for each practice, of the first few in a network."""
        many, of = len(self._read), self._of
        counted = f"{many:,} of {of:,} replications" if of else f"{many:,} replication{'s' if many > 1 else ''}"
        named = len(self._names) > 1
        lines = [
            shown(f"so far, {counted}{f', {name}' if named else ''}: {self._said(key)}")
            for key, name in list(self._names.items())[:MOST_PRACTICES]
        ]
        left = len(self._names) - len(lines)
        return [*lines, *([f"and {left:,} more practices"] if left else [])]

    def _said(self, practice: str) -> str:
        from pcqa_sim.report.numbers import percent
        from pcqa_sim.study.statistics.intervals import interval, within_reach

        known = {metric: self._values.get((practice, metric)) for metric in METRICS}
        said = [
            METRICS[metric].format(percent(within_reach(interval(values), self._units[metric])))
            for metric, values in known.items()
            if values
        ]
        return "; ".join(said) or "nobody asked for anything"


def told_of(store: Store, unit: Unit) -> list[tuple[str, str, float, str]]:
    """Return the first metrics of a replication over the measured weeks, by practice and metric, and their units."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = store.result(unit).table
    told = pc.is_in(table["metric"], pa.array(list(METRICS), table["metric"].type))
    whole = pc.and_(pc.equal(table["period"], "all"), pc.equal(table["group"], ""))
    rows = table.filter(pc.and_(told, whole)).select(["practice", "metric", "value", "unit"]).to_pylist()
    return [(row["practice"], row["metric"], row["value"], row["unit"]) for row in rows]
