"""Hydra's one task here: to lay the chosen files and overrides on top of each other, as a plain dictionary."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from pcqa_sim.configuration.folders import INTERVENTION, Library
from pcqa_sim.configuration.keeping import keep, key_of, recall
from pcqa_sim.configuration.overrides import Override, unknown_key
from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.configuration.yamltext import made_plain
from pcqa_sim.interventions import INTERVENTIONS, flat
from pcqa_sim.interventions.adjust import VERBS, Adjust
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import item_at, shapes_of
from pcqa_sim.values.faults import BadInput, Fault, nearest

# Hydra keeps one global state for the whole process, which no two threads may share.
_LOCK = Lock()
_MEMBERS_RULE = (
    "must be a mapping of practice key to a list of overrides, as in "
    "network.members={north:[],south:['practice=small']}"
)


@dataclass(frozen=True)
class Composition:
    """The settings as composed, not yet judged; `choices` is the option chosen in each group."""

    tree: dict[str, Any]
    choices: dict[str, str]
    overrides: tuple[Override, ...]


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
    except _Unfit:
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
    if value == {}:
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
    except _Unfit as error:
        where, _, value = str(error).partition("=")
        rule = "does not fit what other overrides set"
        raise BadInput([*faults, Fault(where if value else "overrides", rule, value or str(error))]) from None


def _unfit(one: Override, tree: dict[str, Any], library: Library) -> Iterator[Fault]:
    if _knows(one, tree):
        yield from _misshapen(one, one.path, one.value, item_at(tree, one.path))
    else:
        yield _unknown(one, tree, library)


def _knows(one: Override, tree: dict[str, Any]) -> bool:
    if one.path[0] != INTERVENTION:
        return root_shapes().knows(one.path, tree)
    chosen = _intervention(one, tree)
    model = INTERVENTIONS.get(str(chosen.get("kind"))) if chosen else None
    if model is Adjust and one.path[2] in VERBS:
        return root_shapes().knows(one.path[3:], tree)
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
    group, name = (*one.path, "")[:2]
    if library.takes_several(group) and name in library.options(group) and name not in (tree.get(group) or {}):
        chosen = ",".join([*(tree.get(group) or {}), name])
        return Fault(where, f"is not chosen; add it to the list: {group}=[{chosen}]", value)
    adjusts = _intervention(one, tree).get("kind") == "adjust" and one.path[2] in VERBS
    under = ".".join([*one.path[:3], ""]) if adjusts else ""
    found = unknown_key(one.key.removeprefix(under), value, library, flat(tree))
    return Fault(where, found.rule, value, found.nearest and under + found.nearest)


class _Unfit(Exception):
    """Hydra found no such key in what the files hold, or cannot merge an override's value with what stands there."""


def _compose(library: Library, overrides: Sequence[Override], adding: bool = False) -> Composition:
    """Return the settings with overrides laid on: Hydra composes the options, OmegaConf lays the values as Hydra does.

    Hydra takes half a second for a combination of options, which is therefore kept; values take milliseconds. With
    `adding`, keys that the files leave out are added.
    """
    options = tuple(one.text for one in overrides if one.options is not None)
    if options not in library.composed:
        library.composed[options] = _recalled_or_composed(library, options)
    settings, choices = library.composed[options]
    values = [one for one in overrides if one.options is None]
    return Composition(_laid(settings, values, adding) if values else settings, choices, tuple(overrides))


def _recalled_or_composed(library: Library, options: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return settings and choices as they were kept, else as Hydra composes them."""
    key = key_of("options", library.fingerprint, options)
    kept = recall(key)
    if kept is not None:
        return kept["tree"], kept["choices"]
    tree, choices = _composed(library, options)
    keep(key if library.is_unchanged else None, {"tree": tree, "choices": choices})
    return tree, choices


def _laid(settings: dict[str, Any], values: Sequence[Override], adding: bool) -> dict[str, Any]:
    """Return settings with values laid on in order; raise _Unfit where one cannot be."""
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    mine = OmegaConf.create(settings)
    OmegaConf.set_struct(mine, True)
    for one in values:
        try:
            OmegaConf.update(mine, one.key, one.value, merge=True, force_add=adding)
        except (OmegaConfBaseException, ValueError, RecursionError):
            raise _Unfit(one.text) from None
    tree: Any = OmegaConf.to_container(mine, resolve=False)
    return dict(tree)


def _composed(library: Library, options: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings that Hydra makes of options, and its choices; every failure becomes one fault."""
    import hydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with (
            _LOCK,
            _root_folder(library) as folder,
            _own_hydra(),
            hydra.initialize_config_dir(str(folder), version_base="1.3", job_name="pcqa_sim"),
        ):
            composed = hydra.compose("root", list(options), return_hydra_config=True)
    except yaml.YAMLError as error:
        raise BadInput(_unreadable(error)) from None
    except (HydraException, OmegaConfBaseException, ValueError, RecursionError) as error:
        said = " ".join(str(error).split("\n")[0].split())
        raise BadInput(Fault("settings files", f"cannot be put together: {written(said)[:300]}")) from None
    choices = OmegaConf.to_container(composed.hydra.runtime.choices)
    assert isinstance(choices, dict)
    chosen = {group: option for group, option in choices.items() if isinstance(option, str)}
    settings: Any = OmegaConf.to_container(composed, resolve=False)
    settings.pop("hydra")
    return settings, {group: chosen[group] for group in library.defaults if group in chosen}


def _unreadable(error: yaml.YAMLError) -> Fault:
    """Return the fault of a file that Hydra's reader refuses although ours could read it (a tab, for example)."""
    mark = getattr(error, "problem_mark", None)
    path = Path(mark.name if mark is not None else "settings files")
    where = "/".join(path.parts[-2:]) + ("" if mark is None else f" line {mark.line + 1}")
    return Fault(where, f"is not readable YAML: {written(getattr(error, 'problem', None) or str(error))}")


@contextmanager
def _root_folder(library: Library) -> Iterator[Path]:
    """Make the temporary root file that puts the user's folder before the shipped one."""
    folders = [folder for folder in (library.own, library.shipped) if folder is not None]
    own = [
        (group, library.prefix(group, option), path)
        for group, files in library.own_files.items()
        for option, path in files.items()
    ]
    with tempfile.TemporaryDirectory(prefix="pcqa-") as name:
        folder = Path(name).resolve()
        if made_plain(own, folder / "plain"):
            folders.insert(0, folder / "plain")
        root = {
            "hydra": {"searchpath": [f"file://{folder.as_posix()}" for folder in folders]},
            "defaults": ["config", "_self_"],
        }
        (folder / "root.yaml").write_text(yaml.safe_dump(root, allow_unicode=True), encoding="utf-8")
        yield folder


@contextmanager
def _own_hydra() -> Iterator[None]:
    """Put aside the Hydra of a program that uses it itself, and give it back."""
    from hydra.core.global_hydra import GlobalHydra

    theirs = GlobalHydra.instance().hydra
    GlobalHydra.instance().hydra = None
    try:
        yield
    finally:
        GlobalHydra.instance().hydra = theirs
