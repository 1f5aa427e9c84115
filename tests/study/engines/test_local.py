"""The local engine: processes that die, stop, loop or raise cost no other unit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import fakeunits
import pandas as pd
import pytest
from fakeunits import drive, plan_of, scenario_name

from pcqa_sim.study.engines.local import Local
from pcqa_sim.study.execute import Watcher

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def rows(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "metrics.parquet")


@pytest.mark.slow
def test_one_process_and_two_give_the_same_bytes(tmp_path: Path) -> None:
    plan = plan_of(3, 4)
    alone = drive(tmp_path / "one", plan, Local(1), fakeunits.quick)
    together = drive(tmp_path / "two", plan, Local(2), fakeunits.quick)
    assert len(alone.workers) == 1
    assert len(together.workers) == 2
    assert os.getpid() not in {process for _, process in together.workers}
    for name in ("metrics.parquet", "summary.csv", "points.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    found = rows(tmp_path / "one")
    assert len(found) == 3 * 4 * 6
    assert list(found["scenario"].drop_duplicates()) == [scenario_name(n) for n in range(3)]


@pytest.mark.slow
def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    drive(tmp_path / "out", plan_of(2, 2), Local(1), fakeunits.quick, Watcher(progress=told.append))
    assert told == [0, 1, 2, 3, 4]


@pytest.mark.slow
def test_a_unit_that_raises_is_named_and_the_rest_finishes(tmp_path: Path) -> None:
    said: list[str] = []
    outcome = drive(tmp_path, plan_of(2, 3), Local(2), fakeunits.raising, Watcher(note=said.append))
    (failed,) = outcome.failed
    assert (failed.unit.scenario, failed.unit.replication) == (scenario_name(0), 1)
    assert failed.fault == "ValueError: need 7, contact 0: its call ended twice"
    assert "raising" in failed.trace
    assert len(outcome.done) == 5
    again = f"pcqa replay {tmp_path} --unit {failed.unit}"
    assert said == [f"failed: phones.lines=1, replication 1, seed 1: {failed.fault}; alone: {again}"]
    assert len(rows(tmp_path)) == 5 * 6


@pytest.mark.slow
@UNIX
def test_a_killed_process_costs_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    outcome = drive(tmp_path, plan_of(2, 3), Local(2), fakeunits.dying_once, Watcher(note=said.append))
    assert len(outcome.done) == 6
    assert not outcome.failed
    assert [line for line in said if "SIGKILL" in line]
    assert [line for line in said if "it was done again" in line]


@pytest.mark.slow
@UNIX
def test_a_unit_that_kills_its_process_each_time_is_given_up(tmp_path: Path) -> None:
    outcome = drive(tmp_path, plan_of(2, 3), Local(2), fakeunits.dying)
    (failed,) = outcome.failed
    assert "SIGKILL" in failed.fault
    assert "3 times over" in failed.fault
    assert len(outcome.done) == 5


@pytest.mark.slow
@UNIX
def test_a_stopped_process_is_noticed_and_the_rest_finishes(tmp_path: Path) -> None:
    outcome = drive(tmp_path, plan_of(2, 3), Local(2, silence_s=4), fakeunits.stopping)
    (failed,) = outcome.failed
    assert failed.unit.replication == 1
    assert "no sign of life for 4 s" in failed.fault
    assert len(outcome.done) == 5


@pytest.mark.slow
def test_a_unit_without_end_is_given_up_at_its_limit(tmp_path: Path) -> None:
    outcome = drive(tmp_path, plan_of(2, 3), Local(2, limit_s=2), fakeunits.looping)
    (failed,) = outcome.failed
    assert failed.fault == "it took longer than 2 s"
    assert len(outcome.done) == 5


@pytest.mark.slow
@UNIX
@pytest.mark.parametrize("after", [1.0, 4.0])
def test_a_killed_driver_leaves_no_process_behind(after: float, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "fakeunits", str(tmp_path / "out"), "2", "20", "asleep", "2"]
    started = subprocess.Popen(words, start_new_session=True, cwd=Path(fakeunits.__file__).parent)
    time.sleep(after)
    started.kill()
    started.wait()
    assert gone(started.pid)


def gone(group: int) -> bool:
    """Tell whether every process of a group ends within ten seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@UNIX
def test_ctrl_c_ends_everything_at_once(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "fakeunits", str(tmp_path / "out"), "2", "20", "asleep", "2"]
    started = subprocess.Popen(
        words, start_new_session=True, cwd=Path(fakeunits.__file__).parent, stderr=subprocess.DEVNULL
    )
    units = tmp_path / "out" / "units"
    for _ in range(300):  # until it is under way, which takes its time on a busy machine
        if units.is_dir():
            break
        time.sleep(0.2)
    time.sleep(1)
    begun = time.monotonic()
    os.killpg(started.pid, signal.SIGINT)
    started.wait(timeout=30)
    assert time.monotonic() - begun < 5
    assert gone(started.pid)
    assert (tmp_path / "out" / "units").is_dir()
