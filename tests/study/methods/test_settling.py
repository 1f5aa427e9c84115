"""The checks on warm-up, drift and overload, on series whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from shortruns import composed

from pcqa_sim.report.settling import sentences, verdict
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import BACKLOGS, Backlog, Entry
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Study, replicate
from pcqa_sim.study.methods.settling import WATCHED, mser, ordinary_weeks, settling
from pcqa_sim.study.result import Result
from pcqa_sim.study.unit import Unit

WEEKS, WARM_UP, REPLICATIONS = 34, 8, 6


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return composed("practice=small", "run.measured_weeks=26", "calendar.bank_holidays=none")


def study_of(scenario: Scenario, series: NDArray[np.float64], metric: str = "failure_share", group: str = "") -> Study:
    """A study whose weekly values of one metric are given, a row a replication."""
    units = []
    for number, row in enumerate(series):
        frame = pd.DataFrame(
            {
                "scenario": "s",
                "replication": number,
                "practice": "practice",
                "period": [f"w{week:02d}" for week in range(len(row))],
                "group": group,
                "metric": metric,
                "value": row,
                "unit": "share of contacts",
            }
        )
        units.append(Result(Unit("s", 1, number), pa.Table.from_pandas(frame, preserve_index=False)))
    return Study(scenario, tuple(units))


def noise(rng: np.random.Generator, sd: float = 0.01) -> NDArray[np.float64]:
    return sd * rng.standard_normal((REPLICATIONS, WEEKS))


def brute_force(values: list[float]) -> int:
    """MSER by its definition."""
    scores = {}
    for d in range(len(values) // 2 + 1):
        rest = values[d:]
        mean = sum(rest) / len(rest)
        scores[d] = sum((one - mean) ** 2 for one in rest) / len(rest) ** 2
    return min(scores, key=lambda d: (scores[d], d))


@pytest.mark.parametrize("seed", range(20))
def test_mser_is_its_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = (rng.standard_normal(40) + 5 * np.exp(-np.arange(40) / rng.uniform(1, 8))).tolist()
    assert mser(values) == brute_force(values)


def test_mser_of_means_of_five() -> None:
    rng = np.random.default_rng(3)
    values = np.concatenate([np.full(20, 9.0), np.ones(80)]) + 0.1 * rng.standard_normal(100)
    assert mser(values.reshape(20, 5).mean(axis=1).tolist()) == 4
    assert mser([1.0]) == 0
    assert mser([]) == 0


def test_a_transient_is_left_out_and_a_level_series_is_not() -> None:
    rng = np.random.default_rng(4)
    level = 1 + 0.01 * rng.standard_normal(30)
    rising = level - np.where(np.arange(30) < 6, 0.5, 0.0)
    assert mser(rising.tolist()) == 6
    assert mser(level.tolist()) <= 15


def test_a_level_practice_has_settled(scenario: Scenario) -> None:
    found = settling(study_of(scenario, 0.2 + noise(np.random.default_rng(1))))
    assert found.drifts == ()
    assert not found.too_short
    said = sentences(found, study_of(scenario, 0.2 + noise(np.random.default_rng(1))))
    assert said[0] == "Yes: none of the watched metrics drifts through the measured weeks."


@pytest.mark.slow
def test_false_alarms_are_as_rare_as_they_should_be(scenario: Scenario) -> None:
    """With the size of the change left aside, a level series is called drifting in at most 5 % of studies."""
    rng = np.random.default_rng(2)
    alarms = [bool(settling(study_of(scenario, 0.02 + noise(rng, 0.02))).drifts) for _ in range(200)]
    assert np.mean(alarms) < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize(("change", "word"), [(0.08, "rises"), (-0.08, "falls")])
def test_a_drift_is_said_in_plain_words(change: float, word: str, scenario: Scenario) -> None:
    line = 0.2 + change * np.linspace(-0.5, 0.5, WEEKS)
    study = study_of(scenario, line + noise(np.random.default_rng(5)))
    (drift,) = settling(study).drifts
    assert drift.metric == "failure_share"
    assert not drift.overload
    assert drift.end - drift.start == pytest.approx(change * 25 / 33, abs=0.01)
    said = " ".join(sentences(settling(study), study))
    assert f"WARNING: failure demand (failure_share) still {word}, from" in said
    assert "longer warm-up" in said


def test_a_small_or_unclear_change_is_no_drift(scenario: Scenario) -> None:
    small = 0.2 + 0.005 * np.linspace(-0.5, 0.5, WEEKS)
    assert settling(study_of(scenario, small + noise(np.random.default_rng(6), 0.0001))).drifts == ()
    unclear = 0.2 + 0.04 * np.linspace(-0.5, 0.5, WEEKS)
    assert settling(study_of(scenario, unclear + noise(np.random.default_rng(6), 0.5))).drifts == ()


def test_a_queue_that_grows_without_end_is_an_overload(scenario: Scenario) -> None:
    """Waits of a queue with arrivals above its capacity: the truth is a straight line upwards."""
    rng = np.random.default_rng(7)
    backlog = np.cumsum(rng.normal(2.0, 0.4, (REPLICATIONS, WEEKS)), axis=1)
    study = study_of(scenario, backlog, "answered_wait_min")
    (drift,) = settling(study).drifts
    assert drift.overload
    assert "overloaded without a steady state" in " ".join(sentences(settling(study), study))


def test_a_rise_that_levels_off_is_no_overload(scenario: Scenario) -> None:
    rng = np.random.default_rng(8)
    rise = 10 * (1 - np.exp(-np.arange(WEEKS) / 5.0)) + 0.1 * rng.standard_normal((REPLICATIONS, WEEKS))
    drifts = settling(study_of(scenario, rise, "answered_wait_min")).drifts
    assert [drift.overload for drift in drifts] == [False]


def test_a_warm_up_that_is_too_short_is_named(scenario: Scenario) -> None:
    slow = np.where(np.arange(WEEKS) < 13, 0.4, 0.2) + noise(np.random.default_rng(9), 0.005)
    study = study_of(scenario, slow)
    found = settling(study)
    assert (found.warm_up_weeks, found.suggested, found.matters) == (WARM_UP, 13, True)
    assert "set run.warm_up_weeks=13" in sentences(found, study)[-1]


def test_weeks_of_bank_holidays_are_left_out() -> None:
    with_holidays = composed("practice=small", "run.measured_weeks=26")
    ordinary = ordinary_weeks(with_holidays)
    assert 0 < len(ordinary) < with_holidays.weeks
    calendar = with_holidays.calendar.working()
    for week in ordinary:
        assert not any(calendar.is_bank_holiday(day) for day in range(max(0, week - 1) * 7, week * 7 + 7))
    series = np.full((REPLICATIONS, WEEKS), 0.2)
    series[:, [week for week in range(WEEKS) if week not in ordinary]] = 9.0
    assert settling(study_of(with_holidays, series + noise(np.random.default_rng(1), 0.001))).drifts == ()


def test_a_short_run_is_not_judged(scenario: Scenario) -> None:
    short = replace(study_of(scenario, 0.2 + noise(np.random.default_rng(1))[:2]))
    assert settling(short).too_short
    assert sentences(settling(short), short)[0].startswith("Too short to tell")


def test_what_is_watched_exists(small_run) -> None:  # type: ignore[no-untyped-def]
    assert set(WATCHED) <= set(small_run.all_metrics["metric"])
    assert {pile.metric for pile in BACKLOGS} <= set(METRICS)
    known = small_run.all_metrics.groupby("metric")["group"].unique()
    for pile in BACKLOGS:
        assert pile.metric not in known or Entry(pile.metric, "", pile.groups).of(known[pile.metric]), pile


@pytest.mark.parametrize("pile", BACKLOGS, ids=lambda pile: pile.metric)
def test_every_backlog_that_grows_is_named(scenario: Scenario, pile: Backlog) -> None:
    """In one role or place, while the practice as a whole looks level: a straight line upwards."""
    group = pile.groups.replace("*", "pharmacist" if "role" in pile.groups else "desk")
    grows = 3 * pile.least * (1 + np.arange(WEEKS) / 5) + noise(np.random.default_rng(3), pile.least / 10)
    found = settling(study_of(scenario, grows, pile.metric, group))
    assert [(drift.metric, drift.group, drift.overload) for drift in found.drifts] == [(pile.metric, group, True)]
    assert found.settled("practice") is False
    assert found.settled("another") is True


def test_a_change_nobody_would_notice_is_no_pile(scenario: Scenario) -> None:
    line = 1.0 + np.linspace(0, 1, WEEKS) * 20  # minutes of paperwork, twenty times as many at the end
    study = study_of(scenario, line + noise(np.random.default_rng(3)), "paperwork_waiting_min", "role=hca")
    assert settling(study).drifts == ()
    assert settling(study).settled("practice") is True


def test_the_verdict_names_the_worst_pile_in_words(scenario: Scenario) -> None:
    line = 187 + np.linspace(0, 1, WEEKS) * 3449
    study = study_of(scenario, line + noise(np.random.default_rng(3)), "paperwork_waiting_min", "role=pharmacist")
    said = verdict(settling(study), scenario, "practice")
    assert said.startswith("NO: clinical pharmacist: paperwork waiting at the end of the day (paperwork_waiting_min) ")
    assert said.endswith("to 3,636 minutes")
    assert "overloaded without a steady state" in " ".join(sentences(settling(study), study))
    level = study_of(scenario, 0.2 + noise(np.random.default_rng(1)))
    assert verdict(settling(level), scenario, "practice") == "yes"


def test_a_short_run_has_no_verdict(scenario: Scenario) -> None:
    short = study_of(scenario, 0.2 + noise(np.random.default_rng(1))[:2])
    assert settling(short).settled("practice") is None
    assert verdict(settling(short), scenario, "practice") == "too short a run to tell"


@pytest.mark.slow
def test_a_pharmacist_one_day_a_week_does_not_settle_where_nobody_takes_over() -> None:
    few = ("practice=small", "run.warm_up_weeks=2", "run.measured_weeks=10", "calendar.bank_holidays=none")
    study = replicate(composed(*few, "role.pharmacist.fte_per_10000=0.2", "backoffice.hand_over_after_days=null"), 4)
    found = settling(study)
    assert {drift.metric for drift in found.drifts if drift.end > drift.start} & {pile.metric for pile in BACKLOGS}
    assert verdict(found, study.scenario, "practice").startswith("NO: ")
