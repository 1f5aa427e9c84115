"""The appointment mix: longer appointments for complex needs, and lists that stop."""

from __future__ import annotations

import pytest
from shortruns import composed, paired, run_of

from pcqa_sim.interventions.longer_appointments_for_complex import LongerAppointmentsForComplex
from pcqa_sim.results.run import Run
from pcqa_sim.values.faults import BadInput

WEEKS = ("run.warm_up_weeks=1", "run.measured_weeks=6")
LONGER = "intervention=[longer_appointments_for_complex]"
SHORT = ("practice=average", "practice.list_size=5000", *WEEKS)


@pytest.fixture(scope="module")
def longer() -> Run:
    return run_of(*SHORT, LONGER)


def test_slots_are_joined_and_the_session_stays_as_long() -> None:
    before, after = (composed(*more).practices["practice"].role["gp"] for more in ((), (LONGER,)))
    long = [block for block in after.template if block.complex]
    assert len(long) == 1
    assert long[0].minutes >= 30
    assert sum(b.slots * b.minutes for b in after.template) == pytest.approx(
        sum(b.slots * b.minutes for b in before.template)
    )


def test_only_consultations_of_complex_needs_are_longer(longer: Run) -> None:
    people, practice = longer.counted["practice"].people, longer.scenario.practices["practice"]
    complex_needs = practice.appointments.complex_needs
    assert complex_needs is not None
    gp = longer.appointments.query("role == 'gp' and status == 'attended' and mode == 'face_to_face'")
    kind = longer.needs["kind"].reindex(gp["need"]).to_numpy()
    relational = {name for name, rules in practice.demand.kinds.items() if rules.relational}
    whose = [people.segments[people.segment[person]] in complex_needs.segments for person in gp["person"]]
    mine = gp[[one and name in relational for one, name in zip(whose, kind, strict=True)]]
    others = gp.drop(mine.index)
    assert len(mine) > 100
    assert mine["minutes"].mean() > 1.15 * others["minutes"].mean()
    assert mine["minutes"].quantile(0.9) > 1.3 * others["minutes"].quantile(0.9)


@pytest.mark.slow
def test_longer_appointments_leave_less_unresolved_and_give_fewer() -> None:
    """Where GPs leave much unresolved, for otherwise one long appointment a session changes less than luck does."""
    kinds = composed(*SHORT).practices["practice"].demand.kinds
    low = [f"role.gp.scope.{name}=0.4" for name, rules in kinds.items() if rules.relational]
    much = (*SHORT, "run.measured_weeks=4", *low)
    before, after = composed(*much), composed(*much, LONGER)
    assert paired(before, after, "appointments_per_1000_working_day", "role=gp").high < 0
    assert paired(before, after, "failure_contacts_per_working_day", "cause=unresolved").high < 0


def test_a_session_too_short_for_it_is_refused() -> None:
    change = LongerAppointmentsForComplex(
        role="gp", per_session=9, minutes=60, segments=("care_home",), minutes_factor=2, resolves_more_share=0.1
    )
    with pytest.raises(ValueError, match="a session of gp has no 60 minutes face to face left to join"):
        change.change(composed().practices["practice"])
    with pytest.raises(BadInput, match="carehome is no segment; did you mean care_home"):
        composed("practice=small", LONGER, "intervention.longer_appointments_for_complex.segments=[carehome]")


def test_a_list_that_stops_ends_overtime_and_sends_people_away() -> None:
    slow = (
        "practice=small",
        *WEEKS,
        "role.gp.consultation_min={face_to_face: 35, telephone: 20}",
        "role.gp.overtime.most_min=0",
    )
    before, after = run_of(*slow), run_of(*slow, "role.gp.overtime.list_stops_after_min=0")
    sent = [(run.contacts["cause"] == "cancelled_by_practice").sum() for run in (before, after)]
    assert sent[1] > sent[0] + 20
    late = "role == 'gp' and activity == 'overtime'"
    over = [run.staff_minutes.query(late)["minutes"].sum() for run in (before, after)]
    assert over[1] < 0.5 * over[0]
    assert after.contacts.loc[after.contacts["cause"] == "cancelled_by_practice", "failure"].all()
