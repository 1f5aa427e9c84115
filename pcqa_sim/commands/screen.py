"""What commands print, on screens that cannot show a character and into outputs that are closed, full or broken.

No line that cannot be printed may stop a command: its results matter more than its words.
"""

from __future__ import annotations

import codecs
import errno
import io
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PLAIN = "pcqa.plain"
_PLAIN = {
    "£": "GBP ", "€": "EUR ", "→": "->", "←": "<-", "↑": "^", "↓": "v", "⇒": "=>", "–": "-", "—": "-", "−": "-",
    "•": "*", "·": "*", "×": "x", "÷": "/", "±": "+-", "≤": "<=", "≥": ">=", "≈": "~", "‘": "'", "’": "'", "“": '"',
    "”": '"', "⁄": "/", "─": "-", "━": "-", "│": "|", "┃": "|", "█": "#", "✓": "ok",
}  # fmt: skip
_BUSY_SECONDS = 0.02


def plain(character: str) -> str:
    """Return a character in ASCII: by its meaning, without its accent, or "?"."""
    if character in _PLAIN:
        return _PLAIN[character]
    apart = unicodedata.normalize("NFKD", character)
    if apart == character:
        return character if character.isascii() else "?"
    return "".join(plain(one) for one in apart if not unicodedata.combining(one)) or "?"


def _replaced(fault: UnicodeError) -> tuple[str, int]:
    """Return plain text for what an encoding does not have, as a codec's error handler does."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(map(plain, fault.object[fault.start : fault.end])), fault.end


class Channel(io.RawIOBase):
    """The bytes of an output: passed on for as long as they are taken, and dropped after the first fault.

    `under` is None for an output that is closed from the start: nobody wants to read it.
    """

    def __init__(self, under: Any) -> None:
        self._under = under
        self.fault: OSError | None = None

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        """Write bytes, or remember why not."""
        if self._under is not None and self.fault is None:
            try:
                return self._passed_on(content)
            except OSError as fault:
                self.fault = fault
        return memoryview(content).nbytes

    def _passed_on(self, content: ReadableBuffer) -> int:
        while (many := self._under.write(content)) is None:  # an output that never waits, and is busy
            time.sleep(_BUSY_SECONDS)
        self._under.flush()
        return int(many)

    def isatty(self) -> bool:
        """Tell whether a person looks at it."""
        return self._under is not None and bool(self._under.isatty())

    def fileno(self) -> int:
        """Return the number of the file behind it; raise OSError where there is none."""
        return super().fileno() if self._under is None else int(self._under.fileno())

    @property
    def closed_by_reader(self) -> bool:
        """Tell whether whoever read it has had enough, as `head` has."""
        closed = isinstance(self.fault, BrokenPipeError)
        return closed or (sys.platform == "win32" and self.fault is not None and self.fault.errno == errno.EINVAL)


@contextmanager
def on_screen() -> Iterator[Channel]:
    """Have all that is printed meanwhile reach the screen as far as it goes; give the channel of the output."""
    codecs.register_error(PLAIN, _replaced)
    before = sys.stdout, sys.stderr
    sys.stdout, output = _over(sys.stdout)
    sys.stderr, _ = _over(sys.stderr)
    try:
        yield output
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _over(stream: TextIO | None) -> tuple[TextIO, Channel]:
    """Return a stream over one that may be closed, strict about characters, or an output with a fault."""
    if stream is None:
        channel = Channel(None)
        return io.TextIOWrapper(io.BufferedWriter(channel), "utf-8", PLAIN), channel
    buffer = getattr(stream, "buffer", None)
    channel = Channel(getattr(buffer, "raw", buffer))
    if buffer is None:  # no file is behind it, as in a notebook
        return stream, channel
    stream.flush()
    lines = bool(getattr(stream, "line_buffering", False) or getattr(stream, "write_through", False))
    return io.TextIOWrapper(io.BufferedWriter(channel), stream.encoding, PLAIN, line_buffering=lines), channel
