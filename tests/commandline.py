"""Running `pcqa` inside the test's own process, or in one that can be interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from pcqa_sim import cli


def pcqa(*words: str) -> int:
    """Run the command in this process and return its exit code."""
    before, sys.argv = sys.argv, ["pcqa", *words]
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    finally:
        sys.argv = before
    return 0


@contextmanager
def started(*words: str, stderr: IO[str] | int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command in a process group of its own, which can be interrupted and is gone afterwards.

    Whoever was started in the background by a shell ignores interruptions, and so would its children.
    """
    command = [sys.executable, "-m", "pcqa_sim.cli", *words]
    process = subprocess.Popen(command, start_new_session=True, stderr=stderr, preexec_fn=_interruptible)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
