"""Changes tried in pairs: two scenarios with the same people and the same luck, and what must come of the difference.

A direction is one change of one practice, what is expected of it in words, and the measures that must move. It holds
where the 95 % confidence interval of every measure's paired difference lies on the expected side of zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from pcqa_sim.configuration import config_folder, load_scenario
from pcqa_sim.interventions import apply_all
from pcqa_sim.interventions.base import Intervention
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.run import simulate
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

Way = Literal["rises", "falls"]
REPLICATIONS: Final = 6
PRACTICE: Final = ("practice=average", "practice.list_size=5000", "run.warm_up_weeks=5", "run.measured_weeks=6")
"""Half the average practice, from mid-February to mid-March: no bank holiday among the measured weeks."""

Measured = Mapping[tuple[str, str], float]
"""What one replication measured of the whole measured time, by metric and group."""

_known: dict[tuple[str, int], Measured] = {}


def measured(scenario: Scenario, replication: int) -> Measured:
    """Return what a replication measures; what was run once is not run again."""
    key = scenario.hash(), replication
    if key not in _known:
        frame = simulate(scenario, replication=replication).metrics()
        whole = frame[frame["period"] == "all"]
        names = zip(whole["metric"], whole["group"], strict=True)
        _known[key] = dict(zip(names, whole["value"].astype(float), strict=True))
    return _known[key]


def values(scenario: Scenario, metric: str, group: str = "", replications: int = 6) -> list[float]:
    """Return a metric by replication."""
    return [measured(scenario, number)[metric, group] for number in range(replications)]


def difference(old: Sequence[float], new: Sequence[float]) -> ConfidenceInterval:
    """Return the interval of the paired difference, new less old."""
    return interval([b - a for a, b in zip(old, new, strict=True)])


def told(apart: ConfidenceInterval) -> str:
    """Return a difference with its interval."""
    return f"difference {apart.mean:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})"


@dataclass(frozen=True)
class Measure:
    """A metric, perhaps of a group, and which way it must go."""

    way: Way
    metric: str
    group: str = ""

    @property
    def words(self) -> str:
        """Return what it says, with its group, and its unit where it is no share."""
        metric = METRICS[self.metric]
        of_group = f" ({self.group.partition('=')[2].replace('_', ' ')})" if self.group else ""
        return metric.words + of_group + ("" if is_share(self) else f", {metric.unit}")


def is_share(measure: Measure) -> bool:
    """Tell whether a measure is read in per cent."""
    return METRICS[measure.metric].unit.startswith("share")


@dataclass(frozen=True)
class Direction:
    """One change, and what must come of it.

    `settings` are laid on those of PRACTICE on both sides, `otherwise` on the changed side alone, which `by` then
    changes. `wrong` says why what is expected does not come: where nothing is said it must.
    """

    change: str
    expected: str
    measures: tuple[Measure, ...]
    by: tuple[Intervention, ...] = ()
    settings: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    wrong: str = ""

    @property
    def before(self) -> Scenario:
        """Return the practice as it is."""
        return load_scenario(PRACTICE, self.settings, user_folder=config_folder())

    @property
    def after(self) -> Scenario:
        """Return the practice as it is changed."""
        return apply_all(load_scenario(PRACTICE, self.settings, self.otherwise, user_folder=config_folder()), self.by)


@dataclass(frozen=True)
class Seen:
    """What came of one measure of a direction."""

    measure: Measure
    old: float
    new: float
    apart: ConfidenceInterval

    @property
    def holds(self) -> bool:
        """Tell whether the whole interval lies on the expected side."""
        return self.apart.low > 0 if self.measure.way == "rises" else self.apart.high < 0


def try_out(direction: Direction, replications: int = REPLICATIONS) -> list[Seen]:
    """Run both sides of a direction and return what each of its measures did."""
    before, after = direction.before, direction.after
    found = []
    for measure in direction.measures:
        old, new = (values(side, measure.metric, measure.group, replications) for side in (before, after))
        found.append(Seen(measure, float(np.mean(old)), float(np.mean(new)), difference(old, new)))
    return found


def table(directions: Sequence[Direction], replications: int = REPLICATIONS) -> Iterator[str]:
    """Yield a table's lines in Markdown, a direction's as soon as it was tried."""
    yield "| the change | what is expected | measure | before and after, difference with its 95 % interval | |"
    yield "|---|---|---|---|---|"
    for direction in directions:
        for number, seen in enumerate(try_out(direction, replications)):
            first = f"| {direction.change} | {direction.expected} |" if number == 0 else "| | |"
            verdict = "holds" if seen.holds else ": ".join(filter(None, ("**does not hold**", direction.wrong)))
            yield f"{first} {seen.measure.words} | {_numbers(seen)} | {verdict} |"


def _numbers(seen: Seen) -> str:
    """Return "3.0 % -> 5.1 %: +2.1 points (1.4 to 2.8)"."""
    times, unit, points = (100.0, " %", " points") if is_share(seen.measure) else (1.0, "", "")
    digits = 2 if max(abs(times * seen.old), abs(times * seen.new)) < 10 else 1
    old, new, mean, low, high = (
        times * number for number in (seen.old, seen.new, seen.apart.mean, seen.apart.low, seen.apart.high)
    )
    ends = f"{low:+,.{digits}f} to {high:+,.{digits}f}"
    return f"{old:,.{digits}f}{unit} -> {new:,.{digits}f}{unit}: {mean:+,.{digits}f}{points} ({ends})"
