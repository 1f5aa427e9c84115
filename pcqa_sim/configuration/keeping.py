"""What was composed once and need not be composed again: in this process, and in the user's cache folder.

A key is the SHA-256 of all that decides the outcome: this package's code and own code, the versions of the libraries
that compose, every settings file by name and bytes, and what was asked. What is kept carries its key and a digest of
itself, so that a damaged file, or one under another's name, is not believed. Only plain settings are kept; they are
judged each time.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pcqa_sim.configuration import cachefolder
from pcqa_sim.study.origin import code_fingerprint
from pcqa_sim.values.plugins import fingerprints

FORM = 1
LIBRARIES = ("pydantic", "hydra-core", "omegaconf", "PyYAML")
_MOST_IN_MEMORY = 16 * 2**20
_memory: dict[str, bytes] = {}
# Taken when this module is imported: files that change under a running process do not change what it runs.
_CODE = code_fingerprint()


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of what composes and judges; read from metadata, since importing is slow."""
    return {"python": sys.version, **{name: metadata.version(name) for name in LIBRARIES}}


def fingerprint(*folders: Path | None) -> str | None:
    """Return a fingerprint of all settings files in some folders, None where one of them cannot be read as a file.

    Those are the YAML files directly in a folder and one level down; nothing else there is ever read.
    """
    digest = hashlib.sha256()
    try:
        for number, folder in enumerate(folders):
            for path in sorted(_yaml_files(folder)) if folder is not None else ():
                name = path.relative_to(folder or path).as_posix()
                digest.update(f"{number}/{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    except (OSError, ValueError):
        return None
    return digest.hexdigest()


def _yaml_files(folder: Path) -> Iterator[Path]:
    """Yield a folder's settings files; raise ValueError for anything of such a name that is no file, or too large."""
    for place in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        for path in place.iterdir():
            if path.suffix in (".yaml", ".yml") and (place == folder or not place.name.startswith(".")):
                if not path.is_file() or path.stat().st_size > cachefolder.LARGEST_FILE:
                    raise ValueError(path)
                yield path


def key_of(what: str, settings: str | None, asked: Iterable[object]) -> str | None:
    """Return the key of something composed, None where it cannot be told what decides it and nothing is to be kept."""
    if settings is None:
        return None
    try:
        decisive = [FORM, what, _CODE, versions(), fingerprints(), settings, list(asked)]
        return hashlib.sha256(_text(decisive)).hexdigest()
    except (metadata.PackageNotFoundError, TypeError, ValueError):
        return None


def recall(key: str | None) -> Any:
    """Return what is kept under a key, None where there is nothing that can be believed."""
    if key is None:
        return None
    content = _memory.get(key)
    if content is None:
        content = cachefolder.read(key)
        if content is None or not _is_whole(key, content):
            return None
        _remember(key, content)
    return json.loads(content)["content"]


def keep(key: str | None, content: object) -> None:
    """Keep plain data under a key, unless it is too large or JSON would not give it back as it is.

    A number as a key would come back as a text, for example.
    """
    if key is None:
        return
    try:
        text = _text(content)
        if len(text) > cachefolder.LARGEST_FILE or json.loads(text) != content:
            return
    except (TypeError, ValueError, RecursionError):
        return
    file = b'{"form":%d,"key":"%s","digest":"%s","content":%s}' % (FORM, key.encode(), _digest(key, text), text)
    _remember(key, file)
    cachefolder.write(key, file)


def _is_whole(key: str, file: bytes) -> bool:
    """Tell whether a file is what was written under its key."""
    try:
        held = json.loads(file)
        told = (held["form"], held["key"], held["digest"].encode())
        return told == (FORM, key, _digest(key, _text(held["content"])))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _remember(key: str, file: bytes) -> None:
    """Hold a file in memory, and let go of the oldest where they are too many."""
    _memory[key] = file
    while len(_memory) > 1 and sum(map(len, list(_memory.values()))) > _MOST_IN_MEMORY:
        _memory.pop(next(iter(_memory)), None)


def _digest(key: str, text: bytes) -> bytes:
    return hashlib.sha256(key.encode() + text).hexdigest().encode()


def _text(content: object) -> bytes:
    """Return plain data as JSON; the order of keys stays, since it is the order in which interventions apply."""
    return json.dumps(content, separators=(",", ":"), allow_nan=False).encode()
