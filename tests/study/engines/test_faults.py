"""Faults that really kill: whatever dies, and whenever, a study that goes on loses nothing and repeats nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import fakeunits
import numpy as np
import pandas as pd
import pytest
from clusters import dask_cluster

from pcqa_sim.study.engines.local import Local
from pcqa_sim.study.store import Store

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9"),
]
SCENARIOS, REPLICATIONS = 2, 3
AT_ONCE = 4


def begin(folder: Path, where: str, work: str = "asleep") -> subprocess.Popen[bytes]:
    """Begin a driver of a study as a process of its own."""
    words = ("-m", "fakeunits", str(folder), str(SCENARIOS), str(REPLICATIONS), work, where)
    with (folder.parent / f"{folder.name}.err").open("ab") as err:
        here = Path(fakeunits.__file__).parent
        return subprocess.Popen([sys.executable, *words], cwd=here, stderr=err, start_new_session=True)


def wait_for_units(folder: Path, driver: subprocess.Popen[bytes]) -> None:
    """Wait until the study is under way, so that what is killed afterwards is at work."""
    for _ in range(600):
        if (folder / "run.json").exists() or driver.poll() is not None:
            return
        time.sleep(0.05)


def children(process: int) -> list[int]:
    import psutil

    return [one.pid for one in psutil.Process(process).children() if "spawn_main" in " ".join(one.cmdline())]


def kill_driver(folder: Path, seconds: float) -> None:
    driver = begin(folder, "2")
    wait_for_units(folder, driver)
    time.sleep(seconds)
    driver.kill()
    driver.wait()


def kill_worker(folder: Path, seconds: float) -> None:
    """One of the two processes is killed; the driver finishes the study all the same."""
    driver = begin(folder, "2")
    wait_for_units(folder, driver)
    time.sleep(seconds)
    victims = children(driver.pid) if driver.poll() is None else []
    if victims:
        os.kill(victims[int(seconds * 1000) % len(victims)], signal.SIGKILL)
    assert driver.wait(timeout=90) == 0


def kill_dask_worker(folder: Path, seconds: float) -> None:
    with dask_cluster(folder.parent / f"{folder.name}-cluster") as cluster:
        driver = begin(folder, cluster.address)
        wait_for_units(folder, driver)
        time.sleep(seconds)
        victims = cluster.worker_processes()
        os.kill(victims[int(seconds * 1000) % len(victims)], signal.SIGKILL)
        assert driver.wait(timeout=90) == 0


def kill_scheduler(folder: Path, seconds: float) -> None:
    """Without its scheduler the driver stops by itself and says how to go on."""
    with dask_cluster(folder.parent / f"{folder.name}-cluster") as cluster:
        driver = begin(folder, cluster.address)
        wait_for_units(folder, driver)
        time.sleep(seconds)
        cluster.scheduler.kill()
        assert driver.wait(timeout=60) != 0 or whole(folder) == SCENARIOS * REPLICATIONS
        said = (folder.parent / f"{folder.name}.err").read_text()
        assert "went away" in said or whole(folder) == SCENARIOS * REPLICATIONS


KILLS = {"driver": kill_driver, "worker": kill_worker, "dask worker": kill_dask_worker, "scheduler": kill_scheduler}


def whole(folder: Path) -> int:
    plan = fakeunits.plan_of(SCENARIOS, REPLICATIONS)
    return Store(folder).survey(plan.units()).whole


def trial(what: str, number: int, folder: Path, expected: bytes) -> None:
    """Kill at a time drawn with a seed, go on, and compare with an unbroken run."""
    kind = list(KILLS).index(what)
    seconds = float(np.random.default_rng([20261125, kind, number]).uniform(0.0, 6.5))
    mine = folder / f"{what.replace(' ', '-')}-{number}"
    KILLS[what](mine, seconds)
    survey = Store(mine).survey(fakeunits.plan_of(SCENARIOS, REPLICATIONS).units())
    assert not survey.damaged, (what, number, seconds)
    assert begin(mine, "2").wait(timeout=120) == 0
    found = pd.read_parquet(mine / "metrics.parquet")
    assert not found.duplicated(["scenario", "replication", "metric", "period"]).any()
    assert found.groupby(["scenario", "replication"]).ngroups == SCENARIOS * REPLICATIONS
    assert (mine / "metrics.parquet").read_bytes() == expected, (what, number, seconds)
    assert not list((mine / "units").glob(".*.tmp")) or what != "worker"


def trials(folder: Path, each: dict[str, int]) -> int:
    """Return how many trials held; the first that does not raises what it found."""
    plan = fakeunits.plan_of(SCENARIOS, REPLICATIONS)
    fakeunits.drive(folder / "unbroken", plan, Local(1), fakeunits.quick)
    expected = (folder / "unbroken" / "metrics.parquet").read_bytes()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = [pool.submit(partial(trial, what, n, folder, expected)) for what in each for n in range(each[what])]
        return sum(one.result() is None for one in done)


def test_four_kills_lose_nothing(tmp_path: Path) -> None:
    assert trials(tmp_path, {"driver": 1, "worker": 1, "dask worker": 1, "scheduler": 1}) == 4


@pytest.mark.soak
def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    assert trials(tmp_path, {"driver": 40, "worker": 20, "dask worker": 20, "scheduler": 20}) == 100
