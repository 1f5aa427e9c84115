from __future__ import annotations

import math

import pytest
from synthetic import simulator

from pcqa_sim.study.methods.frontier import Frontier, frontier, thin
from pcqa_sim.study.methods.size import MEETS, MISSES
from pcqa_sim.study.methods.trials import Point

AXES = ([0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 4.0])


def curve(one: float, two: float) -> float:
    """The first helps much, the second a little: 0.1 is met by (1, 4), (2, anything), (3, anything)."""
    return 0.2 - 0.06 * min(one, 2) - 0.011 * two


def cost(point: Point) -> float:
    return 10 * point[0] + point[1]


def tried(noise: float = 0.0005, bound: float = 0.1, seed: int = 1) -> Frontier:
    return frontier(simulator(curve, 10 * noise, noise, seed), AXES, cost, lambda value: value - bound)


def test_the_cheapest_that_is_enough() -> None:
    found = tried()
    assert found.cheapest is not None
    assert (found.cheapest.point, found.cheapest.cost) == ((1.0, 4.0), 14.0)
    assert found.doubtful == ()


def test_every_combination_is_there_by_cost() -> None:
    found = tried()
    assert len(found.combinations) == 12
    assert [one.cost for one in found.combinations] == sorted(one.cost for one in found.combinations)
    assert not found.thinned


def test_nothing_on_the_frontier_is_beaten() -> None:
    """A third unit of the first setting gives nothing: no combination with it is on the frontier."""
    found = tried()
    assert [one.point for one in found.edge] == [(0, 0), (0, 2), (0, 4), (1, 0), (1, 2), (1, 4), (2, 0), (2, 2), (2, 4)]
    means = [one.found.mean for one in found.edge]
    assert means == sorted(means, reverse=True)


def test_a_difference_that_is_luck_makes_no_frontier() -> None:
    flat = frontier(simulator(lambda *_: 0.2, 0.05, 0.02, 3), AXES, cost, lambda value: value - 0.1)
    assert len(flat.edge) <= 3
    assert flat.edge[0].point == (0, 0)


def test_no_combination_may_be_enough() -> None:
    found = tried(bound=0.01)
    assert found.cheapest is None
    assert {one.verdict for one in found.combinations} == {MISSES}


def test_the_cheapest_is_seldom_wrong() -> None:
    repeats, wrong, bound = 60, 0, 0.1
    for seed in range(repeats):
        found = tried(0.004, bound, seed)
        if found.cheapest is None or curve(*found.cheapest.point) > bound:
            wrong += 1
        elif found.cheapest.point != (1.0, 4.0):
            wrong += (1.0, 4.0) not in [one.point for one in found.doubtful]
    assert wrong / repeats <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / repeats)


def test_only_what_could_be_the_answer_is_tried_again() -> None:
    """What costs more than a combination that is enough is left alone from then on."""
    found = tried(0.004)
    assert found.cheapest is not None
    most = found.cheapest.found.replications
    assert all(one.found.replications <= most for one in found.combinations if one.cost > found.cheapest.cost)
    dearest = found.combinations[-1]
    assert dearest.verdict == MEETS
    assert dearest.found.replications < 40


@pytest.mark.parametrize(("many", "left"), [(5, 5), (8, 8), (9, 8), (100, 8)])
def test_long_axes_are_thinned_and_keep_both_ends(many: int, left: int) -> None:
    values = [float(at) for at in range(many)]
    kept = thin(values)
    assert len(kept) == left
    assert (kept[0], kept[-1]) == (0, many - 1)


def test_thinning_is_said() -> None:
    wide = [float(at) for at in range(20)]
    found = frontier(simulator(curve, 0, 0, 1), (wide, AXES[1]), cost, lambda value: value - 0.1)
    assert found.thinned
