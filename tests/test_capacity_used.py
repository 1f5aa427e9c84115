"""What more people who do not come, fewer GPs and a pharmacist seldom there do to a practice that uses its capacity."""

from __future__ import annotations

import pytest
from shortruns import composed, paired, run_of

from pcqa_sim.results.metrics import value
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log

WEEKS = ("practice.list_size=3000", "run.warm_up_weeks=1", "run.measured_weeks=4")
LEADS = {
    "same_day": 0.01826, "days_1": 0.04315, "days_2_7": 0.07624, "days_8_14": 0.09192, "days_15_21": 0.0813,
    "days_22_28": 0.08946, "days_over_28": 0.1036,
}  # fmt: skip


def of(run: Run, metric: str, group: str = "") -> float:
    return value(run.counted["practice"], metric, group)


def _waiting(run: Run) -> list[float]:
    """The minutes of a pharmacist's paperwork that wait at the end of each working day."""
    rows = run.counted["practice"].tables.rows(log.PAPERWORK)
    return [float(minutes) for minutes in rows.amount[rows.who == "pharmacist"]]


@pytest.mark.slow
def test_twice_as_many_who_do_not_come_hurt_somebody() -> None:
    """The same people with the same luck: fewer needs are met, more are given up."""
    double = [f"appointments.not_attending.lead.{lead}={2 * share}" for lead, share in LEADS.items()]
    plain, doubled = run_of(*WEEKS), run_of(*WEEKS, *double)
    assert of(doubled, "dna_share") > 1.5 * of(plain, "dna_share")
    assert of(doubled, "needs_met_share") < of(plain, "needs_met_share")
    assert of(doubled, "gave_up_share") > of(plain, "gave_up_share")
    assert of(doubled, "missed_gbp_per_working_day") > 1.5 * of(plain, "missed_gbp_per_working_day")


@pytest.mark.slow
def test_fewer_gps_turn_more_people_away_and_stay_on_longer() -> None:
    """On the mean of four replications with the same luck: overtime of one is mostly how papers happened to come."""
    plain, fewer = composed(*WEEKS), composed(*WEEKS, "practice.fte_level={gp: 0.7}")
    for metric, group in (
        ("told_another_day_per_working_day", ""),
        ("overtime_min_per_session", "role=gp"),
        ("elsewhere_gbp_per_working_day", ""),
    ):
        assert paired(plain, fewer, metric, group, replications=4).mean > 0, metric


@pytest.mark.slow
def test_paperwork_of_a_pharmacist_who_is_seldom_there_goes_to_others_and_does_not_grow() -> None:
    """Handed to nobody, hours of it wait at every day's end; shared, all is done whenever they are there."""
    seldom = (*WEEKS, "practice.fte_level={pharmacist: 0.25}")
    kept, shared = run_of(*seldom, "backoffice.hand_over_after_days=null"), run_of(*seldom)
    for_nobody, shared_out = (_waiting(run)[17:] for run in (kept, shared))
    assert min(for_nobody) > max(shared_out)
    assert sum(for_nobody) > 4 * sum(shared_out)
    assert min(shared_out) < 5
    assert of(shared, "paperwork_passed_on_min_per_working_day", "role=pharmacist") > 5
    assert of(shared, "paper_wait_days") < of(kept, "paper_wait_days")


@pytest.mark.slow
def test_few_slots_stay_empty_beside_refusals_that_they_could_have_met() -> None:
    run = run_of(*WEEKS)
    assert of(run, "told_another_day_per_working_day") > 1
    assert of(run, "empty_after_refusal_share") <= 0.02
