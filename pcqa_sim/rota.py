"""Who works when: call handlers by half hour, general practitioners by session, and the slots that brings.

Rosters are written for one list size and scaled to the practice's own. People are whole: what scaling leaves over
is carried to the next half hour (or working day), so that a day (a week) has the right total.
"""

from __future__ import annotations

import math

from pcqa_sim.clock import DAY, WEEKDAYS
from pcqa_sim.needs import AHEAD, ON_THE_DAY, Slot
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.fields import HALF_HOUR
from pcqa_sim.scenario.groups import Appointments, Rota

GP = "gp"
CALL_HANDLER = "call_handler"


def call_handlers(rota: Rota, list_size: int, weekday: int) -> dict[int, int]:
    """Return call handlers of a weekday: minute of the day -> people from then on (only where it changes).

    Where anyone is rostered, at least one person is there, and the extra ones come on top.
    """
    scale = list_size / rota.written_for_list_size
    steps = dict(rota.of_weekday(weekday))
    people: dict[int, int] = {}
    rostered, carried, before = 0.0, 0.0, -1
    for minute in range(0, DAY, HALF_HOUR):
        rostered = steps.get(minute, rostered)
        wanted = rostered * scale
        here = 0 if rostered == 0 else max(1, math.floor(wanted + carried + 0.5))
        carried = 0.0 if rostered == 0 else max(-0.5, carried + wanted - here)
        here += rota.extra_call_handlers if rostered else 0
        if here != before:
            people[minute] = before = here
    return people


def sessions_of(appointments: Appointments, list_size: int, weekday: int) -> int:
    """Return how many clinician sessions a working weekday has, extra ones left out."""
    scale = list_size / appointments.written_for_list_size * appointments.sessions_per_day
    factors = [appointments.weekday_factor[name] for name in WEEKDAYS[: weekday + 1]]
    total, before = sum(factors) * scale, sum(factors[:-1]) * scale
    return math.floor(total + 0.5) - math.floor(before + 0.5)


def day_slots(practice: Practice, day: int) -> list[Slot]:
    """Return the slots of a working day, in order of time; the extra on-the-day slots fill sessions of their own."""
    appointments = practice.appointments
    usual = sessions_of(appointments, practice.list_size, day % 7) * appointments.slots_per_session
    slots = []
    for ordinal in range(usual + appointments.extra_on_the_day_slots):
        share = appointments.on_the_day_share
        kept = math.floor((ordinal + 1) * share) > math.floor(ordinal * share) or ordinal >= usual
        slots.append(_slot(appointments, day, ordinal, ON_THE_DAY if kept else AHEAD))
    return sorted(slots)


def _slot(appointments: Appointments, day: int, ordinal: int, release: str) -> Slot:
    """Return one slot: sessions are filled one after the other, taking the day's session times in turn."""
    session, place = divmod(ordinal, appointments.slots_per_session)
    times = appointments.sessions[session % len(appointments.sessions)]
    length = (times.ends - times.starts) / appointments.slots_per_session
    return Slot(day * DAY + times.starts + place * length, ordinal, length, GP, release)


def clinic_days(practice: Practice, day: int) -> list[list[Slot]]:
    """Return a working day's slots by clinician, each in order of time.

    A clinician works the day's session times in turn: two session times make a morning and an afternoon of one.
    """
    appointments = practice.appointments
    each = appointments.slots_per_session * len(appointments.sessions)
    days: dict[int, list[Slot]] = {}
    for slot in day_slots(practice, day):
        days.setdefault(slot.ordinal // each, []).append(slot)
    return [days[clinician] for clinician in sorted(days)]


def clinic_minutes(practice: Practice, weekday: int) -> float:
    """Return the clinician minutes rostered on a working weekday: whole sessions, however few their slots."""
    appointments = practice.appointments
    lengths = [session.ends - session.starts for session in appointments.sessions]
    usual = sessions_of(appointments, practice.list_size, weekday)
    extra = math.ceil(appointments.extra_on_the_day_slots / appointments.slots_per_session)
    return float(sum(lengths[session % len(lengths)] for session in range(usual + extra)))
