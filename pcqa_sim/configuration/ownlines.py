"""Where in a practice's own file a fault stands: the file and the line are told with the setting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pcqa_sim.configuration.choosing import KEY, TRIAGE
from pcqa_sim.configuration.folders import PRACTICE, Library
from pcqa_sim.configuration.overrides import Override
from pcqa_sim.configuration.sources import scalars
from pcqa_sim.configuration.yamltext import line_of, root_node
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plaintext import read_plain


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
    return list(dict.fromkeys(KEY if key == TRIAGE else key for key in found))


def _located(path: Path, fault: Fault, typed: Iterable[str]) -> Fault:
    key = fault.where
    if any(f"{key}.".startswith(f"{one}.") or f"{one}.".startswith(f"{key}.") for one in typed):
        return fault
    line = line_of(root_node(read_plain(path)), key.removeprefix(f"{PRACTICE}.").split("."))
    return fault if line is None else replace(fault, where=f"{PRACTICE}/{path.name} line {line}, {key}")
