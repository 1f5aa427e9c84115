"""What a settings model finds wrong, said in plain English: key, value, rule, and the nearest valid key."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pcqa_sim.scenario.shapes import Node, Shapes
from pcqa_sim.values.faults import Fault, Several, nearest, nearest_key
from pcqa_sim.values.outside import printable
from pcqa_sim.values.renamed import is_now, new_key

_KEYED = re.compile(r"^([a-z_][a-z0-9_.]*): (.+)$", re.DOTALL)
_PATTERNS = {
    "^[a-z][a-z0-9_]{0,39}$": "must be made of lower-case letters, digits and _, begin with a letter, "
    "and have at most 40 characters",
}
_NUMBER_ERRORS = ("int_", "float_", "finite_number", "greater_than", "less_than", "multiple_of")
_LIST_ERRORS = ("list_type", "tuple_type", "set_type")
_GROUP_ERRORS = ("model_type", "model_attributes_type", "dict_type", "mapping_type")
_OTHER_BASE = re.compile(r"^[-+]?0[xob][0-9a-f]+$", re.IGNORECASE)
_LARGEST_PLAIN = 1e15
_WORDS = ("true", "false")
_HOUR = 60


Typed = Mapping[str, tuple[object, str]]
"""Dotted key -> the value an override gives it, and how that was typed."""


def faults_of(
    error: ValidationError, data: object, shapes: Shapes, under: str = "", typed: Typed | None = None
) -> list[Fault]:
    """Return one fault an error; keys are dotted and begin with `under`, a dotted prefix ("intervention.more.").

    Values that an override gave are shown as they were typed, others as a file would have them.
    """
    found = error.errors(include_url=False)
    apart = (one for details in found if not _is_short_by_faults(details, found) for one in _apart(details))
    return [_fault(details, data, shapes, under, typed or {}) for details in apart]


def _is_short_by_faults(details: ErrorDetails, found: Sequence[ErrorDetails]) -> bool:
    """Tell whether a list is too short only for its entries being wrong, which is told of each of them."""
    loc = details["loc"]
    return details["type"] == "too_short" and any(one["loc"][: len(loc)] == loc != one["loc"] for one in found)


def _apart(details: ErrorDetails) -> Iterator[ErrorDetails]:
    """Yield an error, or each of those that a check of a whole group found together."""
    found = details.get("ctx", {}).get("error")
    for text in found.texts if isinstance(found, Several) else ():
        yield {**details, "ctx": {"error": ValueError(text)}}
    if not isinstance(found, Several):
        yield details


def _fault(details: ErrorDetails, data: object, shapes: Shapes, under: str, typed: Typed) -> Fault:
    path = _path(details, data)
    rule = _rule(details, path, shapes)
    if details["type"] == "value_error" and (keyed := _KEYED.match(rule)):
        path, rule = [*path, *keyed[1].split(".")], keyed[2]
        return Fault(under + ".".join(path), rule)
    near = _nearest(details, path, shapes, under)
    where = (under + ".".join(path)).rstrip(".") or "settings"
    value, text = typed.get(where, (None, ""))
    if details["type"] == "extra_forbidden" and (now := new_key(where)):
        rule, near = is_now(now), ""
    as_typed = bool(text) and _same(value, details["input"])
    return Fault(where, rule, written(text) if as_typed and _value(details) else _value(details), near)


def _same(first: object, other: object) -> bool:
    """Tell whether a value is the one typed: 0.0 may have become 0 on its way."""
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (first, other))
    return first == other if numbers else type(first) is type(other) and repr(first) == repr(other)


def _path(details: ErrorDetails, data: object) -> list[str]:
    """Return the error's place as the user wrote it, without the names of union branches."""
    loc = details["loc"]
    if loc and loc[-1] == "[key]":
        loc = loc[:-2]
    path, here = [], data
    for depth, part in enumerate(loc):
        there, inside = _part(here, part)
        if there or (details["type"] == "missing" and depth == len(loc) - 1):
            path.append(str(part))
            here = inside
    return path


