"""The frozen tree of settings a run is built from, with its checks, units and ranges."""

from pcqa_sim.scenario.changes import with_settings
from pcqa_sim.scenario.groups import Kind, Observed, ObservedBand
from pcqa_sim.scenario.practice import PRACTICE_GROUPS
from pcqa_sim.scenario.tree import NETWORK, THE_NETWORK, Phase, Practice, Scenario, code_used

__all__ = [
    "NETWORK",
    "PRACTICE_GROUPS",
    "THE_NETWORK",
    "Kind",
    "Observed",
    "ObservedBand",
    "Phase",
    "Practice",
    "Scenario",
    "code_used",
    "with_settings",
]
