"""Forms come from the schema: a label, a unit, a range and a source for each setting, and nothing out of range."""

from __future__ import annotations

import pytest

from pcqa_sim.app.forms import WHOLE, YES, Field, described, fields, read
from pcqa_sim.configuration import Shown, show


@pytest.fixture(scope="module")
def told() -> Shown:
    return show("practice=small", "run=quick")


def test_a_field_says_what_it_is_in_what_unit_and_range_and_from_where(told: Shown) -> None:
    lines = next(one for one in fields(told, "phones.") if one.key == "phones.lines")
    assert (lines.kind, lines.low, lines.high) == (WHOLE, 1, 10_000)
    assert lines.label.startswith("Lines: a caller finding all in use")
    assert "Range: 1 to 10000" in lines.help
    assert "Source of the value" in lines.help


def test_every_number_of_the_telephone_and_the_community_has_a_field(told: Shown) -> None:
    for prefix in ("phones.", "community.", "channels.form."):
        asked = {one.key for one in fields(told, prefix)}
        numbers = {one.key for one in told.settings if one.key.startswith(prefix) and type(one.value) in (int, float)}
        assert numbers <= asked | {key for key in numbers if described(key) is None}
        assert len(asked & numbers) >= 0.9 * len(numbers), numbers - asked


def test_labels_are_there_and_none_is_given_twice(told: Shown) -> None:
    for prefix in ("phones.", "community.pharmacy.", "channels.form."):
        labels = [one.label for one in fields(told, prefix)]
        assert all(labels)
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("given", [0, 10_001, 2.5, float("nan"), float("inf"), "4", None, True])
def test_what_is_out_of_range_is_refused_in_words(given: object) -> None:
    lines = Field("phones.lines", "Lines", WHOLE, 4, "lines", "", 1, 10_000)
    with pytest.raises(ValueError, match="Lines: "):
        read(lines, given)


def test_what_is_in_range_is_a_setting() -> None:
    assert read(Field("phones.lines", "Lines", WHOLE, 4, "", "", 1, 10_000), 7.0) == 7
    assert read(Field("x", "X", YES, False, "", ""), True) is True


def test_a_form_has_no_null_and_says_what_a_tick_means(told: Shown) -> None:
    asked = fields(told, "phones.", "community.", "channels.", "appointments.")
    assert not [one.label for one in asked if "null" in one.label or "true where" in one.label]
    assert not [one.label for one in asked if one.kind == YES and "false" in one.label]
    box = next(one for one in asked if one.key == "phones.callback.lapses_at_closing")
    assert "ticked where a callback not made that day is not made at all; if not: the next day" in box.label
