"""Text files as people's editors save them: UTF-8, with or without a byte order mark; anything else is named."""

from __future__ import annotations

import codecs
from pathlib import Path

MARK = "\ufeff"
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)  # the first begins like UTF-16 and is asked about before it
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(raw: bytes) -> str:
    """Return the text of a file without its byte order mark; line ends stay as they are.

    Raises ValueError saying which other encoding it seems to have, and what to do.
    """
    if other := _other_encoding(raw):
        raise ValueError(f"is {other} text and not UTF-8; save it as UTF-8 (in Notepad: Save As, Encoding)")
    try:
        return raw.decode("utf-8").lstrip(MARK)
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def read_plain(path: Path) -> str:
    """Return the text of a file; raise OSError, or ValueError as `decoded` does."""
    return decoded(path.read_bytes())


def _other_encoding(raw: bytes) -> str:
    """Return the encoding that a byte order mark, or a zero in every other byte, shows; "" for none."""
    if raw.startswith(_UTF_32):
        return "UTF-32"
    halves = raw[:64:2], raw[1:64:2]
    zeros = [bool(half) and not any(half) for half in halves]
    return "UTF-16" if raw.startswith(_UTF_16) or (any(zeros) and not all(zeros)) else ""
