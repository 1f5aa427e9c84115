"""The days of a place: hours, holidays, sessions and minutes, parts of a session carried on, and what binds."""

from __future__ import annotations

import pytest
from onepart import CALENDAR

from pcqa_sim.community.bookings import Bookings
from pcqa_sim.scenario.groups import CommunityPlace
from pcqa_sim.values.clock import DAY

HOURS = {"opens": "09:00", "closes": "17:00", "days": ["monday", "tuesday", "wednesday", "thursday", "friday"]}
NINE, FIVE = 9 * 60, 17 * 60


def bookings(list_size: int = 10_000, **settings: object) -> Bookings:
    place = {"title": "a place", "run_by": "nhs", "hours": HOURS, "session_min": 30.0, "uptake_share": 1.0} | settings
    made = Bookings(CALENDAR)
    made.use(CommunityPlace.model_validate(place), list_size)
    return made


def given(made: Bookings, many: int, at: float = 0.0) -> list[float]:
    found = []
    for _ in range(many):
        found.append(made.earliest(at))
        made.book(found[-1])
    return found


def test_a_session_begins_in_its_hours_and_ends_in_them() -> None:
    made = bookings()
    assert made.earliest(0.0) == NINE
    assert made.earliest(NINE + 7.0) == NINE + 7
    assert made.earliest(FIVE - 29.0) == DAY + NINE
    assert made.earliest(4 * DAY + FIVE) == 7 * DAY + NINE


@pytest.mark.parametrize(
    ("settings", "binds"), [({"sessions_per_10000_day": 3}, "sessions"), ({"minutes_per_10000_day": 90}, "minutes")]
)
def test_a_day_has_so_many_sessions_and_says_what_binds(settings: dict[str, object], binds: str) -> None:
    made = bookings(**settings)
    times = given(made, 7)
    assert [int(time // DAY) for time in times] == [0, 0, 0, 1, 1, 1, 2]
    assert times == sorted(times)
    assert made.earliest(0.0) // DAY == 2
    assert made.binds == binds
    assert made.earliest(9 * DAY) // DAY == 9
    assert made.binds == ""


def test_parts_of_a_session_are_carried_on_to_other_days() -> None:
    made = bookings(list_size=2000, sessions_per_10000_day=2)  # two in five days
    days = [int(time // DAY) for time in given(made, 40)]
    assert len(set(days)) == 40
    assert 90 <= days[-1] <= 141  # 0.4 a day, and none at weekends


def test_no_room_at_all_is_no_time() -> None:
    assert bookings(minutes_per_10000_day=0).earliest(0.0) < 0
