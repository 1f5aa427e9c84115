"""One file written whole or not at all; whatever the disk refuses is told with the name of the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; put it in place, durable, when all went well, and else leave no trace.

    Folders on the way are made. Raises OSError naming the file, or the folder that cannot be made.
    """
    draft = draft_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as fault:
        raise _named(fault, path, draft) from fault
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def put_bytes(path: Path, content: bytes) -> None:
    """Write a file's bytes, whole or not at all. Raises OSError naming the file."""
    with whole_file(path) as draft:
        draft.write_bytes(content)


def put_text(path: Path, text: str) -> None:
    """Write a text, whole or not at all; a link stays a link. Raises OSError naming the file."""
    put_bytes(Path(os.path.realpath(path)), text.encode("utf-8", "surrogateescape"))


def draft_of(path: Path) -> Path:
    """Return a temporary name beside a file, that no other process will use."""
    return path.with_name(f".{path.name}.{uuid4().hex[:12]}.tmp")


def is_draft(name: str) -> bool:
    """Tell whether a file's name is that of a draft, which a killed writer may have left."""
    return name.startswith(".") and name.endswith(".tmp")


def _named(fault: OSError, path: Path, draft: Path) -> OSError:
    """Return the fault with the name of a place: libraries tell none when a disk is full, and a draft means nothing."""
    place = path if fault.filename in (None, str(draft), draft) else fault.filename
    said = os.strerror(fault.errno) if fault.errno else str(fault)
    return OSError(fault.errno or 0, said, str(place))
