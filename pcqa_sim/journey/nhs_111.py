"""NHS 111 books people into the slots kept for it: a need comes with an appointment, and nobody has asked the practice.

Who they are, when and what about is luck of the practice's day and the number of the booking. Whom it finds no slot for
it sends elsewhere: they are nobody of the practice's.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, Final

from pcqa_sim.journey.journey import Journey
from pcqa_sim.kernel.environment import Event
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.luck import activity, join
from pcqa_sim.values.native_luck import luck_of
from pcqa_sim.values.needs import NEW, NHS_111_RULE, PRACTICE, STRIP_OF_111, URGENT, Need, Slot, need_number
from pcqa_sim.values.words import Service

_WHO: Final = activity("whom_111_books")
_WHAT: Final = activity("what_111_books_about")
_WHEN: Final = activity("when_111_books")

NHS_111: Final = Service.NHS_111.value
_UNTIL: Final = 17 * 60  # minute of the day after which it books nobody for today
_TO_COME_MIN: Final = 30.0  # minutes a person needs at the least to come


def nhs_111_books(practice: OpenPractice, journey: Journey, days: int) -> Generator[Event, Any, None]:
    """Book people on each working day, in order of time; where a phase begins, by its settings."""
    env = practice.env
    used: set[int] = set()
    for day in range(days):
        for at, number in _bookings(practice, day):
            if at > env.now:
                yield env.timeout(at - env.now)
            _book(practice, journey, number, used)
        yield env.timeout((day + 1) * DAY - env.now)


def _bookings(practice: OpenPractice, day: int) -> list[tuple[float, int]]:
    """Return the minutes of a day's bookings, in order, each with the key of its luck."""
    rules = practice.settings.appointments.nhs_111
    if rules is None or practice.calendar.hours_of(day) is None:
        return []
    each_day = rules.bookings_per_10000_day * practice.settings.list_size / 10_000
    many = math.floor((day + 1) * each_day) - math.floor(day * each_day)
    keys = [join(practice.world, NHS_111, day, number) for number in range(many)]
    return sorted((day * DAY + luck_of(key).u(_WHEN) * _UNTIL, key) for key in keys)


def _book(practice: OpenPractice, journey: Journey, key: int, used: set[int]) -> None:
    """Book one person into the earliest slot kept for it that they can still come to, if there is one."""
    luck = luck_of(key)
    slot = _kept(practice)
    if slot is None:
        return
    person, kinds = int(luck.u(_WHO) * practice.settings.list_size), practice.settings.demand.kinds
    own = practice.appetite.base[:, person].tolist()  # what people like this one need at all
    of_today = {
        name: rate * kind.level * kind.today_share
        for rate, (name, kind) in zip(own, kinds.items(), strict=True)
        if not kind.administrative
    }
    if not any(of_today.values()):
        return
    name = Choice(tuple(of_today), tuple(of_today.values())).pick(luck.u(_WHAT))
    number = need_number(person, list(kinds).index(name), practice.today // 7, STRIP_OF_111, 0)
    while number in used:
        number += 1
    used.add(number)
    need = Need(person, number, name, luck, practice.env.now, today=True)
    need.urgency, need.heard = URGENT, True
    practice.recorder.need_arose(need, NHS_111)
    journey.initiated.book(journey.contacts.open(need, None, NEW, PRACTICE), slot)


def _kept(practice: OpenPractice) -> Slot | None:
    """Return the earliest of today's slots kept for 111 that somebody can still come to, or None."""
    soonest = practice.env.now + _TO_COME_MIN
    slots = (slot for clinic in practice.book.clinics_on.get(practice.today, ()) for slot in clinic.slots)
    kept = [s for s in slots if s.rule == NHS_111_RULE and s.contact is None and not s.withdrawn and s.start > soonest]
    return min(kept, key=lambda slot: (slot.start, slot.clinician), default=None)
