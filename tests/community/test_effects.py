"""What places do to later needs and state, by closed form: onset, duration, who joins, and when the effect comes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.community.champions import Volunteers, logistic
from pcqa_sim.community.effects import Effects
from pcqa_sim.population.people import draw_people
from pcqa_sim.population.states import States, hazards
from pcqa_sim.scenario.groups import Champions, Effect
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.luck import join, world_key
from pcqa_sim.values.native_luck import luck_of

YEAR = 52
ROOMS, STAY = 20.0, 5.0  # places that are held, each for so many weeks
START, MOST, GROWTH, EACH = 2.0, 12.5, 0.06, 6.0  # champions, and people whom each looks after for as many weeks
LINK_WORKER = Effect(rate_times=0.72, onset_weeks=8, lasts_weeks=104)
GROUPS = Effect(rate_times=0.72, onset_weeks=78, lasts_weeks=208)  # as community_participation_qaly_gain_18m

Joined = Callable[[float], float]


def link_workers(week: float) -> float:
    """How many have begun with link workers whose places are full from the first day: a place is free every stay."""
    return ROOMS * (1 + week / STAY)


def champions(week: float) -> float:
    """How many have begun in groups: places as many as champions give, who grow along the logistic curve."""
    grown = logistic(START, MOST, GROWTH * week)
    lived = MOST / GROWTH * math.log((START / MOST) * (math.exp(GROWTH * week) - 1) + 1)  # the integral of the curve
    return EACH * (grown + lived / STAY)


def by_simulation(joined: Joined, effect: Effect) -> np.ndarray:
    """The logarithm of everybody's needs' times, added up, at the end of each week: people joining day by day."""
    people = int(joined(YEAR)) + 1
    effects, come, found = Effects(people), 0, []
    for day in range(YEAR * 7):
        for person in range(come, int(joined((day + 0.5) / 7))):
            effects.begin(person, "place", (day + 0.5) * DAY, effect)
            come = person + 1
        if day % 7 == 6:
            times = effects.times((day + 1) * DAY)
            found.append(0.0 if times is None else float(-np.log(times).sum()))
    return np.array(found)


def by_convolution(joined: Joined, effect: Effect) -> np.ndarray:
    """The same, exactly: who joins convolved with the onset, by the trapezium rule on a fine grid."""
    grid = np.linspace(0, YEAR, YEAR * 70 + 1)
    come = np.array([joined(week) for week in grid])
    found = []
    for week in range(1, YEAR + 1):
        past = grid[grid <= week]
        ago = week - past
        there = np.where(ago < effect.lasts_weeks, np.minimum(1.0, ago / effect.onset_weeks), 0.0)
        new = np.concatenate([[come[0]], np.diff(come[: len(past)])])
        ahead = np.concatenate([there[:1], (there[:-1] + there[1:]) / 2])
        found.append(float(new @ ahead))
    return np.array(found) * -math.log(effect.rate_times)


def mean_week(kept_away: np.ndarray) -> float:
    """The week in which the mean need is kept away."""
    return float((np.arange(1, len(kept_away) + 1) @ kept_away) / kept_away.sum())


def test_champions_grow_as_the_curve_that_is_convolved_says() -> None:
    volunteers = Volunteers(luck_of(join(1, 1)))
    rules = {"at_start_per_1000": START, "most_per_1000": MOST, "growth_per_week": GROWTH, "people_each": EACH}
    volunteers.use(Champions.model_validate(rules | {"by_chance": False}), 1000)
    for week in range(1, YEAR + 1):
        volunteers.grow(week * WEEK, 1.0)
        assert EACH * volunteers.number == pytest.approx(EACH * logistic(START, MOST, GROWTH * week), rel=1e-9)


@pytest.mark.parametrize("joined", [link_workers, champions], ids=["link workers", "champions"])
@pytest.mark.parametrize("effect", [LINK_WORKER, GROUPS, Effect(rate_times=2.0, onset_weeks=4, lasts_weeks=12.5)])
def test_the_effect_on_everybody_is_who_joins_convolved_with_the_onset(joined: Joined, effect: Effect) -> None:
    found, exact = by_simulation(joined, effect), by_convolution(joined, effect)
    one = abs(math.log(effect.rate_times))  # joining comes in whole people
    assert np.abs(found - exact).max() < 2 * one + 0.01 * np.abs(exact).max()


def test_the_effect_of_champions_comes_later_by_their_growth_and_later_still_by_the_onset_of_groups() -> None:
    early = mean_week(by_simulation(link_workers, LINK_WORKER))
    as_link_workers = mean_week(by_simulation(champions, LINK_WORKER))
    own = mean_week(by_simulation(champions, GROUPS))
    for found, (joined, effect) in zip(
        (early, as_link_workers, own),
        ((link_workers, LINK_WORKER), (champions, LINK_WORKER), (champions, GROUPS)),
        strict=True,
    ):
        assert found == pytest.approx(mean_week(by_convolution(joined, effect)), abs=0.3)
    assert early + 1 < as_link_workers
    assert as_link_workers + 1 < own


def test_one_persons_effect_grows_evenly_is_there_and_is_gone() -> None:
    effects = Effects(2)
    effects.begin(
        1, "group", 10 * WEEK, Effect(rate_times=0.25, unsettles=0.5, settles=4.0, onset_weeks=4, lasts_weeks=9)
    )
    for week, there in ((10, 0.0), (11, 0.25), (12, 0.5), (14, 1.0), (18.99, 1.0)):
        times, moved = effects.times(week * WEEK), effects.hazards(week * WEEK)
        assert times is not None
        assert moved is not None
        assert times.tolist() == pytest.approx([1.0, 0.25**there])
        for logarithm, in_the_end in zip(moved, (0.5, 4.0), strict=True):
            assert np.exp(logarithm).tolist() == pytest.approx([1.0, in_the_end**there])
        kept = effects.kept_away(week * WEEK, np.array([3.0, 1.0]))
        assert sorted(kept) == ["", "group"]
        for of_all, of_theirs in kept.values():
            assert (of_all, of_theirs) == pytest.approx(((1 - 0.25**there) / 4, 1 - 0.25**there))
    assert effects.times(19 * WEEK) is None
    assert effects.kept_away(19 * WEEK, np.ones(2)) == {}
    moved = effects.hazards(19 * WEEK)
    assert moved is not None
    assert not np.any(moved)


def test_several_places_add_up_to_the_most_that_a_state_allows_and_one_that_does_nothing_leaves_no_trace() -> None:
    effects = Effects(1)
    for place in ("one", "other"):
        effects.begin(0, place, 0.0, Effect(rate_times=0.2, onset_weeks=0, lasts_weeks=9))
    assert effects.times(WEEK) == pytest.approx(0.125)
    of_theirs = {place: shares[1] for place, shares in effects.kept_away(WEEK, np.ones(1)).items()}
    assert of_theirs == pytest.approx({"": 0.875, "one": 0.8, "other": 0.8})
    assert effects.hazards(WEEK) is None
    idle = Effects(1)
    idle.begin(0, "one", 0.0, Effect(onset_weeks=0, lasts_weeks=9))
    assert idle.times(WEEK) is None


@pytest.mark.parametrize(("unsettles", "settles"), [(0.2, 1.0), (1.0, 5.0), (4.0, 0.5)])
def test_where_hazards_are_moved_the_share_who_are_unsettled_is_known(unsettles: float, settles: float) -> None:
    many = 8000
    people = draw_people(world_key(1, 0, "practice"), composed().practices["practice"].people, many)
    states = States(people)
    half = np.arange(many) % 2 == 0
    states.support(*(np.where(half, math.log(times), 0.0) for times in (unsettles, settles)))
    plain = States(people)
    for day in range(7 * 45):
        states.begin_day(day)
        plain.begin_day(day)
    becomes, again = hazards(people.settings.state)
    exact = unsettles * becomes / (unsettles * becomes + settles * again)
    assert abs(states.unsettled[half].mean() - exact) < 4 * math.sqrt(exact * (1 - exact) / (many / 2)) + 0.002
    assert (states.unsettled[~half] == plain.unsettled[~half]).all()


def test_needs_are_drawn_at_what_the_state_of_those_who_are_supported_may_come_to() -> None:
    states = States(draw_people(world_key(1, 0, "practice"), composed().practices["practice"].people, 400))
    for day in range(70):
        if day == 7:  # effects are looked at as a week begins, and nobody has been anywhere before the first
            states.support(np.full(400, math.log(8.0)), np.zeros(400))
        states.begin_day(day)
        assert (states.factor <= states.most_factor + 1e-12).all()
    assert states.unsettled.mean() > 1.5 * composed().practices["practice"].people.state.unsettled_share
