"""One YAML text, read with care: no aliases, no tags, no depth, and every fault said with its line."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pcqa_sim.values.faults import Fault
from pcqa_sim.values.formats import text_of_today, without_schema
from pcqa_sim.values.plaintext import read_plain

LARGEST = 256 * 1024
_DEEPEST = 20
_LONGEST_NUMBER = 40
_SCALARS = ("str", "int", "float", "bool", "null", "timestamp")
_DECIMAL = re.compile(r"^[-+]?\d[\d_]*(\.[\d_]*)?([eE][-+]?\d+)?$")
_LEADING_ZEROS = re.compile(r"^([-+]?)0+(?=\d)")
_OTHER_BASE = re.compile(r"^[-+]?0[xob][0-9a-f_]+$", re.IGNORECASE)
_TIME = re.compile(r"^(\d{1,2}):(\d\d)$")
_HEADER = re.compile(r"^#\s*@package\s+(\S+)\s*$")
_FORBIDDEN = (
    ("${", "${...} is not allowed in settings: write the value itself"),
    ("_target_", "_target_ is not allowed: settings hold values, and behaviour is chosen by `kind`"),
)
# libyaml where it is there: the pure Python parser needs seconds for a file of the largest size.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FLOAT = re.compile(
    r"^(?:[-+]?(?:\d[\d_]*)\.[\d_]*(?:[eE][-+]?\d+)?|[-+]?\d[\d_]*[eE][-+]?\d+|[-+]?\.\d[\d_]*(?:[eE][-+]?\d+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)


class _Values(Loader):  # type: ignore[misc]
    """Reads settings as people mean them: 1e3 is a number, a date is text."""


_Values.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith((":timestamp", ":float"))]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
_Values.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+0123456789."))


def read(path: Path, name: str) -> tuple[str, list[Fault]]:
    """Return a file's text and what is wrong with its size or its bytes; `name` is how faults call it."""
    if not path.is_file():
        return "", [Fault(name, "must be a file")]
    if (size := path.stat().st_size) > LARGEST:
        return "", [Fault(name, f"is {size / 1024:,.0f} KB; a settings file has at most {LARGEST // 1024} KB")]
    try:
        return read_plain(path), []
    except OSError as error:
        return "", [Fault(name, f"cannot be read: {error.strerror}")]
    except ValueError as fault:
        return "", [Fault(name, str(fault))]


def values_in(path: Path, under: str = "") -> dict[str, Any]:
    """Return the settings that a file holds, under today's keys and without what it extends.

    `under` begins its keys as users write them ("practice."). A file may begin with a byte order mark, tell its version
    (which is no setting) or be of an older one.
    """
    found: dict[str, Any] = pickle.loads(_values(read_plain(path), f"{path.parent.name}/{path.name}", under))
    return found


@lru_cache(maxsize=1024)
def _values(text: str, name: str, under: str) -> bytes:
    """Return the settings of a text, pickled: each asker gets its own, and one text is parsed once a process."""
    found = yaml.load(without_schema(text_of_today(text, name, under)), Loader=_Values)
    return pickle.dumps({key: value for key, value in (found or {}).items() if key != "defaults"})


def faults_in(text: str, name: str) -> list[Fault]:
    """Return what makes a text unsafe or unreadable as one mapping of settings; nothing is run or resolved."""
    faults = list(_forbidden(text, name))
    try:
        faults += _event_faults(text, name)
        if not faults:
            faults += _node_faults(root_node(text), name)
    except yaml.YAMLError as error:
        faults.append(_broken(error, name))
    return faults


