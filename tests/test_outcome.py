from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim.distributions import Deterministic
from pcqa_sim.eventlog import ENGAGED, MENU_ENDED, MISSED
from pcqa_sim.luck import Luck, join
from pcqa_sim.needs import (
    AFTER_ABANDONING,
    AFTER_ENGAGED,
    AFTER_PUT_OFF,
    PLANNED_FOLLOW_UP,
    PUT_OFF,
    RESOLVED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
)
from pcqa_sim.outcome import (
    FateRule,
    RedialChance,
    RedialRule,
    attends,
    cause_of_failed_call,
    consultation_sequel,
)
from pcqa_sim.scenario import Practice

MANY = 20_000


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


def lucks() -> list[Luck]:
    return [Luck(join(99, number)) for number in range(MANY)]


def close_to(share: float, expected: float) -> bool:
    """Within 4 standard errors of a share of MANY draws."""
    return abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / MANY) + 1e-12


@pytest.mark.parametrize(
    ("lead", "field"), [(0, "same_day"), (1, "days_1"), (7, "days_2_7"), (8, "days_8_14"), (40, "days_over_28")]
)
def test_people_miss_appointments_at_the_published_rate_of_the_lead_time(
    practice: Practice, lead: int, field: str
) -> None:
    rates = practice.appointments.dna_share
    missed = np.mean([not attends(lead, rates, luck) for luck in lucks()])
    assert close_to(float(missed), getattr(rates, field))


def test_consultations_resolve_follow_up_and_fail_in_their_shares(practice: Practice) -> None:
    kind = practice.demand.kinds["existing_condition"]
    sequels = [consultation_sequel(kind, practice.outcome, luck) for luck in lucks()]
    results = [sequel.result for sequel in sequels]
    assert close_to(results.count(UNRESOLVED) / MANY, 1 - kind.resolved_share)
    assert close_to(results.count(PLANNED_FOLLOW_UP) / MANY, kind.resolved_share * kind.follow_up_share)
    assert all(s.cause == "" for s in sequels if s.result == RESOLVED)
    delays = [s.days for s in sequels if s.cause == UNRESOLVED]
    assert np.mean(delays) == pytest.approx(practice.outcome.return_mean_days, rel=4 / np.sqrt(len(delays)))


def test_a_failed_call_has_its_cause() -> None:
    assert cause_of_failed_call(ENGAGED, "") == AFTER_ENGAGED
    assert cause_of_failed_call(MENU_ENDED, PUT_OFF) == AFTER_PUT_OFF
    assert cause_of_failed_call(MISSED, "queue") == AFTER_ABANDONING


def test_redials_follow_first_and_later_chances_up_to_the_most_tries() -> None:
    rule = RedialRule({AFTER_ENGAGED: RedialChance(0.8, 0.3, Deterministic(5.0))}, most_tries=3)
    first = [rule.delay(AFTER_ENGAGED, 1, luck) for luck in lucks()]
    later = [rule.delay(AFTER_ENGAGED, 2, luck) for luck in lucks()]
    assert close_to(first.count(5.0) / MANY, 0.8)
    assert close_to(later.count(5.0) / MANY, 0.3)
    assert rule.delay(AFTER_ENGAGED, 3, Luck(1)) is None
    assert rule.delay(TOLD_ANOTHER_DAY, 1, Luck(1)) is None


def test_fates_come_in_their_shares(practice: Practice) -> None:
    rule = FateRule.of(practice.channels)
    fates = [rule.fate(luck) for luck in lucks()]
    total = sum(practice.channels.fates.values())
    for fate, share in practice.channels.fates.items():
        assert close_to(fates.count(fate) / MANY, share / total)
