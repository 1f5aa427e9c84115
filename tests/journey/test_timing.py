"""When people act: never in the past, never on a day on which the practice is closed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakepractice import FakePractice
from fixedluck import GivenLuck
from onepart import CLOSES, NINE, OPENS, need_of

from pcqa_sim.journey.timing import PatientTiming, awake
from pcqa_sim.values.clock import DAY, HOUR
from pcqa_sim.values.distributions import Deterministic

FRIDAY, MONDAY = 4 * DAY, 7 * DAY
HALF = (OPENS + CLOSES) / 2  # the minute at which somebody of average luck asks


def timing(start: float = NINE, **changes: object) -> PatientTiming:
    return PatientTiming(FakePractice({"channels.another_day_at_opening_share": 0.6} | changes, start))  # type: ignore[arg-type]


def test_a_need_goes_after_its_kinds_days_in_minutes() -> None:
    practice = FakePractice()
    practice.kinds["acute_minor"] = replace(practice.kinds["acute_minor"], recovery=Deterministic(3.5))  # type: ignore[arg-type]
    assert PatientTiming(practice).recovery(need_of()) == 3.5 * DAY  # type: ignore[arg-type]


@pytest.mark.parametrize(("u", "aims"), [(0.19, True), (0.2, False)])
def test_a_share_of_people_aims_at_opening(u: float, aims: bool) -> None:
    assert timing().aims_at_opening(need_of(luck=GivenLuck(rings_at_opening=u)), 0.2) is aims


def test_who_tries_another_day_calls_at_its_opening_or_at_a_usual_time() -> None:
    at_opening, usual = need_of(luck=GivenLuck(rings_at_opening=0.59)), need_of(luck=GivenLuck(rings_at_opening=0.6))
    assert timing().another_day(at_opening) == DAY + OPENS + 5.0
    assert timing().another_day(usual) == DAY + HALF
    on_friday = timing(FRIDAY + NINE)
    assert on_friday.another_day(at_opening) == MONDAY + OPENS + 5.0
    assert on_friday.another_day(usual) == MONDAY + HALF


def test_a_usual_time_is_on_the_first_working_day_at_or_after_a_minute() -> None:
    need = need_of()
    assert timing().working_time(need, 3 * DAY + 60.0) == 3 * DAY + HALF
    assert timing().working_time(need, 3 * DAY + CLOSES + 60.0) == 3 * DAY + HALF
    assert timing().working_time(need, FRIDAY + DAY) == MONDAY + HALF


def test_a_usual_time_that_has_gone_by_today_is_that_of_the_next_working_day() -> None:
    need = need_of()
    assert timing(HALF - 1).working_time(need, HALF - 1) == HALF
    assert timing(HALF).working_time(need, HALF) == DAY + HALF
    assert timing(FRIDAY + HALF).working_time(need, FRIDAY + HALF) == MONDAY + HALF


@pytest.mark.parametrize(
    ("due", "done"),
    [(7 * HOUR, 7 * HOUR), (21.9 * HOUR, 21.9 * HOUR), (22 * HOUR, DAY + 7 * HOUR), (DAY, DAY + (7 + 2 / 9) * HOUR)],
)
def test_what_falls_in_the_night_is_done_in_the_hour_after_seven(due: float, done: float) -> None:
    assert awake(due) == pytest.approx(done)
    assert awake(3 * DAY + due) == pytest.approx(3 * DAY + done)


def test_nights_keep_their_order_and_nothing_is_done_before_it_is_due() -> None:
    moved = [awake(float(minute)) for minute in range(2 * DAY)]
    night = moved[22 * HOUR : 31 * HOUR]
    assert night == sorted(night)
    assert all(at >= minute and 7 * HOUR <= at % DAY < 22 * HOUR for minute, at in enumerate(moved))
