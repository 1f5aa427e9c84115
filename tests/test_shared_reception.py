"""Practices that share a reception: one queue of exactly the waits that theory gives, and nothing else in common."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest
from fixedluck import FixedLuck
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.frontdoor.phone import Pen, Phone, PhoneRules
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.kernel.process import follow
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.distributions import Exponential
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import NEW, PHONE, Contact, Need
from pcqa_sim.verification.theory import mmc

NORTH = "['practice=small','practice.list_size=900']"
SOUTH = "['practice=small','practice.list_size=600']"
SHORT = ("run.warm_up_weeks=0", "run.measured_weeks=1")
NETWORK = f"network.members={{north:{NORTH},south:{SOUTH}}}"
SHARED = "network.shared_reception={talk_factor:1}"
RATE, TALK, CALLS, RUNS = 0.35, 2.0, 700, 30


class _Waits(Pen):
    def __init__(self) -> None:
        self.waits: list[float] = []

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        if event == log.ANSWERED:
            self.waits.append(amount)


def _waits(phones: int, shared: bool, seed: int) -> float:
    """The mean wait of the calls of some phones, with one call handler each or all of them together."""
    env, pen, luck = Environment(), _Waits(), np.random.default_rng(seed)
    rules = PhoneRules(lines=math.inf, patience=Exponential(math.inf), talk=Exponential(TALK))
    pools = [Pool(env, phones)] * phones if shared else [Pool(env, 1) for _ in range(phones)]
    for pool in pools:
        phone = Phone(env, pool, pen, rules, lambda _: True)
        follow(_calls(env, phone, luck.exponential(1 / RATE, CALLS), luck.random(CALLS)))
    env.run()
    assert len(pen.waits) == phones * CALLS
    return float(np.mean(pen.waits))


def _calls(env: Environment, phone: Phone, gaps: np.ndarray, talks: np.ndarray) -> Generator[Event, Any, None]:
    for number, (gap, u) in enumerate(zip(gaps, talks, strict=True)):
        yield env.timeout(gap)
        need = Need(number, number, "k", FixedLuck(float(u)), 0.0)
        follow(_call(phone, Contact(need, 0, -1, NEW, PHONE, env.now)))


def _call(phone: Phone, contact: Contact) -> Generator[Event, Any, None]:
    call = yield from phone.call(contact)
    yield from phone.talk(call, 1.0)
    phone.wrap_up(call)


@pytest.mark.parametrize(("shared", "servers"), [(False, 1), (True, 2)])
def test_two_practices_wait_as_theory_has_it_apart_and_together(shared: bool, servers: int) -> None:
    means = np.array([_waits(2, shared, seed) for seed in range(RUNS)])
    exact = mmc(servers * RATE, TALK, servers).mean_wait
    assert abs(means.mean() - exact) < 4 * means.std(ddof=1) / math.sqrt(RUNS) + exact * TALK / CALLS


def _rows(scenario: Scenario, practice: str) -> list[dict[str, Any]]:
    table = simulate(scenario).log
    mine = table.filter(pc.equal(table["practice"].cast("string"), practice)).drop_columns(["practice"])
    return mine.to_pylist()


def test_practices_that_share_nothing_live_as_if_alone() -> None:
    both = composed(NETWORK, *SHORT)
    for key, settings in (("north", NORTH), ("south", SOUTH)):
        alone = composed(f"network.members={{{key}:{settings}}}", *SHORT)
        assert _rows(both, key) == _rows(alone, key), key


def test_names_and_order_change_nothing() -> None:
    renamed = composed(f"network.members={{south:{SOUTH[:-1]},'practice.name=Our other house'],north:{NORTH}}}", *SHORT)
    both = composed(NETWORK, *SHORT)
    for key in ("north", "south"):
        assert _rows(both, key) == _rows(renamed, key), key


def test_a_shared_reception_answers_one_practices_calls_with_the_others_people() -> None:
    """Where one has no call handler at all, its calls are answered only if the other's answer them."""
    nobody = {"rota.phone.tuesday_friday": {"00:00": 0.0}, "rota.phone.monday": None, "rota.phone.first_days": None}

    def answered(*more: str) -> float:
        scenario = composed(NETWORK, *SHORT, *more).changed(lambda one: with_settings(one, nobody), only=("south",))
        return simulate(scenario).value("answered_share", practice="south")

    assert answered() == 0
    assert answered(SHARED) > 0.3


def test_who_calls_first_is_answered_first_whosever_patient_they_are() -> None:
    run = simulate(composed(NETWORK, *SHORT, SHARED))
    north, south = (run.tables[key].rows(log.ROSTER) for key in ("north", "south"))
    assert len(north)
    assert len(south)
    waits = {key: run.value("queue_wait_min", practice=key) for key in ("north", "south")}
    assert waits["north"] == pytest.approx(waits["south"], rel=0.6)


def test_a_longer_talk_with_a_stranger_makes_callers_wait_longer() -> None:
    busy = NETWORK.replace("=900", "=3000").replace("=600", "=2000")  # at smaller practices hardly anybody waits

    def wait(factor: float) -> float:
        found = simulate(composed(busy, *SHORT, f"network.shared_reception={{talk_factor:{factor}}}")).metrics()
        rows = found.query("practice == 'network' and metric == 'queue_wait_min' and group == ''")
        return float(rows["value"].item())

    waits = [wait(factor) for factor in (1, 2, 4)]
    assert 0 < 2 * waits[0] < waits[1]
    assert 2 * waits[1] < waits[2]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ((SHARED,), "one practice has nobody to share it with"),
        ((NETWORK, SHARED, "rota.helps_phone_from=2"), "help the call handlers of their own practice alone"),
        ((NETWORK, "network.shared_reception={talk_factor:0}"), "network.shared_reception.talk_factor"),
        ((NETWORK, "network.shared_recepton={talk_factor:1}"), "shared_reception"),
    ],
)
def test_what_cannot_be_shared_is_refused(overrides: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        composed(*overrides, *SHORT)
    assert said in str(refused.value)
    assert len(refused.value.faults) == 1
