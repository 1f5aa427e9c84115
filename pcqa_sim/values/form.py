"""Which form of the model runs: compiled, where that was asked for and made of these very sources, or interpreted.

Both give the same bytes. The compiled form is used only if a record beside the package names the sources it was made
of and they are what they were; otherwise, or with `PCQA_PURE=1`, Python reads the sources themselves. This module is
never compiled and needs nothing but Python, since it is asked before anything else is imported.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_extensions import i64, mypyc_attr
else:
    i64 = int  # a whole number of 64 bits to the compiler

    def mypyc_attr(**_: Any) -> Any:
        """Say something of a class to the compiler, which reads it; to Python it says nothing."""
        return lambda one: one


__all__ = ["COMPILED", "INTERPRETED", "choose", "form", "i64", "mypyc_attr", "record_of"]

COMPILED, INTERPRETED = "compiled", "interpreted"
PURE = "PCQA_PURE"

PACKAGE = Path(__file__).resolve().parents[1]
RECORD = PACKAGE / "compiled.txt"
LIBRARY = "native__mypyc.*"


class SourcesOnly:
    """Finds the sources of this package's modules, and nothing that was made of them."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return where a module of this package has its source, None for any other."""
        if not name.startswith(PACKAGE.name + "."):
            return None
        found = (FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name) for folder in path or ())
        return next((spec for spec in found if spec is not None and spec.loader is not None), None)


def choose() -> None:
    """Let sources be read wherever the compiled form is not wanted, or was made of others.

    Where it is not wanted they are read whatever is there: it may come to be compiled while this process runs.
    """
    compiled = RECORD.exists() or any(PACKAGE.glob(LIBRARY))  # a library without a record was left half made
    if os.environ.get(PURE) == "1" or (compiled and not _made_of_these_sources()):
        sys.meta_path.insert(0, SourcesOnly)


def form() -> str:
    """Return the form in which the model runs in this process."""
    spec = find_spec(f"{PACKAGE.name}.kernel.process")
    return INTERPRETED if spec is None or str(spec.origin).endswith(".py") else COMPILED


def record_of(files: Iterable[Path]) -> str:
    """Return the text of the record: a line for each file of the package, its SHA-256 and its name."""
    names = sorted(file.resolve().relative_to(PACKAGE).as_posix() for file in files)
    return "".join(f"{hashlib.sha256((PACKAGE / name).read_bytes()).hexdigest()}  {name}\n" for name in names)


def _made_of_these_sources() -> bool:
    """Tell whether every source in the record is what it was when it was compiled."""
    try:
        text = RECORD.read_text()
        return text == record_of(PACKAGE / line.partition("  ")[2] for line in text.splitlines())
    except (OSError, ValueError):
        return False
