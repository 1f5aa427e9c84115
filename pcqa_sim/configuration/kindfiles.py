"""A kind of need is one file: its own numbers, and where roles, triage, paperwork and places treat it unlike others.

What it says of a role or of another option is laid on that option's file, wherever the option is used. Its own numbers
lie between the row for `all` kinds of the demand file that others extend and what demand files say by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pcqa_sim.configuration.choosing import besides
from pcqa_sim.configuration.folders import KIND, PRACTICE, Library
from pcqa_sim.configuration.layers import Layer
from pcqa_sim.configuration.laying import ALL, Tree, lay, under, whole
from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.configuration.taking import take_from_roles
from pcqa_sim.scenario import PRACTICE_GROUPS
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import item_at
from pcqa_sim.values.faults import BadInput, Fault, nearest

DEMAND = "demand"
OUT_OF = "out_of"
Read = Callable[[Library, str, str], Tree]
"""Returns what a group's option holds: its settings, or their notes."""


@dataclass
class KindRows:
    """What the file of one kind says: of the kind itself, and by group and option what it says of others."""

    own: Tree = field(default_factory=dict)
    of_others: dict[tuple[str, str], Tree] = field(default_factory=dict)
    out_of: str = ""


@cache
def places() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return by group where an option holds something by kind of need: {"role": (("scope",),), ...}."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for group, *path in root_shapes().mappings("kind"):
        if group != DEMAND:
            found.setdefault(group, []).append(tuple(part for part in path if part != "*"))
    return {group: tuple(paths) for group, paths in found.items()}


def rows_of(name: str, content: Mapping[str, Any]) -> KindRows:
    """Return what a kind's file says, sorted by whom it is about; what does not belong is left to `faults_in_kind`."""
    own = {key: value for key, value in content.items() if key not in places()}
    found = KindRows(own, out_of=str(own.pop(OUT_OF, "")))
    for group, paths in places().items():
        options = content.get(group)
        for option, said in options.items() if isinstance(options, dict) else ():
            rows: Tree = {}
            for path in paths:
                if (row := item_at(said, path)) is not None:
                    lay(rows, under([*path, name], row))
            found.of_others[group, str(option)] = rows
    return found


