"""What comes of consultations, bookings, waits and failed calls: each in its exact share, each loss under its name."""

from __future__ import annotations

import numpy as np
import pytest
from fixedluck import FixedLuck
from hypothesis import given
from hypothesis import strategies as st
from shortruns import composed

from pcqa_sim.clinic.consultation import Afterwards, Attendance, Chances, asks_again, attends, consultation_sequel
from pcqa_sim.frontdoor.next_action import NextActions, RedialChance, Redials, cause_of_failed_call
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.values.distributions import Choice, Deterministic, Exponential, LogNormal
from pcqa_sim.values.eventlog import CALLBACK_LAPSED, ENGAGED, MENU_ENDED, MISSED
from pcqa_sim.values.luck import Luck, join
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    ANOTHER_DAY,
    AWAITING_TEST,
    BALKED,
    DESK,
    GAVE_UP,
    MODES,
    NO_CONTINUITY,
    NOT_CALLED_BACK,
    PLANNED_FOLLOW_UP,
    RESOLVED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    WRONG_CLINICIAN,
)

MANY = 20_000
FINE = [(n + 0.5) / 100_000 for n in range(100_000)]
SHARES = st.floats(0.0, 1.0)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


def lucks() -> list[Luck]:
    return [Luck(join(99, number)) for number in range(MANY)]


def close_to(share: float, expected: float, draws: int = MANY) -> bool:
    """Within 4 standard errors of a share."""
    return abs(share - expected) <= 4 * np.sqrt(expected * (1 - expected) / draws) + 1e-12


def shares(chances: Chances) -> dict[str, float]:
    """The share of each result, to five decimals."""
    results = [chances.result(u) for u in FINE]
    return {result: results.count(result) / len(FINE) for result in sorted(set(results))}


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        (Chances(0.9, 0.9), {RESOLVED: 0.9, UNRESOLVED: 0.1}),
        (Chances(0.9, 0.6), {RESOLVED: 0.6, UNRESOLVED: 0.1, WRONG_CLINICIAN: 0.3}),
        (Chances(0.9, 0.0), {UNRESOLVED: 0.1, WRONG_CLINICIAN: 0.9}),
        (Chances(0.9, 0.9, skill=0.8), {RESOLVED: 0.72, UNRESOLVED: 0.28}),
        (Chances(0.9, 0.9, skill=1.2), {RESOLVED: 1.0}),
        (Chances(0.8, 0.6, skill=1.5), {RESOLVED: 0.9, UNRESOLVED: 0.1}),
        (Chances(0.9, 0.9, time=0.9), {RESOLVED: 0.81, UNRESOLVED: 0.19}),
        (Chances(0.9, 0.9, continuity=0.7), {NO_CONTINUITY: 0.27, RESOLVED: 0.63, UNRESOLVED: 0.1}),
        (
            Chances(0.9, 0.6, skill=0.9, time=0.8, continuity=0.5),
            {NO_CONTINUITY: 0.216, RESOLVED: 0.216, UNRESOLVED: 0.268, WRONG_CLINICIAN: 0.3},
        ),
        (Chances(1.0, 1.0), {RESOLVED: 1.0}),
    ],
)
def test_each_loss_on_the_way_has_its_name_and_its_exact_share(chances: Chances, expected: dict[str, float]) -> None:
    assert shares(chances) == pytest.approx(expected, abs=2e-5)


@given(SHARES, SHARES, st.floats(0.5, 1.5), SHARES, SHARES, st.floats(1e-9, 1 - 1e-9))
def test_what_makes_a_consultation_worse_never_resolves_more(
    anybody: float, role: float, skill: float, time: float, continuity: float, u: float
) -> None:
    """Luck that resolves a need in the worse consultation resolves it in the better one."""
    worse = Chances(anybody, role * 0.9, skill * 0.9, time * 0.9, continuity * 0.9)
    if worse.result(u) == RESOLVED:
        assert Chances(anybody, role, skill, time, continuity).result(u) == RESOLVED


