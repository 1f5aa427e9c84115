"""Promises: the share of days and half hours that keep them, over replications; strings nobody can mean are refused."""

from __future__ import annotations

import pandas as pd
import pytest

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.statistics.promise import HALF_HOURS, kept, read_promises
from pcqa_sim.values.faults import BadInput


def metrics(*rows: tuple[int, str, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["replication", "period", "metric", "group", "value"])
    return frame.assign(practice="p")


DAYS = metrics(
    (0, "d007", "missed_share", "", 0.05),
    (0, "d008", "missed_share", "", 0.051),
    (1, "d007", "missed_share", "", 0.01),
    (1, "d008", "missed_share", "", 0.02),
    (0, "d007", "missed_half_hour_share", "from=0800", 0.5),
    (0, "d007", "missed_half_hour_share", "from=0830", 0.0),
    (0, "d008", "missed_half_hour_share", "from=0800", 0.0),
    (0, "d008", "missed_half_hour_share", "from=0900", 0.0),
    (0, "all", "missed_share", "", 0.9),
    (0, "w01", "missed_share", "", 0.9),
    (0, "d007", "missed_share", "age=0_4", 0.9),
)


def test_days_and_half_hours_that_keep_it_each_replication_by_itself() -> None:
    (promise,) = read_promises(["missed_share<=0.05"], "p")
    found = kept(promise, DAYS)
    assert found.days is not None
    assert found.days.mean == 0.75
    assert (found.days.low, found.days.high, found.days.replications) == (0.0, 1.0, 2)
    assert found.half_hours is not None
    assert (found.half_hours.mean, found.half_hours.replications) == (0.75, 1)


def test_only_some_days() -> None:
    (promise,) = read_promises(["missed_share>=0.05"], "p")
    found = kept(promise, DAYS, range(8, 9))
    assert found.days is not None
    assert found.days.mean == 0.5
    none = kept(promise, DAYS, range(20, 30))
    assert none.days is None
    assert none.half_hours is None


def test_nine_of_ten_is_nine_in_ten() -> None:
    (promise,) = read_promises(["answered_share>=90%"], "p")
    found = kept(promise, metrics((0, "d001", "answered_share", "", 1 - 0.1)))
    assert found.days is not None
    assert found.days.mean == 1.0


def test_half_hours_are_of_metrics_that_there_are() -> None:
    assert {*HALF_HOURS, *HALF_HOURS.values()} <= set(METRICS)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["missed_share<=0.05", "missed_share<=5%"], "--promise: missed_share<=0.05: is given twice"),
        ([f"missed_share<=0.0{n}" for n in range(1, 7)], "--promise: 6: at most 5"),
        (["missed_share<0.05"], "did you mean missed_share<=0.05"),
        (["answered_share>=1.5"], "a share is from 0 to 1"),
        (["mised_share<=0.05"], "did you mean missed_share"),
    ],
)
def test_what_nobody_can_mean_is_refused(texts: list[str], said: str) -> None:
    with pytest.raises(BadInput, match="promise") as refused:
        read_promises(texts, "p")
    assert said in str(refused.value)
    assert str(refused.value).count("\n") == 0
