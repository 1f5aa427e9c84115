from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats
from shortruns import composed

from pcqa_sim import replicate
from pcqa_sim.commands.compare import asked_of
from pcqa_sim.commands.studying import begin
from pcqa_sim.commands.studyoptions import Options
from pcqa_sim.commands.workplaces import Workplace
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import SAFETY, headlines
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import (
    BESIDES,
    BETTER,
    COLUMNS,
    DECLARED,
    EQUITY,
    EXPLORATORY,
    TOO_FEW,
    UNCLEAR,
    UNSETTLED,
    Comparison,
    _cut,
    _judged_together,
    compare,
    passes,
    runs_needed,
    verdict,
)
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.methods.settling import Drift, Settling
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.study.statistics.multiple_testing import LEVEL, holm
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.formats import stamp

SMALL = ("practice=small", "practice.list_size=800")
QUICK = (*SMALL, "run=quick")
LONGER = ("practice=small", "run=quick", "run.measured_weeks=4")
HANDLERS = "intervention=[more_call_handlers]"
SLOTS = "intervention=[more_on_the_day_slots]"


@pytest.fixture(scope="module")
def base() -> Scenario:
    return composed(*QUICK)


def compared(settings: tuple[str, ...], replications: int) -> Comparison:
    base = composed(*settings)
    others = {
        HANDLERS: composed(*settings, HANDLERS),
        SLOTS: composed(*settings, SLOTS, "intervention.more_on_the_day_slots.extra=40"),
        "nothing": base,
    }
    return compare(base, others, replications, workers=1)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compared(QUICK, 5)


@pytest.fixture(scope="module")
def longer() -> Comparison:
    return compared(LONGER, 6)


def row(comparison: Comparison, other: str, metric: str) -> pd.Series:
    return comparison.primary(other, "practice").set_index("metric").loc[metric]


def any_row(comparison: Comparison, other: str, metric: str) -> pd.Series:
    every = comparison.differences
    return every[(every["other"] == other) & (every["metric"] == metric) & (every["group"] == "")].iloc[0]


@pytest.mark.slow
def test_more_call_handlers_miss_fewer_calls(longer: Comparison) -> None:
    missed = any_row(longer, HANDLERS, "missed_share")
    assert missed["difference"] < 0
    assert (missed["better"], missed["verdict"]) == ("less", "better")
    assert any_row(longer, HANDLERS, "answered_within_2_min_share")["verdict"] == "better"
    assert any_row(longer, HANDLERS, "call_handler_talk_share")["verdict"] == "changed"


@pytest.mark.slow
def test_more_slots_turn_fewer_people_away(longer: Comparison) -> None:
    assert row(longer, SLOTS, "told_another_day_per_working_day")["verdict"] == "better"


@pytest.mark.slow
def test_pairing_at_least_halves_the_variance(longer: Comparison) -> None:
    assert row(longer, SLOTS, "failure_contacts_per_working_day")["variance_ratio"] < 0.5
    assert row(longer, HANDLERS, "failure_contacts_per_working_day")["variance_ratio"] < 0.5


def test_the_same_scenario_differs_in_nothing(comparison: Comparison) -> None:
    same = comparison.differences.query("other == 'nothing'")
    assert len(same) > len(METRICS)
    several = same[same["replications"] >= 2]
    assert len(several) > len(METRICS)
    assert (several[["difference", "low", "high"]] == 0).all(axis=None)
    alone = same[same["replications"] == 1]
    assert (alone["difference"] == 0).all()
    assert alone[["low", "high"]].isna().all(axis=None), "one pair has no interval"
    assert set(same["verdict"]) == {"no clear difference"}


@pytest.fixture(scope="module")
def of_no_strength() -> pd.DataFrame:
    """Every intervention at strength zero against one base, which is so run but once."""
    base = composed(*QUICK, "practice.list_size=500", "run.warm_up_weeks=0", "run.measured_weeks=1")
    others = {kind: one.zero().apply(base) for kind, one in INTERVENTIONS.items()}
    assert len({base.hash(), *(other.hash() for other in others.values())}) == len(others) + 1  # all are really run
    return compare(base, others, 2).differences


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(INTERVENTIONS))
def test_an_intervention_of_no_strength_differs_in_nothing(of_no_strength: pd.DataFrame, kind: str) -> None:
    found = of_no_strength[of_no_strength["other"] == kind]
    assert len(found) > len(METRICS)
    assert (found["difference"].dropna() == 0).all()
    assert (found["difference"].isna() == (found["replications"] == 0)).all()
    assert set(found["verdict"]) == {"no clear difference"}


