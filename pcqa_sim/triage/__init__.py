"""Triage models: one class and one YAML file each, in a closed registry."""

from __future__ import annotations

from collections.abc import Callable

from pcqa_sim.policies import Triage
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.triage.reception_led import ReceptionLed

TRIAGE: dict[str, Callable[[TriageSettings], Triage]] = {"reception_led": ReceptionLed}

__all__ = ["TRIAGE", "ReceptionLed"]
