"""Reads published CSV files row by row and refuses whatever is torn, undecodable or not such a file.

The csv module is used with the length of every row checked: a row with a field too many or too few would
otherwise put numbers under the wrong column in silence.
"""

from __future__ import annotations

import csv
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pcqa_sim.inputs.identifiers import HIDDEN, identifier
from pcqa_sim.inputs.layouts import Layout, columns_of, named_by_file, wrong_kind
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

_OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive; unpack it",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text; save it as CSV UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as CSV UTF-8",
    b"<": "a web page, not the file it offers",
    b"{": "JSON",
    b"[": "JSON",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header: file name, line number (counted from 1) and cells by column, stripped."""

    file: str
    line: int
    cells: dict[str, str]

    def fault(self, column: str, rule: str, near: str = "") -> BadInput:
        """Return the error that names this row's line, the column, its value and the rule it breaks.

        A value that may tell who somebody is, as an NHS number put where a count belongs, is not shown; a date is.
        """
        value = shown(self.cells[column], 80) or "(empty)"
        if (told := identifier(value)) and not told.startswith("date"):
            value = HIDDEN
        return BadInput(Fault(f"{self.file}, line {self.line}, column {column}", rule, value, near))


def rows(path: Path, layout: Layout) -> Iterator[Row]:
    """Yield every row of a published file; blank lines are skipped.

    Raises BadInput: no such file, empty, not text, undecodable bytes, another kind of file, a missing column,
    a torn row, or nothing below the header.
    """
    file = shown(path.name, 80)
    _refuse_unless_text(path, file, layout)
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            yield from _rows(stream, file, layout)
    except OSError as error:
        raise BadInput(Fault(file, f"cannot be read: {error.strerror}")) from None


def _rows(stream: TextIO, file: str, layout: Layout) -> Iterator[Row]:
    """Yield the rows of an open file."""
    lines = _lines(stream, file)
    first, header = next(lines, (0, []))
    if not header:
        raise BadInput(Fault(file, f"the file is empty; expected {layout.name}"))
    places = columns_of(header, layout, f"{file}, line {first}")
    some = False
    for line, fields in lines:
        if len(fields) != len(header):
            rule = f"a torn row: expected {len(header)} fields as in the header, found {len(fields)}"
            raise BadInput(Fault(f"{file}, line {line}", rule, shown(",".join(fields), 80)))
        some = True
        yield Row(file, line, {column: fields[place].strip() for column, place in places.items()})
    if not some:
        raise BadInput(Fault(file, f"nothing below the header; expected rows of {layout.name}"))


def _lines(stream: TextIO, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the fields of each row that is not blank."""
    reader = csv.reader(stream, strict=True)
    before = 0
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise BadInput(Fault(f"{file}, line {before + 1}", f"a torn row: {error}")) from None
        if fields is None:
            return
        line, before = before + 1, reader.line_num
        text = "".join(fields)
        if not text.isascii() and any("\udc80" <= c <= "\udcff" for c in text):
            raise BadInput(Fault(f"{file}, line {line}", "bytes that are not UTF-8 text; save it as CSV UTF-8"))
        if text.strip() or len(fields) > 1:
            yield line, fields


def _refuse_unless_text(path: Path, file: str, layout: Layout) -> None:
    """Raise BadInput for a missing file, a folder, or bytes that show another kind of file."""
    try:
        if not path.exists():
            raise BadInput(missing(path))
        if not path.is_file():
            raise BadInput(Fault(shown(str(path), 200), "not a file; the published CSV file is expected"))
        with path.open("rb") as stream:
            start = stream.read(1024)
    except OSError as error:
        raise BadInput(Fault(shown(str(path), 200), f"cannot be read: {error.strerror}")) from None
    for mark, kind in _OTHER_KINDS.items():
        if start.startswith(mark):
            known = named_by_file(path.name)
            rule = wrong_kind(f"{known}, {kind.partition(';')[0]}", "", layout) if known else ""
            raise BadInput(Fault(file, rule or f"the wrong kind of file: {kind}; expected {layout.name}, as CSV"))
    if b"\0" in start:
        raise BadInput(Fault(file, f"the wrong kind of file: not text; expected {layout.name}, as CSV"))


def first_bytes(path: Path, many: int = 8) -> bytes:
    """Return how a file begins, nothing for one that cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(many)
    except OSError:
        return b""


def missing(path: Path) -> Fault:
    """Say which file is missing, and the nearest name in that folder."""
    if not path.parent.is_dir():
        return Fault(shown(str(path), 200), "no such file, and no such folder")
    try:
        names = sorted(other.name for other in path.parent.iterdir())
    except OSError:
        names = []
    return Fault(shown(str(path), 200), "no such file", nearest=shown(nearest(path.name, names), 80))


def nearest_codes(code: str, known: Iterable[str]) -> str:
    """Return up to three known practice codes most like `code`, joined with "or"; "" when none is alike.

    Alike are codes with at least four of the six characters in place.
    """
    alike = {other: sum(map(operator.eq, code, other)) for other in sorted(known)}
    ranked = sorted((other for other in alike if alike[other] >= 4), key=lambda other: -alike[other])
    return " or ".join(ranked[:3])
