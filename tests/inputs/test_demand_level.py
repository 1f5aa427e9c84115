from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcqa_sim.inputs.demand_level import MOST_EVALUATIONS, TOLERANCE, fit_demand_level, starting_level
from pcqa_sim.values.faults import BadInput


def counted(model: Callable[[float], float]) -> tuple[Callable[[float], float], list[float]]:
    asked: list[float] = []

    def run(level: float) -> float:
        asked.append(level)
        return model(level)

    return run, asked


def test_the_start_is_the_practice_against_england() -> None:
    assert starting_level(274, 10_000) == pytest.approx(1)


def test_a_start_that_fits_is_run_once() -> None:
    model, asked = counted(lambda level: 300 * level)
    fitted = fit_demand_level(300, model, 1.0)
    assert (fitted.level, fitted.simulated, fitted.evaluations, fitted.close) == (1.0, 300, 1, True)
    assert asked == [1.0]


@settings(max_examples=300)
@given(power=st.floats(0.6, 2.5), level=st.floats(0.06, 18), off=st.floats(0.4, 2.5))
def test_powers_are_found_in_a_few_runs(power: float, level: float, off: float) -> None:
    model, asked = counted(lambda x: 250 * x**power)
    target = model(level)
    asked.clear()
    fitted = fit_demand_level(target, model, level * off)
    assert fitted.close
    assert fitted.evaluations == len(asked) <= MOST_EVALUATIONS
    assert fitted.level in asked
    assert fitted.simulated == model(fitted.level) == pytest.approx(target, rel=TOLERANCE)


@pytest.mark.parametrize("level", [0.3, 0.8, 1.2, 2.5])
@pytest.mark.parametrize(
    "model",
    [
        lambda x: 200 * x + 120 * x / (1 + math.exp(-8 * (x - 1))),
        lambda x: 260 * x if x < 1 else 260 * x**3,
        lambda x: 40 + 200 * x,
        lambda x: 300 * x / (1 + 0.1 * x),
    ],
    ids=["tips over", "kinked", "never empty", "fills up"],
)
def test_other_shapes_are_found_too(model: Callable[[float], float], level: float) -> None:
    fitted = fit_demand_level(model(level), model, 1.0)
    assert fitted.close


def test_more_calls_need_a_higher_level() -> None:
    def model(x: float) -> float:
        return 250 * x**1.4

    levels = [fit_demand_level(target, model, 1.0).level for target in (150, 250, 400)]
    assert levels == sorted(levels)


def test_noise_ends_with_the_nearest_level() -> None:
    jump, asked = counted(lambda level: 100.0 if level < 1.3 else 400.0)
    fitted = fit_demand_level(220, jump, 1.0)
    assert not fitted.close
    assert fitted.simulated == 100
    assert len(asked) <= MOST_EVALUATIONS


def test_a_model_without_calls_at_first_is_stepped_out_of() -> None:
    fitted = fit_demand_level(300, lambda level: max(0.0, 200 * (level - 0.5)), 0.3)
    assert fitted.simulated == pytest.approx(300, rel=0.1)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (1.0, "no level from 0.05 to 20 gives 1.0 calls a day: at 0.05 the model gives 12.5"),
        (90_000, "at 20 the model gives 5,000.0"),
        (0, "needs calls above 0"),
        (-3, "needs calls above 0"),
        (math.nan, "needs calls above 0"),
    ],
)
def test_targets_out_of_reach_are_refused(target: float, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        fit_demand_level(target, lambda level: 250 * level, target / 250)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("calls", [math.nan, math.inf, -1.0])
def test_a_model_that_returns_no_number_is_an_error(calls: float) -> None:
    with pytest.raises(ValueError, match="the model gave"):
        fit_demand_level(300, lambda level: calls, 1.0)
