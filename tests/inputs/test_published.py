from __future__ import annotations

from pathlib import Path

import pytest

from pcqa_sim.inputs.layouts import DURATIONS, REGISTER, Layout
from pcqa_sim.inputs.published import nearest_codes, rows
from pcqa_sim.values.faults import BadInput

PLAIN = Layout("a plain file", ("Code", "Value"))


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "plain.csv"
    path.write_bytes(content)
    return path


def refusal(path: Path, layout: Layout = PLAIN) -> str:
    with pytest.raises(BadInput) as caught:
        list(rows(path, layout))
    assert len(str(caught.value).splitlines()) == len(caught.value.faults)
    return str(caught.value)


def test_rows_have_line_numbers_and_cells_by_column(tmp_path: Path) -> None:
    path = written(tmp_path, b'\xef\xbb\xbfvalue,Name,CODE\r\n1,"a, b",x\r\n\r\n 2 ,"c\nd",y\n3,e,z')
    found = [(row.line, row.cells) for row in rows(path, PLAIN)]
    assert found == [
        (2, {"Code": "x", "Value": "1"}),
        (4, {"Code": "y", "Value": "2"}),
        (6, {"Code": "z", "Value": "3"}),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "plain.csv: the file is empty; expected a plain file"),
        (b"\n \n", "the file is empty"),
        (b"Code,Value\n", "nothing below the header"),
        (
            b"Code,Value\nx,1\ny\n",
            "plain.csv, line 3: y: a torn row: expected 2 fields as in the header, found 1",
        ),
        (b"Code,Value\nx,1,2\n", "line 2: x,1,2: a torn row: expected 2 fields as in the header, found 3"),
        (b'Code,Value\nx,1\n"y,2\nz,3\n', "plain.csv, line 3: a torn row"),
        (b"Code,Value\nx,\xa31\n", "plain.csv, line 2: bytes that are not UTF-8 text"),
        (b"Code,Value,Value\nx,1,2\n", "plain.csv, line 1: Value: this column is in the header twice"),
        (b"Code,Valeu\nx,1\n", "line 1: Value: this column is missing from the header; did you mean Valeu?"),
        (b"Code;Value\nx;1\n", "line 1: Code;Value: columns are separated by commas"),
        (
            b"a,b\n1,2\n",
            "line 1: a,b: the wrong kind of file: expected a plain file, with columns Code, Value",
        ),
        (b"PK\x03\x04rest", "the wrong kind of file: a zip archive or an Excel workbook"),
        (b"%PDF-1.4", "the wrong kind of file: a PDF"),
        (b'{"a": [1, 2]}', "the wrong kind of file: JSON"),
        (b"<!DOCTYPE html>", "the wrong kind of file: a web page"),
        ("Code,Value\n".encode("utf-16"), "UTF-16 text"),
        (b"Code\0,Value\n", "the wrong kind of file: not text"),
    ],
)
def test_faults_of_a_file(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(written(tmp_path, content))


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "telephony_june.csv").write_text("")
    assert "no such file; did you mean telephony_june.csv?" in refusal(tmp_path / "telephony_jun.csv")
    assert refusal(tmp_path / "nowhere" / "x.csv").endswith("no such file, and no such folder")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "not a file" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("header", "layout", "said"),
    [
        (
            "Date,PRACTICE_CODE,Indicator,Duration,Value",
            REGISTER,
            "this is Cloud Based Telephony By Durations",
        ),
        ("EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS", DURATIONS, "this is Patients Registered"),
        (
            "Date,PRACTICE_CODE,Indicator,Wait_Time,Core_Category,Value",
            DURATIONS,
            "this is Cloud Based Telephony Calls Answered Metric, which `pcqa import telephony` reads; expected Cloud"
            " Based Telephony By",
        ),
    ],
)
def test_another_published_file_is_recognised(tmp_path: Path, header: str, layout: Layout, said: str) -> None:
    assert said in refusal(written(tmp_path, header.encode() + b"\n"), layout)


def test_the_nearest_codes_agree_in_most_places() -> None:
    assert nearest_codes("J81003", ["J81020", "J81002", "J81009", "K91111"]) == "J81002 or J81009 or J81020"
    assert nearest_codes("J81003", ["A99999"]) == ""
