"""In an unchanged scenario the measured weeks show no trend: the run begins near where it settles."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest
from shortruns import composed

from pcqa_sim import replicate

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("metric", "most"), [("lead_time_days", 0.8), ("share_0800_1000", 0.02), ("belief", 0.08), ("failure_share", 0.02)]
)
def test_measured_weeks_have_no_trend(metric: str, most: float) -> None:
    """The fitted straight line over 26 ordinary measured weeks rises or falls by little from end to end.

    A season is a real change, so there is none here: no winter, and all months alike.
    """
    frame = _metrics("run.measured_weeks=26", "calendar.bank_holidays=none", *_no_season())
    mine = frame[(frame["metric"] == metric) & (frame["group"] == "") & frame["period"].str.startswith("w")]
    weekly = mine.pivot(index="period", columns="replication", values="value").iloc[4:]
    slopes = [np.polyfit(np.arange(len(weekly)), weekly[rep], 1)[0] * len(weekly) for rep in weekly.columns]
    assert abs(np.mean(slopes)) < most


def _no_season() -> Iterator[str]:
    practice = composed().practices["practice"]
    yield from (f"demand.kinds.{kind}.winter_rise=0" for kind in practice.demand.kinds)
    yield from (f"demand.days_differ.by_month.{month}=1" for month in practice.demand.days_differ.by_month)
    yield from (f"planned.by_month.{month}=1" for month in practice.planned.by_month)
    for name, role in practice.role.items():
        yield from (f"role.{name}.absence.leave_by_month.{month}=1" for month in role.absence.leave_by_month)


@cache
def _metrics(*overrides: str) -> pd.DataFrame:
    return replicate(composed(*overrides), 4, workers=2).metrics
