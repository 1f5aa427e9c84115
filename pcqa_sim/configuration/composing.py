"""Hydra's one task here: to lay the chosen files and overrides on top of each other, as a plain dictionary."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from pcqa_sim.configuration.english import written
from pcqa_sim.configuration.folders import INTERVENTION, Library
from pcqa_sim.configuration.overrides import Override, unknown_key
from pcqa_sim.configuration.shapes import root_shapes, shapes_of
from pcqa_sim.faults import BadInput, Fault, nearest
from pcqa_sim.interventions import INTERVENTIONS, flat

# Hydra keeps one global state for the whole process, which no two threads may share.
_LOCK = Lock()


@dataclass(frozen=True)
class Composition:
    """The settings as composed, not yet judged; `choices` is the option chosen in each group."""

    tree: dict[str, Any]
    choices: dict[str, str]
    overrides: tuple[Override, ...]


def compose(library: Library, overrides: Sequence[Override]) -> tuple[Composition, list[Fault]]:
    """Return the composed settings, and a fault for each override whose key is not a setting (it is left out).

    Raises BadInput when the files themselves cannot be composed.
    """
    try:
        return _compose(library, overrides, [one.text for one in overrides]), []
    except _NoSuchKey:
        return _compose_known(library, overrides)


def _compose_known(library: Library, overrides: Sequence[Override]) -> tuple[Composition, list[Fault]]:
    """Compose again, with the keys that a file left out but that exist, and without those that do not."""
    choosing = [one for one in overrides if one.options is not None]
    chosen = _compose(library, choosing, [one.text for one in choosing])
    known = [one for one in overrides if one.options is not None or _knows(one, chosen.tree)]
    faults = [_unknown(one, chosen.tree, library) for one in overrides if one not in known]
    if known == choosing:
        return chosen, faults
    texts = [one.text if one.options is not None else f"++{one.text}" for one in known]
    try:
        return _compose(library, known, texts), faults
    except _NoSuchKey as error:
        raise BadInput([*faults, Fault("overrides", str(error))]) from None


def _knows(one: Override, tree: dict[str, Any]) -> bool:
    if one.path[0] != INTERVENTION:
        return root_shapes().knows(one.path, tree)
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
    found = unknown_key(one.key, value, library, flat(tree))
    return Fault(where, found.rule, value, found.nearest)


class _NoSuchKey(Exception):
    """Hydra found no such key in what the files hold."""


def _compose(library: Library, overrides: Sequence[Override], texts: Sequence[str]) -> Composition:
    """Return what Hydra composes; every way in which it can fail becomes one fault."""
    import hydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with _LOCK, _root_folder(library) as folder, _own_hydra():
            with hydra.initialize_config_dir(str(folder), version_base="1.3", job_name="pcqa_sim"):
                composed = hydra.compose("root", list(texts), return_hydra_config=True)
            tree: Any = OmegaConf.to_container(composed, resolve=False)
    except yaml.YAMLError as error:
        raise BadInput(_unreadable(error)) from None
    except (HydraException, OmegaConfBaseException, ValueError, RecursionError) as error:
        said = " ".join(str(error).split("\n")[0].split())
        if said.startswith("Could not override"):
            raise _NoSuchKey(said) from None
        raise BadInput(Fault("settings files", f"cannot be put together: {written(said)[:300]}")) from None
    choices = tree.pop("hydra")["runtime"]["choices"]
    chosen = {group: option for group, option in choices.items() if isinstance(option, str)}
    return Composition(tree, {group: chosen[group] for group in library.defaults if group in chosen}, tuple(overrides))


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
    root = {
        "hydra": {"searchpath": [f"file://{folder.as_posix()}" for folder in folders]},
        "defaults": ["config", "_self_"],
    }
    with tempfile.TemporaryDirectory(prefix="pcqa-") as name:
        folder = Path(name).resolve()
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
