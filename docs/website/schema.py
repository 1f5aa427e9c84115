"""Reference of the settings: every group of the scenario's schema with its keys, ranges and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pcqa_sim.configuration import Shown
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.groups import PracticeProfile
from website.tables import code, plain, table

WHOLE = ("calendar", "run", "mdt", "network")
OWN = tuple(PracticeProfile.model_fields)
"""Keys of the group `practice`."""
_NAMES = {"kind": "KIND", "role": "ROLE", "time": "TIME", "mode": "MODE"}
Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """A block of settings: its dotted key, what it is, and its own keys with their schemas."""

    key: str
    words: str
    keys: Mapping[str, Tree]


class Schema:
    """The settings' schema, walked from the top."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def of(self, part: Tree) -> Tree:
        """Return what a schema stands for: a reference followed, null left out."""
        options = [one for one in part.get("anyOf", []) if one.get("type") != "null"]
        if len(options) == 1:
            return self.of({**options[0], **{k: v for k, v in part.items() if k in ("description", "default")}})
        if "$ref" in part:
            return {**self.tree["$defs"][part["$ref"].rpartition("/")[2]], "said": part.get("description", "")}
        return part

    def sections(self, key: str, part: Tree) -> Iterator[Section]:
        """Yield a block and all blocks inside it; those of a name are told once, with the name in capitals."""
        found = self.of(part)
        if found.get("type") == "array":
            yield from self.sections(f"{key}.N", found["items"])
        elif "properties" in found:
            words = " ".join(word for word in (found.get("description", ""), _sentence(found.get("said", ""))) if word)
            yield Section(key, words, found["properties"])
            for name, inner in found["properties"].items():
                yield from self.sections(f"{key}.{name}", inner)
        else:
            for inner in _members(found):
                yield from self.sections(f"{key}.{_placeholder(key, found)}", inner)

    def is_block(self, part: Tree) -> bool:
        """Tell whether a key opens a block that has a section of its own."""
        found = self.of(part)
        inside = [found["items"]] if found.get("type") == "array" else list(_members(found))
        return "properties" in found or any("properties" in self.of(inner) for inner in inside)

    def range(self, part: Tree) -> str:
        """Return in words what a key may be."""
        null = ", or null" if any(one.get("type") == "null" for one in part.get("anyOf", [])) else ""
        options = [one for one in part.get("anyOf", []) if one.get("type") != "null"]
        if len(options) > 1:
            return " or ".join(self.range(one) for one in options) + null
        found = self.of(part)
        if "enum" in found:
            return ", ".join(code(one) for one in found["enum"]) + null
        if "const" in found:
            return code(found["const"]) + null
        if found.get("type") in ("number", "integer"):
            return _bounds(found) + null
        if found.get("type") == "boolean":
            return "true or false" + null
        if found.get("type") == "array":
            return f"a list: {self.range(found['items'])}{null}"
        inner = next(_members(found), None)
        return (f"by name: {self.range(inner)}" if inner else _TEXT.get(found.get("pattern", ""), "text")) + null

    def at(self, part: Tree, steps: Sequence[str]) -> str:
        """Return what a key may be that stands at a path below a part; "" for a block, and where there is none."""
        found = self.of(part)
        if found.get("type") == "array":
            return self.at(found["items"], steps)
        if not steps:
            return "" if "properties" in found else self.range(part)
        inner = found.get("properties", {}).get(steps[0]) or next(_members(found), None)
        return self.at(inner, steps[1:]) if inner is not None else ""


_TEXT = {r"^[a-z][a-z0-9_]{0,39}$": "a name: small letters, digits, _"}


def _members(found: Tree) -> Iterator[Tree]:
    """Yield the schema of what a mapping by name holds."""
    inner = found.get("additionalProperties")
    if isinstance(inner, dict):
        yield inner
    yield from found.get("patternProperties", {}).values()


def _placeholder(key: str, found: Tree) -> str:
    return _NAMES.get(str(found.get("keyed_by", key.rpartition(".")[2])), "NAME")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _bounds(found: Tree) -> str:
    whole = "whole number " if found["type"] == "integer" else ""
    low = found.get("exclusiveMinimum", found.get("minimum"))
    high = found.get("maximum", found.get("exclusiveMaximum"))
    above = "above " if "exclusiveMinimum" in found else ""
    if low is None and high is None:  # every whole number has bounds, but for minutes of the day
        return 'a time, "HH:MM"' if whole else "any number"
    if high is None:
        return f"{whole}{above}{low:g}" + ("" if above else " or more")
    return f"{whole}{above}{low:g} to {high:g}" if low is not None else f"{whole}{high:g} at the most"


@cache
def groups() -> dict[str, tuple[Schema, Tree]]:
    """Return each group of settings with its schema, in the order in which `pcqa show` tells them."""
    practice, whole = Schema(Practice.model_json_schema()), Schema(Scenario.model_json_schema())
    mine = {name: practice.tree["properties"][name] for name in OWN}
    found = {name: (whole, whole.tree["properties"][name]) for name in WHOLE}
    found["practice"] = (practice, {"properties": mine, "description": "A practice: its list, and what it observed."})
    found |= {name: (practice, part) for name, part in practice.tree["properties"].items() if name not in OWN}
    return found


def allowed(group: str, steps: Sequence[str]) -> str:
    """Return what a setting of a group may be; "" where there is no such group or key."""
    schema, part = groups().get(group, (None, {}))
    return schema.at(part, steps) if schema else ""


def settings_page(group: str, shown: Shown) -> str:
    """Return the page of one group of settings."""
    schema, part = groups()[group]
    values = {one.key: one for one in shown.settings if not one.place}
    lines = [
        f"# {group}",
        "",
        f"Settings of the group `{group}`, by the names that `pcqa show` prints. The last column",
    ]
    lines += ["is the average practice's value; where a key stands for several,"]
    lines += ["[every number](../../evidence/parameters.md) has them. Names in capitals stand for yours.", ""]
    for section in schema.sections(group, part):
        lines += [f"## {section.key}" if section.key != group else f"## {group}, its own keys", ""]
        lines += [plain(section.words), ""] if section.words else []
        rows = [_row(schema, section.key, name, inner, values) for name, inner in section.keys.items()]
        lines += table(("setting", "what it is", "range", "default"), rows)
    return "\n".join(lines)


def _row(schema: Schema, key: str, name: str, part: Tree, values: Mapping[str, Any]) -> tuple[str, str, str, str]:
    found = schema.of(part)
    words = part.get("description") or found.get("said") or found.get("description", "")
    here = values.get(f"{key}.{name}") or values.get(name if key == "practice" else "")
    default = code(_short(here.value)) if here is not None else ""
    if schema.is_block(part):
        return code(name), plain(words), "a block, below", default
    return code(name), plain(words), schema.range(part), default


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 24 else text[:21] + "..."
