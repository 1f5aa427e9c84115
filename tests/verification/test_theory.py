"""The closed forms against published numbers, against each other in the limit, and against explicit lists."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lindley import lindley

from pcqa_sim.verification.theory import (
    Queue,
    erlang_a,
    erlang_b,
    gg_c_waits,
    mg1,
    mmc,
    mmck,
    priority_mmc,
)

loads = st.floats(0.01, 0.95)  # offered work per server
rates = st.floats(0.01, 50)
services = st.floats(0.1, 20)
crews = st.integers(1, 40)


@pytest.mark.parametrize(
    ("per_second", "service", "servers", "patience", "p_wait", "p_renege", "mean_wait", "utilisation"),
    [
        (60 / 3600, 180, 3, 1590, 0.783, 0.115, 182.9, 0.885),
        (120 / 3600, 180, 6, 1590, 0.773, 0.0817, 129.8, 0.918),
        (48 / 60, 60, 50, 120, 0.4678, 0.0309, 3.71, 48 * (1 - 0.0309) / 50),
    ],
)
def test_erlang_a_known_values(
    per_second: float,
    service: float,
    servers: int,
    patience: float,
    p_wait: float,
    p_renege: float,
    mean_wait: float,
    utilisation: float,
) -> None:
    queue = erlang_a(per_second, service, servers, patience)
    assert queue.p_wait == pytest.approx(p_wait, abs=5e-4)
    assert queue.p_renege == pytest.approx(p_renege, abs=5e-4)
    assert queue.mean_wait == pytest.approx(mean_wait, rel=2e-3)
    assert queue.utilisation == pytest.approx(utilisation, abs=5e-4)


def test_textbook_values_of_the_other_queues() -> None:
    assert erlang_b(10, 1, 10).p_blocked == pytest.approx(0.2146, abs=1e-4)
    assert mmc(10, 1, 12).p_wait == pytest.approx(0.4494, abs=1e-4)
    assert mmc(0.5, 1, 1).mean_wait == pytest.approx(1.0)
    assert mmck(1, 1, 1, 3).p_blocked == pytest.approx(0.25)


@pytest.mark.parametrize("servers", [1, 3, 50, 500])
@pytest.mark.parametrize("load", [0.002, 0.5, 0.97])
def test_erlang_a_with_endless_patience_is_mmc(servers: int, load: float) -> None:
    close, exact = erlang_a(load * servers, 1, servers, 1e9), mmc(load * servers, 1, servers)
    assert vars_of(close) == pytest.approx(vars_of(exact), rel=1e-4, abs=1e-6)
    assert erlang_a(load * servers, 1, servers, math.inf) == exact


def test_erlang_a_without_patience_is_erlang_b() -> None:
    impatient, loss = erlang_a(20, 1, 18, 1e-7), erlang_b(20, 1, 18)
    assert impatient.p_renege == pytest.approx(loss.p_blocked, rel=1e-5)
    assert impatient.utilisation == pytest.approx(loss.utilisation, rel=1e-5)


def test_erlang_a_patient_as_service_is_long_is_an_infinite_server_queue() -> None:
    queue = erlang_a(30, 2, 50, 2)  # then the number in system is Poisson with mean 60
    below = sum(math.exp(-60 + n * math.log(60) - math.lgamma(n + 1)) for n in range(50))
    assert queue.p_wait == pytest.approx(1 - below)


def test_erlang_a_waits_of_those_served_and_of_all_match_a_list_of_calls() -> None:
    rng = np.random.default_rng(1)
    gaps, works, patience = (rng.exponential(mean, 200_000).tolist() for mean in (1, 1.2, 3))
    offered = [0.0]  # the wait each caller would have if patient: Lindley with work only from those who stay
    for gap, work, limit in zip(gaps, works, patience, strict=True):
        offered.append(max(0.0, offered[-1] + (work if offered[-1] < limit else 0.0) - gap))
    wait, limit = np.array(offered[:-1]), np.array(patience)
    queue = erlang_a(1, 1.2, 1, 3)
    assert queue.mean_wait_served == pytest.approx(wait[wait < limit].mean(), rel=0.03)
    assert queue.mean_wait == pytest.approx(np.minimum(wait, limit).mean(), rel=0.03)
    assert queue.p_renege == pytest.approx(np.mean(wait >= limit), rel=0.03)


@pytest.mark.parametrize("load", [1e-3, 0.5, 1.0, 3.0, 20.0])
def test_erlang_a_with_500_servers_stays_finite(load: float) -> None:
    queue = erlang_a(500 * load, 1, 500, 5)
    assert all(math.isfinite(value) for value in vars_of(queue))
    assert queue.p_renege >= 1 - 1 / load - 1e-9
    assert queue.utilisation <= 1 + 1e-9


@given(loads, services, crews)
def test_mmck_with_as_many_places_as_servers_is_erlang_b(load: float, service: float, servers: int) -> None:
    rate = 2 * load * servers / service
    assert vars_of(mmck(rate, service, servers, servers)) == pytest.approx(
        vars_of(erlang_b(rate, service, servers)), rel=1e-9, abs=1e-12
    )


@given(st.floats(0.01, 0.9), services, crews)
def test_mmck_with_many_places_is_mmc(load: float, service: float, servers: int) -> None:
    rate = load * servers / service
    bounded, endless = mmck(rate, service, servers, servers + 500), mmc(rate, service, servers)
    assert vars_of(bounded) == pytest.approx(vars_of(endless), rel=1e-6, abs=1e-9)


@given(rates, services, crews, st.floats(0.5, 100))
def test_erlang_a_balances(rate: float, service: float, servers: int, patience: float) -> None:
    queue = erlang_a(rate, service, servers, patience)
    assert queue.p_renege == pytest.approx(queue.mean_wait / patience)
    assert queue.mean_queue == pytest.approx(rate * queue.mean_wait)
    assert 0 <= queue.p_renege <= queue.p_wait <= 1 + 1e-12
    assert -1e-9 <= queue.utilisation <= 1 + 1e-9
    assert 0 <= queue.mean_wait_served < math.inf


@given(rates, services, crews, st.floats(0.5, 100))
def test_one_more_server_shortens_the_wait(rate: float, service: float, servers: int, patience: float) -> None:
    fewer, more = (erlang_a(rate, service, n, patience) for n in (servers, servers + 1))
    assert more.mean_wait <= fewer.mean_wait + 1e-12
    assert more.p_renege <= fewer.p_renege + 1e-12


@given(rates, services, crews, st.integers(0, 60))
def test_mmck_balances(rate: float, service: float, servers: int, spare: int) -> None:
    queue = mmck(rate, service, servers, servers + spare)
    assert queue.mean_queue == pytest.approx(rate * (1 - queue.p_blocked) * queue.mean_wait, rel=1e-6, abs=1e-12)
    assert queue.mean_wait == queue.mean_wait_served
    assert 0 <= queue.p_blocked < 1


def test_fixed_service_halves_the_wait_of_exponential_service() -> None:
    assert mg1(0.8, 1, 0).mean_wait == pytest.approx(mg1(0.8, 1, 1).mean_wait / 2)


@given(loads, services)
def test_mg1_with_exponential_service_is_mm1(load: float, service: float) -> None:
    rate = load / service
    assert vars_of(mg1(rate, service, 1)) == pytest.approx(vars_of(mmc(rate, service, 1)))


@given(st.lists(st.floats(0.01, 5), min_size=1, max_size=5), services, crews, loads)
def test_priorities_conserve_the_mean_wait(shares: list[float], service: float, servers: int, load: float) -> None:
    total = load * servers / service
    by_class = [share / sum(shares) * total for share in shares]
    waits = priority_mmc(by_class, service, servers)
    average = sum(rate * wait for rate, wait in zip(by_class, waits, strict=True)) / total
    assert average == pytest.approx(mmc(total, service, servers).mean_wait)
    assert all(first <= second for first, second in pairwise(waits))


def test_one_class_of_priority_is_no_priority() -> None:
    assert priority_mmc([2.5], 1, 3) == pytest.approx((mmc(2.5, 1, 3).mean_wait,))


def test_lindley_by_hand() -> None:
    assert lindley([9, 1, 1, 5], [3, 3, 1, 1]).tolist() == [0, 2, 4, 0]
    assert lindley([], []).size == 0


def test_two_servers_by_hand() -> None:
    assert gg_c_waits([0, 1, 2, 3], [5, 5, 1, 1], 2).tolist() == [0, 0, 3, 3]


times = st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), max_size=60)


@given(times)
def test_one_server_is_lindley(callers: list[tuple[float, float]]) -> None:
    gaps, works = [gap for gap, _ in callers], [work for _, work in callers]
    assert gg_c_waits(np.cumsum(gaps), works, 1) == pytest.approx(lindley(gaps, works), abs=1e-9)


@given(times, st.integers(1, 5))
def test_more_servers_never_lengthen_a_wait(callers: list[tuple[float, float]], servers: int) -> None:
    arrivals, works = np.cumsum([gap for gap, _ in callers]), [work for _, work in callers]
    fewer, more = gg_c_waits(arrivals, works, servers), gg_c_waits(arrivals, works, servers + 1)
    assert np.all(more <= fewer + 1e-9)


@settings(max_examples=5)
@given(st.integers(0, 2**32))
def test_a_long_list_of_calls_waits_as_theory_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / 2.1, 60_000))
    waits = gg_c_waits(arrivals, rng.exponential(1, 60_000), 3)
    assert waits.mean() == pytest.approx(mmc(2.1, 1, 3).mean_wait, rel=0.15)


def test_nobody_calls() -> None:
    nobody = [0.0] * 7
    assert vars_of(erlang_a(0, 3, 2, 5)) == nobody
    assert vars_of(mmc(0, 3, 2)) == nobody
    assert vars_of(mmck(0, 3, 2, 4)) == nobody
    assert vars_of(erlang_b(0, 3, 2)) == nobody
    assert vars_of(mg1(0, 3, 1)) == nobody


def test_invalid_input_is_refused() -> None:
    for call in (
        lambda: erlang_a(1, 1, 0, 1),
        lambda: erlang_a(1, 1, 1, 0),
        lambda: erlang_a(1, 1, 1, math.nan),
        lambda: erlang_a(10, 1, 1, 1e12),
        lambda: erlang_b(-1, 1, 1),
        lambda: mmc(1, 1, 1),
        lambda: mmc(math.nan, 1, 1),
        lambda: mmc(1, -1, 1),
        lambda: mmck(1, 1, 3, 2),
        lambda: mg1(1, 1, 1),
        lambda: mg1(0.5, 1, -1),
        lambda: priority_mmc([], 1, 1),
        lambda: priority_mmc([0.5, -0.1], 1, 1),
        lambda: priority_mmc([0.5, 0.5], 1, 1),
        lambda: gg_c_waits([2, 1], [1, 1], 1),
        lambda: gg_c_waits([1, 2], [1, 1], 0),
    ):
        with pytest.raises(ValueError, match=r"^[^\n]+$"):
            call()


def vars_of(queue: Queue) -> list[float]:
    return [
        queue.p_wait,
        queue.p_renege,
        queue.p_blocked,
        queue.mean_wait,
        queue.mean_wait_served,
        queue.mean_queue,
        queue.utilisation,
    ]
