"""One open practice during a run: its people, phones, clinicians, diary and belief, and the day's fixed acts.

It is made anew for each run from frozen settings, changes those when a phase begins, and answers what a triage
model may ask (`policies.PracticeNow`).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from simpy import Environment

from pcqa_sim.clinic.clinicians import Clinician, draw_clinician
from pcqa_sim.clinic.consultation import Chances, FateRule, RedialRule
from pcqa_sim.clinic.covering import Covering
from pcqa_sim.clinic.diary import Counts, Diary
from pcqa_sim.clinic.need_rules import KindRules, kind_rules
from pcqa_sim.clinic.overbooking import extra_slot, put_on
from pcqa_sim.clinic.paperwork import Office, Paperwork
from pcqa_sim.clinic.rota import (
    CALL_HANDLER,
    FRONT_DESK,
    GP,
    Absences,
    Clinic,
    call_handlers,
    call_handlers_absent,
    clinics,
    usual_clinicians,
)
from pcqa_sim.frontdoor.channel_memory import Experience, other_channel
from pcqa_sim.frontdoor.cross_training import CrossTrained
from pcqa_sim.frontdoor.morning_rush import Belief
from pcqa_sim.frontdoor.online_form import Form
from pcqa_sim.frontdoor.phone import Phone, PhoneRules
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.population.need_generation import Appetite, AskingTimes
from pcqa_sim.population.people import People, draw_people
from pcqa_sim.population.recalls import Recall
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.groups import Programme
from pcqa_sim.scenario.reach import HOUSEBOUND
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of, week_of
from pcqa_sim.values.distributions import Exponential, LogNormal
from pcqa_sim.values.eventlog import NOBODY, EventLog
from pcqa_sim.values.luck import activity, world_key
from pcqa_sim.values.needs import (
    ANY_MODE,
    APPOINTMENT_STANDS,
    AT_HOME_ONLY,
    PLANNED_FOLLOW_UP,
    RING_ANOTHER_DAY,
    SEEN_ONLY,
    Contact,
    Disposition,
    Need,
    Slot,
    Wish,
)

_WANTED = activity("wanted_days", often=True)
_FACE_TO_FACE = activity("has_to_be_seen", often=True)
_AT_HOME = activity("at_home")
_ACCEPTS_LATER = activity("accepts_a_later_day", often=True)
_INVITED_FOR = activity("invited_for")
_ADMIN_LINE = activity("keeps_to_admin_line")
_TURNS_AWAY = activity("turns_away_from_a_channel")

_A_WEEK = 7  # days within which whoever has been seen already can be seen again, urgent as the need was at first


class OpenPractice:
    """One practice at work."""

    def __init__(
        self, env: Environment, scenario: Scenario, key: str, event_log: EventLog, seed: int, rep: int
    ) -> None:
        self.env = env
        self._scenario = scenario
        self._key = key
        self._index = event_log.practices.index(key)
        self._add = event_log.add  # straight into the list of rows: the hottest line of a run
        self.settings = settings = scenario.practices[key]
        self.calendar = scenario.calendar.working()
        self.world = world = world_key(seed, rep, key)
        self.people: People = draw_people(world, settings.people, settings.list_size, scenario.end)
        self.continuity = np.ones(len(self.people))
        self._housebound = np.isin(np.array(self.people.segments)[self.people.segment], HOUSEBOUND)
        self.handlers = Pool(env)
        self.front = Pool(env)
        self.phone = Phone(env, self.handlers, self.note, PhoneRules.of(settings.phones), self.calendar.is_open)
        self.cross_trained = CrossTrained(self.handlers, self.front, self._note_moved)
        self.form = Form(settings.channels.form, settings.list_size, self.calendar)
        self.experience = Experience()
        self.belief = Belief(settings.start_belief)
        self.diary = Diary()
        self.absences = Absences(world, scenario.weeks * 7)
        self.paperwork: dict[str, Paperwork] = {}
        self.clinics_on: dict[int, list[Clinic]] = {}
        self._clinicians: dict[str, Clinician] = {}
        self.today = 0  # the day of the run; every day begins with begin_day
        self._booked_to = -1
        self._last_start = 0.0
        self.needs_open = 0
        self._use(settings)

    def _use(self, settings: Practice) -> None:
        """Let settings take effect; booked slots stay."""
        self.settings = settings
        self.phone.rules = PhoneRules.of(settings.phones)
        self.cross_trained.follow(settings.rota.helps_phone_from)
        self.form.rules = settings.channels.form
        self.triage = TRIAGE[settings.triage.kind](settings.triage)
        self.redial = RedialRule.of(settings.channels.redial)
        self.fates = FateRule.of(settings.channels)
        self.rush_delay = Exponential(settings.demand.rush.after_opening_mean_min)
        self.kinds = kind_rules(settings)
        self.kind_names = tuple(self.kinds)
        self.appetite = Appetite(self.people, settings.demand, settings.channels)
        self.recall = Recall(self.people, settings.planned, len(settings.demand.kinds))
        self._asking = tuple(AskingTimes(settings.demand.asking_profile.of_weekday(d)) for d in range(7))
        self._usual = usual_clinicians(settings, self.people)
        self._minutes: dict[tuple[str, str, str, bool], LogNormal] = {}
        look = settings.triage.first_look
        self._look_law = None if look is None else LogNormal.from_mean(look.mean_min, look.cv)
        self._covering = Covering(settings, self.calendar.hours)
        missing = settings.appointments.not_attending
        self.missing_factor = self.people.factor(missing.age_factor, None, missing.deprivation_factor)
        self.office = Office(settings)
        for role in settings.role:
            backlog = self.list_paperwork(role) * settings.backoffice.backlog_at_start_days
            self.paperwork.setdefault(role, Paperwork(backlog))

    def list_paperwork(self, role: str) -> float:
        """Return the minutes of paperwork that the list makes for a role on a working day."""
        return sum(self.office.of_list.get(role, {}).values())

    @property
    def minute(self) -> float:
        """Return the simulated minute."""
        return float(self.env.now)

    def keeps_to_admin_line(self, need: Need) -> bool:
        """Tell whether a person would ring the line for administrative requests, and not the main one."""
        line = self.settings.phones.admin_line
        mine = line is not None and self.kinds[need.kind].administrative
        return mine and line is not None and need.luck.first(_ADMIN_LINE) < line.used_share

    def first_channel(self, need: Need, usual: str) -> str:
        """Return through which channel a person begins to ask: the usual one, unless it let them down last time."""
        if not self.experience.let_down(need.person, usual):
            return usual
        turns_away = need.luck.first(_TURNS_AWAY) < self.settings.channels.first.away_after_failure_share
        return other_channel(usual, bool(self.people.digital[need.person])) if turns_away else usual

    def usual(self, person: int) -> str:
        """Return a person's usual clinician."""
        return self._usual[person]

    def usual_to_prefer(self, person: int) -> str:
        """Return a person's usual clinician if they have a preference, "" otherwise."""
        prefers = self.people.prefers[person] < self.settings.appointments.continuity.prefers_usual_share
        return self._usual[person] if prefers else ""

    def planned_role(self, kind: str) -> str:
        """Return the role that does a kind of planned care, "" for what people bring themselves."""
        programme = self.kinds[kind].programme
        return "" if programme is None else programme.role

    def who_sees(self, contact: Contact, role: str) -> str:
        """Return the role that is to see a person sent to a role: that one, unless it has no such appointments at all.

        Planned care stays with the role of its programme.
        """
        need = contact.need
        rules = self.kinds[need.kind]
        return role if rules.programme is not None else self._covering.instead(need, role, self.modes_for(need, rules))

    def wish(self, contact: Contact, role: str) -> Wish:
        """Return what a person would ask of the diary, if they are to see a role."""
        need = contact.need
        rules = self.kinds[need.kind]
        today = self.today
        if need.today:
            first = last = today
            if rules.accepts_later_share and need.luck.first(_ACCEPTS_LATER) < rules.accepts_later_share:
                last = today + rules.latest_days
        else:
            wanted = day_of(need.arose) + self.wanted_days(need)
            first = max(today, wanted)
            last = first + (max(_A_WEEK, rules.latest_days) if need.seen_by else rules.latest_days)
        usual = self.usual_to_prefer(need.person) if rules.relational and role == GP else ""
        return Wish(
            role=role,
            first=first,
            last=min(last, today + self.settings.appointments.horizon_days),
            modes=self.modes_for(need, rules),
            urgent=need.today,
            today_first=need.today,
            usual=need.seen_by if contact.cause == PLANNED_FOLLOW_UP else usual,
            tolerance=self.settings.appointments.continuity.tolerance_days,
            complex=self._is_complex(need, rules),
        )

    def _is_complex(self, need: Need, rules: KindRules) -> bool:
        """Tell whether a need is to have a longer first consultation, if there is one."""
        mine = self.settings.appointments.complex_needs
        if mine is None or not rules.relational or need.seen_by:
            return False
        return self.people.segments[self.people.segment[need.person]] in mine.segments

    def wanted_days(self, need: Need) -> int:
        """Return how many days after it arose a person wants a need seen to, at the earliest."""
        wanted = self.kinds[need.kind].wanted
        return 0 if wanted is None or need.today else int(wanted.quantile(need.luck.first(_WANTED)))

    def online_slot(self, contact: Contact, u: float) -> Slot | None:
        """Return the slot a person finds in the app, of a role that sees to such needs, or None."""
        need = contact.need
        found = self._covering.online(need.kind, self.modes_for(need, self.kinds[need.kind]), need.today)
        if found is None:
            return None
        wish = self.wish(contact, found.pick(u))
        return self.diary.online(wish, self.env.now)

    def invitation_days(self, need: Need, programme: Programme) -> tuple[int, int]:
        """Return the days, from today on, between which planned care is booked: each person has their own first day."""
        nearness = need.luck.first(_INVITED_FOR) ** 2
        first = programme.first_days + nearness * (programme.last_days - programme.first_days)
        first *= self.settings.planned.days_level
        return int(first), int(first) + programme.within_days

    def modes_for(self, need: Need, rules: KindRules) -> frozenset[str]:
        """Return the modes in which a need can be met: at home, face to face only, or any but at home."""
        may_be_at_home = rules.home_visit_share and (rules.programme is not None or self._housebound[need.person])
        if may_be_at_home and need.luck.first(_AT_HOME) < rules.home_visit_share:
            return AT_HOME_ONLY
        if rules.face_to_face_share and need.luck.first(_FACE_TO_FACE) < rules.face_to_face_share:
            return SEEN_ONLY
        return ANY_MODE

    def earliest(self, wish: Wish) -> Slot | None:
        """Return the slot the diary offers for a wish, or None; what is complex can be seen in any other slot too."""
        found = self.diary.earliest(wish, self.env.now)
        if found is None and wish.complex:
            found = self.diary.earliest(replace(wish, complex=False), self.env.now)
        return found

    def first_look(self) -> Wish:
        """Return what a request asks of the diary if a clinician is to take a first look at it: the soonest there is.

        Whoever does not want to be seen today can still be rung today.
        """
        look = self.settings.triage.first_look
        assert look is not None
        return Wish(look.role, self.today, self.today + look.within_days, frozenset({look.mode}), triage=True)

    def extra(self, wish: Wish) -> Slot | None:
        """Return the slot on top of a session that could be had for a wish, or None; `put_on` adds it."""
        return extra_slot(self.settings, self.clinics_on, wish, self.env.now)

    def put_on(self, slot: Slot) -> None:
        """Add an extra slot to its session and to the diary."""
        put_on(self.clinics_on[day_of(slot.start)], slot, self.env.now)
        self.diary.open((slot,))
        self.note_world(log.SLOTS_OPENED, slot.role, slot.rule, 1)

    def clinician(self, slot: Slot) -> Clinician:
        """Return who works a slot."""
        found = self._clinicians.get(slot.clinician)
        if found is None:
            role = self.settings.role[slot.role]
            found = self._clinicians[slot.clinician] = draw_clinician(self.world, slot.clinician, role)
        return found

    def consultation_law(self, slot: Slot, kind: str) -> LogNormal:
        """Return the law of a consultation's minutes by role, mode and kind of need, before the clinician's pace."""
        if slot.triage and self._look_law is not None:
            return self._look_law
        complex_needs = self.settings.appointments.complex_needs
        key = (slot.role, slot.mode, kind, slot.complex)
        found = self._minutes.get(key)
        if found is None:
            role = self.settings.role[slot.role]
            mean = role.consultation_min[slot.mode] * self.kinds[kind].minutes_factor  # type: ignore[index]
            mean *= complex_needs.minutes_factor if slot.complex and complex_needs else 1.0
            found = self._minutes[key] = LogNormal.from_mean(mean, role.consultation_cv)
        return found

    def chances(self, need: Need, slot: Slot, squeezed: bool) -> Chances:
        """Return how likely a consultation is to resolve a need."""
        rules = self.kinds[need.kind]
        effect, squeeze = self.settings.outcome.continuity, self.settings.appointments.squeeze
        stranger = rules.relational and slot.clinician not in (self._usual[need.person], need.seen_by)
        complex_needs = self.settings.appointments.complex_needs
        more = complex_needs.resolves_more_share if slot.complex and complex_needs else 0.0
        in_scope = rules.scope.get(slot.role, 0.0)
        return Chances(
            anybody=rules.best + (1 - rules.best) * more,
            role=in_scope + (1 - in_scope) * more,
            skill=self.clinician(slot).skill if rules.programme is None else 1.0,
            time=(squeeze.resolve_factor if squeezed else 1.0) * self._look_resolves(slot),
            continuity=effect.resolve_factor_without if stranger else 1.0,
        )

    def _look_resolves(self, slot: Slot) -> float:
        look = self.settings.triage.first_look
        return look.resolve_factor if slot.triage and look is not None else 1.0

    def knows(self, person: int, clinician: str) -> None:
        """Let a relational consultation change how soon a person needs help again: later, after their usual GP."""
        effect = self.settings.outcome.continuity
        rise, reference = effect.interval_rise, effect.reference_share
        mean = reference / (1 + rise) + (1 - reference)
        own = clinician == self._usual[person]
        self.continuity[person] = (1 / (1 + rise) if own else 1.0) / mean

    def asking_minute(self, day: int, u: float) -> float:
        """Return a minute of a working day at which a person might ask, drawn from the asking profile."""
        hours = self.calendar.hours_of(day)
        assert hours is not None
        return self.asking_minute_between(day, hours.opens, hours.closes, u)

    def asking_minute_between(self, day: int, opens: int, closes: int, u: float) -> float:
        """Return a minute of the day between two others at which a person might ask, from the asking profile."""
        return self._asking[day % 7].minute(opens, closes, u)

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about a contact."""
        need = contact.need
        self._add((self.env.now, self._index, need.person, need.number, contact.ordinal, event, who, code, amount))

    def note_need(self, need: Need) -> None:
        """Write that a need arose."""
        self.needs_open += 1
        origin = self.kinds[need.kind].origin
        self._add((self.env.now, self._index, need.person, need.number, NOBODY, log.NEED_AROSE, origin, need.kind, 0.0))

    def note_end(self, need: Need, contact: int, ending: str) -> None:
        """Write that a need ended."""
        self.needs_open -= 1
        self._add((self.env.now, self._index, need.person, need.number, contact, log.NEED_CLOSED, "", ending, 0.0))

    def note_world(self, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about the practice and nobody in particular."""
        self._add((self.env.now, self._index, NOBODY, NOBODY, NOBODY, event, who, code, amount))

    def saw(self, contact: Contact, disposition: Disposition) -> None:
        """Let the patients learn from what a same-day request late in the day got, while the day's clinics last."""
        late_from = self.settings.demand.rush.late_from
        if not contact.need.today or contact.opened % DAY < late_from or self.env.now > self._last_start:
            return
        if disposition.name != APPOINTMENT_STANDS:
            self.belief.saw(refused=disposition.name == RING_ANOTHER_DAY)

    def rushing_share(self) -> float:
        """Return the share of those who could ask at any time who ring at opening."""
        return self.belief.rushing_share(self.settings.demand.rush)

    def begin_day(self) -> None:
        """Begin a day at midnight: a phase may start, a further day can be booked, the list makes paperwork."""
        self.today = today = day_of(self.env.now)
        settings = self._scenario.in_force(self._key, week_of(self.env.now))
        if settings is not self.settings:
            self._use(settings)
        horizon = today + self.settings.appointments.horizon_days
        for day in range(self._booked_to + 1, horizon + 1):
            self._open_slots(day)
        self._booked_to = max(self._booked_to, horizon)
        if self.calendar.hours_of(today) is not None:
            for role, items in self.office.of_list.items():
                for item, minutes in items.items():
                    self.paperwork[role].add(item, minutes)

    def _open_slots(self, day: int) -> None:
        """Put a day's slots in the diary, by the settings that will be in force on that day."""
        if self.calendar.hours_of(day) is None:
            return
        self.clinics_on[day] = found = clinics(self._scenario.in_force(self._key, day // 7), day, self.absences)
        before = dict(self.diary.opened)
        self.diary.open(slot for clinic in found for slot in clinic.slots)
        self._note_counts(log.SLOTS_OPENED, self.diary.opened, before)

    def call_in_sick(self) -> list[Contact]:
        """Cancel the sessions of clinicians who are off sick today; return whose appointments were cancelled."""
        today = day_of(self.env.now)
        moved: list[Contact] = []
        kept: list[Clinic] = []
        told: set[str] = set()
        for clinic in self.clinics_on.get(today, ()):
            absence = self.settings.role[clinic.role].absence
            if not self.absences.sick(clinic.clinician, absence.sickness_share, absence.sickness_mean_days, today):
                kept.append(clinic)
                continue
            if clinic.clinician not in told:
                told.add(clinic.clinician)
                self.note_world(log.ABSENT, clinic.clinician, "sick")
            before = dict(self.diary.withdrawn)
            moved += self.diary.withdraw(clinic.slots)
            self._note_counts(log.SLOTS_WITHDRAWN, self.diary.withdrawn, before)
        self.clinics_on[today] = kept
        self._last_start = max((slot.start for clinic in kept for slot in clinic.slots), default=0.0)
        return moved

    def _note_counts(self, event: str, after: Counts, before: Counts) -> None:
        for (role, rule), count in after.items():
            if count > before.get((role, rule), 0):
                self.note_world(event, role, rule, count - before.get((role, rule), 0))

    def phone_roster(self, settings: Practice, day: int) -> dict[int, int]:
        """Return who answers calls on a working day, less those off sick: minute of the day -> people from then on."""
        absent = call_handlers_absent(settings, self.absences, day % 7, day)
        return call_handlers(settings, day % 7, absent)

    def roster(self, handlers: int) -> None:
        """Change how many people answer calls."""
        self.cross_trained.end()
        self.handlers.resize(handlers)
        self.note_world(log.ROSTER, CALL_HANDLER, amount=handlers)

    def roster_front(self, people: int) -> None:
        """Change how many people are at the desk and the inbox."""
        self.cross_trained.end()
        self.front.resize(people)
        self.note_world(log.ROSTER, FRONT_DESK, amount=people)

    def _note_moved(self, handlers: int, front: int) -> None:
        """Write that people of reception changed places."""
        self.note_world(log.ROSTER, CALL_HANDLER, amount=handlers)
        self.note_world(log.ROSTER, FRONT_DESK, amount=front)

    def list_stops(self, clinic: Clinic) -> bool:
        """Tell whether it is too late after a session to call anybody more in."""
        after = self.settings.role[clinic.role].overtime.list_stops_after_min
        return after is not None and self.env.now > clinic.ends + after

    def send_away(self, slot: Slot) -> list[Contact]:
        """Take a booked slot for which nobody will be called in out of the diary; return who had booked it, if any."""
        if slot.contact is None:
            return []
        before = dict(self.diary.withdrawn)
        moved = self.diary.withdraw([slot])
        self._note_counts(log.SLOTS_WITHDRAWN, self.diary.withdrawn, before)
        return moved

    def stays_on(self, clinic: Clinic, consulting: float, began: float) -> float:
        """Return the minutes a clinician stays on for paperwork: for what may wait no longer, and protected minutes."""
        rules = self.settings.role[clinic.role].overtime
        spare = max(self.env.now, clinic.ends) - began - consulting
        waiting = self.paperwork[clinic.role].waiting
        piled_up = waiting - rules.may_wait_days * self.list_paperwork(clinic.role)
        return min(rules.most_min, max(0.0, piled_up - spare, min(waiting, rules.protected_min) - spare))

    def session_ended(self, clinic: Clinic, began: float, consulting: float) -> list[Contact]:
        """Account for a session that is over, its spare minutes spent on paperwork; return whose results are back."""
        now = self.env.now
        rostered, overtime = clinic.ends - began, max(0.0, now - clinic.ends)
        rest = rostered + overtime - consulting
        paperwork = self.paperwork[clinic.role]
        back_office = paperwork.work(max(0.0, rest))
        for code, minutes in (
            (log.ROSTERED, rostered),
            (log.CONSULTING, consulting),
            (log.BACK_OFFICE, back_office),
            (log.IDLE, rest - back_office),
            (log.OVERTIME, overtime),
        ):
            self.note_world(log.SESSION_ENDED, clinic.clinician, code, minutes)
        return paperwork.finished()

    def end_day(self) -> None:
        """Close: callers still waiting are cut off, the day becomes experience, and what nobody booked lapses."""
        self.phone.close()
        self.belief.end_of_day(self.settings.demand.rush)
        self.note_world(log.BELIEF, amount=self.belief.value)
        for role, paperwork in self.paperwork.items():
            for item, minutes in paperwork.made().items():
                self.note_world(log.PAPERWORK_MADE, role, item, minutes)
            self.note_world(log.PAPERWORK, role, amount=paperwork.waiting)
        today = day_of(self.env.now - 1)
        for (role, rule), slots in self.diary.lapse(today).items():
            self.note_world(log.SLOTS_UNUSED, role, rule, slots)
        self.clinics_on.pop(today, None)
        assert math.isfinite(self.belief.value)
