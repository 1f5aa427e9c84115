"""MDTs: waits held against theory, who is next on the list, and on which days of a week there are meetings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fakepractice import FakePractice

from pcqa_sim.journey.mdt import FOUND, MdtMeetings
from pcqa_sim.journey.mdt_table import Numbers, OfPractice
from pcqa_sim.kernel.process import follow
from pcqa_sim.network.mdt_dates import Planner
from pcqa_sim.network.mdt_people import Agenda, Case, Lately, Selecting
from pcqa_sim.population.people import draw_people
from pcqa_sim.population.states import States
from pcqa_sim.scenario.groups import Mdt
from pcqa_sim.scenario.meetings import weekdays_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK, Hours, WorkingCalendar
from pcqa_sim.values.luck import stream
from pcqa_sim.verification.theory import batches

OUTSIDE = {"external": True, "gbp_per_hour": 60.0}
RULES = {
    "title": "an MDT", "about": "somebody", "meetings_per_week": 1.0, "weekday": "monday", "time": "12:00",
    "meeting_min": 80.0, "cases_per_meeting": 10, "minutes_per_case": 8.0, "actions_min": 0.0, "moves_within_days": 0,
    "members": {"nurse": OUTSIDE}, "selects": {"per_year": 1.0, "again_after_weeks": 0.0},
    "levels": {"low": {"from_points": 0.0, "lead": "nurse", "reviews": 0}},
}  # fmt: skip


def waits(replication: int, a_day: float, weeks: int, **settings: object) -> list[float]:
    """Days from coming on the list to the meeting, of people who come at random, in order of coming."""
    rules = Mdt.model_validate(RULES | settings)
    practice = FakePractice({"list_size": 50}, 0.0)
    times = np.cumsum(stream(7, replication, "mdt").exponential(DAY / a_day, int(a_day * 7 * weeks))).tolist()
    people = draw_people(1, practice.settings.people, len(times))
    practice.lately, practice.states = Lately(len(times)), States(people)
    hours = tuple(Hours(0, DAY) for _ in range(7))
    calendar = WorkingCalendar(practice.calendar.start, hours, "")
    story = OfPractice(practice, None, Selecting("mdt", rules, people), Numbers())  # type: ignore[arg-type]
    planner = Planner({"mdt": rules}, {"practice": None}, calendar)  # type: ignore[dict-item]
    mdt = MdtMeetings("mdt", rules, planner, {"practice": story}, practice.env, 1)
    for person, at in enumerate(times):
        practice.env.timeout(at).callbacks.append(lambda _, person=person: mdt.select("practice", person, FOUND))  # type: ignore[misc]
    follow(mdt.meets(weeks * 7))
    practice.env.run(until=float(weeks * WEEK))
    rows = practice.pen.log.table().to_pylist()
    return [row["amount"] for row in rows if row["event"] == log.MDT_REVIEWED]


def test_theory_of_meetings_gives_the_figure_that_was_worked_out_by_hand() -> None:
    assert batches(1.2, 7, 10).mean_wait == pytest.approx(4.66, abs=0.005)
    assert batches(0.01, 7, 10).mean_wait == pytest.approx(3.5, abs=1e-9)
    assert batches(0, 7, 10).mean_wait == 3.5
    with pytest.raises(ValueError, match="unstable"):
        batches(2.0, 7, 10)


@pytest.mark.parametrize(("a_day", "most"), [(1.2, 10), (0.4, 10), (1.0, 9)])
def test_waits_are_half_the_time_between_meetings_and_what_is_left_over(a_day: float, most: int) -> None:
    """Within 4 standard errors of T/2 + E[X] / lambda, the errors below a sixth of what the list itself adds."""
    exact = batches(a_day, 7.0, most).mean_wait
    means = [float(np.mean(waits(n, a_day, 160, cases_per_meeting=most)[80:])) for n in range(8)]
    error = float(np.std(means, ddof=1)) / math.sqrt(len(means))
    assert error < max(0.1, (exact - 3.5) / 6)
    assert abs(np.mean(means) - exact) < 4 * error


def test_a_meeting_every_month_sees_half_within_a_fortnight_at_the_most() -> None:
    """At light load the share within 14 days is 14 / T: of four weeks, a half."""
    found = np.array(waits(1, 0.1, 700, meetings_per_week=0.25))
    share = float(np.mean(found <= 14))
    assert abs(share - 0.5) < 4 * math.sqrt(0.25 / len(found))


# Who is on the list, and when there are meetings.


def test_the_list_is_taken_in_turn_or_the_most_severe_first_until_the_time_is_up() -> None:
    levels = {
        "low": {"from_points": 0.0, "lead": "nurse"},
        "high": {"from_points": 1.0, "lead": "nurse", "minutes_times": 4.0},
    }
    for severe_first, expected in ((False, [0, 1, 2]), (True, [1, 3])):
        rules = Mdt.model_validate(RULES | {"levels": levels, "severe_first": severe_first, "meeting_min": 70.0})
        agenda = Agenda(rules)
        for number, level in enumerate(["low", "high", "low", "high", "low"]):
            agenda.add(Case(0, number, 0, 0.0, level))  # type: ignore[arg-type]
        taken, minutes = agenda.take()
        assert [case.person for case in taken] == expected
        assert minutes == (48.0 if not severe_first else 64.0)  # nobody overtakes who is too long for what is left
        assert len(agenda) == 5 - len(expected)


def test_contacts_are_counted_over_thirteen_weeks() -> None:
    lately = Lately(2)
    for week in (0, 0, 5, 12):
        lately.asked(1, week * WEEK + 1.0)
    assert [lately.of(1, week * WEEK) for week in (12, 13, 18, 25)] == [4, 2, 1, 0]
    assert lately.of(0, 12.0) == 0


@pytest.mark.parametrize(
    ("many", "days"), [(1, (1,)), (2, (1, 3)), (3, (1, 2, 4)), (5, (1, 2, 3, 4, 0)), (6, (1, 1, 2, 3, 4, 0))]
)
def test_meetings_are_spread_over_the_week(many: int, days: tuple[int, ...]) -> None:
    assert weekdays_of(Mdt.model_validate(RULES | {"weekday": "tuesday"}), many) == days
