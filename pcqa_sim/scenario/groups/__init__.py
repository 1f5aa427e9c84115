"""The groups of settings, one file a noun, named as the folders of `configs/`.

A class says what a number means, its unit and its range; the YAML file says its value and its source.
"""

from pcqa_sim.scenario.groups.calendar import Calendar, OpeningHours, RunSettings
from pcqa_sim.scenario.groups.channels import FATES, Channels, Redial, Triage
from pcqa_sim.scenario.groups.clinic import Appointments, Consultation, LeadTimeRates, Outcome, Rota, Session
from pcqa_sim.scenario.groups.demand import AskingProfile, Demand, Kind, Rush
from pcqa_sim.scenario.groups.people import People, Segment, State
from pcqa_sim.scenario.groups.phones import Callback, ClosedMessage, Menu, Patience, Phones, Talk
from pcqa_sim.scenario.groups.profile import Observed, ObservedBand, PracticeProfile

__all__ = [
    "FATES",
    "Appointments",
    "AskingProfile",
    "Calendar",
    "Callback",
    "Channels",
    "ClosedMessage",
    "Consultation",
    "Demand",
    "Kind",
    "LeadTimeRates",
    "Menu",
    "Observed",
    "ObservedBand",
    "OpeningHours",
    "Outcome",
    "Patience",
    "People",
    "Phones",
    "PracticeProfile",
    "Redial",
    "Rota",
    "RunSettings",
    "Rush",
    "Segment",
    "Session",
    "State",
    "Talk",
    "Triage",
]
