"""Code of one's own: the files given with `--plugins` or PCQA_PLUGINS, and what installed packages offer.

Nothing is loaded because a settings file, a record or the current folder names it. What was given is held as text, with
its SHA-256: every process that works on a study loads that text, whatever becomes of the file meanwhile. An installed
package offers its module as an entry point of the group `pcqa_sim.plugins`, and every process finds it by itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, invalidate_caches, metadata
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from types import ModuleType

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown
from pcqa_sim.values.owncode import PACKAGE, SETTINGS, Recipe, Texts, checksums, installed_checksum, read_files

API = 1
"""The version of what own code may build on (`pcqa_sim.extending`); each file says the one it was written for."""
OPTION, SESSION = "--plugins", "this session"
VARIABLE, GROUP = "PCQA_PLUGINS", "pcqa_sim.plugins"


@dataclass(frozen=True)
class Loaded:
    """A module of own code: the name it goes by, its checksum, and the module."""

    name: str
    sha256: str
    module: ModuleType


class _Given:
    """What this process was given. `version` grows with every change, for those who keep what they found."""

    def __init__(self) -> None:
        self.recipe: Recipe | None = None
        self.paths: tuple[Path, ...] = ()
        self.loaded: tuple[Loaded, ...] | None = None
        self.lent: dict[str, str] = {}
        self.version = 0

    def become(self, recipe: Recipe, paths: Iterable[Path] = ()) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        invalidate_caches()
        self.recipe, self.paths, self.loaded = recipe, tuple(paths), None
        self.version += 1


_given = _Given()
_lock = RLock()


def give(paths: Iterable[Path], where: str = OPTION) -> None:
    """Take files, or folders of files, as own code in place of what was given before; raise BadInput for unfit ones.

    `where` is how they were given.
    """
    given = list(dict.fromkeys(Path(path).resolve() for path in paths))
    found = list(dict.fromkeys(plug_in for path in given for plug_in in read_files(path, where)))
    names = [plug_in.name for plug_in in found]
    if twice := next((plug_in for plug_in in found if names.count(plug_in.name) > 1), None):
        raise BadInput(Fault(twice.path, "has the name of another file that is given: give it a name of its own"))
    with _lock:
        if _given.recipe != tuple(found) or _given.paths != tuple(given):
            _given.become(tuple(found), given)


def named() -> list[Path]:
    """Return the paths in $PCQA_PLUGINS."""
    return [Path(path) for path in os.environ.get(VARIABLE, "").split(os.pathsep) if path]


def recipe() -> Recipe:
    """Return what was given, with `give` or else in $PCQA_PLUGINS, for other processes to load."""
    with _lock:
        if _given.recipe is None:
            give(named(), f"${VARIABLE}")
        return _given.recipe or ()


def ensure(wanted: Recipe) -> None:
    """Have this process know the same own code as the one whose recipe it is, whatever its own environment says."""
    with _lock:
        if _given.recipe is None or [(one.name, one.text) for one in _given.recipe] != [
            (one.name, one.text) for one in wanted
        ]:
            _given.become(wanted)


def version() -> int:
    """Return a number that is another one whenever other code was given."""
    recipe()
    return _given.version


def given_options() -> list[str]:
    """Return the words of a command that give the same files again."""
    recipe()
    return [word for path in _given.paths for word in (OPTION, str(path))]


def settings_folders() -> tuple[Path, ...]:
    """Return the folders of settings files that come with own code: `configs` in a folder given, or in a package."""
    recipe()
    beside = [path / SETTINGS for path in _given.paths if path.is_dir()]
    packages = [Path(place) for name, place in _installed().items() if "." in name or place.endswith("__init__.py")]
    installed = [place.parent / SETTINGS for place in packages]
    return tuple(folder for folder in dict.fromkeys((*installed, *beside)) if folder.is_dir())


def fingerprints() -> dict[str, str]:
    """Return the checksum of all own code by name; empty where there is none."""
    return {name: installed_checksum(name, place) for name, place in _installed().items()} | checksums(recipe())


def lend(name: str, checksum: str) -> None:
    """Take note of own code that was never in a file, and is known in this process alone."""
    _given.lent[name] = checksum


def refuse_other(told: Mapping[str, str], where: str) -> None:
    """Raise OtherCode where own code that something was made with is not there, or is another.

    A checksum may be given by its first digits.
    """
    here = fingerprints() | _given.lent
    faults = []
    for name, checksum in told.items():
        if name.startswith(SESSION) and name not in here:
            faults.append(Fault(where, f"was made in a session that is over, with own code: {shown(name)}"))
        elif name not in here:
            how = f"give it with {OPTION} PATH/{name}" if name.endswith(".py") else "install the package that has it"
            faults.append(Fault(where, f"was made with own code that is not here, {shown(name)}: {how}"))
        elif not checksum or not here[name].startswith(checksum):
            rule = f"was made with another {shown(name)}: its SHA-256 was {shown(checksum)[:12]}, is {here[name][:12]}"
            faults.append(Fault(where, rule))
    if faults:
        raise OtherCode(faults)


class OtherCode(BadInput):
    """Something was made with own code that is not here, or is another here."""


def loaded() -> tuple[Loaded, ...]:
    """Return the modules of own code, loaded once; raise BadInput, with the file, for one that cannot be."""
    with _lock:
        ours = recipe()
        if _given.loaded is None:
            installed = [_load(name, name, installed_checksum(name, place)) for name, place in _installed().items()]
            known = checksums(ours)
            _given.loaded = (
                *installed,
                *(_load(one.module, one.name, known[one.name]) for one in ours if not one.helps),
            )
        return _given.loaded


@cache
def _installed() -> dict[str, str]:
    """Return the file of each module that installed packages offer, by its name; the current folder is no such place.

    `python -m` puts the current folder where packages are looked for, and whoever wrote there has not been installed.
    """
    here = Path.cwd().resolve()
    found = {}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: point.value):
        if point.dist is not None and Path(str(point.dist.locate_file(""))).resolve() == here:
            continue
        try:
            spec = find_spec(point.value.partition(":")[0])
        except ImportError as fault:
            raise BadInput(Fault(f"package {point.name}", f"cannot be loaded: {fault}")) from None
        if spec is not None and spec.origin:
            found[spec.name] = spec.origin
    return found


def _load(module: str, name: str, checksum: str) -> Loaded:
    """Import a module of own code, and see that it was written for this version of what it may build on."""
    try:
        made = import_module(module)
    except BadInput:
        raise
    except (Exception, SystemExit) as fault:
        said = str(fault.msg if isinstance(fault, SyntaxError) else fault)
        raise BadInput(Fault(_place(name, fault), f"cannot be loaded: {type(fault).__name__}: {said}")) from None
    told = getattr(made, "api", None)
    if told != API or isinstance(told, bool):
        rule = f"must say `api = {API}`, the version of pcqa_sim.extending that it was written for"
        raise BadInput(Fault(name, rule, "" if told is None else str(told)))
    return Loaded(name, checksum, made)


def _place(name: str, fault: BaseException) -> str:
    """Return a file's name with the line at which it could not go on, where that is known."""
    if isinstance(fault, SyntaxError):
        return f"{name} line {fault.lineno}"
    line, here = 0, fault.__traceback__
    while here is not None:
        line = here.tb_lineno if here.tb_frame.f_code.co_filename.endswith(name) else line
        here = here.tb_next
    return f"{name} line {line}" if line else name


sys.meta_path.append(Texts(lambda: _given.recipe or ()))
