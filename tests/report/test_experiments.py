"""Experiments: how results are read, said, drawn; and every shipped one is whole."""

from __future__ import annotations

import math
import sys

import pyarrow as pa
import pytest

from pcqa_sim import load_scenario
from pcqa_sim.report.experiments import AS_IT_IS, Beside, Experiment, Measure, Results, became, crossing
from pcqa_sim.report.shipped import experiment, experiments_folder, is_published, shipped
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.pair import Comparison
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.result import Result
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.faults import BadInput

MISSED = Measure("calls missed", "missed_share", per_cent=True)
DAYS = Measure("days to a clinician", "days_to_clinician")
PNG = b"\x89PNG"


def study(scenario: Scenario, missed: list[float], days: list[float]) -> Study:
    """A study with given values of two metrics, over all weeks and in week 3."""
    units = []
    for number, values in enumerate(zip(missed, days, strict=True)):
        rows = [
            {"scenario": "s", "replication": number, "practice": "practice", "period": period, "group": "",
             "metric": one.metric, "value": value, "unit": METRICS[one.metric].unit}
            for one, value in zip((MISSED, DAYS), values, strict=True)
            for period in ("all", "w03")
        ]  # fmt: skip
        units.append(Result(Unit(scenario.hash(), 1, number), pa.Table.from_pylist(rows)))
    return Study(scenario, tuple(units))


@pytest.fixture
def results(elsewhere: object) -> Results:
    base = load_scenario("practice=small")
    as_it_is = study(base, [0.10, 0.12, 0.14, 0.12, 0.12], [3.0, 4.0, 5.0, 4.0, 4.0])
    fewer = study(base, [0.15, 0.16, 0.20, 0.17, 0.17], [3.1, 3.9, 5.0, 4.1, 3.9])
    return Results(Comparison(as_it_is, {"fewer people": fewer}))


def test_a_change_is_told_by_its_pairs_and_only_where_it_is_clear(results: Results) -> None:
    assert results.said(AS_IT_IS, MISSED) == "calls missed 12.0 % (10.2 to 13.8)"
    assert results.went("fewer people", MISSED) == "calls missed from 12.0 to 17.0 %, 5.0 more (4.1 to 5.9)"
    assert results.went("fewer people", DAYS) == "days to a clinician 4.0, no clear change (-0.1 to 0.1)"
    assert results.clear("fewer people", MISSED)
    assert not results.clear("fewer people", DAYS)
    assert results.ratio("fewer people", MISSED).mean == pytest.approx(sum((1.5, 4 / 3, 10 / 7, 17 / 12, 17 / 12)) / 5)


def test_what_is_the_same_in_every_pair_is_said_to_be(results: Results) -> None:
    assert (
        became(DAYS, [3.0, 4.0, 5.0, 4.0, 4.0], [3.0, 4.0, 5.0, 4.0, 4.0])
        == "days to a clinician 4.0, exactly the same"
    )


def test_a_share_says_of_what_it_is(results: Results) -> None:
    of_calls = Measure("missed", "missed_share", per_cent=True, of="calls in the queue")
    assert results.said(AS_IT_IS, of_calls) == "missed 12.0 % of calls in the queue (10.2 to 13.8)"
    assert results.went("fewer people", of_calls).startswith(
        "missed from 12.0 to 17.0 % of calls in the queue, 5.0 more"
    )
    assert results.table((of_calls,))["unit"].unique().tolist() == ["% of calls in the queue"]


def test_months_tell_their_last_weeks_measure_by_measure(results: Results) -> None:
    months = experiment("pcqa_four_months")
    (arm,) = months.arms_of(results.scenario)
    told = months.read(Results(Comparison(results.comparison.base, {arm: results.studies["fewer people"]})))
    assert told[0].endswith("after it began, held against the same weeks as it is:")
    assert [line.startswith("- ") for line in told[1:-2]] == [True] * len(months.measures)
    assert "- calls 08:00-10:00 nothing to measure." in told
    assert "nothing has changed that is clear of chance" in told[-2]


def frequent(given: list[float]) -> Results:
    """The experiment of frequent attenders in which a programme that does nothing has such ratios to the others."""
    base = load_scenario("experiment=frequent_attenders")
    found = {"times=given": 0.6, "times=others": 0.6, "given=before": 4.0, "given=after": 2.4}
    units = []
    for number, ratio in enumerate(given):
        rows = [
            {"scenario": "s", "replication": number, "practice": "practice", "period": "all", "group": group,
             "metric": "programme_ratio" if group.startswith("times") else "programme_contacts_per_month",
             "value": value, "unit": ""}
            for group, value in (found | {"times=controlled": ratio}).items()
        ]  # fmt: skip
        units.append(Result(Unit(base.hash(), 1, number), pa.Table.from_pylist(rows)))
    return Results(Comparison(Study(base, tuple(units)), {}), "it does nothing")


