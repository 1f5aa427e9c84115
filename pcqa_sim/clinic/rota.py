"""Which clinicians work when, by half day, less leave and sickness, and the slots that brings.

Full-time equivalents are scaled to the practice's own list size. People are whole: what scaling leaves over is carried
to the next working day, so that a week has the right total.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import (
    ON_THE_DAY,
    Appointments,
    BookedBy111,
    BooksAhead,
    ClinicianTriage,
    HomeVisits,
    Release,
    Role,
    SlotBlock,
)
from pcqa_sim.scenario.reach import triage_by_day
from pcqa_sim.scenario.team import deal, named_week, weekly_sessions
from pcqa_sim.values.clock import DAY, WEEKDAYS, weeks_gone
from pcqa_sim.values.luck import Luck, activity, join, join_array, uniforms
from pcqa_sim.values.needs import (
    FACE_TO_FACE,
    HOME_VISIT,
    NHS_111_RULE,
    ONLINE_MESSAGE,
    OVERBOOKING_RULE,
    TELEPHONE,
    VIDEO,
    Slot,
)
from pcqa_sim.values.words import GP

EXTRA: Final = "extra"
_NO_SHARE: Final = 1e-9
LOCUM: Final = "locum"
_GIVEN_AS: Final = (FACE_TO_FACE, TELEPHONE, VIDEO, ONLINE_MESSAGE)  # whoever visits has to drive: no slot becomes one

_LEAVE: Final = activity("leave")
_FALLS_ILL: Final = activity("falls_ill")
_ILL_FOR: Final = activity("ill_for")
_LOCUM_FOR_LEAVE: Final = activity("locum_for_leave")
_LOCUM_FOR_SICKNESS: Final = activity("locum_for_sickness")


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One session of one clinician: weekday (0 is Monday), which of the role's half days, and the clinician's key."""

    weekday: int
    half: int
    clinician: str


@lru_cache(maxsize=512)
def _week(sessions: float, factors: tuple[float, ...], halves: int, each: float, name: str) -> tuple[HalfDay, ...]:
    """Deal a week's sessions to clinicians: whole days where there are two half days, days in turn."""
    of_day = deal(sessions, factors)
    most = max((math.ceil(count / halves) for count in of_day), default=0)
    clinicians = max(math.ceil(sessions / each - 1e-9), most, 1)
    week, turn = [], 0
    for weekday, count in enumerate(of_day):
        first = math.ceil(count / halves)
        for half in range(halves):
            here = count // halves + (half < count % halves)
            week += [HalfDay(weekday, half, f"{name}.{(turn + n) % clinicians + 1}") for n in range(here)]
        turn += first
    return tuple(week)


def week_of_role(practice: Practice, name: str) -> tuple[HalfDay, ...]:
    """Return the sessions of a role in a full week, absences not yet taken off.

    A role with less than one session a week visits: it has one in the weeks in which it `comes`.
    """
    role = practice.role[name]
    if role.people is not None:
        return tuple(HalfDay(day, half, f"{name}.{person + 1}") for day, half, person in named_week(practice, name))
    factors = tuple(role.weekday_factor[day] for day in WEEKDAYS)
    sessions = weekly_sessions(practice, name)
    return _week(
        max(sessions, 1.0 if sessions else 0.0), factors, len(role.sessions), role.sessions_per_clinician, name
    )


def comes(practice: Practice, name: str, week: int) -> bool:
    """Tell whether a role works in a week at all: always, or as often as its share of one session a week says."""
    sessions = weekly_sessions(practice, name)
    return sessions >= 1 or math.floor((week + 1) * sessions + 1e-9) > math.floor(week * sessions + 1e-9)


def clinicians_of(practice: Practice, name: str) -> tuple[str, ...]:
    """Return the keys of a role's clinicians: gp.1, gp.2, ..."""
    names = {half.clinician for half in week_of_role(practice, name)}
    return tuple(sorted(names, key=lambda key: int(key.rpartition(".")[2])))


def usual_clinicians(practice: Practice, people: People) -> list[str]:
    """Return each person's usual GP, "" where there is none."""
    names = (clinicians_of(practice, GP) if GP in practice.role else ()) or ("",)
    return [names[int(u * len(names))] for u in people.usual.tolist()]


def is_locum(clinician: str) -> bool:
    """Tell whether a clinician's key is a locum's: gp.locum2 stands in for gp.2."""
    return clinician.partition(".")[2].startswith(LOCUM)


