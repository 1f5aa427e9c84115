"""Weeks counted by their month: leave and planned care fall more in some months, and the year has as much as before."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.population.people import draw_people
from pcqa_sim.population.recalls import Recall
from pcqa_sim.scenario import with_settings
from pcqa_sim.values.clock import month_of_week, weeks_gone
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import world_key

START, YEARS = dt.date(2026, 1, 5), 8
WEEKS = 52 * YEARS
MORE = {"august": 2.0, "december": 1.5}
AUGUST = np.array([month_of_week(START, week) == "august" for week in range(WEEKS)])


def test_without_weights_a_week_is_a_week() -> None:
    assert [weeks_gone(START, week, {}) for week in (0, 1, 700)] == [0, 1, 700]


def test_weights_say_how_the_months_stand_to_each_other_and_a_year_stays_a_year() -> None:
    gone = np.array([weeks_gone(START, week, MORE) for week in range(WEEKS + 1)])
    of_week = np.diff(gone)
    plain = of_week[[month_of_week(START, week) == "may" for week in range(WEEKS)]]
    assert of_week[AUGUST] == pytest.approx(2 * plain[0])
    assert gone[-1] == pytest.approx(WEEKS, rel=0.02)


def test_leave_is_taken_where_the_months_say_and_in_full() -> None:
    away = Absences(world_key(1, 0, "practice"), WEEKS * 7, START)
    on = np.array(
        [[away.on_leave_by_month(f"gp.{n}", 0.14, week, MORE) for week in range(WEEKS)] for n in range(1, 13)]
    )
    even = np.array([[away.on_leave(f"gp.{n}", 0.14, week) for week in range(WEEKS)] for n in range(1, 13)])
    assert on.mean() == pytest.approx(0.14, rel=0.03)
    assert on[:, AUGUST].mean() == pytest.approx(0.14 * 2 / (13.5 / 12), rel=0.08)
    assert even[:, AUGUST].mean() == pytest.approx(0.14, rel=0.1)


def test_fewer_sessions_are_worked_in_a_month_of_leave() -> None:
    practice = composed().practices["practice"]
    summer = with_settings(practice, {"role.gp.absence.leave_by_month": {"august": 4.0}})
    away = Absences(world_key(1, 0, "practice"), 364, START)
    days = [week * 7 + day for week in range(52) if AUGUST[week] for day in range(5)]
    worked = [
        sum(clinic.role == "gp" for day in days for clinic in clinics(one, day, away)) for one in (practice, summer)
    ]
    assert worked[1] < 0.8 * worked[0]


def test_invitations_come_in_their_months_and_as_many_in_all() -> None:
    practice = composed().practices["practice"]
    people = draw_people(1, practice.people, 3000)
    october = [week for week in range(156) if month_of_week(START, week) == "october"]

    def invited(by_month: dict[str, float]) -> tuple[float, float]:
        recall = Recall(people, with_settings(practice.planned, {"by_month": by_month}), 13, START)
        of_week = np.array([len(recall.due(week).person) for week in range(156)])
        return float(of_week.mean()), float(of_week[october].mean())

    (mean, usual), (as_many, more) = invited({}), invited({"october": 1.45})
    assert as_many == pytest.approx(mean, rel=0.03)
    assert more / usual == pytest.approx(1.45 / (12.45 / 12), rel=0.08)


@pytest.mark.parametrize("key", ["role.gp.absence.leave_by_month", "planned.by_month", "demand.days_differ.by_month"])
def test_a_month_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(BadInput, match="octobre is no month"):
        with_settings(composed().practices["practice"], {key: {"octobre": 2.0}})
