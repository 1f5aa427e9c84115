"""Fitted numbers into settings files: each replaces the one on its line, whose comment then names the target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pcqa_sim.study.wholefile import put_text
from pcqa_sim.values.plaintext import read_plain

Fitted = Mapping[str, tuple[float, str]]


def write_fitted(fitted: Fitted, files: Mapping[str, Path]) -> list[Path]:
    """Write fitted values (by dotted key) into the files of their groups; return the files changed.

    `files` has the file of each group, "practice" included. Raises ValueError when a setting has no line of its own.
    """
    changed: dict[Path, str] = {}
    for key, (value, towards) in fitted.items():
        group, _, inside = key.partition(".")
        path = files[group]
        text = changed.get(path) or read_plain(path).replace("\r\n", "\n")
        changed[path] = with_value(text, inside.split("."), value, towards)
    for path, text in changed.items():
        put_text(path, text)
    return list(changed)


def with_value(text: str, path: Iterable[str], value: float, towards: str) -> str:
    """Return a YAML text with one number replaced, in block style or in a mapping on one line."""
    lines = text.split("\n")
    start, end, indent = 0, len(lines), 0
    parts = list(path)
    for depth, part in enumerate(parts):
        at = _line_of(lines, start, end, indent, part)
        head, _, rest = lines[at].partition(":" if not part.startswith('"') else '":')
        if depth == len(parts) - 1:
            lines[at] = _noted(re.sub(r"(:\s)[^\s#]+", rf"\g<1>{value:g}", lines[at], count=1), towards)
            return "\n".join(lines)
        if "{" in rest:
            inner = parts[depth + 1]
            pattern = re.compile(rf'((?:^|[{{,\s])"?{re.escape(inner)}"?: )[^,}}]+')
            if depth + 2 != len(parts) or not pattern.search(lines[at]):
                raise ValueError(f"no line for {'.'.join(parts)}")
            lines[at] = _noted(pattern.sub(rf"\g<1>{value:g}", lines[at], count=1), towards)
            return "\n".join(lines)
        start, indent = at + 1, len(head) - len(head.lstrip()) + 2
        end = next((n for n in range(start, end) if lines[n].strip() and _indent(lines[n]) < indent), end)
    raise ValueError(f"no line for {'.'.join(parts)}")


def _line_of(lines: list[str], start: int, end: int, indent: int, part: str) -> int:
    names = (f"{part}:", f'"{part}":')
    for number in range(start, end):
        line = lines[number]
        if _indent(line) == indent and line.lstrip().startswith(names):
            return number
    raise ValueError(f"no line for {part}")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _noted(line: str, towards: str) -> str:
    """Return a line whose comment keeps its unit and names what the number was fitted to."""
    body, mark, comment = line.partition("  # ")
    if body.rstrip().endswith(":"):
        raise ValueError(f"no line for a number: {line.strip()!r} begins a group")
    if not mark:
        raise ValueError(f"no comment with a unit on the line {line.strip()!r}")
    return f"{body}  # {comment.partition(';')[0]}; fitted: towards {towards}"
