"""What the practice sets going: invitations to planned care, appointments it has to move, the diary as it begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.pending import Pending
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.practice.reception import MOVING_LAST
from pcqa_sim.scenario.groups import Programme
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, HOUR, day_of
from pcqa_sim.values.distributions import exponential
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    BEFORE,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    CANCELLED_BY_PRACTICE,
    DESK,
    GAVE_UP,
    INVITED,
    MOVED,
    NEW,
    NOT_OFFERED,
    PRACTICE,
    REARRANGED,
    SENT_ON,
    TOLD_ANOTHER_DAY,
    Contact,
    Need,
    Slot,
)
from pcqa_sim.values.words import FRONT_DESK

_ASKS_TO_BOOK: Final = activity("asks_to_book")
_ASKS_AFTER: Final = activity("asks_after_invitation")


class PracticeInitiated:
    """What one practice itself sets going; `attend` is what a booked person's story goes on with."""

    def __init__(
        self, practice: OpenPractice, contacts: Contacts, pending: Pending, attend: Callable[[Contact], Steps]
    ) -> None:
        self._practice = practice
        self._env = practice.env
        self._recorder = practice.recorder
        self._contacts = contacts
        self._pending = pending
        self._attend = attend

    def book(self, contact: Contact, slot: Slot, days_ago: int = 0) -> None:
        """Book a slot for a contact of the practice's own; the person's story goes on when their time comes."""
        self._pending.book(contact, slot, days_ago)
        follow(self._attend(contact))

    def booked_before(self, need: Need, slot: Slot, days: int) -> None:
        """Enter somebody who booked so many days before the run began: a need, its contact and its booking."""
        self._contacts.arise(need)
        contact = self._contacts.open(need, None, NEW, BEFORE)
        need.heard = True
        self.book(contact, slot, days)

    def invite(self, need: Need, parent: Contact | None = None, tries: int = 1, cause: str = NEW) -> None:
        """Invite a person to planned care: book what is free between the first and last day, or try again later."""
        programme = self._practice.kinds[need.kind].programme
        assert programme is not None
        if parent is None:
            self._contacts.arise(need)
        contact = self._contacts.open(need, parent, cause, PRACTICE)
        contact.tries = tries
        need.heard = True
        if parent is None and self._asks(need, programme):
            need.asks_to_book = True
            self._invite_to_ask(contact, 0)
            return
        slot = self._practice.book.earliest(self._practice.requests.invited(need, programme))
        if slot is not None:
            self.book(contact, slot)
        elif programme.home_visit:
            follow(self._visit_when_free(contact, programme))
        else:
            self._invite_again(contact)

    def _visit_when_free(self, contact: Contact, programme: Programme) -> Steps:
        """Keep a visit on the list of visits to be made, and see each working day whether there is room for it.

        That is an hour before visits begin, when those of the day are known.
        """
        until = day_of(self._env.now) + programme.within_days
        while True:
            at = self._next_look_at_visits()
            if day_of(at) > until:
                self._invite_again(contact)
                return
            yield self._env.timeout(at - self._env.now)
            slot = self._practice.book.earliest(self._practice.requests.invited(contact.need, programme))
            if slot is not None:
                self.book(contact, slot)
                return

    def _next_look_at_visits(self) -> float:
        """Return the next minute at which somebody looks which visits can be made today."""
        practice, visits = self._practice, self._practice.settings.appointments.home_visits
        day = practice.today
        while True:
            hours = practice.calendar.hours_of(day)
            if hours is not None:
                at = day * DAY + (hours.opens if visits is None else max(hours.opens, visits.opens - HOUR))
                if at > self._env.now:
                    return float(at)
            day += 1

    def _asks(self, need: Need, programme: Programme) -> bool:
        """Tell whether a person is to ask for the appointment; who is visited at home is not."""
        own = programme.asks_share
        share = self._practice.in_force.asks_to_book_share if own is None else own
        return share > 0 and not programme.home_visit and need.luck.u(_ASKS_TO_BOOK) < share

    def _invite_to_ask(self, contact: Contact, reminders: int) -> None:
        """Send a text or letter: the person asks, is reminded when nothing was heard, or lets the invitation lapse."""
        planned, need = self._practice.settings.planned, contact.need
        self._recorder.note(contact, log.INVITED, amount=reminders)
        days = exponential(planned.asks_mean_days, need.luck.u(_ASKS_AFTER))
        if days < planned.remind_after_days:
            at = self._contacts.timing.working_time(need, self._env.now + days * DAY)
            self._contacts.ask_again(at, contact, INVITED, self._practice.channel_of_invited(need))
            return
        timer = self._env.timeout(planned.remind_after_days * DAY)
        if reminders < planned.most_reminders:
            timer.callbacks.append(lambda _: self._invite_to_ask(contact, reminders + 1))
        else:
            timer.callbacks.append(lambda _: self._contacts.close(contact, GAVE_UP))

    def _invite_again(self, contact: Contact) -> None:
        """Invite again some weeks later, or give the invitation up."""
        planned, need = self._practice.settings.planned, contact.need
        if contact.tries >= planned.most_tries:
            self._contacts.close(contact, NOT_OFFERED)
            return
        later = self._env.now + planned.invite_again_weeks * 7 * DAY
        at = self._contacts.timing.working_time(need, later)
        timer = self._env.timeout(at - self._env.now)
        timer.callbacks.append(lambda _: self.invite(need, contact, contact.tries + 1, TOLD_ANOTHER_DAY))

    def offer(self, slot: Slot) -> Steps:
        """Offer a free slot to those who would come sooner, one after the other, until somebody takes it.

        What is freed while the practice is closed is offered when it opens.
        """
        waiting, rules = self._pending.waiting, self._pending.waiting.rules
        if rules is not None and not self._practice.calendar.is_open(self._env.now):
            yield self._env.timeout(self._practice.calendar.next_opening(self._env.now) - self._env.now)
        diary = self._practice.book.diary
        while rules is not None and diary.is_free(slot) and slot.start - self._env.now >= rules.notice_min:
            contact = waiting.next_for(slot)
            if contact is None:
                return
            answers_after = waiting.answer(contact, rules)
            yield self._env.timeout(rules.answer_min if answers_after is None else answers_after)
            if not diary.is_free(slot):
                return
            if answers_after is not None and waiting.still_wants(contact, slot):
                self._take_sooner(contact, slot)
                return

    def _take_sooner(self, contact: Contact, slot: Slot) -> None:
        """Book a person who was offered a slot: told to call another day before, or booked for a later day.

        Who cancelled the later booking before answering was about to ask for another, and has this one.
        """
        about_to_ask, contact.asks = contact.asks, False
        cause = TOLD_ANOTHER_DAY if contact.visit is None else REARRANGED
        sooner = self._contacts.open(contact.need, contact, cause, PRACTICE)
        if not about_to_ask:
            self._pending.bring_forward(contact)
        self.book(sooner, slot)

    def offer_soon_free(self) -> None:
        """Offer each slot that begins within the hour after the notice people need, and is free."""
        rules = self._pending.waiting.rules
        if rules is None:
            return
        since = self._env.now + rules.notice_min
        for slot in self._practice.book.diary.free_between(since, since + HOUR):
            follow(self.offer(slot))

    def move(self, contact: Contact) -> Steps:
        """Have an appointment that the practice cancelled replaced, by somebody at the desk."""
        practice, need, slot = self._practice, contact.need, contact.slot
        assert slot is not None
        assert contact.visit is not None
        self._recorder.note(contact, log.CANCELLED, slot.clinician, log.BY_PRACTICE, slot.start - self._env.now)
        contact.visit.end(MOVED)
        moved = self._contacts.open(need, contact, CANCELLED_BY_PRACTICE, PRACTICE)
        yield from practice.reception.serve(moved, MOVING_LAST, practice.reception.minutes_at(DESK, need))
        if need.flagged:
            self._move_flagged(moved, slot.role)
            return
        role = practice.requests.who_sees(moved, slot.role)
        other = practice.book.earliest(practice.requests.again(need, role))
        name = CALL_ANOTHER_DAY if other is None else self._pending.booking_name(other)
        self._recorder.note(moved, log.DECIDED, FRONT_DESK, name, self._env.now - moved.opened)
        if other is not None:
            self.book(moved, other)
        elif practice.kinds[need.kind].programme is not None:
            self._invite_again(moved)
        else:
            self._contacts.choose_next_action(moved, TOLD_ANOTHER_DAY)

    def _move_flagged(self, moved: Contact, role: str) -> None:
        """Have a flagged need seen today by somebody else, or sent on."""
        practice, need = self._practice, moved.need
        self._recorder.note(moved, log.FLAGGED, FRONT_DESK, need.flagged)
        slot = practice.emergency.slot(moved, role)
        place = "" if slot is not None else practice.emergency.place(need.luck)
        name = SENT_ON + place if slot is None else BOOKED_TODAY
        self._recorder.note(moved, log.DECIDED, FRONT_DESK, name, self._env.now - moved.opened)
        if slot is None:
            self.send_on(moved, place)
            return
        if slot.opens > self._env.now:  # on top of a session, and not in the diary yet
            practice.book.put_on(slot)
        self.book(moved, slot)

    def send_on(self, contact: Contact, place: str) -> None:
        """Hand a flagged need over: the hub, the urgent treatment centre or A&E sees to it."""
        self._practice.emergency.send_on(place)
        self._contacts.close(contact, place)
