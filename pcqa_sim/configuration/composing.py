"""The chosen files and the overrides laid on top of each other, as a plain dictionary: settings not yet judged."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pcqa_sim.configuration.folders import INTERVENTION, KIND, Library
from pcqa_sim.configuration.keeping import keep, key_of, recall
from pcqa_sim.configuration.kindfiles import laid
from pcqa_sim.configuration.layers import Layer, layers_of
from pcqa_sim.configuration.laying import Unfit, concrete, put, replaces
from pcqa_sim.configuration.overrides import Override, unknown_key
from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.configuration.yamltext import values_in
from pcqa_sim.interventions import INTERVENTIONS, flat
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import item_at, shapes_of
from pcqa_sim.values.faults import BadInput, Fault, nearest

_MEMBERS_RULE = (
    "must be a mapping of practice key to a list of overrides, as in "
    "network.members={north:[],south:['practice=small']}"
)


@dataclass(frozen=True)
class Composition:
    """The settings as composed, not yet judged; `choices` is the option chosen in each group, `layers` the files."""

    tree: dict[str, Any]
    choices: dict[str, str]
    overrides: tuple[Override, ...]
    layers: tuple[Layer, ...] = ()


def compose(library: Library, overrides: Sequence[Override]) -> tuple[Composition, list[Fault]]:
    """Return the composed settings, and a fault for each override that cannot take effect (it is left out).

    That is: its key is not a setting, its value has another shape, or it is an empty mapping, which changes nothing.
    Raises BadInput when the files themselves cannot be composed.
    """
    made, faults = _compose_any(library, overrides)
    unheeded = _without_effect(library, made)
    left_out = [one for one, _ in unheeded]
    kept = tuple(one for one in made.overrides if one not in left_out)
    return replace(made, overrides=kept), [*faults, *(fault for _, fault in unheeded)]


def _compose_any(library: Library, overrides: Sequence[Override]) -> tuple[Composition, list[Fault]]:
    try:
        return _compose(library, overrides), []
    except Unfit:
        return _compose_known(library, overrides)


def _without_effect(library: Library, made: Composition) -> list[tuple[Override, Fault]]:
    """Return the overrides that lay an empty mapping on settings, which Hydra's merging leaves as they are."""
    found: list[tuple[Override, Fault]] = []
    for number, one in enumerate(made.overrides):
        emptied = [path for path in _emptied(one) if item_at(made.tree, path)]
        if emptied:
            # A later override may have filled it: only what was there before counts.
            before = [x for n, x in enumerate(made.overrides) if x.options is not None or n < number]
            tree = _compose_any(library, before)[0].tree
            found += [(one, _nothing_changed(one, path, there)) for path in emptied if (there := item_at(tree, path))]
    return found


def _emptied(one: Override) -> list[list[str]]:
    """Return the paths of the empty mappings in an override's value; those in lists replace and are left out."""
    return [] if one.options is not None else list(_empty_inside(one.path, one.value))


def _empty_inside(path: list[str], value: object) -> Iterator[list[str]]:
    if value == {} and not replaces(path):
        yield path
    for key, inside in value.items() if isinstance(value, dict) else ():
        yield from _empty_inside([*path, str(key)], inside)


def _nothing_changed(one: Override, path: Sequence[str], there: object) -> Fault:
    """Return the fault of an empty mapping, with the first setting it was laid on as an example."""
    key = ".".join(path)
    example = next((f", as in {setting}" for setting in _numbers(key, there)), "")
    rule = f"an empty mapping changes nothing; name the keys to set instead{example}"
    return Fault(one.place + key, rule, "{}")


def _numbers(key: str, there: object) -> Iterator[str]:
    """Return the numbers at a key as overrides, without those whose key cannot stand in one (a time of day)."""
    if isinstance(there, int | float) and ":" not in key:
        yield f"{key}={written(there)}"
    for name, inside in there.items() if isinstance(there, dict) else ():
        yield from _numbers(f"{key}.{name}", inside)


def _misshapen(one: Override, path: list[str], value: object, there: object) -> Iterator[Fault]:
    """Find a list where a mapping stands, or a mapping where a list stands, which Hydra cannot merge."""
    where = ".".join(path)
    if isinstance(there, dict) and isinstance(value, list):
        rule = _MEMBERS_RULE if where == "network.members" else "must be a group of settings, not a list"
        yield Fault(one.place + where, rule, written(value))
    elif isinstance(there, list) and isinstance(value, dict):
        yield Fault(one.place + where, "must be a list, written [a, b], not a mapping", written(value))
    elif isinstance(there, dict) and isinstance(value, dict):
        for key, inside in value.items():
            yield from _misshapen(one, [*path, str(key)], inside, item_at(there, [str(key)]))


def _compose_known(library: Library, overrides: Sequence[Override]) -> tuple[Composition, list[Fault]]:
    """Compose again, with the keys that a file left out but that exist, and without those that do not fit."""
    choosing = [one for one in overrides if one.options is not None]
    chosen = _compose(library, choosing)
    setting = [one for one in overrides if one.options is None]
    wrong = {n: list(_unfit(one, chosen.tree, library)) for n, one in enumerate(setting)}
    faults = [fault for n in wrong for fault in wrong[n]]
    unfit = [one for n, one in enumerate(setting) if wrong[n]]
    known = [one for one in overrides if one not in unfit]
    if known == choosing:
        return chosen, faults
    try:
        return _compose(library, known, adding=True), faults
    except Unfit as error:
        where, _, value = str(error).partition("=")
        rule = "does not fit what other overrides set"
        raise BadInput([*faults, Fault(where if value else "overrides", rule, value or str(error))]) from None


