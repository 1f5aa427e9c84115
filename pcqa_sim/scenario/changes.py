"""The one way to change settings: named by dotted keys, all in one call, and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from pcqa_sim.scenario.fault_wording import faults_of, written
from pcqa_sim.scenario.fields import ClockMinute, Settings
from pcqa_sim.scenario.shapes import shapes_of
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.faults import BadInput, Fault, nearest, nearest_key
from pcqa_sim.values.renamed import is_now, new_key

SomeSettings = TypeVar("SomeSettings", bound=Settings)


def with_settings(settings: SomeSettings, changes: Mapping[str, object]) -> SomeSettings:
    """Return a practice, a scenario or another group of settings with some of them changed, checked as a whole.

    A key is dotted, with the place in a list as a number: with_settings(practice, {"phones.lines": 62,
    "role.gp.template.0.slots": 3}). A value takes the place of all that was there, and may be a group or a mapping.
    Keys are taken from left to right and judged together, when all of them are in place; a group inside that no key
    touches was judged when it was made, and is judged again only for how it fits the rest. Raises BadInput naming
    every fault, and the nearest key for one that is not there.
    """
    if not changes:
        return settings
    tree = _Group(settings)
    faults = [fault for key, value in changes.items() if (fault := _put(tree, key, value))]
    if faults:
        raise BadInput(faults)
    try:
        return type(settings).model_validate(tree)
    except ValidationError as error:
        raise BadInput(faults_of(error, tree, shapes_of(type(settings)))) from None


class _Group(dict[str, Any]):
    """A group of settings opened for changing: what was set in it; the rest stays as the group has it."""

    def __init__(self, group: Settings) -> None:
        super().__init__({name: getattr(group, name) for name in group.model_fields_set})
        self.group = group
        self.put = set[str]()

    def set_to(self, name: str, value: object) -> None:
        """Set one setting; of those of which one alone is said, the others are said no more."""
        self[name] = value
        self.put.add(name)
        ways = shapes_of(type(self.group)).one_of(())
        for other in ways if name in ways and value is not None else ():
            if other not in self.put:
                self[other] = None


def _put(tree: _Group, key: str, value: object) -> Fault | None:
    """Put a value at a key; return what is wrong with the key, if anything is."""
    here: Any = tree
    parts = key.split(".")
    for depth, part in enumerate(parts[:-1]):
        place = _place(here, part)
        if place is None or (there := _at(here, place)) is _NOTHING:
            return _unknown(tree, here, parts, depth, value)
        inside = _opened(there)
        if inside is None:
            above = ".".join(parts[: depth + 1])
            rule = "is null: set it as a whole" if there is None else f"is one value, {written(there)}, and no group"
            return Fault(key, f"{above} {rule}", written(value))
        here[place] = here = inside
    place = _place(here, parts[-1])
    if place is None:
        return _unknown(tree, here, parts, len(parts) - 1, value)
    if isinstance(here, _Group):
        here.set_to(place, value)
    else:
        here[place] = value
    return None


_NOTHING = object()


def _place(here: dict[Any, Any] | list[Any], part: str) -> Any:
    """Return the key or the number that a part of a dotted key stands for; None where nothing can be put there."""
    if isinstance(here, _Group):
        return part if part in type(here.group).model_fields else None
    if isinstance(here, list):
        return int(part) if part.isdecimal() and int(part) < len(here) else None
    return next((name for name in here if _name(name) == part), part)


def _at(here: dict[Any, Any] | list[Any], place: Any) -> object:
    if isinstance(here, _Group):
        return here.get(place, getattr(here.group, place))
    return here[place] if isinstance(here, list) else here.get(place, _NOTHING)


def _opened(there: object) -> dict[Any, Any] | list[Any] | None:
    """Return what is inside a group, a mapping or a list, to be changed; None of a single value."""
    if isinstance(there, Settings):
        return _Group(there)
    if isinstance(there, _Group):
        return there
    if isinstance(there, Mapping):
        return dict(there)
    return list(there) if isinstance(there, list | tuple) else None


def _unknown(tree: _Group, here: object, parts: Sequence[str], depth: int, value: object) -> Fault:
    """Return the fault of a key of which a part is not there; the nearest has another in its place."""
    key = ".".join(parts)
    if now := new_key(key):
        return Fault(key, is_now(now), written(value))
    inside = here.group if isinstance(here, _Group) else here
    alike = nearest(parts[depth], [name for name, _ in _inside(inside)])
    inner = alike and depth < len(parts) - 1
    near = ".".join([*parts[:depth], alike, *parts[depth + 1 :]]) if inner else nearest_key(key, _keys(tree.group))
    return Fault(key, "is not a setting", written(value), near)


def _inside(there: object) -> Iterator[tuple[str, object]]:
    """Yield what is inside a group, a mapping or a list, by the parts of a dotted key."""
    if isinstance(there, Settings):
        yield from ((name, getattr(there, name)) for name in type(there).model_fields)
    elif isinstance(there, Mapping):
        yield from ((_name(name), value) for name, value in there.items())
    elif isinstance(there, list | tuple):
        yield from ((str(number), value) for number, value in enumerate(there))


def _name(key: object) -> str:
    return clock_time(key) if isinstance(key, ClockMinute) else str(key)


def _keys(there: object, prefix: str = "") -> Iterator[str]:
    """Yield the dotted keys of everything inside, groups included."""
    for name, value in _inside(there):
        yield prefix + name
        yield from _keys(value, f"{prefix}{name}.")
