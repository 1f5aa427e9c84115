"""A practice that answers as it is told, for tests of one part of the patient's story at a time.

Clock, log, settings, diary and paperwork are real; the others are as small as can be. What was asked of them is kept.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from onepart import CALENDAR, CLOSES, NINE, OPENS, Pen, Row, small_practice

from pcqa_sim.clinic.clinicians import Clinician
from pcqa_sim.clinic.consultation import Chances, Squeezing
from pcqa_sim.clinic.diary import Diary
from pcqa_sim.clinic.need_rules import kind_rules
from pcqa_sim.community.care_homes import Homes
from pcqa_sim.community.places import Community
from pcqa_sim.frontdoor.channel_memory import ChannelMemory
from pcqa_sim.frontdoor.next_action import NextActions, PlacesByNeed, Redials
from pcqa_sim.frontdoor.online_form import Form
from pcqa_sim.frontdoor.phone import Call, Phone
from pcqa_sim.frontdoor.triage.policy import Triage
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.timing import PatientTiming
from pcqa_sim.kernel.environment import Event
from pcqa_sim.population.people import draw_people
from pcqa_sim.population.states import States
from pcqa_sim.practice.app_booking import AppBooking
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.consulting import Consulting
from pcqa_sim.practice.emergency import EmergencyCapacity
from pcqa_sim.practice.expectations import Expectations
from pcqa_sim.practice.experience import Experience
from pcqa_sim.practice.in_force import InForce
from pcqa_sim.practice.office_hours import OfficeHours
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.practice.reception import Reception
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.practice.triage_view import TriageView
from pcqa_sim.scenario.groups import Channels, Programme
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import Choice, Deterministic
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import (
    ANY_MODE,
    CALL_ANOTHER_DAY,
    DESK,
    GAVE_UP,
    PHONE,
    Contact,
    Disposition,
    Need,
    Slot,
    SlotRequest,
)

Waiting = Generator[Event, Any, Any]
CALL_MIN, TALK_MIN = 1.0, 2.0


class FakePhone(Phone):
    """Every call is answered after a minute, unless `ends` says how the next ones end and why."""

    def __init__(self, pen: Pen) -> None:
        self._own_pen = pen
        self.ends: list[tuple[str, str]] = []
        self.called: list[tuple[float, float]] = []  # when, and with which priority
        self.talked: list[float] = []
        self.free_again: list[float] = []

    def call(self, contact: Contact, priority: float = 0) -> Waiting:
        self.called.append((self._own_pen.env.now, priority))
        yield self._own_pen.env.timeout(CALL_MIN)
        return Call(contact, *(self.ends.pop(0) if self.ends else (log.ANSWERED, "")))

    def talk(self, call: Call, factor: float) -> Waiting:
        self.talked.append(factor)
        yield self._own_pen.env.timeout(TALK_MIN * factor)

    def wrap_up(self, call: Call) -> None:
        self.free_again.append(self._own_pen.env.now)


class FakeReception(Reception):
    """Serves everybody at once; `keeps` tells whether people keep to the administrative line."""

    def __init__(self, pen: Pen, channels: Channels) -> None:
        self._own_pen = pen
        self._channels = channels
        self.phone = FakePhone(pen)
        self.keeps = False
        self.served: list[tuple[float, float, float]] = []  # when, priority and minutes

    def lines_open(self, minute: float) -> bool:
        return CALENDAR.is_open(minute)

    def keeps_to_admin_line(self, need: Need) -> bool:
        return self.keeps

    def minutes_at(self, place: str, need: Need) -> float:
        return self._channels.desk_min if place == DESK else self._channels.inbox_min

    def serve(self, contact: Contact, priority: float, minutes: float) -> Waiting:
        self.served.append((self._own_pen.env.now, priority, minutes))
        yield self._own_pen.env.timeout(minutes)


class FakeBook(AppointmentBook):
    """Offers the slots it is given, one after the other, and then none."""

    def __init__(self) -> None:
        self.diary = Diary()
        self.has_begun = False
        self.slot_requests: list[SlotRequest] = []
        self._offers: list[Slot] = []
        self._elsewhere, self._key = None, ""

    def offer(self, *slots: Slot) -> None:
        self.diary.open(slots)
        self._offers += slots

    def earliest(self, slot_request: SlotRequest) -> Slot | None:
        self.slot_requests.append(slot_request)
        return self._offers.pop(0) if self._offers else None

    def kept_for_flagged(self, slot_request: SlotRequest) -> Slot | None:
        return None

    def extra(self, slot_request: SlotRequest) -> Slot | None:
        return None

    @property
    def last_list_has_begun(self) -> bool:
        return self.has_begun

    def put_on(self, slot: Slot) -> None:
        slot.opens = 0.0
        self.diary.open((slot,))


class FakeRequests(SlotRequests):
    """Slot requests that can be told from one another by role, usual clinician and day."""

    def __init__(self) -> None:
        self._hand_off = None
        self.wants_after_days, self.today = 0, 0
        self._travel_min = 0.0
        self.sees_instead: dict[str, str] = {}
        self.late = False

    def wanted_days(self, need: Need) -> int:
        return self.wants_after_days

    def saw(self, person: int) -> None:
        return None

    def is_late(self, need: Need, days: float) -> bool:
        return self.late

    def modes(self, need: Need) -> frozenset[str]:
        return ANY_MODE

    def who_sees(self, contact: Contact, role: str) -> str:
        return self.sees_instead.get(role, role)

    def again(self, need: Need, role: str) -> SlotRequest:
        return SlotRequest(role, 1, 1, urgent=True)

    def invited(self, need: Need, programme: Programme) -> SlotRequest:
        return SlotRequest(programme.role, 2, 2)

    def follow_up(self, need: Need, slot: Slot, days: float) -> SlotRequest:
        return SlotRequest(slot.role, int(days), int(days), usual=slot.clinician)


class FakeExpectations(Expectations):
    """Remembers channels like the real one; what requests taught is kept, not learnt."""

    def __init__(self) -> None:
        self.channels = ChannelMemory()
        self.learnt: list[str] = []
        self.share = 0.0
        self.turns_to: dict[str, str] = {}

    def learn(self, contact: Contact, disposition: Disposition) -> None:
        self.learnt.append(disposition.name)

    def never_times(self) -> None:
        return None

    def rushing_share(self) -> float:
        return self.share

    def first_channel(self, need: Need, usual: str) -> str:
        return self.turns_to.get(usual, usual)


class FakeForm(Form):
    """Takes every request; `why` says why it refuses, `waits` whether it is closed as the practice is."""

    def __init__(self) -> None:
        self.why, self.waits = "", False

    def refuses(self, now: float) -> str:
        return self.why

    def opens_with_the_practice(self, now: float) -> bool:
        return self.waits

    def next_opening(self, now: float) -> float:
        return float((day_of(now) + 1) * DAY + OPENS)


class FakeApp(AppBooking):
    """Shows one slot to everybody, or none."""

    def __init__(self) -> None:
        self.shown: Slot | None = None

    def slot(self, contact: Contact, u: float) -> Slot | None:
        return self.shown

    def shows(self, role: str) -> bool:
        return False


class FakeTriage(Triage):
    """Decides as it is told, and tells everybody to call another day afterwards."""

    decider = "call_handler"

    def __init__(self) -> None:
        self.decisions: list[Disposition] = []

    def decide(self, contact: Contact, now: object, luck: Luck) -> Disposition:
        return self.decisions.pop(0) if self.decisions else Disposition(CALL_ANOTHER_DAY)


class FakeRedials(Redials):
    """Redials after some minutes, or not at all."""

    def __init__(self, asked: list[object]) -> None:
        self.redial_after: float | None = None
        self.asked = asked

    def delay(self, cause: str, tries: int, luck: Luck) -> float | None:
        self.asked.append((cause, tries))
        return self.redial_after


class FakeNextActions(NextActions):
    """One action for everybody."""

    def __init__(self, asked: list[object]) -> None:
        self.action = GAVE_UP
        self.asked = asked

    def choose(self, luck: Luck, only_here: bool = False, places: Choice | None = None) -> str:
        self.asked.append(only_here)
        return self.action


class FakeConsulting(Consulting):
    """Consultations that resolve by the chances given."""

    def __init__(self) -> None:
        self.chances_are = Chances(1.0, 1.0)
        self.usual = ""
        self.asked: list[bool] = []  # squeezed or not
        self.saw_whom: list[tuple[int, str]] = []
        self.squeeze = Squeezing(small_practice().appointments.squeeze)

    def chances(self, need: Need, slot: Slot, squeezed: bool) -> Chances:
        self.asked.append(squeezed)
        return self.chances_are

    def clinician(self, slot: Slot) -> Clinician:
        return Clinician(1.0, 1.0, 1.0)

    def saw(self, person: int, clinician: str) -> bool:
        self.saw_whom.append((person, clinician))
        return clinician == self.usual

    def most_continuity(self) -> None:
        return None

    def days_until(self, person: int, role: str, days: float) -> float:
        return days


class FakeStates(States):
    """Keeps what it is told happened to whom, and when."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, float]] = []

    def note(self, happening: str, person: int, minute: float, times: float = 1.0) -> None:
        self.told.append((happening, person, minute))


