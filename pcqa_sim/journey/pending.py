"""What is pending: an appointment people may cancel or ask about, a result or paper they may chase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pcqa_sim.clinic.consultation import asks_again
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.timing import awake
from pcqa_sim.journey.waiting_list import WaitingList
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario.groups import RESULT
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, HOUR, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    APPOINTMENT_STANDS,
    BEFORE,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CANCELLED,
    CHASE,
    DESK,
    FACE_TO_FACE,
    GAVE_UP,
    KEEPS_WAITING,
    MOVED,
    PHONE,
    PRACTICE,
    REARRANGED,
    RECOVERED,
    REFERRAL,
    RESOLVED,
    RESULT_NOT_BACK,
    RESULT_TOLD,
    WAITED_TOO_LONG,
    Contact,
    Slot,
    Visit,
)
from pcqa_sim.values.words import CALL_HANDLER

_CANCELS: Final = activity("cancels", often=True)
_CANCELS_AT: Final = activity("cancels_at")
_REBOOKS: Final = activity("rebooks_after_cancelling")
_RESULT_DAYS: Final = activity("result_days")
_CHASES: Final = activity("chases")
_CALLS_FOR_IT: Final = activity("rings_for_result")
_WHO_SEES_TO_IT: Final = activity("who_sees_to_paperwork")


@mypyc_attr(allow_interpreted_subclasses=True)
class Pending:
    """What happens between a booking and the appointment, and between a test and its result."""

    def __init__(self, practice: OpenPractice, contacts: Contacts) -> None:
        self._practice = practice
        self._env = practice.env
        self._recorder = practice.recorder
        self._contacts = contacts
        self.waiting = WaitingList(practice)
        self.freed: Callable[[Slot], None] | None = None  # what is done with a slot that somebody has cancelled

    # Appointments.

    def book(self, contact: Contact, slot: Slot, days_ago: int = 0) -> None:
        """Book a slot for a contact; the person may cancel it, or ask again because the wait is long.

        `days_ago` is not 0 for those who booked before the run began.
        """
        self._practice.book.take(slot, contact)
        if slot.to_all_from <= self._env.now:
            slot.complex = slot.complex and self._practice.requests.is_complex(contact.need)
        if slot.converts_from <= self._env.now:
            self._convert(contact, slot)
        contact.slot, contact.booked_at, contact.comes = slot, self._env.now - days_ago * DAY, None
        contact.visit = Visit()
        code = f"{slot.rule}.{slot.mode}.{days_ago}" if days_ago else f"{slot.rule}.{slot.mode}"
        self._recorder.note(contact, log.BOOKED, slot.clinician, code, slot.start - self._env.now)
        if day_of(slot.start) > self._practice.today:
            self._may_cancel(contact, slot)
            self._may_ask_again(contact, slot)
            self.waiting.may_join_booked(contact, slot)

    def _convert(self, contact: Contact, slot: Slot) -> None:
        """Give a slot in another mode that its minutes hold, where its own will not do for the person."""
        modes = self._practice.requests.modes(contact.need)
        comes_in = 0.0 if contact.channel == DESK else self._practice.settings.appointments.travel_min
        if slot.start <= self._env.now + comes_in:
            modes -= {FACE_TO_FACE}
        if slot.mode not in modes:
            self._recorder.note(contact, log.SLOT_CONVERTED, slot.clinician, slot.mode)
            slot.mode = next(mode for mode in slot.holds if mode in modes)

    def booking_name(self, slot: Slot) -> str:
        """Return what the decision to book a slot is called: today or ahead."""
        return BOOKED_TODAY if day_of(slot.start) == self._practice.today else BOOKED_AHEAD

    def _may_cancel(self, contact: Contact, slot: Slot) -> None:
        """Let a person cancel an appointment booked ahead, at some time before it."""
        luck = contact.need.luck
        if luck.u(_CANCELS) >= self._practice.in_force.cancel_share:
            return
        moment = self._env.now + (slot.start - self._env.now) * luck.u(_CANCELS_AT)
        if (morning := awake(moment)) < slot.start:
            moment = morning
        timer = self._env.timeout(moment - self._env.now)
        timer.callbacks.append(lambda _: self._cancel(contact, slot))

    def _cancel(self, contact: Contact, slot: Slot) -> None:
        """Cancel: the slot returns to the diary, and its day is one that does not suit."""
        if slot.contact is not contact or contact.comes is not None:
            return
        assert contact.visit is not None
        slot.freed, contact.need.given_back = self._env.now, day_of(slot.start)
        self._recorder.note(contact, log.CANCELLED, slot.clinician, log.BY_PATIENT, slot.start - self._env.now)
        stays = self._practice.book.give_back(slot)
        contact.slot = None
        contact.visit.end(CANCELLED)
        if self.freed is not None and stays:
            self.freed(slot)

    def bring_forward(self, contact: Contact) -> None:
        """Free the slot of a person who takes an earlier one: their contact ends with it."""
        slot, visit = contact.slot, contact.visit
        assert slot is not None
        assert visit is not None
        slot.freed = self._env.now
        self._recorder.note(contact, log.CANCELLED, slot.clinician, log.BY_PATIENT, slot.start - self._env.now)
        self._practice.book.give_back(slot)
        contact.slot = None
        visit.end(MOVED)

    def after_cancelling(self, contact: Contact) -> None:
        """Ask for a later day, or need it no more."""
        need = contact.need
        if need.luck.u(_REBOOKS) < self._practice.settings.appointments.cancelling.rebook_share:
            self._contacts.ask_again(self._contacts.timing.working_time(need, self._env.now), contact, REARRANGED)
        else:
            planned = self._practice.kinds[need.kind].programme is not None
            self._contacts.close(contact, GAVE_UP if planned else RECOVERED)

    def _may_ask_again(self, contact: Contact, slot: Slot) -> None:
        """Let a person who waits long beyond the day they wanted ask again before the appointment."""
        need, outcome = contact.need, self._practice.settings.outcome
        rearranged = contact.cause == REARRANGED or need.given_back >= self._practice.today
        if contact.channel in (BEFORE, PRACTICE) or rearranged or need.asks_to_book:
            return  # they were given the day they asked for, or the practice looked for it
        wanted = max(self._practice.today, day_of(need.arose) + self._practice.requests.wanted_days(need))
        if not asks_again(day_of(slot.start) - wanted, outcome, need.luck):
            return
        at = self._contacts.timing.working_time(need, (wanted + outcome.waiting.after_days) * DAY)
        if at < slot.start - DAY:

            def stands() -> bool:
                return slot.contact is contact

            timer = self._env.timeout(at - self._env.now)
            timer.callbacks.append(
                lambda _: follow(self._enquire(contact, WAITED_TOO_LONG, APPOINTMENT_STANDS, stands))
            )

    # Enquiries.

    def _enquire(self, parent: Contact, cause: str, answer: str, still: Callable[[], bool]) -> Steps:
        """Call about what is under way already (an appointment, a result), if it still is; nothing changes by it."""
        if not still():
            return
        phone, need = self._practice.reception.phone, parent.need
        contact = self._contacts.open(need, parent, cause, PHONE)
        need.enquiring += 1
        call = yield from phone.call(contact)
        if call.reached:
            yield from phone.talk(call, 1.0)
            told = cause == CHASE and need.filed and need.awaits is not None
            answer = RESULT_TOLD if told else answer
            self._recorder.note(contact, log.DECIDED, CALL_HANDLER, answer, self._env.now - contact.opened)
            if told:
                self._tell(parent)
            phone.wrap_up(call)
        else:
            self._recorder.note(contact, log.NEXT_ACTION, code=KEEPS_WAITING)
        need.enquiring -= 1
        if need.ends is not None and not need.enquiring:
            self._contacts.close(*need.ends)

    # Results and papers.

    def await_result(self, contact: Contact, role: str) -> None:
        """Wait for a result: it comes back after some days, and then somebody has to deal with it."""
        settings, luck = self._practice.settings.backoffice, contact.need.luck
        contact.need.awaits, contact.need.paper = self._env.now, ""
        days = self._practice.office.result_days.quantile(luck.u(_RESULT_DAYS))
        item = settings.items[RESULT]
        paperwork = self._practice.office.pile_for_result(role, luck.u(_WHO_SEES_TO_IT))
        back = self._env.timeout(days * DAY)
        back.callbacks.append(lambda _: paperwork.add_awaited(RESULT, item.minutes, contact))
        self._may_chase_first(contact, item.expected_days)

    def await_paper(self, contact: Contact) -> None:
        """Wait for a prescription, note or letter that somebody has to see to, and chase it if it is late."""
        settings, luck = self._practice.settings.backoffice, contact.need.luck
        name = REFERRAL if contact.need.lost else self._practice.in_force.requests[contact.need.kind]
        contact.need.awaits, contact.need.paper, contact.need.lost = self._env.now, name, False
        paperwork = self._practice.office.pile_for(name, luck.u(_WHO_SEES_TO_IT))
        item = settings.items[name]
        paperwork.add_awaited(name, item.minutes, contact, self._env.now + item.soonest_hours * HOUR)
        self._may_chase_first(contact, item.expected_days)

    def _may_chase_first(self, contact: Contact, days: float) -> None:
        """Let a share of the people who wait call when they have not heard by the day expected."""
        if contact.need.luck.u(_CHASES) < self._practice.in_force.chase_share:
            self._may_chase(contact, days)

    def _may_chase(self, contact: Contact, days: float) -> None:
        """Call about what has not been heard of when it was expected, again and again until it is."""
        need = contact.need

        def chase() -> Steps:
            if need.awaits is None:
                return
            self._may_chase(contact, self._practice.settings.backoffice.chase_again_days)
            yield from self._enquire(contact, CHASE, RESULT_NOT_BACK, lambda: need.awaits is not None)

        at = self._contacts.timing.working_time(need, self._env.now + days * DAY)
        self._env.timeout(at - self._env.now).callbacks.append(lambda _: follow(chase()))

    def hear(self, contact: Contact) -> None:
        """Let a person hear of their result, or have what was to be written: the need is resolved.

        Of some results nobody tells people: it lies there until they call for it.
        """
        need = contact.need
        assert need.awaits is not None
        share = self._practice.settings.backoffice.called_for_share
        if share and not need.paper and need.luck.u(_CALLS_FOR_IT) < share:
            need.filed = True
            expected = self._practice.settings.backoffice.items[RESULT].expected_days
            self._will_call_for_it(contact, max(self._env.now, need.awaits + expected * DAY))
            return
        self._tell(contact)

    def _will_call_for_it(self, contact: Contact, earliest: float) -> None:
        """Call for a result that lies there, day after day until somebody says what it is."""
        need = contact.need

        def waits() -> bool:  # a function, since a look at the attribute is remembered through the call, compiled
            return need.awaits is not None

        def call_for_it() -> Steps:
            if not waits():
                return
            yield from self._enquire(contact, CHASE, RESULT_NOT_BACK, waits)
            if waits():
                self._will_call_for_it(contact, (self._practice.today + 1) * DAY)

        at = self._contacts.timing.working_time(need, earliest)
        self._env.timeout(at - self._env.now).callbacks.append(lambda _: follow(call_for_it()))

    def _tell(self, contact: Contact) -> None:
        """Tell a person of their result, or that what was to be written is."""
        need = contact.need
        assert need.awaits is not None
        self._recorder.note(contact, log.RESULT_BACK, "", need.paper, self._env.now - need.awaits)
        need.awaits = None
        self._contacts.close(contact, RESOLVED)
