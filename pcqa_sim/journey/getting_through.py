"""Getting through: by phone, at the desk, with a form, in the app; and what people do who reach nobody."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final

from pcqa_sim.frontdoor.next_action import cause_of_failed_call
from pcqa_sim.frontdoor.phone import SHOWS_URGENT, Call
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.pending import Pending
from pcqa_sim.kernel.environment import Event
from pcqa_sim.practice.practice import INBOX, OpenPractice
from pcqa_sim.practice.reception import DESK_FIRST, INBOX_NEXT
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    APP,
    CALLED_WHILE_CLOSED,
    CLOSED,
    DESK,
    FORM_REFUSED,
    INFORMED,
    NO_SLOT_ONLINE,
    ONLINE,
    PHONE,
    REDIAL,
    SENT_TO_FORM,
    TO_FORM,
    Contact,
    Disposition,
)
from pcqa_sim.values.words import FRONT_DESK

_APP_ROLE: Final = activity("app_role")
_CALLS_INSTEAD: Final = activity("rings_instead_of_form")

PERSON: Final = "person"
TURNS_TO_PHONE_MIN: Final = 1.0  # minutes from finding nothing in the app, or the form closed, to calling
TURNS_TO_FORM_MIN: Final = 5.0  # minutes from the recorded message to the form being sent
CARE_HOME_FIRST: Final = -1  # callers on the line for care homes are answered before the others
ADMIN_LINE_AFTER: Final = 1  # callers on the line for administrative requests are answered after the others

Reached = Generator[Event, Any, Disposition | None]


class GettingThrough:
    """How one practice's people reach somebody; `decide` is what a receptionist then does, while still with them."""

    def __init__(
        self,
        practice: OpenPractice,
        contacts: Contacts,
        pending: Pending,
        decide: Callable[[Contact, str], Disposition],
    ) -> None:
        self._practice = practice
        self._env = practice.env
        self._recorder = practice.recorder
        self._contacts = contacts
        self._pending = pending
        self._decide = decide

    def reach(self, contact: Contact) -> Reached:
        """Get through and have it decided; return what was decided, or None of a contact that reached nobody."""
        channel = contact.channel
        if channel == PHONE:
            return (yield from self._by_phone(contact))
        if channel == APP and not self._practice.kinds[contact.need.kind].administrative:
            return self._in_app(contact)
        if channel == ONLINE and (why := self._practice.form.refuses(self._env.now)):
            self._after_refused_form(contact, why)
            return None
        return (yield from self._at_front(contact))

    def _by_phone(self, contact: Contact) -> Reached:
        """Call; a caller who gets through talks to a call handler, who decides."""
        practice, phone = self._practice, self._practice.reception.phone
        priority = ADMIN_LINE_AFTER if practice.reception.keeps_to_admin_line(contact.need) else 0
        if practice.uses_care_home_line(contact.need):
            priority = CARE_HOME_FIRST
        call = yield from phone.call(contact, priority)
        if not call.reached:
            self._after_failed_call(contact, call)
            return None
        yield from phone.talk(call, practice.talk_factor(contact.need))
        disposition = self._decide(contact, "")
        phone.wrap_up(call)
        return disposition

    def _at_front(self, contact: Contact) -> Reached:
        """Stand in line at the desk, or wait in the inbox: the same people see to both, the desk first."""
        practice, reception = self._practice, self._practice.reception
        if contact.channel != DESK:
            first = SHOWS_URGENT if practice.shows(contact, INBOX) else INBOX_NEXT
            yield from reception.serve(contact, first, self._front_min(ONLINE, contact))
        elif practice.calendar.is_open(self._env.now):
            first = SHOWS_URGENT if practice.shows(contact, DESK) else DESK_FIRST
            yield from reception.serve(contact, first, self._front_min(DESK, contact))
        else:
            opening = practice.calendar.next_opening(self._env.now)
            if day_of(opening) == practice.today or not self._contacts.goes_at_once(contact):
                self._contacts.ask_again(opening, contact, CALLED_WHILE_CLOSED, DESK)
            return None
        return self._decide(contact, FRONT_DESK)

    def _front_min(self, place: str, contact: Contact) -> float:
        """Return the minutes of reception at the desk or for a message; forms may be read by clinicians."""
        practice, need = self._practice, contact.need
        minutes, first = practice.reception.minutes_at(place, need), practice.form_first
        if first is None or practice.kinds[need.kind].administrative:
            return minutes
        if place == ONLINE:
            return first.rules.form_min
        return minutes if need.heard else minutes * first.rules.fills_in_factor

    def _in_app(self, contact: Contact) -> Disposition | None:
        """Look for an appointment in the app; who finds none turns to the phone."""
        practice, need = self._practice, contact.need
        slot = practice.app.slot(contact, need.luck.u(_APP_ROLE))
        if slot is None:
            practice.expectations.channels.got_nowhere(need.person, APP)
            self._turn_to_phone(contact, NO_SLOT_ONLINE)
            return None
        need.heard = True
        booking = Disposition(self._pending.booking_name(slot), slot)
        self._recorder.note(contact, log.DECIDED, PERSON, booking.name)
        self._pending.book(contact, slot)
        return booking

    # Who reaches nobody.

    def _turn_to_phone(self, contact: Contact, cause: str) -> None:
        """Call after finding no help online: now, or when the lines open."""
        calendar = self._practice.calendar
        at = self._env.now + TURNS_TO_PHONE_MIN
        if not self._practice.reception.lines_open(at):
            at = calendar.next_opening(at) + self._contacts.timing.after_opening(contact.need)
        self._contacts.ask_again_about(PHONE, at, contact, cause)

    def _after_refused_form(self, contact: Contact, why: str) -> None:
        """Turn to the phone, or fill in the form when it opens again."""
        practice, need = self._practice, contact.need
        self._recorder.note(contact, log.FORM_REFUSED, code=why)
        practice.expectations.channels.got_nowhere(need.person, ONLINE)
        if need.luck.u(_CALLS_INSTEAD) < practice.settings.channels.form.calls_instead_share:
            self._turn_to_phone(contact, FORM_REFUSED)
            return
        at = practice.form.next_opening(self._env.now) + self._contacts.timing.after_opening(need)
        self._contacts.ask_again_about(ONLINE, at, contact, FORM_REFUSED, ONLINE)

    def _after_failed_call(self, contact: Contact, call: Call) -> None:
        """Decide what a person does whose call reached nobody."""
        practice, need = self._practice, contact.need
        if call.why == INFORMED:
            self._contacts.close(contact, INFORMED)
            return
        if call.why == CLOSED:
            self._after_closed(contact)
            return
        if call.why == TO_FORM:
            at = self._env.now + TURNS_TO_FORM_MIN
            self._contacts.ask_again_about(ONLINE, at, contact, SENT_TO_FORM, ONLINE)
            return
        practice.expectations.channels.got_nowhere(need.person, PHONE)
        cause = cause_of_failed_call(call.ending, call.why)
        again = self._contacts.tries_again(contact)
        delay = practice.redials.delay(cause, contact.tries, need.luck) if again else None
        if delay is not None and practice.reception.lines_open(self._env.now + delay):
            self._contacts.ask_again_about(REDIAL, self._env.now + delay, contact, cause)
        else:
            self._contacts.choose_next_action(contact, cause)

    def _after_closed(self, contact: Contact) -> None:
        """Call again at opening, most of them, after having called while the practice was closed."""
        timing, need = self._contacts.timing, contact.need
        if timing.aims_at_opening(need, self._practice.settings.phones.closed_message.call_at_opening_share):
            at = self._practice.calendar.next_opening(self._env.now) + timing.after_opening(need)
            self._contacts.ask_again_about(REDIAL, at, contact, CALLED_WHILE_CLOSED)
        else:
            self._contacts.choose_next_action(contact, CALLED_WHILE_CLOSED)
