"""Patients put on top of a session when the diary has nothing: which session takes them, and when.

The rules are those of the access model (`triage.overbooking`). An overbooked slot follows a session's last one; what
does not fit into the session is overtime. A practice that knows how many do not come may book times twice besides
(`appointments.double_booking`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pcqa_sim.clinic.consultation import Attendance
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.scenario import Practice
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.needs import (
    DOUBLE_BOOKED_RULE,
    FACE_TO_FACE,
    HOME_VISIT,
    ONLINE_MESSAGE,
    OVERBOOKING_RULE,
    TELEPHONE,
    VIDEO,
    Slot,
    SlotRequest,
)

CALLED_IN_MIN: Final = 5.0  # minutes from being put on until somebody can be called in at the earliest
_MODES: Final = (
    TELEPHONE,
    FACE_TO_FACE,
    VIDEO,
    ONLINE_MESSAGE,
    HOME_VISIT,
)  # how overbooked patients are seen: the first that will do


def overbooked_slot(
    practice: Practice, clinics_on: Mapping[int, Sequence[Clinic]], slot_request: SlotRequest, now: float
) -> Slot | None:
    """Return the slot on top of a session that could be had for a slot request, or None; it is in no diary yet.

    It is on the first day on which a session of the role has room, with the one that is overbooked least. From the day
    wanted on, so many days will do as the rules say, whatever the person would accept.
    """
    rules = practice.triage.overbooking
    if rules is None or slot_request.triage:
        return None
    for day in range(slot_request.first, slot_request.first + rules.within_days + 1):
        open_lists = _lists(clinics_on.get(day, ()), slot_request, rules.duty_only, day)
        soonest = now + slot_request.soonest(_mode_of(practice, slot_request))
        room = [
            clinic for clinic in open_lists if clinic.full_from > soonest and clinic.overbooked < rules.most_per_session
        ]
        if room:
            fewest = min(room, key=lambda clinic: (clinic.overbooked, clinic.ends, clinic.clinician))
            slot = _on_top_of(fewest, practice, slot_request)
            if slot is not None and slot.start + slot.length <= (day + 1) * DAY:  # nobody is seen after midnight
                return slot
            break
    other = rules.fallback_role
    if other is None or slot_request.role == other:
        return None
    return overbooked_slot(practice, clinics_on, slot_request.but(other, slot_request.complex), now)


def extra_slot(practice: Practice, clinics: Sequence[Clinic], slot_request: SlotRequest, now: float) -> Slot | None:
    """Return the slot on top of one of today's sessions that could be had for a flagged need, or None.

    The duty clinician of the role comes first, then whoever has fewest on top. It follows the session's last slot, or
    now, whichever is later, and begins before the list stops.
    """
    rules, day = practice.triage.sent_on, slot_request.first
    open_lists = _lists(clinics, slot_request, False, day)
    duty = _on_duty((clinic for clinic in clinics if clinic.role == slot_request.role and clinic.slots), day)
    room = [
        (clinic.clinician != duty, clinic.overbooked, clinic.ends, clinic.clinician, at)
        for at, clinic in enumerate(open_lists)
        if clinic.overbooked < rules.extras_per_session
    ]
    for *_, at in sorted(room):
        clinic = open_lists[at]
        stops = practice.role[clinic.role].overtime.list_stops_after_min
        latest = clinic.ends + (rules.extras_until_min if stops is None else min(stops, rules.extras_until_min))
        slot = _on_top_of(clinic, practice, slot_request)
        if slot is not None:
            slot.start = max(slot.start, now + max(CALLED_IN_MIN, slot_request.soonest(slot.mode)))
            if slot.start <= latest and slot.start + slot.length <= (day + 1) * DAY:
                return slot
    return None


def _on_duty(clinics: Iterable[Clinic], day: int) -> str:
    """Return who of some clinicians is on duty on a day, "" where there are none: they take turns."""
    names = sorted({clinic.clinician for clinic in clinics})
    return names[day % len(names)] if names else ""


def _lists(clinics: Iterable[Clinic], slot_request: SlotRequest, duty_only: bool, day: int) -> list[Clinic]:
    """Return the sessions of a day that could take one more patient: the duty clinician's, or anybody's."""
    here = [clinic for clinic in clinics if clinic.role == slot_request.role and clinic.slots]
    if duty_only:
        duty = _on_duty(here, day)
        here = [clinic for clinic in here if clinic.clinician == duty]
    return [clinic for clinic in here if not clinic.over]


def _mode_of(practice: Practice, slot_request: SlotRequest) -> str:
    """Return the first mode that suits person and role, "" where none does."""
    minutes = practice.role[slot_request.role].consultation_min
    triage = practice.triage.clinician_triage if slot_request.triage else None
    return next((mode for mode in _MODES if mode in slot_request.modes and (triage or mode in minutes)), "")


def _on_top_of(clinic: Clinic, practice: Practice, slot_request: SlotRequest) -> Slot | None:
    """Return a new slot after a session's last one, in the first mode that suits person and role."""
    minutes = practice.role[clinic.role].consultation_min
    mode = _mode_of(practice, slot_request)
    if not mode or (mode == FACE_TO_FACE and not clinic.has_room):
        return None
    opens = math.inf  # until it is put on
    return Slot(clinic.full_from, minutes[mode], clinic.role, clinic.clinician, mode, OVERBOOKING_RULE, opens)


