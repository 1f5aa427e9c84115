"""Fitted numbers into settings files: each replaces its own, and its comment then names the target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.wholefile import put_text

Fitted = Mapping[str, tuple[float, str]]
_MARK = "  # "


def write_fitted(fitted: Fitted, files: Mapping[str, Path]) -> list[Path]:
    """Write fitted values (by dotted key) into the files of their groups; return the files changed.

    `files` has the file of each group, "practice" included; what a kind of need says for itself stands in the folder
    `kind` beside them. Raises ValueError when a setting has no line of its own.
    """
    changed: dict[Path, str] = {}
    for key, (value, towards) in fitted.items():
        path, inside = _home(key, files)
        text = changed.get(path) or read_plain(path).replace("\r\n", "\n")
        changed[path] = with_value(text, inside, value, towards)
    for path, text in changed.items():
        put_text(path, text)
    return list(changed)


def _home(key: str, files: Mapping[str, Path]) -> tuple[Path, list[str]]:
    """Return the file that a setting stands in, and its path there: the group's own, else that of a kind it names."""
    group, *inside = key.split(".")
    path = files[group]
    if _found(read_plain(path), inside) is None:
        for place, name in enumerate(inside):
            of_kind = path.parent.parent / "kind" / f"{name}.yaml"
            rest = [*inside[:place], *inside[place + 1 :]]
            own = inside[place + 1 :] if inside[0] == "kinds" else [group, path.stem, *rest]
            if of_kind.is_file() and _found(read_plain(of_kind), own) is not None:
                return of_kind, own
    return path, inside


def with_value(text: str, path: Iterable[str], value: float, towards: str) -> str:
    """Return a YAML text with one number replaced, in block style or in a mapping in braces."""
    parts = list(path)
    found = _found(text, parts)
    if found is None:
        raise ValueError(f"no line for {'.'.join(parts)}")
    number, openers = found
    start, end = number.start_mark.index, number.end_mark.index
    last = next((node.end_mark.line for _, node in openers if node.flow_style), number.end_mark.line)
    lines = (text[:start] + f"{value:g}" + text[end:]).split("\n")
    _note(
        lines,
        last,
        [key.start_mark.line for key, node in openers if node.start_mark.line > key.start_mark.line],
        in_braces=last != number.end_mark.line or any(node.flow_style for _, node in openers),
        towards=towards,
    )
    return "\n".join(lines)


Opener = tuple[yaml.Node, yaml.CollectionNode]


def _found(text: str, parts: Sequence[str]) -> tuple[yaml.ScalarNode, list[Opener]] | None:
    """Return the number at a path and the groups around it, outermost first; None where none stands there."""
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    openers: list[Opener] = []
    for part in parts:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        pair = next((pair for pair in pairs if pair[0].value == part), None)
        if pair is None:
            return None
        node = pair[1]
        if isinstance(node, yaml.CollectionNode):
            openers.append((pair[0], node))
    return (node, openers) if isinstance(node, yaml.ScalarNode) else None


def _note(lines: list[str], last: int, openers: Sequence[int], in_braces: bool, towards: str) -> None:
    """Say what a number was fitted to: in the comment of its line, of its braces, or of the block it stands in."""
    source = f"fitted: towards {towards}"
    body, mark, comment = lines[last].partition(_MARK)
    if mark:
        _renew(lines, last, f"{comment.partition(';')[0]}; {source}")
        return
    opener = next((line for line in reversed(openers) if ";" in lines[line].partition(_MARK)[2]), None)
    if opener is None:
        raise ValueError(f"no comment with a unit on the line {body.strip()!r}")
    unit = lines[opener].partition(_MARK)[2].partition(";")[0]
    if in_braces and opener == openers[-1]:
        _renew(lines, opener, f"{unit}; {source}")
    elif not lines[opener].endswith(f"; {source}"):
        lines[last] = f"{body}{_MARK}{unit}; {source}"


def _renew(lines: list[str], line: int, comment: str) -> None:
    """Put another comment in the place of a line's, and of how it went on beneath."""
    body = lines[line].partition(_MARK)[0]
    column = len(body) + 2
    while line + 1 < len(lines) and not lines[line + 1][:column].strip() and lines[line + 1][column:].startswith("#"):
        del lines[line + 1]
    lines[line] = f"{body}{_MARK}{comment}"
