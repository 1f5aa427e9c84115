"""A borough's practices through the engines: killed, gone on with elsewhere, and the same bytes as undisturbed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa, started

pytestmark = [
    pytest.mark.usefixtures("elsewhere"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9"),
]
LENGTH = ("run.warm_up_weeks=0", "run.measured_weeks=1")
SHARED = "intervention=[shared_pharmacists]"
KINDS = ("average", "suburban", "urban_deprived", "small")


def borough(practices: int, people: int) -> tuple[str, ...]:
    """A sweep of practices of four kinds with shared pharmacists, each by itself today or offering what is left."""
    each = (
        f"p{n}:['practice={KINDS[n % len(KINDS)]}','practice.list_size={people}','phones.lines=4']"
        for n in range(practices)
    )
    overflow = "network.same_day_overflow=false,true"
    return ("sweep", f"network.members={{{','.join(each)}}}", SHARED, *LENGTH, overflow, "--reps", "2")


@pytest.mark.parametrize(
    ("practices", "people"),
    [pytest.param(4, 300, marks=pytest.mark.slow), pytest.param(35, 1000, marks=pytest.mark.soak)],
)
def test_a_killed_borough_goes_on_here_or_on_a_job_array(practices: int, people: int, elsewhere: Path) -> None:
    words, folder = borough(practices, people), elsewhere / "broken"
    with started(*words, "--out", "broken", "--workers", "1") as process:
        for _ in range(24_000):
            if list(folder.glob("units/*.parquet")) or process.poll() is not None:
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    there = {path: path.stat().st_mtime_ns for path in folder.glob("units/*.parquet")}
    assert there
    shutil.copytree(folder, elsewhere / "array")
    assert pcqa("sweep", "--out", "array", "--resume", "--engine", "array", "--parts", "2") == 0
    for part in ("0", "1"):
        assert pcqa("part", "array", "--part", part, "--of", "2") == 0
    assert pcqa("sweep", "--out", "array", "--resume", "--engine", "array", "--parts", "2") == 0
    assert pcqa("sweep", "--out", "broken", "--resume", "--workers", "1") == 0
    assert {path: path.stat().st_mtime_ns for path in there} == there, "what was there is not done again"
    for name in ("metrics.parquet", "summary.csv", "points.parquet"):
        assert (folder / name).read_bytes() == (elsewhere / "array" / name).read_bytes(), name
    found = pd.read_parquet(folder / "metrics.parquet")
    assert set(found["practice"]) == {"network", *(f"p{n}" for n in range(practices))}
    assert found.groupby(["scenario", "replication"]).ngroups == 4
