"""Excel files and zips that would end the process, or hold less than they seem to: refused in a line, or read whole."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from commandline import pcqa
from xlsxwriter import Workbook

from pcqa_sim.inputs import bookbounds
from pcqa_sim.inputs.bookbounds import refuse_too_large
from pcqa_sim.inputs.bookfile import of_book
from pcqa_sim.inputs.own_sheet import read_sheet, template
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.inputs.workbook import workbook
from pcqa_sim.values.faults import BadInput

HEAD = ["Date", "Kind", "Many"]


def is_header(row: Sequence[str]) -> bool:
    return list(row[:3]) == HEAD


def with_cell(row: int, column: int) -> bytes:
    """A table of two rows, and one cell more of the same sheet."""
    found = io.BytesIO()
    with Workbook(found) as book:
        sheet = book.add_worksheet("Data")
        for number, cells in enumerate((HEAD, ["1 June 2026", "seen", "3"])):
            sheet.write_row(number, 0, cells)
        sheet.write(row, column, "stray")
    return found.getvalue()


def without_places(raw: bytes) -> bytes:
    """The same file with its cells' places left out, which the format allows: a cell then follows the one before."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(rb'<c r="[A-Z]+\d+"', b"<c", part) if "sheet1" in name else part)
    return found.getvalue()


def test_a_stray_cell_in_the_last_corner_is_named_and_does_not_end_the_process() -> None:
    with pytest.raises(BadInput, match=r"^x\.xlsx: a sheet goes as far as cell XFD1048576; delete what stands far"):
        list(of_book(with_cell(1_048_575, 16_383), "x.xlsx", is_header))


def test_the_template_of_a_practice_and_an_import_refuse_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("far.xlsx").write_bytes(with_cell(1_048_575, 16_383))
    with pytest.raises(BadInput, match="XFD1048576"):
        read_sheet(Path("far.xlsx"))
    assert pcqa("look", "far.xlsx") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_stray_cell_that_is_not_too_far_is_read_past() -> None:
    for place in ((5_000, 60), (100_000, 2)):
        (table,) = of_book(with_cell(*place), "x.xlsx", is_header)
        assert next(row[:3] for chunk in table.chunks() for row in chunk.rows) == ["1 June 2026", "seen", "3"]


def test_rows_say_how_far_a_sheet_goes_where_cells_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = without_places(with_cell(1_000_000, 0))
    refuse_too_large(raw, "x.xlsx")
    monkeypatch.setattr(bookbounds, "MOST_CELLS", 999_999)
    with pytest.raises(BadInput, match="as far as cell A1000001"):
        refuse_too_large(raw, "x.xlsx")


def test_a_place_between_two_pieces_of_a_sheet_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = with_cell(1_048_575, 16_383)
    for size in range(2_001, 2_060, 7):
        monkeypatch.setattr(bookbounds, "_CHUNK", size)
        with pytest.raises(BadInput, match="XFD1048576"):
            refuse_too_large(raw, "x.xlsx")


def test_every_sheet_with_a_heading_is_read(tmp_path: Path) -> None:
    """Once, all but the first were left out in silence: a year's book with a sheet a month gave January."""
    months = {name: [HEAD, [f"1 {name} 2026", "seen", "3"]] for name in ("January", "February", "March")}
    path = tmp_path / "year.xlsx"
    path.write_bytes(workbook({"About": [["A report"]], **months}, {}))
    found = [(table.file, [row for chunk in table.chunks() for row in chunk.rows]) for table in tables(path, is_header)]
    assert found == [(f"year.xlsx, sheet {name}", [[f"1 {name} 2026", "seen", "3"]]) for name in months]


def test_a_locked_file_is_said_to_be_locked() -> None:
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    with pytest.raises(BadInput, match=r"^x\.xlsx: is locked with a password; save it without one$"):
        list(of_book(raw, "x.xlsx", is_header))


def test_the_same_cells_give_the_same_bytes() -> None:
    assert template() == template()


def test_a_zip_damaged_anywhere_is_refused_in_a_line(tmp_path: Path) -> None:
    text = ",".join(HEAD) + "\n" + "".join(f"2026-06-{1 + n % 28:02d},seen,{n}\n" for n in range(3_000))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("calls.csv", text)
    luck, path, refused = random.Random(3), tmp_path / "x.zip", 0
    for _ in range(60):
        damaged = bytearray(whole.getvalue())
        for _ in range(luck.randrange(1, 8)):
            damaged[luck.randrange(len(damaged))] ^= luck.randrange(1, 256)
        path.write_bytes(bytes(damaged))
        with suppress(BadInput):
            for table in tables(path, is_header):
                assert sum(len(chunk.rows) for chunk in table.chunks()) + table.counted.rejected == 3_000
            continue
        refused += 1
    assert refused > 40