@given(SHARES, SHARES, st.floats(0.5, 1.5), SHARES, SHARES)
def test_a_consultation_resolves_the_product_of_its_chances(
    anybody: float, role: float, skill: float, time: float, continuity: float
) -> None:
    chances = Chances(anybody, role, skill, time, continuity)
    resolved = min(1.0, min(role, anybody) * skill) * time * continuity
    for u in (resolved - 1e-9, resolved + 1e-9):
        if 0 < u < 1:
            assert (chances.result(u) == RESOLVED) == (u < resolved)


def test_a_resolving_consultation_has_tests_follow_ups_and_ends_in_their_shares(practice: Practice) -> None:
    after = Afterwards(0.2, 0.4, LogNormal.from_mean(14.0, 0.5))
    found = [consultation_sequel(Chances(0.9, 0.8), after, 1.0, practice.outcome, luck) for luck in lucks()]
    results = [sequel.result for sequel in found]
    assert close_to(results.count(WRONG_CLINICIAN) / MANY, 0.1)
    assert close_to(results.count(UNRESOLVED) / MANY, 0.1)
    assert close_to(results.count(AWAITING_TEST) / MANY, 0.8 * 0.2)
    assert close_to(results.count(PLANNED_FOLLOW_UP) / MANY, 0.8 * 0.8 * 0.4)
    assert close_to(results.count(RESOLVED) / MANY, 0.8 * 0.8 * 0.6)
    assert {sequel.days for sequel in found if sequel.result in (RESOLVED, AWAITING_TEST)} == {0.0}
    again = [sequel.days for sequel in found if sequel.result in (UNRESOLVED, WRONG_CLINICIAN)]
    assert np.mean(again) == pytest.approx(practice.outcome.return_mean_days, rel=4 / np.sqrt(len(again)))
    planned = [sequel.days for sequel in found if sequel.result == PLANNED_FOLLOW_UP]
    assert np.mean(planned) == pytest.approx(14.0, rel=4 * 0.5 / np.sqrt(len(planned)))


def test_a_clinician_who_likes_to_see_people_again_asks_more_of_them(practice: Practice) -> None:
    after = Afterwards(0.0, 0.2, LogNormal.from_mean(14.0, 0.5))
    for times in (0.5, 2.0):
        found = [consultation_sequel(Chances(1, 1), after, times, practice.outcome, luck).result for luck in lucks()]
        assert close_to(found.count(PLANNED_FOLLOW_UP) / MANY, 0.2 * times)


@pytest.mark.parametrize(
    ("lead", "field"),
    [
        (0, "same_day"),
        (1, "days_1"),
        (2, "days_2_7"),
        (7, "days_2_7"),
        (8, "days_8_14"),
        (15, "days_15_21"),
        (22, "days_22_28"),
        (29, "days_over_28"),
        (400, "days_over_28"),
    ],
)
def test_the_lead_time_sets_the_rate(practice: Practice, lead: int, field: str) -> None:
    rates = practice.appointments.not_attending.lead
    assert rates.of_lead(lead) == getattr(rates, field)
    assert rates.greatest == max(rates.model_dump().values())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("person", [0.5, 1.0, 1.75])
def test_people_miss_appointments_by_lead_time_and_mode_and_who_they_are(
    practice: Practice, mode: str, person: float
) -> None:
    factors = {name: 0.6 + 0.2 * number for number, name in enumerate(MODES)}
    rates = with_settings(practice.appointments.not_attending, {"mode_factor": factors})
    for lead in (0, 40):
        missed = np.mean([not attends(lead, mode, person, Attendance(rates), luck) for luck in lucks()])
        assert close_to(float(missed), rates.lead.of_lead(lead) * factors[mode] * person)


