"""Which layout a file has, looked at without reading it through."""

from __future__ import annotations

from pathlib import Path

from pcqa_sim.inputs.known_layouts import KNOWN, Layout
from pcqa_sim.inputs.layouts import recognised_among
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.values.faults import BadInput


def layout_at(path: Path) -> Layout | None:
    """Return the layout of a file's first table, None where it is not known or cannot be read."""
    try:
        for table in tables(path, lambda head: recognised_among(head, KNOWN) is not None):
            return recognised_among(table.head, KNOWN)
    except BadInput:
        return None
    return None