class FakePractice(OpenPractice):
    """The practice as the journey's parts see it, from nine on the first Monday unless `start` says otherwise."""

    def __init__(self, changes: dict[str, object] | None = None, start: float = NINE, *overrides: str) -> None:
        self.hand_off = None
        self.pen = Pen(start)
        self.env, self.recorder, self.calendar = self.pen.env, self.pen.recorder, CALENDAR
        self.settings = small_practice({"backoffice.backlog_at_start_days": 0.0} | (changes or {}), *overrides)
        self.in_force = InForce(self.settings)
        self.kinds = kind_rules(self.settings)
        self.kind_names = tuple(self.kinds)
        self.book, self.requests, self.reception = (
            FakeBook(),
            FakeRequests(),
            FakeReception(self.pen, self.settings.channels),
        )
        self.office = OfficeHours(self.env, self.recorder)
        self.office.use(self.settings)
        self.told_states = FakeStates()
        self.experience = Experience(self.env, self.told_states)
        self.expectations, self.form, self.app = FakeExpectations(), FakeForm(), FakeApp()
        self.triage, self.consulting = FakeTriage(), FakeConsulting()
        self.decider = self.triage.decider
        self.form_first = None
        self.frequent = self.lately = None
        self._invited_by = {}
        self.recognition = self.worsening = None
        self.care_home_line = 0.0
        self._in_care_home = [False] * 50
        self._other_reception = 1.0
        self.shown: dict[str, float] = {}
        self.emergency = EmergencyCapacity(self.env, self.requests, self.book)
        self.emergency.use(self.settings)
        people = draw_people(1, self.settings.people, 50)
        self.community = Community(self.env, CALENDAR, people, 1)
        self.community.use(self.settings)
        self.homes = Homes(people, 1)
        self.homes.use(self.settings)
        self.triage_view = TriageView(self.env, self.requests, self.book, self.emergency)
        asked: list[object] = []
        self.redials, self.next_actions = FakeRedials(asked), FakeNextActions(asked)
        self.after_failing = None
        self.places_by_need = PlacesByNeed({})
        self.rush_delay = Deterministic(5.0)

    def asking_minute(self, day: int, u: float) -> float:
        return self.asking_minute_between(day, OPENS, CLOSES, u)

    def asking_minute_between(self, day: int, opens: int, closes: int, u: float) -> float:
        return opens + u * (closes - opens)

    def rows(self, *events: str) -> list[Row]:
        return self.pen.rows(*events)


