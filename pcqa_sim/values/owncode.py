"""Files of own code as they were given: their text, their checksum, and how they are imported from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path

from pcqa_sim.values.faults import BadInput, Fault

PACKAGE, SETTINGS = "pcqa_plugins", "configs"
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$", re.ASCII)
_IMPORTS_OTHERS = re.compile(rf"^\s*(from\s+\.|from\s+{PACKAGE}|import\s+{PACKAGE})", re.MULTILINE)
_MOST_BYTES = 2**20


@dataclass(frozen=True)
class PlugIn:
    """One file that was given: its name, the path it was given by, and its text."""

    name: str
    path: str
    text: str

    @property
    def module(self) -> str:
        """Return the name under which it is imported."""
        return f"{PACKAGE}.{self.name.removesuffix('.py')}"

    @property
    def helps(self) -> bool:
        """Tell whether it is there for the other files of its folder to import, and offers nothing itself."""
        return self.name.startswith("_")


Recipe = tuple[PlugIn, ...]
"""What a process loads to know the same code as the one that sent it work."""


def checksums(recipe: Recipe) -> dict[str, str]:
    """Return the checksum of each file by its name: of its text or, where it imports others, of all of them."""
    every = "\0".join(f"{one.name}\0{one.text}" for one in recipe)
    texts = {one.name: every if _IMPORTS_OTHERS.search(one.text) else one.text for one in recipe}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


@cache
def installed_checksum(module: str, place: str) -> str:
    """Return the checksum of an installed module: of its file, or of all files of the package that it lies in."""
    path = Path(place)
    depth = module.count(".") + (path.name == "__init__.py")
    root = path.parents[depth - 1] if depth else path.parent
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")) if depth else [path]:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def read_files(path: Path, where: str) -> Iterator[PlugIn]:
    """Yield the file at a path, or every file in a folder there; raise BadInput where there is none."""
    try:
        files = sorted(path.glob("[!.]*.py")) if path.is_dir() else [path]
        if not files and not (path / SETTINGS).is_dir():
            raise BadInput(Fault(where, f"a folder with files .py, or with a folder {SETTINGS}", str(path)))
        yield from (_plug_in(file, where) for file in files)
    except FileNotFoundError:
        raise BadInput(Fault(where, "no such file or folder", str(path))) from None
    except OSError as fault:
        raise BadInput(Fault(str(path), f"cannot be read: {fault.strerror}")) from None


def _plug_in(path: Path, where: str) -> PlugIn:
    if path.suffix != ".py" or not _NAME.match(path.stem):
        rule = "a plug-in is a file .py, whose name is made of letters, digits and _ and begins with no digit"
        raise BadInput(Fault(where, rule, str(path)))
    if path.stat().st_size > _MOST_BYTES:
        raise BadInput(Fault(str(path), f"a plug-in has at most {_MOST_BYTES:,} bytes"))
    try:
        return PlugIn(path.name, str(path), path.read_bytes().decode())
    except UnicodeDecodeError:
        raise BadInput(Fault(str(path), "is not UTF-8 text")) from None


class Texts(MetaPathFinder, ExecutionLoader):
    """Imports `pcqa_plugins.mine` from the text of mine.py as it was given, and other files given beside it."""

    def __init__(self, given: Callable[[], Recipe]) -> None:
        self._given = given

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how to import a file that was given, None for any other module."""
        package = fullname == PACKAGE
        if not package and self._of(fullname) is None:
            return None
        found = spec_from_loader(fullname, self, is_package=package)
        assert found is not None
        found.origin, found.has_location = self.get_filename(fullname), not package
        return found

    def get_source(self, fullname: str) -> str:
        """Return the text of a module."""
        plug_in = self._of(fullname)
        return "" if plug_in is None else plug_in.text

    def get_filename(self, fullname: str) -> str:
        """Return what a traceback names."""
        plug_in = self._of(fullname)
        return f"<{PACKAGE}>" if plug_in is None else plug_in.path

    def is_package(self, fullname: str) -> bool:
        """Tell whether it is the package in which all that was given lies."""
        return fullname == PACKAGE

    def _of(self, fullname: str) -> PlugIn | None:
        return next((one for one in self._given() if one.module == fullname), None)
