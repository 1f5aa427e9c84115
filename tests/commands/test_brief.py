"""The screen has the page's first sentences, about twenty lines; --full tells every number, and runs nothing again."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import pcqa
from webpages import read

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1", "--workers", "1")


def first_of(page: Path) -> list[str]:
    return [" ".join(one.text.split()) for one in read(page.read_text(encoding="utf-8")).all("li")][:3]


def test_a_run_says_what_its_page_says_first(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    promise = ("--promise", "missed_share<=0.5", "--promise", "needs_met_share>=2%")
    assert pcqa("run", *SMALL, "--reps", "2", *promise, "--out", "out") == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) <= 24
    said = " ".join(out.split())
    for sentence in first_of(elsewhere / "out" / "report.html"):
        assert sentence.replace("\u00a0", " ") in said
    assert "Missed: at most 50.0 %: kept on " in said
    assert " of days and in " in said
    page = " ".join((elsewhere / "out" / "report.html").read_text(encoding="utf-8").split())
    assert "Is the promise kept? Missed: at most 50.0" in page
    assert pcqa("run", "--resume", "--out", "out", "--full") == 0
    full = capsys.readouterr().out
    assert "How much of it is failure demand, and what does it cost?" in full
    assert "Missed: at most 50.0 %: kept on " in " ".join(full.split())
    assert len(full.splitlines()) > 2 * len(out.splitlines())


def test_a_comparison_says_harms_first_and_leaves_the_table_out(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("compare", *SMALL, "--with", "phones.lines=1", "--reps", "5", "--out", "out")
    assert pcqa(*words) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) <= 26
    assert "Harm" in out
    assert "Staff time" not in out
    assert "Every number with its interval: pcqa compare --resume --out out --full" in out


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ("answered_within_2_min_share", "--promise: answered_within_2_min_share: a target is written"),
        ("answered_within_2_min_share>0.9", "did you mean answered_within_2_min_share>=0.9?"),
        ("answered_within_2_min_share>=90", "did you mean answered_within_2_min_share>=0.9?"),
        ("answered_in_2_min_share>=0.9", "--promise: answered_in_2_min_share: is not a metric"),
        ("missed_share<=-1", "--promise: missed_share<=-1: cannot be met"),
        ("missed_share<=nan", "--promise: missed_share<=nan"),
        ("a and b>=0.9 or 1", "--promise: a and b: a metric is written name or name[group]"),
        ("\x1b[2J<=1", "--promise: "),
    ],
)
def test_a_promise_nobody_can_keep_or_read_is_refused_in_one_line(
    promise: str, said: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pcqa("run", *SMALL, "--promise", promise, "--out", "out") == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()
    assert list(elsewhere.iterdir()) == []
