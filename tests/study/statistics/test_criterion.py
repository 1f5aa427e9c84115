from __future__ import annotations

import math

import pandas as pd
import pytest
from shortruns import run_of

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.statistics.criterion import Yardstick, read_target, read_yardstick
from pcqa_sim.values.faults import BadInput


@pytest.mark.parametrize(
    ("text", "at_most", "bound"),
    [
        ("missed_share<=0.05", True, 0.05),
        (" missed_share <= 5 % ", True, 0.05),
        ("answered_share>=60%", False, 0.6),
        ("failure_contacts_per_working_day<=1e1", True, 10),
        ("consulting_share>=1.1", False, 1.1),
        ("missed_share<=0", True, 0),
    ],
)
def test_targets_that_can_be_read(text: str, at_most: bool, bound: float) -> None:
    target = read_target(text, "practice")
    assert (target.at_most, target.bound) == (at_most, pytest.approx(bound))


def test_a_target_with_a_group() -> None:
    target = read_target("failure_contacts_per_working_day[cause=engaged]<=3", "north")
    assert target.yardstick == Yardstick("failure_contacts_per_working_day", "north", "cause=engaged")
    assert target.text == "failure_contacts_per_working_day[cause=engaged]<=3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mised_share<=0.05", "--target: mised_share: is not a metric"),
        ("mised_share<=0.05", "did you mean missed_share?"),
        ("missed_share<=5", "a share is from 0 to 1, or written in per cent; did you mean missed_share<=0.05?"),
        ("missed_share<=-0.1", "cannot be met: no metric is below 0; did you mean missed_share<=0.1?"),
        ("missed_share>=-0.1", "is always met"),
        ("missed_share>=0", "is always met"),
        ("missed_share<0.05", "did you mean missed_share<=0.05?"),
        ("missed_share=0.05", "a target is written metric<=number"),
        ("missed_share", "a target is written metric<=number"),
        ("missed_share<=x", "a target is written metric<=number"),
        ("missed_share<=nan", "a finite number"),
        ("missed_share<=inf", "a finite number"),
        ("", "a target is written metric<=number"),
    ],
)
def test_targets_that_cannot(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_target(text, "practice")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_how_far_a_value_misses() -> None:
    most, least = read_target("missed_share<=0.05", "p"), read_target("answered_share>=0.6", "p")
    assert most.shortfall(0.08) == pytest.approx(0.03)
    assert least.shortfall(0.5) == pytest.approx(0.1)
    assert (most.shortfall(0.05), least.shortfall(0.6)) == (0.0, 0.0)
    assert min(most.shortfall(0.051), least.shortfall(0.59)) > 0 > max(most.shortfall(0.049), least.shortfall(0.61))


def test_a_value_is_found_in_tidy_metrics() -> None:
    metrics = run_of("practice=small", "run=quick").all_metrics
    one = read_yardstick("missed_share", "practice")
    row = metrics.query("metric == 'missed_share' and period == 'all'")
    assert one.value(metrics) == row["value"].iloc[0]
    assert math.isnan(Yardstick("missed_share", "north").value(metrics))
    assert one.is_share
    assert one.unit == METRICS["missed_share"].unit


def test_a_group_that_is_not_there_is_refused_with_the_nearest() -> None:
    metrics = run_of("practice=small", "run=quick").all_metrics
    groups = read_yardstick("need_endings_share[ending=resolvd]", "practice")
    with pytest.raises(BadInput, match="did you mean ending=resolved"):
        groups.value(metrics)
    with pytest.raises(BadInput, match=r"written need_endings_share\[GROUP\]"):
        read_yardstick("need_endings_share", "practice").value(metrics)


def test_nothing_measured_is_no_value() -> None:
    empty = pd.DataFrame(columns=["practice", "period", "group", "metric", "value"])
    assert math.isnan(Yardstick("missed_share", "practice").value(empty))


@pytest.mark.parametrize("text", ["", "a b", "missed_share[", "missed share"])
def test_what_is_no_metric_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_yardstick(text, "practice")