class Absences:
    """Who is on leave in which week and off sick on which day: luck of the clinician, the same in every scenario."""

    def __init__(self, world: int, days: int, start: dt.date = dt.date(2026, 1, 5)) -> None:
        self._world = join(world, "clinician")
        self._start = start
        self._days = days
        self._leave_begins: dict[str, float] = {}
        self._sick: dict[tuple[str, float, float], set[int]] = {}

    def on_leave(self, clinician: str, share: float, week: int) -> bool:
        """Tell whether a clinician is on leave in a week: spread over the year, colleagues taking turns."""
        return self._on_leave(clinician, share * week, share * (week + 1))

    def on_leave_by_month(self, clinician: str, share: float, week: int, by_month: Mapping[str, float]) -> bool:
        """Tell whether a clinician is on leave in a week, where more is taken in some months than in others."""
        before, after = (weeks_gone(self._start, at, by_month) for at in (week, week + 1))
        return self._on_leave(clinician, share * before, share * after)

    def _on_leave(self, clinician: str, before: float, after: float) -> bool:
        """Tell whether the weeks of leave due before and after a week pass a whole number of the clinician's."""
        role, _, number = clinician.rpartition(".")
        if role not in self._leave_begins:
            self._leave_begins[role] = Luck(join(self._world, role)).u(_LEAVE)
        # The golden ratio spreads colleagues however many they are.
        start = self._leave_begins[role] + int(number) * 0.6180339887
        return math.floor(after + start) > math.floor(before + start)

    def locum_for_leave(self, clinician: str, share: float, week: int) -> str:
        """Return the locum who works a clinician's sessions in a week of leave, "" where there is none."""
        return self._locum(clinician, share, week, _LOCUM_FOR_LEAVE)

    def locum_for_sickness(self, clinician: str, share: float, day: int) -> str:
        """Return the locum who works a clinician's sessions on a day off sick, "" where there is none."""
        return self._locum(clinician, share, day, _LOCUM_FOR_SICKNESS)

    def _locum(self, clinician: str, share: float, when: int, activity_key: int) -> str:
        """Return a locum's key, which says for whom: luck of the clinician and the week or day."""
        if not share or Luck(join(self._world, clinician, when)).u(activity_key) >= share:
            return ""
        role, _, number = clinician.partition(".")
        return f"{role}.{LOCUM}{number}"

    def sick(self, clinician: str, share: float, mean_days: float, day: int) -> bool:
        """Tell whether a clinician is off sick on a day; spells have the mean length in days, weekends counted."""
        if share == 0:
            return False
        spells = self._sick.get((clinician, share, mean_days))
        if spells is None:
            spells = self._sick[clinician, share, mean_days] = self._spells(clinician, share, mean_days)
        return day in spells

    def _spells(self, clinician: str, share: float, mean_days: float) -> set[int]:
        """Return the days on which a clinician is ill; a spell may have begun in the weeks before the run."""
        before = 60
        start = np.full(self._days + before, join(self._world, clinician), dtype=np.uint64)
        keys = join_array(start, np.arange(self._days + before, dtype=np.int64))
        falls_ill = -math.expm1(math.log1p(-share) / mean_days)  # so that the stated share of days is lost
        begins = np.flatnonzero(uniforms(keys, _FALLS_ILL) < falls_ill)
        u = uniforms(keys[begins], _ILL_FOR)
        lasts = np.ceil(np.log1p(-u) / math.log1p(-1 / mean_days)) if mean_days > 1 else np.ones(len(begins))
        return {int(day) - before + n for day, length in zip(begins, lasts, strict=True) for n in range(int(length))}


class Clinic:
    """One session of one clinician on one day: from when to when (minutes of the run), and its slots in order.

    `triage_blocks` are the times, from and to, that are made for clinician triage between its slots; `over` is true
    once the last patient has been seen; `has_room` is false where nobody can come into the room. `wake`, if not None,
    is told when a patient is put on top and the clinician, whose list is done, stands by.
    """

    __slots__ = ("clinician", "ends", "has_room", "over", "role", "slots", "starts", "triage_blocks", "wake")

    def __init__(self, role: str, clinician: str, starts: float, ends: float, slots: list[Slot]) -> None:
        self.role = role
        self.clinician = clinician
        self.starts = starts
        self.ends = ends
        self.slots = slots
        self.triage_blocks: list[tuple[float, float]] = []
        self.over = False
        self.has_room = True
        self.wake: Callable[[], None] | None = None

    @property
    def overbooked(self) -> int:
        """Return how many patients have been put on top."""
        return sum(slot.rule == OVERBOOKING_RULE for slot in self.slots)

    @property
    def full_from(self) -> float:
        """Return the minute of the run at which its last slot ends."""
        return self.slots[-1].start + self.slots[-1].length


