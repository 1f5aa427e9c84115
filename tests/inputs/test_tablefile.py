"""Tables from any file: encodings, separators, ragged rows, titles, totals, workbooks and zips; right, or refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from pcqa_sim.inputs.onetable import Table
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.inputs.workbook import workbook
from pcqa_sim.values.faults import BadInput

TEXT = "Date,Kind,Many\r\n01/06/2026,Café,3\r\n02/06/2026,Tea,4\r\n"
WANTED = [["01/06/2026", "Café", "3"], ["02/06/2026", "Tea", "4"]]


def is_header(row: Sequence[str]) -> bool:
    return [cell.strip().strip("\ufeff") for cell in row[:3]] == ["Date", "Kind", "Many"]


def rows(path: Path) -> tuple[list[list[str]], Table]:
    (table,) = tables(path, is_header)
    return [row for chunk in table.chunks() for row in chunk.rows], table


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        rows(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_whatever_a_program_saved_the_cells_are_the_same(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(TEXT.replace("\r\n", end).replace(",", separator).encode(encoding))
    assert rows(path)[0] == WANTED


def test_titles_blank_rows_totals_and_spare_cells(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    body = "Report of June,,\n\n,,\nDate,Kind,Many\n01/06/2026,Café,3,,\n,,\n02/06/2026,Tea,4\nTotal,,7\n"
    path.write_text(body, encoding="utf-8")
    found, table = rows(path)
    assert found == WANTED
    assert (table.counted.read, table.counted.rejected) == (3, 1)
    assert str(table.counted.reasons[0]) == "x.csv, line 8: a row of totals"


def test_a_row_of_another_length_is_left_out_with_its_line_and_never_shifted(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Date,Kind,Many\n1,a,b,4\n2,c\n3,d,5\n", encoding="utf-8")
    found, table = rows(path)
    assert found == [["3", "d", "5"]]
    assert [str(one) for one in table.counted.reasons] == [
        "x.csv, line 2: 4 cells where the heading has 3",
        "x.csv, line 3: 2 cells where the heading has 3",
    ]


def test_a_published_name_with_a_comma_and_no_quotes_is_put_together(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Date,Kind,Many\n1,Heywood, Middleton and Rochdale,5\n", encoding="utf-8")
    assert rows(path)[0] == [["1", "Heywood, Middleton and Rochdale", "5"]]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "x.csv: the file is empty"),
        (b'Date,Kind,Many\n1,"a,2\n3,b,4\n', "x.csv, line 2: a quote that is not closed"),
        (b'Date,Kind,Many\n1,"a,2\n3,b",4\n5,"c\n', "a quote that is not closed"),
        (b"Date,Kind,Many\n1,\x81\xff,2\n", "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"Date;Sort;Many\n1;a;2\n", "none of its first 40 rows is a heading that is known here"),
        (b"%PDF-1.7", "x.csv: is a PDF"),
        (b"PK\x03\x04 no zip", "x.csv: is a damaged zip"),
        (b'[{"Date": 1}, 2]', "is no table in JSON"),
        (b"\xff\xfe\x00\x00D\x00\x00\x00", "UTF-32"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(raw)
    assert said in refusal(path)
    assert "\n" not in refusal(path)


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("x")
    assert "did you mean calls.csv" in refusal(tmp_path / "cals.csv")


def test_a_workbook_on_any_sheet_under_titles(tmp_path: Path) -> None:
    sheets = {"About": [["What this is"]], "Data": [["A report"], [""], ["Date", "Kind", "Many"], *WANTED]}
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook(sheets, {}))
    found, table = rows(path)
    assert found == WANTED
    assert table.file == "x.xlsx, sheet Data"


def test_dates_and_times_of_a_workbook_are_certain() -> None:
    from pcqa_sim.inputs.bookfile import cell_text

    assert cell_text(dt.datetime(2026, 6, 1, 8, 30)) == "2026-06-01 08:30:00"
    assert cell_text(dt.datetime(2026, 6, 1)) == "2026-06-01"
    assert cell_text(dt.timedelta(hours=1, seconds=5)) == "1:00:05"
    assert [cell_text(one) for one in (3.0, 3.25, True, None, dt.time(9))] == ["3", "3.25", "Yes", "None", "09:00:00"]


def test_a_zip_has_a_table_for_each_file_of_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("North.csv", TEXT)
        file.writestr("South.csv", TEXT.encode("utf-16"))
        file.writestr("readme.txt", "nothing here")
    found = [[row for chunk in table.chunks() for row in chunk.rows] for table in tables(path, is_header)]
    assert found == [WANTED, WANTED]


def test_a_zip_that_would_grow_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(61):
            file.writestr(f"{number}.csv", TEXT)
    assert "a zip of at most 60 files" in refusal(path)
