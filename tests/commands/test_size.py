from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa
from shortruns import composed

pytestmark = pytest.mark.usefixtures("elsewhere")
QUICK = ("practice=small", "run=quick")
HANDLERS, SLOTS = "intervention.more_call_handlers.extra", "intervention.more_on_the_day_slots.extra"
TINY = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1", "--workers", "1")
TARGET = ("--target", "missed_share<=0.034")


@pytest.mark.slow
def test_size_answers_and_writes(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("size", *QUICK, *TARGET, "--vary", f"{HANDLERS}=0..4:2", "--reps", "20", "--workers", "1", "--out", "r")
    assert pcqa(*words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "How much more_call_handlers.extra is enough? (missed_share<=0.034)" in said
    assert "2 is enough, with 95 % confidence" in said
    assert "Less is not: 0 gives" in said
    table = pd.read_csv(elsewhere / "r" / "size.csv")
    assert set(table["value"]) == {0, 2, 4}
    assert (elsewhere / "r" / "figures" / "size.png").read_bytes().startswith(b"\x89PNG")
    record = json.loads((elsewhere / "r" / "run.json").read_text())
    assert (record["kind"], record["command"]) == ("size", list(words))
    assert record["parameters"]["target"] == "missed_share<=0.034"
    metrics = pd.read_parquet(elsewhere / "r" / "metrics.parquet")
    base = composed(*QUICK).hash()  # what was asked, before anything is varied
    assert {path.stem for path in (elsewhere / "r" / "scenarios").iterdir()} == {base, *metrics["scenario"]}
    assert set(metrics["scenario"]) <= set(record["overrides"])


@pytest.mark.slow
def test_a_bound_that_binds_is_said_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("size", *TINY, "--target", "missed_share<=0.3", "--vary", f"{HANDLERS}=0..1", "--reps", "5") == 0
    assert "The answer is the lowest value you allowed, 0" in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_two_settings_give_a_frontier(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("--vary", f"{HANDLERS}=0..1", "--vary", f"{SLOTS}=0..4:4", "--cost", f"{HANDLERS}=20", "--out", "r")
    assert pcqa("size", *TINY, *TARGET, *words, "--reps", "5", "--full") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "Cost is 20 for each unit of more_call_handlers.extra and 1 for each unit of more_on_the_day_slots.extra"
        in said
    )
    table = pd.read_csv(elsewhere / "r" / "frontier.csv")
    assert list(table["cost"]) == [0, 4, 20, 24]
    assert table["on_frontier"].iloc[0]


@pytest.mark.slow
def test_a_metric_may_be_the_cost(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("--vary", f"{HANDLERS}=0..1", "--vary", f"{SLOTS}=0..1", "--cost", "call_handler_talk_share", "--out", "r")
    assert pcqa("size", *TINY, *TARGET, *words, "--reps", "5") == 0
    assert "Cost is call handlers busy talking" in " ".join(capsys.readouterr().out.split())
    table = pd.read_csv(elsewhere / "r" / "frontier.csv")
    assert table["cost"].between(0, 1).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target", "mised_share<=0.05", "--vary", "phones.lines=3..5"], "did you mean missed_share?"),
        (["--target", "missed_share<=-0.1", "--vary", "phones.lines=3..5"], "cannot be met"),
        (["--target", "missed_share<=5", "--vary", "phones.lines=3..5"], "did you mean missed_share<=0.05?"),
        ([*TARGET, "--vary", "phones.lines=12..3"], "did you mean 3..12?"),
        ([*TARGET, "--vary", "phones.linez=3..12"], "did you mean phones.lines?"),
        ([*TARGET, "--vary", "phones.lines=0..12"], "phones.lines: 0: must be a whole number from 1"),
        (
            [*TARGET, "--vary", "intervention.more_call_handler.extra=0..3"],
            "did you mean intervention.more_call_handlers?",
        ),
        ([*TARGET, "--vary", "practice.list_size=1000..90000"], "give a step"),
        ([*TARGET, "--vary", "phones.lines=3..5", "--confidence", "95"], "--confidence: 95"),
        ([*TARGET, "--vary", "phones.lines=3..5", "--cost", "phones.lines=3"], "--cost"),
        ([*TARGET, "--vary", "phones.lines=3..5", "--practice", "north"], "--practice: north"),
        ([*TARGET, "--vary", "phones.lines=3..5", "--reps", "2"], "--reps"),
        ([*TARGET, "--vary", "phones.lines=3..5", "--seed", "-1"], "--seed"),
        ([*TARGET], "--vary"),
        (["--vary", "phones.lines=3..5"], "--target"),
        (["phones.linez=3", *TARGET, "--vary", "phones.lines=3..5"], "phones.linez: 3: is not a setting"),
        (
            [*TARGET, "--vary", "phones.lines=3..5", "--vary", f"{HANDLERS}=0..2", "--cost", "phones.linez=3"],
            "--cost: phones.linez: is for settings that are varied; did you mean phones.lines?",
        ),
        (
            [*TARGET, "--vary", "phones.lines=3..5", "--vary", f"{HANDLERS}=0..2", "--cost", "phones.lines=dear"],
            "is written KEY=PRICE",
        ),
        (
            [*TARGET, "--vary", "phones.lines=3..5", "--vary", f"{HANDLERS}=0..2", "--vary", f"{SLOTS}=0..2"],
            "at most two settings",
        ),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("size", *QUICK, *words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert list(elsewhere.iterdir()) == []


def test_a_group_that_is_not_there_is_told_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    words = ("--target", "next_action_share[next_action=farmacy]<=0.1", "--vary", "phones.lines=3..5", "--workers", "1")
    assert pcqa("size", *QUICK, *words) == 2
    assert "did you mean next_action=pharmacy?" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


def test_every_fault_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        pcqa("size", *QUICK, "--target", "mised_share<=0.05", "--vary", "phones.linez=3..5", "--confidence", "2") == 2
    )
    assert len(capsys.readouterr().err.strip().splitlines()) == 3
