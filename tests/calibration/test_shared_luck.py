"""What luck does to targets: their spread, what moves together, and what the points of a fit lack."""

from __future__ import annotations

import numpy as np
import pytest

from pcqa_sim.calibration.shared_luck import correlations, covariance


def months(many: int, seed: int, together: float) -> np.ndarray:  # type: ignore[type-arg]
    luck = np.random.default_rng(seed)
    common = luck.standard_normal((many, 1))
    return together * common + (1 - together**2) ** 0.5 * luck.standard_normal((many, 3))


def test_what_moves_together_is_seen_and_what_does_not_is_shrunk_away() -> None:
    alike = np.array([correlations(months(10, seed, 0.95))[0, 1] for seed in range(40)])
    apart = np.array([correlations(months(10, seed, 0.0))[0, 1] for seed in range(40)])
    assert alike.mean() == pytest.approx(0.95**2, abs=0.08)
    assert np.abs(apart).mean() < 0.2  # a plain correlation of ten is off by a quarter on the average
    assert abs(apart.mean()) < 4 * apart.std() / 40**0.5


def test_few_replications_say_less() -> None:
    """The spread is widened by Student's t, and by the luck of the mean that stands beside the practice's month."""
    found = {many: np.mean([covariance(months(many, s, 0.5), 1)[0, 0] for s in range(30)]) for many in (5, 40)}
    assert found[5] == pytest.approx(2 * (2.776 / 1.96) ** 2, rel=0.45)
    assert found[40] == pytest.approx(2 * (2.023 / 1.96) ** 2, rel=0.15)
    seen = months(10, 1, 0.5)
    assert covariance(seen, 4)[0, 0] == pytest.approx(covariance(seen, 1)[0, 0] * 1.25 / 2)


def test_what_some_months_lack_is_moved_by_itself() -> None:
    found = covariance(np.array([[4.0, 1.0, np.nan], [8.0, 1.0, 2.0], [9.0, 1.0, 4.0]]), 1)
    assert found[1].tolist() == [0.0, 0.0, 0.0]  # what never differs
    assert found[2, 0] == 0.0
    assert found[2, 2] > 0
    assert np.linalg.eigvalsh(covariance(months(4, 1, 0.9), 2)).min() > -1e-9
