"""Practices built so that what would help is known: `advise` names it first, and nothing where nothing would help."""

from __future__ import annotations

import pytest
from remedies import AT_ITS_BEST, CASES, advice_on

QUICKEST = ("too few call handlers", "nobody on the phone in the afternoon")


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        pytest.param(name, seed, marks=pytest.mark.slow if (name, seed) == (QUICKEST[0], 1) else pytest.mark.soak)
        for name in QUICKEST
        for seed in (1, 2, 3)
    ],
)
def test_the_known_remedy_comes_first(name: str, seed: int) -> None:
    assert [one.name for one in advice_on(CASES[name], seed, others=2, reps=5).helping[:1]] == [CASES[name].remedy]


@pytest.mark.slow
def test_nothing_helps_for_certain_at_its_best() -> None:
    assert advice_on(AT_ITS_BEST, 1, others=2, reps=5).helping == ()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(11, 21))
@pytest.mark.parametrize("name", CASES)
def test_every_known_remedy_comes_first(name: str, seed: int) -> None:
    assert [one.name for one in advice_on(CASES[name], seed).helping[:1]] == [CASES[name].remedy]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(11, 21))
def test_nothing_helps_at_its_best_whatever_luck_brings(seed: int) -> None:
    assert advice_on(AT_ITS_BEST, seed).helping == ()
