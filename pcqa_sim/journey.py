"""The patient's story: a person asks, gets through or not, is seen or told to ring another day, and comes back.

Read from the top: `ask` is one contact from its beginning to its decision; what follows a failed call, a decision,
a consultation or a result stands below it. A booked patient is called in by the clinician's day (workforce.py), which
comes back to `after_consultation`. A need that comes back goes through `ask` again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from pcqa_sim import eventlog as log
from pcqa_sim.access import HANDLER, Call
from pcqa_sim.clock import DAY, day_of
from pcqa_sim.distributions import Exponential, LogNormal
from pcqa_sim.luck import activity
from pcqa_sim.needs import (
    ANOTHER_DAY,
    APP,
    APPOINTMENT_STANDS,
    AWAITING_TEST,
    BEFORE,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CANCELLED_BY_PRACTICE,
    CHASE,
    CLOSED,
    DESK,
    DNA_REBOOK,
    GAVE_UP,
    INFORMED,
    NEVER_ASKED,
    NEW,
    NO_SLOT_ONLINE,
    NOT_OFFERED,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    RANG_WHILE_CLOSED,
    REARRANGED,
    RECOVERED,
    REDIAL,
    RESOLVED,
    RESULT_NOT_BACK,
    RING_ANOTHER_DAY,
    SETTLED,
    TOLD_ANOTHER_DAY,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
    Contact,
    Disposition,
    Need,
    Slot,
    Wish,
)
from pcqa_sim.outcome import asks_again, cause_of_failed_call, consultation_sequel
from pcqa_sim.rota import FRONT_DESK
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
_LATE_DAYS = activity("asks_late_days")
_BOOKS_AT_ONCE = activity("follow_up_booked_at_once")
_CANCELS = activity("cancels", often=True)
_CANCELS_AT = activity("cancels_at")
_REBOOKS = activity("rebooks_after_cancelling")
_RESULT_DAYS = activity("result_days")
_CHASES = activity("chases")
_APP_ROLE = activity("app_role")

PERSON, KEEPS_WAITING = "person", "keeps_waiting"
TURNS_TO_PHONE_MIN = 1.0  # minutes from finding nothing in the app to ringing
DESK_FIRST, INBOX_NEXT, MOVING_LAST = 0, 1, 2

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
        if channel == PHONE:
            yield from self._ask_by_phone(contact)
        elif channel == APP and not self._practice.kinds[need.kind].administrative:
            self._book_in_app(contact)
        else:
            yield from self._ask_at_front(contact)

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

    def ask_late(self, need: Need, channel: str) -> None:
        """Let a need arise now and be asked about days later, unless it has gone by then."""
        self.arise(need)
        days = self._practice.settings.demand.seeking.late_mean_days
        at = self._working_time(need, self._env.now + Exponential(days).quantile(need.luck.u(_LATE_DAYS)) * DAY)
        recovers = self._env.now + self._recovery(need)
        timer = self._env.timeout(min(recovers, at) - self._env.now)
        if recovers < at:
            timer.callbacks.append(lambda _: self._practice.note_end(need, -1, RECOVERED))
        else:
            timer.callbacks.append(lambda _: follow(self.ask(need, channel=channel)))

    def booked_before(self, need: Need, slot: Slot) -> None:
        """Enter somebody who booked before the run began: a need, its contact and its booking."""
        self.arise(need)
        contact = self._open(need, None, NEW, BEFORE)
        need.heard = True
        self._book(contact, slot)

    # By phone, at the desk, online, in the app.

    def _ask_by_phone(self, contact: Contact) -> Story:
        """Ring; whoever gets through talks to a call handler, who decides."""
        practice = self._practice
        call = yield from practice.phone.ring(contact)
        if not call.reached:
            self._after_failed_call(contact, call)
            return
        yield from practice.phone.talk(call, practice.kinds[contact.need.kind].talk_factor)
        disposition = self._decide(contact)
        practice.phone.wrap_up(call)
        self._follow(contact, disposition)

    def _ask_at_front(self, contact: Contact) -> Story:
        """Stand in line at the desk, or wait in the inbox: the same people see to both, the desk first."""
        practice = self._practice
        at_desk = contact.channel == DESK
        if at_desk and not practice.calendar.is_open(self._env.now):
            self._later(practice.calendar.next_opening(self._env.now), contact, RANG_WHILE_CLOSED, DESK)
            return
        channels = practice.settings.channels
        yield from self._seen_at_front(
            contact, DESK_FIRST if at_desk else INBOX_NEXT, channels.desk_min if at_desk else channels.inbox_min
        )
        self._follow(contact, self._decide(contact, FRONT_DESK))

    def _seen_at_front(self, contact: Contact, priority: float, minutes: float) -> Story:
        """Wait for somebody at the desk and inbox, and take their minutes."""
        request = self._practice.front.ask(priority)
        yield from self._practice.front.wait(request)
        self._note(contact, log.FRONT_SEEN, FRONT_DESK, amount=minutes)
        yield self._env.timeout(minutes)
        self._practice.front.release(request)

    def _book_in_app(self, contact: Contact) -> None:
        """Look for an appointment in the app; who finds none turns to the phone."""
        practice, need = self._practice, contact.need
        slot = practice.online_slot(contact, need.luck.u(_APP_ROLE))
        if slot is not None:
            need.heard = True
            self._note(contact, log.DECIDED, PERSON, self._name(slot))
            self._book(contact, slot)
            return
        at = self._env.now + TURNS_TO_PHONE_MIN
        if not practice.calendar.is_open(at):
            at = practice.calendar.next_opening(at) + self._rush_delay(need)
        self._note(contact, log.FATE, code=PHONE, amount=at - self._env.now)
        self._later(at, contact, NO_SLOT_ONLINE)

    # Decisions and what follows them.

    def _decide(self, contact: Contact, who: str = "") -> Disposition:
        """Let the triage model decide, and book the slot it found before anybody else can."""
        practice = self._practice
        contact.need.heard = True
        disposition = practice.triage.decide(contact, practice, contact.need.luck)
        practice.saw(contact, disposition)
        decider = who or practice.triage.decider
        self._note(contact, log.DECIDED, decider, disposition.name, self._env.now - contact.opened)
        if disposition.slot is not None:
            self._book(contact, disposition.slot)
        return disposition

    def _name(self, slot: Slot) -> str:
        return BOOKED_TODAY if day_of(slot.start) == self._practice.today else BOOKED_AHEAD

    def _follow(self, contact: Contact, disposition: Disposition) -> None:
        """Follow the decision: away settled, or try another day; who is booked is called by the clinician's day."""
        if disposition.name == SETTLED:
            self._close(contact, RESOLVED)
        elif disposition.name == RING_ANOTHER_DAY:
            self._choose_fate(contact, TOLD_ANOTHER_DAY)

    def _book(self, contact: Contact, slot: Slot) -> None:
        """Book a slot for a contact; the person may cancel it, or ask again because the wait is long."""
        self._practice.diary.take(slot, contact)
        contact.slot, contact.booked_at, contact.comes = slot, self._env.now, None
        self._note(contact, log.BOOKED, slot.clinician, f"{slot.rule}.{slot.mode}", slot.start - self._env.now)
        if day_of(slot.start) > self._practice.today:
            self._may_cancel(contact, slot)
            self._may_ask_again(contact, slot)

    def _may_cancel(self, contact: Contact, slot: Slot) -> None:
        """Let a person cancel an appointment booked ahead, at some time before it."""
        luck = contact.need.luck
        if luck.u(_CANCELS) >= self._practice.settings.appointments.cancelling.share:
            return
        timer = self._env.timeout((slot.start - self._env.now) * luck.u(_CANCELS_AT))
        timer.callbacks.append(lambda _: self._cancel(contact, slot))

    def _cancel(self, contact: Contact, slot: Slot) -> None:
        """Cancel: the slot returns to the diary, and the person asks for another time or needs it no more."""
        if slot.contact is not contact or contact.comes is not None:
            return
        self._practice.diary.give_back(slot)
        self._note(contact, log.CANCELLED, slot.clinician, log.BY_PATIENT, slot.start - self._env.now)
        contact.slot = None
        need = contact.need
        if need.luck.u(_REBOOKS) < self._practice.settings.appointments.cancelling.rebook_share:
            self._later(self._working_time(need, self._env.now), contact, REARRANGED)
        else:
            planned = self._practice.kinds[need.kind].programme is not None
            self._close(contact, GAVE_UP if planned else RECOVERED)

    def _may_ask_again(self, contact: Contact, slot: Slot) -> None:
        """Let a person who waits long beyond the day they wanted ask again before the appointment."""
        need = contact.need
        if contact.channel in (BEFORE, PRACTICE):
            return
        wanted = max(self._practice.today, day_of(need.arose) + self._practice.wanted_days(need))
        outcome = self._practice.settings.outcome
        if not asks_again(day_of(slot.start) - wanted, outcome, need.luck):
            return
        at = self._working_time(need, (wanted + outcome.waiting.after_days) * DAY)
        if at < slot.start - DAY:
            timer = self._env.timeout(at - self._env.now)
            timer.callbacks.append(
                lambda _: follow(
                    self._enquire(contact, WAITED_TOO_LONG, APPOINTMENT_STANDS, lambda: slot.contact is contact)
                )
            )

    def _enquire(self, parent: Contact, cause: str, answer: str, still: Callable[[], bool]) -> Story:
        """Ring about what is under way already (an appointment, a result), if it still is; nothing changes by it."""
        if not still():
            return
        practice, need = self._practice, parent.need
        contact = self._open(need, parent, cause, PHONE)
        need.enquiring += 1
        call = yield from practice.phone.ring(contact)
        if call.reached:
            yield from practice.phone.talk(call)
            self._note(contact, log.DECIDED, HANDLER, answer, self._env.now - contact.opened)
            practice.phone.wrap_up(call)
        else:
            self._note(contact, log.FATE, code=KEEPS_WAITING)
        need.enquiring -= 1
        if need.ends is not None and not need.enquiring:
            self._close(*need.ends)

    def move(self, contact: Contact) -> Story:
        """Have an appointment that the practice cancelled replaced, by somebody at the desk."""
        need, slot = contact.need, contact.slot
        assert slot is not None
        self._note(contact, log.CANCELLED, slot.clinician, log.BY_PRACTICE, slot.start - self._env.now)
        moved = self._open(need, contact, CANCELLED_BY_PRACTICE, PRACTICE)
        yield from self._seen_at_front(moved, MOVING_LAST, self._practice.settings.channels.desk_min)
        found = self._practice.earliest(self._wish_again(moved, slot.role))
        name = RING_ANOTHER_DAY if found is None else self._name(found)
        self._note(moved, log.DECIDED, FRONT_DESK, name, self._env.now - moved.opened)
        if found is not None:
            self._book(moved, found)
        elif self._practice.kinds[need.kind].programme is not None:
            self._invite_again(moved)
        else:
            self._choose_fate(moved, TOLD_ANOTHER_DAY)

    def _wish_again(self, moved: Contact, role: str) -> Wish:
        """Return the wish for a replacement of the same role, as soon as can be."""
        need, today = moved.need, self._practice.today
        last = today + max(7, self._practice.kinds[need.kind].latest_days)
        horizon = today + self._practice.settings.appointments.horizon_days
        modes = self._practice.modes_for(need, self._practice.kinds[need.kind])
        return Wish(role, today, min(last, horizon), modes, urgent=True)

    # Planned care.

    def invite(self, need: Need, parent: Contact | None = None, tries: int = 1, cause: str = NEW) -> None:
        """Invite a person to planned care: book what is free between the first and last day, or try again later."""
        practice = self._practice
        programme = practice.kinds[need.kind].programme
        assert programme is not None
        if parent is None:
            self.arise(need)
        contact = self._open(need, parent, cause, PRACTICE)
        contact.tries = tries
        need.heard = True
        today = self._practice.today
        horizon = today + practice.settings.appointments.horizon_days
        first, last = practice.invitation_days(need, programme)
        modes = practice.modes_for(need, practice.kinds[need.kind])
        slot = practice.earliest(Wish(programme.role, today + first, min(today + last, horizon), modes))
        if slot is not None:
            self._book(contact, slot)
        else:
            self._invite_again(contact)

    def _invite_again(self, contact: Contact) -> None:
        """Invite again some weeks later, or give the invitation up."""
        planned, need = self._practice.settings.planned, contact.need
        if contact.tries >= planned.most_tries:
            self._close(contact, NOT_OFFERED)
            return
        at = self._working_time(need, self._env.now + planned.invite_again_weeks * 7 * DAY)
        timer = self._env.timeout(at - self._env.now)
        timer.callbacks.append(lambda _: self.invite(need, contact, contact.tries + 1, TOLD_ANOTHER_DAY))

    # After consultations, missed appointments and results.

    def after_consultation(self, contact: Contact, slot: Slot, minutes: float, squeezed: bool) -> None:
        """Resolved, a result awaited, asked to come again, or not resolved and back before long."""
        practice, need = self._practice, contact.need
        rules = practice.kinds[need.kind]
        factor = practice.clinician(slot).follow_up
        chances = practice.chances(need, slot, squeezed)
        sequel = consultation_sequel(chances, rules.afterwards, factor, practice.settings.outcome, need.luck)
        need.seen_by = slot.clinician
        if sequel.result == WRONG_CLINICIAN:
            need.wrong_role = slot.role
        self._note(contact, log.CONSULT_ENDED, slot.clinician, sequel.result, minutes)
        practice.paperwork[slot.role].add(practice.settings.role[slot.role].paperwork_min)
        if rules.relational:
            practice.knows(need.person, slot.clinician)
        if sequel.result == RESOLVED:
            self._close(contact, RESOLVED)
        elif sequel.result == AWAITING_TEST:
            self._await_result(contact, slot.role)
        elif sequel.result == PLANNED_FOLLOW_UP:
            self._follow_up(contact, slot, sequel.days)
        else:
            self._later(self._working_time(need, self._env.now + sequel.days * DAY), contact, sequel.result)

    def _follow_up(self, contact: Contact, slot: Slot, days: float) -> None:
        """Book the planned follow-up before the person leaves, or let them ask for it when it is time."""
        practice, need = self._practice, contact.need
        need.today = False
        if need.luck.u(_BOOKS_AT_ONCE) < practice.kinds[need.kind].follow_up_booked_share:
            today = self._practice.today
            horizon = today + practice.settings.appointments.horizon_days
            first = today + max(1, round(days))
            tolerance = practice.settings.appointments.continuity.tolerance_days
            modes = practice.modes_for(need, practice.kinds[need.kind])
            wish = Wish(slot.role, first, min(first + 14, horizon), modes, usual=slot.clinician, tolerance=tolerance)
            found = practice.earliest(wish)
            if found is not None:
                self._book(self._open(need, contact, PLANNED_FOLLOW_UP, PRACTICE), found)
                return
        self._later(self._working_time(need, self._env.now + days * DAY), contact, PLANNED_FOLLOW_UP)

    def _await_result(self, contact: Contact, role: str) -> None:
        """Wait for a result: it comes back after some days, and then somebody has to deal with it."""
        office, luck = self._practice.settings.backoffice, contact.need.luck
        contact.need.awaits = self._env.now
        days = LogNormal.from_mean(office.result_mean_days, office.result_cv).quantile(luck.u(_RESULT_DAYS))
        minutes = self._practice.settings.role[role].paperwork_min
        paperwork = self._practice.paperwork[role]
        back = self._env.timeout(days * DAY)
        back.callbacks.append(lambda _: paperwork.add_result(minutes, contact))
        if luck.u(_CHASES) < office.chase_share:
            self._may_chase(contact, office.expected_days)

    def _may_chase(self, contact: Contact, days: float) -> None:
        """Ring about a result that has not been heard of when it was expected, again and again until it is."""
        need = contact.need

        def chase() -> Story:
            if need.awaits is None:
                return
            self._may_chase(contact, self._practice.settings.backoffice.chase_again_days)
            yield from self._enquire(contact, CHASE, RESULT_NOT_BACK, lambda: need.awaits is not None)

        at = self._working_time(need, self._env.now + days * DAY)
        self._env.timeout(at - self._env.now).callbacks.append(lambda _: follow(chase()))

    def after_result(self, contact: Contact) -> None:
        """Let a person hear of their result: the need is resolved."""
        need = contact.need
        assert need.awaits is not None
        self._note(contact, log.RESULT_BACK, "", "", self._env.now - need.awaits)
        need.awaits = None
        self._close(contact, RESOLVED)

    def after_missed_appointment(self, contact: Contact) -> None:
        """Ask again after a missed appointment, or not: the need has gone or the person has given up."""
        outcome, need = self._practice.settings.outcome, contact.need
        if need.luck.u(_DNA_REBOOKS) < outcome.dna_rebook_share:
            if self._practice.kinds[need.kind].programme is not None:
                self.invite(need, contact, contact.tries, DNA_REBOOK)
                return
            days = Exponential(outcome.dna_rebook_mean_days).quantile(need.luck.u(_DNA_DAYS))
            self._later(self._working_time(need, self._env.now + days * DAY), contact, DNA_REBOOK)
        else:
            gone = contact.opened + self._recovery(need) <= self._env.now
            self._close(contact, RECOVERED if gone else GAVE_UP)

    # After calls that reached nobody.

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

    # Time.

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
        if need.luck.u(_RINGS_AT_OPENING) < share:
            return self._practice.calendar.next_opening(tomorrow) + self._rush_delay(need)
        return self._working_time(need, tomorrow)

    def _working_time(self, need: Need, earliest: float) -> float:
        """Return a usual asking time on the first working day at or after a minute."""
        day = day_of(self._practice.calendar.next_opening(day_of(earliest) * DAY))
        at = day * DAY + self._practice.asking_minute(day, need.luck.u(_TIME_ANOTHER_DAY))
        return at if at > self._env.now else self._working_time(need, (day + 1) * DAY)
