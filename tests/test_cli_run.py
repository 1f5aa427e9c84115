"""`pcqa run`: replications until it is enough, and whether the practice had settled."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from commands import pcqa

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "run=quick", "--out", "out", "--workers", "1")


def test_replications_until_it_is_enough(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("--reps", "auto", "--metric", "needs_per_working_day", "--half-width", "15%", "--most", "40")
    assert pcqa("run", *SMALL, *words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Were there enough replications? Yes: from" in said
    assert "the half-width of needs_per_working_day was within 15 % of its mean, and 5 more confirmed it" in said
    metrics = pd.read_parquet(elsewhere / "out" / "metrics.parquet")
    assert f"with all {metrics['replication'].nunique()} it is" in said


def test_the_most_is_said_when_it_is_not_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL, "--reps", "auto", "--half-width", "0.0001", "--most", "6") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "NO: after 6 replications, the most allowed, the half-width of failure_share is" in said
    assert "not yet 0.0001; --most allows more" in said


def test_a_short_run_says_that_it_cannot_tell(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Had the practice settled before it was measured? Too short to tell" in said
    assert "Were there enough replications?" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reps", "many"), "--reps: many: a whole number from 1, or auto"),
        (("--reps", "0"), "--reps: 0:"),
        (("--reps", "auto", "--metric", "mised_share"), "did you mean missed_share?"),
        (("--reps", "auto", "--half-width", "x"), "--half-width: x: above 0"),
        (("--reps", "auto", "--most", "3"), "--most"),
    ],
)
def test_bad_input_is_one_line(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("run", "practice=small", *words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert list(elsewhere.iterdir()) == []
