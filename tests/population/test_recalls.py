"""Planned care: who is on a programme, when each is due, and that no programme touches another."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.population.people import People, draw_people
from pcqa_sim.population.recalls import Recall
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Planned, Programme
from pcqa_sim.values.luck import world_key

WORLD = world_key(1, 0, "practice")
FIRST = 13
WEEKS = 104
PROGRAMMES = sorted(composed().practices["practice"].planned.programmes)


def drawn(size: int) -> People:
    return draw_people(WORLD, composed().practices["practice"].people, size)


@pytest.fixture(scope="module")
def people() -> People:
    return drawn(6000)


@pytest.fixture(scope="module")
def planned() -> Planned:
    """As shipped, but with as many invitations in each month as in any other."""
    return with_settings(composed().practices["practice"].planned, {"by_month": {}})


def changed(planned: Planned, name: str, **settings: object) -> Planned:
    return with_settings(planned, {f"programmes.{name}.{key}": value for key, value in settings.items()})


def invitations(people: People, planned: Planned, weeks: int = WEEKS) -> np.ndarray:
    """Every invitation of some weeks: week, moment, person, programme, number, key."""
    recall = Recall(people, planned, FIRST)
    rows = []
    for week in range(weeks):
        due = recall.due(week)
        columns = (due.moment, due.person, due.programme, due.number, due.key)
        rows += [(week, *row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    kinds = [("week", int), ("moment", float), ("person", int), ("programme", int), ("number", int), ("key", object)]
    return np.array(rows, dtype=kinds)


@pytest.fixture(scope="module")
def everything(people: People, planned: Planned) -> np.ndarray:
    return invitations(people, planned)


def may_be_on(people: People, one: Programme) -> np.ndarray:
    """The chance of being on a programme, person by person."""
    by_age = np.array([one.by_age.get(name, 0.0) for name in people.ages])[people.age]
    by_segment = np.array([one.by_segment.get(name, 0.0) for name in people.segments])[people.segment]
    chance = np.maximum(by_age, by_segment)
    return np.where(people.female | (not one.female_only), chance, 0.0)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_members_are_invited_as_often_as_they_are_due_and_come_in_their_share(
    name: str, people: People, planned: Planned, everything: np.ndarray
) -> None:
    one = planned.programmes[name]
    mine = everything[everything["programme"] == list(planned.programmes).index(name)]
    chance = may_be_on(people, one)
    assert (chance[mine["person"]] > 0).all()
    cycles = one.per_year * planned.level * WEEKS * 7 / 365.25
    expected = chance.sum() * cycles * one.uptake_share
    per_person = cycles * one.uptake_share
    # Each member has cycles or cycles +- 1; being a member and taking each up are luck.
    variance = per_person**2 * (chance * (1 - chance)).sum() + chance.sum() * (
        cycles * one.uptake_share * (1 - one.uptake_share) + 0.25 * one.uptake_share**2
    )
    assert len(mine) == pytest.approx(expected, abs=4 * np.sqrt(variance))


@pytest.mark.parametrize("name", PROGRAMMES)
def test_nobody_is_due_more_often_than_the_programme_says(name: str, planned: Planned, everything: np.ndarray) -> None:
    one = planned.programmes[name]
    mine = everything[everything["programme"] == list(planned.programmes).index(name)]
    most = np.ceil(one.per_year * planned.level * WEEKS * 7 / 365.25)
    assert np.bincount(mine["person"]).max() <= most
    between = 365.25 / 7 / (one.per_year * planned.level)
    for person in set(mine["person"][:200].tolist()):
        weeks = np.sort(mine["week"][mine["person"] == person])
        assert (np.diff(weeks) >= np.floor(between)).all()


def test_who_is_due_when_is_spread_evenly_over_the_weeks(everything: np.ndarray) -> None:
    counts = np.bincount(everything["week"], minlength=WEEKS)
    assert np.corrcoef(np.arange(WEEKS), counts)[0, 1] ** 2 < 16 / WEEKS
    assert counts.std() < 1.5 * np.sqrt(counts.mean())


def test_invitations_are_in_order_and_have_numbers_of_their_own(people: People, planned: Planned) -> None:
    due = Recall(people, planned, FIRST).due(3)
    assert (np.diff(due.moment) >= 0).all()
    assert ((due.moment > 0) & (due.moment < 1)).all()
    assert len(set(due.number.tolist())) == len(due.number)
    assert (due.number // 10**8 % 100 == FIRST + due.programme).all()
    assert (due.number // 10**4 % 10**4 == 3).all()


def test_a_longer_list_adds_people_and_changes_nobodys_invitations(people: People, planned: Planned) -> None:
    few, many = invitations(drawn(500), planned, 20), invitations(people, planned, 20)
    of_the_first = many[many["person"] < 500]
    assert sorted(few.tolist()) == sorted(of_the_first.tolist())


def test_a_change_of_one_programme_touches_no_other(people: People, planned: Planned, everything: np.ndarray) -> None:
    name = PROGRAMMES[2]
    at = list(planned.programmes).index(name)
    other = invitations(people, changed(planned, name, per_year=5, uptake_share=0.3, by_age={"age_85_up": 1.0}))
    kept, still = (found[found["programme"] != at] for found in (everything, other))
    assert sorted(kept.tolist()) == sorted(still.tolist())
    assert len(other[other["programme"] == at]) != len(everything[everything["programme"] == at])


def test_less_uptake_drops_invitations_and_moves_none(people: People, planned: Planned, everything: np.ndarray) -> None:
    name = "blood_test"
    fewer = invitations(people, changed(planned, name, uptake_share=0.4))
    assert set(fewer["key"].tolist()) < set(everything["key"].tolist())


def test_nobody_is_invited_at_level_zero_or_to_nothing(people: People, planned: Planned) -> None:
    assert len(invitations(people, with_settings(planned, {"level": 0.0}), 10)) == 0
    none = Recall(people, with_settings(planned, {"programmes": {}}), FIRST).due(0)
    assert [len(getattr(none, name)) for name in ("moment", "person", "programme", "number", "key")] == [0] * 5