def test_differences_are_those_of_the_replications(comparison: Comparison) -> None:
    values = [
        study.metrics.query("period == 'all' and metric == 'missed_share'")["value"].to_numpy()
        for study in (comparison.base, comparison.others[HANDLERS])
    ]
    apart = values[1] - values[0]
    found = any_row(comparison, HANDLERS, "missed_share")
    low, high = stats.t.interval(0.95, len(apart) - 1, np.mean(apart), stats.sem(apart))
    assert (found["low"], found["high"]) == pytest.approx((low, high))
    assert (found["base"], found["other_mean"]) == pytest.approx((values[0].mean(), values[1].mean()))
    assert found["difference"] == pytest.approx(found["other_mean"] - found["base"])
    assert found["variance_ratio"] == pytest.approx(apart.var() / (values[0].var() + values[1].var()))
    assert found["replications"] == 5


def test_the_base_is_what_it_is_alone(comparison: Comparison, base: Scenario) -> None:
    alone = replicate(base, 5, workers=1).metrics
    pd.testing.assert_frame_equal(comparison.base.metrics, alone, check_exact=True)


def test_the_table_is_tidy(comparison: Comparison) -> None:
    found = comparison.differences
    assert tuple(found.columns) == COLUMNS
    assert not found.duplicated(["other", "practice", "group", "metric"]).any()
    assert list(comparison.primary(SLOTS, "practice")["metric"]) == list(headlines())
    assert set(headlines()) <= set(METRICS)


@pytest.mark.slow
def test_two_processes_give_what_one_gives(base: Scenario) -> None:
    others = {HANDLERS: composed(*QUICK, HANDLERS)}
    alone, together = (compare(base, others, 2, workers=many) for many in (1, 2))
    assert len({unit.process for study in together.distinct for unit in study.units}) == 2
    pd.testing.assert_frame_equal(alone.differences, together.differences, check_exact=True)


def test_progress_counts_all_runs_and_none_is_done_twice(base: Scenario) -> None:
    told: list[int] = []
    others = {"same": base, "also": base, HANDLERS: composed(*QUICK, HANDLERS)}
    compare(base, others, 2, seed=9, workers=1, done=told.append)
    assert told == [1, 2, 3, 4]
    assert runs_needed(base, others, 2) == 4


