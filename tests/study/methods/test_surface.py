from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pcqa_sim.study.methods.surface import Kind, fit_surface, folds, least_points, quadratic, terms
from pcqa_sim.values.faults import BadInput

Grid = NDArray[np.float64]


def bowl(at: Grid) -> Grid:
    """A quadratic with every kind of term."""
    return np.asarray(2 + at[:, 0] - 3 * at[:, 1] ** 2 + 4 * at[:, 0] * at[:, 2] - 0.5 * at[:, 2])


def wave(at: Grid) -> Grid:
    return np.asarray(np.sin(6 * at[:, 0]) + at[:, 1])


@pytest.fixture
def points() -> Grid:
    return np.random.default_rng(1).random((60, 3))


@pytest.fixture
def elsewhere() -> Grid:
    return np.random.default_rng(2).random((500, 3))


def test_a_quadratic_is_found_exactly(points: Grid, elsewhere: Grid) -> None:
    found = fit_surface(points, bowl(points), "quadratic")
    assert found.predict(elsewhere).mean == pytest.approx(bowl(elsewhere))
    assert found.error == pytest.approx(0, abs=1e-9)
    assert found.explained == pytest.approx(1)


def test_the_cross_validated_error_is_the_noise_there_is(points: Grid) -> None:
    """With noise of 0.1 the error at points left out is a little above 0.1, never below by more than chance."""
    errors = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.1, len(points))
        errors.append(fit_surface(points, bowl(points) + noise, "quadratic").error)
    middle, standard = float(np.mean(errors)), float(np.std(errors, ddof=1) / np.sqrt(len(errors)))
    expected = 0.1 * np.sqrt(1 + terms(3) / (len(points) * 0.9))
    assert middle == pytest.approx(expected, abs=4 * standard + 0.005)


def test_a_gaussian_process_follows_what_no_quadratic_can() -> None:
    luck = np.random.default_rng(4)
    points, elsewhere = luck.random((40, 2)), luck.random((300, 2))
    curved, straight = (fit_surface(points, wave(points), kind) for kind in ("gaussian", "quadratic"))  # type: ignore[arg-type]
    true = float(np.sqrt(((curved.predict(elsewhere).mean - wave(elsewhere)) ** 2).mean()))
    assert curved.error < 0.1 * straight.error
    assert true < 0.05
    assert curved.error == pytest.approx(true, abs=0.05)
    assert curved.explained > 0.99


def test_a_gaussian_process_does_not_chase_noise() -> None:
    luck = np.random.default_rng(5)
    points = luck.random((60, 2))
    found = fit_surface(points, points[:, 0] + luck.normal(0, 0.3, 60), "gaussian")
    grid = luck.random((200, 2))
    assert float(np.sqrt(((found.predict(grid).mean - grid[:, 0]) ** 2).mean())) < 0.2
    assert found.error == pytest.approx(0.3, abs=0.12)


@pytest.mark.slow
def test_the_better_kind_is_taken(points: Grid) -> None:
    assert fit_surface(points, bowl(points)).kind == "quadratic"
    two = points[:, :2]
    assert fit_surface(two, wave(two)).kind == "gaussian"


def test_nothing_to_explain() -> None:
    points = np.random.default_rng(1).random((12, 1))
    for kind in ("quadratic", "gaussian"):
        found = fit_surface(points, np.full(12, 0.3), kind)  # type: ignore[arg-type]
        assert found.predict(np.array([[0.5]])).mean[0] == pytest.approx(0.3)
        assert found.explained == 1


def test_pure_noise_is_not_explained() -> None:
    luck = np.random.default_rng(6)
    points = luck.random((80, 2))
    assert fit_surface(points, luck.normal(size=80), "quadratic").explained < 0.2


def test_a_point_left_out_is_not_seen() -> None:
    """One wild value changes the prediction at its own point only through the fits that leave it out: not at all."""
    points = np.random.default_rng(7).random((30, 1))
    values = points[:, 0].copy()
    before = fit_surface(points, values, "quadratic").left_out.mean
    values[4] += 100
    after = fit_surface(points, values, "quadratic").left_out.mean
    assert after[4] == pytest.approx(before[4])
    assert not np.allclose(after, before)


@pytest.mark.parametrize("kind", ["quadratic", "gaussian"])
def test_a_prediction_says_how_sure_it_is(kind: Kind) -> None:
    """What is simulated elsewhere lies within two standard deviations about 95 times of 100, and not always."""
    within, told = [], []
    for seed in range(8):
        luck = np.random.default_rng(seed)
        points, elsewhere = luck.random((40, 2)), luck.random((200, 2))
        noise = 0.1
        found = fit_surface(points, bent(points) + luck.normal(0, noise, 40), kind).predict(elsewhere)
        apart = np.abs(bent(elsewhere) + luck.normal(0, noise, 200) - found.mean)
        within.append(float((apart <= 1.96 * found.sd).mean()))
        told.append(float(found.sd.mean()))
    assert 0.90 < float(np.mean(within)) < 0.985
    assert 0.1 < float(np.mean(told)) < 0.14


@pytest.mark.parametrize("kind", ["quadratic", "gaussian"])
def test_a_prediction_far_from_all_points_is_less_sure(kind: Kind) -> None:
    luck = np.random.default_rng(3)
    points = luck.random((40, 1)) / 2
    found = fit_surface(points, np.sin(6 * points[:, 0]) + luck.normal(0, 0.05, 40), kind)
    near, far = found.predict(np.array([[0.25], [1.0]])).sd
    assert far > 2 * near


def bent(at: Grid) -> Grid:
    """A quadratic in two parameters."""
    return np.asarray(1 + at[:, 0] - 2 * at[:, 1] ** 2 + at[:, 0] * at[:, 1])


def test_as_many_points_as_terms_say_nothing_of_the_error() -> None:
    points = np.array([[0.0], [0.5], [1.0]])
    assert np.isinf(quadratic(points, points[:, 0])(np.array([[0.3]])).sd).all()


def test_folds_are_a_partition_and_the_same_each_time() -> None:
    for many in (7, 10, 33):
        parts = folds(many)
        assert sorted(np.concatenate(parts).tolist()) == list(range(many))
        assert len(parts) == min(10, many)
        assert all((one == other).all() for one, other in zip(parts, folds(many), strict=True))


def test_too_few_points_are_refused() -> None:
    assert (terms(3), least_points(3, "quadratic"), least_points(3, "gaussian")) == (10, 13, 10)
    points = np.random.default_rng(1).random((9, 3))
    for kind in ("quadratic", "gaussian", None):
        with pytest.raises(BadInput, match="needs at least"):
            fit_surface(points, bowl(points), kind)  # type: ignore[arg-type]
    least = np.random.default_rng(1).random((13, 3))
    assert fit_surface(least, bowl(least), "quadratic").error < 1e-6
