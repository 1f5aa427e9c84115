"""The week of a team that is said by name: who works which half days, with more or fewer of them than said.

A role whose staff is a number is dealt to days and people in `clinic/rota.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from pcqa_sim.scenario.groups import HALVES, Role
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.values.clock import WEEKDAYS

NamedHalf = tuple[int, int, int]
"""A weekday (0 is Monday), which of the role's half days, and which of its people (from 0)."""
_DAYS = [day[:3] for day in WEEKDAYS]
_IN_ORDER = list(HALVES)


def weekly_sessions(practice: PracticeGroups, name: str) -> float:
    """Return the sessions a week of a role, whichever way its staff is said."""
    role = practice.role[name]
    if role.people is not None:
        return float(len(named_week(practice, name)))
    return practice.fte(name) * role.sessions_per_fte


def named_week(practice: PracticeGroups, name: str) -> tuple[NamedHalf, ...]:
    """Return the half days of a role's people in order of the week; none of a role whose staff is a number.

    A level above 1 brings half days on top, worked by people who come with them; one below 1 takes half days away, as
    evenly from the week as whole ones can be.
    """
    role = practice.role[name]
    if role.people is None:
        return ()
    factors = tuple(role.weekday_factor[day] for day in WEEKDAYS)
    worked = tuple(person.sessions for person in role.people)
    return _named_week(worked, _halves(role), factors, practice.fte_level.get(name, 1.0), role.sessions_per_clinician)


def _halves(role: Role) -> tuple[int, ...]:
    """Return which of the role's half days is its morning, its afternoon and its evening; -1 for none."""
    found = (role.half_of(f"mon_{half}") for half in _IN_ORDER)
    return tuple(-1 if half is None else half for half in found)


@lru_cache(maxsize=512)
def _named_week(
    worked: tuple[tuple[str, ...], ...], halves: tuple[int, ...], factors: tuple[float, ...], level: float, each: float
) -> tuple[NamedHalf, ...]:
    said = [(*_meant(word, halves), person) for person, words in enumerate(worked) for word in words]
    wanted = math.floor(len(said) * level + 0.5)
    said.sort()
    if wanted <= len(said):
        kept = [math.floor((n + 1) * wanted / len(said)) > math.floor(n * wanted / len(said)) for n in range(len(said))]
        return tuple(half for half, stays in zip(said, kept, strict=True) if stays)
    more = _on_top(wanted - len(said), halves, factors, each, len(worked))
    return tuple(sorted([*said, *more]))


def _meant(word: str, halves: Sequence[int]) -> tuple[int, int]:
    day, _, half = word.partition("_")
    return _DAYS.index(day), halves[_IN_ORDER.index(half)]


def _on_top(
    sessions: int, halves: Sequence[int], factors: tuple[float, ...], each: float, first: int
) -> Iterator[NamedHalf]:
    """Deal half days on top to the days of the week and to people who come with them."""
    there = sorted({half for half in halves if half >= 0})
    days = [weekday for weekday, count in enumerate(deal(sessions, factors)) for _ in range(count)]
    for n, weekday in enumerate(days):
        yield weekday, there[n % len(there)], first + math.floor(n / each)


@lru_cache(maxsize=1024)
def deal(sessions: float, factors: tuple[float, ...]) -> tuple[int, ...]:
    """Deal a week's sessions to its days by their factors, whole ones, so that the week has the right total."""
    total = sum(factors) or 1.0
    edges = [math.floor(reached / total * sessions + 0.5 + 1e-9) for reached in accumulate(factors, initial=0.0)]
    return tuple(after - before for before, after in pairwise(edges))


def sessions_by_day(practice: PracticeGroups, name: str) -> tuple[int, ...]:
    """Return the sessions of a role on each weekday of a full week; who has less than one a week visits."""
    if practice.role[name].people is not None:
        days = [weekday for weekday, _, _ in named_week(practice, name)]
        return tuple(days.count(weekday) for weekday in range(len(WEEKDAYS)))
    sessions, factors = weekly_sessions(practice, name), practice.role[name].weekday_factor
    return deal(max(sessions, 1.0 if sessions else 0.0), tuple(factors[day] for day in WEEKDAYS))


def halves_by_day(practice: PracticeGroups, name: str) -> tuple[tuple[int, ...], ...]:
    """Return which of its half days a role works on each weekday of a full week."""
    role = practice.role[name]
    if role.people is not None:
        week = named_week(practice, name)
        return tuple(tuple(sorted({half for day, half, _ in week if day == weekday})) for weekday in range(7))
    return tuple(tuple(range(min(count, len(role.sessions)))) for count in sessions_by_day(practice, name))
