from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from shortruns import composed

from pcqa_sim.asking import AskingTimes, Candidates, WeekProfile, week_candidates
from pcqa_sim.clock import DAY
from pcqa_sim.luck import world_key
from pcqa_sim.needs import need_number
from pcqa_sim.people import People, draw_people
from pcqa_sim.scenario.groups import Demand

WORLD = world_key(1, 0, "practice")


@pytest.fixture(scope="module")
def demand() -> Demand:
    return composed().practices["practice"].demand


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(WORLD, 4000, 0.6)


def week(people: People, demand: Demand, level: float = 1.0, number: int = 3) -> Candidates:
    return week_candidates(people, demand, level, number, WeekProfile(demand))


def by_number(candidates: Candidates) -> dict[int, tuple[float, int, int]]:
    columns = (candidates.number, candidates.minute, candidates.person, candidates.key)
    return {int(n): (float(m), int(p), int(k)) for n, m, p, k in zip(*columns, strict=True)}


def test_a_longer_list_adds_people_and_changes_none() -> None:
    few, many = draw_people(WORLD, 100, 0.6), draw_people(WORLD, 200, 0.6)
    assert (few.key == many.key[:100]).all()
    assert (few.trait == many.trait[:100]).all()


def test_the_trait_is_gamma_with_mean_one() -> None:
    trait = draw_people(WORLD, 50_000, 0.6).trait
    assert stats.kstest(trait, "gamma", args=(0.6, 0, 1 / 0.6)).pvalue > 1e-4


def test_needs_come_at_the_rate_set(people: People, demand: Demand) -> None:
    weeks = [week(people, demand, number=n) for n in range(40)]
    expected = demand.needs_per_1000_week * people.trait.sum() / 1000
    counts = np.array([len(w.minute) for w in weeks])
    assert abs(counts.mean() - expected) < 4 * np.sqrt(expected / 40)
    assert 0.4 < counts.var(ddof=1) / expected < 1.9


def test_needs_come_when_the_profile_says(people: People, demand: Demand) -> None:
    minutes = np.concatenate([week(people, demand, number=n).minute for n in range(40)])
    shares = np.histogram(minutes // DAY, bins=np.arange(8))[0] / len(minutes)
    assert shares == pytest.approx(list(demand.weekday_share.values()), abs=0.02)


def test_needs_are_in_order_and_have_their_own_numbers(people: People, demand: Demand) -> None:
    found = week(people, demand)
    assert (np.diff(found.minute) >= 0).all()
    assert len(set(found.number.tolist())) == len(found.number)


def test_raising_one_persons_rate_changes_only_that_persons_needs(demand: Demand) -> None:
    plain = draw_people(WORLD, 500, 0.6)
    chosen = int(np.argsort(plain.trait)[-20])
    raised = draw_people(WORLD, 500, 0.6, {chosen: 6.0})
    before, after, gained = {}, {}, 0
    for number in range(30):
        before |= by_number(week(plain, demand, number=number))
        after |= by_number(week(raised, demand, number=number))
    for number in before.keys() | after.keys():
        if number not in before:
            assert after[number][1] == chosen
            gained += 1
        else:
            assert before[number] == after[number]
    assert gained > 10


def test_a_higher_level_adds_needs_and_moves_none(people: People, demand: Demand) -> None:
    low, high = by_number(week(people, demand, 0.7)), by_number(week(people, demand, 1.6))
    assert low.items() <= high.items()
    assert len(high) / len(low) == pytest.approx(1.6 / 0.7, rel=0.1)


def test_a_person_without_needs_has_none(demand: Demand) -> None:
    nobody = draw_people(WORLD, 50, 0.6, dict.fromkeys(range(50), 0.0))
    assert len(week(nobody, demand).minute) == 0


def test_a_need_number_reads_as_person_kind_week_strip_index() -> None:
    assert need_number(8571, 1, 12, 0, 3) == 8571_01_0012_00_03


def test_asking_times_stay_within_opening_hours(demand: Demand) -> None:
    times = AskingTimes(demand.asking_profile.monday)
    minutes = [times.minute(480, 1110, u) for u in np.linspace(1e-9, 1 - 1e-9, 2001)]
    assert minutes[0] >= 480
    assert minutes[-1] < 1110
    assert minutes == sorted(minutes)
    profile = demand.asking_profile.monday
    within = sum(share for at, share in profile.items() if 480 <= at < 1110)
    first = sum(share for at, share in profile.items() if 480 <= at < 600)
    assert np.mean(np.array(minutes) < 600) == pytest.approx(first / within, abs=0.01)


def test_asking_times_where_nobody_asks_are_even() -> None:
    times = AskingTimes({0: 1.0, 480: 0.0})
    assert times.minute(480, 1080, 0.25) == 630
