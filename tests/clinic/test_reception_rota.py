"""Rosters of whole people in blocks of an hour: by weekday, on the first days, scaled; and what is refused."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shortruns import composed

from pcqa_sim.clinic.reception_rota import call_handlers, front_desk, reception
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.groups import Duty
from pcqa_sim.values.clock import DAY, Hours, WorkingCalendar
from pcqa_sim.values.faults import BadInput

ROSTER = {"00:00": 0, "08:00": 3, "10:00": 2, "16:00": 1, "18:30": 0}
RULE = {"monday": None, "tuesday_friday": ROSTER, "first_days": {"more": 1, "until": "10:00"}, "whole_blocks": True}


def duty(**settings: Any) -> Duty:
    nobody = {"00:00": 0}
    return Duty.model_validate({"monday": nobody, "tuesday_friday": nobody, "weekend": nobody} | settings)


def test_each_weekday_may_have_its_own_roster() -> None:
    own = duty(tuesday_friday=ROSTER, wednesday={"00:00": 0, "09:00": 1, "12:00": 0})
    assert own.of_weekday(2) == {0: 0, 540: 1, 720: 0}
    assert own.of_weekday(1) == own.of_weekday(3) == own.of_weekday(4)
    assert own.of_weekday(5) == own.of_weekday(0) == {0: 0}


def test_without_a_rule_the_day_after_a_closure_is_like_any_other_of_its_weekday() -> None:
    plain = with_settings(composed().practices["practice"].rota.phone, {"first_days": None})
    assert all(plain.of_weekday(day, first=True) == plain.of_weekday(day) for day in range(7))


def test_by_the_rule_mondays_and_first_days_have_more_until_ten() -> None:
    ruled = duty(**RULE)
    more = {0: 0, 480: 4, 600: 2, 960: 1, 1110: 0}
    assert ruled.of_weekday(0) == ruled.of_weekday(1, first=True) == ruled.of_weekday(4, first=True) == more
    assert ruled.of_weekday(1)[480] == 3
    assert ruled.of_weekday(5, first=True) == {0: 0}


def test_the_rule_may_end_between_two_times_of_the_roster() -> None:
    ruled = duty(**RULE | {"first_days": {"more": 2, "until": "11:00"}})
    assert ruled.of_weekday(0) == {0: 0, 480: 5, 600: 4, 660: 2, 960: 1, 1110: 0}


def test_a_roster_of_its_own_comes_before_the_rule() -> None:
    ruled = duty(**RULE | {"after_closure": {"00:00": 0, "08:00": 6, "18:00": 0}})
    assert ruled.of_weekday(1, first=True) == {0: 0, 480: 6, 1080: 0}
    assert ruled.of_weekday(0)[480] == 4


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"monday": ROSTER}, "monday: has a roster of its own or the rule of first_days"),
        ({"tuesday_friday": {"00:00": 0, "08:00": 1.5, "18:30": 0}}, "whole people, and from 08:00 there are 1.5"),
        (
            {"friday": {"00:00": 0, "08:00": 2, "08:30": 1, "18:30": 0}},
            "friday: whole_blocks asks for an hour at least",
        ),
        (
            {"first_days": {"more": 1, "until": "08:30"}},
            "first_days: whole_blocks asks for an hour at least: 08:00 to 08:30",
        ),
    ],
)
def test_what_is_not_whole_is_refused_where_whole_blocks_are_asked_for(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        duty(**RULE | changes)
    if "monday" not in changes:
        duty(**RULE | changes | {"whole_blocks": False})


def test_who_stays_while_others_go_has_no_short_block() -> None:
    """From 17:30 to 18:30 there is one person, who has been there all day."""
    told = duty(**RULE | {"tuesday_friday": {"00:00": 0, "08:00": 2, "17:30": 1, "18:30": 0}})
    assert reception(told, 1.0, 1) == {0: 0, 480: 2, 1050: 1, 1110: 0}


@given(scale=st.floats(0.05, 5.0))
def test_scaled_rosters_stay_whole_in_blocks_of_an_hour_and_keep_their_hours(scale: float) -> None:
    ruled = duty(**RULE)
    people = reception(ruled, scale, 1)
    steps = [*people.items(), (DAY, 0)]
    assert all(after - before >= 60 for (before, _), (after, _) in pairwise(steps))
    minutes = sum(here * (after - before) for (before, here), (after, _) in pairwise(steps))
    wanted = scale * (3 * 120 + 2 * 360 + 150)
    alone = sum(max(0.0, 1 - scale * many) * length for many, length in ((3, 120), (2, 360), (1, 150)))
    assert wanted - 120 <= minutes <= wanted + alone + 120
    assert min(people[480], *(here for at, here in people.items() if 480 < at < 1110)) >= 1


def test_half_a_person_more_comes_for_the_first_half_of_the_hours() -> None:
    ruled = duty(**RULE | {"tuesday_friday": {"00:00": 0, "08:00": 2, "16:00": 0}})
    assert reception(ruled, 1.25, 1) == {0: 0, 480: 3, 720: 2, 960: 0}
    assert reception(ruled, 0.2, 1) == {0: 0, 480: 1, 960: 0}


@pytest.fixture(scope="module")
def practice() -> Practice:
    return with_settings(composed().practices["practice"], {"rota.phone": RULE | {"weekend": {"00:00": 0}}})


def test_the_first_day_after_a_closure_is_staffed_like_a_monday(practice: Practice) -> None:
    as_written = with_settings(practice, {"rota.phone_level": 1.0})
    assert call_handlers(as_written, 1, first=True) == call_handlers(as_written, 0)
    assert call_handlers(as_written, 1, first=True)[480] == call_handlers(as_written, 1)[480] + 1


def test_first_days_are_those_after_a_bank_holiday_that_took_a_working_day() -> None:
    open_on = Hours(480, 1110)
    calendar = WorkingCalendar(dt.date(2026, 3, 30), (open_on,) * 5 + (None, None))
    first = [day for day in range(42) if calendar.first_after_closure(day)]
    assert [calendar.date(day) for day in first] == [dt.date(2026, 4, 7), dt.date(2026, 5, 5)]
    none = WorkingCalendar(dt.date(2026, 3, 30), (open_on,) * 5 + (None, None), "")
    assert not any(none.first_after_closure(day) for day in range(42))


def test_half_a_person_is_refused_with_the_key(practice: Practice) -> None:
    with pytest.raises(BadInput, match=r"rota\.phone"):
        with_settings(practice, {"rota.phone.tuesday_friday": {"00:00": 0, "08:00": 0.5, "18:30": 0}})


def test_people_said_as_they_are_stay_whatever_the_list() -> None:
    """A rota of the practice's own people is not scaled; one written for a list size is."""
    own = with_settings(composed().practices["practice"], {"rota.written_for_list_size": None, "rota.phone_level": 1.0})
    small, large = (with_settings(own, {"list_size": size}) for size in (2_000, 40_000))
    for weekday in range(5):
        assert call_handlers(small, weekday) == call_handlers(large, weekday)
        assert front_desk(small, weekday) == front_desk(large, weekday)
    scaled = with_settings(large, {"rota.written_for_list_size": 10_000})
    assert max(call_handlers(scaled, 0).values()) > max(call_handlers(large, 0).values())
