"""Busy days: mean 1, as variable as said, a memory from week to week, the same for a date whatever else changes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.population.busy_days import BusyDays
from pcqa_sim.population.need_generation import Appetite, week_candidates
from pcqa_sim.population.people import draw_people
from pcqa_sim.scenario.groups import DaysDiffer
from pcqa_sim.values.clock import DAY, MONTHS
from pcqa_sim.values.luck import world_key

MONDAY = dt.date(2026, 1, 5)
WORLD = world_key(1, 0, "practice")


def factors(weeks: int = 2000, world: int = WORLD, **settings: object) -> np.ndarray:
    """A row of seven factors a week."""
    days = BusyDays.of(1, 0, world, DaysDiffer(**settings))  # type: ignore[arg-type]
    rows = [days.week(MONDAY + dt.timedelta(weeks=n)) for n in range(weeks)]
    assert all(row is not None for row in rows)
    return np.array(rows)


def test_where_nothing_differs_nothing_is_drawn() -> None:
    assert BusyDays.of(1, 0, WORLD, DaysDiffer(shared_share=0.5, week_memory=0.7)).week(MONDAY) is None


def test_days_have_mean_1_and_the_variation_said() -> None:
    found = factors(day_cv=0.07).ravel()
    assert found.mean() == pytest.approx(1, abs=4 * 0.07 / np.sqrt(len(found)))
    assert found.std() == pytest.approx(0.07, abs=4 * 0.07 / np.sqrt(2 * len(found)))
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 4 / np.sqrt(len(found))


def test_weeks_have_mean_1_and_remember_the_week_before() -> None:
    found = factors(week_cv=0.04, week_memory=0.7)
    assert (found == found[:, :1]).all()
    week = np.log(found[:, 0])
    effective = len(week) * 0.3 / 1.7  # independent weeks in so many remembering ones
    assert found[:, 0].mean() == pytest.approx(1, abs=4 * 0.04 / np.sqrt(effective))
    assert week.std() == pytest.approx(0.04, abs=4 * 0.04 / np.sqrt(2 * effective))
    for later in (1, 2, 3):
        assert np.corrcoef(week[later:], week[:-later])[0, 1] == pytest.approx(0.7**later, abs=4 / np.sqrt(effective))


def test_practices_share_the_part_of_the_variance_said() -> None:
    both = [np.log(factors(world=world_key(1, 0, key), day_cv=0.07, shared_share=0.26).ravel()) for key in "ab"]
    assert np.corrcoef(*both)[0, 1] == pytest.approx(0.26, abs=4 / np.sqrt(len(both[0])))


def test_a_date_keeps_its_factor_wherever_a_run_begins() -> None:
    settings = DaysDiffer(day_cv=0.07, week_cv=0.04, week_memory=0.7)
    later = BusyDays.of(1, 0, WORLD, settings).week(MONDAY + dt.timedelta(weeks=3))
    assert later is not None
    assert later.tolist() == factors(4, day_cv=0.07, week_cv=0.04, week_memory=0.7)[3].tolist()


def test_a_month_has_its_own_level() -> None:
    found = BusyDays.of(1, 0, WORLD, DaysDiffer(by_month={"july": 0.88})).week(dt.date(2026, 6, 29))
    assert found is not None
    assert found.tolist() == [1, 1, 0.88, 0.88, 0.88, 0.88, 0.88]
    assert MONTHS[6] == "july"


def test_busier_days_add_needs_and_move_none() -> None:
    settings = composed().practices["practice"]
    people = draw_people(WORLD, settings.people, 2000)
    appetite = Appetite(people, settings.demand, settings.channels)
    plain = week_candidates(appetite, 1.0, 3)
    busy = week_candidates(appetite, 1.0, 3, busy=np.array([1.2, 1, 1, 1, 0.5, 1, 1]))
    on = [set(one.number[one.minute // DAY == day].tolist()) for one in (plain, busy) for day in range(7)]
    assert on[0] < on[7]
    assert on[1:4] == on[8:11]
    assert on[11] < on[4]
    assert on[5:7] == on[12:14]
    moments = dict(zip(plain.number.tolist(), plain.minute.tolist(), strict=True))
    assert all(
        moments.get(number, minute) == minute
        for number, minute in zip(busy.number.tolist(), busy.minute.tolist(), strict=True)
    )


def test_in_a_run_needs_vary_more_from_day_to_day() -> None:
    short = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=12", "calendar.bank_holidays=none")

    def spread(*more: str) -> float:
        arose = run_of(*short, *more).needs["arose"].to_numpy()
        counts = np.bincount((arose // DAY).astype(int), minlength=84).reshape(12, 7)[:, 1:5].astype(float)
        return float((counts / counts.mean(axis=0)).std())

    assert spread("demand.days_differ.day_cv=0.4") > 1.5 * spread()
