"""Rules in plain English for shapes of settings that the shipped groups do not have, or not yet."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.scenario.fault_wording import faults_of, number_rule, written
from pcqa_sim.scenario.fields import Settings, Share
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
