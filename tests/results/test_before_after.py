"""Regression to the mean: it appears where nothing is done, and is gone in the difference of pairs."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.population.frequent import given, most
from pcqa_sim.population.people import draw_people
from pcqa_sim.results.run import Run
from pcqa_sim.values.clock import WEEK

KEY = "practice"
PROGRAMME = (
    "people.frequent_programme={from_week: 8, looks_back_weeks: 8, share: 0.05, given_share: 0.5, needs_times: %s}"
)
SMALL = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=16")


def run(times: str) -> Run:
    return run_of(*SMALL, PROGRAMME % times)


@pytest.fixture(scope="module")
def nothing() -> Run:
    return run("1")


def test_a_programme_that_does_nothing_leaves_the_log_as_it_is(nothing: Run) -> None:
    assert nothing.log.equals(run_of(*SMALL).log)


def test_contacts_of_people_picked_for_many_fall_by_themselves(nothing: Run) -> None:
    """All have as many after as before, within 10 in 100; those picked fall to less than two thirds of theirs."""
    assert 0.8 < nothing.value("picked_before_after_ratio", "who=everybody") < 1.2
    assert nothing.value("picked_before_after_ratio", "who=picked") < 0.67
    for those in ("given", "others"):
        assert nothing.value("programme_ratio", f"times={those}") < 0.75


def test_the_others_who_were_picked_fall_as_much(nothing: Run) -> None:
    """Two groups of about 25 who make some 7 contacts each in 8 weeks: the ratio is 1 within 4 standard errors."""
    assert abs(np.log(nothing.value("programme_ratio", "times=controlled"))) < 4 * np.sqrt(4 / 100)


def test_the_paired_difference_is_nothing_where_nothing_was_done_and_the_effect_where_something_was(
    nothing: Run,
) -> None:
    """Without an effect the same people in the same run do the same; with one those given it ask for less."""
    strong = run("0.3")
    was, now = (one.value("programme_contacts_per_month", "given=after") for one in (nothing, strong))
    assert now < 0.8 * was
    before = [one.value("programme_contacts_per_month", "given=before") for one in (nothing, strong)]
    assert before[0] == before[1]


def test_only_those_given_it_have_fewer_needs(nothing: Run) -> None:
    """Needs before the practice picks are the same; afterwards only those of people given the programme are fewer."""
    strong = run("0")
    asked = nothing.contacts[~nothing.contacts["channel"].isin(["practice", "before_the_run"])]
    counts = np.bincount(asked[asked["opened"] < 8 * WEEK]["person"], minlength=1000)
    those = given(nothing.counted[KEY].people.key, most(counts, 0.05), 0.5)
    assert 10 <= those.sum() <= 40
    brought = [one.needs[one.needs["origin"] != "practice"] for one in (nothing, strong)]
    early = [set(one.index[one["arose"] < 8 * WEEK]) for one in brought]
    assert early[0] == early[1]
    late = [one[(one["arose"] >= 8 * WEEK)] for one in brought]
    assert those[late[0]["person"]].any()
    gone = set(late[0].index) - set(late[1].index)
    whose = late[0].loc[list(gone)]["person"]
    assert those[whose].mean() > 0.6  # the others' go and come with when they have seen whom


def test_who_is_given_it_is_by_their_own_luck() -> None:
    people = draw_people(3, composed("practice=small").practices[KEY].people, 4000)
    everybody = np.ones(4000, dtype=bool)
    some = given(people.key, everybody, 0.5)
    assert abs(some.mean() - 0.5) < 4 * 0.5 / np.sqrt(4000)
    assert (given(people.key, everybody, 0.3) <= some).all()
    assert not given(people.key, everybody, 0.0).any()


def test_without_a_programme_there_is_nothing_to_measure() -> None:
    short = run_of("practice=small", "run.warm_up_weeks=2", "run.measured_weeks=10")
    assert not short.metrics()["metric"].str.startswith("programme_").any()
