"""Who is registered: shares, rates, and luck that no longer list and no other setting changes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from shortruns import composed

from pcqa_sim.population.people import People, draw_people
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Age, Segment
from pcqa_sim.scenario.groups import People as PeopleSettings
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.luck import world_key

WORLD = world_key(1, 0, "practice")
UNTIL = 60 * WEEK
MANY = 100_000
COLUMNS = ("key", "age", "female", "segment", "deprivation", "digital", "prefers", "usual", "rate", "unsettled_first")


@pytest.fixture(scope="module")
def settings() -> PeopleSettings:
    return composed().practices["practice"].people


@pytest.fixture(scope="module")
def many(settings: PeopleSettings) -> People:
    return draw_people(WORLD, settings, MANY, 2 * WEEK)


def drawn(size: int, **changed: object) -> People:
    """People of the default practice, with settings of their own."""
    chosen = with_settings(composed().practices["practice"].people, changed)
    return draw_people(WORLD, chosen, size, UNTIL)


def near(seen: float, share: float, count: int) -> bool:
    """Within 4 standard errors of a share."""
    return abs(seen - share) <= 4 * np.sqrt(share * (1 - share) / count) + 1e-12


def test_a_longer_list_adds_people_and_changes_none() -> None:
    few, more = drawn(100), drawn(250)
    for name in COLUMNS:
        assert (getattr(few, name) == getattr(more, name)[:100]).all(), name
    both = min(few.switches.shape[1], more.switches.shape[1])
    assert (few.switches[:, :both] == more.switches[:100, :both]).all()


def test_another_world_has_other_people(settings: PeopleSettings) -> None:
    other = draw_people(world_key(2, 0, "practice"), settings, 500, UNTIL)
    assert (other.rate != drawn(500).rate).mean() > 0.99


def test_one_attribute_is_changed_without_the_others() -> None:
    plain, other = drawn(500), drawn(500, trait_shape=5.0)
    for name in set(COLUMNS) - {"rate"}:
        assert (getattr(plain, name) == getattr(other, name)).all(), name
    assert (plain.rate != other.rate).all()


def test_age_bands_and_fifths_come_in_their_shares(many: People, settings: PeopleSettings) -> None:
    assert many.ages == tuple(settings.ages)
    for index, band in enumerate(settings.ages.values()):
        assert near(float((many.age == index).mean()), band.share, MANY)
    for index, share in enumerate(settings.deprivation_share.values()):
        assert near(float((many.deprivation == index + 1).mean()), share, MANY)


def test_within_an_age_band_sex_segment_and_digital_come_in_their_shares(
    many: People, settings: PeopleSettings
) -> None:
    for index, band in enumerate(settings.ages.values()):
        here = many.age == index
        count = int(here.sum())
        assert near(float(many.female[here].mean()), band.female_share, count)
        assert near(float(many.digital[here].mean()), band.digital_share, count)
        for number, name in enumerate(settings.segments):
            seen = float((many.segment[here] == number).mean())
            assert near(seen, band.segments.get(name, 0.0), count), (band, name)


def test_the_digital_share_is_that_of_the_settings(many: People, settings: PeopleSettings) -> None:
    expected = sum(band.share * band.digital_share for band in settings.ages.values())
    assert many.digital_share == pytest.approx(expected)
    assert near(float(many.digital.mean()), expected, MANY)


def test_the_mean_person_has_the_mean_rate(many: People) -> None:
    assert many.rate.mean() == pytest.approx(1.0, abs=4 * many.rate.std() / np.sqrt(MANY))


def test_rates_differ_by_age_sex_segment_and_deprivation_as_the_factors_say(
    many: People, settings: PeopleSettings
) -> None:
    """Of two groups that differ in one thing, the ratio of mean rates is the ratio of the two factors."""
    well = list(settings.segments).index("generally_well")
    band = list(settings.ages).index("age_35_49")
    age = settings.ages["age_35_49"]
    same = (many.age == band) & (many.segment == well)
    women, men = many.rate[same & many.female], many.rate[same & ~many.female]
    error = 4 * np.sqrt((women.std() / women.mean()) ** 2 / len(women) + (men.std() / men.mean()) ** 2 / len(men))
    assert women.mean() / men.mean() == pytest.approx(age.female_factor / age.male_factor, rel=error)
    first, last = (many.rate[many.deprivation == fifth] for fifth in (1, 5))
    wanted = settings.deprivation_factor["fifth_1"] / settings.deprivation_factor["fifth_5"]
    assert first.mean() / last.mean() == pytest.approx(wanted, rel=0.05)


def test_the_trait_is_gamma_with_mean_one() -> None:
    everybody = {"everybody": Segment(needs_factor=3.0)}
    band = Age(
        share=1.0, female_share=0.5, female_factor=2.0, male_factor=2.0, digital_share=0.5, segments={"everybody": 1.0}
    )
    one = drawn(
        50_000,
        trait_shape=0.6,
        ages={"all": band},
        segments=everybody,
        deprivation_share={"fifth_1": 1.0},
        deprivation_factor={"fifth_1": 4.0},
    )
    assert stats.kstest(one.rate, "gamma", args=(0.6, 0, 1 / 0.6)).pvalue > 1e-4


def test_factors_are_multiplied_and_one_where_none_is_named() -> None:
    some = drawn(1000)
    times = some.factor({"age_0_4": 3.0}, {"generally_well": 2.0}, {"fifth_5": 0.5})
    expected = np.where(some.age == 0, 3.0, 1.0)
    expected *= np.where(some.segment == some.segments.index("generally_well"), 2.0, 1.0)
    expected *= np.where(some.deprivation == 5, 0.5, 1.0)
    assert times == pytest.approx(expected)
    assert (some.factor() == 1.0).all()


def test_single_people_can_be_given_their_own_rate(settings: PeopleSettings) -> None:
    own = with_settings(settings, {"rate_factor": {3: 0.5}})
    plain, raised = drawn(50), draw_people(WORLD, own, 50, UNTIL, {7: 3.0, 99: 2.0})
    assert (raised.rate == plain.rate).all()
    assert {n: f for n, f in enumerate(raised.rate_factor) if f != 1} == {3: 0.5, 7: 3.0}


def test_people_are_unsettled_for_their_share_of_time_and_come_back(settings: PeopleSettings) -> None:
    some, state = drawn(20_000), settings.state
    everybody = np.arange(len(some))
    for minute in (0.0, 13.3 * WEEK, 50.1 * WEEK):
        factor = some.state_factor(everybody, np.full(len(some), minute))
        assert near(float((factor == some.unsettled).mean()), state.unsettled_share, len(some))
        assert factor.mean() == pytest.approx(1.0, abs=4 * factor.std() / np.sqrt(len(some)))
    first, later = (some.state_factor(everybody, np.full(len(some), m)) for m in (0.0, 30.0 * WEEK))
    still = (later[first == some.unsettled] == some.unsettled).mean()
    to_settled = 1 / state.unsettled_mean_weeks
    rate = to_settled * (1 + state.unsettled_share / (1 - state.unsettled_share))
    expected = state.unsettled_share + (1 - state.unsettled_share) * np.exp(-30 * rate)
    assert still == pytest.approx(expected, abs=4 * np.sqrt(expected / (state.unsettled_share * len(some))))


def test_a_longer_run_does_not_change_the_states_of_a_shorter_one(settings: PeopleSettings) -> None:
    short, long = (draw_people(WORLD, settings, 500, until) for until in (5 * WEEK, 50 * WEEK))
    both = min(short.switches.shape[1], long.switches.shape[1])
    assert (short.switches[:, :both] == long.switches[:, :both]).all()


def test_nobody_is_ever_needier_than_the_greatest_factor_of_a_week() -> None:
    some, rng = drawn(4000), np.random.default_rng(1)
    person = rng.integers(0, len(some), 5000)
    minute = rng.uniform(3 * WEEK, 4 * WEEK, 5000)
    assert (some.state_factor(person, minute) <= some.most_state_factor(3 * WEEK, 4 * WEEK)[person]).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nobody_changes_where_everybody_is_always_the_same(share: float) -> None:
    some = drawn(100, **{"state.unsettled_share": share})
    factor = some.state_factor(np.arange(100), np.full(100, 20.0 * WEEK))
    assert factor == pytest.approx(np.ones(100))
