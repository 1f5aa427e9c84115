"""One driver a folder: a lock kept by the operating system, so that a killed driver leaves none behind."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.reading import read_json, text_of

LOCK = ".lock"
_LONGEST = 4096
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}
"""What file systems without locks say: nobody can hold anything there."""


@contextmanager
def locked(folder: Path, command: Sequence[str], shared: bool = False) -> Iterator[None]:
    """Hold a study's folder; raise BadInput naming who holds it already.

    Several holders may share it (the parts of a job array); a driver holds it alone, and takes the lock's file away
    when it leaves. A file that is there without a holder, as a killed driver leaves it, locks nobody out.
    """
    path = folder / LOCK
    descriptor = _held(path, shared)
    try:
        _sign(descriptor, command)
        yield
    finally:
        if not shared:
            with suppress(OSError):  # Windows removes no open file
                path.unlink()
        os.close(descriptor)


def _held(path: Path, shared: bool) -> int:
    """Return the lock's file, open and held; raise BadInput where somebody else holds it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _take(descriptor, shared):
            os.close(descriptor)
            raise BadInput(Fault(str(path.parent), f"is in use by {_holder(path)}; wait for it, or stop it"))
        if _still_there(descriptor, path):
            return descriptor
        os.close(descriptor)


def _still_there(descriptor: int, path: Path) -> bool:
    """Tell whether an open file is still the one of its name: the last holder may just have taken it away."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _sign(descriptor: int, command: Sequence[str]) -> None:
    """Write who holds the folder, for others to read; on a full disk they have to do without."""
    words = " ".join(("pcqa", *command))
    about = {"process": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
    text = json.dumps(about | {"command": words[:200]}).encode()
    with suppress(OSError):
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
        except OSError as fault:
            if fault.errno not in _NO_LOCKS_HERE:
                raise
        return True
