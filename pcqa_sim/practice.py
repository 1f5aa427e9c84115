"""One open practice during a run: its people, phones, clinicians, slot book and belief, and the day's fixed acts.

It is made anew for each run from frozen settings, changes those when a phase begins, and answers what a triage
model may ask (`policies.PracticeNow`).
"""

from __future__ import annotations

import math

from simpy import Environment

from pcqa_sim import eventlog as log
from pcqa_sim.access import Phone, PhoneRules
from pcqa_sim.asking import AskingTimes
from pcqa_sim.booking import SlotBook
from pcqa_sim.clock import DAY, day_of, week_of
from pcqa_sim.distributions import Exponential, LogNormal
from pcqa_sim.eventlog import NOBODY, EventLog
from pcqa_sim.luck import world_key
from pcqa_sim.needs import AHEAD, ON_THE_DAY, RING_ANOTHER_DAY, Contact, Disposition, Need, Slot
from pcqa_sim.outcome import FateRule, RedialRule
from pcqa_sim.people import People, draw_people
from pcqa_sim.pool import Pool
from pcqa_sim.rota import CALL_HANDLER, GP, day_slots
from pcqa_sim.rush import Belief
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.groups import Kind
from pcqa_sim.triage import TRIAGE


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
        self.settings = scenario.practices[key]
        self.calendar = scenario.calendar.working()
        people = self.settings.people
        self.world = world = world_key(seed, rep, key)
        self.people: People = draw_people(world, people, self.settings.list_size, scenario.end)
        self.handlers = Pool(env)
        self.phone = Phone(env, self.handlers, self.note, PhoneRules.of(self.settings.phones), self.calendar.is_open)
        self.belief = Belief(self.settings.start_belief)
        appointments = self.settings.appointments
        self.book = SlotBook(appointments.released_at, appointments.horizon_days)
        self._booked_to = -1
        self.needs_open = 0
        self._use(self.settings)

    def _use(self, settings: Practice) -> None:
        """Let settings take effect; booked slots stay."""
        self.settings = settings
        self.phone.rules = PhoneRules.of(settings.phones)
        self.triage = TRIAGE[settings.triage.kind]()
        self.redial = RedialRule.of(settings.channels.redial)
        self.fates = FateRule.of(settings.channels)
        self.rush_delay = Exponential(settings.demand.rush.after_opening_mean_min)
        self.kind_names = tuple(settings.demand.kinds)
        self._kinds = settings.demand.kinds
        self._asking = tuple(AskingTimes(settings.demand.asking_profile.of_weekday(d)) for d in range(7))
        consultation = settings.appointments.consultation
        self.consultation = LogNormal.from_mean(consultation.mean_min, consultation.cv)
        self.book.released_at = settings.appointments.released_at
        self.book.horizon_days = settings.appointments.horizon_days

    @property
    def minute(self) -> float:
        """Return the simulated minute."""
        return float(self.env.now)

    def kind(self, name: str) -> Kind:
        """Return the settings of a kind of need."""
        return self._kinds[name]

    def earliest(self, release: str, latest_days: int) -> Slot | None:
        """Return the earliest free slot of a release rule up to so many days ahead, or None."""
        return self.book.earliest(release, self.env.now, latest_days)

    def asking_minute(self, day: int, u: float) -> float:
        """Return a minute of a working day at which a person might ask, drawn from the asking profile."""
        hours = self.calendar.hours_of(day)
        assert hours is not None
        return self._asking[day % 7].minute(hours.opens, hours.closes, u)

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about a contact."""
        need = contact.need
        self._add((self.env.now, self._index, need.person, need.number, contact.ordinal, event, who, code, amount))

    def note_need(self, need: Need) -> None:
        """Write that a need arose."""
        self.needs_open += 1
        row = (
            self.env.now,
            self._index,
            need.person,
            need.number,
            NOBODY,
            log.NEED_AROSE,
            "",
            need.kind,
            0.0,
        )
        self._add(row)

    def note_world(self, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about the practice and nobody in particular."""
        self._add((self.env.now, self._index, NOBODY, NOBODY, NOBODY, event, who, code, amount))

    def saw(self, contact: Contact, disposition: Disposition) -> None:
        """Let the patients learn from what a same-day request late in the day got."""
        if self.kind(contact.need.kind).same_day and contact.opened % DAY >= self.settings.demand.rush.late_from:
            self.belief.saw(refused=disposition.name == RING_ANOTHER_DAY)

    def begin_day(self) -> None:
        """Begin a day at midnight: a phase may start, yesterday's slots lapse, a further day can be booked."""
        today = day_of(self.env.now)
        settings = self._scenario.in_force(self._key, week_of(self.env.now))
        if settings is not self.settings:
            self._use(settings)
        for day in range(self._booked_to + 1, today + self.book.horizon_days + 1):
            self._open_slots(day)
        self._booked_to = max(self._booked_to, today + self.book.horizon_days)

    def _open_slots(self, day: int) -> None:
        """Put a day's slots in the book, by the settings that will be in force on that day."""
        if self.calendar.hours_of(day) is None:
            return
        slots = day_slots(self._scenario.in_force(self._key, day // 7), day)
        self.book.open(slots)
        self.note_world(log.SLOTS_RELEASED, GP, AHEAD, sum(slot.release == AHEAD for slot in slots))

    def release_slots(self) -> None:
        """Release the day's own slots (the book knows the hour; this writes it down)."""
        free = self.book.free(ON_THE_DAY, day_of(self.env.now))
        self.note_world(log.SLOTS_RELEASED, GP, ON_THE_DAY, free)

    def roster(self, handlers: int) -> None:
        """Change how many people answer calls."""
        self.handlers.resize(handlers)
        self.note_world(log.ROSTER, CALL_HANDLER, amount=handlers)

    def clinic(self, clinicians: int) -> None:
        """Write down how many clinicians work today."""
        self.note_world(log.ROSTER, GP, amount=clinicians)

    def end_day(self) -> None:
        """Close: callers still waiting are cut off, and the day becomes experience."""
        self.phone.close()
        self.belief.end_of_day(self.settings.demand.rush)
        self.note_world(log.BELIEF, amount=self.belief.value)
        for release, slots in self.book.lapse(day_of(self.env.now - 1)).items():
            self.note_world(log.SLOTS_UNUSED, GP, release, slots)
        assert math.isfinite(self.belief.value)
