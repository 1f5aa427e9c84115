"""Scenarios and runs that many tests share, made once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pcqa_sim import load_scenario, simulate
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import INFORMED, RESOLVED, SENT_ON, SIGNPOSTED
from pcqa_sim.values.words import PlaceEnding, PlaceRoute

OF_NETWORKS = frozenset(
    {
        "shared_reception",
        "shared_pharmacists",
        "shared_back_office",
        "cover_across_sites",
        "same_day_elsewhere",
        "evenings_and_saturdays",
        "economies_of_scale",
        "working_at_scale",
    }
)
"""Interventions by which practices of a network share; one practice stays as it is."""
NO_USER_SETTINGS = Path(tempfile.mkdtemp(prefix="pcqa-no-settings-"))


@cache
def composed(*overrides: str) -> Scenario:
    """A scenario of the shipped settings alone, each override laid on those before it, composed once a session."""
    return load_scenario(*([one] for one in overrides), user_folder=NO_USER_SETTINGS)


@cache
def run_of(*overrides: str) -> Run:
    """A run, made once a session."""
    return simulate(composed(*overrides))


def joined_plainly(run: Run) -> set[int]:
    """Needs with which people went to a place in the community without asking the practice."""
    sent = run.events[run.events["event"] == log.PLACE_SENT]
    return set(sent[sent["code"] == PlaceRoute.JOINED]["need"])


def met_plainly(run: Run) -> NDArray[np.bool_]:
    """Which needs of a run were met, row by row: by the practice, its message, or where the person was sent or went."""
    key, rows = ["need", "contact"], run.events
    decided = rows[rows["event"] == log.DECIDED].drop_duplicates(key, keep="last").set_index(key)["code"].to_dict()
    closed = rows[rows["event"] == log.NEED_CLOSED]
    helped = rows[(rows["event"] == log.PLACE_ENDED) & (rows["code"] == PlaceEnding.COMPLETED)]["need"]
    met = joined_plainly(run) & set(helped) | {
        need
        for need, contact, ending in closed[[*key, "code"]].itertuples(index=False)
        if ending in (RESOLVED, INFORMED) or decided.get((need, contact)) in (SIGNPOSTED + ending, SENT_ON + ending)
    }
    return np.array([need in met for need in run.needs.index])


_latest: dict[tuple[str, int], Run] = {}
_MOST = 24  # runs kept: those of one comparison and of the next by another metric


def _value(scenario: Scenario, replication: int, metric: str, group: str) -> float:
    """One metric of a run, which is kept for the next metric."""
    key = scenario.hash(), replication
    if key not in _latest:
        _latest[key] = simulate(scenario, replication=replication)
        while len(_latest) > _MOST:
            del _latest[next(iter(_latest))]
    return _latest[key].value(metric, group)


def paired(
    before: Scenario, after: Scenario, metric: str, group: str = "", replications: int = 5
) -> ConfidenceInterval:
    """The 95 % confidence interval of after - before in a metric, over replications with the same luck."""
    both = [tuple(_value(one, number, metric, group) for one in (before, after)) for number in range(replications)]
    return interval([new - old for old, new in both])
