"""Paperwork by item: written by somebody, chased when late, moved to others, and never lost."""

from __future__ import annotations

import pytest
from shortruns import composed, paired, run_of

from pcqa_sim.report.story import story
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import LOST_HAND_OFF

SHORT = ("practice=average", "practice.list_size=4000", "run.warm_up_weeks=2", "run.measured_weeks=6")
CHASED = "failure_contacts_per_working_day", "cause=chase"


@pytest.mark.slow
def test_what_reception_settles_is_written_and_heard_of() -> None:
    run = run_of(*SHORT)
    passed_on = run.contacts[run.contacts["disposition"] == "paperwork_to_do"]
    lost = set(run.contacts["need"][run.contacts["cause"] == LOST_HAND_OFF])  # is written again, for any kind of need
    asked = passed_on[~passed_on["need"].isin(lost)]
    kinds = set(run.needs["kind"].reindex(asked["need"]))
    assert {"medication", "administrative"} <= kinds <= set(run.scenario.practices["practice"].backoffice.requests)
    done = run.events[(run.events["event"] == "result_back") & (run.events["code"] == "prescription")]
    assert len(done) > 100
    assert done["amount"].median() < DAY
    assert (done["amount"] < 5 * DAY).mean() > 0.9  # a week of leave makes the others late
    told = "\n".join(story(run, int(done["need"].iloc[0]), "practice"))
    assert "passes it on, to be written" in told
    assert "The prescription is done" in told


def test_what_comes_in_is_the_settings_and_the_consultations() -> None:
    run = run_of(*SHORT, "outcome.hand_offs.lost_share=0")  # what is lost is written again
    practice = run.scenario.practices["practice"]
    events = run.events
    made = events[events["event"] == "paperwork_made"].groupby("code")["amount"].sum()
    days = events[events["event"] == "belief"]["time_min"].nunique()
    records = practice.backoffice.items["record"]
    assert made["record"] == pytest.approx(days * records.per_1000_day * 4 * records.minutes, rel=0.01)
    ended = events[events["event"] == "consult_ended"]["who"].str.rsplit(".", n=1).str[0].value_counts()
    referrals = sum(ended.get(name, 0) * role.makes.get("referral", 0.0) for name, role in practice.role.items())
    assert made["referral"] == pytest.approx(referrals * practice.backoffice.items["referral"].minutes, rel=0.01)


@pytest.mark.slow
def test_fewer_pharmacist_minutes_raise_chasing() -> None:
    """The 95 % confidence interval of the paired difference is above 0."""
    before, after = composed(*SHORT), composed(*SHORT, "practice.fte_level={pharmacist: 0.25}")
    assert paired(before, after, *CHASED).low > 0


@pytest.mark.slow
def test_letters_move_from_gps_to_administrators() -> None:
    before, after = composed(*SHORT), composed(*SHORT, "intervention=[administrator_letters]")
    made = "paperwork_made_min_per_working_day"
    assert paired(before, after, made, "role=gp").high < 0
    assert paired(before, after, made, "role=administrator").low > 0
    moved = after.practices["practice"].backoffice.items["letter"]
    assert moved.by == pytest.approx({"gp": 0.24 * 0.4, "pharmacist": 0.2, "administrator": 0.56 + 0.24 * 0.6})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("backoffice.items.letter.by.pharmacst=0.0005", r"letter\.by: pharmacst is no role; did you mean pharmacist"),
        ("backoffice.items.letter.by={gp: 0.5, pharmacist: 0, administrator: 0}", r"letter\.by.*sum to 0\.5"),
        ("backoffice.items.letter.taken_over={administrator: 0.7, pharmacist: 0.6}", r"letter\.taken_over.*sum to 1"),
        (
            "backoffice.requests.medication=perscription",
            "perscription is no item of backoffice.items; did you mean pre",
        ),
        ("role.gp.makes.refferal=0.1", "refferal is no item of backoffice.items; did you mean referral"),
        ("role.administrator.scope={medication: 0.5}", "a role without appointments"),
    ],
)
def test_the_back_office_refuses_what_cannot_be(override: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        composed(*SHORT, override)


def test_paperwork_that_nobody_is_there_to_do_is_refused() -> None:
    nobody = "role.hca.fte_per_10000=0", "backoffice.items.record.by={gp: 0, administrator: 0, hca: 1}"
    with pytest.raises(BadInput, match=r"items\.record\.by: none of hca has a rota"):
        composed(*SHORT, *nobody)
