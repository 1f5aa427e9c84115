"""Where each setting comes from: the comment `# unit; source` of its line or its block, and the files chosen.

A comment at the end of a line holds for what stands on it; at the end of the line that opens a block, for everything in
the block that has no comment of its own. It goes on in the lines beneath it whose # stands under its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from pcqa_sim.configuration.composing import Composition
from pcqa_sim.configuration.folders import Library
from pcqa_sim.configuration.kindfiles import laid
from pcqa_sim.configuration.laying import concrete
from pcqa_sim.configuration.yamltext import Loader, root_node
from pcqa_sim.interventions import flat
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.renamed import new_key

_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp")


@dataclass(frozen=True)
class Note:
    """The unit and the source of a setting; both are "" where none is written."""

    unit: str = ""
    source: str = ""


@dataclass(frozen=True)
class Scalar:
    """One value in a file: its dotted key (the key of the list for what stands in a list), line and note."""

    key: str
    line: int
    is_number: bool
    note: Note


def scalars(text: str) -> Iterator[Scalar]:
    """Return every value of a YAML text, in order, without its `defaults` list; lines count from 1."""
    comments = _comments(text)
    root = root_node(text)
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value != "defaults":
            yield from _scalars(key, node, key.value, comments)


def _scalars(
    opener: yaml.Node | None,
    node: yaml.Node,
    key: str,
    comments: dict[int, str],
    above: tuple[str, int | None] = ("", None),
    in_list: bool = False,
) -> Iterator[Scalar]:
    """Walk a node; `above` is the comment of the block around it, and the last line of the flow it stands in."""
    of_block, flow_end = above
    if isinstance(node, yaml.CollectionNode):
        if opener is not None and node.start_mark.line > opener.start_mark.line:
            opening = comments.get(opener.start_mark.line, "")
            of_block = opening if ";" in opening else of_block
        inside = (of_block, node.end_mark.line if node.flow_style else flow_end)
        for name, item in _items(node):
            within = key if in_list or name is None else f"{key}.{name.value}"
            yield from _scalars(name, item, within, comments, inside, in_list or name is None)
        return
    line = node.start_mark.line
    comment = comments.get(line, "") or comments.get(line if flow_end is None else flow_end, "") or of_block
    yield Scalar(key, line + 1, node.tag in _NUMBERS, note_of(comment))


def _items(node: yaml.CollectionNode) -> Iterator[tuple[yaml.Node | None, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from node.value
    else:
        yield from ((None, item) for item in node.value)


def _comments(text: str) -> dict[int, str]:
    """Return the comment at the end of each line that holds more than a comment; lines count from 0."""
    ends: dict[int, int] = {}
    for token in yaml.scan(text, Loader=Loader):
        ends[token.end_mark.line] = max(ends.get(token.end_mark.line, 0), token.end_mark.column)
    # Split as YAML does, which knows fewer line ends than str.splitlines.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = {line: lines[line].find("#", end) for line, end in ends.items() if end and line < len(lines)}
    return {line: " ".join(_comment(lines[line:], column)) for line, column in starts.items() if column >= 0}


def _comment(lines: list[str], column: int) -> Iterator[str]:
    """Yield the comment that begins at a column of the first line, and how it goes on in the lines beneath."""
    for number, line in enumerate(lines):
        if number and (line[:column].strip() or not line[column:].startswith("#")):
            return
        yield line[column:].lstrip("# ").strip()


def note_of(comment: str) -> Note:
    """Return the note that a comment `unit; source` holds; a comment without a semicolon is all unit."""
    unit, _, source = comment.partition(";")
    return Note(shown(unit), shown(source))


def notes(library: Library, composition: Composition) -> dict[str, Note]:
    """Return the note of every setting of a composition by dotted key: they are laid on each other as settings are."""
    laid_on = flat(laid(library, composition.layers, _notes_of)).items()
    found = {key: note for key, note in laid_on if isinstance(note, Note)}  # what is said another way has none
    for one in composition.overrides:
        if one.options is None:
            for path, value in concrete(one.path, one.value, composition.tree):
                keys = _keys_set(".".join(path), value)
                found |= {key: Note(_unit(found, key), _by(one.place)) for key in keys}
    return found


def _unit(found: dict[str, Note], key: str) -> str:
    return found[key].unit if key in found else ""


def _by(place: str) -> str:
    return f"override, {place.rstrip(': ')}" if place else "override on the command line"


def _keys_set(key: str, value: object) -> list[str]:
    return list(flat(value, f"{key}.")) if isinstance(value, dict) else [key]


def _notes_of(library: Library, group: str, option: str) -> dict[str, Any]:
    """Return the notes of an option's file as its settings are nested; the values of a list share one note."""
    path = library.file(group, option) if group else library.shipped / f"{option}.yaml"
    prefix = library.prefix(group, option) if group else ""
    found: dict[tuple[str, ...], Note] = {}
    for scalar in scalars(read_plain(path)) if path is not None else ():
        now = new_key(prefix + scalar.key).removeprefix(prefix) or scalar.key
        key = tuple(now.split("."))
        found[key] = found[key] if key in found and found[key].source else scalar.note
    return _nested(found)


def _nested(notes_by_path: dict[tuple[str, ...], Note]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, note in notes_by_path.items():
        here = tree
        for part in path[:-1]:
            here = here.setdefault(part, {})
        here[path[-1]] = note
    return tree