def _forbidden(text: str, name: str) -> Iterator[Fault]:
    """Find the first line holding what no settings file may hold, wherever it stands."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, rule in _FORBIDDEN:
            if what in line:
                yield Fault(f"{name} line {number}", rule, line.strip())
                return


def _event_faults(text: str, name: str) -> list[Fault]:
    """Return the first fault of the YAML itself, found without building anything."""
    depth, documents, root = 0, 0, True
    for event in yaml.parse(text, Loader=Loader):
        where = f"{name} line {_line(event)}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return [Fault(where, "YAML aliases and anchors (* and &) are not allowed: write the values out")]
        if tag := getattr(event, "tag", None):
            return [Fault(where, "YAML tags (!) are not allowed", str(tag))]
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            return [Fault(where, "a settings file is one YAML document: remove the line ---")]
        if root and isinstance(event, yaml.NodeEvent):
            if not isinstance(event, yaml.MappingStartEvent):
                return [Fault(where, "a settings file holds `key: value` lines")]
            root = False
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return [Fault(where, f"is nested more than {_DEEPEST} deep")]
    return []


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _node_faults(node: yaml.Node | None, name: str) -> Iterator[Fault]:
    """Find keys written twice in one mapping, keys that are no text, and values left open."""
    if isinstance(node, yaml.ScalarNode) and (rule := _scalar_rule(node)):
        yield Fault(f"{name} line {node.start_mark.line + 1}", rule, node.value)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _node_faults(item, name)
    if isinstance(node, yaml.MappingNode):
        yield from _key_faults(node, name)
        for _, value in node.value:
            yield from _node_faults(value, name)


def _scalar_rule(node: yaml.ScalarNode) -> str:
    """Return the rule that a value breaks, "" for none."""
    kind = node.tag.rpartition(":")[2]
    if node.value == "???":
        return "needs a value in its place"
    if kind in ("int", "float") and len(node.value) > _LONGEST_NUMBER:
        return f"a number has at most {_LONGEST_NUMBER} digits"
    return _number_rule(node) or ("" if kind in _SCALARS else "must be put in quotes")


def _number_rule(node: yaml.ScalarNode) -> str:
    """Return the rule of an unquoted number that YAML may read as another than the one meant, "" for none."""
    text = node.value
    if node.style or len(text) > _LONGEST_NUMBER:
        return ""
    is_number = node.tag.rpartition(":")[2] in ("int", "float")
    read_as = f"; YAML reads {text} as {yaml.safe_load(text)}" if is_number else ""
    if ":" in text and is_number:
        time = _TIME.match(text)
        return f'write "{int(time[1]):02d}:{time[2]}", in quotes{read_as}' if time else f"put it in quotes{read_as}"
    plainly = _plainly(text)
    return f"write {plainly}, or put it in quotes if it is text{read_as}" if plainly != text else ""


def _plainly(text: str) -> str:
    """Return a number as a person writes it, without leading zeros, underscores or another base than ten."""
    bare = text.replace("_", "")
    if _DECIMAL.match(text):
        return _LEADING_ZEROS.sub(r"\1", bare)
    if _OTHER_BASE.match(text):
        try:
            return str(int(bare, 0))
        except ValueError:
            return text
    return text


def _key_faults(node: yaml.MappingNode, name: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for key, _ in node.value:
        where = f"{name} line {key.start_mark.line + 1}"
        text = key.value if isinstance(key, yaml.ScalarNode) else ""
        if not text or key.tag.rpartition(":")[2] not in ("str", "int"):
            yield Fault(where, "a key is one word, or a text in quotes", text)
        elif rule := _number_rule(key):
            yield Fault(where, rule, text)
        elif text in seen:
            yield Fault(where, "the same key is written twice", text)
        seen.add(text)


_NO_TOKEN = "found character that cannot start any token"


def _broken(error: yaml.YAMLError, name: str) -> Fault:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = name if mark is None else f"{name} line {mark.line + 1}"
    if problem == _NO_TOKEN:
        problem += "; write spaces in place of a tab, and a text with @ or % in quotes"
    return Fault(where, f"is not readable YAML: {problem or 'it holds characters YAML does not allow'}")


def root_node(text: str) -> yaml.Node | None:
    """Return the text's tree of nodes, with the line of each; None for an empty text."""
    return yaml.compose(text, Loader=Loader)


def plain(node: yaml.Node | None) -> Any:
    """Return a node as dictionaries, lists, texts and None, without reading texts as numbers; {} for no node."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    return {}


def empty_mappings(node: yaml.Node | None, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Return the key of every empty mapping outside lists, as its parts, and its line."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        path = (*above, str(key.value))
        if isinstance(value, yaml.MappingNode) and not value.value:
            yield path, value.start_mark.line + 1
        yield from empty_mappings(value, path)


def package(text: str) -> str:
    """Return the package a text's header names ("# @package intervention.more"), or ""."""
    for line in text.splitlines():
        line = line.strip()
        if found := _HEADER.match(line):
            return found[1]
        if line and not re.match(r"^#\s*@", line):
            break
    return ""


def line_of(node: yaml.Node | None, parts: Sequence[str]) -> int | None:
    """Return the line of a key in a tree of nodes, or of the group that lacks it; None where neither is there."""
    line, found = None, 0
    for part in parts:
        inside = _inside(node, part)
        if inside is None:
            break
        line, node = inside
        found += 1
    return line if found and found >= len(parts) - 1 else None


def _inside(node: yaml.Node | None, part: str) -> tuple[int, yaml.Node] | None:
    """Return the line and the node of one key of a mapping, or of one place in a list."""
    if isinstance(node, yaml.MappingNode):
        pairs = ((key.start_mark.line + 1, value) for key, value in node.value if str(key.value) == part)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        item = node.value[int(part)]
        return item.start_mark.line + 1, item
    return None
