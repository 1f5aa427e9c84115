"""Patients on top: on the first day with room, with whoever has fewest, in a mode that will do."""

from __future__ import annotations

import pytest
from onepart import NINE, booked, contact_of, need_of, slot_at, small_practice

from pcqa_sim.clinic.consultation import Attendance
from pcqa_sim.clinic.overbooking import double_booked_slot, extra_slot, overbooked_slot, put_on
from pcqa_sim.clinic.session import Clinic
from pcqa_sim.scenario import Practice
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    AT_HOME_ONLY,
    DOUBLE_BOOKED_RULE,
    FACE_TO_FACE,
    HOME_VISIT,
    OVERBOOKING_RULE,
    SEEN_ONLY,
    TELEPHONE,
    VIDEO,
    Slot,
    SlotRequest,
)


def practice(most: int = 2, within: int = 1, duty_only: bool = False, fallback: str | None = None) -> Practice:
    rules = {
        "most_per_session": most, "within_days": within, "duty_only": duty_only, "fallback_role": fallback,
    }  # fmt: skip
    return small_practice({"triage.overbooking": rules})


def session(clinician: str, day: int = 0, ends: float = 720, overbooked: int = 0, over: bool = False) -> Clinic:
    """A session whose last slot begins at ten, after which so many extras have been put on."""
    slots = [slot_at(day, 600, clinician)]
    slots += [slot_at(day, 610 + 10 * n, clinician, rule=OVERBOOKING_RULE) for n in range(overbooked)]
    role = clinician.partition(".")[0]
    clinic = Clinic(role, clinician, day * DAY + 540, day * DAY + ends, slots)
    clinic.over = over
    return clinic


def found(settings: Practice, *clinics: Clinic, now: float = NINE, **slot_request: object) -> tuple[str, float] | None:
    """Whose session takes somebody who wants to be seen today, and when."""
    slot = _found(settings, *clinics, now=now, **slot_request)
    return None if slot is None else (slot.clinician, slot.start)


