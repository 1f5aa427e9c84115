"""NHS 111 books people into slots kept for it, each seen like anybody else; what it leaves opens to all."""

from __future__ import annotations

from collections import Counter

import pytest
from shortruns import composed, run_of

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import NHS_111_RULE

RULES = "{role: gp, slots_per_10000_day: 10, bookings_per_10000_day: %s, released_before_min: 90}"
SHORT = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2")


def kept(bookings: float) -> tuple[str, ...]:
    return (*SHORT, f"appointments.nhs_111={RULES % bookings}")


def test_people_are_booked_into_the_slots_kept_for_them_the_same_day() -> None:
    run = run_of(*kept(5))
    booked = run.appointments[run.appointments["release"] == NHS_111_RULE]
    by_111 = run.needs[run.needs["origin"] == "nhs_111"]
    assert 4 <= len(by_111) <= 10  # one a working day of a list of 2,000, where a GP is there and has a slot
    mine = booked[booked["need"].isin(by_111.index)]
    assert len(mine) == len(by_111)
    assert (mine["lead_days"] == 0).all()
    assert set(mine["role"]) == {"gp"}
    assert not run.needs["kind"].loc[by_111.index].eq("administrative").any()


def test_what_is_left_opens_to_all_before_its_time() -> None:
    run = run_of(*kept(0))
    assert not (run.needs["origin"] == "nhs_111").any()
    others = run.appointments[run.appointments["release"] == NHS_111_RULE]
    assert len(others) > 3
    assert (others["start"] - others["booked"] <= 90.01).all()


def test_so_many_slots_of_the_day_are_kept_spread_over_the_day() -> None:
    practice = composed(*kept(5), "practice.list_size=10000").practices["practice"]
    today = clinics(practice, 8, Absences(1, 30))
    of_111 = [slot for clinic in today for slot in clinic.slots if slot.rule == NHS_111_RULE]
    assert len(of_111) == 10
    of_each = Counter(slot.clinician for slot in of_111)
    there = {clinic.clinician for clinic in today if clinic.role == "gp"}
    assert set(of_each) == there
    assert max(of_each.values()) <= 2 * 10 / len(there)
    halves = Counter(slot.start % DAY < 13 * 60 for slot in of_111)
    assert halves[True] == halves[False] == 5
    assert all(slot.opens == slot.start - 90 >= 8 * DAY for slot in of_111)


def test_a_role_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match=r"appointments.nhs_111.role: gpp is no role; did you mean gp"):
        composed(f"appointments.nhs_111={RULES % 5}", "appointments.nhs_111.role=gpp")
