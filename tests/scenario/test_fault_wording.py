"""Rules in plain English for shapes of settings that the shipped groups do not have, or not yet."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.scenario.fault_wording import bounds, faults_of, number_rule, written
from pcqa_sim.scenario.fields import ClockTime, Count, Key, Positive, Settings, Share, Word
from pcqa_sim.scenario.shapes import Shapes
from pcqa_sim.values.faults import nearest_key


class First(Settings):
    kind: Literal["first"]
    share: Share


class Second(Settings):
    kind: Literal["second"]
    places: dict[str, First]


class Holder(Settings):
    model: Annotated[First | Second, Field(discriminator="kind")]
    amount: Annotated[float, Field(gt=0, lt=5)] | None = None


def _said(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Holder.model_validate(data)
    return [str(fault) for fault in faults_of(caught.value, data, Shapes(Holder))]


def test_settings_inside_a_union_are_told_by_the_keys_the_user_wrote() -> None:
    assert _said({"model": {"kind": "first", "share": 2}}) == ["model.share: 2: must be a share, from 0 to 1"]
    assert _said({"model": {"kind": "second", "places": {"x": {"kind": "first"}}}}) == [
        "model.places.x.share: needs a value"
    ]
    assert _said({"model": {"kind": "first", "share": 1, "shore": 2}}) == [
        "model.shore: 2: is not a setting; did you mean model.share?"
    ]


def test_an_unknown_kind_is_told_with_those_there_are() -> None:
    (line,) = _said({"model": {"kind": "third"}})
    assert line.startswith("model")
    assert line.endswith("kind must be one of: first, second")
    (line,) = _said({"model": {}})
    assert "kind" in line


def test_a_number_that_may_be_left_out_keeps_its_rule() -> None:
    assert _said({"model": {"kind": "first", "share": 1}, "amount": "x"}) == [
        "amount: x: must be a number above 0, below 5"
    ]


class Many(Settings):
    """One setting of each kind, none of them needed."""

    colour: Literal["red", "green"] = "red"
    key: Key = "a"
    name: Word = "a"
    flag: Annotated[bool, Field(strict=True)] = False
    day: dt.date = dt.date(2026, 1, 5)
    number: Count = 1
    minutes: Positive = 1.0
    several: list[Count] = Field(default=[1], min_length=1, max_length=2)
    time: ClockTime = 0
    by_colour: dict[Literal["red", "green"], float] = Field(default={})
    inside: First | None = None


@pytest.mark.parametrize(("data", "said"), [
    ({"colour": "rad"}, "colour: rad: must be one of: red, green; did you mean red?"),
    ({"by_colour": {"greem": 1.0}}, "by_colour: greem: must be one of: red, green; did you mean green?"),
    ({"key": "No"}, "key: No: must be made of lower-case letters, digits and _, begin with a letter, and have at most "
                    "40 characters"),
    ({"name": ""}, "name: '': must be text of 1 to 120 characters"),
    ({"name": 7}, "name: 7: must be text; put it in quotes, or YAML may read it as something else (no as false, 10 as "
                  "a number)"),
    ({"flag": "true"}, "flag: 'true': must be true or false; write it without quotes"),
    ({"flag": 1}, "flag: 1: must be true or false"),
    ({"day": "soon"}, "day: soon: must be a date, written YYYY-MM-DD"),
    ({"number": "2"}, "number: '2': must be a whole number, 0 or more; write it without quotes"),
    ({"number": "£2,000"}, "number: £2,000: must be a whole number, 0 or more; write 2000"),
    ({"number": "2.5"}, "number: '2.5': must be a whole number, 0 or more"),
    ({"minutes": "50 %"}, "minutes: 50 %: must be a number above 0; write 0.5"),
    ({"minutes": "0x10"}, "minutes: 0x10: must be a number above 0; write 16"),
    ({"minutes": "1e999"}, "minutes: 1e999: must be a number above 0"),
    ({"several": 3}, "several: 3: must be a list, written [a, b]"),
    ({"several": []}, "several: needs 1 or more entries"),
    ({"several": [1, 2, 3]}, "several: must have at most 2 entries"),
    ({"several": [-2]}, "several.0: -2: must be a whole number, 0 or more"),
    ({"several": [1, -2]}, "several.1: -2: must be a whole number, 0 or more"),
    ({"time": 510}, "time: 510: a time of day is written \"HH:MM\", in quotes, from \"00:00\" to \"24:00\"; without "
                    "quotes YAML reads 8:30 as 510"),
    ({"time": "8:30"}, "time: 8:30: a time of day is written \"HH:MM\", in quotes, from \"00:00\" to \"24:00\""),
    ({"inside": 3}, "inside: 3: must be a group of settings, not one value: kind, share"),
])  # fmt: skip
def test_each_kind_of_setting_has_its_rule(data: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Many.model_validate(data)
    (line,) = [str(fault) for fault in faults_of(caught.value, data, Shapes(Many))]
    assert line == said


def test_a_value_is_shown_as_it_was_typed_where_that_is_known() -> None:
    data = {"minutes": -0.5}
    with pytest.raises(ValidationError) as caught:
        Many.model_validate(data)
    typed = {"minutes": (-0.5, "-5e-1")}
    (fault,) = faults_of(caught.value, data, Shapes(Many), typed=typed)
    assert fault.value == "-5e-1"
    (fault,) = faults_of(caught.value, data, Shapes(Many), typed={"minutes": (-1.0, "-1e0")})
    assert fault.value == "-0.5"


@pytest.mark.parametrize(("node", "held"), [
    ({"minimum": 0, "gt": 0}, (None, None, 0, None)),
    ({"minimum": 1, "gt": 0}, (1, None, None, None)),
    ({"maximum": 5, "exclusiveMaximum": 5}, (None, None, None, 5)),
    ({"maximum": 5, "lt": 9}, (None, 5, None, None)),
])  # fmt: skip
def test_of_two_bounds_the_stricter_holds(node: dict[str, Any], held: tuple[float | None, ...]) -> None:
    assert bounds(node) == held


@pytest.mark.parametrize(
    ("node", "rule"),
    [
        ({"type": "integer", "minimum": 1}, "must be a whole number, 1 or more"),
        ({"type": "integer", "minimum": 0, "maximum": 1000}, "must be a whole number from 0 to 1,000"),
        ({"type": "number"}, "must be a number"),
        ({"type": "number", "maximum": 0.5}, "must be a number, at most 0.5"),
        ({"type": "number", "exclusiveMinimum": 0}, "must be a number above 0"),
        ({"type": "number", "minimum": 0, "exclusiveMaximum": 24}, "must be a number, 0 or more, below 24"),
    ],
)
def test_a_range_is_said_in_words(node: dict[str, Any], rule: str) -> None:
    assert number_rule(node) == rule


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (2.0, "2"),
        (0.5, "0.5"),
        (float("nan"), "nan"),
        ([1, "a"], "[1, a]"),
        ({"a": {"b": False}}, "{a: {b: false}}"),
        ("a\x1b[1mb\n", "a [1mb "),
    ],
)
def test_values_are_written_as_in_yaml_and_cannot_move_the_cursor(value: object, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("phones.linez", "phones.lines"),
        ("lines", "phones.lines"),
        ("fones", "phones"),
        ("phone.lines", "phones.lines"),
        ("demand.rush.half_belif", "demand.rush.half_belief"),
        ("zzzzzz", ""),
    ],
)
def test_the_nearest_key_is_found_among_all(key: str, found: str) -> None:
    assert nearest_key(key, root_shapes().keys()) == found


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("phones.lines", True),
        ("phones", True),
        ("phones.linez", False),
        ("phones.lines.x", False),
        ("demand.kinds.mine", True),
        ("demand.kinds.mine.share", False),
        ("demand.kinds.social.share", True),
        ("people.rate_factor.12", True),
        ("role.gp.sessions.0.starts", True),
        ("role.gp.sessions.9.starts", False),
        ("calendar.opening_hours.sunday.opens", True),
        ("practice.observed.source", True),
    ],
)
def test_known_keys_are_settings_entries_and_places_in_lists(key: str, known: bool) -> None:
    tree = {
        "demand": {"kinds": {"social": {}}},
        "role": {"gp": {"sessions": [{}]}},
        "calendar": {"opening_hours": {"sunday": None}},
    }
    assert root_shapes().knows(key.split("."), tree) is known
