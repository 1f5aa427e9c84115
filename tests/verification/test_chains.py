"""The theory of systems of queues against cases that can be worked out another way."""

import math

import numpy as np
import pytest

from pcqa_sim.values.faults import BadInput
from pcqa_sim.verification.chains import Backlog, Balance, balances, jackson
from pcqa_sim.verification.theory import mmc


def test_a_network_without_feedback_is_one_queue_after_the_other() -> None:
    first, second = jackson([0.3, 0.1], [[0.0, 0.5], [0.0, 0.0]], [5.0, 4.0], [2, 2])
    assert first == mmc(0.3, 5.0, 2)
    assert second == mmc(0.25, 4.0, 2)


def test_feedback_multiplies_the_arrivals() -> None:
    (alone,) = jackson([0.2], [[0.5]], [4.0], [2])
    assert alone.utilisation == pytest.approx(0.4 * 4.0 / 2)
    first, second = jackson([0.2, 0.0], [[0.0, 1.0], [0.25, 0.0]], [3.0, 2.0], [1, 1])
    assert (first.utilisation, second.utilisation) == pytest.approx((0.8, 0.2 / 0.75 * 2.0))


@pytest.mark.parametrize("routing", [[[1.0]], [[1.5]], [[-0.1]], [[0.5, 0.5]], [[0.0, 1.0], [1.0, 0.0]]])
def test_a_routing_that_is_none_is_refused(routing) -> None:
    with pytest.raises(BadInput, match="routing: must"):
        jackson([0.2] * len(routing), routing, [1.0] * len(routing), [1] * len(routing))


def test_a_backlog_without_misses_waits_like_an_md1_queue() -> None:
    """Slots one after the other are an M/D/1 queue with a gate: it opens every d, so everybody waits d/2 more."""
    chain = Backlog(0.8, lambda _: 0.0, most=200)
    assert chain.called == pytest.approx(0.8)
    assert chain.mean_lead == pytest.approx(0.5 + 0.8 / (2 * 0.2))
    assert chain.stationary.sum() == pytest.approx(1.0)


def test_misses_of_one_rate_that_come_back_are_more_demand() -> None:
    chain = Backlog(0.5, lambda _: 0.2, most=200)
    assert chain.called == pytest.approx(0.5 / 0.8)
    assert chain.missed_share == pytest.approx(0.2)
    none_back = Backlog(0.5, lambda _: 0.2, rebook=0.0, most=200)
    assert none_back.called == pytest.approx(0.5)
    assert none_back.mean() == pytest.approx(Backlog(0.5, lambda _: 0.0, most=200).mean())


def test_two_lists_together_are_better_than_each_alone() -> None:
    alone, pooled = Backlog(0.85, lambda _: 0.0), Backlog(1.7, lambda _: 0.0, clinicians=2)
    assert pooled.called == pytest.approx(2 * alone.called)
    assert pooled.mean_lead < alone.mean_lead - 1


def test_the_chain_by_brute_force() -> None:
    chain = Backlog(0.6, lambda k: min(0.1 * k, 0.5), rebook=0.7, clinicians=2, most=30)
    luck = np.random.default_rng(1)
    backlog, seen = 5, []
    for _ in range(40_000):
        called = min(backlog, 2)
        back = sum(luck.random() < 0.7 * min(0.1 * (backlog - n), 0.5) for n in range(called))
        backlog = min(30, backlog - called + back + luck.poisson(0.6))
        seen.append(backlog)
    assert np.mean(seen) == pytest.approx(chain.mean(), rel=0.03)


def test_the_chain_from_a_given_backlog() -> None:
    chain = Backlog(0.6, lambda _: 0.5, most=60)
    assert chain.after(1, 5)[:7] == pytest.approx([0, 0, 0, 0, 0, math.exp(-0.6), 0.6 * math.exp(-0.6)])
    assert chain.mean(chain.after(11, 20)) == pytest.approx(20 + 11 * 0.6 - 10 * 0.5)
    assert Backlog(0.3, lambda _: 0.5, most=60).after(500, 20) == pytest.approx(
        Backlog(0.3, lambda _: 0.5, most=60).stationary, abs=1e-6
    )


@pytest.mark.parametrize("given", [{"demand": -1.0}, {"demand": math.nan}, {"rebook": 1.5}, {"misses": lambda _: 2.0}])
def test_a_chain_that_is_none_is_refused(given) -> None:
    with pytest.raises(BadInput):
        Backlog(**{"demand": 0.5, "misses": lambda _: 0.1} | given)


@pytest.mark.parametrize(
    ("demand", "found"),
    [
        (0.4, [Balance(0.0, True)]),
        (0.7, [Balance(0.0, True), Balance(50.0, False), Balance(400.0, True)]),
        (1.1, [Balance(400.0, True)]),
    ],
)
def test_fluid_balances_of_a_backlog_that_breeds_misses(demand, found) -> None:
    seen = balances(lambda level: demand - (0.98 if level < 50 else 0.5), 0.0, 400.0)
    assert [one.stable for one in seen] == [one.stable for one in found]
    assert [one.level for one in seen] == pytest.approx([one.level for one in found], abs=0.05)


def test_a_smooth_balance_is_found_where_it_is() -> None:
    assert balances(lambda x: 1.0 - x / 3, 0.0, 10.0) == (Balance(pytest.approx(3.0, abs=1e-3), True),)
