from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import pcqa, started

from pcqa_sim.commands import importing
from pcqa_sim.inputs.national import CALLS_PER_1000_WEEKDAY

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "practice.list_size=800", "run=quick")
FILES = "data/gp-reg-pat-prac-all_2021-01.csv", "data/cbt_by_durations_2026-06_Y58_sample.csv"


def test_run_answers_and_writes(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    assert pcqa("run", *SMALL, "--out", "results", "--workers", "1", "--events", "--full") == 0
    said = capsys.readouterr().out
    assert "How much of it is failure demand, and what does it cost?" in said
    assert "2 replications" in said
    assert "Files in results:" in said
    record = json.loads((elsewhere / "results" / "run.json").read_text())
    assert record["command"][:2] == ["run", "practice=small"]
    assert len(list((elsewhere / "results" / "events").iterdir())) == 2


def test_the_default_folder_is_named_by_time_scenario_and_seed(elsewhere: Path) -> None:
    assert pcqa("run", *SMALL, "--reps", "1", "--seed", "7") == 0
    (folder,) = (elsewhere / "pcqa_runs").iterdir()
    record = json.loads((folder / "run.json").read_text())
    assert re.fullmatch(rf"\d{{8}}-\d{{6}}-{record['scenario']}-7", folder.name)


def test_a_folder_in_use_is_refused_before_anything_runs(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    (elsewhere / "results").mkdir()
    (elsewhere / "results" / "mine.txt").write_text("x")
    assert pcqa("run", "practice=small", "--out", "results") == 2
    assert "an empty or a new folder" in capsys.readouterr().err
    assert [p.name for p in (elsewhere / "results").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "phones.linez=3"], "did you mean phones.lines?"),
        (["run", "practice=smal"], "did you mean small?"),
        (["run", "phones.lines=0"], "phones.lines: 0:"),
        (["run", "--reps", "0"], "--reps"),
        (["run", "--reps", "many"], "--reps"),
        (["run", "--seed", "-1"], "--seed"),
        (["run", "--no-such-option"], "--no-such-option"),
        (["rum"], "rum"),
        (["import", "registr", "x.csv", "--practice", "J81009"], "registr"),
        (["import", "register", "x.csv", "--practice", "J81009"], "x.csv"),
        (["story", "practice=small", "run=quick", "--need", "1"], "no such need"),
        (["story", "practice=small", "--practice", "north"], "--practice: north"),
        (["story", "practice=small", "--about", "childs"], "did you mean child?"),
        (["story", "practice=small", "--person", "1", "--need", "1"], "cannot be given together"),
        (["story", "practice=small", "--years", "1"], "--years: needs --person or --about"),
        (["story", "practice=small", "run=quick", "--person", "2000"], "a number from 0 to 1999"),
        (["show", "practice=smal"], "did you mean small?"),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa(*words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert out == ""
    assert list(elsewhere.iterdir()) == []


def test_several_faults_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", "phones.linez=3", "phones.menu.minutes=-1", "nonsense.x=1") == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 3


def test_a_story_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("story", "practice=small", "run=quick") == 0
    said = capsys.readouterr().out
    assert "Contact 1: " in said
    assert "failure demand" in said


def test_a_person_is_chosen_and_their_story_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("story", "practice=small", "--about", "refused", "--years", "0.05") == 0
    said = capsys.readouterr().out
    assert "Chosen as the one in the middle" in said
    assert "In 3 weeks: " in said
    assert "call another day" in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 100


def test_show_shows_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("show", "practice=small", "intervention=[more_phone_lines]") == 0
    said = capsys.readouterr().out
    assert "practice_list_size_mean" in said or "caller_patience_mean" in said
    assert "phones.lines" in said


def test_a_place_that_cannot_be_written_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", "practice=small", "run=quick", "--reps", "1", "--out", "/proc/none/results") == 3
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert "/proc/none" in err


def test_a_failed_run_is_exit_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from pcqa_sim.results import conservation

    def breach(_: object) -> None:
        raise conservation.ConservationError("need 7, contact 0: its call ended twice")

    monkeypatch.setattr(conservation, "check", breach)
    assert pcqa("run", "practice=small", "run=quick", "--workers", "1") == 1
    assert "need 7, contact 0: its call ended twice" in capsys.readouterr().err


@pytest.mark.slow
def test_real_input_makes_a_practice_that_runs(
    evidence: Path, capsys: pytest.CaptureFixture[str], elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The level is found from two weeks that have not settled: what is tried is that what was published runs."""
    monkeypatch.setattr(importing, "_WEEKS_TO_SETTLE", 0)
    monkeypatch.setattr(importing, "_WEEKS_MEASURED", 2)
    register, telephony = (str(evidence / name) for name in FILES)
    assert pcqa("import", "register", register, "--practice", "J81009") == 0
    assert pcqa("import", "telephony", telephony, "--practice", "J81009") == 0
    said = capsys.readouterr().out
    assert "12,349 people" in said
    assert "One day, rough" in said
    assert "5 years 5 months apart" in said
    assert (elsewhere / "pcqa_conf" / "practice" / "j81009.yaml").is_file()
    weeks = ("run.warm_up_weeks=0", "run.measured_weeks=1")
    assert pcqa("run", "practice=j81009", *weeks, "--reps", "2", "--workers", "1", "--full") == 0
    said = capsys.readouterr().out
    assert "12,349 patients" in said
    assert "the practice's own Monday 1 June 2026" in said
    assert "415 calls observed" in said


def test_figures_that_do_not_reconcile_need_accept_and_a_few_calls_a_warning(
    evidence: Path, capsys: pytest.CaptureFixture[str], elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The level is fitted to a model whose calls are as many as the level says: runs are the test's before this one."""

    def in_proportion(list_size: int, _: dt.date) -> Callable[[float], list[float]]:
        return lambda level: [level * list_size * CALLS_PER_1000_WEEKDAY / 1000] * 5

    monkeypatch.setattr(importing, "_simulated_week_for", in_proportion)
    register, telephony = (str(evidence / name) for name in FILES)
    assert pcqa("import", "register", register, "--practice", "J81006") == 0
    capsys.readouterr()
    assert pcqa("import", "telephony", telephony, "--practice", "J81006") == 0
    assert "Warning, off by a few: J81006 on 1 June 2026" in capsys.readouterr().out
    off = elsewhere / "off.csv"
    off.write_text(Path(telephony).read_text(encoding="utf-8").replace("CBT001,TOTAL,747.0", "CBT001,TOTAL,647.0"))
    telephony = str(off)
    assert pcqa("import", "telephony", telephony, "--practice", "J81006") == 2
    err = capsys.readouterr().err
    assert "755" in err
    assert "647" in err
    assert "--accept" in err
    assert pcqa("import", "telephony", telephony, "--practice", "J81006", "--accept") == 0
    assert "does not reconcile" in (elsewhere / "pcqa_conf" / "practice" / "j81006.yaml").read_text()


def test_a_fault_is_told_in_under_three_seconds() -> None:
    """Of a processor: whatever else it has to do, that is what a person waits for on a free one."""
    before, begun = os.times(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pcqa_sim.cli", "run", "phones.linez=3"], capture_output=True, text=True, check=False
    )
    after, waited = os.times(), time.monotonic() - begun
    of_children = after.children_user + after.children_system - before.children_user - before.children_system
    seconds = of_children or waited  # Windows does not count it
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert seconds < 3


def test_help_names_every_command_and_each_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("--help") == 0
    said = capsys.readouterr().out
    for command in ("run", "story", "show", "import", "verify"):
        assert command in said
        assert pcqa(command, "--help") == 0
        assert "Example: pcqa" in capsys.readouterr().out


def test_no_words_print_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa() in (0, 2)
    assert "Usage" in "".join(capsys.readouterr())


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("--version") == 0
    assert "pcqa_sim 0." in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to interrupt")
@pytest.mark.parametrize("after", [1.5, 6.0])
def test_ctrl_c_stops_cleanly_and_leaves_no_process_behind(after: float, elsewhere: Path) -> None:
    words = ("run", "run=year", "--reps", "20", "--workers", "2", "--out", "out")
    with (elsewhere / "err").open("w") as err, started(*words, stderr=err) as process:
        time.sleep(after)
        begun = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert time.monotonic() - begun < 5
    planned = (elsewhere / "out").exists()  # then it can be gone on with
    go_on = ["0 of 20 units are there; go on with: pcqa run --out out --resume"] if planned else []
    assert (elsewhere / "err").read_text().splitlines() == [*go_on, "stopped"]
    assert _gone(process.pid)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
def test_a_killed_run_leaves_no_process_behind(elsewhere: Path) -> None:
    command = ["-m", "pcqa_sim.cli", "run", "run=year", "--reps", "20", "--workers", "2", "--out", "out"]
    started = subprocess.Popen([sys.executable, *command], start_new_session=True, stderr=subprocess.DEVNULL)
    time.sleep(5)
    started.kill()
    started.wait()
    assert _gone(started.pid)


def _gone(group: int) -> bool:
    """Tell whether every process of a group ends within ten seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
