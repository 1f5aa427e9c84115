"""Triage models: one class and one YAML file each, in a closed registry."""

from __future__ import annotations

from collections.abc import Callable

from pcqa_sim.policies import Triage
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.triage.care_navigation import CareNavigation
from pcqa_sim.triage.clinician_first import GpPhoneFirst, NurseTriage, TotalDigital
from pcqa_sim.triage.open_list import DutyTeam, OpenAccess
from pcqa_sim.triage.reception_led import ReceptionLed

TRIAGE: dict[str, Callable[[TriageSettings], Triage]] = {
    "reception_led": ReceptionLed,
    "care_navigation": CareNavigation,
    "duty_team": DutyTeam,
    "gp_phone_first": GpPhoneFirst,
    "nurse_triage": NurseTriage,
    "total_digital": TotalDigital,
    "open_access": OpenAccess,
}

__all__ = ["TRIAGE"]
