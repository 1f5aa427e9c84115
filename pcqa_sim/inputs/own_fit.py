"""Fitted settings into a practice's own file: blocks of theirs are written anew, all others stay as they are."""

from __future__ import annotations

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
    values: dict[str, Any] = dict(blocks.values)
    bodies = {}
    for key, (value, towards) in fitted.items():
        first, *inside = key.removeprefix("practice.").split(".")
        values[first] = _with(values.get(first), inside, float(f"{value:.4g}"))
        bodies[first] = block(first, values[first], f"times; fitted: towards {towards}")
    write_whole(path, blocks.with_bodies(bodies).text)


def _with(there: Any, inside: list[str], value: float) -> Any:
    if not inside:
        return value
    group = dict(there) if isinstance(there, dict) else {}
    return group | {inside[0]: _with(group.get(inside[0]), inside[1:], value)}
