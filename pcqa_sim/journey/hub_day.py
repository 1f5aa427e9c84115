"""A day in a network's hub: its people see whoever any practice has booked, and their minutes are charged to each.

A session's minutes stand in the log of every practice: those with its patients, and of the rest, which nobody used, its
share of the network. So minutes add up, and each practice pays for what it had.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import partial
from typing import Any

from pcqa_sim.clinic.paperwork import SUPERVISION
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.journey.journey import Journey
from pcqa_sim.journey.sessions import ConsultingRoom, Steps, meet, room_of, work_slot
from pcqa_sim.kernel.environment import Event
from pcqa_sim.kernel.process import follow
from pcqa_sim.network.elsewhere import Member
from pcqa_sim.network.hub import HubDiary
from pcqa_sim.network.rounds import nearest_share
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.needs import Slot
from pcqa_sim.values.words import GP


class HubDay:
    """The hub during a run; `shares` is by which part each practice pays for what nobody uses."""

    def __init__(
        self,
        hub: HubDiary,
        members: Mapping[str, tuple[OpenPractice, Journey]],
        shares: Mapping[str, float],
    ) -> None:
        self._hub, self._members, self._shares = hub, members, shares
        self._first, _ = next(iter(members.values()))
        self._env = self._first.env
        self._had = dict.fromkeys(members, 0)

    def begin_day(self) -> None:
        """Open the diary by one day more, and begin the day's sessions."""
        today = day_of(self._env.now)
        ahead = max(practice.settings.appointments.horizon_days for practice, _ in self._members.values())
        self._hub.open_to(today + ahead)
        for clinic in self._hub.off_sick(today):
            self._call_off(clinic)
        for clinic in self._hub.clinics_on[today]:
            follow(self._work(clinic))
        timer = self._env.timeout(DAY - 1e-3)
        timer.callbacks.append(lambda _: self._end_day(today))

    def _call_off(self, clinic: Clinic) -> None:
        """Have those who are booked with somebody who is ill booked again, by their own practice, when it opens."""
        for slot in clinic.slots:
            if slot.loan is not None:
                practice, _ = self._members[slot.loan.to]
                opens = practice.calendar.next_opening(self._env.now)
                at = opens if opens < slot.start else self._env.now
                timer = self._env.timeout(at - self._env.now)
                timer.callbacks.append(partial(self._tell, slot))

    def _tell(self, slot: Slot, _: object) -> None:
        if slot.loan is not None and slot.contact is not None:
            slot.loan.call_off(slot)

    def _work(self, clinic: Clinic) -> Steps:
        """Work one session, then account for it."""
        env = self._env
        if env.now < clinic.starts:
            yield env.timeout(clinic.starts - env.now)
        began, room, met = env.now, room_of(self._first), dict.fromkeys(self._members, 0.0)
        patients = yield from self._see_all(clinic, room, met)
        if env.now < clinic.ends:
            yield env.timeout(clinic.ends - env.now)
        self._account(clinic, began, room.lent, met, patients)

    def _see_all(
        self, clinic: Clinic, room: ConsultingRoom, met: dict[str, float]
    ) -> Generator[Event, Any, dict[str, int]]:
        """See everybody who is booked into a session; return how many of each practice's people came.

        Minutes in meetings are added to `met`, by the practice that was the host.
        """
        patients: dict[str, int] = {}
        for slot in clinic.slots:
            yield from self._meets(clinic, room, slot.start, met)
            if slot.loan is None and self._env.now < slot.start:
                yield self._env.timeout(slot.start - self._env.now)
            if slot.loan is not None:
                minutes = yield from work_slot(room, slot)
                patients[slot.loan.to] = patients.get(slot.loan.to, 0) + (minutes > 0)
        yield from self._meets(clinic, room, clinic.ends, met)
        return patients

    def _meets(self, clinic: Clinic, room: ConsultingRoom, before: float, met: dict[str, float]) -> Steps:
        """Be at the meetings that begin before a minute."""
        while clinic.meetings and clinic.meetings[0].starts <= before:
            meeting, already = clinic.meetings[0], room.met
            yield from meet(room, clinic.meetings, None, meeting.starts)
            if room.met > already:
                met[meeting.host] += room.met - already

    def _account(
        self,
        clinic: Clinic,
        began: float,
        seen: Mapping[str, float],
        met: Mapping[str, float],
        patients: Mapping[str, int],
    ) -> None:
        """Write each practice's part of a session's minutes; those in a meeting are its host's.

        Where the hub's people are all there is of a role they do its paperwork, else that of their own consultations.
        """
        over = max(0.0, self._env.now - clinic.ends)
        total, consulting = clinic.ends - began + over, sum(seen.values())
        unused = total - consulting - sum(met.values())
        alone = self._hub.has_all_of(clinic.role)
        for key, (practice, journey) in self._members.items():
            mine = seen.get(key, 0.0)
            rest = unused * self._shares[key]
            overtime = over * mine / consulting if consulting else over * self._shares[key]
            pile, notes = practice.office.paperwork[clinic.role], practice.settings.role[clinic.role].notes_min
            written = pile.work(rest if alone else min(rest, notes * patients.get(key, 0)))
            parts = {
                log.ROSTERED: mine + met[key] + rest - overtime,
                log.CONSULTING: mine,
                log.BACK_OFFICE: written,
                log.IDLE: rest - written,
                log.OVERTIME: overtime,
            }
            for code, minutes in parts.items():
                practice.recorder.note_world(log.SESSION_ENDED, clinic.clinician, code, minutes)
            if met[key]:
                practice.recorder.note_world(log.SESSION_ENDED, clinic.clinician, log.IN_MEETINGS, met[key])
            if clinic.supervision_min and practice.settings.works(GP):
                practice.office.ask(GP, clinic.supervision_min * self._shares[key], SUPERVISION)
            for contact in pile.finished(self._env.now):
                journey.pending.hear(contact)

    def _end_day(self, day: int) -> None:
        """Let what nobody booked count as each practice's in turn."""
        by_practice: dict[str, list[Slot]] = {key: [] for key in self._members}
        for slot in self._hub.unused(day):
            by_practice[nearest_share(self._shares, self._had)].append(slot)
        for key, slots in by_practice.items():
            self._members[key][0].book.lapsed_elsewhere(slots)


def member_of(practice: OpenPractice, journey: Journey) -> Member:
    """Return a practice as the others of its network see it."""

    def call_off(slot: Slot) -> None:
        for contact in practice.book.send_away(slot):
            follow(journey.initiated.move(contact))

    return Member(practice.book, room_of(practice), call_off, practice.consulting.clinician)
