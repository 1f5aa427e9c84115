from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.frontdoor.morning_rush import Belief
from pcqa_sim.scenario.groups import Rush


@pytest.fixture(scope="module")
def rush() -> Rush:
    return composed().practices["practice"].demand.rush


def day(belief: Belief, rush: Rush, asked: int, refused: int) -> None:
    for number in range(asked):
        belief.saw(refused=number < refused)
    belief.end_of_day(rush)


def test_half_of_an_old_belief_is_gone_after_its_half_life(rush: Rush) -> None:
    belief = Belief(0.8)
    for _ in range(int(rush.half_life_days)):
        day(belief, rush, 10, 0)
    assert belief.value == pytest.approx(0.4)


def test_belief_goes_to_what_people_meet(rush: Rush) -> None:
    low, high = Belief(0.0), Belief(0.9)
    for _ in range(300):
        day(low, rush, 10, 3)
        day(high, rush, 10, 3)
    assert low.value == pytest.approx(0.3, abs=1e-4)
    assert high.value == pytest.approx(0.3, abs=1e-4)


def test_a_day_without_late_requests_teaches_nothing(rush: Rush) -> None:
    belief = Belief(0.5)
    day(belief, rush, 0, 0)
    assert belief.value == 0.5


def test_the_share_who_rush_has_the_stated_form(rush: Rush) -> None:
    assert Belief(0.0).rushing_share(rush) == rush.least_share
    half = Belief(rush.half_belief).rushing_share(rush)
    assert half == pytest.approx((rush.least_share + rush.most_share) / 2)
    shares = [Belief(b / 100).rushing_share(rush) for b in range(101)]
    assert shares == sorted(shares)
    assert shares[-1] < rush.most_share
