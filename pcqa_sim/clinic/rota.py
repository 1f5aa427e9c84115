"""Which sessions a practice has on a day: who works it, less leave, and what some of their slots are kept for."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Final, Protocol

from pcqa_sim.clinic.absences import Absences, is_away
from pcqa_sim.clinic.session import Clinic, released_slot, session_from_template
from pcqa_sim.clinic.staff import EXTRA, HalfDay, comes, week_of_role
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import ON_THE_DAY, Appointments, BookedBy111, BooksAhead, ClinicianTriage, Role
from pcqa_sim.scenario.reach import triage_by_day
from pcqa_sim.values.clock import DAY, WEEKDAYS
from pcqa_sim.values.needs import FACE_TO_FACE, HOME_VISIT, NHS_111_RULE, TELEPHONE, Slot

_NO_SHARE: Final = 1e-9


def working(
    practice: Practice, day: int, absences: Absences, others: Visitors = (), instead_of_own: Collection[str] = ()
) -> Iterator[tuple[str, HalfDay, Visitor | None]]:
    """Yield role and half day of everybody who works on a day: those on leave left out, and locums in their place.

    The last is how somebody of a shared role comes, None for the practice's own; see `clinics`.
    """
    for name, role in practice.role.items():
        own = name not in instead_of_own and comes(practice, name, day // 7)
        for half in week_of_role(practice, name) if own else ():
            if half.weekday == day % 7 and (there := _who_works(half, role, absences, day // 7)):
                yield name, there, None
        yield from ((name, stay.half, stay) for stay in others if stay.role == name)


def clinics(
    practice: Practice, day: int, absences: Absences, others: Visitors = (), instead_of_own: Collection[str] = ()
) -> list[Clinic]:
    """Return the sessions of a working day, those on leave left out, in order of role, half day and clinician.

    Extra on-the-day slots fill sessions of their own, worked by clinicians who come with them. `others` makes the
    sessions of people of a network's shared roles, who come `instead_of_own` people of some roles.
    """
    lists = [
        session_from_template(practice, practice.role[name], name, half, day)
        if stay is None
        else visit(practice, stay, day)
        for name, half, stay in working(practice, day, absences, others, instead_of_own)
    ]
    if practice.triage.books_ahead is not None:
        _open_late(lists, practice, practice.triage.books_ahead, day)
    if practice.triage.clinician_triage is not None:
        _spend_on_triage(lists, practice, practice.triage.clinician_triage, day)
    if practice.appointments.nhs_111 is not None:
        _keep_for_111(lists, practice, practice.appointments.nhs_111, day)
    lists += _extra(practice, day)
    if practice.appointments.rooms is not None:
        take_rooms(lists, practice, practice.appointments.rooms)
    return lists


def missed(practice: Practice, name: str, day: int, absences: Absences) -> int:
    """Return how many half days of a role nobody works on a day, as its people are on leave and no locum comes."""
    if not comes(practice, name, day // 7):
        return 0
    role, of_day = practice.role[name], (h for h in week_of_role(practice, name) if h.weekday == day % 7)
    return sum(_who_works(half, role, absences, day // 7) is None for half in of_day)


class Visitor(Protocol):
    """Somebody of a shared role who is at a practice for half a day (`network.rounds.Stay`)."""

    @property
    def role(self) -> str:
        """Return the role."""

    @property
    def half(self) -> HalfDay:
        """Return which half day, and under which key the person is known here."""

    @property
    def number(self) -> str:
        """Return which of the role's people it is, wherever they are."""

    @property
    def arrives(self) -> float:
        """Return how many minutes after the half day's beginning they are there."""

    @property
    def supervision_min(self) -> float:
        """Return the minutes that a GP here spends on their session."""


Visitors = Sequence[Visitor]


def visit(practice: Practice, stay: Visitor, day: int) -> Clinic:
    """Return the session of somebody of a shared role: what begins before they arrive falls away."""
    clinic = session_from_template(practice, practice.role[stay.role], stay.role, stay.half, day)
    clinic.way_min = min(stay.arrives, clinic.ends - clinic.starts)
    clinic.slots = [slot for slot in clinic.slots if slot.start >= clinic.starts + stay.arrives]
    clinic.supervision_min, clinic.shared_by = stay.supervision_min, stay.number
    return clinic


def _who_works(half: HalfDay, role: Role, absences: Absences, week: int) -> HalfDay | None:
    """Return a half day with whoever works it: its clinician, a locum in a week of leave, or None for nobody."""
    if not is_away(absences, half.clinician, role, week):
        return half
    locum = absences.locum_for_leave(half.clinician, role.absence.leave_locum_share, week)
    return HalfDay(half.weekday, half.half, locum) if locum else None


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
        clinic = session_from_template(practice, role, name, half, day)
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


def take_rooms(lists: list[Clinic], practice: Practice, rooms: int) -> None:
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
