from __future__ import annotations

from typing import Any

import pytest
from shortruns import composed

from pcqa_sim.report.comparison import _WORDS, MOST_CHANGES, compared, pairing, sentence
from pcqa_sim.study.pair import PRIMARY, Comparison, compare

QUICK = ("practice=small", "run=quick")
HANDLERS = "intervention=[more_call_handlers]"
FAILURE, MISSED, GP = "failure_contacts_per_working_day", "missed_share", "consulting_share"


def difference(metric: str, low: float, high: float, base: float, verdict: str = "better") -> dict[str, Any]:
    """One primary difference, in the middle of its interval."""
    mean = (low + high) / 2
    return {
        "metric": metric,
        "unit": "share of calls" if metric.endswith("_share") else "contacts per working day",
        "words": PRIMARY[metric],
        "base": base,
        "other_mean": base + mean,
        "difference": mean,
        "low": low,
        "high": high,
        "verdict": verdict,
    }


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    others = {
        "handlers": composed(*QUICK, HANDLERS),
        "nothing": composed(*QUICK),
    }
    return compare(composed(*QUICK), others, 2, workers=1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            difference(FAILURE, -24, -14, 68),
            "19 fewer failure contacts a working day (95 % confidence interval 14 to 24): 68 -> 49.",
        ),
        (
            difference(FAILURE, 14, 24, 1068, "worse"),
            "19 more failure contacts a working day (95 % confidence interval 14 to 24): 1,068 -> 1,087.",
        ),
        (
            difference(FAILURE, -1.4, -0.6, 68),
            "1.0 fewer failure contacts a working day (95 % confidence interval 0.6 to 1.4): 68.0 -> 67.0.",
        ),
        (
            difference(FAILURE, -2.2, -0.2, 68),
            "1.2 fewer failure contacts a working day (95 % confidence interval 0.2 to 2.2): 68.0 -> 66.8.",
        ),
        (
            difference(FAILURE, 1, 1, 68, "worse"),
            "1 more failure contact a working day (95 % confidence interval 1 to 1): 68 -> 69.",
        ),
        (
            difference(MISSED, -0.024, -0.018, 0.097),
            "2.1 points fewer of the calls are missed (95 % confidence interval 1.8 to 2.4): 9.7 % -> 7.6 %.",
        ),
        (
            difference(MISSED, 0.01, 0.01, 0.097, "worse"),
            "1 point more of the calls are missed (95 % confidence interval 1 to 1): 10 % -> 11 %.",
        ),
        (
            difference(GP, -0.05, -0.03, 0.81, "changed"),
            "4 points less of clinicians' session time"
            " is spent with patients (95 % confidence interval 3 to 5): 81 % -> 77 %.",
        ),
    ],
)
def test_clear_differences_in_words(row: dict[str, Any], said: str) -> None:
    assert sentence(row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            difference(FAILURE, -0.3, 0.4, 68, "no clear difference"),
            "No clear difference in failure contacts a working day (-0.3 to +0.4).",
        ),
        (
            difference(MISSED, -0.003, 0.004, 0.1, "no clear difference"),
            "No clear difference in calls that are missed (-0.3 to +0.4 points).",
        ),
        (
            difference(FAILURE, -0.0001, 0.4, 68, "no clear difference"),
            "No clear difference in failure contacts a working day (0.0 to +0.4).",
        ),
        (
            difference(FAILURE, 0, 0, 68, "no clear difference"),
            "No difference at all in failure contacts a working day: 68.",
        ),
        (
            difference(MISSED, 0, 0, 0, "no clear difference"),
            "No difference at all in calls that are missed: 0 %.",
        ),
    ],
)
def test_what_cannot_be_told_from_zero_is_said_to_be_so(row: dict[str, Any], said: str) -> None:
    assert sentence(row) == said


def test_an_end_of_a_clear_interval_is_never_printed_as_zero() -> None:
    assert "(95 % confidence interval 0.04 to 38.00)" in sentence(difference(FAILURE, -38, -0.04, 68))


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ([0.1, 0.14, 0.6], "about 7 times as many runs"),
        ([0.001], "more than 100 times as many runs"),
        ([0.9, 1.1], "helped little here"),
        ([0.0, 0.0], "exactly the same"),
        ([float("nan"), 0.5], "about 2 times as many runs"),
        ([], "exactly the same"),
    ],
)
def test_how_much_the_pairing_helped(ratios: list[float], said: str) -> None:
    assert said in pairing({f"metric {at}": ratio for at, ratio in enumerate(ratios)})


def test_the_pairing_names_where_it_helped_least_and_most() -> None:
    said = pairing({"calls": 0.5, "contacts": 0.1, "slots": 0.02})
    assert "about 10 times as many runs" in said
    assert "(about 2 for calls, about 50 for slots)" in said


def test_every_primary_metric_has_words() -> None:
    assert list(_WORDS) == list(PRIMARY)


@pytest.mark.slow
def test_a_comparison_says_what_was_changed_and_what_differs(comparison: Comparison) -> None:
    found = compared(comparison, "handlers", "practice")
    assert found.changes == ("rota.extra_call_handlers: 0 -> 1",)
    assert len(found.sentences) == len(PRIMARY)
    assert "failure contact" in found.sentences[0]
    assert "nan" not in "".join(found.sentences)


def test_the_same_scenario_is_said_to_be_the_same(comparison: Comparison) -> None:
    found = compared(comparison, "nothing", "practice")
    assert found.changes == ("nothing",)
    assert all(said.startswith("No difference at all in ") for said in found.sentences)
    assert "exactly the same" in found.pairing


@pytest.mark.slow
def test_many_changes_are_cut_short() -> None:
    others = {"perfect": composed("practice=small", "experiment=perfect_service")}
    found = compared(compare(composed(*QUICK, "calendar=always_open"), others, 5, workers=1), "perfect", "practice")
    assert len(found.changes) == MOST_CHANGES + 1
    assert "settings more: see the files in scenarios/" in found.changes[-1]
    assert float(found.sentences[0].partition(" -> ")[2].rstrip(".")) == 0
