from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from synthetic import simulator

from pcqa_sim.study.methods.size import MEETS, MISSES, OPEN, Search, Sized, one_sided, verdict_at
from pcqa_sim.study.methods.trials import Trial

Curve = Callable[[float], float]
VALUES = [float(value) for value in range(3, 13)]
REPEATS = 150


def falling(x: float) -> float:
    """0.3 at 3, under 0.1 from 9 on."""
    return 0.3 * math.exp(-0.2 * (x - 3))


def bent(x: float) -> float:
    """Lowest at 7, at most 0.065 from 6 to 8."""
    return 0.05 + 0.01 * abs(x - 7)


def waving(x: float) -> float:
    return 0.1 + 0.02 * math.cos(1.2 * x)


def search(
    curve: Curve, bound: float, shared: float, apart: float, seed: int, values: Sequence[float] = VALUES
) -> Sized:
    return Search(simulator(curve, shared, apart, seed), values, lambda value: value - bound).run()


def truth(curve: Curve, bound: float) -> float | None:
    return next((value for value in VALUES if curve(value) <= bound), None)


def wrong(found: Sized, answer: float | None) -> bool:
    """An answer is wrong where it is not the true one and the true one was not said to be in doubt."""
    return found.answer != answer and answer not in found.doubtful


@pytest.mark.parametrize(
    ("curve", "bound", "shared", "apart", "way"),
    [
        (falling, 0.1, 0.01, 0.005, "bisection"),
        (falling, 0.1, 0.05, 0.02, "bisection"),
        (bent, 0.065, 0.01, 0.003, "ranking and selection"),
        (bent, 0.065, 0.02, 0.01, "ranking and selection"),
        (waving, 0.1, 0.02, 0.01, "ranking and selection"),
    ],
)
def test_the_right_answer_is_covered_as_stated(
    curve: Curve, bound: float, shared: float, apart: float, way: str
) -> None:
    """In 95 % of repeats and more the answer is right, or the right one is said to be in doubt; never too small."""
    answer = truth(curve, bound)
    found = [search(curve, bound, shared, apart, seed) for seed in range(REPEATS)]
    missed = sum(wrong(one, answer) for one in found)
    assert missed / REPEATS <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / REPEATS)
    too_small = sum(one.answer is not None and curve(one.answer) > bound for one in found)
    assert too_small / REPEATS <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / REPEATS)
    assert Counter(one.way for one in found).most_common(1)[0][0] == way


def test_with_little_luck_the_answer_is_exact_and_halving_saves_runs() -> None:
    found = search(falling, 0.1, 0.001, 0.0005, 1)
    assert (found.answer, found.way, found.doubtful, found.binds) == (9.0, "bisection", (), None)
    assert len(found.tried) < len(VALUES)
    bend = search(bent, 0.065, 0.001, 0.0005, 1)
    assert (bend.answer, bend.way, bend.better_with_more) == (6.0, "ranking and selection", None)


def test_a_finer_grid_costs_few_runs_more() -> None:
    fine = [3 + 0.01 * at for at in range(901)]
    found = search(falling, 0.1, 0.001, 0.0005, 1, fine)
    exact = 3 + math.log(3) / 0.2
    assert found.answer == pytest.approx(exact, abs=0.05)
    assert len(found.tried) < 20


def test_the_bounds_bind_and_are_said_to() -> None:
    low = search(falling, 0.31, 0.001, 0.0005, 1)
    assert (low.answer, low.binds) == (3.0, "low")
    high = search(falling, 0.3 * math.exp(-1.75), 0.001, 0.0005, 1)
    assert (high.answer, high.binds) == (12.0, "high")
    never = search(falling, 0.01, 0.001, 0.0005, 1)
    assert (never.answer, never.binds, never.better_with_more) == (None, "high", True)
    assert never.level_from == 12.0


def test_where_more_makes_it_worse_the_least_is_enough_and_the_most_is_said() -> None:
    found = search(lambda x: 0.01 * x, 0.075, 0.001, 0.0005, 1)
    assert (found.answer, found.largest, found.binds, found.better_with_more) == (3.0, 7.0, "low", False)
    never = search(lambda x: 0.01 * x, 0.01, 0.001, 0.0005, 1)
    assert (never.answer, never.binds) == (None, "low")


def test_where_it_levels_off_is_said() -> None:
    found = search(lambda x: max(0.2, 0.6 - 0.1 * (x - 3)), 0.1, 0.0, 0.0, 1)
    assert (found.answer, found.level_from) == (None, 7.0)


def test_a_flat_metric_has_no_direction() -> None:
    found = search(lambda _: 0.08, 0.1, 0.01, 0.005, 1)
    assert (found.answer, found.way) == (3.0, "ranking and selection")


def test_a_target_of_at_least_is_the_mirror() -> None:
    found = Search(simulator(lambda x: -falling(x), 0.001, 0.0005, 1), VALUES, lambda value: -0.1 - value).run()
    assert found.answer == 9.0


def test_no_trial_is_asked_for_twice_and_replications_count_from_0() -> None:
    asked: list[Trial] = []
    inner = simulator(falling, 0.05, 0.02, 3)

    def counted(trials: Sequence[Trial]) -> list[float]:
        asked.extend(trials)
        return inner(trials)

    found = Search(counted, VALUES, lambda value: value - 0.1).run()
    assert len(asked) == len(set(asked)) == sum(one.found.replications for one in found.tried)
    for one in found.tried:
        mine = sorted(replication for (value,), replication in asked if value == one.value)
        assert mine == list(range(one.found.replications))


def test_two_values_are_enough_for_a_search() -> None:
    assert search(falling, 0.25, 0.001, 0.0005, 1, [3.0, 12.0]).answer == 12.0


@pytest.mark.parametrize(
    ("shortfalls", "said"),
    [
        ([-0.1, -0.11, -0.09, -0.1, -0.1], MEETS),
        ([0.1, 0.11, 0.09, 0.1, 0.1], MISSES),
        ([0.1, -0.1, 0.05, -0.06, 0.0], OPEN),
        ([0.0, 0.0, 0.0], MEETS),
        ([-0.1, -0.1], MEETS),
        ([0.1, 0.1], MISSES),
        ([0.1], OPEN),
        ([math.nan, -0.1, -0.1], MEETS),
        ([], OPEN),
    ],
)
def test_the_verdict_on_a_value(shortfalls: list[float], said: str) -> None:
    assert verdict_at(np.array(shortfalls), 0.01) == said


def test_one_sided_p_values_add_up_to_one() -> None:
    below, above = one_sided(np.array([0.3, -0.1, 0.4]))
    assert below + above == pytest.approx(1)
    assert below > above