class FakeTiming(PatientTiming):
    """Everybody acts at once or at the minute given, and whoever aims at opening calls five minutes after it."""

    def __init__(self) -> None:
        pass

    def working_time(self, need: Need, earliest: float) -> float:
        return earliest

    def after_opening(self, need: Need) -> float:
        return 5.0

    def aims_at_opening(self, need: Need, share: float) -> bool:
        return share > 0.5


class FakeContacts(Contacts):
    """Opens contacts; what else was asked of it is kept, with the minute."""

    def __init__(self, practice: FakePractice) -> None:
        self._env = practice.env
        self.timing = FakeTiming()
        self.did: list[tuple[object, ...]] = []
        self.opened: list[Contact] = []
        self.cannot_wait = False

    def arise(self, need: Need) -> None:
        self._keep("arise", need.kind)

    def tries_again(self, contact: Contact) -> bool:
        return True

    def open(self, need: Need, parent: Contact | None, cause: str, channel: str) -> Contact:
        contact = Contact(need, need.contacts, -1 if parent is None else parent.ordinal, cause, channel, self._env.now)
        need.contacts += 1
        self.opened.append(contact)
        self._keep("open", cause, channel)
        return contact

    def ask_again(self, at: float, contact: Contact, cause: str, channel: str = PHONE) -> None:
        self._keep("ask again", at, cause, channel)

    def ask_again_about(self, what: str, at: float, contact: Contact, cause: str, channel: str = PHONE) -> None:
        self._keep("ask again about", what, at, cause, channel)

    def goes_at_once(self, contact: Contact) -> bool:
        return self.cannot_wait

    def choose_next_action(self, contact: Contact, cause: str) -> None:
        self._keep("choose", cause)

    def close(self, contact: Contact, ending: str) -> None:
        self._keep("close", ending)

    def _keep(self, *what: object) -> None:
        self.did.append((self._env.now, *what))
