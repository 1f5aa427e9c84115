"""`pcqa report`: the page that a run leaves, made again from its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import pcqa

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1", "--workers", "1")


def test_a_run_leaves_a_page_that_can_be_made_again(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL, "--reps", "2", "--out", "out") == 0
    page = elsewhere / "out" / "report.html"
    said = capsys.readouterr().out
    assert f"To read, print or send on: {Path('out') / 'report.html'}\n" in said
    before = page.read_bytes()
    page.unlink()
    assert pcqa("report", "out") == 0
    assert f"Report in {Path('out') / 'report.html'}" in capsys.readouterr().out
    assert page.read_bytes() == before


@pytest.mark.slow
def test_a_comparison_leaves_one_too(elsewhere: Path) -> None:
    assert pcqa("compare", *SMALL, "--reps", "2", "--with", "phones.lines=1", "--out", "out") == 0
    before = (elsewhere / "out" / "report.html").read_bytes()
    assert b"with phones.lines=1" in before
    assert pcqa("report", "out") == 0
    assert (elsewhere / "out" / "report.html").read_bytes() == before


def test_a_folder_without_a_report_is_told_in_one_line(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("report", "nowhere") == 2
    assert "holds no study" in capsys.readouterr().err
    assert pcqa("sweep", *SMALL[:-2], "phones.lines=1,2", "run.replications=1", "--workers", "1", "--out", "out") == 0
    assert pcqa("report", "out") == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "others have no report yet" in err


def test_a_unit_that_is_gone_is_named_with_the_way_out(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL, "--reps", "2", "--out", "out") == 0
    next((elsewhere / "out" / "units").glob("*.parquet")).unlink()
    capsys.readouterr()
    assert pcqa("report", "out") == 2
    assert "--resume" in capsys.readouterr().err


@pytest.mark.slow
def test_a_search_for_what_is_enough_leaves_one_too(elsewhere: Path) -> None:
    vary = ("--target", "missed_share<=0.9", "--vary", "phones.lines=2..3", "--reps", "5")
    assert pcqa("size", *SMALL, *vary, "--out", "out") == 0
    before = (elsewhere / "out" / "report.html").read_bytes()
    assert b"phones.lines = 2" in before or b"lines = 2" in before
    assert pcqa("report", "out") == 0
    assert (elsewhere / "out" / "report.html").read_bytes() == before
