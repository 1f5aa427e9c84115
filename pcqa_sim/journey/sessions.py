"""Clinicians at work: a day is walked session by session and slot by slot, early, on time or late.

A booked patient is seen at the slot's start or when the one before comes out, whichever is later; what runs over
delays the next, who is then given less time. A slot that nobody has booked, or whose patient does not come, is a gap;
what gaps and quick consultations leave over goes to paperwork.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from pcqa_sim.clinic.diary import Diary
from pcqa_sim.clinic.paperwork import SUPERVISION
from pcqa_sim.clinic.session import Clinic, MeetingTime
from pcqa_sim.frontdoor.phone import Pen
from pcqa_sim.journey.journey import Journey
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.process import follow
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.consulting import Consultations, lead_days
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import HOME_VISIT, MISSED, SEEN, Slot
from pcqa_sim.values.words import GP

Minutes = Generator[Event, Any, float]
Steps = Generator[Event, Any, None]


class ConsultingRoom:
    """What working a slot needs of a practice: clock, diary, who comes and for how long, and the pen.

    `travelled` are the minutes on the way to people's homes so far, `met` those in meetings, `lent` those of
    consultations with people of other practices of the network, by practice.
    """

    __slots__ = ("consulting", "diary", "env", "lent", "met", "pen", "travelled")

    def __init__(self, env: Environment, diary: Diary, consulting: Consultations, pen: Pen) -> None:
        self.env = env
        self.diary = diary
        self.consulting = consulting
        self.pen = pen
        self.travelled = self.met = 0.0
        self.lent: dict[str, float] = {}

    def whose(self, slot: Slot) -> ConsultingRoom:
        """Return the room as the practice sees it that has booked a slot: its patient, its diary, its pen."""
        if slot.loan is None:
            return self
        theirs: ConsultingRoom = slot.loan.room
        return theirs


def work_day(practice: OpenPractice, journey: Journey, sessions: list[Clinic]) -> Generator[Event, Any, None]:
    """Work one clinician's sessions of a day, in order of time."""
    env, office, room = practice.env, practice.office, room_of(practice)
    for session in sessions:
        if env.now < session.starts:
            yield env.timeout(session.starts - env.now)
        began = min(env.now, session.ends)
        waiting, travelled, met = TriageCalls.of(practice, room, session), room.travelled, room.met
        consulting = yield from _work_list(practice, journey, room, session, waiting, 0)
        if session.meetings:
            consulting += yield from meet(room, session.meetings, waiting, session.ends)
        if waiting is not None:
            consulting += yield from waiting.to_the_end()
        while practice.recognition is not None and env.now < session.ends:
            worked = len(session.slots)
            yield from _stand_by(env, session)
            if len(session.slots) == worked:
                break
            consulting += yield from _work_list(practice, journey, room, session, None, worked)
        session.over = True
        travelled, met = room.travelled - travelled + session.way_min, room.met - met
        stays = office.stays_on(session, consulting + travelled + met, began)
        if env.now < session.ends or stays:
            yield env.timeout(max(0.0, session.ends - env.now) + stays)
        if session.supervision_min:
            office.ask(GP, session.supervision_min, SUPERVISION)
        lent, room.lent = sum(room.lent.values()), {}
        for contact in office.session_ended(session, began, consulting, travelled, lent, met):
            journey.pending.hear(contact)


def _work_list(
    practice: OpenPractice,
    journey: Journey,
    room: ConsultingRoom,
    session: Clinic,
    waiting: TriageCalls | None,
    at: int,
) -> Minutes:
    """Work a session's slots from one on, those that are put on meanwhile too; return the minutes of consultations."""
    consulting = 0.0
    while at < len(session.slots):
        slot = session.slots[at]
        at += 1
        if session.meetings:
            consulting += yield from meet(room, session.meetings, waiting, slot.start)
        if waiting is not None:
            consulting += yield from waiting.before(slot.start)
        if practice.office.list_stops(session):
            for contact in practice.book.send_away(slot):
                follow(journey.initiated.move(contact))
        else:
            consulting += yield from work_slot(room, slot)
    return consulting


