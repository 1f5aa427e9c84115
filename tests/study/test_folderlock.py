"""One driver a folder, and a kill leaves no lock behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pcqa_sim.study.folderlock import LOCK, locked
from pcqa_sim.values.faults import BadInput

HOLD = """
import sys, time
from pathlib import Path
from pcqa_sim.study.folderlock import locked
with locked(Path(sys.argv[1]), ["sweep", "--out", "x"], shared=len(sys.argv) > 2):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path, *more: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder), *more], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_stops_and_names_the_first(tmp_path: Path) -> None:
    first = holder(tmp_path)
    try:
        with pytest.raises(BadInput) as refused, locked(tmp_path, []):
            pass
    finally:
        first.kill()
        first.wait()
    said = str(refused.value)
    assert f"process {first.pid} on " in said
    assert "(pcqa sweep --out x)" in said
    assert time.strftime("%Y-%m-%d") in said
    assert len(said.splitlines()) == 1


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    first = holder(tmp_path)
    first.kill()
    first.wait()
    with locked(tmp_path, ["mine"]):
        assert f'"process": {os.getpid()}' in (tmp_path / LOCK).read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared locks")
def test_parts_of_an_array_share_and_keep_a_driver_out(tmp_path: Path) -> None:
    first = holder(tmp_path, "shared")
    try:
        with locked(tmp_path, ["part"], shared=True):
            pass
        with pytest.raises(BadInput, match="is in use"), locked(tmp_path, ["sweep"]):
            pass
    finally:
        first.kill()
        first.wait()


def test_a_lock_nobody_signed(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("nonsense")
    with locked(tmp_path, ["a"]), pytest.raises(BadInput, match=f"process {os.getpid()}"), locked(tmp_path, ["b"]):
        pass