def _unfit(one: Override, tree: dict[str, Any], library: Library) -> Iterator[Fault]:
    if _knows(one, tree):
        for path, value in concrete(one.path, one.value, tree):
            yield from _misshapen(one, path, value, item_at(tree, path))
    else:
        yield _unknown(one, tree, library)


def _knows(one: Override, tree: dict[str, Any]) -> bool:
    if one.path[0] != INTERVENTION:
        return all(root_shapes().knows(path, tree) for path, _ in concrete(one.path, one.value, tree))
    chosen = _intervention(one, tree)
    model = INTERVENTIONS.get(str(chosen.get("kind"))) if chosen else None
    return model is not None and shapes_of(model).knows(one.path[2:], chosen)


def _intervention(one: Override, tree: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of the intervention an override is about, {} where it is not switched on."""
    switched_on = tree.get(INTERVENTION) or {}
    found = switched_on.get(one.path[1]) if len(one.path) > 1 else None
    return found if isinstance(found, dict) else {}


def _unknown(one: Override, tree: dict[str, Any], library: Library) -> Fault:
    """Return the fault of an override whose key is not there."""
    where, value = one.place + one.key, written(one.value)
    if one.path[0] == INTERVENTION and not _intervention(one, tree):
        name = one.path[1] if len(one.path) > 1 else ""
        if name not in library.options(INTERVENTION):
            known = library.options(INTERVENTION)
            return Fault(where, f"must name an intervention: {', '.join(known)}", value, nearest(name, known))
        return Fault(where, f"is not switched on; add intervention=[{name}]", value)
    group, name, *inside = (*one.path, "")
    if group == KIND:
        key = ".".join(["demand.kinds", name, *inside[:-1]])
        return Fault(where, "is not a setting", value, key)
    if one.path[:2] == ["demand", "kinds"] and (new := "".join(one.path[2:3])) in library.options(KIND):
        return Fault(where, f"is not chosen; add +{KIND}={new}", value)
    if library.takes_several(group) and name in library.options(group) and name not in (tree.get(group) or {}):
        chosen = ",".join([*(tree.get(group) or {}), name])
        return Fault(where, f"is not chosen; add it to the list: {group}=[{chosen}]", value)
    found = unknown_key(one.key, value, library, flat(tree))
    return Fault(where, found.rule, value, found.nearest)


def _compose(library: Library, overrides: Sequence[Override], adding: bool = False) -> Composition:
    """Return the settings with overrides laid on: files by the options chosen, then the values in order.

    The files of a combination of options take a third of a second, and are therefore kept; values take milliseconds.
    With `adding`, keys that the files leave out are added.
    """
    choosing = [one for one in overrides if one.options is not None]
    if faults := library.need((one.key, option) for one in choosing for option in one.options or ()):
        raise BadInput(faults)
    options = tuple(one.text for one in choosing)
    if options not in library.composed:
        library.composed[options] = _recalled_or_composed(library, options)
    settings, choices, layers = library.composed[options]
    values = [one for one in overrides if one.options is None]
    return Composition(_laid(settings, values, adding) if values else settings, choices, tuple(overrides), layers)


Composed = tuple[dict[str, Any], dict[str, str], tuple[Layer, ...]]


def _recalled_or_composed(library: Library, options: Sequence[str]) -> Composed:
    """Return settings, choices and files as they were kept, else as they are now."""
    key = key_of("options", library.fingerprint, options)
    kept = recall(key)
    if kept is not None:
        return kept["tree"], kept["choices"], tuple(Layer(*one) for one in kept["layers"])
    tree, choices, layers = _composed(library, options)
    plain = {"tree": tree, "choices": choices, "layers": [[one.group, one.option, one.under] for one in layers]}
    keep(key if library.is_unchanged else None, plain)
    return tree, choices, layers


def _composed(library: Library, options: Sequence[str]) -> Composed:
    layers, choices = layers_of(library, options)
    return laid(library, layers, settings_of), choices, layers


def settings_of(library: Library, group: str, option: str) -> dict[str, Any]:
    """Return what an option's file holds, without what it extends; config.yaml where there is no group."""
    if (group, option) not in library.contents:
        path = library.file(group, option) if group else library.shipped / f"{option}.yaml"
        assert path is not None, f"{group}={option} was chosen and has no file"
        library.contents[group, option] = values_in(path, library.prefix(group, option) if group else "")
    found: dict[str, Any] = library.contents[group, option]
    return found


def _laid(settings: dict[str, Any], values: Sequence[Override], adding: bool) -> dict[str, Any]:
    """Return settings with values laid on in order; raise Unfit where one cannot be."""
    tree = copy.deepcopy(settings)
    for one in values:
        try:
            for path, value in concrete(one.path, one.value, tree):
                put(tree, path, value, adding)
        except (Unfit, RecursionError):
            raise Unfit(one.text) from None
    return tree
