"""Interventions: one class and one YAML file each, in a closed registry."""

from __future__ import annotations

from collections.abc import Iterable

from pcqa_sim.interventions.add_session import AddSession
from pcqa_sim.interventions.admin_call_line import AdminCallLine
from pcqa_sim.interventions.base import Intervention, describe, flat
from pcqa_sim.interventions.callback_from_queue import CallbackFromQueue
from pcqa_sim.interventions.cap_contacts_per_session import CapContactsPerSession
from pcqa_sim.interventions.care_navigation_training import CareNavigationTraining
from pcqa_sim.interventions.cross_trained_reception import CrossTrainedReception
from pcqa_sim.interventions.fcp_direct import FcpDirect
from pcqa_sim.interventions.longer_appointments_for_complex import LongerAppointmentsForComplex
from pcqa_sim.interventions.more_call_handlers import MoreCallHandlers
from pcqa_sim.interventions.more_on_the_day_slots import MoreOnTheDaySlots
from pcqa_sim.interventions.more_phone_lines import MorePhoneLines
from pcqa_sim.interventions.move_paperwork import MovePaperwork
from pcqa_sim.interventions.move_sessions_to_monday import MoveSessionsToMonday
from pcqa_sim.interventions.online_hours_or_cap import OnlineHoursOrCap
from pcqa_sim.interventions.pharmacist_prescriptions import PharmacistPrescriptions
from pcqa_sim.interventions.protect_continuity import ProtectContinuity
from pcqa_sim.interventions.reminders import Reminders
from pcqa_sim.interventions.stagger_release import StaggerRelease
from pcqa_sim.interventions.switch_triage import SwitchTriage
from pcqa_sim.scenario import Scenario

INTERVENTIONS: dict[str, type[Intervention]] = {
    "add_session": AddSession,
    "admin_call_line": AdminCallLine,
    "callback_from_queue": CallbackFromQueue,
    "cap_contacts_per_session": CapContactsPerSession,
    "care_navigation_training": CareNavigationTraining,
    "cross_trained_reception": CrossTrainedReception,
    "fcp_direct": FcpDirect,
    "longer_appointments_for_complex": LongerAppointmentsForComplex,
    "more_call_handlers": MoreCallHandlers,
    "more_on_the_day_slots": MoreOnTheDaySlots,
    "more_phone_lines": MorePhoneLines,
    "move_paperwork": MovePaperwork,
    "move_sessions_to_monday": MoveSessionsToMonday,
    "online_hours_or_cap": OnlineHoursOrCap,
    "pharmacist_prescriptions": PharmacistPrescriptions,
    "protect_continuity": ProtectContinuity,
    "reminders": Reminders,
    "stagger_release": StaggerRelease,
    "switch_triage": SwitchTriage,
}


def apply_all(scenario: Scenario, interventions: Iterable[Intervention]) -> Scenario:
    """Return the scenario with interventions applied from left to right."""
    for intervention in interventions:
        scenario = intervention.apply(scenario)
    return scenario


__all__ = ["INTERVENTIONS", "Intervention", "apply_all", "describe", "flat"]
