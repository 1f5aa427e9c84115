"""Uploaded files are read by the command itself: the same practices, the same refusals, nobody's number shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import pcqa

from pcqa_sim.app.jobs import Gate, Process
from pcqa_sim.app.session import Session
from pcqa_sim.inputs.own_sheet import template
from pcqa_sim.inputs.workbook import read_workbook, workbook

pytestmark = [pytest.mark.slow]
SECONDS = 240
HEADER = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
NHS_NUMBER = "943 476 5919"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = Session(tmp_path, Gate(4), workers=1)
    yield made
    made.close()


def ended(process: Process) -> Process:
    end = time.monotonic() + SECONDS
    while process.alive:
        assert time.monotonic() < end, "it never ended"
        time.sleep(0.1)
    return process


def register(patients: str) -> bytes:
    return f"{HEADER}\r\nX,01APR2026,GP,00X,E38,A00001,XX1 1XX,ALL,ALL,{patients}\r\n".encode()


def test_published_figures_and_a_filled_spreadsheet_become_practices(session: Session, tmp_path: Path) -> None:
    taken = session.take_in("register", register("6400"), "Register of April.CSV", "A00001")
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(template())
    sheets = read_workbook(blank)
    for row, text in ((1, "Riverside"), (2, "8400")):
        sheets["Practice"][row] = [*(sheets["Practice"][row] + ["", "", ""])[:2], text]
    blank.write_bytes(workbook(sheets, {}))
    made = session.sheet("riverside", blank.read_bytes(), "ours.xlsx")
    assert (ended(taken).fault, ended(made).fault) == ("", "")
    assert {"a00001", "riverside"} <= set(session.practices())
    sizes = [next(iter(session.shown(name).scenario.practices.values())).list_size for name in ("a00001", "riverside")]
    assert sizes == [6400, 8400]


def test_who_somebody_is_stops_an_upload_in_the_command_lines_words(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    process = session.take_in("register", register(NHS_NUMBER), "register.csv", "A00001")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    (tmp_path / "upload.csv").write_bytes(register(NHS_NUMBER))
    assert pcqa("import", "register", str(tmp_path / "upload.csv"), "--practice", "A00001") == 2
    told = ended(process).fault
    assert told == capsys.readouterr().err.strip()
    assert "(not shown)" in told
    assert NHS_NUMBER not in told
    assert "a00001" not in session.practices()
