"""Care homes: homes by alignment, published rates of hospital, what waits for the round, and whose rota it is in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.community.care_homes import Homes
from pcqa_sim.interventions.care_home_alignment import CareHomeAlignment
from pcqa_sim.population.people import draw_people
from pcqa_sim.results.metrics import value
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values import eventlog as log

MANY = (  # of a list with more residents than most
    "practice=small", "practice.list_size=2000", "run.warm_up_weeks=0", "run.measured_weeks=12",
    "people.ages.age_75_84.share=0.2", "people.ages.age_18_34.share=0.086",
    "people.ages.age_75_84.segments={care_home: 0.15, frail_or_complex: 0.05, stable_long_term_condition: 0.48}",
)  # fmt: skip
ALIGNED = "intervention=[care_home_alignment]"
WEEKS = 400


def homes(list_size: int = 4000, **changes: object) -> Homes:
    practice = with_settings(composed("practice=small").practices["practice"], {"list_size": list_size})
    practice = with_settings(practice, {f"care_homes.{name}": value for name, value in changes.items()})
    made = Homes(draw_people(3, practice.people, list_size), 3)
    made.use(practice)
    return made


def test_residents_live_in_few_homes_where_these_are_aligned_and_in_more_where_not() -> None:
    spread, aligned = homes(20_000), homes(20_000, aligned=True)
    assert spread.many == 10
    assert aligned.many == round(len(aligned.residents) / 37)
    assert {spread.home_of(who) for who in spread.residents} == set(range(10))
    assert {aligned.home_of(who) for who in aligned.residents} == set(range(aligned.many))


def test_residents_go_to_hospital_at_their_published_rates_by_the_same_luck() -> None:
    plain, fewer = homes(), homes(attendances_times=0.71, admissions_times=0.77)
    before, after = ([trip for week in range(WEEKS) for trip in one.trips(week)] for one in (plain, fewer))
    years = len(plain.residents) * WEEKS * 7 / 365.25
    for trips, attended, admitted in ((before, 0.98, 0.70), (after, 0.98 * 0.71, 0.70 * 0.77)):
        for found, rate in ((len(trips), attended), (sum(trip.admitted for trip in trips), admitted)):
            assert abs(found - rate * years) < 4 * math.sqrt(rate * years)
    assert {(trip.person, trip.at) for trip in after} < {(trip.person, trip.at) for trip in before}


@pytest.fixture(scope="module")
def runs() -> tuple[Run, Run]:
    return run_of(*MANY), run_of(*MANY, ALIGNED)


def of_residents(run: Run, event: str) -> int:
    people = next(iter(run.happened.people.values()))
    residents = np.flatnonzero(people.segment == people.segments.index(CARE_HOME))
    return int(run.events[run.events["event"] == event]["person"].isin(residents).sum())


def test_alignment_lowers_what_staff_ask_and_visits(runs: tuple[Run, Run]) -> None:
    asked = [of_residents(run, log.CONTACT_OPENED) for run in runs]
    assert asked[0] > 200
    assert asked[1] < 0.95 * asked[0]
    visited, urgent = (
        [value(next(iter(run.counted.values())), name, group) for run in runs]
        for name, group in (
            ("care_home_visits_per_resident_year", ""),
            ("care_home_contacts_per_resident_year", "flagged=yes"),
        )
    )
    assert visited[1] < visited[0]
    assert urgent[1] < urgent[0]


def test_staff_call_and_write_and_planned_visits_are_made(runs: tuple[Run, Run]) -> None:
    for run in runs:
        people = next(iter(run.happened.people.values()))
        lives_there = people.segment == people.segments.index(CARE_HOME)
        contacts, needs = (table[lives_there[table["person"]]] for table in (run.contacts, run.needs))
        assert not contacts["channel"].isin(("app", "desk")).any()
        visits = needs[needs["kind"] == "care_home_visit"]
        assert len(visits) > 20
        assert not (visits["ending"] == "not_offered").any()
        called = run.events[run.events["event"] == log.CARE_HOME_CALLED]
        assert len(called) > 0
        assert lives_there[called["person"]].all()
        counted = next(iter(run.counted.values()))
        assert value(counted, "care_home_calls_when_closed_per_resident_year", "to=nhs_111") > 0


def test_the_round_is_in_somebodys_rota_and_in_the_log(runs: tuple[Run, Run]) -> None:
    rounds = runs[1].events[runs[1].events["event"] == log.CARE_HOME_ROUND]
    assert len(rounds) == 12
    assert set(rounds["who"]) == {"gp"}
    assert (rounds["amount"] > 60).all()
    made = [
        run.events[(run.events["event"] == log.PAPERWORK_MADE) & (run.events["who"] == "gp")]["amount"].sum()
        for run in runs
    ]
    assert made[1] > made[0] + 0.7 * rounds["amount"].sum()


def test_where_nothing_is_said_of_homes_they_cannot_be_aligned() -> None:
    practice = with_settings(composed("practice=small").practices["practice"], {"care_homes": None})
    one = with_settings(CareHomeAlignment.zero(), {"strength": 1})
    with pytest.raises(ValueError, match="this practice has none"):
        one.change(practice)
