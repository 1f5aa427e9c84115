"""Fitted settings into a practice's own file: blocks of theirs are written anew, all others stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pcqa_sim.inputs.own_form import block
from pcqa_sim.inputs.practice_file import write_whole
from pcqa_sim.inputs.yaml_blocks import Blocks
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plaintext import read_plain


def write_into(path: Path, fitted: Mapping[str, tuple[float, str]]) -> None:
    """Write fitted values, by dotted key as users write them, into a practice's own file.

    Raises BadInput where the file is not written one key after another.
    """
    try:
        blocks = Blocks.from_text(read_plain(path).replace("\r\n", "\n"))
    except ValueError as error:
        raise BadInput(Fault(shown(str(path), 200), f"cannot be added to: {shown(str(error), 160)}")) from None
    _write(
        path, blocks, {key: (value, f"times; fitted: towards {towards}") for key, (value, towards) in fitted.items()}
    )


def write_calibrated(path: Path, found: Mapping[str, tuple[float, str]]) -> None:
    """Write calibrated values with their sources, by dotted key, into a practice's own file; raise BadInput."""
    try:
        blocks = Blocks.from_text(read_plain(path).replace("\r\n", "\n"))
    except ValueError as error:
        raise BadInput(Fault(shown(str(path), 200), f"cannot be added to: {shown(str(error), 160)}")) from None
    _write(path, blocks, {key: (value, f"as named; {plain_source(source)}") for key, (value, source) in found.items()})


def _write(path: Path, blocks: Blocks, found: Mapping[str, tuple[float, str]]) -> None:
    values: dict[str, Any] = dict(blocks.values)
    bodies: dict[str, str] = {}
    notes: dict[str, dict[str, str]] = {}
    for key, (value, comment) in found.items():
        dotted = key.removeprefix("practice.")
        first, *inside = dotted.split(".")
        number = value if isinstance(value, int) else float(f"{value:.4g}")
        values[first] = _with(values.get(first), inside, number)
        notes.setdefault(first, {})[dotted] = comment
    for first, mine in notes.items():
        one = mine.get(first) or next(iter(mine.values()))
        bodies[first] = block(first, values[first], one, mine if len(mine) > 1 else None)
    write_whole(path, blocks.with_bodies(bodies).text)


def write_counts(path: Path, counts: Mapping[str, tuple[float, str]]) -> Path:
    """Write counts with their sources into a practice's own file; those it has stay, unless counted anew."""
    try:
        blocks = Blocks.from_text(read_plain(path).replace("\r\n", "\n"))
    except ValueError as error:
        raise BadInput(Fault(shown(str(path), 200), f"cannot be added to: {shown(str(error), 160)}")) from None
    write_whole(path, blocks.with_bodies({"counts": counts_body(blocks, counts)}).text)
    return path


def counts_body(blocks: Blocks, counts: Mapping[str, tuple[float, str]]) -> str:
    """Return the block of counts: those there are stay, with their sources, unless counted anew."""
    there = blocks.values.get("counts")
    values: dict[str, Any] = dict(there) if isinstance(there, dict) else {}
    body = blocks.by_key["counts"].body if "counts" in blocks.by_key else ""
    notes = dict(re.findall(r"^  ([a-z_]+):.*?  # (.*)$", body, re.MULTILINE))
    for key, (value, source) in counts.items():
        values[key], notes[key] = value, plain_source(source)
    lines = ["counts:  # as named; each with its source"]
    lines += [f"  {key}: {value}" + (f"  # {notes[key]}" if notes.get(key) else "") for key, value in values.items()]
    return "\n".join(lines) + "\n"


def plain_source(source: str) -> str:
    """Return a source fit for a comment and for settings."""
    return shown(source, 200).replace("#", "_").replace("${", "_")


def _with(there: Any, inside: list[str], value: float) -> Any:
    if not inside:
        return value
    group = dict(there) if isinstance(there, dict) else {}
    return group | {inside[0]: _with(group.get(inside[0]), inside[1:], value)}
