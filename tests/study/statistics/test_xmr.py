"""XmR charts: limits by hand, each rule at its edge, missing points, changes, and how often noise alone signals."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from pcqa_sim.study.statistics.xmr import (
    NEAR,
    ONE_SIDE,
    OUTSIDE,
    RUN,
    TREND,
    Limits,
    chart,
    first_signal,
    limits,
    signals_of,
)

NAN = math.nan
UNIT = Limits(0.0, -3.0, 3.0)


def rules(*values: float) -> list[tuple[str, int, int, bool]]:
    return [(one.rule, one.first, one.last, one.above) for one in signals_of(values, UNIT)]


def test_limits_by_hand() -> None:
    found = limits([10, 12, 9, 11])
    assert found is not None
    moving = (2 + 3 + 2) / 3
    assert found.mean == 10.5
    assert (found.low, found.high) == pytest.approx((10.5 - 2.66 * moving, 10.5 + 2.66 * moving))
    assert limits([10, NAN, 12, 9, NAN, 11]) == found
    assert limits([1, 2]) is None


def test_a_point_outside() -> None:
    assert rules(0, 3.01, 0, -3.01) == [(OUTSIDE, 1, 1, True), (OUTSIDE, 3, 3, False)]
    assert rules(0, 3.0, 0, -3.0) == []


def test_seven_on_one_side_and_not_six() -> None:
    wave = [0.5, 0.2] * 4
    assert rules(*wave[:6], -0.1) == []
    assert rules(*wave[:7]) == [(ONE_SIDE, 0, 6, True)]
    assert rules(*wave[:6], 0.0, 0.5) == []
    assert rules(*wave[:3], NAN, *wave[3:7]) == [(ONE_SIDE, 0, 7, True)]


def test_seven_rising_and_not_six() -> None:
    up = [-0.6, -0.4, -0.2, 0.1, 0.2, 0.3, 0.4]
    assert (TREND, 0, 6, True) in rules(*up)
    assert not rules(*up[:6])
    assert (TREND, 0, 6, False) in rules(*(-value for value in up))


def test_two_of_three_near_a_limit_on_one_side() -> None:
    assert rules(2.1, 0, 2.2) == [(NEAR, 0, 2, True)]
    assert rules(2.1, 0, -2.2) == []
    assert rules(2.0, 0, 2.2) == []
    assert rules(-2.1, -2.5, 1) == [(NEAR, 0, 1, False)]


def test_limits_begin_anew_where_a_change_is_declared() -> None:
    values = [10, 11, 10, 11, 20, 21, 20, 21]
    (one,) = chart(values)
    before, after = chart(values, [4])
    assert one.signals
    assert (before.first, before.last, after.first, after.last) == (0, 3, 4, 7)
    assert before.limits is not None
    assert after.limits is not None
    assert (before.limits.mean, after.limits.mean) == (10.5, 20.5)
    assert not before.signals
    assert not after.signals


def test_noise_alone_signals_as_often_as_the_rules_say() -> None:
    """Beyond three sigma are 27 of 10,000; a run of seven begins in 1 of 128 places, a trend after 1/7! - 1/8!."""
    noise = np.random.default_rng(1).normal(size=60_000)
    found = list(signals_of(noise.tolist(), UNIT))
    outside = sum(one.rule == OUTSIDE for one in found) / len(noise)
    assert outside == pytest.approx(0.0027, abs=0.0006)
    runs = sum(one.rule == ONE_SIDE for one in found) / len(noise)
    assert runs == pytest.approx(0.5 * 0.5 ** (RUN - 1), abs=0.0012)
    near = sum(one.rule == NEAR for one in found) / len(noise)
    trends = sum(one.rule == TREND for one in found) / len(noise)
    assert trends == pytest.approx(2 * (1 / math.factorial(7) - 1 / math.factorial(8)), abs=0.00025)
    tail = 0.5 * math.erfc(2 / math.sqrt(2))
    assert near == pytest.approx(2 * (3 * tail**2 * (1 - tail) + tail**3), abs=0.0008)


SERIES = (Path(__file__).parents[2] / "data" / "xmr_limits.csv").read_text(encoding="utf-8").splitlines()[1:]
ROUNDED = 3 / 1.128 / 2.66


@pytest.mark.parametrize("line", SERIES, ids=range(len(SERIES)))
def test_limits_are_those_of_another_package(line: str) -> None:
    """Those of abspc 1.1.0, `calculate_control_limits(frame, "XmR")`, which takes 3 / 1.128 where 2.66 is published."""
    _, mean, low, high, *values = map(float, line.split(","))
    found = limits(values)
    assert found is not None
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert (found.high - found.mean) * ROUNDED == pytest.approx(high - mean, rel=1e-12)
    assert (found.mean - found.low) * ROUNDED == pytest.approx(mean - low, rel=1e-12)


STEADY = [10.0, 12.0] * 6


def test_the_first_signal_after_a_change() -> None:
    assert first_signal([*STEADY, 10, 12, 30], 12) == 3
    assert first_signal([*STEADY, *[12] * 7], 12) == 6  # the last week before the change was above the mean, too
    assert first_signal([*STEADY, *STEADY], 12) is None
    assert first_signal([*STEADY, NAN, 30], 12) == 2
    assert first_signal([10, 12], 2) is None


def test_a_signal_to_the_other_side_or_from_before_does_not_count() -> None:
    assert first_signal([*STEADY, 10, 30], 12, above=True) == 2
    assert first_signal([*STEADY, 10, 30], 12, above=False) is None
    old = [4, 20, 4, 20, 4, 14, 16, 14, 16, 14, 16, 14]  # seven above the mean before the change
    assert first_signal([*old, 16, 14], 12) is None


def test_a_chart_of_noise_signals_in_about_half_of_half_years() -> None:
    """Four rules and limits of twenty weeks: more than the rules alone, as limits are estimated too."""
    noise = np.random.default_rng(3).normal(size=(150, 46)).tolist()
    signals = sum(first_signal(values, 20) is not None for values in noise)
    assert 0.30 < signals / len(noise) < 0.60
