"""Settings set, multiplied and added to without a class: what changes, what it is called, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError
from shortruns import composed

from pcqa_sim import load_scenario
from pcqa_sim.configuration.ranges import read_ranges
from pcqa_sim.interventions import describe
from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.values.faults import BadInput


def practice() -> Practice:
    return composed("practice=small").practices["practice"]


def changes(**settings: Any) -> list[str]:
    """What it changes, one line a setting."""
    scenario = composed("practice=small")
    return [line.removeprefix("practice ") for line in describe(scenario, Adjust(**settings).apply(scenario))]


def refused(**settings: Any) -> str:
    with pytest.raises((BadInput, ValidationError)) as fault:
        changes(**settings)
    return str(fault.value)


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ({"add": {"phones.lines": 2}}, ["phones.lines: 60 -> 62"]),
        ({"add": {"phones": {"lines": -2}}}, ["phones.lines: 60 -> 58"]),
        ({"times": {"phones.lines": 1.5}}, ["phones.lines: 60 -> 90"]),
        ({"set": {"rota.helps_phone_from": 3}}, ["rota.helps_phone_from: none -> 3"]),
        ({"times": {"practice.demand_level": 2}}, ["demand_level: 1.0 -> 2.0"]),
        ({"times": {"practice": {"demand_level": 2}}}, ["demand_level: 1.0 -> 2.0"]),
        ({"add": {"role.gp.sessions_per_fte": 1}}, ["role.gp.sessions_per_fte: 9.0 -> 10.0"]),
        ({"add": {"role.gp.template.0.slots": 1}}, None),
        ({"set": {"practice.fte_level": {"gp": 0.5}}}, ["fte_level.gp: none -> 0.5"]),
        ({"add": {"phones.lines": 0}, "times": {"phones.lines": 1}}, []),
        (
            {"set": {"phones.lines": 10}, "times": {"phones.lines": 3}, "add": {"phones.lines": 1}},
            ["phones.lines: 60 -> 31"],
        ),
    ],
)  # fmt: skip
def test_settings_are_set_then_multiplied_then_added_to(settings: dict[str, Any], lines: list[str] | None) -> None:
    found = changes(**settings)
    if lines is None:
        assert len(found) == 1
        assert "template" in found[0]
    else:
        assert found == lines


def test_a_group_is_multiplied_number_by_number() -> None:
    before = practice().appointments.not_attending.lead.model_dump()
    after = Adjust(times={"appointments.not_attending.lead": 0.5}).change(practice()).appointments.not_attending.lead
    assert after.model_dump() == {name: share * 0.5 for name, share in before.items()}
    roster = Adjust(times={"rota.desk": 2}).change(practice()).rota.desk
    assert roster.monday == {minute: 2 * people for minute, people in practice().rota.desk.monday.items()}


def test_a_mapping_is_laid_on_what_is_there_and_one_by_times_of_day_takes_its_place() -> None:
    """As overrides are: what it does not name stays, but a rota for two times has those two alone."""
    changed = Adjust(set={"appointments": {"continuity": {"prefers_usual_share": 1.0}}}).change(practice())
    assert changed.appointments.continuity.prefers_usual_share == 1
    assert changed.appointments.continuity.tolerance_days == practice().appointments.continuity.tolerance_days
    roster = {"rota": {"desk": {"monday": {"00:00": 0.0, "09:00": 2.0}}}}
    assert Adjust(set=roster).change(practice()).rota.desk.monday == {0: 0.0, 540: 2.0}
    line = {"hours": {"opens": "10:00", "closes": "16:00"}, "used_share": "kept"}
    made = Adjust(kept=0.7, set={"phones.admin_line": line}).change(practice()).phones.admin_line
    assert made is not None
    assert made.used_share == 0.7


def test_numbers_of_its_own_give_the_strength_a_name() -> None:
    fewer = Adjust(name="reminders", fewer=0.25, times={"appointments.not_attending.lead": "1 - fewer"})
    assert fewer.label() == "reminders(fewer=0.25)"
    lead = practice().appointments.not_attending.lead.model_dump()
    assert fewer.change(practice()).appointments.not_attending.lead.model_dump() == {
        k: v * 0.75 for k, v in lead.items()
    }
    assert Adjust(add={"phones.lines": 2}).label() == "adjust(add.phones.lines=2)"
    assert Adjust(name="more", add={"phones.lines": 2}, from_week=3).label() == "more(from_week=3, add.phones.lines=2)"
    assert Adjust(more=None, add={"phones.lines": "more"}).change(practice()) == practice()
    assert Adjust(more=None, set={"rota.helps_phone_from": "more"}).change(practice()) == practice()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"add": {"phones.linse": 2}}, "phones.linse: 2: is not a setting; did you mean phones.lines?"),
        ({"add": {"phones.lines": 20_000}}, "phones.lines: 20060: must be a whole number from 1 to 10,000"),
        ({"add": {"phones.lines": 0.5}}, "phones.lines: 60.5: must be a whole number from 1 to 10,000"),
        ({"times": {"triage.kind": 2}}, "triage.kind: reception_led: is no number, nor a group with numbers: only"),
        ({"add": {"rota.helps_phone_from": 2}}, "rota.helps_phone_from: is null: only `set` can change it"),
        ({"add": {"phones.lines": "more"}}, "add.phones.lines: must be a number, the name of a number beside it, or"),
        (
            {"more": 1, "mor": 2, "add": {"phones.lines": "more"}},
            "mor: is not a setting, and neither set, times nor add",
        ),
        ({"add": {"phones.lines": 1, "phones": {"lines": 2}}}, "add.phones.lines: is given twice"),
        ({"more": "2", "add": {"phones.lines": "more"}}, "more"),
        ({"more": True, "add": {"phones.lines": "more"}}, "more"),
        ({"more": 1e7, "add": {"phones.lines": "more"}}, "more"),
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, Any], said: str) -> None:
    assert said in refused(**settings)


def test_it_holds_from_its_week_and_for_those_it_names() -> None:
    small = practice()
    two = composed("practice=small").replaced(practices={"north": small, "south": small})
    changed = Adjust(add={"phones.lines": 2}, from_week=4, only=("south",)).apply(two)
    found = [[changed.in_force(key, week).phones.lines for week in (3, 4)] for key in ("north", "south")]
    assert found == [[60, 60], [60, 62]]


NAMED = {
    "more_phone_lines": ("extra=2", "phones.lines: 60 -> 62"),
    "more_call_handlers": ("extra=1", "rota.extra_call_handlers: 0 -> 1"),
    "more_on_the_day_slots": ("extra=10", "appointments.extra_on_the_day_slots: 0 -> 10"),
    "cross_trained_reception": ("from_waiting=2", "rota.helps_phone_from: none -> 2"),
    "reminders": ("fewer_share=0.3", "appointments.not_attending.lead"),
}


@pytest.mark.parametrize("name", NAMED)
def test_interventions_that_were_classes_are_called_and_set_as_they_were(name: str) -> None:
    strength, line = NAMED[name]
    before, after = composed("practice=small"), composed("practice=small", f"intervention=[{name}]")
    assert after.interventions == (f"{name}({strength})",)
    assert all(changed.startswith(f"practice {line}") for changed in describe(before, after))
    number, value = strength.split("=")
    none = composed("practice=small", f"intervention=[{name}]", f"intervention.{name}.{number}=null")
    assert none.replaced(interventions=()) == before
    other = composed("practice=small", f"intervention=[{name}]", f"intervention.{name}.{number}={value}")
    assert other == after


def test_on_the_command_line_it_needs_no_file() -> None:
    made = load_scenario("practice=small", "intervention=[adjust]", "intervention.adjust.add.phones.lines=2")
    assert made.practices["practice"].phones.lines == 62
    with pytest.raises(BadInput, match=re.escape("did you mean intervention.adjust.add.phones.lines?")):
        load_scenario("practice=small", "intervention=[adjust]", "intervention.adjust.add.phones.linse=2")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("intervention.more_phone_lines.extra=0..4", True),
        ("intervention.reminders.fewer_share=0..0.5", False),
        ("intervention.adjust.add.phones.lines=0..4", True),
        ("intervention.adjust.times.phones.lines=1..2", False),
    ],
)
def test_a_number_is_varied_in_the_steps_of_the_setting_it_is_for(text: str, whole: bool) -> None:
    name = text.split(".")[1]
    (one,) = read_ranges([text], ["practice=small", f"intervention=[{name}]"]).ranges
    assert one.whole is whole


def test_a_setting_past_its_limit_is_told_with_the_intervention() -> None:
    full = with_settings(practice(), {"phones.lines": 10_000})
    with pytest.raises(BadInput, match=r"phones\.lines: 10001: must be"):
        Adjust(add={"phones.lines": 1}).change(full)
