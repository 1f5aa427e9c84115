"""Calls by half hour add up to the calls there were, each in the half hour in which it joined the queue."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.results.halfhours import COLUMNS, STEPS, WEEKDAYS, half_hours
from pcqa_sim.results.run import Run, simulate
from pcqa_sim.values.clock import DAY


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(
        composed("practice=small", "practice.list_size=1000", "run.warm_up_weeks=1", "run.measured_weeks=1")
    )


def test_calls_of_the_measured_week_are_all_there(run: Run) -> None:
    counted = run.counted["practice"]
    frame = half_hours(counted).to_pandas()
    assert list(frame.columns) == ["practice", "weekday", "step", *COLUMNS]
    assert len(frame) == WEEKDAYS * STEPS
    assert frame["days"].tolist() == [1.0] * len(frame)
    calls = counted.calls.frame()
    joined = calls["ended"] - calls["waited"].fillna(0)
    mine = calls[(joined >= 7 * DAY) & (joined < 12 * DAY)]
    answered = mine[mine["ending"] == "answered"]
    assert frame["ended"].sum() == len(mine) > 100
    assert frame["answered"].sum() == len(answered)
    assert frame["missed"].sum() == (mine["ending"] == "missed").sum() > 0
    assert frame["within_2_min"].sum() == (answered["waited"] <= 2).sum()
    assert frame["waited_min"].sum() == pytest.approx(answered["waited"].sum())


def test_a_call_counts_where_it_joins_the_queue(run: Run) -> None:
    counted = run.counted["practice"]
    frame = half_hours(counted).to_pandas().set_index(["weekday", "step"])
    calls = counted.calls.frame()
    joined = calls["ended"] - calls["waited"].fillna(0)
    tuesday = joined[(joined >= 8 * DAY) & (joined < 9 * DAY)] - 8 * DAY
    steps = np.bincount((tuesday // 30).astype(int), minlength=STEPS)
    assert frame.loc[1]["ended"].tolist() == steps.tolist()
    assert (steps > 0).sum() > 5


def test_weeks_with_a_bank_holiday_and_days_to_settle_are_left_out() -> None:
    words = ("practice=small", "practice.list_size=500", "run.warm_up_weeks=0", "run.measured_weeks=1")
    holiday = simulate(composed(*words, "calendar=england_2026", "calendar.start_date=2026-05-25"))
    frame = half_hours(holiday.counted["practice"]).to_pandas()
    assert frame[list(COLUMNS)].to_numpy().sum() == 0
