"""Which kind of file a header belongs to, where its columns are, and what to say when it is another file's.

Column names are those of the files NHS England publishes; sub-ICB columns took the place of CCG columns in
2022, and no reader here uses either. Letter case, spaces and order of the columns do not matter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

from pcqa_sim.inputs.known_layouts import BY_FILE_NAME, DURATIONS, KNOWN, REGISTER, Layout
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

__all__ = [
    "DURATIONS", "KNOWN", "REGISTER", "Layout", "columns_of", "named_by_file", "plain_name", "recognised",
    "recognised_among", "wrong_kind",
]  # fmt: skip

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_ODS_CODE = re.compile(r"[A-Z][A-Z0-9]{4,5}", re.ASCII)
_FIELDS_OF_EPRACCUR, _FIELDS_OF_EPCMEM = 27, 6


def columns_of(header: Sequence[str], layout: Layout, where: str) -> dict[str, int]:
    """Return the place of each column of a layout in a header line.

    Raises BadInput, `where` naming file and line: another kind of file, a missing or a doubled column.
    """
    names = _names(header)
    missing = [column for column in layout.columns if plain_name(column) not in names]
    if missing:
        raise BadInput(_why_missing(header, names, missing, layout, where))
    doubled = [column for column in layout.columns if names.count(plain_name(column)) > 1]
    if doubled:
        raise BadInput([Fault(where, "this column is in the header twice", column) for column in doubled])
    return {column: names.index(plain_name(column)) for column in layout.columns}


def recognised(header: Sequence[str]) -> Layout | None:
    """Return the kind of file a header belongs to, None for an unknown: of several that fit, the one told by most."""
    if found := recognised_among(header, KNOWN):
        return found
    first = header[0].strip() if header else ""
    if _ODS_CODE.fullmatch(first) and len(header) in (_FIELDS_OF_EPRACCUR, _FIELDS_OF_EPCMEM):
        return Layout(named_by_file("epraccur" if len(header) == _FIELDS_OF_EPRACCUR else "epcmem"), ())
    return None


def recognised_among(header: Sequence[str], layouts: Iterable[Layout]) -> Layout | None:
    """Return which of some layouts a header is of, None for none: of several that fit, the one told by most columns."""
    names = set(_names(header))
    fitting = [layout for layout in layouts if layout.columns and names.issuperset(map(plain_name, layout.columns))]
    return max(fitting, key=lambda layout: len(layout.columns)) if fitting else None


def named_by_file(name: str) -> str:
    """Return which published file a file's name is of, "" where it says nothing."""
    plain = re.sub(r"[\s_-]+", " ", name.lower())
    return next((known for pattern, known in BY_FILE_NAME if re.search(pattern, plain)), "")


def wrong_kind(name: str, command: str, expected: Layout) -> str:
    """Return the rule for a file that is not the one expected: what it is, whether it is read, and what to use."""
    if command:
        return f"the wrong kind of file: this is {name}, which `{command}` reads; expected {expected.name}"
    return f"the wrong kind of file: this is {name}, which pcqa does not read; use {expected.name}"


def _names(header: Sequence[str]) -> list[str]:
    return [plain_name(column) for column in header]


def plain_name(column: str) -> str:
    """Return a column's name without regard to case and to how its words are held apart."""
    return re.sub(r"[\s_]+", "_", column.strip().strip("\ufeff\"'").strip().upper())


def _why_missing(
    header: Sequence[str], names: list[str], missing: list[str], layout: Layout, where: str
) -> list[Fault]:
    """Say that it is another file altogether, that commas are missing, or which columns are."""
    for mark, words in _SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            return [_separated(next(csv.reader([header[0]], delimiter=mark)), words, layout, where, header[0])]
    other = recognised(header)
    if other is not None and other != layout:
        return [Fault(where, wrong_kind(other.name, other.command, layout))]
    if 2 * len(missing) > len(layout.columns):
        rule = f"the wrong kind of file: expected {layout.name}, with columns {', '.join(layout.columns)}"
        return [Fault(where, rule, shown(",".join(header), 80))]
    spare = [name for name in names if name not in {plain_name(column) for column in layout.columns}]
    return [
        Fault(where, "this column is missing from the header", column, _as_written(header, column, spare))
        for column in missing
    ]


def _separated(fields: Sequence[str], words: str, layout: Layout, where: str, header: str) -> Fault:
    """Say which file it is whose columns are not separated by commas."""
    other = recognised(fields)
    if other is None:
        return Fault(where, f"columns are separated by commas; expected {layout.name}", shown(header))
    if other == layout:
        return Fault(where, f"this is {layout.name}, but with {words} between its columns; save it with commas")
    return Fault(where, wrong_kind(other.name, other.command, layout))


def _as_written(header: Sequence[str], column: str, spare: list[str]) -> str:
    """Return the unused header name most like a column, as the file writes it."""
    close = nearest(plain_name(column), spare)
    return next((shown(name, 80) for name in header if close and plain_name(name) == close), "")
