"""Every access model through the registry, and what is particular to each."""

from __future__ import annotations

from pathlib import Path

import pytest
from shortruns import composed, run_of

from pcqa_sim import load_scenario, simulate
from pcqa_sim.configuration import options
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.results.run import Run
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import (
    BOUNCED,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    OVERBOOKING_RULE,
    TRIAGE_RULES,
    TRIAGE_TODAY_RULE,
)

WEEKS = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=4")
SCARCE = ("run.warm_up_weeks=0", "run.measured_weeks=2", "practice.fte_level={gp: 0.8}")
# Who is flagged as urgent may be put on top of anybody's session; the lists of a model are for the others.
NOBODY_FLAGGED = tuple(
    f"triage.recognition.{name}={{sensitivity: 0, specificity: 1, red_flags_share: 0}}"
    for name in ("reception", "navigator", "form", "practice_nurse", "gp")
)
CLINICIAN_FIRST = ("gp_phone_first", "nurse_triage", "total_digital")


def value(run: Run, name: str, group: str = "") -> float:
    frame = run.metrics()
    return float(frame[(frame["metric"] == name) & (frame["group"] == group)]["value"].iloc[0])


def refused(run: Run) -> int:
    """How many requests (invitations of the practice left out) ended in "call another day"."""
    asked = run.contacts[run.contacts["channel"] != "practice"]
    return int((asked["disposition"] == CALL_ANOTHER_DAY).sum())


def test_every_model_has_its_file() -> None:
    assert sorted(options()["triage"]) == sorted(TRIAGE)
    for model in TRIAGE:
        assert composed(f"triage={model}").practices["practice"].triage.kind == model


@pytest.mark.slow
@pytest.mark.parametrize("model", sorted(TRIAGE))
def test_a_model_gives_the_same_log_again(model: str) -> None:
    scenario = composed("practice=small", "run=quick", f"triage={model}")
    assert simulate(scenario).log.equals(simulate(scenario).log)


@pytest.mark.slow
@pytest.mark.parametrize("model", sorted(TRIAGE))
def test_perfect_service_has_no_failure_demand_whatever_the_model(model: str) -> None:
    settled = {
        f"triage.clinician_triage.settled_share.{kind}=1" for kind in composed().practices["practice"].demand.kinds
    }
    more = sorted(settled) if model in CLINICIAN_FIRST else []
    if model == "care_navigation":
        kinds = composed(f"triage={model}").practices["practice"].triage.signposts
        more = [f"triage.signposts.{kind}.resolved_share=1" for kind in kinds]
    if model == "total_digital":
        more.append("triage.form_first.message_moves_share=0")  # nobody has to begin again with a form
    run = simulate(composed("practice=small", "experiment=perfect_service", f"triage={model}", *more))
    assert len(run.contacts) > 100
    assert not run.contacts["failure"].any()


@pytest.mark.parametrize("model", sorted(TRIAGE))
def test_the_same_people_have_the_same_needs_whatever_the_model(model: str) -> None:
    """What people need in a first week is the same; that some call later than others is what the models change."""
    mine, base = (run_of("practice=small", "run=quick", f"triage={one}").needs for one in (model, "reception_led"))
    first = [
        frame[(frame["arose"] > 0) & (frame["arose"] < 5 * 1440) & (frame["origin"] == "patient")]
        for frame in (mine, base)
    ]
    columns = ["person", "kind"]
    together = first[0][columns].merge(first[1][columns], left_index=True, right_index=True, suffixes=("", "_base"))
    assert len(together) > 0.97 * max(len(frame) for frame in first)
    assert (together["person"] == together["person_base"]).all()
    assert (together["kind"] == together["kind_base"]).all()


