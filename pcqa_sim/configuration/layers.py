"""Which settings files a scenario is laid from, and in which order: Hydra's one task here.

Hydra is shown what each file extends and chooses, and nothing else: the settings themselves are read and laid by
`laying`, and of the user's own folder only files that are needed and faultless are shown at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from pcqa_sim.configuration.folders import Library, entries_of
from pcqa_sim.configuration.yamltext import plain, root_node
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plaintext import read_plain

# Hydra keeps one global state for the whole process, which no two threads may share.
_LOCK = Lock()
ROOT, AT_THE_TOP = "config", ""
PRACTICE, ROLE = "practice", "role"


@dataclass(frozen=True)
class Layer:
    """One settings file: its group ("" for config.yaml) and option, and the dotted key its settings stand under."""

    group: str
    option: str
    under: str


def layers_of(library: Library, options: Sequence[str]) -> tuple[tuple[Layer, ...], dict[str, str]]:
    """Return the files that some chosen options are laid from, in order, and the option chosen in each group.

    Every failure becomes one fault.
    """
    import hydra
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from hydra.types import RunMode
    from omegaconf.errors import OmegaConfBaseException

    try:
        with (
            _LOCK,
            _shown(library),
            _own_hydra(),
            hydra.initialize(config_path=None, version_base="1.3", job_name="pcqa_sim"),
        ):
            found = GlobalHydra.instance().config_loader().compute_defaults_list(ROOT, list(options), RunMode.RUN)
    except (HydraException, OmegaConfBaseException, ValueError, RecursionError) as error:
        said = " ".join(str(error).split("\n")[0].split())
        raise BadInput(Fault("settings files", f"cannot be put together: {written(said)[:300]}")) from None
    chosen = found.overrides.known_choices
    layers = [
        _layer(one.config_path or "", one.package or "")
        for one in found.defaults
        if one.config_path and not (one.package or "").startswith("hydra")
    ]
    layers = _with_roles_of_practice(library, layers)
    return tuple(layers), {group: str(chosen[group]) for group in library.defaults if chosen.get(group)}


def _with_roles_of_practice(library: Library, layers: list[Layer]) -> list[Layer]:
    """Return the files with those of roles that a practice's file has and the list of roles leaves out."""
    chosen = [layer.option for layer in layers if layer.group == ROLE]
    said = [name for layer in layers if layer.group == PRACTICE for name in _roles_in(library, layer)]
    more = [name for name in dict.fromkeys(said) if name not in chosen and name in library.options(ROLE)]
    last = max((n for n, layer in enumerate(layers) if layer.group == ROLE), default=-1)
    added = [one for name in more for one in _role_layers(library, name)]
    return [*layers[: last + 1], *added, *layers[last + 1 :]]


def _roles_in(library: Library, layer: Layer) -> list[str]:
    path = library.file(layer.group, layer.option)
    said = plain(root_node(read_plain(path))).get(ROLE) if path is not None else None
    return list(said) if isinstance(said, dict) else []


def _role_layers(library: Library, name: str) -> list[Layer]:
    """Return the files of a role: those it extends, then its own, in the order in which they are laid."""
    paths = {path: option for option, path in _files_of(library).items()}
    return [Layer(ROLE, paths[path], f"{ROLE}.{name}") for path in library.lineage(ROLE, name)]


def _files_of(library: Library) -> dict[str, Path]:
    return library.own_files.get(ROLE, {}) | library.shipped_files[ROLE]


def _layer(path: str, package: str) -> Layer:
    group, _, option = path.rpartition("/")
    return Layer(group, option, "" if package == "_global_" else package)


class _Uncopied(dict[str, Any]):
    """Outlines, of which Hydra takes a whole copy for each search though it changes none."""

    def __deepcopy__(self, _: object) -> _Uncopied:
        return self


@contextmanager
def _shown(library: Library) -> Iterator[None]:
    """Have Hydra's store of settings hold outlines alone: of every shipped file, and of the user's that are needed.

    What a program that uses Hydra itself has put there is given back.
    """
    import hydra.conf  # noqa: F401  it puts the settings of Hydra itself there
    from hydra.core.config_store import ConfigStore

    store = ConfigStore.instance()
    theirs = store.repo
    groups = {group: dict(outlines) for group, outlines in _shipped_outlines(library.shipped).items()}
    for group, option in library.needed:
        path = library.own_files[group][option]
        groups.setdefault(group, {})[f"{option}.yaml"] = _outline(path, library.package(group, option))
    store.repo = _Uncopied({"hydra": theirs["hydra"]} | groups.pop(AT_THE_TOP) | groups)
    try:
        yield
    finally:
        store.repo = theirs


@cache
def _shipped_outlines(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the outline of each shipped file, by group and file name."""
    library = Library(folder)
    outlines = {
        group: {f"{option}.yaml": _outline(path, library.package(group, option)) for option, path in found.items()}
        for group, found in library.shipped_files.items()
    }
    return outlines | {AT_THE_TOP: {f"{ROOT}.yaml": _outline(folder / f"{ROOT}.yaml", "")}}


def _outline(path: Path, package: str) -> Any:
    """Return what Hydra is to know of a file: where its settings stand, unless in its group, and its `defaults`."""
    from hydra.core.config_store import ConfigNode
    from omegaconf import OmegaConf

    entries = entries_of(path)
    outline = OmegaConf.create({"defaults": entries} if entries else {})
    elsewhere = package if package not in ("", path.parent.name) else None
    return ConfigNode(path.name, outline, None, elsewhere, None)


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
