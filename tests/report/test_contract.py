"""What may not be contract-compliant is said for what it is, and only then."""

from __future__ import annotations

import math

import pytest
from shortruns import composed

from pcqa_sim.report.contract import any_point, contract

HOURS = "channels.form.hours={opens: '08:00', closes: '12:00'}"


@pytest.mark.parametrize(
    ("settings", "told", "said"),
    [
        ((), 0.0, ""),
        ((), math.nan, ""),
        ((), 0.1, "people are told to call another day."),
        ((HOURS,), 0.0, "the online form is closed"),
        (("channels.form.most_per_1000_day=4",), 0.0, "the online form is closed"),
        ((HOURS,), 0.1, "people are told to call another day and the online form is closed"),
        (("intervention=[online_hours_or_cap]", "intervention.online_hours_or_cap.from_week=3"), 0.0, "form is closed"),
    ],
)
def test_every_reason_is_named(settings: tuple[str, ...], told: float, said: str) -> None:
    found = contract(composed("practice=small", *settings), "practice", told)
    assert found.startswith("This may not be contract-compliant: ") if said else found == ""
    assert said in found


def test_a_reason_just_given_is_not_repeated() -> None:
    scenario = composed("practice=small")
    assert contract(scenario, "practice", 0.1, already_said=True) == "This may not be contract-compliant."
    closed = composed("practice=small", HOURS)
    assert "the online form" in contract(closed, "practice", 0.0, already_said=True)


def test_of_many_points_one_is_enough() -> None:
    assert any_point([0.0, 0.2])
    assert not any_point([0.0, math.nan])
