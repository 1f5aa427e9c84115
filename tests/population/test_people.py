"""Who is registered: shares, rates, and luck that no longer list and no other setting changes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from shortruns import composed

from pcqa_sim.population.people import People, _mean_rate, draw_people
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Age, Segment
from pcqa_sim.scenario.groups import People as PeopleSettings
from pcqa_sim.values.luck import world_key

WORLD = world_key(1, 0, "practice")
MANY = 100_000
COLUMNS = ("key", "age", "female", "segment", "deprivation", "digital", "prefers", "usual", "rate", "unsettled_first")


@pytest.fixture(scope="module")
def settings() -> PeopleSettings:
    return composed().practices["practice"].people


@pytest.fixture(scope="module")
def many(settings: PeopleSettings) -> People:
    return draw_people(WORLD, settings, MANY)


def drawn(size: int, **changed: object) -> People:
    """People of the default practice, with settings of their own."""
    chosen = with_settings(composed().practices["practice"].people, changed)
    return draw_people(WORLD, chosen, size)


def near(seen: float, share: float, count: int) -> bool:
    """Within 4 standard errors of a share."""
    return abs(seen - share) <= 4 * np.sqrt(share * (1 - share) / count) + 1e-12


def test_a_longer_list_adds_people_and_changes_none() -> None:
    few, more = drawn(100), drawn(250)
    for name in COLUMNS:
        assert (getattr(few, name) == getattr(more, name)[:100]).all(), name


def test_another_world_has_other_people(settings: PeopleSettings) -> None:
    other = draw_people(world_key(2, 0, "practice"), settings, 500)
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
    plain, raised = drawn(50), draw_people(WORLD, own, 50, {7: 3.0, 99: 2.0})
    assert (raised.rate == plain.rate).all()
    assert {n: f for n, f in enumerate(raised.rate_factor) if f != 1} == {3: 0.5, 7: 3.0}


@pytest.mark.parametrize("practice", ["rural_older", "student", "suburban", "urban_deprived"])
def test_a_profiles_level_is_its_people_at_the_rates_of_the_average_practice(practice: str) -> None:
    average, own = (composed(*more).practices["practice"] for more in ((), (f"practice={practice}",)))
    rates = [_mean_rate(one.people, {}, {}, {}) for one in (average, own)]
    assert own.demand_level == pytest.approx(average.demand_level * rates[1] / rates[0], abs=0.005)
