from __future__ import annotations

import numpy as np
import pytest

from pcqa_sim.study.statistics.selecting import KimNelson
from pcqa_sim.values.luck import stream

FIRST, LEAST = 5, 1.0


def selected(means: list[float], trial: int, most: int = 60) -> tuple[list[str], int]:
    """Who is left of scenarios with these means and common luck, and how many values that took of each at the most."""
    luck = stream(11, trial, "selecting")
    common = luck.normal(0, 3, most)
    values = {str(n): (mean + common + luck.normal(0, 0.7, most)).tolist() for n, mean in enumerate(means)}
    procedure = KimNelson(len(means), FIRST, LEAST)
    alive, many = list(values), FIRST
    while True:
        alive = procedure.still_in({name: values[name][:many] for name in alive}, alive)
        if len(alive) == 1 or many >= most:
            return alive, many
        many += FIRST


def test_the_best_is_kept_as_often_as_promised_and_the_others_go() -> None:
    found = [selected([0.0, 0.0, 0.0, 0.0, 1.0], trial) for trial in range(200)]
    assert sum(alive == ["4"] for alive, _ in found) >= 190
    assert np.mean([many for _, many in found]) < 40


def test_what_is_far_behind_goes_at_once() -> None:
    assert selected([0.0, 30.0], 1) == (["1"], FIRST)


def test_the_allowance_is_that_of_the_paper() -> None:
    """For two scenarios, five first values and an error of 5 %: eta = (0.1 ** -0.5 - 1) / 2, h squared 8 eta."""
    values = {"a": [0.0, 0.0, 0.0, 0.0, 0.0], "b": [2.0, 1.0, 3.0, 2.0, 2.0]}  # variance 0.5, mean 2
    eta = (0.1**-0.5 - 1) / 2
    for least, stays in ((1.0, False), (0.19, True)):
        allowed = max(0.0, least / 10 * (8 * eta * 0.5 / least**2 - 5))
        assert (allowed >= 2) is stays
        assert ("a" in KimNelson(2, FIRST, least).still_in(values, ["a", "b"])) is stays


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_nobody_goes_for_a_value_that_is_none(odd: float) -> None:
    values = {"a": [0.0] * 5, "b": [9.0, 9.0, odd, 9.0, 9.0]}
    assert KimNelson(2, FIRST, LEAST).still_in(values, ["a", "b"]) == ["a", "b"]


def test_what_is_the_same_stays_together() -> None:
    values = {"a": [1.0] * 5, "b": [1.0] * 5}
    assert KimNelson(2, FIRST, LEAST).still_in(values, ["a", "b"]) == ["a", "b"]
