"""Where people go who get nowhere, by what they need: nobody takes a crisis to a pharmacy."""

from __future__ import annotations

import pytest
from fixedluck import FixedLuck, GivenLuck
from onepart import NINE, need_of
from shortruns import composed

from pcqa_sim.clinic.need_rules import KindRules, kind_rules
from pcqa_sim.frontdoor.next_action import AfterFailing, NextActions, PlacesByNeed
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import AN_EMERGENCY, ANOTHER_DAY, DESK, GAVE_UP, URGENT
from pcqa_sim.values.words import Service

PHARMACY, NHS_111, A_AND_E = Service.PHARMACY.value, Service.NHS_111.value, Service.EMERGENCY_DEPARTMENT.value
GRID = [(n + 0.5) / 200 for n in range(200)]
CRISIS, ALONE = Choice((NHS_111, A_AND_E), (0.5, 0.5)), Choice((GAVE_UP,), (1.0,))


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed("practice=average").practices["practice"]


@pytest.fixture(scope="module")
def kinds(practice: Practice) -> dict[str, KindRules]:
    return kind_rules(practice)


def test_an_emergency_goes_where_emergencies_go_whatever_its_kind() -> None:
    elsewhere = PlacesByNeed({A_AND_E: 1.0})
    for of_kind in (None, CRISIS):
        places = elsewhere.of(need_of(urgency=AN_EMERGENCY), of_kind)
        assert places is not None
        assert places.options == (A_AND_E,)
        assert elsewhere.of(need_of(urgency=URGENT), of_kind) is of_kind
    assert PlacesByNeed({}).of(need_of(urgency=AN_EMERGENCY), CRISIS) is CRISIS


@pytest.mark.parametrize(("more", "crisis", "waits"), [
    ({"urgency": AN_EMERGENCY}, False, False),
    ({"urgency": AN_EMERGENCY, "seen_by": "gp.1"}, True, False),
    ({"urgency": URGENT}, False, True),
    ({"urgency": URGENT}, True, False),
    ({}, True, False),
    ({"seen_by": "gp.1"}, True, True),
])  # fmt: skip
def test_no_emergency_and_no_crisis_that_nobody_has_looked_at_waits_for_another_day(
    more: dict[str, object], crisis: bool, waits: bool
) -> None:
    elsewhere, need = PlacesByNeed({A_AND_E: 1.0}), need_of(**more)
    found = elsewhere.at_once(need, CRISIS, crisis)
    assert (found is None) is waits
    assert waits or found == elsewhere.of(need, CRISIS)
    assert PlacesByNeed({}).at_once(need_of(urgency=AN_EMERGENCY), None, crisis=False) is None


def test_a_crisis_is_a_kind_whose_people_are_all_seen_by_a_clinician_elsewhere(
    practice: Practice, kinds: dict[str, KindRules]
) -> None:
    assert [name for name, rules in kinds.items() if rules.crisis] == ["frailty_crisis"]
    for shares, crisis in (({NHS_111: 1.0, PHARMACY: 0.0}, True), ({NHS_111: 0.9, GAVE_UP: 0.1}, False), ({}, False)):
        changed = with_settings(practice, {"demand.kinds.mental_health.elsewhere": shares})
        assert kind_rules(changed)["mental_health"].crisis is crisis


@pytest.mark.parametrize("kind", ["frailty_crisis", "acute_minor", "mental_health", "child_health"])
@pytest.mark.parametrize("decided_once", [True, False])
def test_no_crisis_and_no_emergency_of_the_shipped_practice_goes_to_a_pharmacy_or_stays_at_home(
    practice: Practice, kinds: dict[str, KindRules], kind: str, decided_once: bool
) -> None:
    need = need_of(kind, urgency=URGENT if kind == "frailty_crisis" else AN_EMERGENCY)
    places = PlacesByNeed(practice.channels.elsewhere_in_emergency).of(need, kinds[kind].elsewhere)
    assert practice.channels.after_failure is not None
    once, anew = AfterFailing(practice.channels.after_failure), NextActions.of(practice.channels)
    did = {
        once.instead(FixedLuck(u), only_here=False, places=places)
        if decided_once
        else anew.choose(GivenLuck(u, where_else=v), places=places)
        for u in GRID
        for v in (0.1, 0.9)
    }
    assert did == ({NHS_111, A_AND_E, GAVE_UP} if decided_once else {NHS_111, A_AND_E, GAVE_UP, ANOTHER_DAY, DESK})
    meanwhile = {
        once.decide(need_of(luck=GivenLuck(u, where_else=u, tries_the_practice_again=0.0)), NINE, False, places)
        for u in GRID
    }
    assert meanwhile == {NHS_111, A_AND_E, ""}


def test_who_has_nowhere_to_go_does_nothing_more_and_goes_nowhere_meanwhile(practice: Practice) -> None:
    assert practice.channels.after_failure is not None
    rule = AfterFailing(practice.channels.after_failure)
    assert {rule.instead(FixedLuck(u), only_here=False, places=ALONE) for u in GRID} == {GAVE_UP}
    tries = GivenLuck(0.0, tries_the_practice_again=0.0)
    assert rule.decide(need_of(luck=tries), NINE, False, ALONE) == ""
    assert rule.decide(need_of(luck=tries), NINE, False) != ""


def test_whose_kind_says_nothing_goes_where_most_do(practice: Practice, kinds: dict[str, KindRules]) -> None:
    assert kinds["acute_minor"].elsewhere is None
    settings = practice.channels.after_failure
    assert settings is not None
    rule = AfterFailing(settings)
    went = [rule.instead(GivenLuck(0.99, where_else=u), only_here=False) for u in GRID]
    for place, share in settings.elsewhere.items():
        assert went.count(place) / len(went) == pytest.approx(share, abs=0.006)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"farmacy": 1.0}, "did you mean pharmacy"),
        ({PHARMACY: 0.4}, "must sum to 1"),
        ({ANOTHER_DAY: 1.0}, "another_day is nowhere that people go"),
    ],
)
@pytest.mark.parametrize("key", ["channels.elsewhere_in_emergency", "demand.kinds.social.elsewhere"])
def test_places_that_cannot_be_are_refused(practice: Practice, key: str, shares: dict[str, float], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        with_settings(practice, {key: shares})
