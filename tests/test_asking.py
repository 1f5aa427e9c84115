from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from shortruns import composed

from pcqa_sim.asking import AskingTimes, Candidates, WeekProfile, week_candidates
from pcqa_sim.clock import DAY, WEEK
from pcqa_sim.luck import world_key
from pcqa_sim.needs import need_number
from pcqa_sim.people import People, draw_people
from pcqa_sim.scenario.groups import Demand, Segment

WORLD = world_key(1, 0, "practice")


@pytest.fixture(scope="module")
def demand() -> Demand:
    return composed().practices["practice"].demand


UNTIL = 60 * WEEK


def drawn(size: int, rate_factor: dict[int, float] | None = None, **settings: object) -> People:
    """People of the default practice, with settings of their own."""
    chosen = composed().practices["practice"].people.model_copy(update=settings)
    return draw_people(WORLD, chosen, size, UNTIL, rate_factor)


@pytest.fixture(scope="module")
def people() -> People:
    return drawn(4000)


def week(people: People, demand: Demand, level: float = 1.0, number: int = 3) -> Candidates:
    return week_candidates(people, demand, level, number, WeekProfile(demand))


def by_number(candidates: Candidates) -> dict[int, tuple[float, int, int]]:
    columns = (candidates.number, candidates.minute, candidates.person, candidates.key)
    return {int(n): (float(m), int(p), int(k)) for n, m, p, k in zip(*columns, strict=True)}


def test_a_longer_list_adds_people_and_changes_none() -> None:
    few, many = drawn(100), drawn(200)
    for name in ("key", "segment", "deprivation", "rate", "unsettled_first"):
        assert (getattr(few, name) == getattr(many, name)[:100]).all()
    both = min(few.switches.shape[1], many.switches.shape[1])
    assert (few.switches[:, :both] == many.switches[:100, :both]).all()


def test_the_trait_is_gamma_with_mean_one() -> None:
    one = {"everybody": Segment(share=1.0, needs_factor=3.0)}
    rate = drawn(50_000, trait_shape=0.6, segments=one).rate
    assert stats.kstest(rate, "gamma", args=(0.6, 0, 1 / 0.6)).pvalue > 1e-4


def test_segments_come_in_their_shares_and_the_mean_person_has_the_mean_rate() -> None:
    many = drawn(100_000)
    settings = composed().practices["practice"].people
    for index, segment in enumerate(settings.segments.values()):
        seen = (many.segment == index).mean()
        assert abs(seen - segment.share) < 4 * np.sqrt(segment.share / 100_000)
    assert many.rate.mean() == pytest.approx(1.0, abs=4 * many.rate.std() / np.sqrt(100_000))
    assert sorted(set(many.deprivation.tolist())) == [1, 2, 3, 4, 5]


def test_people_are_unsettled_for_their_share_of_time_and_come_back() -> None:
    many = drawn(20_000)
    state = composed().practices["practice"].people.state
    everybody = np.arange(len(many))
    for minute in (0.0, 13.3 * WEEK, 50.1 * WEEK):
        factor = many.state_factor(everybody, np.full(len(many), minute))
        unsettled = factor == many.unsettled
        error = np.sqrt(state.unsettled_share * (1 - state.unsettled_share) / len(many))
        assert abs(unsettled.mean() - state.unsettled_share) < 4 * error
        assert factor.mean() == pytest.approx(1.0, abs=4 * factor.std() / np.sqrt(len(many)))
    first, later = (many.state_factor(everybody, np.full(len(many), m)) for m in (0.0, 30.0 * WEEK))
    still = (later[first == many.unsettled] == many.unsettled).mean()
    rate = (
        1 / state.unsettled_mean_weeks
        + state.unsettled_share / (1 - state.unsettled_share) / state.unsettled_mean_weeks
    )
    expected = state.unsettled_share + (1 - state.unsettled_share) * np.exp(-30 * rate)
    assert still == pytest.approx(expected, abs=4 * np.sqrt(expected / (state.unsettled_share * len(many))))


def test_a_longer_run_does_not_change_the_states_of_a_shorter_one() -> None:
    settings = composed().practices["practice"].people
    short, long = (draw_people(WORLD, settings, 500, until) for until in (5 * WEEK, 50 * WEEK))
    both = min(short.switches.shape[1], long.switches.shape[1])
    assert (short.switches[:, :both] == long.switches[:, :both]).all()


def test_nobody_is_ever_taller_than_the_tallest_strip_drawn(people: People) -> None:
    rng = np.random.default_rng(1)
    person = rng.integers(0, len(people), 5000)
    minute = rng.uniform(3 * WEEK, 4 * WEEK, 5000)
    assert (people.state_factor(person, minute) <= people.most_state_factor(3 * WEEK, 4 * WEEK)[person]).all()


def test_unsettled_people_have_more_needs(demand: Demand, people: People) -> None:
    found = [week(people, demand, number=n) for n in range(40)]
    person = np.concatenate([w.person for w in found])
    minute = np.concatenate([w.minute + n * WEEK for n, w in enumerate(found)])
    unsettled = people.state_factor(person, minute) == people.unsettled
    state = composed().practices["practice"].people.state
    expected = (
        state.unsettled_share
        * state.needs_factor
        / (1 - state.unsettled_share + state.unsettled_share * state.needs_factor)
    )
    assert unsettled.mean() == pytest.approx(expected, rel=0.2)


def test_needs_are_as_concentrated_as_published_frequent_attendance(demand: Demand) -> None:
    """The top tenth of people have about 43 % (38-47 %) of consultations in a year; needs follow it."""
    many = drawn(10_000)
    person = np.concatenate([week(many, demand, number=n).person for n in range(52)])
    counts = np.sort(np.bincount(person, minlength=10_000))[::-1]
    assert 0.38 < counts[:1000].sum() / counts.sum() < 0.47


def test_needs_come_at_the_rate_set(people: People, demand: Demand) -> None:
    weeks = [week(people, demand, number=n) for n in range(40)]
    expected = demand.needs_per_1000_week * people.rate.sum() / 1000
    counts = np.array([len(w.minute) for w in weeks])
    assert counts.mean() == pytest.approx(expected, rel=0.06)


def test_needs_come_when_the_profile_says(people: People, demand: Demand) -> None:
    minutes = np.concatenate([week(people, demand, number=n).minute for n in range(40)])
    shares = np.histogram(minutes // DAY, bins=np.arange(8))[0] / len(minutes)
    assert shares == pytest.approx(list(demand.weekday_share.values()), abs=0.02)


def test_needs_are_in_order_and_have_their_own_numbers(people: People, demand: Demand) -> None:
    found = week(people, demand)
    assert (np.diff(found.minute) >= 0).all()
    assert len(set(found.number.tolist())) == len(found.number)


def test_raising_one_persons_rate_changes_only_that_persons_needs(demand: Demand) -> None:
    plain = drawn(500)
    chosen = int(np.argsort(plain.rate)[-20])
    raised = drawn(500, {chosen: 6.0})
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
    nobody = drawn(50, dict.fromkeys(range(50), 0.0))
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
