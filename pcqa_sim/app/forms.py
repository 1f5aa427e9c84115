"""Forms made from the schema: what each setting is called, its unit, its range and where its value comes from.

Nothing is listed by hand: a setting that joins a group of settings is in its form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pcqa_sim.configuration import Setting, Shown

WHOLE, NUMBER, YES, CHOICE = "whole", "number", "yes or no", "choice"
UNITS = ("share", "minutes", "times", "people", "callers", "lines", "days", "weeks", "pounds", "forms")
_LONGEST_LABEL, _LONGEST_UNIT = 140, 24


@dataclass(frozen=True)
class Field:
    """One setting as a form asks for it; `low` and `high` are None where the schema has no such end."""

    key: str
    label: str
    kind: str
    value: Any
    unit: str
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """Return the range in words."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        return f"{self.low:g} or more" if self.low is not None else ""


def fields(told: Shown, *prefixes: str) -> list[Field]:
    """Return the settings of the first practice whose keys begin so, as a form asks for them, in the schema's order."""
    found = (_field(one) for one in told.settings if one.key.startswith(prefixes) and "week" not in one.place)
    return list({one.key: one for one in reversed([field for field in found if field is not None])}.values())[::-1]


def _field(setting: Setting) -> Field | None:
    """Return a setting as a form's field; None of what a form has no field for, as lists and times."""
    said = described(setting.key)
    return None if said is None else field_of(setting.key, setting.value, said, setting.unit, setting.source)


def field_of(key: str, value: Any, node: Mapping[str, Any], unit: str, source: str) -> Field | None:
    """Return a field from what a schema and a file say of a setting; None of what a form has no field for."""
    kind = _kind(value, node)
    if kind is None:
        return None
    unit, words = _parted(str(node.get("description", "")), unit)
    low, high = _ends(node)
    label = _label(key, _on_a_form(words), unit)
    where = f"Setting {key}." + (f" Source of the value: {source}." if source else "")
    about = Field(key, label, kind, value, unit, "", low, high, tuple(node.get("enum", ())))
    ranged = f"Range: {about.range}. " if about.range and kind in (WHOLE, NUMBER) else ""
    return Field(about.key, label, kind, value, unit, ranged + where, low, high, about.choices)


def _kind(value: object, node: Mapping[str, Any]) -> str | None:
    if isinstance(value, bool):
        return YES
    if "enum" in node and isinstance(value, str):
        return CHOICE
    if isinstance(value, int | float):
        return WHOLE if node.get("type") == "integer" else NUMBER if node.get("type") == "number" else None
    return None


def _parted(description: str, unit: str) -> tuple[str, str]:
    """Return the unit and the words of a description, which may begin with the unit: "minutes; mean patience"."""
    first, parted, rest = description.partition("; ")
    if parted and first in UNITS:
        return (unit or first), rest
    return unit, description


def _on_a_form(words: str) -> str:
    """Return a description as a form says it: a form has no null, and a box is ticked or not."""
    kept = [part for part in words.split("; ") if not part.startswith("null")]
    plain = "; ".join(kept)
    for settings, form in (("true where", "ticked where"), ("false where", "not ticked where"), ("false:", "if not:")):
        plain = plain.replace(settings, form)
    return plain


def _label(key: str, words: str, unit: str) -> str:
    """Return what a field is called: where it belongs, what it is, and its unit."""
    inside = key.split(".")[1:]
    name = ", ".join(part.replace("_", " ").removesuffix(" gbp").removesuffix(" min") for part in inside) or key
    label = f"{name} ({unit})" if unit and len(unit) <= _LONGEST_UNIT and unit not in name else name
    label = f"{label}: {words}" if words else label
    label = label[:1].upper() + label[1:]
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def _ends(node: Mapping[str, Any]) -> tuple[float | None, float | None]:
    low = node.get("minimum", node.get("exclusiveMinimum"))
    high = node.get("maximum", node.get("exclusiveMaximum"))
    return low, high


@cache
def _schema() -> Mapping[str, Any]:
    from pcqa_sim.configuration.shapes import root_model

    made: dict[str, Any] = root_model().model_json_schema()
    return made


@cache
def described(key: str) -> Mapping[str, Any] | None:
    """Return what the schema says of a dotted key, with the descriptions on the way; None of a key it has not."""
    node: Mapping[str, Any] = _schema()
    for part in key.split("."):
        found = next((one for one in _opened(node) if part in one.get("properties", {})), None)
        if found is not None:
            node = found["properties"][part]
            continue
        more = next((inside for one in _opened(node) for inside in _any_key(one)), None)
        if more is None:
            return None
        node = more
    description = node.get("description", "")
    plain = next((one for one in _opened(node) if one.get("type", "null") != "null" or "enum" in one), node)
    ends = {name: node[name] for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if name in node}
    return {**plain, **ends, "description": description or plain.get("description", "")}


def _any_key(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what the schema says of any key of a mapping."""
    yield from node.get("patternProperties", {}).values()
    if isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]


def _opened(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a node of the schema, and those that it refers to or is one of."""
    yield node
    if "$ref" in node:
        yield from _opened(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
    for inside in (*node.get("anyOf", ()), *node.get("allOf", ())):
        yield from _opened(inside)


def read(field: Field, given: object) -> Any:
    """Return a value as the settings have it; raise ValueError, in words, for what is out of the field's range."""
    if field.kind == YES:
        return bool(given)
    if field.kind == CHOICE:
        if given not in field.choices:
            raise ValueError(f"{field.label}: one of {', '.join(field.choices)}")
        return given
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ValueError(f"{field.label}: a number, {field.range}")
    if (field.low is not None and given < field.low) or (field.high is not None and given > field.high):
        raise ValueError(f"{field.label}: {field.range}; this is {given:g}")
    if field.kind == WHOLE and int(given) != given:
        raise ValueError(f"{field.label}: a whole number; this is {given:g}")
    return int(given) if field.kind == WHOLE else float(given)
