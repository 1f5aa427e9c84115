"""The 8am flood: people's response to scarcity, slow to come and slow to go."""

from __future__ import annotations

import pandas as pd
import pytest
from shortruns import composed

from pcqa_sim import replicate

pytestmark = pytest.mark.slow
WEEKS, FROM_WEEK = 8, 6  # measured after 8 to settle; in summer fewer are turned away, with more slots or without


def weeks(*overrides: str) -> pd.DataFrame:
    scenario = composed("practice=flood_8am", f"run.measured_weeks={WEEKS}", *overrides)
    frame = replicate(scenario, 4, workers=2).metrics
    mine = frame[(frame["metric"] == "share_0800_1000") & (frame["group"] == "") & frame["period"].str.startswith("w")]
    return mine.pivot(index="period", columns="replication", values="value")


@pytest.fixture(scope="module")
def as_it_is() -> pd.DataFrame:
    return weeks()


@pytest.fixture(scope="module")
def with_slots() -> pd.DataFrame:
    slots = "more_on_the_day_slots"
    return weeks(
        f"intervention=[{slots}]", f"intervention.{slots}.extra=30", f"intervention.{slots}.from_week={FROM_WEEK}"
    )


def test_the_flood_practice_is_at_the_top_of_the_published_panel(as_it_is: pd.DataFrame) -> None:
    assert as_it_is.to_numpy().mean() == pytest.approx(0.40, abs=0.03)


def test_more_slots_flatten_the_flood_over_weeks_and_not_at_once(
    as_it_is: pd.DataFrame, with_slots: pd.DataFrame
) -> None:
    change = with_slots - as_it_is
    number = change.index.str[1:].astype(int)
    before, at_once = change[number < FROM_WEEK], change[(number >= FROM_WEEK) & (number < FROM_WEEK + 2)]
    later = change[number >= FROM_WEEK + 3]
    assert (before == 0).all().all()
    assert later.mean().max() < -0.02
    assert later.to_numpy().mean() < at_once.to_numpy().mean() - 0.01
