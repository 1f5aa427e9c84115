"""The groups of settings, one file a noun, named as the folders of `configs/`.

A class says what a number means, its unit and its range; the YAML file says its value and its source.
"""

from pcqa_sim.scenario.groups.appointments import (
    ON_THE_DAY,
    Appointments,
    BookedBy111,
    ComplexNeeds,
    HomeVisits,
    NotAttending,
    Release,
    WaitingList,
)
from pcqa_sim.scenario.groups.backoffice import RESULT, BackOffice, PaperItem
from pcqa_sim.scenario.groups.calendar import Calendar, OpeningHours, RunSettings
from pcqa_sim.scenario.groups.care_homes import CareHomes, WeeklyRound
from pcqa_sim.scenario.groups.channels import NEXT_ACTIONS, AfterFailure, Channels, FormFactors, OnlineForm, Redial
from pcqa_sim.scenario.groups.community import Champions, CommunityPlace, Effect, PlaceHours
from pcqa_sim.scenario.groups.costs import Costs
from pcqa_sim.scenario.groups.demand import DaysDiffer, Demand, Deterioration, Kind, Rush, SafeWithin
from pcqa_sim.scenario.groups.mdt import Level, Mdt, Member, Selection, Severity
from pcqa_sim.scenario.groups.network import EnhancedAccess, HandOff, Hub, Network, SharedReception, SharedRole
from pcqa_sim.scenario.groups.outcome import Outcome
from pcqa_sim.scenario.groups.people import MOST_TIMES, Age, FrequentProgramme, People, Response, Segment, State
from pcqa_sim.scenario.groups.phones import (
    AdminLine,
    Callback,
    ClosedMessage,
    ExtendedHours,
    LateMessage,
    Menu,
    Patience,
    Phones,
    Talk,
)
from pcqa_sim.scenario.groups.planned import Planned, Programme
from pcqa_sim.scenario.groups.profile import Observed, ObservedBand, PracticeProfile
from pcqa_sim.scenario.groups.role import HALVES, STAFF, Judgement, Person, Role, Session, SlotBlock
from pcqa_sim.scenario.groups.rota import Duty, Rota
from pcqa_sim.scenario.groups.triage import BooksAhead, ClinicianTriage, FormFirst, Recogniser, SentOn, Triage

__all__ = [
    "HALVES",
    "MOST_TIMES",
    "NEXT_ACTIONS",
    "ON_THE_DAY",
    "RESULT",
    "STAFF",
    "AdminLine",
    "AfterFailure",
    "Age",
    "Appointments",
    "BackOffice",
    "BookedBy111",
    "BooksAhead",
    "Calendar",
    "Callback",
    "CareHomes",
    "Champions",
    "Channels",
    "ClinicianTriage",
    "ClosedMessage",
    "CommunityPlace",
    "ComplexNeeds",
    "Costs",
    "DaysDiffer",
    "Demand",
    "Deterioration",
    "Duty",
    "Effect",
    "EnhancedAccess",
    "ExtendedHours",
    "FormFactors",
    "FormFirst",
    "FrequentProgramme",
    "HandOff",
    "HomeVisits",
    "Hub",
    "Judgement",
    "Kind",
    "LateMessage",
    "Level",
    "Mdt",
    "Member",
    "Menu",
    "Network",
    "NotAttending",
    "Observed",
    "ObservedBand",
    "OnlineForm",
    "OpeningHours",
    "Outcome",
    "PaperItem",
    "Patience",
    "People",
    "Person",
    "Phones",
    "PlaceHours",
    "Planned",
    "PracticeProfile",
    "Programme",
    "Recogniser",
    "Redial",
    "Release",
    "Response",
    "Role",
    "Rota",
    "RunSettings",
    "Rush",
    "SafeWithin",
    "Segment",
    "Selection",
    "SentOn",
    "Session",
    "Severity",
    "SharedReception",
    "SharedRole",
    "SlotBlock",
    "State",
    "Talk",
    "Triage",
    "WaitingList",
    "WeeklyRound",
]
