"""Spreadsheets of plain cells (.xlsx) to be filled in: written, and read back with mistrust; formulas have no say."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.inputs.bookfile import cell_text, damage_told, opened
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import cell as no_formula
from pcqa_sim.values.outside import shown
from pcqa_sim.values.reading import bytes_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Rows = list[list[str]]
_LARGEST = 20_000_000
_MOST_ROWS, _MOST_COLUMNS = 2000, 60
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_MADE = dt.datetime(2026, 1, 1)
"""The date inside every file: the same cells give the same bytes."""


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]], widths: Mapping[str, Sequence[int]]) -> bytes:
    """Return a spreadsheet with these sheets of text; the first row of each is bold and stays in sight."""
    from xlsxwriter import Workbook

    found = io.BytesIO()
    with Workbook(found, _PLAIN) as book:
        book.set_properties({"created": _MADE})
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(widths.get(name, ())):
                sheet.set_column(column, column, width)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, _safe(text), None if number else bold)
    return found.getvalue()


def _safe(text: str) -> str:
    """Return text that no spreadsheet runs, nor is damaged by."""
    plain = _ILLEGAL.sub(" ", text)
    safe = no_formula(plain)
    return safe if safe[:1] == "'" else plain


def read_workbook(path: Path) -> dict[str, Rows]:
    """Return the cells of each sheet as text, by row; raise BadInput for what is no spreadsheet of a usual size."""
    file = shown(str(path), 200)
    try:
        raw = bytes_of(path, _LARGEST)
    except FileNotFoundError:
        raise BadInput(Fault(file, "there is no such file")) from None
    if not raw.startswith(b"PK"):
        raise BadInput(Fault(file, "is no .xlsx spreadsheet; save it as .xlsx from `pcqa practice template`"))
    book = opened(raw, file)
    with damage_told(file):
        return {name: _rows(book.get_sheet_by_name(name)) for name in book.sheet_names}


def _rows(sheet: CalamineSheet) -> Rows:
    """Return a sheet's rows as far as there is anything in them."""
    found = [
        _until_last([shown(_text(one), 500) for one in row[:_MOST_COLUMNS]])
        for row in sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)
    ]
    while found and not found[-1]:
        found.pop()
    return found


def _until_last(row: list[str]) -> list[str]:
    filled = [number for number, text in enumerate(row, 1) if text]
    return row[: filled[-1] if filled else 0]


def _text(value: object) -> str:
    """Return a cell as it was meant: spreadsheets write 0.1 + 0.2 with all its digits."""
    return f"{value:.10g}" if isinstance(value, float) else cell_text(value)
