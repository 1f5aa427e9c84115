"""A real Dask cluster for tests: a scheduler and workers as processes of their own, over loopback TCP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SURROUNDINGS = {"PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH", "")])])}
"""Workers import what these tests import: a checkout that is named, else what is installed."""


@dataclass
class Cluster:
    """The processes of a scheduler and its workers; each worker has a nanny that begins it again when it dies."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker_processes(self) -> list[int]:
        """The processes that do the work, below their nannies."""
        import psutil

        found = []
        for nanny in self.workers:
            children = psutil.Process(nanny.pid).children(recursive=True)
            found += [one.pid for one in children if "spawn_main" in " ".join(one.cmdline())]
        return found


def _begin(*words: str, log: Path, **more: Any) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=os.environ | SURROUNDINGS,
            cwd=log.parent,
            **more,
        )


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start a scheduler and workers; end every one of their processes afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    where = folder / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(where), "--no-dashboard")
    scheduler = _begin("dask_scheduler", *words, log=folder / "scheduler.txt")
    cluster = Cluster("", scheduler)
    try:
        cluster.address = _address(where)
        for number in range(workers):
            words = (cluster.address, "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard")
            more = ("--local-directory", str(folder / f"space-{number}"), "--death-timeout", "20")
            cluster.workers.append(_begin("dask_worker", *words, *more, log=folder / f"worker-{number}.txt"))
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            _end(process)


def _address(where: Path) -> str:
    for _ in range(300):
        try:
            return str(json.loads(where.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError("the scheduler did not begin")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and everything it began: they are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
