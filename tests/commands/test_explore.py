"""`pcqa explore` and `pcqa animate`: pages of what was computed, and of a day."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa

SIZE = ("practice=small", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=1")


def test_each_point_has_the_number_that_was_computed(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("sweep", *SIZE, "phones.lines=1,4", "--reps", "2", "--workers", "1", "--out", "lines") == 0
    assert pcqa("explore", "lines") == 0
    page = (elsewhere / "lines" / "explore.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r"const data = (.*);\n", page)[1])  # type: ignore[index]
    assert data["varied"] == [{"key": "phones.lines", "values": ["1", "4"]}]
    summary = pd.read_csv(elsewhere / "lines" / "summary.csv")
    shown = {one["name"]: one["cells"][0] for one in data["measures"]}
    rows = summary[summary["group"].isna() & (summary["metric"] == "needs_met_share")]
    assert len(rows) == 2
    for row in rows.to_dict("records"):
        assert shown["needs_met_share"][int(row["point"])][0] == pytest.approx(row["mean"], rel=1e-4)
    assert shown["engaged_share"][0] != shown["engaged_share"][1]
    assert "default-src 'none'" in page
    capsys.readouterr()
    assert pcqa("explore", "nowhere") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_day_is_written_once_and_wrong_days_are_told(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("animate", *SIZE, "--with", "phones.lines=1", "--day", "tuesday", "--out", "day.html") == 0
    page = (elsewhere / "day.html").read_text(encoding="utf-8")
    assert "Tuesday 6 January 2026" in page
    assert "with the change: how many are in each stage" in page
    capsys.readouterr()
    for words, said in (
        (("--out", "day.html"), "is there already"),
        (("--day", "tusday", "--out", "x.html"), "did you mean tuesday?"),
        (("--day", "2027-01-01", "--out", "x.html"), "a date of the run"),
    ):
        assert pcqa("animate", *SIZE, *words) == 2
        told = capsys.readouterr().err
        assert said in told
        assert told.count("\n") == 1
