"""The spreadsheet of a practice: what is filled in reads back, and every fault names sheet and cell."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from pcqa_sim.inputs.own_sheet import read_sheet, template
from pcqa_sim.inputs.workbook import Rows, read_workbook, workbook
from pcqa_sim.values.faults import BadInput

FILLED = {
    "Practice": {
        (1, 2): "Riverside", (2, 2): "8400", (4, 2): "total triage", (5, 2): "8", (6, 2): "no", (9, 2): "8 to 12",
    },
    "Staff": {
        (1, 0): "GPs", (1, 1): "Dr Ahmed", (1, 3): "x", (1, 4): "x", (1, 6): "x",
        (2, 0): "gp", (2, 1): "Dr Brown", (2, 7): "x",
        (3, 0): "Health care assistant", (3, 2): "1.5 fte",
        (4, 0): "other", (4, 2): "none",
    },
    "Calls": {(row, column): "2" for row in range(3, 10) for column in range(1, 6)} | {(3, 1): "3"},
    "Slots": {
        (1, 0): "gp", (1, 1): "am", (1, 2): "10", (1, 3): "12", (1, 4): "face to face", (1, 5): "routine",
        (2, 0): "gp", (2, 1): "pm", (2, 2): "12", (2, 3): "10", (2, 4): "telephone", (2, 5): "on the day",
    },
    "Counts": {(1, 2): "190", (2, 2): "8%"},
}  # fmt: skip


def filled(path: Path, answers: Mapping[str, Mapping[tuple[int, int], str]]) -> Path:
    """Write a template with answers put into its cells, as a spreadsheet program would."""
    path.write_bytes(template())
    sheets: dict[str, Rows] = read_workbook(path)
    for name, cells in answers.items():
        rows = sheets[name]
        for (row, column), text in cells.items():
            while len(rows) <= row:
                rows.append([])
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = text
    path.write_bytes(workbook(sheets, {}))
    return path


def test_a_filled_template_reads_back(tmp_path: Path) -> None:
    title, tree = read_sheet(filled(tmp_path / "mine.xlsx", FILLED))
    assert title == "Riverside"
    assert (tree["list_size"], tree["phones"]) == (8400, {"lines": 8, "callback": {"accepted_share": 0}})
    assert tree["role"]["gp"]["people"] == [
        {"name": "Dr Ahmed", "sessions": ["mon", "tue_pm"]},
        {"name": "Dr Brown", "sessions": ["wed_am"]},
    ]
    assert tree["role"]["hca"] == {"fte": 1.5}
    assert tree["triage"] == {"model": "total_digital"}
    assert tree["role"]["other"] == {"heads": 0}
    assert [session["template"][0]["slots"] for session in tree["role"]["gp"]["sessions"]] == [10, 12]
    assert tree["rota"]["phone"]["monday"] == {"00:00": 0, "08:00": 3, "08:30": 2, "11:30": 0}
    assert tree["rota"]["phone"]["tuesday_friday"] == {"00:00": 0, "08:00": 2, "11:30": 0}
    assert tree["channels"]["form"]["hours"] == {"opens": "08:00", "closes": "12:00"}
    assert tree["counts"] == {"calls_a_day": 190, "calls_missed_percent": 8}


def test_an_empty_template_says_nothing(tmp_path: Path) -> None:
    assert read_sheet(filled(tmp_path / "mine.xlsx", {})) == ("", {})


FAULTS = [
    ("Practice", (2, 2), "many", "sheet Practice, cell C3: many is no number"),
    ("Staff", (1, 0), "wizard", "sheet Staff, cell A2: wizard is no role"),
    ("Staff", (5, 4), "x", "sheet Staff, cell A6: say which role"),
    ("Staff", (3, 2), "22", "sheet Staff, cell A4: 22: of what?"),
    ("Calls", (4, 2), "two", "sheet Calls, cell C5: two is no number of people"),
    ("Slots", (1, 4), "fax", "sheet Slots, cell A2: fax: write one of"),
    ("Slots", (1, 2), "", "sheet Slots, cell A2: nothing: how many slots?"),
    ("Counts", (1, 2), "-3", "sheet Counts, cell C2: -3: write a number that is not negative"),
]


@pytest.mark.parametrize(("sheet", "cell", "text", "told"), FAULTS)
def test_a_fault_names_its_cell(sheet: str, cell: tuple[int, int], text: str, told: str, tmp_path: Path) -> None:
    answers = {name: dict(cells) for name, cells in FILLED.items()}
    answers[sheet][cell] = text
    with pytest.raises(BadInput) as refused:
        read_sheet(filled(tmp_path / "mine.xlsx", answers))
    assert told in str(refused.value)


def test_files_that_are_no_spreadsheet_are_refused_in_a_line(tmp_path: Path) -> None:
    whole = template()
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w") as file:
        file.writestr("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")
        file.writestr("xl/_rels/workbook.xml.rels", "<a/>")
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.xlsx").write_text("no spreadsheet")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    for path in (bomb, *(tmp_path / f"{name}.xlsx" for name in ("cut", "text", "empty", "absent"))):
        with pytest.raises(BadInput) as refused:
            read_sheet(path)
        assert len(str(refused.value).split("\n")) == 1


def test_damaged_bytes_never_end_in_a_traceback(tmp_path: Path) -> None:
    luck, whole = random.Random(1), template()
    read = 0
    for number in range(60):
        damaged = bytearray(whole)
        for _ in range(luck.randrange(1, 6)):
            damaged[luck.randrange(len(damaged))] = luck.randrange(256)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(bytes(damaged))
        with suppress(BadInput):
            read_sheet(path)
            read += 1
    assert read < 60