def test_who_comes_after_a_long_wait_would_have_come_after_a_short_one(practice: Practice) -> None:
    """The same luck decides at every lead time: a longer wait only ever loses people."""
    rates = practice.appointments.not_attending
    for number in range(500):
        come = [attends(lead, MODES[0], 1.0, Attendance(rates), Luck(join(5, number))) for lead in (0, 3, 30)]
        assert come == sorted(come, reverse=True)


def test_people_ask_again_beyond_the_days_they_put_up_with_and_in_their_share(practice: Practice) -> None:
    outcome = with_settings(practice.outcome, {"waiting.after_days": 7.0, "waiting.share": 0.3})
    assert not any(asks_again(7.0, outcome, luck) for luck in lucks()[:500])
    assert close_to(float(np.mean([asks_again(7.1, outcome, luck) for luck in lucks()])), 0.3)
    never = with_settings(outcome, {"waiting.share": 0.0})
    assert not any(asks_again(70.0, never, luck) for luck in lucks()[:500])


def test_a_failed_call_has_its_cause() -> None:
    assert cause_of_failed_call(ENGAGED, "") == AFTER_ENGAGED
    assert cause_of_failed_call(MENU_ENDED, BALKED) == AFTER_BALKING
    assert cause_of_failed_call(MISSED, "queue") == AFTER_RENEGING
    assert cause_of_failed_call(CALLBACK_LAPSED, "closing") == NOT_CALLED_BACK


def test_redials_follow_first_and_later_chances_up_to_the_most_tries() -> None:
    rule = Redials({AFTER_ENGAGED: RedialChance(0.8, 0.3, Deterministic(5.0))}, most_tries=3)
    first = [rule.delay(AFTER_ENGAGED, 1, luck) for luck in lucks()]
    later = [rule.delay(AFTER_ENGAGED, 2, luck) for luck in lucks()]
    assert close_to(first.count(5.0) / MANY, 0.8)
    assert close_to(later.count(5.0) / MANY, 0.3)
    assert rule.delay(AFTER_ENGAGED, 3, Luck(1)) is None
    assert rule.delay(TOLD_ANOTHER_DAY, 1, Luck(1)) is None


def test_next_actions_come_in_their_shares(practice: Practice) -> None:
    rule = NextActions.of(practice.channels)
    next_actions = [rule.choose(luck) for luck in lucks()]
    total = sum(practice.channels.next_actions.values())
    for next_action, share in practice.channels.next_actions.items():
        assert close_to(next_actions.count(next_action) / MANY, share / total)


def test_a_uniform_at_the_edge_of_a_share_is_beyond_it(practice: Practice) -> None:
    """Shares are those below them, so that a share of nothing never happens and a share of all always does."""
    assert [Chances(0.8, 0.5).result(u) for u in (0.0, 0.5, 0.8)] == [RESOLVED, WRONG_CLINICIAN, UNRESOLVED]
    assert Chances(0.8, 0.8, skill=0.5, continuity=0.5).result(0.2) == NO_CONTINUITY
    assert Chances(0.8, 0.8, skill=0.5).result(0.4) == UNRESOLVED
    assert Chances(0.8, 0.5, skill=0.5).result(0.5) == WRONG_CLINICIAN
    rates = with_settings(practice.appointments.not_attending, {"mode_factor": dict.fromkeys(MODES, 1.0)})
    edge = rates.lead.of_lead(3)
    assert attends(3, MODES[0], 1.0, Attendance(rates), FixedLuck(edge))
    assert not attends(3, MODES[0], 1.0, Attendance(rates), FixedLuck(edge - 1e-9))
    outcome = with_settings(practice.outcome, {"waiting.after_days": 7.0, "waiting.share": 0.3})
    assert not asks_again(9.0, outcome, FixedLuck(0.3))
    after = Afterwards(0.2, 0.4, LogNormal.from_mean(14.0, 0.5))
    for drawn, result in (([0.1, 0.2, 0.4], RESOLVED), ([0.1, 0.2, 0.3, 0.5], PLANNED_FOLLOW_UP)):
        assert consultation_sequel(Chances(1, 1), after, 1.0, outcome, FixedLuck(drawn)).result == result


