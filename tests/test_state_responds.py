"""A state that responds, in whole runs: whose needs change, through what, and that nothing else does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from commandline import pcqa
from shortruns import composed, run_of
from twoyears import needs_of_years

from pcqa_sim import simulate
from pcqa_sim.clinic.need_rules import KindRules
from pcqa_sim.practice.experience import Experience
from pcqa_sim.scenario.stability import FAILING, reproduction, warning
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.needs import Need

SHORT = ("practice=small", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=5")
PERFECT = ("experiment=perfect_service", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=5")
FAILS = tuple(f"people.state.responds.{what}.unsettles=8" for what in FAILING)
WRONG = ("call_another_day", "no_next_step")


def events(*overrides: str) -> pd.DataFrame:
    frame = run_of(*overrides).events
    return frame.astype({"event": str, "who": str, "code": str})


def of_people(log: pd.DataFrame, left_out: int) -> list[tuple[object, ...]]:
    """What a log says of everybody else, in its order."""
    rows = log[(log["person"] >= 0) & (log["person"] != left_out)]
    return list(rows.itertuples(index=False, name=None))


def test_with_hazards_and_no_queues_one_persons_rate_changes_that_persons_story_alone() -> None:
    """Everybody is seen at once; being met in time settles people, so that their states do respond.

    The diary is shared even so: this person never takes a slot that somebody else would have had.
    """
    helps = ("people.state.responds.met_in_time.unsettles=0.2", "people.state.responds.met_in_time.settles=4")
    person = 41
    usual, raised = (events(*PERFECT, *helps, *more) for more in ((), (f"people.rate_factor={{{person}: 9}}",)))
    assert (raised["person"] == person).sum() > (usual["person"] == person).sum() + 10
    assert of_people(usual, person) == of_people(raised, person)


def test_the_first_that_differs_is_somebody_with_whom_something_went_wrong() -> None:
    """What is refused moves the hazards of that person, from the next midnight on; others follow by way of queues."""
    plain, moved = events(*SHORT), events(*SHORT, *FAILS)
    rows = [list(log.itertuples(index=False, name=None)) for log in (plain, moved)]
    first = next(i for i, (one, other) in enumerate(zip(*rows, strict=False)) if one != other)
    row = moved.iloc[first]
    assert row["event"] == "state"
    assert row["code"] == "unsettled"
    assert row["time_min"] % DAY == 0
    before = moved.iloc[:first]
    own = before[before["person"] == row["person"]]
    wrong = own["code"].isin((*WRONG, "gave_up", "bounced", "wrong_clinician", "wrongly_advised", "lost_hand_off"))
    assert wrong.any() or (own["event"] == "callback_lapsed").any() or (own["event"] == "consult_ended").any()


def test_more_are_unsettled_where_failing_unsettles_and_fewer_where_help_settles() -> None:
    def unsettled(*more: str) -> float:
        log = events(*SHORT, *more)
        rows = log[log["event"] == "state"]
        return float(np.where(rows["code"] == "unsettled", 1, -1).sum())

    helps = ("people.state.responds.met_in_time.unsettles=0.125", "people.state.responds.met_in_time.settles=8")
    assert unsettled(*helps) < unsettled() < unsettled(*FAILS)


@pytest.mark.parametrize(("times", "expected"), [(2, 0.15), (4, 0.36), (8, 0.69)])
def test_how_many_needs_fail_because_one_did(times: float, expected: float) -> None:
    """R = phi r0 D q lambda0 x the integral, by the trapezium rule."""
    practice = composed(*(f"people.state.responds.{what}.unsettles={times}" for what in FAILING)).practices["practice"]
    weeks = np.linspace(0, 13 * 40, 200_001)
    integral = np.trapezoid(np.exp(np.log(times) * 2 ** (-weeks / 13)) - 1, weeks)
    state = practice.people.state
    share, mean = state.unsettled_share, 1 + state.unsettled_share * (state.needs_factor - 1)
    needs = practice.demand.needs_per_1000_week / 1000 / mean * state.needs_factor
    exact = needs * 0.25 * share / (1 - share) * integral
    assert reproduction(practice, 0.25) == pytest.approx(exact, rel=1e-4)
    assert reproduction(practice, 0.25) == pytest.approx(expected, abs=0.05)
    assert reproduction(practice, 0.5) == pytest.approx(2 * exact, rel=1e-4)


def test_a_spell_drawn_out_counts_too() -> None:
    """Settling at four fifths of the hazard for good adds a fifth of the weeks a spell has, to the first order."""
    settles = "people.state.responds.late={unsettles: 1, settles: 0.8, half_life_weeks: 520}"
    practice = composed(settles).practices["practice"]
    state = practice.people.state
    mean = 1 + state.unsettled_share * (state.needs_factor - 1)
    needs = practice.demand.needs_per_1000_week / 1000 / mean * state.needs_factor
    assert reproduction(practice, 1.0) == pytest.approx(needs * 0.2 * state.unsettled_mean_weeks, rel=0.03)
    assert reproduction(composed().practices["practice"], 1.0) == 0


def test_a_state_that_runs_away_is_refused_in_a_line_and_a_doubtful_one_warned_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "people.state.responds.refused.half_life_weeks=60"
    assert pcqa("show", "people.state.responds.refused.unsettles=8", long) == 2
    said = capsys.readouterr().err.strip()
    assert "one failing need brings on 2.1" in said
    assert len(said.splitlines()) == 1
    doubtful = composed(*FAILS).practices["practice"]
    assert f"if every need failed, each would bring on {reproduction(doubtful, 1.0):.2f} more" in warning(doubtful)
    assert warning(composed().practices["practice"]) == ""


@pytest.mark.slow
def test_the_share_of_needs_that_fail_is_that_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What R is computed with before a run, counted in one: needs with which something goes wrong, by all there are."""
    scenario, first = composed("practice=small", "run.warm_up_weeks=2", "run.measured_weeks=8"), 2 * WEEK
    failed, noting = 0, Experience.failed

    def noted(self: Experience, need: Need, rules: KindRules, what: str) -> None:
        nonlocal failed
        before = need.failed
        noting(self, need, rules, what)
        failed += bool(need.failed and not before and self._env.now >= first)

    monkeypatch.setattr(Experience, "failed", noted)
    needs = simulate(scenario).needs
    arisen = ((needs["origin"].astype(str) != "practice") & (needs["arose"] >= first)).sum()
    assert failed / arisen == pytest.approx(scenario.practices["practice"].failing_share, abs=0.04)


@pytest.mark.slow
def test_two_years_do_not_drift_where_failing_unsettles() -> None:
    """Whole years, so that seasons fall out; every practice at its size is for the soak."""
    fails = [f"people.state.responds.{what.value}.unsettles=4" for what in FAILING]
    size = ("practice=small", "practice.list_size=300", "run.warm_up_weeks=26", "run.measured_weeks=104")
    first, second = needs_of_years(run_of(*size, *fails), 26)
    assert first > 1000
    assert abs(second - first) < 4 * (1.5 * (first + second)) ** 0.5
