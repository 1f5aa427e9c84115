"""Contacts and needs as they begin, go on and end: opened, asked about again, given up, closed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Protocol

from pcqa_sim.journey.timing import PatientTiming
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.distributions import Exponential
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    ANOTHER_DAY,
    ASKED_THROUGH,
    CHASE,
    DESK,
    LEVELS,
    NEVER_ASKED,
    NEW,
    PHONE,
    PLANNED_FOLLOW_UP,
    RECOVERED,
    WAITED_TOO_LONG,
    Contact,
    Need,
)

_DESK_DELAY: Final = activity("desk_delay")
_URGENCY: Final = activity("clinical_urgency", often=True)


class Ask(Protocol):
    """Asks for help once (`Journey.ask`); a need that comes back is asked about the same way."""

    def __call__(self, need: Need, parent: Contact | None = None, cause: str = NEW, channel: str = PHONE) -> Steps:
        """Return the steps of one contact."""


@mypyc_attr(allow_interpreted_subclasses=True)
class Contacts:
    """The contacts of one practice's people; `ask` is how a need that comes back is asked about again."""

    def __init__(self, practice: OpenPractice, ask: Ask) -> None:
        self._practice = practice
        self._env = practice.env
        self._ask = ask
        self._recorder = practice.recorder
        self.timing = PatientTiming(practice)
        self.asked: Callable[[Need], None] | None = None  # told of a need that somebody asks about for the first time

    def arise(self, need: Need) -> None:
        """Let a need arise, as urgent as it is."""
        rules = self._practice.kinds[need.kind]
        if rules.urgency is not None:
            need.urgency = LEVELS.index(rules.urgency.pick(need.luck.first(_URGENCY)))
        self._recorder.need_arose(need, rules.origin)

    def never_ask(self, need: Need) -> None:
        """Let a need arise that nobody will ever ask about."""
        self.arise(need)
        self._recorder.need_ended(need, -1, NEVER_ASKED)

    def ask_at(self, at: float, need: Need, channel: str) -> None:
        """Let a need arise now and be asked about at a later time, unless it has gone by then."""
        self.arise(need)
        recovers = self._env.now + self.timing.recovery(need)
        timer = self._env.timeout(min(recovers, at) - self._env.now)
        if recovers < at:
            timer.callbacks.append(lambda _: self._recorder.need_ended(need, -1, RECOVERED))
        else:
            timer.callbacks.append(lambda _: follow(self._ask(need, channel=channel)))

    def open(self, need: Need, parent: Contact | None, cause: str, channel: str) -> Contact:
        """Open a contact: who asks, why, and what it was caused by."""
        contact = Contact(need, need.contacts, -1 if parent is None else parent.ordinal, cause, channel, self._env.now)
        need.contacts += 1
        if cause != WAITED_TOO_LONG and cause != CHASE:
            need.latest = contact
        if parent is not None and day_of(parent.opened) == day_of(contact.opened):
            contact.tries = parent.tries + 1
        self._recorder.note(contact, log.CONTACT_OPENED, channel, cause, contact.parent)
        if parent is None and self.asked is not None and channel in ASKED_THROUGH:
            self.asked(need)
        return contact

    def ask_again(self, at: float, contact: Contact, cause: str, channel: str = PHONE) -> None:
        """Ask again at a later time, unless the need goes away before (a planned follow-up happens anyway)."""
        need = contact.need
        recovers = math.inf if cause == PLANNED_FOLLOW_UP else self._env.now + self.timing.recovery(need)
        timer = self._env.timeout(min(recovers, at) - self._env.now)
        contact.asks = True

        def goes_on(_: object) -> None:
            if not contact.asks:  # something was offered meanwhile
                return
            contact.asks = False
            if recovers < at:
                self.close(contact, RECOVERED)
            else:
                follow(self._ask(need, contact, cause, channel))

        timer.callbacks.append(goes_on)

    def ask_again_about(self, what: str, at: float, contact: Contact, cause: str, channel: str = PHONE) -> None:
        """Ask again at a later time, the person's next action being written now: `what` they do."""
        self._recorder.note(contact, log.NEXT_ACTION, code=what, amount=at - self._env.now)
        self.ask_again(at, contact, cause, channel)

    def choose_next_action(self, contact: Contact, cause: str) -> None:
        """Try another day, walk in, go elsewhere, treat oneself, or do nothing."""
        need = contact.need
        action = self._next_action(contact)
        if action == ANOTHER_DAY:
            channel = PHONE if self._practice.after_failing is None else self._another_way(need)
            self.ask_again_about(action, self.timing.another_day(need), contact, cause, channel)
        elif action == DESK:
            self.ask_again_about(action, self._walks_in_at(need), contact, cause, DESK)
        else:
            self._recorder.note(contact, log.NEXT_ACTION, code=action)
            self.close(contact, action)

    def tries_again(self, contact: Contact) -> bool:
        """Decide whether a person who got nowhere tries the practice again; they may go elsewhere meanwhile.

        Where settings do not say that this is decided once, it is decided at each failure, by what they do next.
        """
        rules, need = self._practice.after_failing, contact.need
        if rules is None:
            return True
        meanwhile = rules.decide(need, self._env.now, self._practice.kinds[need.kind].only_here)
        if meanwhile:
            self._recorder.note(contact, log.ALSO_WENT, code=meanwhile)
        return need.tries_again

    def _next_action(self, contact: Contact) -> str:
        """Return what a person does next who does not call again today, or was told to call another day."""
        practice, need = self._practice, contact.need
        only_here = practice.kinds[need.kind].only_here
        if practice.after_failing is None:
            return practice.next_actions.choose(need.luck, only_here)
        return ANOTHER_DAY if self.tries_again(contact) else practice.after_failing.instead(need.luck, only_here)

    def _another_way(self, need: Need) -> str:
        """Return through which channel a person tries another day, of those who decided to."""
        rules = self._practice.after_failing
        assert rules is not None
        return rules.through(need.luck, bool(self._practice.people.digital[need.person]))

    def _walks_in_at(self, need: Need) -> float:
        """Return when a person comes to the desk who decides now to walk in."""
        mean = self._practice.settings.channels.desk_delay_mean_min
        at = self._env.now + Exponential(mean).quantile(need.luck.u(_DESK_DELAY))
        calendar = self._practice.calendar
        return at if calendar.is_open(at) else calendar.next_opening(at)

    def close(self, contact: Contact, ending: str) -> None:
        """End the need; while somebody is on the phone about it, it ends when they have hung up."""
        need = contact.need
        need.steady = True
        if need.enquiring:
            need.ends = (contact, ending)
            return
        need.latest = need.ends = None  # they name each other: Python would have to look for what nobody needs any more
        self._recorder.need_ended(need, contact.ordinal, ending)
