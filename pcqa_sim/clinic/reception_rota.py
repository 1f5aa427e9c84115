"""Who of reception works when, by half hour or in blocks of an hour at least.

Rosters are written for one list size and scaled to the practice's own. People are whole: what scaling leaves over is
carried to the next half hour, or is somebody who comes for some hours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.fields import HALF_HOUR
from pcqa_sim.scenario.groups import Duty, ExtendedHours
from pcqa_sim.values.clock import DAY, HOUR
from pcqa_sim.values.words import CALL_HANDLER


def reception(duty: Duty, scale: float, weekday: int, extra: int = 0, first: bool = False) -> dict[int, int]:
    """Return who does one duty of reception on a weekday: minute of the day -> people from then on, where it changes.

    Where anyone is rostered, at least one person is there, and the `extra` ones come on top. `first` tells of the
    first working day after a bank holiday.
    """
    roster = duty.of_weekday(weekday, first)
    if not duty.whole_blocks:
        return _whole_people(roster, scale, extra)
    return {minute: here + extra if here else 0 for minute, here in _whole_blocks(roster, scale).items()}


def _whole_people(steps: Mapping[int, float], scale: float, extra: int = 0) -> dict[int, int]:
    people: dict[int, int] = {}
    rostered, carried, before = 0.0, 0.0, -1
    for minute in range(0, DAY, HALF_HOUR):
        rostered = steps.get(minute, rostered)
        wanted = rostered * scale
        here = 0 if rostered == 0 else max(1, math.floor(wanted + carried + 0.5))
        carried = 0.0 if rostered == 0 else max(-0.5, carried + wanted - here)
        here += extra if rostered else 0
        if here != before:
            people[minute] = before = here
    return people


def _whole_blocks(roster: Mapping[int, float], scale: float) -> dict[int, int]:
    """Return a roster of whole people scaled: what scaling leaves over is somebody who comes for the first hours.

    Where anyone is rostered, at least one person is there.
    """
    people: dict[int, int] = {}
    for (starts, rostered), (ends, _) in pairwise([*_changes(roster), (DAY, 0.0)]):
        fewest = int(rostered * scale + 1e-9)
        hours = round((rostered * scale - fewest) * (ends - starts) / HOUR) if fewest else 0
        until = starts + hours * HOUR
        if hours and ends - until < HOUR:
            until = ends
        if until > starts:
            people[starts] = fewest + 1
        if until < ends:
            people[until] = fewest or int(rostered > 0)
    return people


def _changes(roster: Mapping[int, float]) -> Iterator[tuple[int, float]]:
    """Yield the times at which a roster changes, with the people from then on."""
    before = -1.0
    for minute, people in sorted(roster.items()):
        if people != before:
            yield minute, people
        before = people


def call_handlers(practice: Practice, weekday: int, absent: int = 0, first: bool = False) -> dict[int, int]:
    """Return call handlers of a weekday: minute of the day -> people from then on, `absent` off sick but never all."""
    rota = practice.rota
    scale = rota.scale(practice.list_size) * rota.phone_level
    people = reception(rota.phone, scale, weekday, rota.extra_call_handlers, first)
    return {minute: max(min(here, 1), here - absent) for minute, here in people.items()}


def with_extended(people: Mapping[int, int], hours: ExtendedHours) -> dict[int, int]:
    """Return the call handlers of a day with those of extended hours, where they are more."""
    staffed, here = {}, 0
    for minute in sorted({*people, hours.opens, hours.closes}):
        here = people.get(minute, here)
        staffed[minute] = max(here, hours.call_handlers) if hours.opens <= minute < hours.closes else here
    return staffed


def front_desk(practice: Practice, weekday: int) -> dict[int, int]:
    """Return people at the desk and inbox, one team, on a weekday: minute of the day -> people from then on."""
    rota = practice.rota
    desk, inbox = rota.desk.of_weekday(weekday), rota.inbox.of_weekday(weekday)
    together = {time: _in_force(desk, time) + _in_force(inbox, time) for time in sorted(desk.keys() | inbox.keys())}
    return _whole_people(together, rota.scale(practice.list_size))


def _in_force(steps: Mapping[int, float], time: int) -> float:
    """Return what a roster says from a time of day on."""
    return steps[max(minute for minute in steps if minute <= time)]


def call_handlers_absent(practice: Practice, absences: Absences, weekday: int, day: int, first: bool = False) -> int:
    """Return how many of a weekday's call handlers are off sick on a day: each of the most there are has own luck."""
    absence = practice.rota.absence
    most = max(call_handlers(practice, weekday, first=first).values(), default=0) - practice.rota.extra_call_handlers
    keys = [f"{CALL_HANDLER}.{number + 1}" for number in range(most)]
    return sum(absences.sick(key, absence.sickness_share, absence.sickness_mean_days, day) for key in keys)
