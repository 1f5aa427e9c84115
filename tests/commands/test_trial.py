"""`pcqa trial`: the answer, its page and its record, and faults in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import pcqa
from payloads import safe
from webpages import read

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "--workers", "1")
TINY = tuple(word.replace("1000", "400") for word in SMALL)
CHANGE = ("--with", "intervention=[more_call_handlers]")


@pytest.mark.slow
def test_a_trial_says_which_chart_shows_it_and_how_often_falsely(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--before", "12", "--after", "4", "--reps", "5", "--measures", "missed_share,queue_wait_min")
    promise = ("--promise", "answered_within_2_min_share>=0.9")
    assert pcqa("trial", *TINY, *CHANGE, *words, *promise, "--out", "out") == 0
    out = capsys.readouterr().out
    said = " ".join(out.split())
    assert safe(out)
    assert "changed: rota.extra_call_handlers: 0 -> 1" in said
    assert "Without any change at least one of the 2 charts signals within 4 weeks in " in said
    assert "Answered within 2 minutes: at least 90.0 %: kept on " in said
    page = elsewhere / "out" / "report.html"
    found = read(page.read_text(encoding="utf-8"))
    assert len(found.all("svg")) == len(found.all("table")) == 3
    assert len(found.all("h1")) == 1
    before = page.read_bytes()
    assert pcqa("report", "out") == 0
    assert page.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--with: is needed: the change, such as"),
        ((*CHANGE, "--before", "11"), "--before: 11: at least 12 weeks"),
        ((*CHANGE, "--after", "3"), "--after: 3: at least 4 weeks"),
        ((*CHANGE, "--measures", "a,b,c,d,e,f"), "--measures: 6: at most 5"),
        ((*CHANGE, "--measures", "mised_share"), "--measures: mised_share: is not a metric"),
        ((*CHANGE, "--promise", "missed_share<0.1"), "did you mean missed_share<=0.1?"),
        (("--with", "phones.linez=3"), "did you mean phones.lines?"),
        (("--with", "practice.list_size=900"), "--with"),
        ((*CHANGE, "run.measured_weeks=30"), "run.measured_weeks: leave it out"),
        ((f"{CHANGE[0]}={CHANGE[1]} intervention.more_call_handlers.from_week=3",), "leave from_week out"),
        (("--with", "\x1b[2J=1"), "--with"),
    ],
)
def test_faults_are_one_line(
    words: tuple[str, ...], said: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pcqa("trial", *SMALL, *words, "--out", "out") == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert safe(err)
    assert list(elsewhere.iterdir()) == []