def test_the_seed_is_one_for_all(base: Scenario) -> None:
    found = compare(base, {HANDLERS: composed(*QUICK, HANDLERS)}, 2, seed=9, workers=1)
    assert {unit.seed for study in found.distinct for unit in study.units} == {9}


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (
            ("practice=average", "run=quick"),
            "other: practice.list_size: 10,000: must be the same as in the base, 800",
        ),
        ((*SMALL, "run.measured_weeks=3"), "other: run.warm_up_weeks: 8: must be the same"),
        ((*QUICK, "run.measured_weeks=3"), "other: run.measured_weeks: 3: must be the same"),
        ((*QUICK, "run.seed=3"), "other: run.seed: 3: must be the same"),
        ((*QUICK, "calendar=always_open"), "other: calendar: must be the same"),
        ((*QUICK, "network.members={north:['practice=small']}"), "other: practices: north: must be the same"),
    ],
)
def test_scenarios_that_do_not_match_are_refused(base: Scenario, overrides: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        compare(base, {"other": composed(*overrides)}, 2, workers=1)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_replication_is_refused(base: Scenario) -> None:
    with pytest.raises(BadInput, match="at least 2"):
        compare(base, {"other": base}, 1)


@pytest.mark.parametrize(
    ("low", "high", "better", "said"),
    [
        (-3, -1, "less", "better"),
        (-3, -1, "more", "worse"),
        (1, 3, "less", "worse"),
        (1, 3, "more", "better"),
        (1, 3, "neither", "changed"),
        (-1, 3, "less", "no clear difference"),
        (0, 0, "less", "no clear difference"),
        (math.nan, math.nan, "less", "no clear difference"),
    ],
)
def test_the_verdict(low: float, high: float, better: str, said: str) -> None:
    assert verdict(ConfidenceInterval((low + high) / 2, low, high, 5), better) == said  # type: ignore[arg-type]


def written(comparison: Comparison, folder: Path) -> None:
    """The same comparison, done into a folder."""
    others = {name: study.scenario for name, study in comparison.others.items()}
    asked = asked_of(comparison.base.scenario, others, list(QUICK), {"replications": 5, "with": list(others)}, None, 1)
    assert begin(replace(asked, made=None), Options(folder, place=Workplace(workers=1))) == folder


@pytest.fixture(scope="module")
def folder(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the comparison is written."""
    made = tmp_path_factory.mktemp("comparison")
    written(comparison, made)
    return made


def test_the_files_of_a_comparison(comparison: Comparison, folder: Path) -> None:
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    hashes = [study.scenario.hash() for study in comparison.distinct]
    assert len(hashes) == 3
    assert found == {
        "comparison.csv",
        "comparison.parquet",
        "metrics.parquet",
        "run.json",
        "answers.md",
        "key.csv",
        "figures/compare-practice.png",
        *(f"mornings/{name}-1-{number}.parquet" for name in hashes for number in range(5)),
        *(f"scenarios/{name}.yaml" for name in hashes),
        *(f"units/{name}-1-{number}.parquet" for name in hashes for number in range(5)),
    }
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "comparison.parquet"), comparison.differences)
    assert len(pd.read_csv(folder / "comparison.csv")) == len(comparison.differences)
    for name, study in zip(hashes, comparison.distinct, strict=True):
        text = (folder / "scenarios" / f"{name}.yaml").read_text()
        plain = {key: value for key, value in yaml.safe_load(text).items() if key not in stamp("scenario")}
        assert Scenario.model_validate(plain) == study.scenario
    record = json.loads((folder / "run.json").read_text())
    assert record["base"] == hashes[0]
    assert record["others"] == {HANDLERS: hashes[1], SLOTS: hashes[2], "nothing": hashes[0]}
    assert record["interventions"][SLOTS] == ["more_on_the_day_slots(extra=40)"]
    assert (record["seed"], record["replications"]) == (1, 5)
    assert record["events_logged"] == sum(unit.rows for study in comparison.distinct for unit in study.units)


def test_the_same_comparison_gives_the_same_bytes(comparison: Comparison, folder: Path, tmp_path: Path) -> None:
    written(comparison, tmp_path)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "run.json":
            twin = tmp_path / path.relative_to(folder)
            assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(twin.read_bytes()).digest(), path


def test_each_family_is_judged_together(comparison: Comparison) -> None:
    """Holm over what was declared, over the other themes, over harms in groups of people, and over the rest."""
    every = comparison.differences
    assert set(every["family"]) == {DECLARED, BESIDES, EQUITY, EXPLORATORY}
    for _, mine in every.groupby(["other", "practice", "family"]):
        assert mine["p_holm"].tolist() == pytest.approx(holm(mine["p"].tolist()), nan_ok=True)
    judged = every[every["family"] != EXPLORATORY]
    assert ((judged["p_holm"] > LEVEL) <= (judged["verdict"] == UNCLEAR)).all()


def test_declared_are_harms_and_what_the_change_is_for(comparison: Comparison) -> None:
    mine = comparison.of(HANDLERS, "practice")
    declared = set(mine.index[mine["family"] == DECLARED])
    assert {(entry.metric, entry.group) for entry in SAFETY.entries} < declared
    assert {("missed_share", ""), ("queue_wait_min", "")} < declared
    assert mine.loc[("overtime_min_per_working_day", "role=gp"), "family"] == BESIDES
    assert mine.loc[("gave_up_share", "deprivation=1"), "family"] == EQUITY


def judged_rows(p: list[float], replications: int = 10, family: str = DECLARED) -> pd.DataFrame:
    many = len(p)
    columns = {"practice": "p", "group": "", "metric": [f"m{at}" for at in range(many)], "p": p}
    return pd.DataFrame(columns | {"verdict": [BETTER] * many, "family": family, "replications": replications})


def test_a_difference_clear_alone_may_not_be_clear_among_many() -> None:
    """A p-value of 0.03 is clear by itself and not once it is the smallest of three."""
    assert _judged_together(judged_rows([0.03, 0.5, 0.9]))["verdict"].tolist() == [UNCLEAR] * 3
    assert _judged_together(judged_rows([0.03]))["verdict"].tolist() == [BETTER]
    assert _judged_together(judged_rows([0.03, 0.5], family=EXPLORATORY))["verdict"].tolist() == [BETTER] * 2


def test_families_do_not_hide_each_other() -> None:
    both = pd.concat([judged_rows([0.03]), judged_rows([0.2] * 9, family=BESIDES)], ignore_index=True)
    assert _judged_together(both)["verdict"].tolist() == [BETTER, *[UNCLEAR] * 9]


@pytest.mark.parametrize(("pairs", "said"), [(2, TOO_FEW), (4, TOO_FEW), (5, BETTER)])
def test_there_is_no_verdict_of_fewer_than_five_pairs(pairs: int, said: str) -> None:
    for family in (DECLARED, EXPLORATORY):
        assert _judged_together(judged_rows([1e-9, 1e-9], pairs, family))["verdict"].tolist() == [said] * 2


@pytest.mark.parametrize("side", ["base", "other"])
def test_nothing_is_clear_where_a_side_does_not_settle(comparison: Comparison, side: str) -> None:
    grows = Settling(1, None, "", False, (Drift("practice", "paperwork_waiting_min", 187, 3636, True),), False)
    level = Settling(1, None, "", False, (), False)
    found = Comparison(comparison.base, {HANDLERS: comparison.others[HANDLERS]})
    vars(found)["base_settling"] = grows if side == "base" else level
    vars(found)["settlings"] = {HANDLERS: grows if side == "other" else level}
    before = comparison.of(HANDLERS, "practice")["verdict"]
    assert set(before) & {"better", "worse", "changed"}
    assert set(found.of(HANDLERS, "practice")["verdict"]) == {UNCLEAR, UNSETTLED}


@pytest.mark.parametrize(("overload", "judged"), [(False, True), (True, False)])
def test_what_comes_and_goes_within_the_run_is_judged_unless_it_leaves_something_that_grows(
    comparison: Comparison, base: Scenario, overload: bool, judged: bool
) -> None:
    """A wave of sickness of one week is a change by nature, and paperwork that rises for ever afterwards is none."""
    wave = ("intervention=[sickness_wave]", "intervention.sickness_wave.from_week=1")
    passing = composed(*QUICK, *wave, "intervention.sickness_wave.weeks=1")
    assert passes(base, passing, "practice") == 2
    assert passes(base, composed(*QUICK, *wave, "intervention.sickness_wave.weeks=50"), "practice") is None
    assert passes(base, base, "practice") is None
    changes = Settling(1, None, "", False, (Drift("practice", "paperwork_waiting_min", 187, 36, overload),), False)
    found = Comparison(comparison.base, {"wave": Study(passing, comparison.others[HANDLERS].units)})
    vars(found)["base_settling"] = Settling(1, None, "", False, (), False)
    vars(found)["settlings"] = {"wave": changes}
    verdicts = set(found.of("wave", "practice")["verdict"])
    assert (UNSETTLED in verdicts) != judged
    assert bool(verdicts & {"better", "worse", "changed"}) == judged


def test_intervals_of_differences_in_shares_end_at_a_hundred_points() -> None:
    wide = ConfidenceInterval(0.9, -2.0, 3.8, 2)
    assert _cut(wide, "share of calls") == ConfidenceInterval(0.9, -1.0, 1.0, 2)
    assert _cut(wide, "minutes") == wide
    one = _cut(interval([0.25]), "share of calls")
    assert one.mean == 0.25
    assert math.isnan(one.low)
    assert math.isnan(one.high)


def test_the_variance_reduction_is_against_independent_runs(comparison: Comparison) -> None:
    """What pairing saved is what runs with different luck show: replications paired wrongly, one with the next."""
    base, other = (
        study.metrics.query("period == 'all' and metric == 'calls_per_working_day'")["value"].to_numpy()
        for study in (comparison.base, comparison.others[HANDLERS])
    )
    found = any_row(comparison, HANDLERS, "calls_per_working_day")
    expected = (base.var(ddof=1) + other.var(ddof=1)) / (other - base).var(ddof=1)
    assert found["variance_reduction"] == pytest.approx(expected)
    assert found["variance_reduction"] == pytest.approx(1 / found["variance_ratio"])
    crossed = [other[(at + shift) % 5] - base[at] for shift in (1, 2, 3, 4) for at in range(5)]
    assert np.var(crossed, ddof=1) > (other - base).var(ddof=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "others"),
    [
        ((), (HANDLERS, "intervention=[more_on_the_day_slots] intervention.more_on_the_day_slots.extra=2")),
        (("phones.lines=3",), ("intervention=[more_phone_lines]",)),
    ],
)
def test_common_random_numbers_pay(base: tuple[str, ...], others: tuple[str, ...]) -> None:
    """For three shipped interventions the paired variance is at most half the independent one."""
    settings = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2", *base)
    found = compare(composed(*settings), {one: composed(*settings, *one.split()) for one in others}, 8)
    for one in others:
        failure = row(found, one, "failure_contacts_per_working_day")
        assert failure["difference"] != 0
        assert failure["variance_ratio"] <= 0.5


def test_why_keeps_the_logs_of_the_first_replication_alone(base: Scenario) -> None:
    found = compare(base, {HANDLERS: composed(*QUICK, HANDLERS)}, 2, workers=1, why=True)
    for study in found.distinct:
        assert [unit.log is not None for unit in study.units] == [True, False]
