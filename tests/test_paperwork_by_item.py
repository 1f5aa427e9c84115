"""Paperwork that people wait for: written by somebody, chased when late, and never lost."""

from __future__ import annotations

import pytest
from shortruns import composed, paired, run_of

from pcqa_sim.clock import DAY
from pcqa_sim.faults import BadInput
from pcqa_sim.interventions.pharmacist_prescriptions import PharmacistPrescriptions
from pcqa_sim.report.story import story

BY_ITEM = ("practice=average", "practice.list_size=4000", "experiment=back_office_by_item", "run.warm_up_weeks=2")
SHORT = (*BY_ITEM, "run.measured_weeks=6")
CHASED = "failure_contacts_per_working_day", "cause=chase"


def test_what_reception_settles_is_written_and_heard_of() -> None:
    run = run_of(*SHORT)
    passed_on = run.contacts[run.contacts["disposition"] == "paperwork_to_do"]
    kinds = set(run.needs["kind"].reindex(passed_on["need"]))
    assert {"medication", "administrative"} <= kinds <= set(run.scenario.practices["practice"].backoffice.requests)
    done = run.events[(run.events["event"] == "result_back") & (run.events["code"] == "prescription")]
    assert len(done) > 100
    assert done["amount"].median() < DAY
    assert (done["amount"] < 5 * DAY).mean() > 0.9  # a week of leave makes the others late
    told = "\n".join(story(run, int(done["need"].iloc[0]), "practice"))
    assert "passes it on, to be written" in told
    assert "The prescription is done" in told


def test_the_practice_is_otherwise_as_it_was() -> None:
    plain = composed(*(one for one in SHORT if not one.startswith("experiment")))
    difference = paired(plain, composed(*SHORT), "calls_per_working_day")
    assert abs(difference.mean) < 3  # of about 110 calls a day


def test_fewer_pharmacist_minutes_raise_chasing() -> None:
    """The 95 % interval of the paired difference is above 0."""
    before, after = composed(*SHORT), composed(*SHORT, "practice.fte_level={pharmacist: 0.25}")
    assert paired(before, after, *CHASED).low > 0


def test_prescriptions_move_to_the_pharmacist_and_names_are_checked() -> None:
    practice = composed(*SHORT).practices["practice"]
    moved = PharmacistPrescriptions(moved_share=0.4, paperwork_share=0).change(practice)
    assert moved.backoffice.requests["medication"].by == pytest.approx({"gp": 0.3, "pharmacist": 0.7})
    with pytest.raises(BadInput, match=r"medication\.by: pharmacst is no role; did you mean pharmacist"):
        composed(*SHORT, "backoffice.requests.medication.by={gp: 0.5, pharmacist: 0, pharmacst: 0.5}")
