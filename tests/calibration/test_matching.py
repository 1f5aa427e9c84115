"""History matching: known values come back within their intervals, and what the targets cannot tell is named."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.calibration import matching
from pcqa_sim.calibration.matching import Aim, Grid, Match, Simulate, match, points_for, scenario_with, values_at
from pcqa_sim.calibration.targets import Target
from pcqa_sim.study.design.designs import read_ranges
from pcqa_sim.study.methods.surface import fit_surface
from pcqa_sim.values.faults import BadInput

RANGES = read_ranges(["practice.demand_level=0.5..2.0", "planned.level=0.5..2.0", "outcome.dna_rebook_share=0.1..0.9"])


def aim(published: float, share: float = 0.05) -> Aim:
    row = {"words": "x", "metric": "calls_per_working_day", "published": published, "how": "fitted"}
    return Aim.of(Target.model_validate(row | {"from": published * (1 - share), "to": published * (1 + share)}))


def model(points: Grid) -> Grid:
    """Calls and appointments, roughly: both grow with needs, one with planned care; rebooking does not show."""
    demand, planned = 0.5 + 1.5 * points[:, 0], 0.5 + 1.5 * points[:, 1]
    return np.column_stack([200 * demand**1.2, 150 * demand**0.7 + 80 * planned])


def plain(curve: Callable[[Grid], Grid]) -> Simulate:
    """A simulator without luck."""
    return lambda points, times: np.repeat(curve(points)[:, None, :], times, axis=1)


def lucky(curve: Callable[[Grid], Grid], luck: Grid) -> Simulate:
    """A simulator whose replications each have luck of their own, a row of relative errors, the same at all points."""
    return lambda points, times: curve(points)[:, None, :] * (1 + luck[None, :times])


def calls(points: Grid) -> Grid:
    return 200 * (0.5 + 1.5 * points[:, :1])


def test_the_luck_of_one_replication_widens_what_is_found() -> None:
    own = 0.15 * np.random.default_rng(1).standard_normal((10, 1))
    narrow, wide = (match(RANGES[:1], [aim(200.0)], one, 8, 2, 1).found[0] for one in (plain(calls), lucky(calls, own)))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_targets_that_luck_moves_together_are_one_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practices made up whose three counts have nearly the same luck: intervals hold, as if there were one of them."""
    monkeypatch.setattr(matching, "fit_surface", partial(fit_surface, kind="quadratic"))
    monkeypatch.setattr(matching, "_SAMPLE", 512)

    def curve(points: Grid) -> Grid:
        return np.repeat(calls(points), 3, axis=1)

    held, width = [], []
    for seed in range(40):
        luck = np.random.default_rng(seed)
        own = 0.12 * luck.standard_normal((11, 1)) + 0.03 * luck.standard_normal((11, 3))
        truth = float(luck.uniform(0.9, 1.5))
        counts = 200 * truth * (1 + own[10])
        found = match(RANGES[:1], [aim(one, 0.01) for one in counts], lucky(curve, own[:10]), 8, 2, seed).found[0]
        held.append(found.low <= truth <= found.high)
        width.append(found.high - found.low)
    assert np.mean(held) >= 0.95 - 4 * math.sqrt(0.95 * 0.05 / 40)
    assert 0.4 < np.mean(width) < 1.0  # 3.92 times an eighth is half; few replications and the mean's own luck widen it


def matched(truth: tuple[float, float], seed: int) -> Match:
    luck = np.random.default_rng(seed)
    counted = model(np.array([[(truth[0] - 0.5) / 1.5, (truth[1] - 0.5) / 1.5, 0.5]]))[0]
    aims = [aim(one) for one in (counted * (1 + 0.01 * luck.standard_normal(2))).tolist()]
    return match(RANGES, aims, lucky(model, 0.01 * luck.standard_normal((10, 2))), 16, 2, seed)


def test_known_values_come_back_and_the_unknowable_is_named() -> None:
    inside, tried = 0, 0
    for seed in range(3):
        luck = np.random.default_rng(1000 + seed)
        truth = (float(luck.uniform(0.7, 1.6)), float(luck.uniform(0.7, 1.8)))
        found = {one.key: one for one in matched(truth, seed).found}
        assert found["practice.demand_level"].identified
        assert not found["outcome.dna_rebook_share"].identified
        for value, key in zip(truth, ("practice.demand_level", "planned.level"), strict=True):
            tried += 1
            inside += found[key].low <= value <= found[key].high
    assert inside >= tried - 1 == 5


def test_targets_that_no_value_gives_are_told() -> None:
    found = match(RANGES, [aim(5000.0)], plain(lambda points: model(points)[:, :1]), 15, 1, 1)
    assert not found.possible
    first = found.found[0]
    assert first.value > 1.8
    assert not first.identified  # the nearest of what is impossible has no interval, and is not written
    assert (first.low, first.high) == (first.range_low, first.range_high)


def test_a_heavier_target_is_kept_more_closely() -> None:
    """Two targets of one setting that contradict each other: the heavier wins."""
    ranges = RANGES[:1]
    one = {"words": "x", "metric": "m", "published": 1.0, "from": 0.9, "to": 1.1, "how": "fitted"}
    two = one | {"published": 2.0, "from": 1.8, "to": 2.2}

    def both(points: Grid) -> Grid:
        return np.column_stack([0.5 + 1.5 * points[:, 0]] * 2)

    light, heavy = (Target.model_validate(row) for row in (one, two))
    found = match(ranges, [Aim.of(light), Aim.of(heavy, 100)], plain(both), 8, 1, 1)
    assert found.found[0].value > 1.8


def test_a_target_without_values_says_nothing() -> None:
    def curve(points: Grid) -> Grid:
        return np.column_stack([calls(points), np.full(len(points), np.nan)])

    found = match(RANGES[:1], [aim(200.0), aim(1.0)], plain(curve), 8, 1, 1)
    assert found.found[0].value == pytest.approx(1.0, abs=0.05)
    assert len(found.fits) == 1
    with pytest.raises(BadInput, match="none of them has a value"):
        match(RANGES[:1], [aim(1.0)], plain(lambda points: np.full((len(points), 1), np.nan)), 8, 1, 1)


def test_settings_are_laid_into_a_scenario_and_faults_told() -> None:
    scenario = composed("practice=small", "practice.list_size=500")
    made = scenario_with(scenario, {"practice.demand_level": 1.3, "phones.lines": 4.4})
    (practice,) = made.practices.values()
    assert (practice.demand_level, practice.phones.lines) == (1.3, 4)
    for values in ({"phones.linez": 1.0}, {"practice.name": 1.0}, {"phones.lines.x": 1.0}):
        with pytest.raises(BadInput, match="is no setting that is a number"):
            scenario_with(scenario, values)
    with pytest.raises(BadInput, match="demand_level=-1"):
        scenario_with(scenario, {"practice.demand_level": -1.0})
    assert values_at(read_ranges(["phones.lines=3..6"]), [0.99]) == {"phones.lines": 6.0}
    with pytest.raises(BadInput, match="for 3 settings at least"):
        points_for(RANGES, 4)
