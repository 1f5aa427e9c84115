from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval, summarise, within_reach


def test_the_interval_is_students_t() -> None:
    values = [3.1, 2.9, 3.4, 3.3, 2.7]
    found = interval(values)
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_one_replication_has_no_interval() -> None:
    found = interval([2.0])
    assert found.mean == 2
    assert math.isnan(found.low)
    for unit in ("share of calls", "minutes"):
        assert math.isnan(within_reach(found, unit).low)
        assert math.isnan(within_reach(found, unit).high)
    assert interval([]).replications == 0


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    covered = [(i := interval(rng.normal(10, 2, 6))).low <= 10 <= i.high for _ in range(2000)]
    assert np.mean(covered) == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_the_summary_gives_the_same_intervals() -> None:
    values = [1.0, 2.0, 4.0]
    frame = pd.DataFrame(
        {"scenario": "s", "practice": "p", "period": "all", "group": "", "metric": "m", "unit": "u", "value": values}
    )
    row = summarise(frame).iloc[0]
    expected = within_reach(interval(values), "u")
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((expected.mean, expected.low, expected.high))


@pytest.mark.parametrize(
    ("unit", "high"), [("share of calls", 1.0), ("share of session time", 1.297), ("minutes", 1.297), ("share", 1.297)]
)
def test_intervals_end_where_no_value_can_be(unit: str, high: float) -> None:
    """Shares of a whole end at 100 %, nothing goes below 0; working time may exceed what was rostered."""
    found = within_reach(ConfidenceInterval(0.875, -0.1, 1.297, 2), unit)
    assert (found.mean, found.low, found.high) == (0.875, 0.0, high)
    frame = pd.DataFrame(
        {
            "scenario": "s",
            "practice": "p",
            "period": "all",
            "group": "",
            "metric": "m",
            "unit": unit,
            "value": [0.8, 0.95],
        }
    )
    row = summarise(frame).iloc[0]
    assert row["low"] >= 0
    assert (row["high"] <= 1) == (high == 1.0)


def test_cutting_an_interval_leaves_out_no_truth() -> None:
    """Where a share is near its end, the cut interval holds the truth exactly as often as Student's own."""
    rng = np.random.default_rng(8)
    for _ in range(200):
        found = interval(rng.beta(9, 0.6, 4))
        cut = within_reach(found, "share of calls")
        assert (found.low <= 9 / 9.6 <= found.high) == (cut.low <= 9 / 9.6 <= cut.high)
