from __future__ import annotations

import datetime as dt

import pytest

from pcqa_sim.values.clock import (
    DAY,
    Hours,
    WorkingCalendar,
    clock_time,
    day_of,
    parse_clock_time,
    week_of,
)

CORE = Hours(480, 1110)
WEEK = (CORE, CORE, CORE, CORE, CORE, None, None)
CALENDAR = WorkingCalendar(dt.date(2026, 3, 23), WEEK)


@pytest.mark.parametrize(("text", "minute"), [("00:00", 0), ("08:30", 510), ("18:30", 1110), ("24:00", 1440)])
def test_times_are_read(text: str, minute: int) -> None:
    assert parse_clock_time(text) == minute


@pytest.mark.parametrize("text", ["8:30", "24:01", "25:00", "08:60", "", "0830", "08:30:00", " 08:30", "٠٨:٣٠"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HH:MM"):
        parse_clock_time(text)


@pytest.mark.parametrize("value", [510, None, 8.5, True])
def test_numbers_are_no_times(value: object) -> None:
    with pytest.raises(ValueError, match="HH:MM"):
        parse_clock_time(value)  # type: ignore[arg-type]


def test_a_minute_knows_its_day_week_and_time() -> None:
    minute = 9 * DAY + 510.9
    assert (day_of(minute), week_of(minute), clock_time(minute)) == (9, 1, "08:30")


def test_opening_time_is_open_and_closing_time_is_shut() -> None:
    assert CALENDAR.is_open(480)
    assert not CALENDAR.is_open(479.999)
    assert not CALENDAR.is_open(1110)
    assert not CALENDAR.is_open(5 * DAY + 600)


def test_nobody_works_on_good_friday_and_easter_monday() -> None:
    good_friday, easter_monday = 11, 14
    assert CALENDAR.date(good_friday) == dt.date(2026, 4, 3)
    assert CALENDAR.is_bank_holiday(good_friday)
    assert CALENDAR.hours_of(good_friday) is None
    assert CALENDAR.next_opening(good_friday * DAY) == (easter_monday + 1) * DAY + 480
    assert WorkingCalendar(dt.date(2026, 3, 23), WEEK, "").hours_of(good_friday) == CORE


def test_8am_stays_8am_when_the_clocks_change() -> None:
    sunday_of_change = 6
    assert CALENDAR.date(sunday_of_change) == dt.date(2026, 3, 29)
    assert CALENDAR.next_opening(sunday_of_change * DAY) == 7 * DAY + 480


def test_the_next_opening_is_now_if_the_doors_open_now() -> None:
    assert CALENDAR.next_opening(480) == 480
    assert CALENDAR.next_opening(480.1) == DAY + 480


def test_a_practice_that_never_opens_is_a_fault() -> None:
    with pytest.raises(ValueError, match="does not open"):
        WorkingCalendar(dt.date(2026, 1, 5), (None,) * 7).next_opening(0)