def test_navigated_people_go_elsewhere_or_come_back() -> None:
    run = run_of(*WEEKS, "triage=care_navigation", "triage.signposts.acute_minor.offered_share=1")
    sent = run.contacts[run.contacts["disposition"].str.startswith("signposted_to_")]
    assert len(sent) > 20
    ended = run.needs.loc[sent.loc[sent["disposition"] == "signposted_to_pharmacy", "need"], "ending"]
    assert (ended[ended != "open"] == "pharmacy").mean() > 0.6
    back = run.contacts[run.contacts["cause"] == BOUNCED]
    assert 0 < len(back) < 0.4 * len(sent)
    assert back["failure"].all()
    assert not sent["need"].duplicated().any()


def test_care_navigation_lowers_gp_appointments() -> None:
    booked = [
        (run_of(*WEEKS, f"triage={model}", *more).appointments["role"] == "gp").sum()
        for model, more in (
            ("reception_led", ()),
            ("care_navigation", ("triage.signposts.acute_minor.offered_share=1",)),
        )
    ]
    assert booked[1] < booked[0]


@pytest.mark.slow
def test_a_duty_list_takes_urgent_people_today_until_it_is_full() -> None:
    run, base = run_of(*SCARCE, *NOBODY_FLAGGED, "triage=duty_team"), run_of(*SCARCE, *NOBODY_FLAGGED)
    extra = run.appointments[run.appointments["release"] == OVERBOOKING_RULE]
    assert len(extra) > 20
    assert (extra["lead_days"] == 0).all()
    on_duty = extra.groupby([extra["start"] // 1440, "role"])["clinician"].nunique()
    assert (on_duty == 1).all()
    assert 0 < refused(run) < refused(base)
    full = run_of(*SCARCE, *NOBODY_FLAGGED, "triage=duty_team", "triage.overbooking.most_per_session=1")
    assert refused(run) < refused(full)


def test_open_access_hardly_ever_tells_anybody_to_call_back_and_pays_in_overtime() -> None:
    run, base = run_of(*SCARCE, "triage=open_access"), run_of(*SCARCE)
    assert refused(run) < 0.03 * refused(base)
    overtime = [value(one, "overtime_min_per_working_day", "role=gp") for one in (run, base)]
    assert overtime[0] > overtime[1] + 10
    assert value(run, "failure_share") < value(base, "failure_share")


@pytest.mark.parametrize("model", CLINICIAN_FIRST)
def test_a_clinician_looks_first_and_brings_some_in(model: str) -> None:
    run = run_of(*WEEKS, f"triage={model}")
    look = run.scenario.practices["practice"].triage.clinician_triage
    assert look is not None
    looks = run.appointments[run.appointments["release"].isin(TRIAGE_RULES)]
    assert len(looks) > 120
    assert set(looks["role"]) == {look.role}
    assert set(looks["mode"]) == {look.mode}
    seen = looks[looks["status"] == "attended"]
    brought = run.contacts[run.contacts["cause"] == BROUGHT_IN]
    assert not brought["failure"].any()
    all_looks = run.contacts[run.contacts["outcome"] == BROUGHT_IN]
    assert len(brought) == len(all_looks)
    share = (seen["outcome"] == BROUGHT_IN).mean()
    expected = 1 - look.settled_share["acute_minor"]
    assert share == pytest.approx(expected, abs=4 * (expected * (1 - expected) / len(seen)) ** 0.5)


def test_people_who_want_help_today_are_called_before_others_and_on_the_day() -> None:
    run = run_of(*WEEKS, "triage=gp_phone_first")
    looks = run.appointments.query("status == 'attended'")
    looks = looks[looks["release"].isin(TRIAGE_RULES)]
    today = looks["release"] == TRIAGE_TODAY_RULE
    called = run.events[run.events["event"] == "consult_ended"].set_index(["need", "contact"])
    began = (called["time_min"] - called["amount"]).loc[list(zip(looks["need"], looks["contact"], strict=True))]
    waited = began.to_numpy() - looks["booked"].to_numpy()
    same_day = began.to_numpy() // 1440 == looks["booked"].to_numpy() // 1440
    assert same_day[today].mean() > 0.9 > same_day[~today].mean()
    assert waited[today].mean() < 0.5 * waited[~today].mean()
    wait = {group: value(run, "clinician_triage_wait_min", f"wanted={group}") for group in ("today", "later")}
    assert wait["today"] < 0.5 * wait["later"]


@pytest.mark.parametrize("model", CLINICIAN_FIRST)
def test_where_the_time_for_triage_is_short_people_are_booked_without_it_and_not_refused(model: str) -> None:
    """A hundredth of the time: hardly anybody is called first, and no more are refused than without the model."""
    short = ("triage.clinician_triage.sessions_share=0.01", "triage.clinician_triage.within_days=0")
    run, base = run_of(*WEEKS, f"triage={model}", *short), run_of(*WEEKS)
    assert run.appointments["release"].isin(TRIAGE_RULES).mean() < 0.1
    assert refused(run) <= 1.1 * refused(base)


def test_phone_first_has_more_phone_and_less_face_to_face() -> None:
    first, base = run_of(*WEEKS, "triage=gp_phone_first"), run_of(*WEEKS)
    count = [run.appointments.query("role == 'gp'")["mode"].value_counts() for run in (first, base)]
    assert count[0]["telephone"] > 2 * count[1]["telephone"]
    assert count[0]["face_to_face"] < count[1]["face_to_face"]


def test_minutes_of_a_clinician_triage_are_its_own() -> None:
    run = run_of(*WEEKS, "triage=gp_phone_first")
    look = run.scenario.practices["practice"].triage.clinician_triage
    assert look is not None
    minutes = run.appointments[run.appointments["release"].isin(TRIAGE_RULES)]["minutes"].dropna()
    pace_and_luck = 0.3  # clinicians differ in pace, and few work here
    assert minutes.mean() == pytest.approx(look.mean_min, rel=pace_and_luck)


def test_a_users_own_model_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "triage").mkdir()
    own = "defaults:\n  - gp_phone_first@_here_\n  - _self_\nfirst_look:\n  mean_min: 6.0\n"
    (tmp_path / "triage" / "my_own.yaml").write_text(own)
    scenario = load_scenario("triage=my_own", user_folder=tmp_path)
    mine = scenario.practices["practice"].triage
    assert (mine.kind, mine.clinician_triage.mean_min) == ("gp_phone_first", 6.0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (("triage.kind=gp_phone_first",), "clinician_triage: gp_phone_first must have it"),
        (("triage=gp_phone_first", "role.gp.fte_per_10000=0"), "triage.clinician_triage.role: gp has no rota"),
        (("triage=gp_phone_first", "triage.clinician_triage.role=nurse"), "nurse is no role"),
        (("triage=care_navigation", "triage.signposts.acute_minor.to=shop"), "must be one of pharmacy"),
        (
            (
                "triage=duty_team",
                "triage.places.medication={gp: 0.4, pharmacist: 0.16, no_next_step: 0.1, paperwork: 0.1, "
                "told_or_done: 0.1, pharmacy: 0.1}",
            ),
            "the shares sum to 0.96",
        ),
    ],
)
def test_what_does_not_fit_is_refused(overrides: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        composed(*overrides)
    assert said in str(refusal.value)


def test_another_model_from_a_week_on() -> None:
    switch = ("intervention=[switch_triage]", "intervention.switch_triage.from_week=2")
    run, base = run_of(*WEEKS, *switch), run_of(*WEEKS)
    before, after = (run.scenario.in_force("practice", week).triage.kind for week in (1, 2))
    assert (before, after) == ("reception_led", "care_navigation")
    switched = 2 * 7 * 1440
    columns = ["time_min", "need", "event", "who", "code"]
    earlier = [
        one.events.loc[one.events["time_min"] < switched, columns]
        .astype({"event": str, "who": str, "code": str})  # whatever other words the rest of a run has
        .reset_index(drop=True)
        for one in (run, base)
    ]
    assert len(earlier[0]) > 1000
    assert earlier[0].equals(earlier[1])
    later = [one.contacts[one.contacts["opened"] >= switched]["disposition"] for one in (run, base)]
    sent = [one.str.startswith("signposted_to_").sum() for one in later]
    assert sent[0] > sent[1] > 0
