from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa

pytestmark = pytest.mark.usefixtures("elsewhere")
SHORT = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=2")
GOAL = ("--goal", "missed_share")
CAN = ("--can", "more_call_handlers,more_phone_lines")


@pytest.mark.slow
def test_advice_is_given_saved_gone_on_with_and_done_again(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("advise", *SHORT, "rota.phone={tuesday_friday: '1 from 8 to 11', first_days: null}", *GOAL)
    words += ("--can", "afternoon_call_handler,more_phone_lines", "--reps", "5", "--draws", "1", "--workers", "1")
    assert pcqa(*words, "--out", "r") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Try first: afternoon call handler." in said
    assert "The practice's own weekly chart shows it after about" in said
    assert "It rests on hours opens 13:00 (time of day; assumption: from lunch until the end of core hours)" in said
    assert "all at once, it comes first in" in said
    table = pd.read_csv(elsewhere / "r" / "advise.csv")
    assert table["option"].iloc[0] == "afternoon_call_handler"
    assert table["cost_gbp_a_year"].iloc[0] == pytest.approx(27.5 * 25 * 50.6, rel=1e-5)
    assert (elsewhere / "r" / "advise.md").read_text().startswith("# Small practice: what to try first")
    page = (elsewhere / "r" / "report.html").read_text()
    assert "Try first: afternoon call handler." in page
    record = json.loads((elsewhere / "r" / "run.json").read_text())
    assert record["kind"] == "advise"
    assert set(pd.read_parquet(elsewhere / "r" / "metrics.parquet")["scenario"]) <= set(record["overrides"])
    units = {path.name: path.stat().st_mtime_ns for path in (elsewhere / "r" / "units").iterdir()}
    assert pcqa("advise", "--resume", "--out", "r", "--workers", "1") == 0
    assert " ".join(capsys.readouterr().out.split()) == said
    assert {path.name: path.stat().st_mtime_ns for path in (elsewhere / "r" / "units").iterdir()} == units
    before = (elsewhere / "r" / "report.html").read_bytes()
    (elsewhere / "r" / "report.html").unlink()
    assert pcqa("report", "r") == 0
    assert (elsewhere / "r" / "report.html").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--goal", "mised_share", *CAN], "did you mean missed_share?"),
        (["--goal", "cost_gbp_per_working_day", *CAN], "--goal: cost_gbp_per_working_day: cannot be a goal"),
        ([*GOAL, *GOAL, *CAN], "--goal: missed_share: is given twice"),
        ([*GOAL, "--can", "more_call_handler"], "did you mean more_call_handlers?"),
        ([*GOAL, *CAN, "--budget", "-1"], "--budget: -1: pounds a year, 0 or more"),
        (
            [*GOAL, "--can", "more_call_handlers,add_session", "--budget", "1000"],
            "--budget: 1000: is less than any option costs; the cheapest, add_session, takes £49,869 a year",
        ),
        ([*GOAL, *CAN, "--reps", "4"], "--reps"),
        ([*GOAL, *CAN, "--least", "0"], "--least: 0: above 0"),
        ([*GOAL, *CAN, "--practice", "north"], "--practice: north"),
        (["--can", "reminders"], "--goal: is needed"),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("advise", *SHORT, *words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert list(elsewhere.iterdir()) == []


def test_what_is_dearer_than_the_budget_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--can", "more_call_handlers,more_phone_lines", "--budget", "50000", "--dry-run")
    assert pcqa("advise", *SHORT, *GOAL, *words) == 0
    assert "run" in capsys.readouterr().out
