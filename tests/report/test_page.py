"""The page to keep: the answers as Markdown that shows text as it is, and the key numbers a row each."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.report.page import KEY, answers_page, comparison_page, key_differences, key_numbers
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.methods.pair import Comparison, compare
from pcqa_sim.study.methods.replicate import Study, replicate

SHORT = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=1", "practice.name='A <b>surgery</b> [x](y)'")


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(composed(*SHORT), 2)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(composed(*SHORT), {"phones.lines=5": composed(*SHORT, "phones.lines=5")}, 2)


def test_every_key_number_is_a_metric() -> None:
    assert {metric for metric, _ in KEY} <= set(METRICS)
    assert len(set(KEY)) == len(KEY) == 20


def test_the_page_has_every_question_and_no_markup_from_outside(study: Study) -> None:
    page = answers_page(study)
    assert page.count("\n## ") >= 8
    assert "## How much demand is there?" in page
    assert "<b>" not in page
    assert "[x](y)" not in page


def test_the_key_numbers_stand_in_order_a_row_each(study: Study) -> None:
    rows = key_numbers(study)
    assert list(zip(rows["metric"], rows["group"], strict=True)) == list(KEY)
    calls = rows.iloc[0]
    assert (calls["what"], calls["low"] <= calls["mean"] <= calls["high"]) == ("calls a working day", True)


def test_a_comparison_has_a_page_and_key_numbers(comparison: Comparison) -> None:
    page = comparison_page(comparison)
    assert "## With phones.lines=5" in page
    assert "phones.lines: 60 -> 5" in page.replace("\\", "")
    rows = key_differences(comparison)
    assert len(rows) == len(KEY)
    assert "difference" in rows.columns