def double_booked_slot(
    practice: Practice,
    clinics_on: Mapping[int, Sequence[Clinic]],
    slot_request: SlotRequest,
    now: float,
    attendance: Attendance,
) -> Slot | None:
    """Return a slot at a time of today that is booked already, where enough people are expected not to come, or None.

    It is in the session with most people expected not to come for each time booked twice, at the time of whoever is
    likeliest not to. The practice goes by lead time and mode, and does not look at the person.
    """
    rules, day = practice.appointments.double_booking, day_of(now)
    if rules is None or slot_request.first > day:
        return None
    best, found = 0.0, None
    for clinic in _lists(clinics_on.get(day, ()), slot_request, duty_only=False, day=day):
        taken = [slot.start for slot in clinic.slots if slot.rule == DOUBLE_BOOKED_RULE]
        if len(taken) >= rules.most_per_session:
            continue
        absent = [(_absence(slot, attendance), slot) for slot in clinic.slots if slot.start > now and slot.contact]
        each = sum([share for share, _ in absent]) / (len(taken) + 1)
        if each < rules.from_expected or each <= best:
            continue
        free = [(share, slot) for share, slot in absent if slot.start not in taken and slot.mode != HOME_VISIT]
        suits = [(share, slot) for share, slot in free if _given(slot, slot_request, now)]
        if suits:
            best, found = each, max(suits, key=lambda pair: pair[0])[1]
    return None if found is None else _beside(found, _given(found, slot_request, now))


def _absence(slot: Slot, attendance: Attendance) -> float:
    """Return the share of people booked so long ago, for a slot in such a mode, who do not come."""
    assert slot.contact is not None
    days = day_of(slot.start) - day_of(slot.contact.booked_at)
    return attendance.missed(days, slot.mode)


def _given(slot: Slot, slot_request: SlotRequest, now: float) -> str:
    """Return the mode in which a person could have the time of a slot, "" for none."""
    modes = (mode for mode in (slot.holds or (slot.mode,)) if mode in slot_request.modes)
    return next((mode for mode in modes if slot.start > now + slot_request.soonest(mode)), "")


def _beside(slot: Slot, mode: str) -> Slot:
    """Return a slot at the same time as one that is booked."""
    return Slot(slot.start, slot.length, slot.role, slot.clinician, mode, DOUBLE_BOOKED_RULE, opens=math.inf)


def put_on(clinics: Iterable[Clinic], slot: Slot, now: float) -> None:
    """Add a slot to its session: after the one it is beside, or, an overbooked one, after the others."""
    lists = (clinic for clinic in clinics if clinic.clinician == slot.clinician and not clinic.over and clinic.slots)
    if slot.rule == DOUBLE_BOOKED_RULE:
        clinic = next(clinic for clinic in lists if any(other.start == slot.start for other in clinic.slots))
        place = max(number for number, other in enumerate(clinic.slots) if other.start == slot.start)
        clinic.slots.insert(place + 1, slot)
    else:
        clinic = max((clinic for clinic in lists if clinic.full_from <= slot.start), key=_full_from)
        clinic.slots.append(slot)
    slot.opens = now
    if clinic.wake is not None:
        clinic.wake()


def _full_from(clinic: Clinic) -> float:
    return clinic.full_from