def meet(room: ConsultingRoom, meetings: list[MeetingTime], waiting: TriageCalls | None, before: float) -> Minutes:
    """Be at the meetings that begin before a minute, each to the end of the time kept for it; see nobody meanwhile.

    Return the minutes of consultations in between. Who comes late from a patient misses the beginning.
    """
    env, consulting = room.env, 0.0
    while meetings and meetings[0].starts <= before:
        meeting = meetings[0]
        if waiting is not None:
            consulting += yield from waiting.before(meeting.starts)
        came = max(env.now, meeting.starts)
        if env.now < meeting.ends:
            yield env.timeout(meeting.ends - env.now)
        if meeting in meetings:  # it may have been moved meanwhile
            meetings.remove(meeting)
        there = max(0.0, meeting.until - came)
        room.met += there
        if meeting.tell is not None:
            meeting.tell(there)
    return consulting


def _stand_by(env: Environment, session: Clinic) -> Steps:
    """Be there, at paperwork, until the session ends or somebody flagged as urgent is put on top."""
    bell = Bell(env)
    env.timeout(session.ends - env.now).callbacks.append(lambda _: bell.sound())
    session.wake = bell.sound
    yield bell.event
    session.wake = None


class Bell:
    """An event that may be told more than once to happen."""

    __slots__ = ("_sounded", "event")

    def __init__(self, env: Environment) -> None:
        self.event = env.event()
        self._sounded = False

    def sound(self) -> None:
        """Let it happen, if it has not."""
        if not self._sounded:
            self._sounded = True
            self.event.succeed()


class TriageCalls:
    """Clinician triage in one session: who waits is called, or has their form read, the most urgent first."""

    __slots__ = ("_blocks", "_book", "_list", "_room", "_session")

    def __init__(self, book: AppointmentBook, room: ConsultingRoom, session: Clinic) -> None:
        self._book = book
        self._list = book.triage_list
        self._room = room
        self._session = session
        self._blocks = list(session.triage_blocks)

    @classmethod
    def of(cls, practice: OpenPractice, room: ConsultingRoom, session: Clinic) -> TriageCalls | None:
        """Return that of a session, None where its role does none."""
        rules = practice.book.triage_list.rules
        return None if rules is None or rules.role != session.role else cls(practice.book, room, session)

    def before(self, at: float) -> Minutes:
        """Call people before the next patient's time: whoever waits in the time made for it, else who is urgent."""
        minutes = 0.0
        while self._blocks and self._blocks[0][0] <= at:
            starts, ends = self._blocks.pop(0)
            minutes += yield from self._between_patients(starts)
            minutes += yield from self._in_time_made(starts, ends)
        return minutes + (yield from self._between_patients(at))

    def _in_time_made(self, starts: float, ends: float) -> Minutes:
        """Call one after the other, and wait for more where nobody is left; late, for as long as was meant."""
        env, minutes = self._room.env, 0.0
        if env.now < starts:
            yield env.timeout(starts - env.now)
        until = ends + env.now - starts
        while env.now < until:
            slot = self._list.take(urgent_only=False)
            if slot is not None:
                minutes += yield from self._call(slot)
            elif env.now < ends:
                yield self._somebody_or(ends)
            else:
                break
        return minutes

    def _between_patients(self, until: float) -> Minutes:
        """Call people who want help today while there is time before the next patient's."""
        env, rules, minutes = self._room.env, self._list.rules, 0.0
        while rules is not None and env.now + rules.mean_min <= until:
            slot = self._list.take(urgent_only=True)
            if slot is None:
                break
            minutes += yield from self._call(slot)
        return minutes

    def to_the_end(self) -> Minutes:
        """Call people who want help today to the end of the session; of the day's last ones, until nobody is left."""
        env, last = self._room.env, self._book.ends_last(self._session)
        minutes = yield from self.before(self._blocks[-1][1] if self._blocks else env.now)
        while env.now < self._session.ends or last:
            slot = self._list.take(urgent_only=True)
            if slot is None:
                break
            minutes += yield from self._call(slot)
        return minutes

    def _somebody_or(self, until: float) -> Event:
        """Return what happens when somebody is put on the list, or at a minute of the run."""
        env = self._room.env
        event = env.event()

        def come() -> None:
            event.succeed()

        def give_up(_: Event) -> None:
            if self._list.forget(come):
                event.succeed()

        self._list.tell(come)
        env.timeout(until - env.now).callbacks.append(give_up)
        return event

    def _call(self, slot: Slot) -> Minutes:
        slot.clinician, slot.start = self._session.clinician, self._room.env.now
        return work_slot(self._room, slot)


