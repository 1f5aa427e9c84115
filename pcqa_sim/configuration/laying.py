"""Settings laid on settings, as the schema says: groups are merged, and what is keyed by times of day is replaced."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.scenario.shapes import item_at

Tree = dict[str, Any]
Path = tuple[str, ...]
ALL = "all"
_TIME, _KIND = "time", "kind"


@lru_cache(maxsize=8192)
def _keyed_by(at: Path) -> str:
    return root_shapes().keyed_by(at)


def replaces(at: Sequence[str]) -> bool:
    """Tell whether a mapping replaces what was there as a whole: a day's times mean something only together."""
    return _keyed_by(tuple(at)) == _TIME


@lru_cache(maxsize=8192)
def one_of(at: Path) -> tuple[str, ...]:
    """Return the settings of a group of which one alone is said: who says one leaves out what others said."""
    return root_shapes().one_of(at)


def _leave_one(tree: Tree, said: Iterable[str], at: Path) -> None:
    """Take away from a group what is said another way in what was laid on it last."""
    ways = one_of(at)
    now = [name for name in said if name in ways and tree.get(name) is not None]
    for name in ways if now else ():
        if name not in now and name in tree:
            tree[name] = None


def is_by_kind(at: Sequence[str]) -> bool:
    """Tell whether a mapping is keyed by kinds of need, so that it may have a row for all of them."""
    return _keyed_by(tuple(at)) == _KIND


def lay(tree: Tree, values: Mapping[str, Any], at: Path = (), whole_rows: bool = False) -> None:
    """Lay values on the tree that stands at a path of the settings; nothing of them is shared afterwards.

    With `whole_rows`, a kind's row that is no group of settings (its shares to places, say) replaces the one there.
    """
    if replaces(at):
        tree.clear()
    rows = whole_rows and is_by_kind(at)
    for key, value in values.items():
        there, path = tree.get(key), (*at, str(key))
        if isinstance(value, dict) and isinstance(there, dict) and not (rows and not root_shapes().children(path)):
            lay(there, value, path, whole_rows)
        else:
            tree[key] = copy.deepcopy(value)
    _leave_one(tree, values, at)


def whole(parts: Iterable[Mapping[str, Any]], at: Path, kinds: Sequence[str], beneath: bool = False) -> Tree:
    """Return one file's settings from its parts, the later on top: rows for `all` kinds are written out beneath.

    With `beneath`, what later parts say lies between the rows for all and what the first part says by name.
    """
    first, *later = parts
    named = _named(first, at)
    found: Tree = {}
    for part in (_written_out(first, at, kinds), *([*later, named] if beneath else [named, *later])):
        lay(found, part, at, whole_rows=True)
    return found


def _written_out(values: Mapping[str, Any], at: Path, kinds: Sequence[str]) -> Tree:
    """Return only the rows for all kinds, each written out for every kind."""
    if is_by_kind(at):
        return {kind: copy.deepcopy(values[ALL]) for kind in kinds} if ALL in values else {}
    inside = ((key, value) for key, value in values.items() if isinstance(value, dict))
    found = ((key, _written_out(value, (*at, str(key)), kinds)) for key, value in inside)
    return {key: rows for key, rows in found if rows}


def _named(values: Mapping[str, Any], at: Path) -> Tree:
    """Return everything but the rows for all kinds."""
    rows = {key: value for key, value in values.items() if not (key == ALL and is_by_kind(at))}
    return {key: _named(x, (*at, str(key))) if isinstance(x, dict) else x for key, x in rows.items()}


def under(path: Sequence[str], value: Any) -> Any:
    """Return a value as a tree in which it stands at a path."""
    for part in reversed(path):
        value = {part: value}
    return value


def concrete(path: Sequence[str], value: Any, tree: Tree) -> Iterator[tuple[list[str], Any]]:
    """Yield what an override sets, by path: one for all kinds of need of `tree` is one for each of them."""
    kinds = [str(kind) for kind in _kinds(tree)]
    for depth, part in enumerate(path):
        if part == ALL and is_by_kind(path[:depth]):
            for kind in kinds:
                yield from concrete([*path[:depth], kind, *path[depth + 1 :]], value, tree)
            return
    yield list(path), whole([value], tuple(path), kinds) if isinstance(value, dict) else value


def _kinds(tree: Tree) -> Iterable[object]:
    found = item_at(tree, ("demand", "kinds"))
    return found if isinstance(found, dict) else ()


class Unfit(Exception):
    """There is no such key in what the files hold, or a value cannot be laid on what stands there."""


def put(tree: Tree, path: Sequence[str], value: Any, adding: bool) -> None:
    """Set a value in a tree, a mapping on top of a mapping; raise Unfit where one cannot be.

    With `adding`, keys that are not there are added.
    """
    here: Any = tree
    for part in path[:-1]:
        key, there = _place(here, part, adding)
        if there is None and adding and isinstance(here, dict):
            here[key] = there = {}
        here = there
    key, there = _place(here, path[-1], adding)
    if _mixed(there, value):
        raise Unfit
    if isinstance(there, dict) and isinstance(value, dict):
        if not adding and not _fits(there, value, tuple(path)):
            raise Unfit
        lay(there, value, tuple(path))
    else:
        here[key] = copy.deepcopy(value)
        if isinstance(here, dict):
            _leave_one(here, [str(key)], tuple(path[:-1]))


def _place(here: Any, part: str, adding: bool) -> tuple[Any, Any]:
    """Return the key, or the number, that a part of a dotted key stands for, and what is there."""
    number = int(part) if part.isdecimal() else -1
    if isinstance(here, list) and 0 <= number < len(here):
        return number, here[number]
    if isinstance(here, dict):
        key = number if part not in here and number in here else part
        if key in here or adding:
            return key, here.get(key)
    raise Unfit


def _fits(there: Mapping[str, Any], value: Mapping[str, Any], at: Path) -> bool:
    """Tell whether a mapping names only what is there already, and no list where a mapping stands or the reverse."""
    if replaces(at):
        return True
    if not set(value) <= set(there) or any(_mixed(there[key], inside) for key, inside in value.items()):
        return False
    groups = ((there[key], x, (*at, str(key))) for key, x in value.items() if isinstance(x, dict))
    return all(_fits(a, b, path) for a, b, path in groups if isinstance(a, dict))


def _mixed(there: object, value: object) -> bool:
    return isinstance(there, dict | list) and isinstance(value, dict | list) and type(there) is not type(value)