def clinics(practice: Practice, day: int, absences: Absences) -> list[Clinic]:
    """Return the sessions of a working day, those on leave left out, in order of role, half day and clinician.

    Extra on-the-day slots fill sessions of their own, worked by clinicians who come with them.
    """
    lists = []
    for name, role in practice.role.items():
        for half in week_of_role(practice, name) if comes(practice, name, day // 7) else ():
            if half.weekday == day % 7:
                there = _who_works(half, role, absences, day // 7)
                lists += [_clinic(practice, role, name, there, day)] if there else []
    if practice.triage.books_ahead is not None:
        _open_late(lists, practice, practice.triage.books_ahead, day)
    if practice.triage.clinician_triage is not None:
        _spend_on_triage(lists, practice, practice.triage.clinician_triage, day)
    if practice.appointments.nhs_111 is not None:
        _keep_for_111(lists, practice, practice.appointments.nhs_111, day)
    lists += _extra(practice, day)
    if practice.appointments.rooms is not None:
        _take_rooms(lists, practice, practice.appointments.rooms)
    return lists


def _keep_for_111(lists: list[Clinic], practice: Practice, kept: BookedBy111, day: int) -> None:
    """Keep some of a role's slots of the day for NHS 111, spread over the day; what is left opens to all."""
    wanted = kept.slots_per_10000_day * practice.list_size / 10_000
    many = math.floor((day + 1) * wanted) - math.floor(day * wanted)
    slots = [slot for clinic in lists if clinic.role == kept.role for slot in clinic.slots]
    of_day = [s for s in slots if s.opens >= day * DAY and s.mode != HOME_VISIT and not s.flagged]
    of_day.sort(key=lambda slot: (slot.start, slot.clinician))
    for slot in _spread(of_day, min(many, len(of_day))):
        slot.rule, slot.urgent, slot.online = NHS_111_RULE, False, False
        slot.opens = slot.start - kept.released_before_min


def _spread(slots: Sequence[Slot], many: int) -> list[Slot]:
    """Return as many of the slots of a day as said, spread over the day, and over clinicians as evenly as that goes."""
    step = len(slots) / many if many else 0.0
    found: list[Slot] = []
    for number in range(many):
        around = slots[int(number * step) : int((number + 1) * step)]
        fewest = [sum(slot.clinician == other.clinician for other in found) for slot in around]
        near = [abs(2 * place + 1 - len(around)) for place in range(len(around))]
        found.append(around[min(range(len(around)), key=lambda place: (fewest[place], near[place]))])
    return found


def _away(absences: Absences, clinician: str, role: Role, week: int) -> bool:
    share, by_month = role.absence.leave_share, role.absence.leave_by_month
    if by_month:
        return absences.on_leave_by_month(clinician, share, week, by_month)
    return absences.on_leave(clinician, share, week)


def _open_late(lists: list[Clinic], practice: Practice, ahead: BooksAhead, day: int) -> None:
    """Leave a share of the slots of some roles bookable ahead, by some days; the others open on the day."""
    rule, earliest = practice.appointments.releases[ON_THE_DAY], float((day - ahead.days) * DAY)
    owed = 0.0
    for clinic in lists:
        if clinic.role not in ahead.roles:
            continue
        bookable = [slot for slot in clinic.slots if slot.opens < day * DAY]
        owed += ahead.share * len(clinic.slots)
        many = min(int(owed + _NO_SHARE), len(bookable))
        owed -= many
        kept = {(2 * number + 1) * len(bookable) // (2 * many) for number in range(many)}
        for place, slot in enumerate(bookable):
            if place in kept:
                slot.opens = max(slot.opens, earliest)
            else:
                opened = released_slot(rule, slot.start, slot.length, slot.role, slot.clinician, slot.mode, ON_THE_DAY)
                slot.rule, slot.opens, slot.online = ON_THE_DAY, opened.opens, slot.online or opened.online


def _who_works(half: HalfDay, role: Role, absences: Absences, week: int) -> HalfDay | None:
    """Return a half day with whoever works it: its clinician, a locum in a week of leave, or None for nobody."""
    if not _away(absences, half.clinician, role, week):
        return half
    locum = absences.locum_for_leave(half.clinician, role.absence.leave_locum_share, week)
    return HalfDay(half.weekday, half.half, locum) if locum else None


def _take_rooms(lists: list[Clinic], practice: Practice, rooms: int) -> None:
    """Give out the rooms of a day, in the order of the sessions; who has none calls, or has work without patients."""
    inside: list[Clinic] = []
    for clinic in lists:
        if all(slot.mode != FACE_TO_FACE for slot in clinic.slots):
            continue
        at_once = [other for other in inside if other.starts < clinic.ends and clinic.starts < other.ends]
        if len(at_once) < rooms:
            inside.append(clinic)
        else:
            _without_room(clinic, practice)


def _without_room(clinic: Clinic, practice: Practice) -> None:
    """Let a session have nobody in the room: those who were to come are called, where the role calls at all."""
    clinic.has_room = False
    calls = TELEPHONE in practice.role[clinic.role].consultation_min
    clinic.slots = [slot for slot in clinic.slots if calls or slot.mode != FACE_TO_FACE]
    for slot in clinic.slots:
        slot.mode = TELEPHONE if slot.mode == FACE_TO_FACE else slot.mode
        slot.holds = tuple(mode for mode in slot.holds if mode != FACE_TO_FACE)


def _spend_on_triage(lists: list[Clinic], practice: Practice, triage: ClinicianTriage, day: int) -> None:
    """Make time for clinician triage in place of slots, spread over all sessions of a role that day.

    So somebody is there for it at any hour at which the role works, as it is between a morning's patients.
    """
    of_role = [clinic for clinic in lists if clinic.role == triage.role]
    there = sum(slot.length for clinic in of_role for slot in clinic.slots)
    share = triage_by_day(practice, triage.role)[day % 7] / there if there else 0.0
    owed = 0.0
    for clinic in sorted(of_role, key=lambda clinic: (clinic.starts, clinic.clinician)):
        kept = []
        for slot in clinic.slots:
            owed += min(1.0, share) * slot.length
            if owed < slot.length / 2:
                kept.append(slot)
            else:
                owed -= slot.length
                clinic.triage_blocks.append((slot.start, slot.start + slot.length))
        clinic.slots = kept


def _clinic(practice: Practice, role: Role, name: str, half: HalfDay, day: int) -> Clinic:
    times = role.sessions[half.half]
    starts, ends = day * DAY + times.starts, day * DAY + times.ends
    visits = practice.appointments.home_visits
    slots, at = [], float(starts)
    appointments = practice.appointments
    blocks = role.blocks(half.half)
    for block in blocks if visits is None else around_surgery(blocks, visits, times.starts):
        rule, holds = appointments.releases[block.release], modes_held(role, block, appointments.convert_overrun_min)
        way = 0.0 if visits is None or block.mode != HOME_VISIT else visits.travel_min
        for _ in range(block.slots):
            if visits is not None and block.mode == HOME_VISIT:
                at = max(at, float(day * DAY + visits.opens))
            length = block.minutes + way / 2
            slot = released_slot(rule, at + way / 2, length, name, half.clinician, block.mode, block.release)
            slot.complex, slot.holds = block.complex, holds
            if appointments.convert_before_min is not None:
                slot.converts_from = at - appointments.convert_before_min
            slots.append(slot)
            at += block.minutes + way
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
    if rule.hours_before is not None:
        opens = start - rule.hours_before * 60
    else:
        opens = (start // DAY - (rule.days_before or 0)) * DAY + rule.at
    slot = Slot(start, minutes, role, clinician, mode, name, opens, rule.urgent_only, rule.online_bookable)
    slot.flagged = rule.flagged_only
    if rule.opens_to_all_before_min is not None:
        to_all = start - rule.opens_to_all_before_min
        released_in_time = rule.hours_before is None and opens < start  # by the clock: nobody books before that
        slot.to_all_from = max(opens, to_all) if released_in_time else to_all
        slot.opens = min(opens, slot.to_all_from)
    return slot


def modes_held(role: Role, block: SlotBlock, overrun: float) -> tuple[str, ...]:
    """Return the modes in which a slot's minutes hold a mean consultation: its own first, visits only in its own."""
    minutes = role.consultation_min
    fits = [mode for mode in _GIVEN_AS if minutes.get(mode, math.inf) <= block.minutes + overrun]
    return (block.mode, *(mode for mode in fits if mode != block.mode))


def _extra(practice: Practice, day: int) -> list[Clinic]:
    """Return the sessions of the extra on-the-day slots of a weekday on which the role works at all."""
    appointments: Appointments = practice.appointments
    name, left = appointments.extra_role, appointments.extra_on_the_day_slots
    role = practice.role[name]
    if not role.weekday_factor[WEEKDAYS[day % 7]]:
        return []
    lists: list[Clinic] = []
    while left > 0:
        half = HalfDay(
            day % 7, len(lists) % len(role.sessions), f"{name}.{EXTRA}{len(lists) // len(role.sessions) + 1}"
        )
        clinic = _clinic(practice, role, name, half, day)
        if left < len(clinic.slots):
            clinic.slots = clinic.slots[:left]
            clinic.ends = clinic.slots[-1].start + clinic.slots[-1].length
        rule = appointments.releases[ON_THE_DAY]
        for slot in clinic.slots:
            slot.rule, slot.urgent, slot.online = ON_THE_DAY, rule.urgent_only, rule.online_bookable
            slot.flagged = rule.flagged_only
            slot.complex = False
            released = released_slot(rule, slot.start, slot.length, name, half.clinician, slot.mode, ON_THE_DAY)
            slot.opens, slot.to_all_from = released.opens, released.to_all_from
        left -= len(clinic.slots)
        lists.append(clinic)
    return lists
