"""Counting by day and by people's groups, held against plain counting; and the periods that are asked for."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from shortruns import run_of

from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics import Counted
from pcqa_sim.values.clock import DAY

RNG = np.random.default_rng(5)
SHORT = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=2")
DAYS = 14


@pytest.fixture(scope="module")
def counted() -> Counted:
    return run_of(*SHORT).counted["practice"]


def test_a_day_ends_with_its_last_instant(counted: Counted) -> None:
    """No time before midnight is divided to a whole number of days: the last one before each is tried."""
    at = [edge for day in range(1, DAYS + 1) for edge in (math.nextafter(day * DAY, 0.0), float(day * DAY))]
    expected = Counter(day for minute in at if (day := int(minute // DAY)) < DAYS)
    assert counted.by_day(at).tolist() == [expected[day] for day in range(DAYS)]
    midnights = np.arange(1.0, 10_000.0) * DAY
    last = np.nextafter(midnights, 0.0)
    assert (np.floor(last / DAY) == last // DAY).all()
    assert (np.floor(midnights / DAY) == midnights // DAY).all()


def test_nothing_is_counted_before_the_run(counted: Counted) -> None:
    with pytest.raises(ValueError, match="negative"):
        counted.by_day([-1.0])


def test_what_comes_after_the_run_is_left_out(counted: Counted) -> None:
    assert counted.by_day([0.0, DAYS * DAY - 1e-6, DAYS * DAY, 1e12], [1.0, 2.0, 4.0, 8.0]).sum() == 3.0


@pytest.mark.parametrize("weighed", [False, True])
def test_groups_of_people_are_counted_as_one_by_one(counted: Counted, weighed: bool) -> None:
    minutes, who = RNG.uniform(0, DAYS * DAY, 500), RNG.integers(0, len(counted.people), 500)
    weights = RNG.uniform(0, 1, 500) if weighed else None
    found = counted.counts_by_group(minutes, who, weights)
    people = counted.people
    for word, names, number in (
        ("segment", people.segments, people.segment),
        ("age", [name.removeprefix("age_") for name in people.ages], people.age),
        ("deprivation", [name.removeprefix("fifth_") for name in people.fifths], people.deprivation - 1),
    ):
        for place, name in enumerate(names):
            mine = np.asarray(number)[who] == place
            if (np.asarray(number) == place).any():
                plain = counted.by_day(minutes[mine], None if weights is None else weights[mine])
                assert found[f"{word}={name}"].tolist() == plain.tolist()
    assert found[""].tolist() == counted.by_day(minutes, weights).tolist()


def test_words_are_counted_as_one_by_one(counted: Counted) -> None:
    minutes = RNG.uniform(0, DAYS * DAY, 90)
    words = Words.of(RNG.choice(["a", "b", "c"], 90).tolist())
    found = counted.by_word(words, ("b", "a", "none"), minutes)
    assert list(found) == ["b", "a", "none"]
    for name, daily in found.items():
        assert daily.tolist() == counted.by_day(minutes[words == name]).tolist()


def test_fewer_periods_have_the_same_numbers() -> None:
    run = run_of(*SHORT)
    whole = run.measured().to_pandas()
    for periods, kept in (("all", "a"), ("weeks", "aw"), ("days", "awd")):
        expected = whole[whole["period"].str[0].isin(list(kept))].reset_index(drop=True)
        assert run.measured(periods).to_pandas().equals(expected)  # type: ignore[arg-type]
