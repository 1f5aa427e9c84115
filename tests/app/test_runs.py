"""Runs of the app: the numbers of the command line, one user's alone, stopped at once, and never a silent end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pcqa_sim import load_scenario
from pcqa_sim.app.asked import TOLD
from pcqa_sim.app.change import Change
from pcqa_sim.app.jobs import Gate, Ready
from pcqa_sim.app.session import CURRENT, Session
from pcqa_sim.app.worker import LEADING
from pcqa_sim.study.methods.replicate import replicate
from pcqa_sim.values.faults import BadInput

PATIENCE_S = 900
TINY_FILE = "defaults: [small@_here_, _self_]\nname: Tiny practice\nlist_size: 800\n"


def until(there: Callable[[], object]) -> None:
    """Wait until something is there."""
    end = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.fixture
def gate() -> Gate:
    return Gate(4)


def of_a_tiny_practice(place: Path, gate: Gate) -> Session:
    made = Session(place, gate, workers=1)
    (made.settings / "practice").mkdir()
    (made.settings / "practice" / "tiny.yaml").write_text(TINY_FILE)
    made.change = Change("tiny", "quick", "open_access")
    return made


@pytest.fixture
def session(tmp_path: Path, gate: Gate) -> Iterator[Session]:
    made = of_a_tiny_practice(tmp_path, gate)
    yield made
    made.close()


@pytest.mark.slow
def test_the_numbers_are_those_of_the_saved_file_and_the_second_time_nothing_is_run(tmp_path: Path) -> None:
    """The first is done by a worker that waited, the second by one begun for it; they say the same, and both stop."""
    made = of_a_tiny_practice(tmp_path, Gate(4, Ready(tmp_path, workers=1)))
    made.gate.prepare()
    job = made.run(2)
    made.gate.prepare()  # begins none: one is at work
    until(lambda: not job.alive)
    assert (job.state.phase, job.state.fault) == ("done", "")
    answer = job.answer
    assert answer is not None
    assert not answer.preliminary
    saved = load_scenario(f"experiment={CURRENT}", user_folder=made.settings)
    whole = replicate(saved, 2).metrics
    mine = whole[(whole["period"] == "all") & (whole["group"] == "") & (whole["metric"] == "missed_share")]
    assert answer.numbers["your change"]["missed_share"][0] == pytest.approx(mine["value"].mean(), rel=1e-12)
    assert answer.numbers["as it is"] != answer.numbers["your change"]
    missed = next(row for row in answer.short if row[0] == LEADING["missed_share"])
    assert missed[2].startswith(f"{mine['value'].mean() * 100:.1f} % (")
    assert (job.folder / "report.html").is_file()
    units = {path.name: path.stat().st_ino for path in (job.folder / "study" / "units").iterdir()}
    again = made.run(2)
    until(lambda: not again.alive)
    assert {path.name: path.stat().st_ino for path in (again.folder / "study" / "units").iterdir()} == units
    assert again.answer == answer
    assert [(one.folder / TOLD).exists() for one in (job, again)] == [False, True], "the first was there before"
    made.gate.prepare()
    stopped = made.run(32)
    stopped.stop()
    assert (stopped.alive, stopped.state.phase, (stopped.folder / TOLD).exists()) == (False, "stopped", False)
    made.gate.end_all()
    made.close()


@pytest.mark.slow
def test_a_run_stops_and_one_that_is_killed_is_told_and_can_be_run_again(session: Session) -> None:
    job = session.run(32)
    with pytest.raises(BadInput, match="under way already"):
        session.run(2)
    until(lambda: job.state.done >= 1)
    begun = time.monotonic()
    job.stop()
    assert time.monotonic() - begun < 5
    assert (job.alive, job.state.phase) == (False, "stopped")
    killed = session.run(32)
    until(lambda: killed.state.phase == "running")
    os.kill(killed.process.pid, signal.SIGKILL)
    until(lambda: not killed.alive)
    assert killed.state.phase == "failed"
    assert "ended from outside" in killed.state.fault
    assert "press Run" in killed.state.fault
    last = session.run(2)
    until(lambda: not last.alive)
    assert last.state.phase == "done"


def test_more_runs_than_the_machine_may_have_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="under way on this machine already"):
        Session(tmp_path, Gate(0)).run(2)


def test_sessions_see_nothing_of_each_other(tmp_path: Path, gate: Gate) -> None:
    one, other = Session(tmp_path, gate), Session(tmp_path, gate)
    one.describe("riverside", {"list_size": "3000", "gp": "20 sessions"})
    assert "riverside" in one.practices()
    assert "riverside" not in other.practices()
    assert one.folder != other.folder
    assert oct(one.folder.stat().st_mode)[-3:] == "700"
    folder = one.folder
    one.close()
    assert not folder.exists()
    other.close()


def test_own_settings_are_offered_and_own_code_is_not(tmp_path: Path, gate: Gate) -> None:
    own = tmp_path / "pcqa_conf"
    (own / "practice").mkdir(parents=True)
    (own / "practice" / "ours.yaml").write_text("defaults: [small@_here_, _self_]\nname: Ours\n")
    (own / "practice" / "code.py").write_text("raise SystemExit")
    made = Session(tmp_path, gate, own)
    assert "ours" in made.practices()
    assert not list(made.settings.rglob("*.py"))
    with pytest.raises(BadInput, match="a CSV file"):
        made.uploaded(b"raise SystemExit", "code.py")
    made.close()


def test_wrong_answers_are_told_by_question(tmp_path: Path, gate: Gate) -> None:
    made = Session(tmp_path, gate)
    with pytest.raises(BadInput, match=r"Registered patients.*is no number"):
        made.describe("riverside", {"list_size": "many"})
    with pytest.raises(BadInput, match="shipped practice"):
        made.describe("average", {})
    with pytest.raises(BadInput, match="at most 200 characters"):
        made.describe("riverside", {"gp": "x" * 300})
    assert not list(made.settings.rglob("*.yaml"))
    made.close()
