"""Triage models: one class and one YAML file each, in a closed registry."""

from __future__ import annotations

from pcqa_sim.policies import Triage
from pcqa_sim.triage.reception_led import ReceptionLed

TRIAGE: dict[str, type[Triage]] = {"reception_led": ReceptionLed}

__all__ = ["TRIAGE", "ReceptionLed"]
