"""Two scenarios with the same people and the same luck: metrics by replication, and paired differences of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pcqa_sim.results.run import simulate
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

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
