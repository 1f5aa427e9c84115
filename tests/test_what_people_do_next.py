"""What people do who get nowhere, who never ask, who are lost in hand-offs, and who see their own doctor."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.clinic.clinicians import draw_clinician
from pcqa_sim.report.story import story
from pcqa_sim.results.run import Run
from pcqa_sim.results.tables import Tables
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import world_key
from pcqa_sim.values.needs import AN_EMERGENCY, CHASE, KEEPS_WAITING, LOST_HAND_OFF, REFERRED, RESULT_TOLD, SIGNPOSTED
from pcqa_sim.values.words import GP

SHORT = ("practice=average", "practice.list_size=3000", "run.warm_up_weeks=1", "run.measured_weeks=4")
PUBLISHED = {  # share of those who got nowhere; after_failed_contact_*
    "tried_again": 0.50,
    "pharmacy": 0.11,
    "nhs_111": 0.12,
    "urgent_treatment_centre": 0.04,
    "emergency_department": 0.07,
    "self_treated": 0.12,
    "nothing": 0.19,
}
CONTINUITY = "appointments.continuity."
ALL_PREFER = f"{CONTINUITY}prefers_usual_share=1"


@pytest.fixture(scope="module")
def usual() -> Run:
    return run_of(*SHORT)


@pytest.fixture(scope="module")
def tables(usual: Run) -> Tables:
    return usual.counted["practice"].tables


@pytest.mark.parametrize("answer", PUBLISHED)
def test_a_surveys_answers_are_near_the_published(usual: Run, answer: str) -> None:
    assert usual.value("after_failure_share", f"answer={answer}") == pytest.approx(PUBLISHED[answer], abs=0.05)


def test_people_give_several_answers_but_nothing_stands_alone(usual: Run) -> None:
    found = {answer: usual.value("after_failure_share", f"answer={answer}") for answer in PUBLISHED}
    nothing = found.pop("nothing")
    assert sum(found.values()) > 1.03 * (1 - nothing)
    assert max(found.values()) <= 1 - nothing


def test_decided_once_trying_again_is_not_counted_twice(usual: Run) -> None:
    """At each failure anew, a redial and another day are two chances to try again."""
    anew = run_of(*SHORT, "channels.after_failure=null")
    assert anew.value("after_failure_share", "answer=tried_again") > 0.55
    assert usual.value("after_failure_share", "answer=tried_again") < 0.55


def _tries(share: float) -> list[str]:
    return [f"channels.after_failure.{name}tries_again_share={share}" for name in ("", "only_here_")]


def test_who_never_tries_again_makes_no_other_contact() -> None:
    one = run_of(*SHORT, *_tries(0))
    assert one.value("after_failure_share", "answer=tried_again") < 0.02  # those who rang while closed, and again
    everybody = run_of(*SHORT, *_tries(1))
    assert everybody.value("after_failure_share", "answer=tried_again") > 0.8  # the others were well again, or offered
    assert everybody.value("after_failure_share", "answer=nothing") < 0.2


def test_meanwhile_somebody_turns_elsewhere_and_the_story_says_it(usual: Run, tables: Tables) -> None:
    rows = tables.rows(log.ALSO_WENT)
    assert len(rows) > 5
    told = story(usual, int(rows.need[0]), "practice")
    assert any("The person also t" in line for line in told)


def test_shares_that_leave_a_place_out_are_refused() -> None:
    with pytest.raises(BadInput, match="elsewhere: must name each of"):
        with_settings(composed().practices["practice"], {"channels.after_failure.elsewhere": {"pharmacy": 1.0}})


def test_expecting_nothing_keeps_people_from_asking() -> None:
    never = [
        run_of(*SHORT, f"practice.start_belief={belief}", "demand.rush.half_life_days=1000") for belief in (0.0, 0.4)
    ]
    low, high = (run.value("never_asked_share") for run in never)
    assert low < 0.6 * high


def test_who_was_let_down_is_likelier_never_to_ask() -> None:
    less, more = (run_of(*SHORT, f"demand.seeking.never_factor_let_down={factor}") for factor in (1, 4))
    assert less.value("never_asked_share") < more.value("never_asked_share")


def test_nobody_is_referred_on_from_an_injection_or_a_smear() -> None:
    run = run_of(*SHORT, "role.practice_nurse.makes.referral=0.9", "planned.level=2")
    nurse = run.contacts[run.contacts["clinician"].str.startswith("practice_nurse") & (run.contacts["outcome"] != "")]
    kind = nurse["need"].map(run.needs["kind"].to_dict())
    jabs = kind.isin(("childhood_immunisation", "cervical_screening", "dressing_or_injection"))
    assert jabs.sum() > 20
    assert not (nurse[jabs]["outcome"] == REFERRED).any()
    assert (nurse[kind == "long_term_review"]["outcome"] == REFERRED).mean() > 0.5


def test_lost_referrals_come_back_as_failure_demand_and_are_written_again() -> None:
    contacts = run_of(*SHORT, "outcome.hand_offs.lost_share=0.7").contacts
    referred = contacts[contacts["outcome"] == REFERRED]
    assert len(referred) > 30
    lost = contacts[contacts["cause"] == LOST_HAND_OFF]
    assert len(lost) > 5
    assert set(lost["disposition"]) <= {"paperwork_to_do", ""}
    every_one = run_of(*SHORT, "outcome.hand_offs.lost_share=0")
    assert not every_one.value("failure_contacts_per_working_day", f"cause={LOST_HAND_OFF}")


def test_some_results_are_told_only_to_who_calls(tables: Tables) -> None:
    told = tables.contacts[tables.contacts["disposition"] == RESULT_TOLD]
    assert len(told) > 3
    assert set(told["cause"]) == {CHASE}
    back = tables.rows(log.RESULT_BACK)
    parents = told["need"].to_numpy() * 1000 + told["parent"].to_numpy()
    waited = back.amount[np.isin(back.key, parents)]
    assert len(waited) == len(told)
    assert waited.min() > DAY


def test_clinicians_differ_in_what_they_refer() -> None:
    role = composed().practices["practice"].role["gp"]
    world = world_key(1, 0, "practice")
    refers = np.array([draw_clinician(world, f"gp.{number}", role).refers for number in range(400)])
    assert refers.mean() == pytest.approx(1.0, abs=0.06)
    assert refers.std() == pytest.approx(0.38, abs=0.06)
    alike = with_settings(role, {"differences.referral_cv": 0.0})
    assert draw_clinician(world, "gp.1", alike).refers == 1.0


@pytest.mark.slow
def test_ones_own_gp_can_be_had_by_who_waits() -> None:
    """Of what is booked for another day; who must be seen today sees whoever is on duty."""
    base = ("practice=average", "run.warm_up_weeks=4", "run.measured_weeks=2", ALL_PREFER)
    hurried = ("all_kinds=false", "tolerance_days=5", "beyond_latest=false", "today_waits_share=0")
    waiting = ("all_kinds=true", "tolerance_days=14", "beyond_latest=true", "today_waits_share=0.25")
    before, after = (run_of(*base, *(CONTINUITY + word for word in words)) for words in (hurried, waiting))
    assert _with_their_own(before) < 0.45
    assert _with_their_own(after) > 0.6
    assert after.value("usual_gp_share") > before.value("usual_gp_share") + 0.2


def _with_their_own(run: Run) -> float:
    """Return the share of GPs' appointments on a later day that are with the person's own GP."""
    practice = run.counted["practice"]
    booked = practice.tables.appointments
    booked = booked[(booked["status"] == "attended") & (booked["role"] == GP) & (booked["lead_days"] > 0)]
    measured = booked[booked["start"] > 4 * WEEK]
    return float((measured["clinician"].to_numpy() == np.array(practice.usual)[measured["person"].to_numpy()]).mean())


@pytest.fixture(scope="module")
def returning() -> dict[float, list[Run]]:
    """Four runs without and with an interval twice as long after one's own clinician, much continuity in all."""
    base = (
        "practice=average",
        "practice.list_size=3000",
        "run.warm_up_weeks=4",
        "run.measured_weeks=30",
        f"{CONTINUITY}prefers_usual_share=0.5",
        f"{CONTINUITY}all_kinds=true",
        "outcome.continuity.whole_interval=true",
    )
    return {
        rise: [run_of(*base, f"outcome.continuity.interval_rise={rise}", f"run.seed={seed}") for seed in range(1, 5)]
        for rise in (0.0, 1.0)
    }


