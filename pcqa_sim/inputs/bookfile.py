"""Excel files (.xlsx, .xls, .ods): every sheet with a known heading, its cells as texts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pcqa_sim.inputs.bookbounds import refuse_too_large
from pcqa_sim.inputs.onetable import MOST_COLUMNS, IsHeader, NoHeading, Table, headed
from pcqa_sim.inputs.texttable import Lines
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_MOST_SHEETS = 60


def of_book(raw: bytes, file: str, is_header: IsHeader) -> Iterator[Table]:
    """Yield every sheet with a heading; what a formula gave counts, never the formula."""
    book, some = opened(raw, file), False
    for name in book.sheet_names[:_MOST_SHEETS]:
        with damage_told(file):
            found = _of_sheet(book, name, file, is_header)
        if found is not None:
            some = True
            yield found
    if not some:
        raise BadInput(NoHeading(file))


def _of_sheet(book: CalamineWorkbook, name: str, file: str, is_header: IsHeader) -> Table | None:
    """Return one sheet's table, None where it has none."""
    sheet = book.get_sheet_by_name(name)
    if sheet.width > MOST_COLUMNS * 10:
        return None
    several = f", sheet {shown(name, 40)}" if len(book.sheet_names) > 1 else ""
    try:
        return headed(_book_rows(sheet), file, is_header, several)
    except BadInput:
        return None


def opened(raw: bytes, file: str) -> CalamineWorkbook:
    """Return an Excel file to be read; raise BadInput where it is none, or would take too much memory."""
    refuse_too_large(raw, file)
    with damage_told(file, "is no Excel file that can be read; save it as .xlsx or CSV"):
        from python_calamine import CalamineWorkbook

        return CalamineWorkbook.from_filelike(io.BytesIO(raw))


@contextmanager
def damage_told(file: str, rule: str = "is damaged; save it again as .xlsx or CSV") -> Iterator[None]:
    """Raise BadInput for whatever the reader of Excel files ends by: its own panics are no Exceptions."""
    try:
        yield
    except (BadInput, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise BadInput(Fault(file, rule)) from None


def _book_rows(sheet: CalamineSheet) -> Lines:
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell_text(one) for one in row]
        if any(cells):
            yield number, cells


def cell_text(value: object) -> str:
    """Return a cell as the text it would be in a CSV with dates as ISO: a number stays as exact as it was."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == dt.time() else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S")
    return str(value)
