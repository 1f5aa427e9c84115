"""What every part of a patient's story uses: contacts opened, needs that end, what people do next, and when."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from pcqa_sim.clinic.rota import FRONT_DESK
from pcqa_sim.kernel.process import follow
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import Exponential
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    ANOTHER_DAY,
    DESK,
    NEVER_ASKED,
    NEW,
    PHONE,
    PLANNED_FOLLOW_UP,
    RECOVERED,
    Contact,
    Need,
)

if TYPE_CHECKING:
    from pcqa_sim.practice.practice import OpenPractice

_RECOVERY = activity("recovery")
RINGS_AT_OPENING = activity("rings_at_opening")
_AFTER_OPENING = activity("after_opening")
_TIME_ANOTHER_DAY = activity("time_another_day")
_DESK_DELAY = activity("desk_delay")

DESK_FIRST, INBOX_NEXT, MOVING_LAST = 0, 1, 2  # whom the people at the desk and inbox see to first

Story = Generator[Event, Any, None]


class Telling(ABC):
    """The story of one practice's people, as far as all of its parts share it."""

    def __init__(self, practice: OpenPractice) -> None:
        self._practice = practice
        self._env = practice.env
        self._note = practice.note

    @abstractmethod
    def ask(self, need: Need, parent: Contact | None = None, cause: str = NEW, channel: str = PHONE) -> Story:
        """Ask for help once, from the contact's beginning to what was decided."""

    def _open(self, need: Need, parent: Contact | None, cause: str, channel: str) -> Contact:
        """Open a contact: who asks, why, and what it was caused by."""
        contact = Contact(need, need.contacts, -1 if parent is None else parent.ordinal, cause, channel, self._env.now)
        need.contacts += 1
        if parent is not None and day_of(parent.opened) == day_of(contact.opened):
            contact.tries = parent.tries + 1
        self._note(contact, log.CONTACT_OPENED, channel, cause, contact.parent)
        return contact

    def arise(self, need: Need) -> None:
        """Let a need arise."""
        self._practice.note_need(need)

    def never_ask(self, need: Need) -> None:
        """Let a need arise that nobody will ever ask about."""
        self.arise(need)
        self._practice.note_end(need, -1, NEVER_ASKED)

    def _seen_at_front(self, contact: Contact, priority: float, minutes: float) -> Story:
        """Wait for somebody at the desk and inbox, and take their minutes."""
        request = self._practice.front.ask(priority)
        yield from self._practice.front.wait(request)
        self._note(contact, log.FRONT_SEEN, FRONT_DESK, amount=minutes)
        yield self._env.timeout(minutes)
        self._practice.front.release(request)

    def _choose_fate(self, contact: Contact, cause: str) -> None:
        """Try another day, walk in, go elsewhere, treat oneself, or do nothing."""
        fate = self._practice.fates.fate(contact.need.luck, self._practice.kinds[contact.need.kind].only_here)
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
        """End the need; while somebody is on the phone about it, it ends when they have rung off."""
        if contact.need.enquiring:
            contact.need.ends = (contact, ending)
            return
        self._practice.note_end(contact.need, contact.ordinal, ending)

    def _recovery(self, need: Need) -> float:
        """Return the minutes until a need still felt goes by itself: exponential, so it does not matter since when."""
        return self._practice.kinds[need.kind].recovery.quantile(need.luck.u(_RECOVERY)) * DAY

    def _rush_delay(self, need: Need) -> float:
        """Return the minutes after opening at which a person rings who rings at opening."""
        return self._practice.rush_delay.quantile(need.luck.u(_AFTER_OPENING))

    def _time_another_day(self, need: Need) -> float:
        """Return when a person rings who tries on the next working day."""
        share = self._practice.settings.channels.another_day_at_opening_share
        tomorrow = (self._practice.today + 1) * DAY
        if need.luck.u(RINGS_AT_OPENING) < share:
            return self._practice.calendar.next_opening(tomorrow) + self._rush_delay(need)
        return self._working_time(need, tomorrow)

    def _working_time(self, need: Need, earliest: float) -> float:
        """Return a usual asking time on the first working day at or after a minute."""
        day = day_of(self._practice.calendar.next_opening(day_of(earliest) * DAY))
        at = day * DAY + self._practice.asking_minute(day, need.luck.u(_TIME_ANOTHER_DAY))
        return at if at > self._env.now else self._working_time(need, (day + 1) * DAY)
