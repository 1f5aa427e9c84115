"""Where each setting comes from: the comment `# unit; source` on the line that set it, and the files chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from pcqa_sim.configuration.composing import Composition
from pcqa_sim.configuration.folders import EXPERIMENT, Library
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
            yield from _scalars(node, key.value, comments)


def _scalars(
    node: yaml.Node, key: str, comments: dict[int, str], flow_end: int | None = None, in_list: bool = False
) -> Iterator[Scalar]:
    """Walk a node; `flow_end` is the last line of the flow collection it stands in, whose comment holds for all."""
    if isinstance(node, yaml.CollectionNode):
        inside = node.end_mark.line if node.flow_style else flow_end
        for name, item in _items(node):
            within = key if in_list or not name else f"{key}.{name}"
            yield from _scalars(item, within, comments, inside, in_list or not name)
        return
    line = node.start_mark.line
    comment = comments.get(line, "") or comments.get(line if flow_end is None else flow_end, "")
    yield Scalar(key, line + 1, node.tag in _NUMBERS, note_of(comment))


def _items(node: yaml.CollectionNode) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, item) for key, item in node.value)
    else:
        yield from (("", item) for item in node.value)


def _comments(text: str) -> dict[int, str]:
    """Return the comment at the end of each line that holds more than a comment; lines count from 0."""
    ends: dict[int, int] = {}
    for token in yaml.scan(text, Loader=Loader):
        ends[token.end_mark.line] = max(ends.get(token.end_mark.line, 0), token.end_mark.column)
    # Split as YAML does, which knows fewer line ends than str.splitlines.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rests = {line: lines[line][end:].strip() for line, end in ends.items() if end and line < len(lines)}
    return {line: rest.lstrip("# ") for line, rest in rests.items() if rest.startswith("#")}


def note_of(comment: str) -> Note:
    """Return the note that a comment `unit; source` holds; a comment without a semicolon is all unit."""
    unit, _, source = comment.partition(";")
    return Note(shown(unit), shown(source))


def notes(library: Library, composition: Composition) -> dict[str, Note]:
    """Return the note of every setting of a composition by dotted key; what is composed later counts."""
    found: dict[str, Note] = {}
    for prefix, path in _files(library, composition):
        found |= _notes_of(path, prefix)
    for one in composition.overrides:
        if one.options is None:
            found |= {key: Note(_unit(found, key), _by(one.place)) for key in _keys_set(one.key, one.value)}
    return found


def _unit(found: dict[str, Note], key: str) -> str:
    return found[key].unit if key in found else ""


def _by(place: str) -> str:
    return f"override, {place.rstrip(': ')}" if place else "override on the command line"


def _keys_set(key: str, value: object) -> list[str]:
    return list(flat(value, f"{key}.")) if isinstance(value, dict) else [key]


def _files(library: Library, composition: Composition) -> Iterator[tuple[str, Path]]:
    """Return the files of a composition with the dotted prefix of their settings, in the order they were laid."""
    yield "", library.shipped / "config.yaml"
    several = [group for group in library.defaults if library.takes_several(group)]
    for group, option in composition.choices.items():
        if group not in (EXPERIMENT, *several):
            yield from ((f"{group}.", path) for path in library.lineage(group, option))
    for group in several:
        for name in composition.tree.get(group) or {}:
            yield from ((f"{group}.{name}.", path) for path in library.lineage(group, name))
    if chosen := composition.choices.get(EXPERIMENT):
        yield from (("", path) for path in library.lineage(EXPERIMENT, chosen))


def _notes_of(path: Path, prefix: str) -> dict[str, Note]:
    """Return the notes of one file by dotted key; the values of a list share one note."""
    found: dict[str, Note] = {}
    for scalar in scalars(read_plain(path)):
        key = new_key(prefix + scalar.key) or prefix + scalar.key
        found[key] = found[key] if key in found and found[key].source else scalar.note
    return found
