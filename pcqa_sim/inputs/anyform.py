"""Rows of a published file in whatever form somebody has it: CSV, with semicolons, UTF-16, Excel or a zip of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pcqa_sim.inputs.layouts import Layout, columns_of, recognised_among
from pcqa_sim.inputs.published import Row, first_bytes, rows
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.values.faults import BadInput

_MARKS = (b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff")


def rows_in_any_form(path: Path, layout: Layout) -> Iterator[Row]:
    """Yield every row of a file of a layout, or of each file of a zip that has it; raise BadInput for any fault."""
    if _is_plain(path):
        yield from rows(path, layout)
        return
    for table in tables(path, lambda head: recognised_among(head, (layout,)) is not None):
        places = columns_of(table.head, layout, f"{table.file}, line {table.head_line}")
        for chunk in table.chunks():
            for line, cells in zip(chunk.lines, chunk.rows, strict=True):
                yield Row(table.file, line, {column: cells[place].strip() for column, place in places.items()})
        if table.counted.reasons:
            raise BadInput(table.counted.reasons)


def _is_plain(path: Path) -> bool:
    """Tell whether a file is text with commas, or nothing that could be anything else."""
    start = first_bytes(path, 4096)
    heading = start.partition(b"\n")[0]
    return not start.startswith(_MARKS) and heading.count(b",") >= max(heading.count(b";"), heading.count(b"\t"))