def room_of(practice: OpenPractice) -> ConsultingRoom:
    """Return what working a slot needs of a practice."""
    return ConsultingRoom(practice.env, practice.book.diary, practice.consulting, practice.recorder)


def work_slot(room: ConsultingRoom, slot: Slot) -> Minutes:
    """Work one slot and return the minutes of consultation; the story of the person booked into it goes on afterwards.

    A patient booked already costs one kernel event: the clinician waits for the end of the consultation and not
    first for its beginning. Only gaps, slots booked at the last moment and patients who do not come cost another.
    """
    env, consulting = room.env, room.consulting
    if slot.mode == HOME_VISIT and (before := consulting.sets_out(slot)) > 0:
        return (yield from _visit(room, slot, before))
    if env.now < slot.start and (slot.contact is None or not room.whose(slot).consulting.comes(slot.contact, slot)):
        yield env.timeout(slot.start - env.now)
    if slot.loan is None:
        return (yield from _see(room, slot))
    minutes = yield from _see(room.whose(slot), slot)
    room.lent[slot.loan.to] = room.lent.get(slot.loan.to, 0.0) + minutes
    return minutes


def _see(room: ConsultingRoom, slot: Slot) -> Minutes:
    """Call in whoever has booked a slot whose time has come, or is near, and see them."""
    env, diary, consulting = room.env, room.diary, room.consulting
    contact = diary.call(slot)
    if contact is None:
        return 0.0
    assert contact.visit is not None
    if not consulting.comes(contact, slot):
        diary.finish(slot)
        room.pen.note(contact, log.DID_NOT_ATTEND, slot.clinician, amount=lead_days(contact, slot))
        contact.visit.end(MISSED)
        return 0.0
    late = env.now - slot.start
    squeeze = consulting.squeeze
    squeezed = late > squeeze.late_from_min
    minutes = consulting.minutes(slot, contact.need)
    if squeezed:
        minutes *= squeeze.minutes_factor
        room.pen.note(contact, log.SQUEEZED, slot.clinician, amount=late)
    yield env.timeout(max(0.0, -late) + minutes)
    diary.finish(slot)
    contact.visit.end(SEEN, minutes, squeezed)
    return minutes


def _visit(room: ConsultingRoom, slot: Slot, before: float) -> Minutes:
    """Go to somebody's home, so many minutes before the time, and back; return the minutes of consultation there."""
    env, diary, consulting = room.env, room.diary, room.consulting
    for sets_out in (slot.start - before, slot.start):  # nobody may have booked it when it is time to go, but later
        if slot.contact is None or env.now < slot.start - before:
            yield env.timeout(max(0.0, sets_out - env.now))
    contact = diary.call(slot)
    if contact is None:
        return 0.0
    assert contact.visit is not None
    way = consulting.way_min(slot, contact.need)
    room.travelled += way
    there = max(slot.start, env.now + way / 2)
    if not consulting.comes(contact, slot):
        yield env.timeout(there - env.now)
        diary.finish(slot)
        room.pen.note(contact, log.DID_NOT_ATTEND, slot.clinician, amount=lead_days(contact, slot))
        contact.visit.end(MISSED)
        yield env.timeout(way / 2)
        return 0.0
    squeezed = there - slot.start > consulting.squeeze.late_from_min
    minutes = consulting.minutes(slot, contact.need)
    if squeezed:
        minutes *= consulting.squeeze.minutes_factor
    yield env.timeout(there - env.now)
    if squeezed:
        room.pen.note(contact, log.SQUEEZED, slot.clinician, amount=there - slot.start)
    yield env.timeout(minutes)
    diary.finish(slot)
    contact.visit.end(SEEN, minutes, squeezed)
    yield env.timeout(way / 2)
    return minutes