@pytest.mark.slow
def test_needs_arise_as_much_later_after_ones_own_clinician_as_was_put_in(returning: dict[float, list[Run]]) -> None:
    """Within persons, from the day after a relational consultation to the next: new needs a day."""
    for rise, runs in returning.items():
        found = np.array([_arising_ratio(run) for run in runs])
        error = max(float(found.std(ddof=1)) / 2, 0.02)
        assert found.mean() == pytest.approx(1 + rise, abs=4 * error)
        assert error < 0.08  # so that twice could not be taken for once


@pytest.mark.slow
def test_the_next_consultation_comes_later_by_less_than_what_was_put_in(returning: dict[float, list[Run]]) -> None:
    """What has arisen before or is booked stays: of twice, about a third is seen of the next consultation."""
    without, with_it = (np.mean([run.value("usual_gp_interval_ratio") for run in runs]) for runs in returning.values())
    assert 1.15 < with_it / without < 1.7


def _arising_ratio(run: Run) -> float:
    """New needs a day after a relational consultation with another clinician, to those after one's own (by person)."""
    counted = run.counted["practice"]
    tables, usual = counted.tables, np.array(counted.usual)
    needs = tables.needs
    new = needs[~needs["kind"].isin(list(counted.practice.planned.programmes))]
    relational = {name for name, kind in counted.practice.demand.kinds.items() if kind.relational}
    kinds = needs["kind"].to_dict()
    arose: dict[int, list[float]] = {}
    for person, at in zip(new["person"], new["arose"], strict=True):
        arose.setdefault(person, []).append(at)
    seen: dict[int, list[tuple[float, bool]]] = {}
    ended = run.events[run.events["event"] == log.CONSULT_ENDED]
    for person, need, at, clinician in zip(
        ended["person"], ended["need"], ended["time_min"], ended["who"], strict=True
    ):
        if kinds[need] in relational:
            seen.setdefault(person, []).append((at, clinician == usual[person]))
    above = below = 0.0
    for person, visits in seen.items():
        many, days = {True: 0, False: 0}, {True: 0.0, False: 0.0}
        ends = [at for at, _ in sorted(visits)[1:]] + [counted.scenario.end]
        for (at, own), until in zip(sorted(visits), ends, strict=True):
            since = (at // DAY + 1) * DAY
            if until > since:
                days[own] += until - since
                many[own] += sum(since <= one < until for one in arose.get(person, ()))
        if both := days[True] + days[False]:
            above += many[False] * days[True] / both
            below += many[True] * days[False] / both
    return above / below


def test_nobody_with_an_emergency_or_a_crisis_tries_again_on_another_day() -> None:
    """Of needs that no clinician has looked at: there are more of each than by default, so that some get nowhere."""
    busy = ("demand.kinds.frailty_crisis.level=3", "demand.kinds.acute_urgent.level=2")
    rows = run_of(*SHORT, *busy).events
    arose = rows[rows["event"] == log.NEED_AROSE].set_index("need")
    emergency = arose["amount"] == AN_EMERGENCY
    crisis = arose["code"] == "frailty_crisis"
    seen = rows[rows["event"] == log.CONSULT_ENDED].groupby("need")["time_min"].min()
    did = rows[rows["event"] == log.NEXT_ACTION]
    did = did[~(did["time_min"] > did["need"].map(seen).fillna(np.inf))]
    did = did[did["code"] != KEEPS_WAITING]
    another_day = (did["time_min"] + did["amount"]) // DAY > did["time_min"] // DAY
    cannot_wait = did["need"].map(emergency | crisis).fillna(value=False).astype(bool)
    assert cannot_wait.sum() > 20
    assert another_day[~cannot_wait].sum() > 50
    assert not another_day[cannot_wait].any()
    assert set(did[cannot_wait]["code"]) <= {"redial", "phone", "online", "desk", "nhs_111", "emergency_department"}


def test_reception_sends_no_joint_back_or_muscle_to_nhs_111(usual: Run, tables: Tables) -> None:
    """Reception has pharmacies, advice and a physiotherapist for them; with minor illness some are still sent there."""
    for settings in ((), ("experiment=named_roles",)):
        row = composed(*settings).practices["practice"].triage.places["musculoskeletal"]
        assert not row.get("nhs_111")
        assert row["pharmacy"] > 0
        assert row["self_care"] > 0
    contacts = tables.contacts
    sent = contacts[contacts["disposition"] == SIGNPOSTED + "nhs_111"]
    kinds = usual.needs["kind"].reindex(sent["need"])
    assert (kinds == "acute_minor").any()
    assert not (kinds == "musculoskeletal").any()
