"""The user's cache folder: small files that any process may read, write and remove at any time.

Whatever is wrong with the folder (none, read-only, full, somebody else's), one does without it and says nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

FOLDER_VARIABLE, SWITCH_VARIABLE = "PCQA_CACHE_DIR", "PCQA_CACHE"
MOST_BYTES = 50 * 2**20
LARGEST_FILE = 4 * 2**20
_ROOM = "compositions"
_OURS = re.compile(r"^[0-9a-f]{64}\.json$")
_DRAFT = re.compile(r"^\.draft-.*\.tmp$")
_DRAFT_SECONDS = 3600.0  # a draft older than this was left behind by a process that was killed


def cache_folder() -> Path | None:
    """Return the folder for compositions, which need not exist; None where nothing is to be kept.

    That is $PCQA_CACHE_DIR, else the system's place for a user's caches. PCQA_CACHE=0 keeps nothing.
    """
    if os.environ.get(SWITCH_VARIABLE) == "0":
        return None
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given) / _ROOM
    try:
        return _system_folder() / "pcqa_sim" / _ROOM
    except RuntimeError:  # nobody's home
        return None


def _system_folder() -> Path:
    """Return where this system keeps a user's caches; raise RuntimeError where the user has no home."""
    if sys.platform == "win32":
        given = os.environ.get("LOCALAPPDATA", "")
        return Path(given) if given else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if os.path.isabs(given) else Path.home() / ".cache"  # a relative one is to be ignored


def read(key: str) -> bytes | None:
    """Return what is kept under a key of 64 hexadecimal digits, None where there is nothing to be read."""
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / f"{key}.json"
    try:
        if not _is_private(folder) or path.stat().st_size > LARGEST_FILE or not path.is_file():
            return None
        return path.read_bytes()
    except OSError:
        return None


def write(key: str, content: bytes) -> None:
    """Keep something under a key, whole or not at all, and make room for it among the older ones."""
    folder = cache_folder()
    if folder is None or len(content) > LARGEST_FILE:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(folder):
            _put(folder, f"{key}.json", content)
            _make_room(folder)


def _is_private(folder: Path) -> bool:
    """Tell whether nobody but its owner, who is this user, can write to a folder."""
    if not hasattr(os, "geteuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _put(folder: Path, name: str, content: bytes) -> None:
    """Write a file under a name nobody else uses, then put it in place."""
    number, draft = tempfile.mkstemp(".tmp", ".draft-", folder)
    try:
        with open(number, "wb") as file:
            file.write(content)
        os.replace(draft, folder / name)
    except BaseException:
        os.unlink(draft)
        raise


def _make_room(folder: Path) -> None:
    """Remove the oldest files until all together are small enough, and drafts that were left behind."""
    files = sorted(_files(folder))
    over = sum(size for _, size, _ in files) - MOST_BYTES
    for written, size, path in files:
        left_behind = path.endswith(".tmp") and written < time.time() - _DRAFT_SECONDS
        if over > 0 or left_behind:
            with contextlib.suppress(OSError):
                os.unlink(path)
            over -= size


def _files(folder: Path) -> Iterator[tuple[float, int, str]]:
    """Return when each file of ours was written, its size and its path; what another process removes is left out."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if _OURS.match(entry.name) or _DRAFT.match(entry.name):
                with contextlib.suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime, found.st_size, entry.path