def test_an_interval_that_leaves_out_the_truth_is_not_called_luck_alone() -> None:
    read = experiment("frequent_attenders").read
    holds, misses = (" ".join(read(frequent(ratios))) for ratios in ([0.9, 1.0, 1.1, 1.0], [0.70, 0.75, 0.80, 0.76]))
    assert "300 people" in holds
    assert "the interval holds 100 %" in holds
    assert "leaves out the 100 % which are true here" in misses
    assert "one interval in twenty misses" in misses


def test_too_few_pairs_are_never_clear(results: Results) -> None:
    few = {name: Study(one.scenario, one.units[:3]) for name, one in results.studies.items()}
    short = Results(Comparison(few[AS_IT_IS], {"fewer people": few["fewer people"]}))
    assert short.went("fewer people", MISSED) == "calls missed 12.0 %, too few runs to call a change (2.5 to 7.5)"


def test_what_never_occurred_is_said_to_be_nothing_to_measure(results: Results) -> None:
    none = Measure("callbacks made", "callback_made_share", per_cent=True)
    assert results.said(AS_IT_IS, none) == results.went("fewer people", none) == "callbacks made nothing to measure"
    assert "here nothing to measure" in Beside(
        "x", (1, None, None), lambda found: found.ratio(AS_IT_IS, none), "y"
    ).said(results)


def test_weeks_are_told_where_every_replication_has_them(results: Results) -> None:
    assert list(results.weeks(AS_IT_IS, MISSED)) == [3]
    assert results.weeks(AS_IT_IS, MISSED)[3].mean == pytest.approx(0.12)
    assert results.weeks(AS_IT_IS, Measure("none", "failure_share")) == {}


def test_the_table_has_a_row_for_each_arm_and_measure_and_pairs_its_changes(results: Results) -> None:
    table = results.table((MISSED, DAYS))
    assert list(table["arm"]) == [AS_IT_IS, "fewer people"] * 2
    assert table.loc[1, "change"] == pytest.approx(5.0)
    assert table.loc[1, "mean"] == pytest.approx(17.0)
    assert table.loc[0, "change"] == 0


def test_a_published_figure_stands_beside_ours(results: Results) -> None:
    one = Beside("Missed", (1.3, 1.2, 1.4), lambda found: found.ratio("fewer people", MISSED), "somebody 2020")
    said = one.said(results)
    assert said.startswith("Missed: published 1.30 (1.20 to 1.40), here 1.42 (")
    assert said.endswith(") times (predicted).")
    assert one.row(results)["published_low"] == 1.2
    assert Beside("x", (2.0, None, None), one.ours, "y").said(results).startswith("x: published 2.00, here 1.42")


@pytest.mark.parametrize("across", [None, ("amount", lambda arm: 0.0 if arm == AS_IT_IS else 1.0)])
def test_a_figure_is_drawn_as_dots_or_along_an_amount(results: Results, across: object) -> None:
    asked = Experiment("Who?", {"fewer people": ()}, (MISSED, DAYS), lambda _: ["So."], across=across)  # type: ignore[arg-type]
    assert asked.figure(results).startswith(PNG)
    told = asked.answer(results)
    assert told[0] == "So."
    assert "5 replications of each" in told[1]


def test_where_values_pass_a_bound_lies_between_those_tried() -> None:
    assert crossing([0, 10, 20], [0.0, 0.05, 0.15], 0.1) == pytest.approx(15)
    assert math.isnan(crossing([0, 10], [0.0, 0.05], 0.1))
    assert math.isnan(crossing([0, 10], [0.2, 0.3], 0.1))


def test_every_experiment_has_a_settings_file_and_every_published_one_a_figure() -> None:
    folder = experiments_folder()
    with_one = {path.stem for path in folder.rglob("*.py") if "EXPERIMENT = " in path.read_text(encoding="utf-8")}
    assert with_one == set(shipped())
    for name in shipped():
        found = experiment(name)
        assert found.question.endswith("?"), name
        assert bool(found.beside) == is_published(name), name
        assert {one.metric for one in found.measures} <= set(METRICS), name


def test_an_unknown_experiment_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"NAME.*cappings: must be a shipped experiment.*did you mean capping"):
        experiment("cappings")


@pytest.mark.parametrize(
    ("written", "scale", "whole", "people"),
    [(2, 1.0, True, 3), (1, 0.5, True, 2), (2, 0.2, True, 2), (1.5, 1.0, False, 2.5)],
)
def test_one_more_call_handler_is_one_person_whatever_the_list(
    written: float, scale: float, whole: bool, people: float
) -> None:
    experiment("half_hours")
    one_more = sys.modules["pcqa_experiments.half_hours"].one_more
    assert one_more(written, scale, whole) * scale == pytest.approx(people)
    assert one_more(0, scale, whole) == 0
