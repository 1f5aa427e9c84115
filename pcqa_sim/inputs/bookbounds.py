"""Excel files that would unpack to far more than they hold: refused before the reader reserves memory for them.

The reader keeps a sheet as a full rectangle from its first cell to its last: one stray cell in the last corner of a
sheet asks for half a terabyte, and the process ends. So the corners are looked up in the text of the sheets first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from pcqa_sim.values.faults import BadInput, Fault

LARGEST_BOOK = 400_000_000
"""Bytes, packed and unpacked."""
MOST_CELLS = 30_000_000
"""Cells of a sheet from its first to its last, empty ones too: about a gigabyte."""
_OLD, _LOCKED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["']([0-9]{1,7})["']""")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br=)")
_CHUNK, _OVERLAP = 16_000_000, 2_000


def refuse_too_large(raw: bytes, file: str) -> None:
    """Raise BadInput for an Excel file that is locked, damaged, too large unpacked, or has a cell too far away."""
    if raw.startswith(_OLD) and _LOCKED in raw:
        raise BadInput(Fault(file, "is locked with a password; save it without one"))
    if not raw.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as found:
            if sum(one.file_size for one in found.infolist()) > LARGEST_BOOK:
                rule = f"an Excel file of at most {LARGEST_BOOK // 1_000_000} MB unpacked is expected; save it as CSV"
                raise BadInput(Fault(file, rule))
            for part in found.infolist():
                with found.open(part) as sheet:
                    _refuse_far_cells(sheet, file)
    except BadInput:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise BadInput(Fault(file, "is no Excel file that can be read; save it as .xlsx or CSV")) from None


def _refuse_far_cells(sheet: IO[bytes], file: str) -> None:
    """Raise BadInput where a sheet's last row and last column span more cells than are read."""
    letters, last_row = {b"A"}, 1
    for text in _chunks(sheet):
        places = set(_CELL.findall(text))
        letters.update(letter for letter, _ in places)
        last_row = max([last_row, *(int(row) for _, row in places)])
        if _UNPLACED.search(text):
            last_row = max([last_row, *map(int, _ROW.findall(text))])
    last = max(letters, key=_number)
    if _number(last) * last_row > MOST_CELLS:
        far = f"{last.decode()}{last_row}"
        rule = f"a sheet goes as far as cell {far}; delete what stands far away from the table, or save it as CSV"
        raise BadInput(Fault(file, rule))


def _chunks(sheet: IO[bytes]) -> Iterator[bytes]:
    """Yield a part's bytes, each piece with the end of the one before: no place falls between two."""
    before = b""
    while piece := sheet.read(_CHUNK):
        yield before + piece
        before = piece[-_OVERLAP:]


def _number(letters: bytes) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