def _part(here: object, part: str | int) -> tuple[bool, object]:
    if isinstance(here, Mapping):
        return part in here, here.get(part)
    if isinstance(here, list | tuple) and isinstance(part, int) and part < len(here):
        return True, here[part]
    return False, None


def _rule(details: ErrorDetails, path: Sequence[str], shapes: Shapes) -> str:
    """Return the rule that was broken, as a person would say it."""
    kind, context = details["type"], details.get("ctx", {})
    nodes = shapes.at(path)
    if kind == "missing":
        return _with_meaning("needs a value", nodes)
    if kind == "extra_forbidden":
        return "is not a setting"
    if kind.startswith(_NUMBER_ERRORS):
        numbers = [node for node in nodes if _is_number(node)]
        rule = number_rule(numbers[0]) if numbers else "must be a number"
        return rule + _number_hint(details["input"], whole=bool(numbers) and numbers[0]["type"] == "integer")
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", details["msg"])) + _time_hint(details)
    if kind in _GROUP_ERRORS:
        return _group_rule(path, shapes)
    return _word_rule(kind, context, nodes, details["input"]) or details["msg"].replace("Input should be", "must be")


def _word_rule(kind: str, context: Mapping[str, Any], nodes: Sequence[Node], value: object) -> str:
    """Return the rule for texts, choices, dates and lists; "" for none of these."""
    if kind in ("literal_error", "enum"):
        return f"must be one of: {', '.join(_choices(nodes) or _expected(context)) or context.get('expected', '')}"
    if kind.startswith("union_tag"):
        return f"kind must be one of: {context.get('expected_tags', '')}".replace("'", "")
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context.get("pattern")), f"must match the pattern {context.get('pattern')}")
    if kind.startswith("string_too"):
        return "must be text of " + _between(context.get("min_length", 1), _longest(nodes), "character")
    if kind.startswith("string"):
        return "must be text; put it in quotes, or YAML may read it as something else (no as false, 10 as a number)"
    if kind.startswith("bool"):
        return "must be true or false" + ("; write it without quotes" if value in _WORDS else "")
    if kind.startswith("date"):
        return "must be a date, written YYYY-MM-DD"
    if kind in _LIST_ERRORS:
        return "must be a list, written [a, b]"
    if kind in ("too_short", "too_long"):
        least, most = context.get("min_length"), context.get("max_length")
        return f"needs {least} or more entries" if kind == "too_short" else f"must have at most {most} entries"
    return ""


def number_rule(node: Node) -> str:
    """Return the rule of a number from its schema: "must be a whole number from 1 to 10,000"."""
    least, most, above, below = bounds(node)
    rule = "must be a whole number" if node["type"] == "integer" else "must be a number"
    if node["type"] == "number" and 0 in (least, above) and 1 in (most, below):
        rule = "must be a share" + ("," if (least, most) == (0, 1) else "")
    if least is not None and most is not None:
        return f"{rule} from {_figure(least)} to {_figure(most)}"
    lower = f" above {_figure(above)}" if above is not None else "" if least is None else f", {_figure(least)} or more"
    upper = f", below {_figure(below)}" if below is not None else "" if most is None else f", at most {_figure(most)}"
    return rule + lower + upper


def bounds(node: Node) -> tuple[float | None, float | None, float | None, float | None]:
    """Return the least, the most, and what a number is above and below, None for no such bound.

    A bound that a field adds to those of its kind of number stands beside them; the stricter is the one that holds.
    """
    least, most = node.get("minimum", node.get("ge")), node.get("maximum", node.get("le"))
    above, below = node.get("exclusiveMinimum", node.get("gt")), node.get("exclusiveMaximum", node.get("lt"))
    if least is not None and above is not None:
        least, above = (None, above) if above >= least else (least, None)
    if most is not None and below is not None:
        most, below = (None, below) if below <= most else (most, None)
    return least, most, above, below