def _found(settings: Practice, *clinics: Clinic, now: float = NINE, **slot_request: object) -> Slot | None:
    days: dict[int, list[Clinic]] = {}
    for clinic in clinics:
        days.setdefault(int(clinic.starts // DAY), []).append(clinic)
    words = {"role": "gp", "first": 0, "last": 0, "modes": SEEN_ONLY} | slot_request
    return overbooked_slot(settings, days, SlotRequest(**words), now)  # type: ignore[arg-type]


def test_who_has_fewest_overbooked_slots_takes_the_next_then_who_ends_first_then_by_name() -> None:
    assert found(practice(), session("gp.1", overbooked=1), session("gp.2")) == ("gp.2", 610)
    assert found(practice(), session("gp.1"), session("gp.2", ends=700)) == ("gp.2", 610)
    assert found(practice(), session("gp.2"), session("gp.1")) == ("gp.1", 610)
    assert found(practice(), session("gp.1", overbooked=1)) == ("gp.1", 620)


def test_a_full_session_takes_nobody_and_the_next_day_does_as_far_as_the_rules_go() -> None:
    today, tomorrow, after = session("gp.1", overbooked=2), session("gp.1", day=1), session("gp.1", day=2)
    assert found(practice(), today, tomorrow, after) == ("gp.1", DAY + 610)
    assert found(practice(), today, after) is None
    assert found(practice(within=0), today, tomorrow) is None


@pytest.mark.parametrize(("now", "takes"), [(609.9, True), (610.0, False)])
def test_nobody_is_put_on_a_list_that_is_at_its_end(now: float, takes: bool) -> None:
    assert (found(practice(within=0), session("gp.1"), now=now) is not None) is takes
    assert found(practice(), session("gp.1", over=True)) is None


def test_other_roles_and_sessions_without_appointments_take_nobody_and_none_takes_clinician_triage() -> None:
    assert found(practice(), session("hca.1")) is None
    assert found(practice(), session("gp.1"), triage=True) is None
    empty = Clinic("gp", "gp.1", 540, 720, [])
    assert found(practice(), empty) is None


def test_the_duty_clinician_takes_them_all_and_it_is_another_each_day() -> None:
    duty = practice(duty_only=True)
    both = [session(f"gp.{n}", day, overbooked=n % 2) for day in (0, 1) for n in (1, 2)]
    assert found(duty, *both) == ("gp.1", 620)
    assert found(duty, *both, first=1) == ("gp.2", DAY + 610)
    assert found(duty, session("gp.1", over=True), session("gp.2"), first=0) is None


def test_where_a_role_has_no_room_another_takes_them_but_not_for_a_clinician_triage() -> None:
    settings = practice(fallback="gp")
    assert found(settings, session("gp.1"), role="hca") == ("gp.1", 610)
    assert found(settings, session("gp.1", overbooked=2)) is None
    assert found(settings, session("gp.1"), role="hca", triage=True) is None


@pytest.mark.parametrize(("modes", "mode"), [
    (frozenset({FACE_TO_FACE, TELEPHONE, VIDEO}), TELEPHONE), (SEEN_ONLY, FACE_TO_FACE), (AT_HOME_ONLY, HOME_VISIT),
])  # fmt: skip
def test_an_extra_is_in_the_shortest_way_that_will_do_and_takes_what_that_takes(
    modes: frozenset[str], mode: str
) -> None:
    settings = practice()
    slot = _found(settings, session("gp.1"), modes=modes)
    assert slot is not None
    assert (slot.mode, slot.rule) == (mode, OVERBOOKING_RULE)
    assert slot.length == settings.role["gp"].consultation_min[mode]  # type: ignore[index]
    assert slot.opens > 1e9  # until it is put on, nobody can book it


def test_a_role_that_cannot_see_people_so_takes_nobody_and_another_may() -> None:
    assert found(practice(), session("other.1"), role="other", modes=AT_HOME_ONLY) is None
    both = session("other.1"), session("gp.1")
    assert found(practice(fallback="gp"), *both, role="other", modes=AT_HOME_ONLY) == ("gp.1", 610)


def test_an_extra_goes_to_the_session_it_was_found_for() -> None:
    morning, afternoon, other = session("gp.1"), session("gp.1"), session("gp.2")
    afternoon.slots = [slot_at(0, 900)]
    slot = slot_at(0, 910, rule=OVERBOOKING_RULE)
    put_on([other, morning, afternoon], slot, 610.0)
    assert afternoon.slots[-1] is slot
    assert (len(morning.slots), len(other.slots)) == (1, 1)
    assert slot.opens == 610


def test_nobody_is_put_on_top_of_a_session_to_be_seen_after_midnight() -> None:
    late = practice(most=100, within=0)
    lasts = 10  # minutes of each slot here
    needs = late.role["gp"].consultation_min[FACE_TO_FACE]
    room = int((DAY - needs - 610) // lasts)
    assert found(late, session("gp.1", overbooked=room)) == ("gp.1", 610 + lasts * room)
    assert found(late, session("gp.1", overbooked=room + 1)) is None


# Times booked twice, where it is known how many do not come.

LEAD: dict[str, object] = {
    "appointments.not_attending.lead": {
        "same_day": 0.0, "days_1": 0.1, "days_2_7": 0.3, "days_8_14": 0.5, "days_15_21": 0.5, "days_22_28": 0.5,
        "days_over_28": 0.5,
    },
    "appointments.not_attending.mode_factor": {
        "face_to_face": 1.0, "telephone": 0.5, "video": 1.0, "online_message": 0.0, "home_visit": 1.0,
    },
    "appointments.not_attending.age_factor": {},
    "appointments.not_attending.deprivation_factor": {},
}  # fmt: skip


def busy(clinician: str, *days_ago: int, mode: str = FACE_TO_FACE) -> Clinic:
    """A session of times from ten on, each booked so many days ago."""
    slots = [slot_at(0, 600 + 10 * n, clinician, mode=mode) for n in range(len(days_ago))]
    for person, (slot, days) in enumerate(zip(slots, days_ago, strict=True)):
        booked(slot, contact_of(need_of(person=person), opened=NINE - days * DAY))
    return Clinic("gp", clinician, 540.0, 720.0, slots)


def twice(*clinics: Clinic, most: int = 2, now: float = NINE, **asked: object) -> Slot | None:
    rules: dict[str, object] = {"most_per_session": most, "from_expected": 0.6}
    words = {"role": "gp", "first": 0, "last": 0, "modes": SEEN_ONLY} | asked
    settings = small_practice(LEAD | {"appointments.double_booking": rules})
    attendance = Attendance(settings.appointments.not_attending)
    return double_booked_slot(settings, {0: list(clinics)}, SlotRequest(**words), now, attendance)  # type: ignore[arg-type]


def test_a_time_is_booked_twice_where_enough_are_expected_not_to_come() -> None:
    """0.3 + 0.1 are too few of 0.6; 0.3 + 0.5 are enough, at the time of whoever is likeliest not to come."""
    assert twice(busy("gp.1", 5, 1)) is None
    slot = twice(busy("gp.1", 5, 10, 0))
    assert slot is not None
    assert (slot.clinician, slot.start, slot.mode, slot.rule) == ("gp.1", 610, FACE_TO_FACE, DOUBLE_BOOKED_RULE)


def test_each_time_booked_twice_takes_as_many_again_and_no_time_is_booked_three_times() -> None:
    clinic = busy("gp.1", 10, 10, 10)
    starts = []
    while (slot := twice(clinic)) is not None:
        put_on([clinic], slot, NINE)
        starts.append(slot.start)
    assert starts == [600, 610], "1.5 expected are enough for two times, not for three"
    assert [one.start for one in clinic.slots] == [600, 600, 610, 610, 620]
    assert twice(busy("gp.1", 10, 10, 10), most=0) is None


@pytest.mark.parametrize("asked", [{"first": 1, "last": 3}, {"role": "hca"}, {"modes": AT_HOME_ONLY}])
def test_nobody_is_booked_on_top_who_does_not_fit(asked: dict[str, object]) -> None:
    assert twice(busy("gp.1", 10, 10, 10), **asked) is None


def test_what_has_begun_and_visits_are_not_booked_twice() -> None:
    assert twice(busy("gp.1", 10, 10), now=605.0) is None
    assert twice(busy("gp.1", 10, 10, mode=HOME_VISIT), modes=SEEN_ONLY | AT_HOME_ONLY) is None


def test_a_session_with_more_expected_absent_takes_them_first() -> None:
    slot = twice(busy("gp.1", 10, 5), busy("gp.2", 10, 10), busy("gp.3", 10, 10, mode=TELEPHONE))
    assert slot is not None
    assert slot.clinician == "gp.2"


# Needs flagged as urgent, on top of today's sessions.


def flagged_slot(*clinics: Clinic, now: float = NINE, **sent_on: object) -> tuple[str, float] | None:
    """Whose session takes a flagged need, and when."""
    settings = small_practice({f"triage.sent_on.{name}": value for name, value in sent_on.items()})
    slot = extra_slot(settings, clinics, SlotRequest("gp", 0, 0, SEEN_ONLY, urgent=True, flagged=True), now)
    return None if slot is None else (slot.clinician, slot.start)


def test_the_duty_clinician_takes_a_flagged_need_then_whoever_has_fewest_on_top() -> None:
    assert flagged_slot(session("gp.1", overbooked=2), session("gp.2")) == ("gp.1", 630)  # on duty on day 0
    full = session("gp.1", overbooked=4)
    assert flagged_slot(full, session("gp.2", overbooked=1), session("gp.3")) == ("gp.3", 610)
    assert flagged_slot(full, session("gp.2", overbooked=4)) is None
    assert flagged_slot(full, extras_per_session=5) == ("gp.1", 650)


def test_a_flagged_need_follows_the_last_slot_or_now_until_the_list_stops() -> None:
    assert flagged_slot(session("gp.1"), now=700) == ("gp.1", 705)  # nobody is called in the minute they are put on
    assert flagged_slot(session("gp.1"), now=745, extras_until_min=30) == ("gp.1", 750)  # half an hour after 12:00
    assert flagged_slot(session("gp.1"), now=746, extras_until_min=30) is None
    assert flagged_slot(session("gp.1", over=True)) is None
    assert flagged_slot(session("practice_nurse.1")) is None