def test_what_cannot_follow_uses_no_luck(practice: Practice) -> None:
    """So that a setting of zero leaves everybody else's luck as it was."""
    nothing = Afterwards(0.0, 0.0, LogNormal.from_mean(14.0, 0.5))
    assert consultation_sequel(Chances(1, 1), nothing, 1.0, practice.outcome, FixedLuck([0.5])).result == RESOLVED
    none = FixedLuck([])
    for share, days in ((0.0, 9.0), (0.5, 7.0)):
        outcome = with_settings(practice.outcome, {"waiting.share": share, "waiting.after_days": 7.0})
        assert not asks_again(days, outcome, none)
    rule = Redials({AFTER_ENGAGED: RedialChance(1.0, 1.0, Deterministic(5.0))}, most_tries=2)
    assert rule.delay(AFTER_ENGAGED, 2, none) is None
    assert rule.delay(AFTER_BALKING, 1, none) is None


def test_the_redial_rule_is_the_settings(practice: Practice) -> None:
    shares = {
        f"after_{why}_{which}": 0.1 + 0.1 * number
        for number, (why, which) in enumerate(
            (w, n) for w in ("engaged", "balking", "missed") for n in ("first", "later")
        )
    }
    redial = with_settings(practice.channels.redial, {**shares, "delay_mean_min": 4.0, "most_tries": 6})
    delay = Exponential(4.0)
    assert Redials.of(redial) == Redials(
        {
            AFTER_ENGAGED: RedialChance(shares["after_engaged_first"], shares["after_engaged_later"], delay),
            AFTER_BALKING: RedialChance(shares["after_balking_first"], shares["after_balking_later"], delay),
            AFTER_RENEGING: RedialChance(shares["after_missed_first"], shares["after_missed_later"], delay),
            NOT_CALLED_BACK: RedialChance(1.0, 1.0, delay),
        },
        most_tries=6.0,
    )


@pytest.mark.parametrize(
    ("tries", "u", "delay"),
    [(1, 0.79, 5.0), (1, 0.8, None), (2, 0.29, 5.0), (2, 0.3, None), (2, 0.79, None), (3, 0.0, None), (4, 0.0, None)],
)
def test_whether_a_person_redials_at_a_uniform(tries: int, u: float, delay: float | None) -> None:
    rule = Redials({AFTER_ENGAGED: RedialChance(0.8, 0.3, Deterministic(5.0))}, most_tries=3)
    assert rule.delay(AFTER_ENGAGED, tries, FixedLuck(u)) == delay


def test_where_nobody_else_can_help_people_stay_with_the_practice(practice: Practice) -> None:
    rule = NextActions.of(practice.channels)
    assert rule.here == Choice(
        (ANOTHER_DAY, DESK, GAVE_UP),
        tuple(practice.channels.next_actions[next_action] for next_action in (ANOTHER_DAY, DESK, GAVE_UP)),
    )
    grid = [FixedLuck((n + 0.5) / 1000) for n in range(1000)]
    assert {rule.choose(luck, only_here=True) for luck in grid} == {ANOTHER_DAY, DESK, GAVE_UP}
    assert {rule.choose(luck) for luck in grid} == {
        next_action for next_action, share in practice.channels.next_actions.items() if share > 0
    }


def test_where_nobody_would_stay_with_the_practice_all_next_actions_are_left(practice: Practice) -> None:
    next_actions = dict.fromkeys(practice.channels.next_actions, 0.0) | {"pharmacy": 1.0}
    rule = NextActions.of(with_settings(practice.channels, {"next_actions": next_actions}))
    assert rule.here is None
    assert rule.choose(FixedLuck(0.5), only_here=True) == "pharmacy"
    next_actions |= {"pharmacy": 0.5, DESK: 0.5}
    rule = NextActions.of(with_settings(practice.channels, {"next_actions": next_actions}))
    assert rule.here == Choice((DESK,), (0.5,))
