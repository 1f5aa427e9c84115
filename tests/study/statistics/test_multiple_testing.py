from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from pcqa_sim.study.statistics.multiple_testing import LEVEL, holm, paired_p


@pytest.mark.parametrize(
    ("given", "worked"),
    [
        # By hand: 0.005 x 4; 0.01 x 3; 0.03 x 2; 0.04 x 1 but not below the one before.
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        # Holm (1979): 0.02 x 2 = 0.04, then 0.9; a plain Bonferroni would give 1 for the second.
        ([0.9, 0.02], [0.9, 0.04]),
        ([0.6, 0.7], [1.0, 1.0]),
        ([0.03], [0.03]),
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
        ([], []),
    ],
)
def test_holm_by_hand(given: list[float], worked: list[float]) -> None:
    assert holm(given) == pytest.approx(worked)


def test_what_has_no_p_value_is_no_look() -> None:
    adjusted = holm([0.03, math.nan, 0.01])
    assert adjusted[0] == pytest.approx(0.03)
    assert math.isnan(adjusted[1])
    assert adjusted[2] == pytest.approx(0.02)


def test_holm_keeps_the_family_wise_error() -> None:
    """With eight true null hypotheses, at least one is called false in 5 % of families, not in a third of them."""
    luck = np.random.default_rng(7)
    families, wrong = 2000, 0
    for _ in range(families):
        apart = luck.normal(size=(8, 10))
        wrong += any(p <= LEVEL for p in holm([paired_p(row.tolist()) for row in apart]))
    allowed = LEVEL + 4 * math.sqrt(LEVEL * (1 - LEVEL) / families)
    assert wrong / families <= allowed


def test_the_p_value_is_student_s() -> None:
    apart = [0.3, -0.1, 0.4, 0.2, 0.05]
    assert paired_p(apart) == pytest.approx(stats.ttest_1samp(apart, 0).pvalue)
    assert paired_p([*apart, math.nan]) == pytest.approx(paired_p(apart))


def test_differences_without_spread() -> None:
    assert paired_p([0.0, 0.0, 0.0]) == 1
    assert paired_p([0.5, 0.5, 0.5]) == 0
    assert math.isnan(paired_p([0.5]))
