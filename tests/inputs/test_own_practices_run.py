"""Practices of the published telephony run; practices made up with known settings are found from their counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.calibration.fitting import measure
from pcqa_sim.calibration.matching import Aim, Found, Grid, match, scenario_with, values_at, values_of
from pcqa_sim.calibration.own import MEASURES, targets_of
from pcqa_sim.inputs.telephony import read_telephony
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.study.design.designs import read_ranges
from pcqa_sim.study.methods.replicate import replicate

TEN = ("J81002", "J81006", "J81009", "J81013", "J81014", "J81017", "J81018", "J81019", "J81020", "J81021")
COUNTED = ("calls_a_day", "calls_missed_percent", "appointments_a_day", "told_another_day_a_day")


@pytest.mark.slow
def test_each_of_the_ten_practices_runs_four_weeks(published: Callable[[str], Path]) -> None:
    """A twentieth of each list, at a demand level in proportion to its calls: what is tried is that it runs."""
    from pcqa_sim.results.run import simulate

    path = published("cbt_by_durations_2026-06_Y58_sample.csv")
    for code in TEN:
        (day,) = read_telephony(path, code)
        level = min(max(day.inbound / 400, 0.3), 3.0)
        weeks = ("run.warm_up_weeks=0", "run.measured_weeks=4")
        scenario = composed("practice=small", "practice.list_size=500", f"practice.demand_level={level}", *weeks)
        run = simulate(scenario, 1, 0)
        assert len(run.contacts) > 0


def of_size(list_size: int, weeks: tuple[int, int]) -> Scenario:
    """A small practice with so many patients, which settles for some weeks and is counted for others."""
    run = (f"run.warm_up_weeks={weeks[0]}", f"run.measured_weeks={weeks[1]}")
    return composed("practice=small", f"practice.list_size={list_size}", *run)


@cache
def seen_at(
    list_size: int, weeks: tuple[int, int], sought: tuple[str, ...], row: tuple[float, ...], times: int
) -> Grid:
    """Simulated values at a place, a row a replication: practices of one size share the points of their first wave."""
    base = of_size(list_size, weeks)
    aims = [Aim.of(target) for target in targets_of(counted(base, dict.fromkeys(COUNTED, 1.0))).targets]
    return values_of(replicate(scenario_with(base, values_at(read_ranges(sought), row)), times, seed=1), aims)


def counted(base: Scenario, counts: dict[str, float]) -> Practice:
    """The practice of a scenario with some counts of its own."""
    (practice,) = base.practices.values()
    return with_settings(practice, {"counts": counts})


@dataclass(frozen=True)
class Recovered:
    """What was found of a practice made up, and which settings it truly has."""

    found: dict[str, Found]
    truth: dict[str, float]

    def holds(self, key: str) -> bool:
        """Tell whether a setting's interval has the truth."""
        return self.found[key].low <= self.truth[key] <= self.found[key].high

    def off(self, key: str) -> float:
        """Return how far a setting's value is from the truth, in standard deviations by its 95 % interval."""
        found = self.found[key]
        return abs(found.value - self.truth[key]) / ((found.high - found.low) / 3.92)

    @property
    def identified(self) -> list[str]:
        """The settings that are told as identified."""
        return [key for key, one in self.found.items() if one.identified]


def recovered(seed: int, list_size: int, points: int, weeks: tuple[int, int], level: str = "0.5..1.7") -> Recovered:
    """Make a practice with known settings, count its month, find them again by two runs a point."""
    luck = np.random.default_rng(seed)
    truth = {"practice.demand_level": float(luck.uniform(0.8, 1.3)), "planned.level": float(luck.uniform(0.7, 1.4))}
    sought = (f"practice.demand_level={level}", "planned.level=0.4..1.8", "outcome.dna_rebook_share=0.2..0.6")
    base = of_size(list_size, weeks)
    (practice,) = base.practices.values()
    truth["outcome.dna_rebook_share"] = practice.outcome.dna_rebook_share
    seen = measure(replicate(scenario_with(base, truth), 1, seed=5000 + seed))
    measures = {key: MEASURES[key] for key in COUNTED}
    counts = {key: seen[one.metric, one.group].mean * one.factor(practice) for key, one in measures.items()}
    assert min(counts.values()) > 0
    aims = [Aim.of(target) for target in targets_of(counted(base, counts)).targets]

    def simulate(rows: Grid, times: int) -> Grid:
        return np.array([seen_at(list_size, weeks, sought, tuple(row), times) for row in rows.tolist()])

    found = match(read_ranges(sought), aims, simulate, points, 2, seed=1)
    return Recovered({one.key: one for one in found.found}, truth)


@pytest.mark.slow
def test_two_practices_made_up_are_found_again() -> None:
    """Both have the points of the first wave; a third is read from its files in `test_direct`."""
    for one in (recovered(seed, 400, 10, (1, 3), "0.3..3.0") for seed in (1, 2)):
        assert "practice.demand_level" in one.identified
        assert "outcome.dna_rebook_share" not in one.identified
        assert all(one.off(key) < 4 for key in one.truth)


@pytest.mark.soak
def test_twenty_practices_made_up_are_found_again() -> None:
    """What is told as identified is right nine times in ten; what such counts cannot tell is never told so."""
    all_found = [recovered(seed, 2000, 16, (4, 5)) for seed in range(20)]
    hits = [(key, one.holds(key)) for one in all_found for key in one.identified]
    names = {key: [good for known, good in hits if known == key] for key in all_found[0].truth}
    print("\n".join(f"{key}: {sum(good)} of {len(good)} identified hold; of 20" for key, good in names.items()))
    assert len(names["practice.demand_level"]) == 20
    assert not names["outcome.dna_rebook_share"]
    assert sum(good for _, good in hits) >= 0.9 * len(hits)
