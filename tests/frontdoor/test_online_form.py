"""The online form: open or closed, and full after so many requests a day."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.frontdoor.online_form import Form
from pcqa_sim.scenario.groups import OnlineForm
from pcqa_sim.values.clock import DAY

MONDAY, SATURDAY = 0, 5
NINE, THREE = 9 * 60.0, 15 * 60.0


def form(list_size: int = 1000, **rules: object) -> Form:
    settings = OnlineForm.model_validate({"calls_instead_share": 0.5} | rules)
    return Form(settings, list_size, composed().calendar.working())


def test_a_form_without_hours_takes_everything() -> None:
    always = form()
    assert {always.refuses(minute) for minute in (0.0, NINE, SATURDAY * DAY + 3.0)} == {""}
    assert not always.opens_with_the_practice(0.0)


def test_hours_are_those_of_working_days() -> None:
    morning = form(hours={"opens": "08:00", "closes": "12:00"})
    assert [morning.refuses(minute) for minute in (479.0, 480.0, 719.9, 720.0)] == ["closed", "", "", "closed"]
    assert morning.refuses(SATURDAY * DAY + NINE) == "closed"
    assert morning.next_opening(100.0) == 480
    assert morning.next_opening(THREE) == DAY + 480
    assert morning.next_opening(4 * DAY + THREE) == 7 * DAY + 480  # Friday: the next is Monday


def test_nobody_is_refused_while_the_practice_is_closed_too() -> None:
    morning = form(hours={"opens": "08:00", "closes": "12:00"})
    assert morning.opens_with_the_practice(60.0)
    assert not morning.opens_with_the_practice(NINE)
    assert not morning.opens_with_the_practice(THREE)  # the practice is open and the form is not: that is a refusal


def test_a_limit_holds_for_a_day_and_grows_with_the_list() -> None:
    capped = form(2000, hours={"opens": "08:00", "closes": "18:30"}, most_per_1000_day=1.5)
    today = [capped.refuses(NINE + n) for n in range(5)]
    assert today == ["", "", "", "full", "full"]
    assert capped.refuses(DAY + NINE) == ""


def test_a_limit_without_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="a form with a daily limit has hours at which it opens again"):
        form(most_per_1000_day=3)