def faults_in_kind(library: Library, name: str, content: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what a kind's file says of options that are not there, or that no option holds by kind of need."""
    if name.split("/")[-1] == f"{ALL}.yaml":
        yield Fault(name, "`all` stands for every kind of need: give it a name of its own")
    for group, paths in places().items():
        said = content.get(group, {})
        if not isinstance(said, dict):
            yield Fault(f"{name} {group}", f"must name options of {group}/ with what differs in them", written(said))
            continue
        known = library.options(group)
        for option, rows in said.items():
            if library.file(group, option) is None:
                rule = f"must be one of: {', '.join(known)}"
                yield Fault(f"{name} {group}", rule, written(option), nearest(str(option), known))
            else:
                yield from _strangers(f"{name} {group}.{option}", rows, paths, ())


def _strangers(where: str, said: object, paths: Sequence[tuple[str, ...]], above: tuple[str, ...]) -> Iterator[Fault]:
    """Find what stands in no place that an option holds by kind of need."""
    named = [".".join(path) for path in paths]
    if above in paths:
        return
    if not isinstance(said, dict):
        yield Fault(where, f"must be a mapping with {', '.join(named)}", written(said))
        return
    for key, inside in said.items():
        here = (*above, str(key))
        if any(path[: len(here)] == here for path in paths):
            yield from _strangers(where, inside, paths, here)
        else:
            near = nearest(".".join(here), named)
            yield Fault(
                f"{where}.{'.'.join(here)}", f"is not by kind of need; here stand: {', '.join(named)}", "", near
            )


def laid(library: Library, layers: Sequence[Layer], read: Read) -> Tree:
    """Return the settings (or the notes) of files laid on each other in order, as the user writes them."""
    rows = _all_rows(library, layers, read)
    kinds = _names(library, layers, read, rows)
    tree: Tree = {}
    demand_seen = False
    for layer in layers:
        if layer.group == KIND:
            continue
        said = [one.of_others[layer.group, layer.option] for one in rows.values() if _about(one, layer)]
        beneath = layer.group == DEMAND and not demand_seen
        if beneath:
            said, demand_seen = [{"kinds": {name: one.own for name, one in rows.items()}}], True
        for path, part in _parts(layer, read(library, layer.group, layer.option)):
            values = whole([part, *said], _at(library, layer, path), kinds, beneath)
            lay(tree, under(path, values))
    for name, one in rows.items():
        if one.out_of:
            _take_out(tree, name, one.out_of)
    take_from_roles(tree)
    return tree


def _parts(layer: Layer, values: Tree) -> Iterator[tuple[tuple[str, ...], Tree]]:
    """Yield what a file says, by the path where it stands: a practice's file may hold other groups' settings, too."""
    path = tuple(part for part in layer.under.split(".") if part)
    if layer.group != PRACTICE:
        yield path, values
        return
    values = besides(values)
    yield path, {key: value for key, value in values.items() if key not in PRACTICE_GROUPS}
    for group in PRACTICE_GROUPS:
        if isinstance(values.get(group), dict):
            yield (group,), values[group]
        elif group in values:
            yield (), {group: values[group]}


def _about(rows: KindRows, layer: Layer) -> bool:
    return (layer.group, layer.option) in rows.of_others


def _at(library: Library, layer: Layer, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return where the schema has a file's settings: those of an option that an intervention holds are its group's."""
    if not path or path[0] == layer.group or layer.group == PRACTICE:
        return path
    return (layer.group, layer.option) if library.takes_several(layer.group) else (layer.group,)


def _all_rows(library: Library, layers: Sequence[Layer], read: Read) -> dict[str, KindRows]:
    """Return what the files of the chosen kinds say, in the order in which the kinds were chosen."""
    found: dict[str, Tree] = {}
    for layer in layers:
        if layer.group == KIND:
            lay(found.setdefault(layer.under.split(".")[-1], {}), read(library, KIND, layer.option))
    return {name: rows_of(name, content) for name, content in found.items()}


def _names(library: Library, layers: Sequence[Layer], read: Read, rows: Mapping[str, KindRows]) -> list[str]:
    """Return the names of all kinds: the chosen ones, then those that demand files and experiments name."""
    found = dict.fromkeys(rows)
    for layer in layers:
        path = {DEMAND: ("kinds",), "experiment": (DEMAND, "kinds")}.get(layer.group)
        named = item_at(read(library, layer.group, layer.option), path) if path else None
        found |= dict.fromkeys(str(name) for name in named if name != ALL) if isinstance(named, dict) else {}
    return list(found)


def _take_out(tree: Tree, name: str, out_of: str) -> None:
    """Take a kind's share out of another's, or out of all the others' in proportion."""
    kinds = tree[DEMAND]["kinds"]
    share, others = kinds[name].get("share"), [kind for kind in kinds if kind != name]
    if isinstance(share, int | float) and out_of not in (ALL, *others):
        rule = f"must be the kind whose needs these were, or all: {', '.join([ALL, *others])}"
        raise BadInput(Fault(f"{KIND}/{name}.yaml {OUT_OF}", rule, written(out_of), nearest(out_of, others)))
    givers = others if out_of == ALL else [out_of]
    whole_of_them = sum(kinds[kind]["share"] for kind in givers if _has_share(kinds.get(kind)))
    if not isinstance(share, int | float) or not whole_of_them:
        return
    for kind in givers:
        if _has_share(kinds.get(kind)):
            left = kinds[kind]["share"] * (1 - share / whole_of_them)
            kinds[kind]["share"] = max(0.0, float(f"{left:.12g}"))


def _has_share(kind: object) -> bool:
    return isinstance(kind, dict) and isinstance(kind.get("share"), int | float) and kind["share"] > 0
