"""`pcqa week`: charts of a practice's own weeks and of a run's, and faults in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import pcqa
from webpages import read

pytestmark = pytest.mark.usefixtures("elsewhere")
STEADY = [100, 103, 98, 101, 99, 102, 100, 97]


def weeks_file(folder: Path, *cells: object) -> None:
    rows = [f"{number},{cell}" for number, cell in enumerate(cells, 1)]
    (folder / "own.csv").write_text("\n".join(["week,<b>calls</b>", *rows]) + "\n", encoding="utf-8")


def test_a_change_is_a_signal_until_it_is_declared(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weeks_file(elsewhere, *STEADY, "", *(cell + 20 for cell in STEADY))
    assert pcqa("week", "own.csv") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "seven or more on one side of the mean, low (1 to 8)" in said
    assert "Weeks without a value, left out: 1." in said
    assert pcqa("week", "own.csv", "--changed", "9") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "1 to 9: mean 100, limits" in said
    assert "10 to 17: mean 120, limits" in said
    assert "Signals" not in said


def test_the_page_has_a_chart_a_measure_and_no_markup_of_the_file(elsewhere: Path) -> None:
    weeks_file(elsewhere, *STEADY)
    assert pcqa("week", "own.csv") == 0
    page = read((elsewhere / "own.html").read_text(encoding="utf-8"))
    assert len(page.all("svg")) == len(page.all("table")) == 1
    assert "b" not in {one.tag for one in page.elements}
    assert [row[1] for row in page.rows[1:]] == [str(cell) for cell in STEADY]


@pytest.mark.slow
def test_a_run_has_weeks_too(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = (
        "practice=small",
        "practice.list_size=1000",
        "run.warm_up_weeks=1",
        "run.measured_weeks=4",
        "--workers",
        "1",
    )
    assert pcqa("run", *small, "--reps", "1", "--out", "out") == 0
    capsys.readouterr()
    assert pcqa("week", "out", "--measures", "failure_share,missed_share") == 0
    assert capsys.readouterr().out.count("0 to 3: mean ") == 2
    assert (elsewhere / "out" / "week.html").is_file()
    assert pcqa("week", "out", "--replication", "7") == 2
    assert "--replication: 7: one that the run has" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cells", "words", "said"),
    [
        ([1, 2, "x"], (), "own.csv: line 4: x: a number, or nothing where the week is missing"),
        ([1, 2, "inf"], (), "a number, or nothing"),
        ([1, 2], ("--measures", "cals"), "--measures: cals: a column of own.csv"),
        ([], (), "needs a heading (week, then measures) and 1 to 520 rows"),
        ([1], ("--measures", ",".join("a" * 13)), "--measures: 13: at most 12"),
    ],
)
def test_faults_are_one_line(
    cells: list[object], words: tuple[str, ...], said: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weeks_file(elsewhere, *cells)
    assert pcqa("week", "own.csv", *words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
