from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim.values.distributions import (
    Choice,
    Deterministic,
    Distribution,
    Exponential,
    LogNormal,
    Mixture,
    Uniform,
)

GRID = (np.arange(200_000) + 0.5) / 200_000
ALL = [
    Deterministic(3.0),
    Exponential(26.5),
    Uniform(1.0, 4.0),
    LogNormal.from_median(1.7, 0.745),
    LogNormal.from_mean(9.22, 0.53),
    Mixture(0.08, Uniform(0.0, 1.5), Exponential(26.5)),
]


@pytest.mark.parametrize("distribution", ALL, ids=lambda distribution: type(distribution).__name__)
def test_the_mean_is_the_mean_of_the_quantiles(distribution: Distribution) -> None:
    drawn = np.array([distribution.quantile(u) for u in GRID])
    assert drawn.mean() == pytest.approx(distribution.mean, rel=2e-3)
    assert (drawn >= 0).all()


@pytest.mark.parametrize(
    "distribution",
    [distribution for distribution in ALL if not isinstance(distribution, Mixture)],
    ids=lambda distribution: type(distribution).__name__,
)
def test_more_luck_is_never_less(distribution: Distribution) -> None:
    drawn = [distribution.quantile(u) for u in GRID[::500]]
    assert drawn == sorted(drawn)


def test_known_quantiles() -> None:
    assert Exponential(10.0).quantile(0.5) == pytest.approx(10 * math.log(2))
    assert LogNormal.from_median(1.7, 0.745).quantile(0.5) == pytest.approx(1.7)
    assert Uniform(1, 4).quantile(0.25) == 1.75


def test_log_normal_by_mean_and_variation() -> None:
    distribution = LogNormal.from_mean(4.0, 0.6)
    drawn = np.array([distribution.quantile(u) for u in GRID])
    assert distribution.mean == pytest.approx(4.0)
    assert drawn.std() / drawn.mean() == pytest.approx(0.6, rel=0.01)


def test_a_log_normal_through_published_bands() -> None:
    """The four published bands of call length give the evidence table's median of about 102 seconds."""
    distribution = LogNormal.from_bands([60, 120, 300], [0.228, 0.355, 0.335, 0.083])
    assert distribution.quantile(0.5) == pytest.approx(102, abs=4)
    assert distribution.sigma == pytest.approx(0.745, abs=0.03)


@given(st.floats(10, 300), st.floats(0.3, 1.5))
def test_bands_of_a_log_normal_give_it_back(median: float, sigma: float) -> None:
    truth = LogNormal.from_median(median, sigma)
    drawn = np.array([truth.quantile(u) for u in GRID[::20]])
    edges = np.quantile(drawn, [0.2, 0.4, 0.6, 0.8])
    counts = np.histogram(drawn, [0, *edges, np.inf])[0]
    fitted = LogNormal.from_bands(edges.tolist(), counts.tolist())
    assert math.exp(fitted.mu) == pytest.approx(median, rel=0.02)
    assert fitted.sigma == pytest.approx(sigma, rel=0.05)


@pytest.mark.parametrize(
    "make",
    [
        lambda: LogNormal.from_bands([60], [5, 0]),
        lambda: LogNormal.from_bands([60], [5, 1, 2]),
        lambda: Choice(("a",), (0.0,)),
        lambda: Choice(("a", "b"), (1.0,)),
        lambda: Choice(("a", "b"), (1.5, -0.5)),
    ],
)
def test_what_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        make()  # type: ignore[operator]


def test_a_mixture_splits_one_uniform() -> None:
    distribution = Mixture(0.08, Uniform(0.0, 1.5), Exponential(26.5))
    assert distribution.quantile(0.04) == pytest.approx(0.75)
    assert distribution.quantile(0.54) == pytest.approx(26.5 * math.log(2))
    assert Mixture(0.0, Deterministic(1), Exponential(5)).mean == 5
    assert Mixture(1.0, Deterministic(1), Exponential(5)).quantile(0.9) == 1


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8).filter(lambda s: sum(s) > 1e-6), st.floats(1e-12, 1 - 1e-12))
def test_a_choice_never_picks_what_has_no_share(shares: list[float], u: float) -> None:
    names = tuple(str(i) for i in range(len(shares)))
    picked = int(Choice(names, tuple(shares)).pick(u))
    assert shares[picked] > 0


def test_choices_come_in_their_shares() -> None:
    choice = Choice(("a", "b", "c"), (2.0, 0.0, 6.0))
    picked = [choice.pick(u) for u in GRID[::100]]
    assert picked.count("a") / len(picked) == pytest.approx(0.25, abs=1e-3)
    assert picked.count("b") == 0
