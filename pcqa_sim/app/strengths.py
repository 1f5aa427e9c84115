"""How strong an intervention is, as a form asks for it: the numbers of its file, with unit, source and range."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pcqa_sim.app.forms import Field, field_of

GROUP = "intervention"
SHARE = "share"
_LEFT_OUT = ("only", "pressure")
_ENDS: Mapping[str, Mapping[str, float]] = {"share": {"minimum": 0, "maximum": 1}, "times": {"minimum": 0}}


def strengths(settings: Path | None, name: str) -> list[Field]:
    """Return the numbers of an intervention: of its class with the class's ranges, of its file with its units' ranges.

    What stands in lists and groups is left to the command line.
    """
    from pcqa_sim.configuration.sources import scalars

    text, tree = _file(settings, name)
    known = _schema(str(tree.get("kind", name)))
    found = []
    for scalar in scalars(text):
        value = tree.get(scalar.key)
        if scalar.key in _LEFT_OUT or not isinstance(value, int | float | str):
            continue
        note = scalar.note
        own: dict[str, Any] = {"type": "number", **_ENDS.get(note.unit.partition(" ")[0], {})}
        node = known.get(scalar.key, own)
        found.append(field_of(f"{GROUP}.{name}.{scalar.key}", value, node, note.unit, note.source))
    return [one for one in found if one is not None]


def ways_of_sharing(settings: Path | None) -> list[str]:
    """Return the interventions by which practices of a network share something."""
    from pcqa_sim.configuration import user_library

    names = user_library(settings).options(GROUP)
    return [name for name in names if _file(settings, name)[1].get("kind") == SHARE]


def titled(settings: Path | None, group: str, name: str) -> str:
    """Return what a settings file calls what is in it, its own name in words where it says none."""
    return str(_file(settings, name, group)[1].get("title") or name.replace("_", " "))


def _file(settings: Path | None, name: str, group: str = GROUP) -> tuple[str, dict[str, Any]]:
    import yaml

    from pcqa_sim.configuration import user_library
    from pcqa_sim.values.plaintext import read_plain

    path = user_library(settings).file(group, name)
    text = "" if path is None else read_plain(path)
    tree = yaml.safe_load(text)
    return text, tree if isinstance(tree, dict) else {}


def _schema(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what the class of a kind says of each of its settings, by name."""
    from pcqa_sim.interventions import INTERVENTIONS

    made = INTERVENTIONS.get(kind)
    properties: Mapping[str, Any] = {} if made is None else made.model_json_schema()["properties"]
    return {key: _plain(one) for key, one in properties.items()}


def _plain(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the schema says of a setting that may also be null."""
    inside: Mapping[str, Any] = next((one for one in node.get("anyOf", ()) if one.get("type") != "null"), {})
    return {**inside, **{key: value for key, value in node.items() if key != "anyOf"}}
