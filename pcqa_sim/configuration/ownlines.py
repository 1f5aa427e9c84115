"""Where in a practice's own file a fault stands: the file and the line are told with the setting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from pcqa_sim.configuration.folders import Library
from pcqa_sim.configuration.overrides import Override
from pcqa_sim.configuration.sources import scalars
from pcqa_sim.configuration.yamltext import root_node
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plaintext import read_plain

PRACTICE = "practice"


def located(library: Library, overrides: Sequence[Override], bad: BadInput) -> BadInput:
    """Return faults with the line of the user's practice file that gave the setting, where one did."""
    chosen = [name for one in overrides if one.key == PRACTICE for name in one.options or ()]
    path = library.own_files.get(PRACTICE, {}).get(chosen[-1]) if chosen else None
    if path is None or (PRACTICE, path.stem) in library.refused:
        return bad
    typed = [one.key for one in overrides if one.options is None]
    return BadInput(_located(path, fault, typed) for fault in bad.faults)


def said_in(path: Path) -> list[str]:
    """Return the dotted keys that a practice's own file says, in order; lists by their key alone.

    What is marked as an assumption there was filled in.
    """
    found = (one.key for one in scalars(read_plain(path)) if not one.note.source.startswith("assumption"))
    return list(dict.fromkeys(found))


def _located(path: Path, fault: Fault, typed: Iterable[str]) -> Fault:
    key = fault.where
    if any(f"{key}.".startswith(f"{one}.") or f"{one}.".startswith(f"{key}.") for one in typed):
        return fault
    line = line_of(root_node(read_plain(path)), key.removeprefix(f"{PRACTICE}.").split("."))
    return fault if line is None else replace(fault, where=f"{PRACTICE}/{path.name} line {line}, {key}")


def line_of(node: yaml.Node | None, parts: Sequence[str]) -> int | None:
    """Return the line of a key in a tree of nodes, or of the group that lacks it; None where neither is there."""
    line, found = None, 0
    for part in parts:
        inside = _inside(node, part)
        if inside is None:
            break
        line, node = inside
        found += 1
    return line if found and found >= len(parts) - 1 else None


def _inside(node: yaml.Node | None, part: str) -> tuple[int, yaml.Node] | None:
    """Return the line and the node of one key of a mapping, or of one place in a list."""
    if isinstance(node, yaml.MappingNode):
        pairs = ((key.start_mark.line + 1, value) for key, value in node.value if str(key.value) == part)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        item = node.value[int(part)]
        return item.start_mark.line + 1, item
    return None
