"""Champions: evenly they follow the closed form, by chance their master equation; idle groups do not grow."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm

from pcqa_sim.community.champions import Volunteers
from pcqa_sim.scenario.groups import Champions
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.luck import join
from pcqa_sim.values.native_luck import luck_of

START, MOST, GROWTH = 4, 20, 0.05


def grown(weeks: int, in_use: float = 1.0, seed: int = 1, people: int = 10_000, **more: object) -> float:
    rules = {"at_start_per_1000": START / 10, "most_per_1000": MOST / 10, "growth_per_week": GROWTH, "people_each": 5.0}
    volunteers = Volunteers(luck_of(join(5, seed)))
    volunteers.use(Champions.model_validate(rules | more), people)
    for day in range(1, weeks * 7 + 1):
        volunteers.grow(day * DAY, in_use)
    assert WEEK == 7 * DAY
    return volunteers.number


@pytest.mark.parametrize("weeks", [1, 26, 104])
def test_evenly_they_follow_the_closed_form(weeks: int) -> None:
    closed = MOST / (1 + (MOST / START - 1) * math.exp(-GROWTH * weeks))
    assert grown(weeks, by_chance=False) == pytest.approx(closed, rel=1e-9)


def test_half_as_busy_they_grow_half_as_fast() -> None:
    assert grown(52, in_use=0.5, by_chance=False) == pytest.approx(grown(26, by_chance=False), rel=1e-9)


@pytest.mark.parametrize("weeks", [13, 40])
def test_by_chance_they_follow_their_master_equation(weeks: int) -> None:
    states = np.arange(START, MOST + 1)
    rates = GROWTH * states * (1 - states / MOST)
    generator = np.diag(-rates) + np.diag(rates[:-1], 1)
    exact = expm(generator * weeks)[0]
    many = 1500
    found = np.bincount([int(grown(weeks, seed=seed)) for seed in range(many)], minlength=MOST + 1)[START:] / many
    errors = np.sqrt(np.maximum(exact * (1 - exact), 1e-4) / many)
    assert (np.abs(found - exact) < 4.5 * errors).all()
    mean, variance = exact @ states, exact @ states**2 - (exact @ states) ** 2
    assert abs(found @ states - mean) < 4 * math.sqrt(variance / many)


def test_nobody_grows_from_nobody_nor_in_idle_groups() -> None:
    assert grown(52, at_start_per_1000=0.0) == 0
    assert grown(52, in_use=0.0) == START


def test_whoever_begins_begins_with_one_person_at_least() -> None:
    """0.4 champions for every 1,000 are none among 800, and a scheme without anybody would never begin."""
    assert grown(0, people=800) == 1
    assert grown(104, people=800) > 1
    assert grown(0, people=2600) == 1
    assert grown(0, people=10_000) == 4
