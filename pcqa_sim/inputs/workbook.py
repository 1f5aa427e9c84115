"""Spreadsheets of plain cells (.xlsx): written, and read back with mistrust; formulas and styles have no say.

An .xlsx file is a zip of XML. What is read is bounded in size, has no document type, and is text, whatever it was.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml
from xml.sax.saxutils import escape

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import cell as no_formula
from pcqa_sim.values.outside import shown

Rows = list[list[str]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_LARGEST = 20_000_000
_MOST_ROWS, _MOST_COLUMNS = 2000, 60
_CELL = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]], widths: Mapping[str, Sequence[int]]) -> bytes:
    """Return a spreadsheet with these sheets of text; the first row of each is bold and stays in sight."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _parts(sheets, widths):
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return found.getvalue()


def _parts(
    sheets: Mapping[str, Sequence[Sequence[str]]], widths: Mapping[str, Sequence[int]]
) -> Iterator[tuple[str, str]]:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{head}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{overrides}</Types>',
    )
    relations = f'{head}<Relationships xmlns="{_PACKAGE}/relationships">'
    yield (
        "_rels/.rels",
        f'{relations}<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    yield "xl/workbook.xml", f'{head}<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{names}</sheets></workbook>'
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="rId{len(sheets) + 1}" Type="{_RELS}/styles" Target="styles.xml"/>'
    yield "xl/_rels/workbook.xml.rels", f"{relations}{each}{styles}</Relationships>"
    yield (
        "xl/styles.xml",
        f'{head}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/>'
        '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
    )
    for n, (name, rows) in enumerate(sheets.items(), 1):
        yield f"xl/worksheets/sheet{n}.xml", head + _sheet(rows, widths.get(name, ()))


def _sheet(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    body = "".join(
        f'<row r="{number}">{"".join(_cell(number, column, text) for column, text in enumerate(row) if text)}</row>'
        for number, row in enumerate(rows, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    cols = f"<cols>{columns}</cols>" if columns else ""
    return f'<worksheet xmlns="{_MAIN}">{view}{cols}<sheetData>{body}</sheetData></worksheet>'


def _cell(row: int, column: int, text: str) -> str:
    style = ' s="1"' if row == 1 else ""
    plain = _ILLEGAL.sub(" ", text)
    inside = escape(plain if no_formula(plain)[:1] != "'" else no_formula(plain))
    return f'<c r="{_letters(column)}{row}" t="inlineStr"{style}><is><t xml:space="preserve">{inside}</t></is></c>'


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        text = chr(65 + left) + text
    return text


def read_workbook(path: Path) -> dict[str, Rows]:
    """Return the cells of each sheet as text, by row; raise BadInput for what is no spreadsheet of a usual size."""
    try:
        with zipfile.ZipFile(path) as file:
            if sum(entry.file_size for entry in file.infolist()) > _LARGEST:
                raise BadInput(Fault(shown(str(path), 200), "is too large for a filled template"))
            return _sheets(file)
    except FileNotFoundError:
        raise BadInput(Fault(shown(str(path), 200), "there is no such file")) from None
    except (
        zipfile.BadZipFile,
        KeyError,
        Xml.ParseError,
        ValueError,
        OSError,
        RuntimeError,
        NotImplementedError,
    ) as bad:
        rule = "is no .xlsx spreadsheet; save it as .xlsx from `pcqa practice template`"
        raise BadInput(Fault(shown(str(path), 200), rule)) from bad


def _sheets(file: zipfile.ZipFile) -> dict[str, Rows]:
    shared = _shared(file)
    targets = {
        one.get("Id"): str(one.get("Target")) for one in _xml(file, "xl/_rels/workbook.xml.rels") if one.get("Id")
    }
    found: dict[str, Rows] = {}
    for sheet in _xml(file, "xl/workbook.xml").iter(f"{{{_MAIN}}}sheet"):
        target = targets[sheet.get(f"{{{_RELS}}}id")].lstrip("/")
        name = target if target.startswith("xl/") else f"xl/{target}"
        found[str(sheet.get("name"))] = _rows(_xml(file, name), shared)
    return found


def _xml(file: zipfile.ZipFile, name: str) -> Xml.Element:
    """Return a part of the file; one with a document type, by which it could grow without end, is refused."""
    text = file.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError("a document type")
    return Xml.fromstring(text)


def _shared(file: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in file.namelist():
        return []
    return [_text(one) for one in _xml(file, "xl/sharedStrings.xml").iter(f"{{{_MAIN}}}si")]


def _text(node: Xml.Element) -> str:
    return "".join(one.text or "" for one in node.iter(f"{{{_MAIN}}}t"))


def _rows(sheet: Xml.Element, shared: Sequence[str]) -> Rows:
    rows: Rows = []
    for cell in sheet.iter(f"{{{_MAIN}}}c"):
        place = _CELL.match(str(cell.get("r")))
        if not place:
            continue
        row, column = int(place[2]) - 1, _column(place[1])
        text = shown(_value(cell, shared), 500)
        if not text or row >= _MOST_ROWS or column >= _MOST_COLUMNS:
            continue
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Xml.Element, shared: Sequence[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.find(f"{{{_MAIN}}}v")
    text = (value.text or "") if value is not None else ""
    if cell.get("t") == "s":
        number = int(text)
        return shared[number] if 0 <= number < len(shared) else ""
    return _plain_number(text) if cell.get("t") in (None, "n") else text


def _plain_number(text: str) -> str:
    """Return a number as it was meant: spreadsheets write 0.1 + 0.2 with all its digits."""
    try:
        return f"{float(text):.10g}" if text else ""
    except ValueError:
        return text