def _number_hint(value: object, whole: bool) -> str:
    """Return what is wrong with a text that was meant as a number: its quotes, or its form."""
    number = plain_number(value) if isinstance(value, str) else ""
    if whole and not number.removeprefix("-").isdecimal():
        return ""
    return "" if not number else "; write it without quotes" if number == value else f"; write {number}"


def plain_number(text: str) -> str:
    """Return the number that a text means as a file would have it, "" where it means none.

    Read are full-width digits, other bases (0x7d0), thousands apart (£2,000, 2_000) and per cent (10 %).
    """
    bare = re.sub(r"[\s_£,'\"]", "", unicodedata.normalize("NFKC", text))
    per = 100 if bare.endswith("%") else 1
    try:
        number = float(int(bare, 0)) if _OTHER_BASE.match(bare) else float(bare.removesuffix("%")) / per
    except (ValueError, OverflowError):
        return ""
    if not math.isfinite(number):
        return ""
    return f"{number:.0f}" if number.is_integer() and abs(number) < _LARGEST_PLAIN else f"{number:.12g}"


def _figure(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def _is_number(node: Node) -> bool:
    return node.get("type") in ("integer", "number")


def _between(least: object, most: object, what: str) -> str:
    return f"at least {least} {what}" if most is None else f"{least} to {most} {what}s"


def _longest(nodes: Sequence[Node]) -> object:
    return next((node["maxLength"] for node in nodes if "maxLength" in node), None)


def _choices(nodes: Sequence[Node]) -> list[str]:
    return [str(x) for node in nodes for x in (node["enum"] if "enum" in node else [node.get("const", "")]) if x != ""]


def _expected(context: Mapping[str, Any]) -> list[str]:
    """Return the words that would do where a schema does not name them: the keys of a group."""
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _group_rule(path: Sequence[str], shapes: Shapes) -> str:
    inside = shapes.children(path)
    named = f": {', '.join(inside)}" if inside else ""
    return f"must be a group of settings, not one value{named}"


def _with_meaning(rule: str, nodes: Iterable[Node]) -> str:
    meaning = next((str(node["description"]) for node in nodes if "description" in node), "")
    return f"{rule} ({meaning.rstrip('.')})" if meaning else rule


def _time_hint(details: ErrorDetails) -> str:
    """Return what YAML did to an unquoted time: 8:30 is read as 510."""
    value = details["input"]
    if "HH:MM" not in str(details["msg"]) or isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return ""
    return f"; without quotes YAML reads {value // _HOUR}:{value % _HOUR:02d} as {value}"


def _nearest(details: ErrorDetails, path: Sequence[str], shapes: Shapes, under: str) -> str:
    if details["type"] == "extra_forbidden":
        return nearest_key(".".join(path), shapes.keys(), under)
    if details["type"] in ("literal_error", "enum"):
        return nearest(str(details["input"]), _choices(shapes.at(path)) or _expected(details.get("ctx", {})))
    return ""


def _value(details: ErrorDetails) -> str:
    """Return the value as it was written; nothing for a missing one or a whole group."""
    value = details["input"]
    whole = isinstance(value, Mapping | list | tuple)
    cross = whole and details["type"] in ("value_error", "too_short", "too_long", "extra_forbidden")
    if details["type"] == "missing" or cross:
        return ""
    # What a file without the quotes would read as something else is shown with them.
    looks_other = isinstance(value, str) and (value in (*_WORDS, "null") or plain_number(value) == value)
    return written(f"'{value}'" if looks_other else value)


def written(value: object) -> str:
    """Return a value as YAML would have it, without characters that could move a terminal's cursor."""
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {written(inside)}" for key, inside in value.items()) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(written(inside) for inside in value) + "]"
    elif value is None or isinstance(value, bool):
        text = "null" if value is None else str(value).lower()
    elif isinstance(value, float):
        text = repr(value).removesuffix(".0")
    else:
        text = str(value)
    return printable(text)
