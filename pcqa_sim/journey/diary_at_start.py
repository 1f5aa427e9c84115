"""The diary as it stands when the run begins: a share of the coming days' slots belongs to somebody already."""

from __future__ import annotations

from typing import Final

from pcqa_sim.journey.practice_initiated import PracticeInitiated
from pcqa_sim.population.booked_before import booked_slots, wanting
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values.distributions import Exponential
from pcqa_sim.values.luck import activity
from pcqa_sim.values.native_luck import luck_of
from pcqa_sim.values.needs import Need

_DAYS_BEFORE: Final = activity("booked_days_before")
_LONG_AGO: Final = 60.0  # days; nobody booked much longer ago than the diary is open


def book_before(practice: OpenPractice, initiated: PracticeInitiated) -> None:
    """Fill the diary as it stands when the run begins.

    People who would have booked ahead take a slot in a mode that suits them, while there is any, and booked it some
    days before the run began.
    """
    appointments = practice.settings.appointments
    roles, kinds = list(practice.settings.role), practice.kind_names
    days_ago = Exponential(min(appointments.booked_at_start_mean_days, _LONG_AGO))
    slots = practice.book.diary.free_of(range(appointments.booked_at_start_days))
    if (ahead := practice.settings.triage.books_ahead) is not None:  # nobody could have booked what is not open yet
        slots = [slot for slot in slots if slot.role not in ahead.roles or slot.opens <= practice.env.now]
    booked = booked_slots(practice.world, slots, appointments)
    wanted = wanting(practice.settings, practice.appetite, practice.recall)
    columns = (wanted.person, wanted.kind, wanted.role, wanted.number, wanted.key)
    for person, kind, role, number, key in zip(*(column.tolist() for column in columns), strict=True):
        if roles[role] not in booked:
            continue
        need = Need(person, number, kinds[kind], luck_of(key), 0.0)
        slot = booked[roles[role]].take(practice.requests.modes(need), key)
        if slot is not None:
            initiated.booked_before(need, slot, 1 + int(days_ago.quantile(need.luck.u(_DAYS_BEFORE))))
