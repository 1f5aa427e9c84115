from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa

pytestmark = pytest.mark.usefixtures("elsewhere")
QUICK = ("practice=small", "practice.list_size=800", "run=quick")
HANDLERS = "intervention=[more_call_handlers]"


@pytest.mark.slow
def test_compare_answers_and_writes(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    two = f"{HANDLERS} intervention.more_call_handlers.extra=2 practice.name='Two more'"
    words = ("compare", *QUICK, "--with", HANDLERS, "--with", two, "--reps", "2", "--workers", "1", "--out", "results")
    assert pcqa(*words, "--full") == 0
    said = capsys.readouterr().out
    assert f"With {HANDLERS}\n  changed: rota.extra_call_handlers: 0 -> 1\n" in said
    assert "changed: rota.extra_call_handlers: 0 -> 2" in said
    assert "2 replications of each" in said
    assert "The same people and the same luck in both" in said
    assert "No verdict: 2 pairs of runs are too few, at least 5 are needed (--reps)." in said
    assert said.index("Safety and fairness") < said.index("What the change was for") < said.index("Staff time")
    assert "Had both sides settled? The run is too short to tell." in said
    files = ("report.html", "figures/compare-practice.png", "comparison.csv", "comparison.parquet")
    assert "".join(f"\n  {name}" for name in files) in said.partition("Files in results:")[2]
    table = pd.read_parquet(elsewhere / "results" / "comparison.parquet")
    assert list(table["other"].unique()) == [HANDLERS, two]
    assert json.loads((elsewhere / "results" / "run.json").read_text())["command"] == [*words, "--full"]


@pytest.mark.slow
def test_members_of_a_network_are_compared_one_by_one(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    members = ",".join(f"{name}:['practice=small','practice.list_size=700']" for name in ("north", "south"))
    network = f"network.members={{{members}}}"
    only = f"{HANDLERS} intervention.more_call_handlers.only=[north]"
    assert (
        pcqa("compare", network, "run=quick", "--with", only, "--reps", "2", "--workers", "1", "--full", "--out", "r")
        == 0
    )
    said = capsys.readouterr().out
    assert said.index("The network of 2 practices: ") < said.index("changed: north: rota.extra_call_handlers: 0 -> 1")
    assert said.count("changed: rota.extra_call_handlers: 0 -> 1") == 1
    assert said.count("changed: nothing") == 1
    assert "north (Small practice): " in said
    assert "south (Small practice): " in said
    assert {path.name for path in (elsewhere / "r" / "figures").iterdir()} == {"compare-north.png", "compare-south.png"}


@pytest.mark.slow
def test_an_intervention_joins_those_of_the_base(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--with", "+intervention=more_phone_lines", "--reps", "2", "--workers", "1")
    assert pcqa("compare", *QUICK, HANDLERS, *words) == 0
    said = capsys.readouterr().out
    assert "changed: phones.lines: 60 -> 62" in said
    assert "rota.extra_call_handlers" not in said
    assert "No difference at all in anything that was looked at." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--with", "phones.linez=3"], '--with "phones.linez=3": phones.linez: 3: is not a setting'),
        (["--with", "practice=average"], '--with "practice=average": practice.list_size: 10,000: must be the same'),
        (["--with", "practice.name='A"], "a quotation mark is opened and not closed"),
        (["--with", " "], '--with " ": needs settings'),
        (["--with", HANDLERS, "--with", HANDLERS], f'--with "{HANDLERS}": is given twice'),
        (["--with", "run.seed=3"], '--with "run.seed=3": run.seed: 3: must be the same'),
        (["phones.linez=3", "--with", HANDLERS], "phones.linez: 3: is not a setting"),
        (["--with", HANDLERS, "--reps", "1"], "--reps"),
        (["--with", HANDLERS, "--seed", "-1"], "--seed"),
        ([], "--with"),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("compare", "practice=small", "run=quick", *words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert list(elsewhere.iterdir()) == []


def test_every_fault_of_every_with_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    long = f"practice.name={'x' * 110} phones.lines=4 rota=standard phones.menu.minutes=-1"
    assert pcqa("compare", *QUICK, "--with", "phones.linez=3 nonsense.x=1", "--with", HANDLERS, "--with", long) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 3
    assert sum(line.startswith('--with "phones.linez=3 nonsense.x=1": ') for line in lines) == 2
    assert lines[2].startswith('--with "practice.name=xxxx')
    assert len(lines[2]) < 250


def test_a_folder_in_use_is_refused_before_anything_runs(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    (elsewhere / "results").mkdir()
    (elsewhere / "results" / "mine.txt").write_text("x")
    assert pcqa("compare", *QUICK, "--with", HANDLERS, "--out", "results") == 2
    assert "an empty or a new folder" in capsys.readouterr().err
    assert [p.name for p in (elsewhere / "results").iterdir()] == ["mine.txt"]


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("compare", "--help") == 0
    assert "Example: pcqa compare" in capsys.readouterr().out
