"""A session of one clinician: its slots, the modes each holds, and when it can be booked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from pcqa_sim.clinic.staff import HalfDay
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import HomeVisits, Release, Role, SlotBlock
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    FACE_TO_FACE,
    HOME_VISIT,
    ONLINE_MESSAGE,
    OVERBOOKING_RULE,
    TELEPHONE,
    VIDEO,
    Slot,
)

_GIVEN_AS: Final = (FACE_TO_FACE, TELEPHONE, VIDEO, ONLINE_MESSAGE)  # whoever visits has to drive: no slot becomes one


class MeetingTime:
    """Time of a session kept for a meeting, from and to.

    `until` is when it ended, `starts` where it was not held; `tell`, if not None, is told the minutes somebody was
    there. `host` is the practice whose turn it was, "" where it was not held.
    """

    __slots__ = ("ends", "host", "starts", "tell", "until")

    def __init__(self, starts: float, ends: float) -> None:
        self.starts = self.until = starts
        self.ends = ends
        self.host = ""
        self.tell: Callable[[float], None] | None = None


class Clinic:
    """One session of one clinician on one day: from when to when (minutes of the run), and its slots in order.

    `triage_blocks` are the times, from and to, that are made for clinician triage between its slots, `meetings` those
    kept for meetings, None where there is none; `over` is true
    once the last patient has been seen; `has_room` is false where nobody can come into the room. `wake`, if not None,
    is told when a patient is put on top and the clinician, whose list is done, stands by. `way_min` are the minutes of
    the session spent on the way to it, `supervision_min` those of a GP for it, and `shared_by` is who of a network's
    shared roles works it, "" for somebody of the practice's own.
    """

    __slots__ = (
        "clinician",
        "ends",
        "has_room",
        "meetings",
        "over",
        "role",
        "shared_by",
        "slots",
        "starts",
        "supervision_min",
        "triage_blocks",
        "wake",
        "way_min",
    )

    def __init__(self, role: str, clinician: str, starts: float, ends: float, slots: list[Slot]) -> None:
        self.role = role
        self.clinician = clinician
        self.starts = starts
        self.ends = ends
        self.slots = slots
        self.triage_blocks: list[tuple[float, float]] = []
        self.meetings: list[MeetingTime] | None = None
        self.over = False
        self.has_room = True
        self.wake: Callable[[], None] | None = None
        self.way_min = 0.0
        self.supervision_min = 0.0
        self.shared_by = ""

    @property
    def overbooked(self) -> int:
        """Return how many patients have been put on top."""
        return sum(slot.rule == OVERBOOKING_RULE for slot in self.slots)

    @property
    def full_from(self) -> float:
        """Return the minute of the run at which its last slot ends."""
        return self.slots[-1].start + self.slots[-1].length


def session_from_template(practice: Practice, role: Role, name: str, half: HalfDay, day: int) -> Clinic:
    """Return the session of a half day, as the role's template has it."""
    times = role.sessions[half.half]
    starts, ends = day * DAY + times.starts, day * DAY + times.ends
    visits = practice.appointments.home_visits
    slots, at = [], float(starts)
    appointments = practice.appointments
    blocks = role.blocks(half.half)
    converts_before = appointments.convert_before_min
    for block in blocks if visits is None else around_surgery(blocks, visits, times.starts):
        holds = modes_held(role, block, appointments.convert_overrun_min)
        rule, mode, release = SlotRule(appointments.releases[block.release]), block.mode, block.release
        minutes, kept_for_complex = block.minutes, block.complex
        way = 0.0 if visits is None or mode != HOME_VISIT else visits.travel_min
        for _ in range(block.slots):
            if visits is not None and mode == HOME_VISIT:
                at = max(at, float(day * DAY + visits.opens))
            slot = rule.slot(at + way / 2, minutes + way / 2, name, half.clinician, mode, release)
            slot.complex, slot.holds = kept_for_complex, holds
            if converts_before is not None:
                slot.converts_from = at - converts_before
            slots.append(slot)
            at += minutes + way
    return Clinic(name, half.clinician, float(starts), float(ends), slots)


def around_surgery(blocks: Sequence[SlotBlock], visits: HomeVisits, starts: int) -> list[SlotBlock]:
    """Return the blocks of a session with visits at home before or after all others.

    A session that begins before visits may be made has them last, one that begins later first.
    """
    at_home = [block for block in blocks if block.mode == HOME_VISIT]
    here = [block for block in blocks if block.mode != HOME_VISIT]
    return here + at_home if starts < visits.opens else at_home + here


def released_slot(rule: Release, start: float, minutes: float, role: str, clinician: str, mode: str, name: str) -> Slot:
    """Return a free slot that can be booked from when, and by whom, its release rule says."""
    return SlotRule(rule).slot(start, minutes, role, clinician, mode, name)


class SlotRule:
    """A release rule as plain values, read off the settings once for many slots."""

    __slots__ = ("_at", "_days_before", "_flagged", "_hours_before", "_online", "_to_all_before", "_urgent")

    def __init__(self, rule: Release) -> None:
        self._hours_before = rule.hours_before
        self._days_before = rule.days_before or 0
        self._at = rule.at
        self._urgent = rule.urgent_only
        self._online = rule.online_bookable
        self._flagged = rule.flagged_only
        self._to_all_before = rule.opens_to_all_before_min

    def slot(self, start: float, minutes: float, role: str, clinician: str, mode: str, name: str) -> Slot:
        """Return a free slot under this rule, which is called `name`."""
        hours_before, to_all_before = self._hours_before, self._to_all_before
        if hours_before is not None:
            opens = start - hours_before * 60
        else:
            opens = (start // DAY - self._days_before) * DAY + self._at
        slot = Slot(start, minutes, role, clinician, mode, name, opens, self._urgent, self._online)
        slot.flagged = self._flagged
        if to_all_before is not None:
            to_all = start - to_all_before
            released_in_time = hours_before is None and opens < start  # by the clock: nobody books before that
            slot.to_all_from = max(opens, to_all) if released_in_time else to_all
            slot.opens = min(opens, slot.to_all_from)
        return slot


def modes_held(role: Role, block: SlotBlock, overrun: float) -> tuple[str, ...]:
    """Return the modes in which a slot's minutes hold a mean consultation: its own first, visits only in its own."""
    minutes, most, own = role.consultation_min, block.minutes + overrun, block.mode
    fits = [mode for mode in _GIVEN_AS if mode != own and minutes.get(mode, math.inf) <= most]
    return (own, *fits)
