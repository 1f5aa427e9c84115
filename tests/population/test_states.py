"""Settled and unsettled: shares, spells and luck of the process, by what is known of it exactly."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.population.people import People, draw_people
from pcqa_sim.population.states import States, hazards, turns_of_week
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import MOST_TIMES
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.luck import join_array, world_key

WORLD = world_key(1, 0, "practice")
MANY = 20_000


def drawn(size: int, **changed: float) -> People:
    """People of the default practice, with a state of their own."""
    state = {f"state.{key}": value for key, value in changed.items()}
    return draw_people(WORLD, with_settings(composed().practices["practice"].people, state), size)


def midnights(states: States, days: int) -> np.ndarray:
    """Who is unsettled at each midnight of so many days."""
    return np.array([(states.begin_day(day), states.unsettled)[1] for day in range(days)])


def near(seen: float, share: float, count: float) -> bool:
    """Within 4 standard errors of a share."""
    return abs(seen - share) <= 4 * np.sqrt(share * (1 - share) / count)


@pytest.fixture(scope="module")
def many() -> People:
    return drawn(MANY)


@pytest.fixture(scope="module")
def year(many: People) -> np.ndarray:
    return midnights(States(many), 364)


def test_people_are_unsettled_for_their_share_of_time(many: People, year: np.ndarray) -> None:
    share = many.settings.state.unsettled_share
    for day in (0, 1, 93, 351):
        assert near(float(year[day].mean()), share, MANY)
    assert share * many.unsettled + (1 - share) * many.settled == pytest.approx(1.0)


def test_spells_are_as_long_as_they_are_set(many: People, year: np.ndarray) -> None:
    """From midnight to midnight the chain of two states goes on with exp(-(both hazards) x time), which is exact."""
    state = many.settings.state
    share = state.unsettled_share
    both = sum(hazards(state))
    for apart in (1, 7, 70, 210):
        still, becomes = (year[apart:][year[:-apart] == before].mean() for before in (True, False))
        stays = np.exp(-both * apart / 7)
        independent = MANY * 364 / 70  # spells long past each other, fewer than midnights
        assert near(float(still), share + (1 - share) * stays, share * independent)
        assert near(float(becomes), share * (1 - stays), (1 - share) * independent)


@pytest.mark.parametrize(("up", "down"), [(1.0, 1.0), (3.0, 1.0), (1.0, 0.4), (7.5, 2.5)])
def test_with_thresholds_that_stand_the_share_is_known(up: float, down: float) -> None:
    some = drawn(MANY)
    states = States(some)
    states._thresholds = np.full(MANY, up), np.full(MANY, down)
    states._highest = up
    last = midnights(states, 7 * 60)[-1]
    becomes, settles = hazards(some.settings.state)
    assert near(float(last.mean()), up * becomes / (up * becomes + down * settles), MANY)


def test_candidates_come_as_often_as_the_hazard_and_stand_at_any_height() -> None:
    keys = join_array(drawn(MANY).key, "state")
    found = [turns_of_week(keys, np.arange(MANY), True, 0.1, week) for week in range(5)]
    counts = np.array([len(one.person) for one in found])
    mean = 0.1 * MOST_TIMES * MANY
    assert (abs(counts - mean) < 4 * np.sqrt(mean)).all()
    for column, top in (("minute", WEEK), ("height", MOST_TIMES)):
        values = np.concatenate([getattr(one, column) for one in found]) / top
        shares = np.histogram(values, bins=10, range=(0, 1))[0] / len(values)
        assert (abs(shares - 0.1) < 4 * np.sqrt(0.09 / len(values))).all(), column
    other = turns_of_week(keys, np.arange(MANY), False, 0.1, 0)
    assert len(set(other.minute.tolist()) & set(found[0].minute.tolist())) == 0


def test_a_longer_list_changes_nobodys_state() -> None:
    few, more = (midnights(States(drawn(size)), 60) for size in (300, 900))
    assert (few == more[:, :300]).all()


def test_a_higher_threshold_of_one_person_changes_only_that_persons_state() -> None:
    some = drawn(500, unsettled_share=0.2)
    plain, other = States(some), States(some)
    other._thresholds[0][7] = other._highest = MOST_TIMES
    usual, raised = midnights(plain, 200), midnights(other, 200)
    assert (usual[:, 7] <= raised[:, 7]).all()
    assert usual[:, 7].sum() < raised[:, 7].sum()
    assert (np.delete(usual, 7, 1) == np.delete(raised, 7, 1)).all()


def test_who_changes_is_told_and_a_change_holds_from_midnight() -> None:
    """As the run begins, who is unsettled."""
    many = 10_000
    states = States(some := drawn(many))
    before, told = np.zeros(many, dtype=bool), []
    for day in range(30):
        changed = states.begin_day(day)
        assert (np.flatnonzero(states.unsettled != before) == changed).all()
        assert (states.factor == np.where(states.unsettled, *states._of_state[::-1])).all()
        before = states.unsettled
        told.append(len(changed))
    assert near(told[0] / many, some.settings.state.unsettled_share, many)
    assert min(told) > 0


@pytest.mark.parametrize("factor", [2.2, 0.4])
def test_nobody_comes_to_more_than_the_most_of_the_week(factor: float) -> None:
    states = States(drawn(3000, needs_factor=factor))
    most, left_out = states.most_factor, 0
    for day in range(70):
        states.begin_day(day)
        most = states.most_factor
        assert (states.factor <= most).all()
        left_out += int((most < max(states._of_state)).sum())
    assert left_out > 0


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nobody_changes_where_everybody_is_always_the_same(share: float) -> None:
    states = States(drawn(100, unsettled_share=share))
    assert (midnights(states, 140) == (share == 1.0)).all()
    assert states.factor == pytest.approx(np.ones(100))


# What happens moves the hazards.

FAILS = "responds.refused"


def moved(some: People, days: int, *noted: tuple[str, int, float]) -> np.ndarray:
    """Who is unsettled at each midnight, where things happen to people at some minutes."""
    states, rows = States(some), []
    for day in range(days):
        states.begin_day(day)
        rows.append(states.unsettled)
        for what, person, minute in noted:
            if minute // DAY == day:
                states.note(what, person, minute)
    return np.array(rows)


def test_a_response_that_nothing_calls_for_changes_nothing() -> None:
    strong = drawn(3000, **{f"{FAILS}.unsettles": 8.0, "responds.own_clinician.settles": 4.0})
    assert (midnights(States(strong), 120) == midnights(States(drawn(3000)), 120)).all()


def test_what_has_no_effect_changes_nothing_however_often_it_happens() -> None:
    events = [("refused", person, 600.0 + DAY * (person % 9)) for person in range(500)]
    assert (moved(drawn(500), 60, *events) == midnights(States(drawn(500)), 60)).all()


def test_what_happens_to_people_changes_their_own_states_alone_and_from_the_next_midnight_on() -> None:
    """Being refused again and again unsettles; the same people without it are the others."""
    some = drawn(1000, **{f"{FAILS}.unsettles": 8.0, f"{FAILS}.half_life_weeks": 26.0})
    usual = moved(some, 120)
    events = [("refused", person, 10 * DAY + 600.0) for person in range(0, 1000, 2)]
    other = moved(some, 120, *events)
    assert (usual[:, 1::2] == other[:, 1::2]).all()
    assert (usual[:12] == other[:12]).all()
    assert (usual <= other).all()
    assert other[12:, 0::2].mean() > 2 * usual[12:, 0::2].mean()


def test_being_helped_settles_sooner() -> None:
    some = drawn(1000, **{"responds.own_clinician.settles": 8.0, "responds.own_clinician.unsettles": 0.125})
    usual = moved(some, 80)
    other = moved(some, 80, *[("own_clinician", person, 600.0) for person in range(1000)])
    assert (other <= usual).all()
    assert other[40:].mean() < 0.5 * usual[40:].mean()


@pytest.mark.parametrize("minute", [0.0, 700.0, 1439.0])
def test_an_effect_wears_off_by_its_half_life_and_no_effect_passes_the_most(minute: float) -> None:
    states = States(drawn(10, **{f"{FAILS}.unsettles": 3.0, f"{FAILS}.settles": 0.5, f"{FAILS}.half_life_weeks": 2.0}))
    states.begin_day(0)
    states.note("refused", 3, minute)
    for _ in range(4):
        states.note("refused", 4, minute)
    for day in range(1, 30):
        states.begin_day(day)
        left = 2.0 ** (-(day * DAY - minute) / (2 * WEEK))
        unsettles, settles = states._thresholds
        assert unsettles[3] == pytest.approx(3.0**left)
        assert settles[3] == pytest.approx(0.5**left)
        assert unsettles[4] == pytest.approx(min(MOST_TIMES, 3.0 ** (4 * left)))
        assert settles[4] == pytest.approx(max(1 / MOST_TIMES, 0.5 ** (4 * left)))
        assert (np.delete(unsettles, [3, 4]) == 1).all()


def test_effects_of_different_half_lives_add_up() -> None:
    responds = {"responds.refused.unsettles": 2.0, "responds.refused.half_life_weeks": 1.0}
    responds |= {"responds.late.unsettles": 3.0, "responds.late.half_life_weeks": 4.0}
    states = States(drawn(5, **responds))
    states.begin_day(0)
    states.note("refused", 1, 600.0)
    states.note("late", 1, 900.0, times=0.5)
    for day in range(1, 8):
        states.begin_day(day)
    ages = ((7 * DAY - 600.0) / WEEK, (7 * DAY - 900.0) / WEEK)
    expected = 2.0 ** (2.0 ** -ages[0]) * 3.0 ** (0.5 * 2.0 ** (-ages[1] / 4))
    assert states._thresholds[0][1] == pytest.approx(expected)
