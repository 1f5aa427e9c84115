"""What people live through: each need counts once, planned care not at all, and their states are told."""

from __future__ import annotations

import pytest
from fakepractice import FakeStates
from onepart import NINE, Pen, small_practice

from pcqa_sim.clinic.need_rules import kind_rules
from pcqa_sim.practice.experience import LATE, REFUSED, Experience
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import Need

RULES = kind_rules(small_practice())
PLANNED = next(name for name, rules in RULES.items() if rules.programme is not None)


class Person:
    """Somebody with one need, and what their state was told."""

    def __init__(self, kind: str = "acute_minor") -> None:
        self.states = FakeStates()
        self.experience = Experience(Pen(NINE).env, self.states)
        self.need = Need(7, 70, kind, Luck(1), 0.0)
        self.rules = RULES[kind]


def test_the_first_thing_that_goes_wrong_is_what_counts() -> None:
    one = Person()
    one.experience.failed(one.need, one.rules, LATE)
    one.experience.failed(one.need, one.rules, REFUSED)
    one.experience.asked_again(one.need, one.rules, "bounced")
    one.experience.ended(one.need, one.rules, "gave_up")
    assert one.states.told == [("late", 7, NINE)]
    assert one.need.failed == "late"


@pytest.mark.parametrize(("cause", "what"), [
    ("bounced", "bounced"), ("wrong_clinician", "bounced"), ("wrongly_advised", "bounced"),
    ("lost_hand_off", "lost"), ("not_called_back", "lost"), ("engaged", None), ("planned_follow_up", None),
])  # fmt: skip
def test_a_cause_says_what_went_wrong(cause: str, what: str | None) -> None:
    one = Person()
    one.experience.asked_again(one.need, one.rules, cause)
    assert one.states.told == ([] if what is None else [(what, 7, NINE)])


@pytest.mark.parametrize(("ending", "what"), [
    ("resolved", "met_in_time"), ("informed", "met_in_time"), ("gave_up", "given_up"), ("recovered", None),
    ("emergency_department", None),
])  # fmt: skip
def test_how_a_need_ends_is_told_if_nothing_was_before(ending: str, what: str | None) -> None:
    one = Person()
    one.experience.ended(one.need, one.rules, ending)
    assert one.states.told == ([] if what is None else [(what, 7, NINE)])
    other = Person()
    other.experience.failed(other.need, other.rules, REFUSED)
    other.experience.ended(other.need, other.rules, ending)
    assert [what for what, *_ in other.states.told] == ["refused"]


def test_planned_care_is_left_out_but_for_whom_people_see() -> None:
    one = Person(PLANNED)
    one.experience.failed(one.need, one.rules, REFUSED)
    one.experience.ended(one.need, one.rules, "resolved")
    one.experience.saw_own(7)
    assert one.states.told == [("own_clinician", 7, NINE)]
