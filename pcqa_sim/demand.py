"""Demand reaching the practice: day after day, people with a need set out to ask, rushed or not."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Event

from pcqa_sim.asking import Candidates, WeekProfile, week_candidates, week_start
from pcqa_sim.clock import DAY, day_of
from pcqa_sim.journey import Journey
from pcqa_sim.luck import Luck, activity, join
from pcqa_sim.needs import MOST_IN_A_STRIP, STRIP_BEFORE_THE_RUN, Need, need_number
from pcqa_sim.strand import follow

if TYPE_CHECKING:
    from pcqa_sim.practice import OpenPractice

_RUSHES = activity("rushes")
_AFTER_OPENING = activity("rush_after_opening")
_WAITS_FOR_WORK = activity("waits_for_work")
_ASKS_AFTER_HOLIDAY = activity("asks_after_holiday")
_WHO_BOOKED = activity("who_booked_before")


def book_before(practice: OpenPractice, journey: Journey) -> None:
    """Fill the diary as it stands when the run begins: the slots ahead of the first days belong to somebody.

    Who it is is drawn in proportion to the rates of need; the kind is one that can wait, if there is any.
    """
    kinds = practice.settings.demand.kinds
    waiting = [name for name, kind in kinds.items() if not kind.same_day and kind.latest_days > 0]
    index = list(kinds).index(waiting[0]) if waiting else 0
    cumulative = np.cumsum(practice.people.rate * practice.people.rate_factor)
    if not len(cumulative) or cumulative[-1] <= 0:
        return
    for ordinal, slot in enumerate(practice.book.ahead(practice.settings.appointments.booked_at_start_days)):
        u = Luck(join(practice.world, "booked before", ordinal)).u(_WHO_BOOKED)
        person = int(np.searchsorted(cumulative, u * cumulative[-1], side="right"))
        week, place = divmod(ordinal, MOST_IN_A_STRIP)
        number = need_number(person, index, week, STRIP_BEFORE_THE_RUN, place)
        luck = Luck(join(int(practice.people.key[person]), "booked before", ordinal))
        journey.booked_before(Need(person, number, practice.kind_names[index], luck, 0.0), slot)


def people_ask(practice: OpenPractice, journey: Journey, end: float) -> Generator[Event, Any, None]:
    """Let every need of every day start its journey, in order of time, until the end of the run."""
    env = practice.env
    waiting: list[Need] = []
    candidates: Candidates | None = None
    for day in range(day_of(end)):
        if day % 7 == 0:
            candidates = _this_week(practice, day // 7)
        assert candidates is not None
        today, waiting = _asks_of(practice, day, _needs_of_day(practice, candidates, day), waiting)
        for at, need in today:
            yield env.timeout(at - env.now)
            need.arose = at
            follow(journey.ask(need))
        yield env.timeout((day + 1) * DAY - env.now)


def _this_week(practice: OpenPractice, week: int) -> Candidates:
    """Return the week's needs under the settings in force."""
    demand = practice.settings.demand
    return week_candidates(practice.people, demand, practice.settings.demand_level, week, WeekProfile(demand))


def _needs_of_day(practice: OpenPractice, candidates: Candidates, day: int) -> list[Need]:
    """Return the needs that arise on a day, in order of time."""
    start = (day % 7) * DAY
    low, high = candidates.minute.searchsorted([start, start + DAY])
    names = practice.kind_names
    monday = week_start(day // 7)
    return [
        Need(person, number, names[kind], Luck(key), monday + minute)
        for person, number, kind, key, minute in zip(
            candidates.person[low:high].tolist(),
            candidates.number[low:high].tolist(),
            candidates.kind[low:high].tolist(),
            candidates.key[low:high].tolist(),
            candidates.minute[low:high].tolist(),
            strict=True,
        )
    ]


def _asks_of(
    practice: OpenPractice, day: int, arising: list[Need], waiting: list[Need]
) -> tuple[list[tuple[float, Need]], list[Need]]:
    """Return (time, need) of those who ask today, and those who let a bank holiday pass and still wait."""
    asks, later = [], []
    holiday = practice.calendar.is_bank_holiday(day)
    for need in arising:
        if holiday and need.luck.u(_WAITS_FOR_WORK) >= practice.settings.demand.bank_holiday_asking_share:
            later.append(need)
        else:
            asks.append((_asking_time(practice, day, need), need))
    for need in waiting:
        if practice.calendar.hours_of(day) is None or need.luck.u(_ASKS_AFTER_HOLIDAY) >= _next_day_share(practice):
            later.append(need)
        else:
            need.arose = day * DAY + need.arose % DAY
            asks.append((_asking_time(practice, day, need), need))
    asks.sort(key=lambda ask: (ask[0], ask[1].number))
    return asks, later


def _next_day_share(practice: OpenPractice) -> float:
    """Return the share of those who wait after a bank holiday that ask on a given working day."""
    return practice.settings.demand.after_bank_holiday_share


def _asking_time(practice: OpenPractice, day: int, need: Need) -> float:
    """Return when a person asks: at their own time, or at opening if scarcity has taught them to rush."""
    hours = practice.calendar.hours_of(day)
    if hours is None or need.arose < day * DAY + hours.opens or not practice.kind(need.kind).rushes:
        return need.arose
    share = practice.belief.rushing_share(practice.settings.demand.rush)
    if need.luck.u(_RUSHES) >= share:
        return need.arose
    rushed = hours.opens + practice.rush_delay.quantile(need.luck.u(_AFTER_OPENING))
    return day * DAY + rushed if rushed < hours.closes else need.arose
