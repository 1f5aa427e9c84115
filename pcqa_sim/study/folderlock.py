"""One driver a folder: a lock kept by the operating system, so that a killed driver leaves none behind."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.reading import read_json, text_of

LOCK = ".lock"
_LONGEST = 4096


@contextmanager
def locked(folder: Path, command: Sequence[str], shared: bool = False) -> Iterator[None]:
    """Hold a study's folder; raise BadInput naming who holds it already.

    Several holders may share it (the parts of a job array); a driver holds it alone.
    """
    path = folder / LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take(descriptor, shared):
            raise BadInput(Fault(str(folder), f"is in use by {_holder(path)}; wait for it, or stop it"))
        _sign(descriptor, command)
        yield
    finally:
        os.close(descriptor)


def _sign(descriptor: int, command: Sequence[str]) -> None:
    """Write who holds the folder, for others to read."""
    words = " ".join(("pcqa", *command))
    about = {"process": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
    text = json.dumps(about | {"command": words[:200]}).encode()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text, 0) if hasattr(os, "pwrite") else os.write(descriptor, text)


def _holder(path: Path) -> str:
    try:
        about = read_json(text_of(path, _LONGEST), str(path))
        return f"process {about['process']} on {about['host']} since {about['since']} ({about['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a byte beyond the text, which others may then still read

    def _take(descriptor: int, shared: bool) -> bool:
        """Take the lock if it is free; Windows has none to share, so that parts of an array hold nothing there."""
        if shared:
            return True
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _take(descriptor: int, shared: bool) -> bool:
        """Take the lock if it is free."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
