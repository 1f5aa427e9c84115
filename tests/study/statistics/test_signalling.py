from __future__ import annotations

import math

import numpy as np
import pytest

from pcqa_sim.study.statistics.signalling import weekly_sigma, weeks_to_signal
from pcqa_sim.study.statistics.xmr import NEAR, ONE_SIDE, OUTSIDE, Limits, signals_of
from pcqa_sim.values.luck import stream


def first_signal(shift: float, trial: int) -> float:
    """The week of the first signal above, by the rules themselves, on weeks drawn."""
    weeks = (shift + stream(3, trial, "signalling").normal(0, 1, 60)).tolist()
    own = Limits(0.0, -3.0, 3.0)
    for number in range(1, len(weeks) + 1):
        told = signals_of(weeks[:number], own)
        if any(one.above and one.rule in (OUTSIDE, ONE_SIDE, NEAR) for one in told):
            return number
    return math.inf


@pytest.mark.parametrize("shift", [1.0, 2.0, 3.5])
def test_half_of_all_charts_have_signalled_by_then(shift: float) -> None:
    drawn = [first_signal(shift, trial) for trial in range(300)]
    said = weeks_to_signal(shift, 1.0)
    assert said is not None
    assert abs(float(np.median(drawn)) - said) <= 1


def test_a_bigger_shift_shows_sooner_and_a_small_one_never() -> None:
    assert [weeks_to_signal(shift, 2.0) for shift in (-8.0, -2.0)] == [1, 8]
    assert weeks_to_signal(0.0, 1.0) is None
    assert weeks_to_signal(0.05, 1.0, sure=0.99) is None
    assert weeks_to_signal(1.0, 0.0) == 1
    assert weeks_to_signal(1.0, math.nan) is None


def test_the_spread_is_of_moving_ranges_within_each_series() -> None:
    assert weekly_sigma([[1.0, 3.0], [10.0, 11.0]]) == pytest.approx(2.66 / 3 * 1.5)
    assert math.isnan(weekly_sigma([[1.0], [math.nan, 2.0]]))
