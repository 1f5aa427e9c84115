"""Text from outside, made safe to show: names in settings, overrides, file names, whatever a file read back says.

What such text may hold beside letters: characters that move a terminal's cursor or turn the direction of reading, line
ends that forge a line, marks that Markdown reads as a link or as HTML, and formulas that a spreadsheet runs.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*\[\]<>|#$~]")
_EMPHASIS = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=[#A-Za-z])")
_BULLET = re.compile(r"(?<!\S)[-+]+(?!\S)")
_ADDRESS = re.compile(r"(?i):(?=//)|(?<=\bwww)\.")
_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def printable(text: str) -> str:
    """Return text with a space for every control: line ends, escapes, marks of direction or of no width."""
    return text if text.isprintable() else "".join(x if x.isprintable() else " " for x in text)


def shown(text: object, most: int | None = None) -> str:
    """Return text on one line, without control characters, at most `most` characters long."""
    line = " ".join(printable(str(text)).split())
    return line if most is None or len(line) <= most else line[: most - 3] + "..."


def markdown(text: object) -> str:
    """Return text on one line that Markdown shows as it is: no link, no image, no HTML, no heading, no table cell."""
    line = _MARKS.sub(r"\\\g<0>", shown(text))
    for mark in (_EMPHASIS, _ENTITY, _BULLET, _ADDRESS):
        line = mark.sub(r"\\\g<0>", line)
    return line


def code(text: object) -> str:
    """Return text on one line as a code span of Markdown, whatever backticks it holds."""
    line = shown(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    space = " " if line[:1] == "`" or line[-1:] == "`" or not line else ""
    return f"{fence}{space}{line}{space}{fence}"


def cell(text: str) -> str:
    """Return text as a cell of a CSV file for people: one line that no spreadsheet takes for a formula."""
    line = shown(text)
    return f"'{line}" if line[:1] in _FORMULA and line and not _NUMBER.fullmatch(line) else line
