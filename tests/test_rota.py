from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.clock import DAY
from pcqa_sim.needs import ON_THE_DAY
from pcqa_sim.rota import call_handlers, clinic_days, clinic_minutes, day_slots, sessions_of
from pcqa_sim.scenario import Practice


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


def total(people: dict[int, int]) -> float:
    """Person-minutes of a day."""
    steps = [*people, DAY]
    return sum(n * (steps[i + 1] - steps[i]) for i, n in enumerate(people.values()))


@pytest.mark.parametrize("size", [3_000, 10_000, 12_349, 27_000])
@pytest.mark.parametrize("weekday", [0, 2])
def test_a_scaled_roster_keeps_its_hours(practice: Practice, size: int, weekday: int) -> None:
    roster = practice.rota.of_weekday(weekday)
    steps = [*roster, DAY]
    written = sum(n * (steps[i + 1] - steps[i]) for i, n in enumerate(roster.values()))
    scaled = written * size / practice.rota.written_for_list_size
    hours = total(call_handlers(practice.rota, size, weekday))
    smallest = min(n for n in roster.values() if n) * size / practice.rota.written_for_list_size
    if smallest >= 1:
        assert hours == pytest.approx(scaled, abs=30)
    else:
        assert hours >= scaled - 30


def test_somebody_answers_whenever_anybody_is_rostered(practice: Practice) -> None:
    people = call_handlers(practice.rota, 500, 1)
    assert people[480] == 1
    assert people[1110] == 0
    assert set(people.values()) == {0, 1}


def test_extra_call_handlers_come_only_when_the_phones_are_staffed(practice: Practice) -> None:
    rota = practice.rota.model_copy(update={"extra_call_handlers": 2})
    plain, more = call_handlers(practice.rota, 10_000, 1), call_handlers(rota, 10_000, 1)
    assert {at: n + 2 if n else 0 for at, n in plain.items()} == more


def test_nobody_is_rostered_at_weekends(practice: Practice) -> None:
    assert call_handlers(practice.rota, 10_000, 5) == {0: 0}


def test_a_week_has_the_sessions_its_rate_says(practice: Practice) -> None:
    appointments = practice.appointments
    week = [sessions_of(appointments, 10_000, weekday) for weekday in range(7)]
    assert sum(week) == pytest.approx(appointments.sessions_per_day * 5, abs=0.5)
    assert week[5:] == [0, 0]
    assert week[0] == max(week)


def test_slots_lie_in_their_sessions_and_do_not_overlap_for_one_clinician(practice: Practice) -> None:
    slots = day_slots(practice, 7)
    assert slots == sorted(slots)
    starts = {session.starts: session.ends for session in practice.appointments.sessions}
    by_clinician: dict[int, list[float]] = {}
    for slot in slots:
        minute = slot.start - 7 * DAY
        assert any(start <= minute and minute + slot.length <= end + 1e-9 for start, end in starts.items())
        by_clinician.setdefault(slot.ordinal // practice.appointments.slots_per_session, []).append(slot.start)
    for times in by_clinician.values():
        assert len(set(times)) == len(times)
    share = sum(slot.release == ON_THE_DAY for slot in slots) / len(slots)
    assert share == pytest.approx(practice.appointments.on_the_day_share, abs=0.01)


def test_extra_slots_come_with_clinicians_and_are_kept_for_the_day(practice: Practice) -> None:
    more = practice.model_copy(
        update={"appointments": practice.appointments.model_copy(update={"extra_on_the_day_slots": 20})}
    )
    added = set(day_slots(more, 0)) - set(day_slots(practice, 0))
    assert len(added) == 20
    assert {slot.release for slot in added} == {ON_THE_DAY}
    assert sum(map(len, clinic_days(more, 0))) == sum(map(len, clinic_days(practice, 0))) + 20
    assert clinic_minutes(more, 0) == clinic_minutes(practice, 0) + 2 * 180
