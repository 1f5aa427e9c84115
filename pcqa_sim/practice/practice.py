"""One open practice during a run, put together from its parts: people, reception, appointments, consultations, office.

It is made anew for each run from frozen settings, and changes those when a phase begins.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.covering import Covering
from pcqa_sim.clinic.deterioration import Worsening
from pcqa_sim.clinic.need_rules import kind_rules
from pcqa_sim.clinic.staff import clinicians_of, usual_clinicians
from pcqa_sim.community.care_homes import Homes
from pcqa_sim.community.places import Community
from pcqa_sim.frontdoor.form_first import FormFirst
from pcqa_sim.frontdoor.next_action import AfterFailing, NextActions, PlacesByNeed, Redials
from pcqa_sim.frontdoor.online_form import Form
from pcqa_sim.frontdoor.recognition import Recognition
from pcqa_sim.frontdoor.triage import model_of
from pcqa_sim.frontdoor.triage.policy import decider_of, recognises_as
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.network.elsewhere import Elsewhere
from pcqa_sim.network.mdt_people import Lately
from pcqa_sim.network.rounds import Rounds
from pcqa_sim.population.busy_days import BusyDays
from pcqa_sim.population.frequent import FrequentAttenders
from pcqa_sim.population.need_generation import Appetite, AskingTimes
from pcqa_sim.population.people import People, draw_people
from pcqa_sim.population.recalls import Recall
from pcqa_sim.population.states import States
from pcqa_sim.practice.app_booking import AppBooking
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.consulting import Consulting
from pcqa_sim.practice.emergency import EmergencyCapacity
from pcqa_sim.practice.expectations import Expectations
from pcqa_sim.practice.experience import Experience
from pcqa_sim.practice.in_force import InForce
from pcqa_sim.practice.office_hours import OfficeHours
from pcqa_sim.practice.reception import Reception
from pcqa_sim.practice.recorder import Recorder
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.practice.triage_view import TriageView
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import day_of, week_of
from pcqa_sim.values.distributions import Choice, Distribution, Exponential
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity, world_key
from pcqa_sim.values.needs import APP, DESK, PHONE, PLANNED_FOLLOW_UP, Contact, Need

INBOX, CALLBACK = "inbox", "callback"
"""Places, beside the desk, at which it may show that a need is urgent before anybody has spoken to the person."""

_CARE_HOME_LINE: Final = activity("keeps_to_care_home_line")
_INVITED_CHANNEL: Final = activity("channel_of_invited")


@mypyc_attr(allow_interpreted_subclasses=True)
class OpenPractice:
    """One practice at work."""

    def __init__(
        self,
        env: Environment,
        scenario: Scenario,
        key: str,
        event_log: EventLog,
        seed: int,
        rep: int,
        handlers: Pool | None = None,
        rounds: Rounds | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.env = env
        settings = scenario.practices[key]
        self._scenario, self.key = scenario, key
        self.calendar = scenario.calendar.working()
        self.world = world_key(seed, rep, key)
        self._luck = (seed, rep, self.world)
        self.people: People = draw_people(self.world, settings.people, settings.list_size)
        self.states = States(self.people)
        self.experience = Experience(env, self.states)
        programme = settings.people.frequent_programme
        self.frequent = None if programme is None else FrequentAttenders(programme, self.people.key)
        self.lately = Lately(len(self.people)) if scenario.mdt else None
        self._in_care_home: list[bool] = (np.array(self.people.segments)[self.people.segment] == CARE_HOME).tolist()
        shared = scenario.network.shared_reception
        self._other_reception = 1.0 if shared is None else shared.talk_factor
        self.absences = Absences(self.world, scenario.weeks * 7, self.calendar.start)
        self.recorder = Recorder(env, event_log, key)
        self.reception = Reception(env, self.recorder, self.calendar, settings, handlers)
        self.book = AppointmentBook(
            env, self.recorder, self.calendar, self.absences, self.settings_in, rounds, key, elsewhere
        )
        self.elsewhere = elsewhere
        network = scenario.network
        self.hand_off = network.hand_off if network.sees_elsewhere else None
        self.requests = SlotRequests(self.people, self.hand_off)
        world = None if rounds is None else rounds.world
        self.consulting = Consulting(self.world, self.people, world, self.hand_off)
        self.office = OfficeHours(env, self.recorder)
        self.expectations = Expectations(settings.start_belief, self.people)
        self.form = Form(settings.channels.form, settings.list_size, self.calendar)
        self.app = AppBooking(self.requests, self.book)
        self.community = Community(env, self.calendar, self.people, self.world)
        self.homes = Homes(self.people, self.world)
        self.emergency = EmergencyCapacity(env, self.requests, self.book)
        self.triage_view = TriageView(env, self.requests, self.book, self.emergency)
        self._places: dict[str, int] = {}
        self._panel: dict[int, str] = {}  # whom a team has taken on, and its doctor
        self._use(settings)

    @property
    def today(self) -> int:
        """Return the day of the run."""
        return day_of(self.env.now)

    def turn_to(self, scenario: Scenario) -> None:
        """Follow another scenario from now on, in which all that could be seen until now is the same."""
        self._scenario = scenario

    def settings_in(self, week: int) -> Practice:
        """Return the settings that hold in a week of the run."""
        return self._scenario.in_force(self.key, week)

    def _use(self, settings: Practice) -> None:
        """Let settings take effect; booked slots, calls under way and what has been learnt stay."""
        self.settings = settings
        self.in_force = InForce(settings)
        self.kinds = kind_rules(settings)
        self.kind_names = tuple(self.kinds)
        self.appetite = Appetite(self.people, settings.demand, settings.channels)
        self.busy_days = BusyDays.of(*self._luck, settings.demand.days_differ)
        self.recall = Recall(self.people, settings.planned, len(settings.demand.kinds), self.calendar.start)
        self.triage = model_of(settings.triage)
        self.decider = decider_of(self.triage)
        self.recognition = _recognition(settings, recognises_as(self.triage), self.world)
        self.worsening = self._worsening(settings)
        self.redials = Redials.of(settings.channels.redial)
        self.next_actions = NextActions.of(settings.channels)
        after_failure = settings.channels.after_failure
        self.after_failing = None if after_failure is None else AfterFailing(after_failure)
        self.places_by_need = PlacesByNeed(settings.channels.elsewhere_in_emergency)
        self.rush_delay: Distribution = Exponential(settings.demand.rush.after_opening_mean_min)
        self._asking = tuple(AskingTimes(settings.demand.asking_profile.of_weekday(d)) for d in range(7))
        self._usual = usual = usual_clinicians(settings, self.people)
        for person, clinician in self._panel.items():
            usual[person] = clinician
        covering = Covering(settings, self.calendar.hours)
        self.requests.use(settings, self.kinds, usual, covering)
        self.app.use(covering)
        self.consulting.use(settings, self.kinds, usual)
        self._invited_by: dict[str, Choice | None] = {}
        self.form.rules = settings.channels.form
        self.form_first = self._form_first(settings)
        self.reception.use(settings, self.kinds)
        self.care_home_line = settings.phones.care_home_line_share
        self.shown = _shown(settings) if self.recognition is not None else {}
        self.reception.phone.shows = self._shows_for_callback if self.shown.get(CALLBACK) else None
        self.reception.phone.moves = None if self.form_first is None else self._is_moved
        for part in (self.book, self.office, self.expectations, self.emergency, self.community, self.homes):
            part.use(settings)
        self._note_capacity()

    def _worsening(self, settings: Practice) -> Worsening | None:
        rules, people = settings.demand.deterioration, self.people
        return (
            None if rules is None else Worsening(rules, settings.demand.safe_within, people.age.tolist(), people.ages)
        )

    def _form_first(self, settings: Practice) -> FormFirst | None:
        rules, people = settings.triage.form_first, self.people
        return None if rules is None else FormFirst(rules, people.digital.tolist(), people.age.tolist(), people.ages)

    def _is_moved(self, contact: Contact) -> bool:
        """Tell whether the phone message moves a caller to the form."""
        first, need = self.form_first, contact.need
        if first is None or self.kinds[need.kind].administrative:
            return False
        return first.moves(need, self.form.is_there(self.env.now))

    def in_care_home(self, person: int) -> bool:
        """Tell whether a person lives in a care home, whose staff ask for them."""
        return self._in_care_home[person]

    def uses_care_home_line(self, need: Need) -> bool:
        """Tell whether the staff of a care home call about a resident on the line kept for them."""
        share = self.care_home_line
        return share > 0 and self._in_care_home[need.person] and need.luck.first(_CARE_HOME_LINE) < share

    def shows(self, contact: Contact, place: str) -> bool:
        """Tell whether it shows at a place, before anybody speaks to a person, that their need is urgent."""
        share, need = self.shown.get(place, 0.0), contact.need
        if share == 0 or self.recognition is None or not self.kinds[need.kind].clinical:
            return False
        return contact.cause != PLANNED_FOLLOW_UP and self.recognition.shows(need, share)

    def _shows_for_callback(self, contact: Contact) -> bool:
        return self.shows(contact, CALLBACK)

    def first_channel(self, need: Need, usual: str) -> str:
        """Return through which channel a person begins to ask, by what they have learnt and what is asked of them."""
        channel = self.expectations.first_channel(need, usual)
        first = self.form_first
        if first is None or self.kinds[need.kind].administrative:
            return channel
        return first.channel(need, channel, self.form.is_there(self.env.now))

    def talk_factor(self, need: Need) -> float:
        """Return what the minutes of a talk at reception are multiplied by: a form may be filled in meanwhile."""
        rules, first = self.kinds[need.kind], self.form_first
        on_behalf = first is not None and not rules.administrative and not need.heard
        factor = rules.talk_factor * self._other_reception
        return factor * first.rules.fills_in_factor if first is not None and on_behalf else factor

    def asking_minute(self, day: int, u: float) -> float:
        """Return a minute of a working day at which a person might ask, drawn from the asking profile."""
        hours = self.calendar.hours_of(day)
        assert hours is not None
        return self.asking_minute_between(day, hours.opens, hours.closes, u)

    def asking_minute_between(self, day: int, opens: int, closes: int, u: float) -> float:
        """Return a minute of the day between two others at which a person might ask, from the asking profile."""
        return self._asking[day % 7].minute(opens, closes, u)

    def channel_of_invited(self, need: Need) -> str:
        """Return through which channel a person asks who was invited to: phone, desk, or app if it has such slots."""
        if need.kind not in self._invited_by:
            self._invited_by[need.kind] = self._channels_of_invited(need.kind)
        choice = self._invited_by[need.kind]
        if choice is None:
            return PHONE
        return self.expectations.first_channel(need, choice.pick(need.luck.u(_INVITED_CHANNEL)))

    def _channels_of_invited(self, kind: str) -> Choice | None:
        """Return the channels through which people ask for a programme, as a choice; None where nobody uses any."""
        programme = self.kinds[kind].programme
        in_app = programme is not None and self.app.shows(programme.role)
        first = self.settings.channels.first.clinical
        shares = {channel: first[channel] for channel in (PHONE, DESK, APP) if channel != APP or in_app}
        return Choice(tuple(shares), tuple(shares.values())) if sum(shares.values()) else None

    def take_on(self, person: int, role: str) -> None:
        """Let the doctor of a team be somebody's usual clinician from now on: the first of the role."""
        doctors = clinicians_of(self.settings, role)
        if doctors:
            self._panel[person] = self._usual[person] = doctors[0]

    def give_back(self, person: int) -> None:
        """Let somebody whom a team had taken on have their own usual clinician again."""
        if self._panel.pop(person, None) is not None:
            self._usual[person] = usual_clinicians(self.settings, self.people)[person]

    def _note_capacity(self) -> None:
        """Write how many people each place of the community looks after at once, where that has changed."""
        for name, now in self.community.capacities().items():
            if self._places.get(name) != now:
                self._places[name] = now
                self.recorder.note_world(log.PLACE_CAPACITY, name, amount=now)

    def begin_day(self) -> None:
        """Begin a day at midnight: a phase may start, states change, a further day can be booked, papers come in."""
        today = self.requests.today = self.today
        settings = self.settings_in(week_of(self.env.now))
        if settings is not self.settings:
            self._use(settings)
        if today % 7 == 0 and (hazards := self.community.effects.hazards(self.env.now)) is not None:
            self.states.support(*hazards)
        changed = self.states.begin_day(today)
        self.recorder.note_states(changed.tolist(), self.states.unsettled[changed].tolist())
        if self.community.grow(today):
            self._note_capacity()
        self.book.open_to(today + self.settings.appointments.horizon_days)
        if self.calendar.hours_of(today) is not None:
            self.office.begin_day()

    def end_day(self) -> None:
        """Close: callers still waiting are cut off, the day becomes experience, and what nobody booked lapses."""
        self.reception.close_lines()
        self.expectations.end_day()
        self.recorder.note_world(log.BELIEF, amount=self.expectations.belief.value)
        self.office.end_day()
        self.book.end_day()


def _shown(settings: Practice) -> dict[str, float]:
    """Return by place the share of urgent needs that show there, none where people are taken in turn."""
    rules = settings.triage.priority
    return {} if rules is None else {DESK: rules.desk, INBOX: rules.inbox, CALLBACK: rules.callback}


def _recognition(settings: Practice, reception: str, world: int) -> Recognition | None:
    """Return how a practice recognises what is urgent, None where nobody is asked to."""
    recognisers = settings.triage.recognition
    return Recognition(recognisers, reception, world) if recognisers else None
