"""Triage models: one class and one YAML file each, in a closed registry."""

from __future__ import annotations

from collections.abc import Callable

from pcqa_sim.frontdoor.triage.care_navigation import CareNavigation
from pcqa_sim.frontdoor.triage.clinician_first import GpPhoneFirst, NurseTriage, TotalDigital
from pcqa_sim.frontdoor.triage.open_list import DutyTeam, OpenAccess
from pcqa_sim.frontdoor.triage.policy import Triage
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed
from pcqa_sim.scenario.groups import Triage as TriageSettings

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
