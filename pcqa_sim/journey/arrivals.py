"""Demand reaching the practice: day after day, people with a need set out to ask, rushed or not, late or never.

And week after week the practice invites people to planned care.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.journey.journey import Journey
from pcqa_sim.kernel.environment import Event
from pcqa_sim.population.need_generation import AT_ONCE, LATE, NEVER, Candidates, week_candidates, week_start
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario.groups import AdminLine
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK, day_of
from pcqa_sim.values.luck import activity
from pcqa_sim.values.native_luck import lucks_of
from pcqa_sim.values.needs import (
    ASKED_THROUGH,
    DESK,
    ONLINE,
    PHONE,
    Need,
)

_RUSHES: Final = activity("rushes")
_AFTER_OPENING: Final = activity("rush_after_opening")
_WAITS_FOR_WORK: Final = activity("waits_for_work")
_ASKS_AFTER_HOLIDAY: Final = activity("asks_after_holiday")
_WHEN_OPEN: Final = activity("comes_when_open")
_WHEN_LINE_OPEN: Final = activity("rings_when_admin_line_is_open")

Asking = tuple[float, Need, int, str]


def people_ask(practice: OpenPractice, journey: Journey, end: float) -> Generator[Event, Any, None]:
    """Let every need of every day start its journey, in order of time, until the end of the run."""
    env = practice.env
    waiting: list[tuple[Need, int, str]] = []
    candidates: Candidates | None = None
    for day in range(day_of(end)):
        if day % 7 == 0:
            candidates = _this_week(practice, day // 7)
        assert candidates is not None
        today, waiting = _asks_of(practice, day, _needs_of_day(practice, candidates, day), waiting)
        for at, need, seeks, channel in today:
            yield env.timeout(at - env.now)
            need.arose = at
            if seeks == AT_ONCE:
                journey.ask_now(need, practice.first_channel(need, channel))
            elif seeks == LATE:
                journey.ask_late(need, channel)
            elif practice.form_first is not None and practice.form_first.is_induced(need):
                journey.ask_now(need, ONLINE)
            else:
                journey.never_ask(need)
        yield env.timeout((day + 1) * DAY - env.now)


def _this_week(practice: OpenPractice, week: int) -> Candidates:
    """Return the week's needs under the settings in force."""
    date = practice.calendar.date(week * 7 + 3)
    day_of_year = date.timetuple().tm_yday - 1
    busy = practice.busy_days.week(practice.calendar.date(week * 7))
    level, never_times = practice.settings.demand_level, practice.expectations.never_times()
    helped = practice.community.effects.times(week * WEEK)
    most = practice.consulting.most_continuity()
    continuity = practice.consulting.continuity if most is None else most
    if helped is not None:
        continuity = continuity * helped
        _note_kept_away(practice, week)
    most_state = practice.states.most_factor
    if practice.frequent is not None and (times := practice.frequent.needs_times(week)) is not None:
        continuity = continuity * times
    return week_candidates(practice.appetite, level, week, day_of_year, continuity, busy, never_times, most_state)


def _note_kept_away(practice: OpenPractice, week: int) -> None:
    """Write which share of the week's needs does not arise because of places in the community, by place and in all."""
    rates = practice.appetite.base.sum(axis=0) * practice.people.rate_factor * practice.states.factor
    for place, (of_all, of_theirs) in practice.community.effects.kept_away(week * WEEK, rates).items():
        practice.recorder.note_world(log.NEEDS_KEPT_AWAY, place, log.OF_EVERYBODY, of_all)
        practice.recorder.note_world(log.NEEDS_KEPT_AWAY, place, log.OF_THOSE_THERE, of_theirs)


