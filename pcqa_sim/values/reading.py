"""Files that a command reads back, read with mistrust: bounded in size and depth, and every fault in one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import yaml

from pcqa_sim.values.faults import BadInput, Fault

LARGEST = 64 * 2**20
"""Bytes. The record of a study of 20,000 scenarios has 20 million, the scenario of 1,000 practices as many."""
_DEEPEST = 40
_TOO_DEEP = f"is nested more than {_DEEPEST} deep"
# libyaml where it is there: the pure Python parser is ten times slower.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def bytes_of(path: Path, most: int = LARGEST) -> bytes:
    """Return the bytes of a file; raise FileNotFoundError, and BadInput for what is no file, or too large."""
    if path.exists() and not path.is_file():
        raise BadInput(Fault(str(path), "is not a file"))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadInput(Fault(str(path), f"is too large: at most {most // 2**20 or 1:,} MB are read"))
    return content


def text_of(path: Path, most: int = LARGEST) -> str:
    """Return the text of a file; raise FileNotFoundError, and BadInput as `bytes_of` and for what is not UTF-8."""
    return decoded(bytes_of(path, most), str(path))


def decoded(content: bytes, where: str) -> str:
    """Return bytes as text; raise BadInput for what is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadInput(Fault(where, f"is not UTF-8 text (byte {fault.start:,})")) from None


def read_json(text: str, where: str) -> Any:
    """Return what a JSON text holds; raise BadInput where it is none (NaN and Infinity are not), or nested too deep."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise BadInput(Fault(where, _TOO_DEEP)) from None
    except ValueError:
        raise BadInput(Fault(where, "cannot be read as JSON")) from None
    if _depth(value) > _DEEPEST:
        raise BadInput(Fault(where, _TOO_DEEP))
    return value


def read_yaml(text: str, where: str) -> Any:
    """Return what a YAML text holds; raise BadInput where it is none, nested too deep, or has aliases or a key twice.

    The text is first gone through event by event: what builds the tree has no bound of its own, libyaml's ends the
    whole process at some thousand levels, and of two equal keys it keeps the last and says nothing of the first.
    """
    try:
        if rule := _unfit(yaml.parse(text, Loader=_Loader)):
            raise BadInput(Fault(where, rule))
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, OverflowError) as fault:
        if isinstance(fault, BadInput):
            raise
        raise BadInput(Fault(where, "cannot be read as YAML")) from None


def _unfit(events: Iterable[yaml.Event]) -> str:
    """Return why a YAML text is not read, "" where it is."""
    open_now: list[_Open] = []
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            return "has YAML aliases (*), which are not read"
        if isinstance(event, yaml.CollectionEndEvent):
            open_now.pop()
        elif isinstance(event, yaml.NodeEvent):
            if open_now and (twice := open_now[-1].takes(event)):
                return twice
            if isinstance(event, yaml.CollectionStartEvent):
                open_now.append(_Open(isinstance(event, yaml.MappingStartEvent)))
        if len(open_now) > _DEEPEST:
            return _TOO_DEEP
    return ""


class _Open:
    """A mapping or list whose end is not read yet, with the lines of its keys."""

    def __init__(self, is_mapping: bool) -> None:
        self._is_key = self._is_mapping = is_mapping
        self._keys: dict[str, int] = {}

    def takes(self, event: yaml.NodeEvent) -> str:
        """Take a key, or a value, of this collection; return what is wrong where it is a key it has already."""
        is_key, self._is_key = self._is_key, self._is_mapping and not self._is_key
        if not is_key or not isinstance(event, yaml.ScalarEvent):
            return ""
        line = event.start_mark.line + 1 if event.start_mark else 0
        if event.value in self._keys:
            return f"has the key {event.value!r} twice, in lines {self._keys[event.value]} and {line}"
        self._keys[event.value] = line
        return ""


def _depth(tree: object) -> int:
    """Return how deep lists and mappings lie in each other."""
    depth, level = 0, [tree]
    while level := [x for x in level if isinstance(x, dict | list)]:
        depth += 1
        level = [x for branch in level for x in (branch.values() if isinstance(branch, dict) else branch)]
    return depth


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)
