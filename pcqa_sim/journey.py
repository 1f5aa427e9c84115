"""The patient's story: a person asks, gets through or not, is seen or told to ring another day, and comes back.

Read from the top: `ask` is one contact from its beginning to its decision; what follows a failed call, a decision
or a consultation stands below it. A booked patient is called in by the clinician's day (workforce.py), which comes
back to `after_consultation`. A need that comes back goes through `ask` again.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from pcqa_sim import eventlog as log
from pcqa_sim.access import HANDLER, Call
from pcqa_sim.clock import DAY, day_of
from pcqa_sim.distributions import Exponential
from pcqa_sim.luck import activity
from pcqa_sim.needs import (
    ANOTHER_DAY,
    BEFORE,
    CLOSED,
    DESK,
    DNA_REBOOK,
    GAVE_UP,
    INFORMED,
    NEW,
    PHONE,
    PLANNED_FOLLOW_UP,
    RANG_WHILE_CLOSED,
    RECOVERED,
    REDIAL,
    RESOLVED,
    RING_ANOTHER_DAY,
    SETTLED,
    TOLD_ANOTHER_DAY,
    Contact,
    Disposition,
    Need,
    Slot,
)
from pcqa_sim.outcome import cause_of_failed_call, consultation_sequel
from pcqa_sim.strand import follow

if TYPE_CHECKING:
    from pcqa_sim.practice import OpenPractice

_RECOVERY = activity("recovery")
_DNA_REBOOKS = activity("dna_rebooks")
_DNA_DAYS = activity("dna_days")
_RINGS_AT_OPENING = activity("rings_at_opening")
_AFTER_OPENING = activity("after_opening")
_TIME_ANOTHER_DAY = activity("time_another_day")
_DESK_DELAY = activity("desk_delay")

Story = Generator[Event, Any, None]


class Journey:
    """What happens to the people of one practice."""

    def __init__(self, practice: OpenPractice) -> None:
        self._practice = practice
        self._env = practice.env
        self._note = practice.note

    def ask(self, need: Need, parent: Contact | None = None, cause: str = NEW, channel: str = PHONE) -> Story:
        """Ask for help once: get through, have it decided, and follow what was decided."""
        contact = self._open(need, parent, cause, channel)
        if channel == DESK:
            yield from self._ask_at_desk(contact)
            return
        call = yield from self._practice.phone.ring(contact)
        if not call.reached:
            self._after_failed_call(contact, call)
            return
        yield from self._practice.phone.talk(call, self._practice.kind(need.kind).talk_factor)
        disposition = self._decide(contact)
        self._practice.phone.wrap_up(call)
        self._follow(contact, disposition)

    def _open(self, need: Need, parent: Contact | None, cause: str, channel: str) -> Contact:
        """Open a contact: who asks, why, and what it was caused by."""
        if parent is None:
            self._practice.note_need(need)
        contact = Contact(need, need.contacts, -1 if parent is None else parent.ordinal, cause, channel, self._env.now)
        need.contacts += 1
        if parent is not None and day_of(parent.opened) == day_of(contact.opened):
            contact.tries = parent.tries + 1
        self._note(contact, log.CONTACT_OPENED, channel, cause, contact.parent)
        return contact

    def booked_before(self, need: Need, slot: Slot) -> None:
        """Enter somebody who booked before the run began: a need, its contact and its booking."""
        contact = self._open(need, None, NEW, BEFORE)
        need.heard = True
        self._book(contact, slot)

    def _book(self, contact: Contact, slot: Slot) -> None:
        """Book a slot for a contact."""
        self._practice.book.take(slot, contact)
        contact.booked_at = self._env.now
        self._note(contact, log.BOOKED, slot.role, slot.release, slot.start - self._env.now)

    def _ask_at_desk(self, contact: Contact) -> Story:
        """Stand in line at the desk, where the same people answer who answer the phone."""
        practice = self._practice
        if not practice.calendar.is_open(self._env.now):
            self._later(practice.calendar.next_opening(self._env.now), contact, RANG_WHILE_CLOSED, DESK)
            return
        request = practice.handlers.ask()
        yield from practice.handlers.wait(request)
        self._note(contact, log.DESK_SEEN, HANDLER, amount=self._env.now - contact.opened)
        yield self._env.timeout(practice.settings.channels.desk_min)
        disposition = self._decide(contact)
        practice.handlers.release(request)
        self._follow(contact, disposition)

    def _after_failed_call(self, contact: Contact, call: Call) -> None:
        """Decide what a person does whose call reached nobody."""
        if call.why == INFORMED:
            self._close(contact, INFORMED)
        elif call.why == CLOSED:
            self._after_closed(contact)
        else:
            cause = cause_of_failed_call(call.ending, call.why)
            delay = self._practice.redial.delay(cause, contact.tries, contact.need.luck)
            if delay is not None and self._practice.calendar.is_open(self._env.now + delay):
                self._note(contact, log.FATE, code=REDIAL, amount=delay)
                self._later(self._env.now + delay, contact, cause)
            else:
                self._choose_fate(contact, cause)

    def _after_closed(self, contact: Contact) -> None:
        """Ring again at opening, most of them, after having rung while the practice was closed."""
        share = self._practice.settings.phones.closed_message.ring_at_opening_share
        if contact.need.luck.u(_RINGS_AT_OPENING) < share:
            opening = self._practice.calendar.next_opening(self._env.now)
            at = opening + self._rush_delay(contact.need)
            self._note(contact, log.FATE, code=REDIAL, amount=at - self._env.now)
            self._later(at, contact, RANG_WHILE_CLOSED)
        else:
            self._choose_fate(contact, RANG_WHILE_CLOSED)

    def _choose_fate(self, contact: Contact, cause: str) -> None:
        """Try another day, walk in, go elsewhere, treat oneself, or do nothing."""
        fate = self._practice.fates.fate(contact.need.luck)
        if fate == ANOTHER_DAY:
            at = self._time_another_day(contact.need)
        elif fate == DESK:
            mean = self._practice.settings.channels.desk_delay_mean_min
            at = self._env.now + Exponential(mean).quantile(contact.need.luck.u(_DESK_DELAY))
            if not self._practice.calendar.is_open(at):
                at = self._practice.calendar.next_opening(at)
        else:
            self._note(contact, log.FATE, code=fate)
            self._close(contact, fate)
            return
        self._note(contact, log.FATE, code=fate, amount=at - self._env.now)
        self._later(at, contact, cause, DESK if fate == DESK else PHONE)

    def _decide(self, contact: Contact) -> Disposition:
        """Let the triage model decide, and book the slot it found before anybody else can."""
        practice = self._practice
        contact.need.heard = True
        disposition = practice.triage.decide(contact, practice, contact.need.luck)
        practice.saw(contact, disposition)
        self._note(contact, log.DECIDED, practice.triage.decider, disposition.name, self._env.now - contact.opened)
        if disposition.slot is not None:
            self._book(contact, disposition.slot)
        return disposition

    def _follow(self, contact: Contact, disposition: Disposition) -> None:
        """Follow the decision: away settled, or try another day; who is booked is called by the clinician's day."""
        if disposition.name == SETTLED:
            self._note(contact, log.OUTCOME, HANDLER, RESOLVED)
            self._close(contact, RESOLVED)
        elif disposition.name == RING_ANOTHER_DAY:
            self._choose_fate(contact, TOLD_ANOTHER_DAY)

    def after_consultation(self, contact: Contact, role: str) -> None:
        """Resolved, asked to come again, or unresolved and back before long."""
        practice, need = self._practice, contact.need
        sequel = consultation_sequel(practice.kind(need.kind), practice.settings.outcome, need.luck)
        self._note(contact, log.OUTCOME, role, sequel.result)
        if not sequel.cause:
            self._close(contact, RESOLVED)
            return
        self._later(self._working_time(need, self._env.now + sequel.days * DAY), contact, sequel.cause)

    def after_missed_appointment(self, contact: Contact) -> None:
        """Ask again after a missed appointment, or not: the need has gone or the person has given up."""
        outcome, need = self._practice.settings.outcome, contact.need
        if need.luck.u(_DNA_REBOOKS) < outcome.dna_rebook_share:
            days = Exponential(outcome.dna_rebook_mean_days).quantile(need.luck.u(_DNA_DAYS))
            self._later(self._working_time(need, self._env.now + days * DAY), contact, DNA_REBOOK)
        else:
            gone = contact.opened + self._recovery(need) <= self._env.now
            self._close(contact, RECOVERED if gone else GAVE_UP)

    def _later(self, at: float, contact: Contact, cause: str, channel: str = PHONE) -> None:
        """Ask again at a later time, unless the need goes away before (a planned follow-up happens anyway)."""
        need = contact.need
        recovers = math.inf if cause == PLANNED_FOLLOW_UP else self._env.now + self._recovery(need)
        timer = self._env.timeout(min(recovers, at) - self._env.now)
        if recovers < at:
            timer.callbacks.append(lambda _: self._close(contact, RECOVERED))
        else:
            timer.callbacks.append(lambda _: follow(self.ask(need, contact, cause, channel)))

    def _close(self, contact: Contact, ending: str) -> None:
        """End the need."""
        self._practice.needs_open -= 1
        self._note(contact, log.NEED_CLOSED, code=ending)

    def _recovery(self, need: Need) -> float:
        """Return the minutes until a need still felt goes by itself: exponential, so it does not matter since when."""
        days = Exponential(self._practice.kind(need.kind).recovery_mean_days)
        return days.quantile(need.luck.u(_RECOVERY)) * DAY

    def _rush_delay(self, need: Need) -> float:
        """Return the minutes after opening at which a person rings who rings at opening."""
        return self._practice.rush_delay.quantile(need.luck.u(_AFTER_OPENING))

    def _time_another_day(self, need: Need) -> float:
        """Return when a person rings who tries on the next working day."""
        share = self._practice.settings.channels.another_day_at_opening_share
        tomorrow = (day_of(self._env.now) + 1) * DAY
        if need.luck.u(_RINGS_AT_OPENING) < share:
            return self._practice.calendar.next_opening(tomorrow) + self._rush_delay(need)
        return self._working_time(need, tomorrow)

    def _working_time(self, need: Need, earliest: float) -> float:
        """Return a usual asking time on the first working day at or after a minute."""
        day = day_of(self._practice.calendar.next_opening(day_of(earliest) * DAY))
        at = day * DAY + self._practice.asking_minute(day, need.luck.u(_TIME_ANOTHER_DAY))
        return at if at > self._env.now else self._working_time(need, (day + 1) * DAY)
