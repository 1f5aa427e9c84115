"""Contacts and needs as they begin, go on and end: opened, asked about again, given up, closed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Protocol

from pcqa_sim.frontdoor.next_action import WHERE_ELSE
from pcqa_sim.journey.timing import PatientTiming
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import Choice, exponential
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
    ONLINE,
    PHONE,
    PLANNED_FOLLOW_UP,
    RECOVERED,
    URGENT_TREATMENT_CENTRE,
    WAITED_TOO_LONG,
    Contact,
    Need,
)
from pcqa_sim.values.words import Service

_DESK_DELAY: Final = activity("desk_delay")
_URGENCY: Final = activity("clinical_urgency", often=True)

_STAFF_OF_HOMES: Final = {
    DESK: ANOTHER_DAY,
    Service.PHARMACY.value: Service.NHS_111.value,
    URGENT_TREATMENT_CENTRE: Service.NHS_111.value,
}
"""What staff of a care home do in place of what others do: nobody walks a resident to a desk or a pharmacy."""


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
        self._frequent = practice.frequent
        self._lately = practice.lately
        self.timing = PatientTiming(practice)
        self.asked: Callable[[Need], None] | None = None  # told of a need that somebody asks about for the first time

    def arise(self, need: Need) -> None:
        """Let a need arise, as urgent as it is."""
        need.urgency = self.urgency_of(need)
        self._recorder.need_arose(need, self._practice.kinds[need.kind].origin)

    def urgency_of(self, need: Need) -> int:
        """Return how urgent a need is as it arises, an index into LEVELS; what it has where its kind says nothing."""
        urgency = self._practice.kinds[need.kind].urgency
        return need.urgency if urgency is None else LEVELS.index(urgency.pick(need.luck.first(_URGENCY)))

    def never_ask(self, need: Need) -> None:
        """Let a need arise that nobody will ever ask about."""
        self.arise(need)
        self._recorder.need_ended(need, -1, NEVER_ASKED)

    def ask_at(self, at: float, need: Need, channel: str) -> None:
        """Let a need arise now and be asked about at a later time, unless it has gone by then."""
        self.arise(need)
        self.ask_later(at, need, channel)

    def ask_later(self, at: float, need: Need, channel: str) -> None:
        """Let a need that has arisen be asked about for the first time at a later time, unless it has gone by then."""
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
        if parent is None:
            need.asked = self._env.now
        else:
            self._practice.experience.asked_again(need, self._practice.kinds[need.kind], cause)
        if self._frequent is not None and channel in ASKED_THROUGH:
            self._frequent.asked(need.person, self._env.now)
        if self._lately is not None and channel in ASKED_THROUGH:
            self._lately.asked(need.person, self._env.now)
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

    def come_back(self, contact: Contact, days: float, cause: str) -> None:
        """Ask again at a usual time so many days later, unless the need goes away before."""
        at = self.timing.working_time(contact.need, self._env.now + days * DAY)
        first, need = self._practice.form_first, contact.need
        by_form = first is not None and not self._practice.kinds[need.kind].administrative and first.takes_up(need)
        self.ask_again(at, contact, cause, ONLINE if by_form else PHONE)

    def ask_again_about(self, what: str, at: float, contact: Contact, cause: str, channel: str = PHONE) -> None:
        """Ask again at a later time, the person's next action being written now: `what` they do.

        Who cannot wait for another day goes where somebody helps at once.
        """
        if day_of(at) > self._practice.today and self.goes_at_once(contact):
            return
        self._recorder.note(contact, log.NEXT_ACTION, code=what, amount=at - self._env.now)
        self.ask_again(at, contact, cause, channel)

    def choose_next_action(self, contact: Contact, cause: str) -> None:
        """Try another day, walk in, go elsewhere, treat oneself, or do nothing."""
        need = contact.need
        if self.goes_at_once(contact):
            return
        action = self._next_action(contact)
        if action == ANOTHER_DAY:
            channel = PHONE if self._practice.after_failing is None else self._another_way(need)
            self.ask_again_about(action, self.timing.another_day(need), contact, cause, channel)
        elif action == DESK:
            self.ask_again_about(action, self._walks_in_at(need), contact, cause, DESK)
        else:
            self._goes(contact, action)

    def goes_at_once(self, contact: Contact) -> bool:
        """Let a person with an emergency or a crisis go where somebody helps now; tell whether it is one."""
        need = contact.need
        places = self._places_at_once(need)
        if places is None:
            return False
        self._goes(contact, self._or_as_staff_do(need, places.pick(need.luck.u(WHERE_ELSE))))
        return True

    def _places_at_once(self, need: Need) -> Choice | None:
        kind = self._practice.kinds[need.kind]
        return self._practice.places_by_need.at_once(need, kind.elsewhere, kind.crisis)

    def _goes(self, contact: Contact, action: str) -> None:
        """Go elsewhere, or do nothing more: the need ends with it."""
        self._recorder.note(contact, log.NEXT_ACTION, code=action)
        self.close(contact, action)

    def tries_again(self, contact: Contact) -> bool:
        """Decide whether a person who got nowhere tries the practice again; they may go elsewhere meanwhile.

        With an emergency or a crisis they do one or the other. Where settings do not say that this is decided once, it
        is decided at each failure, by what they do next.
        """
        rules, need = self._practice.after_failing, contact.need
        if rules is None:
            return True
        kind = self._practice.kinds[need.kind]
        places = self._practice.places_by_need.of(need, kind.elsewhere)
        meanwhile = rules.decide(need, self._env.now, kind.only_here, places)
        if meanwhile and self._places_at_once(need) is None:
            self._recorder.note(contact, log.ALSO_WENT, code=meanwhile)
        return need.tries_again

    def _next_action(self, contact: Contact) -> str:
        """Return what a person does next who does not call again today, or was told to call another day."""
        practice, need = self._practice, contact.need
        kind = practice.kinds[need.kind]
        places = practice.places_by_need.of(need, kind.elsewhere)
        if practice.after_failing is None:
            action = practice.next_actions.choose(need.luck, kind.only_here, places)
        elif self.tries_again(contact):
            return ANOTHER_DAY
        else:
            action = practice.after_failing.instead(need.luck, kind.only_here, places)
        return self._or_as_staff_do(need, action)

    def _or_as_staff_do(self, need: Need, action: str) -> str:
        """Return what a person does, or what staff of a care home do in its place."""
        return _STAFF_OF_HOMES.get(action, action) if self._practice.in_care_home(need.person) else action

    def _another_way(self, need: Need) -> str:
        """Return through which channel a person tries another day, of those who decided to."""
        rules = self._practice.after_failing
        assert rules is not None
        return rules.through(need.luck, bool(self._practice.people.digital[need.person]))

    def _walks_in_at(self, need: Need) -> float:
        """Return when a person comes to the desk who decides now to walk in."""
        mean = self._practice.settings.channels.desk_delay_mean_min
        at = self._env.now + exponential(mean, need.luck.u(_DESK_DELAY))
        calendar = self._practice.calendar
        return at if calendar.is_open(at) else calendar.next_opening(at)

    def close(self, contact: Contact, ending: str) -> None:
        """End the need; while somebody is on the phone about it, it ends when they have hung up."""
        need = contact.need
        need.steady = True
        if need.enquiring:
            need.ends = (contact, ending)
            return
        self._practice.experience.ended(need, self._practice.kinds[need.kind], ending)
        need.latest = need.ends = None  # they name each other: Python would have to look for what nobody needs any more
        self._recorder.need_ended(need, contact.ordinal, ending)
