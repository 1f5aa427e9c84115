"""Text files as practices' programs save tables: encodings, separators and rows, read strictly and never guessed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from pcqa_sim.values.faults import BadInput, Fault

LARGEST_TEXT = 2_000_000_000
"""Bytes of one text file."""
_SEPARATORS = ",;\t|"
_BLOCK = 1 << 20
_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_CONTROLS = bytes(one for one in range(32) if one not in (9, 10, 12, 13, 26))
_LOOKED_AT = 40
Lines = Iterator[tuple[int, list[str]]]


def encoding_of(open_: Callable[[], BinaryIO], file: str) -> str:
    """Return the encoding of a text: by its mark, by its zeros, UTF-8 where it is, else Windows-1252.

    Raises BadInput for bytes that are none of them.
    """
    with open_() as stream:
        start = stream.read(4096)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise BadInput(Fault(file, "is UTF-32 text; save it as CSV UTF-8"))
    if start.startswith(codecs.BOM_UTF8):
        guess = "utf-8-sig"
    elif start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        guess = "utf-16"
    elif (zeros := _zeros(start)) != "":
        guess = zeros
    else:
        guess = "utf-8"
    if _decodes(open_, guess):
        return guess
    if guess == "utf-8" and _is_windows(open_):
        return "cp1252"
    raise BadInput(
        Fault(file, "is no text that can be read: neither UTF-8, UTF-16 nor Windows-1252; save it as CSV UTF-8")
    )


def _zeros(start: bytes) -> str:
    """Return UTF-16 without a mark, which has a zero in every other byte of plain text."""
    even, odd = start[:400:2], start[1:400:2]
    if not even or b"\0" not in start:
        return ""
    if not any(even) and all(odd):
        return "utf-16-be"
    return "utf-16-le" if all(even) and not any(odd) else ""


def _decodes(open_: Callable[[], BinaryIO], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_() as stream:
        try:
            while block := stream.read(_BLOCK):
                if "utf-8" in encoding and block.translate(None, _CONTROLS) != block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _is_windows(open_: Callable[[], BinaryIO]) -> bool:
    with open_() as stream:
        while block := stream.read(_BLOCK):
            if block.translate(None, _CONTROLS + _UNDEFINED) != block:
                return False
    return True


def rows_of(open_: Callable[[], BinaryIO], encoding: str, separator: str, file: str) -> Lines:
    """Yield the line on which each row begins, counted from 1, and its cells; rows without any text are left out.

    Raises BadInput, with the line, where quotes or a cell's length make no sense.
    """
    with open_() as binary, io.TextIOWrapper(binary, encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=separator, strict=True)
        before = 0
        while True:
            try:
                fields = next(reader, None)
            except csv.Error as error:
                said = "a quote that is not closed" if "end of data" in str(error) else f"a torn row: {error}"
                raise BadInput(Fault(f"{file}, line {before + 1}", said)) from None
            if fields is None:
                return
            line, before = before + 1, reader.line_num
            if any(fields) and (len(fields) > 8 or any(one.strip() for one in fields)):
                yield line, fields


def separator_of(open_: Callable[[], BinaryIO], encoding: str, file: str) -> str:
    """Return what separates columns: commas, semicolons, tabs or bars, whichever cuts most rows alike."""
    with open_() as binary, io.TextIOWrapper(binary, encoding=encoding, newline="") as text:
        first = [line for _, line in zip(range(_LOOKED_AT), text, strict=False)]
    best, most = ",", (0, 0)
    for separator in _SEPARATORS:
        try:
            found = [len(one) for one in csv.reader(first, delimiter=separator) if any(cell.strip() for cell in one)]
        except csv.Error:
            continue
        wide = [many for many in found if many > 1]
        if not wide:
            continue
        usual = max(set(wide), key=lambda many: (wide.count(many), many))
        if (wide.count(usual), usual) > most:
            best, most = separator, (wide.count(usual), usual)
    return best
