"""Several communities of one large practice: what people make belongs to each, services to all."""

from __future__ import annotations

import pytest
from fakepractice import FakePractice
from shortruns import composed, run_of

from pcqa_sim.community.champions import MOST_PEOPLE
from pcqa_sim.community.places import Place, communities_of
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY

GROUPS, SERVICE = "community_groups", "social_prescribing"
STARTED = {f"community.{GROUPS}.champions.at_start_per_1000": 1.0, f"community.{GROUPS}.champions.by_chance": False}
LARGE = 28_000


def places(people: int, name: str = GROUPS, **settings: object) -> list[Place]:
    practice = FakePractice({"list_size": people, **STARTED, **settings}, 0.0)
    return practice.community.by_name()[name]


@pytest.mark.parametrize(
    ("people", "many"), [(1, 1), (MOST_PEOPLE, 1), (MOST_PEOPLE + 1, 2), (50_000, 4), (350_000, 25)]
)
def test_a_list_is_as_many_communities_as_it_takes(people: int, many: int) -> None:
    practice = composed("practice=small").practices["practice"]
    assert communities_of(with_settings(practice, {"list_size": people})) == many


def test_people_make_groups_in_their_own_community_and_share_the_services() -> None:
    community = FakePractice({"list_size": LARGE, **STARTED}, 0.0).community
    assert community.place(GROUPS, 0) is community.place(GROUPS, 2) is not community.place(GROUPS, 1)
    assert community.place(SERVICE, 0) is community.place(SERVICE, 1) is not None
    assert community.place("nowhere", 0) is None


def test_two_communities_begin_with_as_many_volunteers_as_one_of_all_would_have() -> None:
    volunteers = [place.volunteers for place in places(LARGE)]
    assert [each and each.number for each in volunteers] == pytest.approx([LARGE / 2000] * 2)
    assert [each and each.most for each in volunteers] == pytest.approx([2.5 * LARGE / 2000] * 2)


def test_a_full_group_of_one_community_takes_nobody_in_the_other_and_grows_alone() -> None:
    practice = FakePractice({"list_size": LARGE, **STARTED}, 0.0)
    first, second = practice.community.by_name()[GROUPS]
    assert first.pool is not None
    assert second.pool is not None
    while first.pool.waiting == 0:
        first.pool.ask()
    assert (second.pool.busy, second.pool.waiting) == (0, 0)
    both = practice.community.capacities()[GROUPS]
    assert both == first.pool.capacity + second.pool.capacity
    practice.env.run(until=182 * DAY)
    assert practice.community.grow(182)
    assert first.pool.capacity > second.pool.capacity == both / 2
    assert practice.community.capacities()[GROUPS] == first.pool.capacity + second.pool.capacity


def test_limits_by_list_are_of_the_people_of_each_community() -> None:
    limited = {f"community.{GROUPS}.champions": None, f"community.{GROUPS}.places_per_10000": 5.0}
    practice = FakePractice({"list_size": LARGE} | limited, 0.0)
    assert [place.pool and place.pool.capacity for place in practice.community.by_name()[GROUPS]] == [7, 7]
    assert practice.community.capacities()[GROUPS] == 14


def test_a_large_practice_runs_and_loses_nobody() -> None:
    started = [f"{name}={value}" for name, value in STARTED.items()]
    run = run_of(
        "practice=small", "practice.list_size=15000", "run.warm_up_weeks=0", "run.measured_weeks=1", *started,
        f"community.{GROUPS}.joins.social=1",
    )  # fmt: skip
    rows = run.log.to_pylist()
    sizes = [row["amount"] for row in rows if row["event"] == log.PLACE_CAPACITY and row["who"] == GROUPS]
    assert sizes[0] == 2 * round(7.5 * 5.8)
    came = {row["person"] % 2 for row in rows if row["event"] == log.PLACE_BEGAN and row["who"] == GROUPS}
    assert came == {0, 1}
