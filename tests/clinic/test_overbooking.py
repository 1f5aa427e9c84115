"""Patients on top: on the first day with room, with whoever has fewest, in a mode that will do."""

from __future__ import annotations

import pytest
from onepart import NINE, slot_at, small_practice

from pcqa_sim.clinic.overbooking import overbooked_slot, put_on
from pcqa_sim.clinic.rota import Clinic
from pcqa_sim.scenario import Practice
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    AT_HOME_ONLY,
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