def _needs_of_day(practice: OpenPractice, candidates: Candidates, day: int) -> list[tuple[Need, int, str]]:
    """Return the needs that arise on a day, in order of time, whether help is sought, and through which channel."""
    today = candidates.of_day(day % 7)
    names = practice.kind_names
    monday = week_start(day // 7)
    columns = (
        candidates.person,
        candidates.number,
        candidates.kind,
        candidates.minute,
        candidates.seeks,
        candidates.today,
        candidates.channel,
    )
    arisen = _arisen(practice, candidates, today)
    lists = [column[today][arisen].tolist() for column in columns]
    return [
        (Need(person, number, names[kind], luck, monday + minute, today), seeks, ASKED_THROUGH[channel])
        for person, number, kind, minute, seeks, today, channel, luck in zip(
            *lists, lucks_of(candidates.key[today][arisen]), strict=True
        )
    ]


def _arisen(practice: OpenPractice, candidates: Candidates, today: slice) -> NDArray[np.bool_]:
    """Return which of a day's candidates arise: by their people's state, and by whom these have seen meanwhile."""
    person, states = candidates.person[today], practice.states
    below: NDArray[np.float64] = states.factor[person] / states.most_factor[person]
    most = practice.consulting.most_continuity()
    if most is not None:
        below = below * (practice.consulting.continuity[person] / most[person])
    arisen: NDArray[np.bool_] = candidates.height[today] < below
    return arisen


def _asks_of(
    practice: OpenPractice, day: int, arising: list[tuple[Need, int, str]], waiting: list[tuple[Need, int, str]]
) -> tuple[list[Asking], list[tuple[Need, int, str]]]:
    """Return who asks today and when, and those who let a bank holiday pass and still wait."""
    asks: list[Asking] = []
    later: list[tuple[Need, int, str]] = []
    demand = practice.settings.demand
    holiday = practice.calendar.is_bank_holiday(day)
    for need, seeks, channel in arising:
        if holiday and need.luck.u(_WAITS_FOR_WORK) >= demand.bank_holiday_asking_share and seeks != NEVER:
            later.append((need, seeks, channel))
        else:
            asks.append((_asking_time(practice, day, need, seeks, channel), need, seeks, channel))
    closed = practice.calendar.hours_of(day) is None
    for need, seeks, channel in waiting:
        if closed or need.luck.u(_ASKS_AFTER_HOLIDAY) >= demand.after_bank_holiday_share:
            later.append((need, seeks, channel))
        else:
            need.arose = day * DAY + need.arose % DAY
            asks.append((_asking_time(practice, day, need, seeks, channel), need, seeks, channel))
    asks.sort(key=lambda ask: (ask[0], ask[1].number))
    return asks, later


def _asking_time(practice: OpenPractice, day: int, need: Need, seeks: int, channel: str) -> float:
    """Return when a person asks: at their own time, or at opening if scarcity has taught them to rush."""
    hours = practice.calendar.hours_of(day)
    if seeks != AT_ONCE or hours is None:
        return need.arose
    if channel == DESK and not hours.opens <= need.arose % DAY < hours.closes:
        return day * DAY + practice.asking_minute(day, need.luck.u(_WHEN_OPEN))
    if (
        channel == PHONE
        and (line := practice.settings.phones.admin_line)
        and practice.reception.keeps_to_admin_line(need)
    ):
        return _time_on_admin_line(practice, day, need, line)
    rush = practice.settings.demand.rush
    could_rush = practice.kinds[need.kind].rushes and (need.today or rush.ahead_too) and channel != DESK
    if (
        not could_rush
        or need.arose < day * DAY + hours.opens
        or need.luck.u(_RUSHES) >= practice.expectations.rushing_share()
    ):
        return need.arose
    rushed = hours.opens + practice.rush_delay.quantile(need.luck.u(_AFTER_OPENING))
    return day * DAY + rushed if rushed < hours.closes else need.arose


def _time_on_admin_line(practice: OpenPractice, day: int, need: Need, line: AdminLine) -> float:
    """Return when a person calls the line for administrative requests: in its hours, if it opens again."""
    minute = need.arose % DAY
    if minute >= line.hours.opens:
        return need.arose
    between = practice.asking_minute_between(day, line.hours.opens, line.hours.closes, need.luck.u(_WHEN_LINE_OPEN))
    return day * DAY + between


def practice_invites(practice: OpenPractice, journey: Journey, weeks: int) -> Generator[Event, Any, None]:
    """Invite people to planned care on the working days of every week, in order of time."""
    env = practice.env
    for week in range(weeks):
        open_days = [day for day in range(week * 7, week * 7 + 7) if practice.calendar.hours_of(day) is not None]
        due = practice.recall.due(week)
        first = len(practice.settings.demand.kinds)
        columns = [column.tolist() for column in (due.moment, due.person, due.programme, due.number)]
        for moment, person, programme, number, luck in zip(*columns, lucks_of(due.key), strict=True):
            if not open_days:
                break
            at = working_moment(practice, open_days, moment)
            yield env.timeout(at - env.now)
            journey.initiated.invite(Need(person, number, practice.kind_names[first + programme], luck, at))
        yield env.timeout(week_start(week + 1) - env.now)


def working_moment(practice: OpenPractice, open_days: list[int], moment: float) -> float:
    """Return the minute of the run at a share of the week's opening hours."""
    day, part = divmod(moment * len(open_days), 1)
    hours = practice.calendar.hours_of(open_days[int(day)])
    assert hours is not None
    return open_days[int(day)] * DAY + hours.opens + part * (hours.closes - hours.opens)
