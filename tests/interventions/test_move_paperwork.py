"""Paperwork in other hands: the minutes are the same, and nobody stays on sooner because some of the pile is gone."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.interventions.move_paperwork import MovePaperwork, list_minutes
from pcqa_sim.interventions.pharmacist_prescriptions import PharmacistPrescriptions
from pcqa_sim.scenario import Practice

LETTERS = MovePaperwork(item="letter", giver="gp", taker="administrator", share=1.0)
PRESCRIPTIONS = PharmacistPrescriptions(moved_share=0.0, paperwork_share=1.0)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed("practice=small").practices["practice"]


def may_wait(practice: Practice, role: str) -> float:
    """Minutes of paperwork per 1,000 people that may wait until somebody of a role stays on."""
    return list_minutes(practice, role) * practice.role[role].overtime.may_wait_days


@pytest.mark.parametrize("moving", [LETTERS, PRESCRIPTIONS], ids=["letters", "prescriptions"])
def test_who_gives_work_away_may_leave_as_many_minutes_as_before(practice: Practice, moving: Intervention) -> None:
    after = moving.change(practice)
    assert list_minutes(after, "gp") < list_minutes(practice, "gp") - 1
    assert may_wait(after, "gp") == pytest.approx(may_wait(practice, "gp"))
    both = "administrator" if moving is LETTERS else "pharmacist"
    assert sum(list_minutes(after, role) for role in ("gp", both)) == pytest.approx(
        sum(list_minutes(practice, role) for role in ("gp", both))
    )
    assert after.role[both].overtime == practice.role[both].overtime


def test_who_has_no_list_paperwork_left_keeps_the_days(practice: Practice) -> None:
    """None is left to count days by: the setting stays."""
    for item in ("result", "letter", "prescription", "record"):
        practice = MovePaperwork(item=item, giver="gp", taker="pharmacist", share=1.0).change(practice)
        days = practice.role["gp"].overtime.may_wait_days
        assert days <= 60
    assert list_minutes(practice, "gp") == 0


def test_what_moves_nothing_changes_nothing(practice: Practice) -> None:
    assert MovePaperwork.zero().change(practice) == practice
    assert PharmacistPrescriptions.zero().change(practice) == practice
