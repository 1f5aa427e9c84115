"""Excel files (.xlsx, .xls, .ods): the first sheet with a known heading, its cells as texts."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from pcqa_sim.inputs.onetable import MOST_COLUMNS, IsHeader, NoHeading, Table, headed
from pcqa_sim.inputs.texttable import Lines
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

LARGEST_BOOK, _MOST_SHEETS = 400_000_000, 60


def of_book(raw: bytes, file: str, is_header: IsHeader) -> Table:
    """Return the first sheet with a heading; what a formula gave counts, never the formula."""
    _refuse_bomb(raw, file)
    try:
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = book.sheet_names
    except BaseException as error:  # the reader's own panics are no Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise BadInput(Fault(file, "is no Excel file that can be read; save it as .xlsx or CSV")) from None
    for name in names[:_MOST_SHEETS]:
        try:
            sheet = book.get_sheet_by_name(name)
            if sheet.width > MOST_COLUMNS * 10:
                continue
            return headed(_book_rows(sheet), file, is_header, f", sheet {shown(name, 40)}" if len(names) > 1 else "")
        except BadInput:
            continue
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            raise BadInput(Fault(file, "is damaged; save it again as .xlsx or CSV")) from None
    raise BadInput(NoHeading(file))


def _refuse_bomb(raw: bytes, file: str) -> None:
    if not raw.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as found:
            if sum(one.file_size for one in found.infolist()) > LARGEST_BOOK:
                rule = f"an Excel file of at most {LARGEST_BOOK // 1_000_000} MB unpacked is expected; save it as CSV"
                raise BadInput(Fault(file, rule))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput(Fault(file, "is no Excel file that can be read; save it as .xlsx or CSV")) from None


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
