"""Scenarios and runs that many tests share, made once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from pcqa_sim import load_scenario, simulate
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.intervals import Interval, interval

NO_USER_SETTINGS = Path(tempfile.mkdtemp(prefix="pcqa-no-settings-"))


@cache
def composed(*overrides: str) -> Scenario:
    """A scenario of the shipped settings alone, each override laid on those before it, composed once a session."""
    return load_scenario(*([one] for one in overrides), user_folder=NO_USER_SETTINGS)


@cache
def run_of(*overrides: str) -> Run:
    """A run, made once a session."""
    return simulate(composed(*overrides))


_measured: dict[tuple[str, int], dict[tuple[str, str], float]] = {}


def _values(scenario: Scenario, replication: int) -> dict[tuple[str, str], float]:
    """Every metric of the measured weeks of a run, made once a session."""
    key = scenario.hash(), replication
    if key not in _measured:
        metrics = simulate(scenario, replication=replication).all_metrics
        whole = metrics[metrics["period"] == "all"]
        _measured[key] = dict(zip(zip(whole["metric"], whole["group"], strict=True), whole["value"], strict=True))
    return _measured[key]


def paired(before: Scenario, after: Scenario, metric: str, group: str = "", replications: int = 5) -> Interval:
    """The 95 % interval of after - before in a metric, over replications with the same people and the same luck."""
    key = metric, group
    both = [(_values(before, number)[key], _values(after, number)[key]) for number in range(replications)]
    return interval([new - old for old, new in both])
