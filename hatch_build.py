"""Compile the model: asked for by `make compiled` (beside its sources) and `make wheel` (into a wheel), never else.

mypyc makes C of the typed modules of the model's wings, the C compiler makes one library of it. The hook of hatchling
at the end does nothing unless `PCQA_COMPILE=1`: a plain install, from a checkout or from an sdist, stays pure Python
and needs no compiler.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
PACKAGE = "pcqa_sim"
WINGS = ("values", "kernel", "population", "frontdoor", "clinic", "community", "network", "practice", "journey")
INTERPRETED = {
    "__init__", "outside", "plaintext", "wholefile", "bank_holidays", "faults", "renamed", "reading", "formats",
    "words", "limits", "form", "arrow", "owncode", "plugins", "doors", "saidtimes",
}  # fmt: skip
SEAM = "environment"  # chooses the kernel by the form
LIBRARY = f"{PACKAGE}.native"
C_FILES = "build/native"
LEVEL = "PCQA_COMPILE_LEVEL"  # of the C compiler's optimisation: 2 runs fastest, 0 compiles soonest
UNLESS_MADE = "--unless-made"
# No fused multiply-add: the same bytes on every processor; whole numbers wrap. No warnings: -w keeps them from being
# said, and not gcc from reading a file of 90 MB again and again to see how each `if` is indented.
# Nothing but what Python looks for is seen from outside, so that functions of the model call each other directly.
FLAGS = (
    *("-ffp-contract=off", "-fwrapv", "-w", "-Wno-misleading-indentation"),
    *("-fvisibility=hidden", "-fno-semantic-interposition", "-fno-plt"),
)


def modules() -> list[str]:
    """Return the files that are compiled."""
    found = [path for wing in WINGS for path in sorted((ROOT / PACKAGE / wing).rglob("*.py"))]
    return [str(path.relative_to(ROOT)) for path in found if path.stem not in {*INTERPRETED, SEAM}]


def check() -> None:
    """Stop with one line where there is nothing to compile with."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    header = Path(sysconfig.get_path("include"), "Python.h")
    if shutil.which(compiler) is None:
        sys.exit(f"to compile the model takes a C compiler, and {compiler} is not there (Debian: apt-get install gcc)")
    if not header.exists():
        sys.exit(
            f"to compile the model takes Python's headers, and {header} is not there (apt-get install python3-dev)"
        )


def compile_into(folder: Path) -> list[Path]:
    """Compile the model and put the libraries below a folder, each where its module is; return them."""
    from mypyc.build import mypycify
    from setuptools import Distribution

    check()
    os.chdir(ROOT)
    sources, level = modules(), os.environ.get(LEVEL, "2")
    extensions = mypycify(
        ["--config-file=pyproject.toml", *sources],
        debug_level="0",
        opt_level=level,
        separate=[(sources, LIBRARY)],  # one library, and what mypy knows is kept for the next time
        target_dir=C_FILES,
    )
    for extension in extensions:
        extension.extra_compile_args = [*extension.extra_compile_args, *FLAGS]
        extension.include_dirs = [*extension.include_dirs, f"{C_FILES}/{PACKAGE}"]
    command = Distribution({"name": PACKAGE, "ext_modules": extensions}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(folder), f"build/temp/{level}"
    command.force = True  # what is there may be of another level
    command.ensure_finalized()
    command.run()
    return [Path(path) for path in command.get_outputs()]


def _record() -> tuple[Path, str]:
    """Return where it is written which sources were compiled, and that."""
    sys.path.insert(0, str(ROOT))
    from pcqa_sim.values.form import RECORD, record_of

    return RECORD, record_of(ROOT / name for name in modules())


class CompiledModel(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled model into a wheel, where that is asked for."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name the libraries to be taken in; do nothing unless asked."""
        if os.environ.get("PCQA_COMPILE") != "1" or version == "editable":
            return
        record, text = _record()
        folder = ROOT / "build" / "wheel"
        shutil.rmtree(folder, ignore_errors=True)
        libraries = [path.resolve() for path in compile_into(folder)]
        kept = folder / record.name
        kept.write_text(text)
        taken = {str(path): path.relative_to(folder).as_posix() for path in libraries}
        build_data["force_include"] |= taken | {str(kept): f"{PACKAGE}/{record.name}"}
        build_data["pure_python"], build_data["infer_tag"] = False, True
        build_data["dependencies"].append(f"librt>={metadata.version('librt')}")  # whose buffers it was made for


def _made_by() -> str:
    """Return what else the libraries beside the sources depend on: this file, mypy, Python."""
    mine = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return f"{mine} mypy {metadata.version('mypy')} Python {sys.version}\n"


def in_place(unless_made: bool = False) -> None:
    """Compile the model beside its sources; at whatever level, not again what was made of these very sources."""
    record, text = _record()
    stamp, made_by = ROOT / "build" / "made.txt", text + _made_by()
    there = record.exists() and any(record.parent.glob("native__mypyc.*")) and stamp.exists()
    if unless_made and there and stamp.read_text() == made_by and record.read_text() == text:
        print("the model is compiled, and of these sources")
        return
    record.unlink(missing_ok=True)
    for old in record.parent.rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}"):
        old.unlink()  # a module may be compiled no more
    compile_into(ROOT)
    record.write_text(text)
    stamp.write_text(made_by)


if __name__ == "__main__":
    in_place(UNLESS_MADE in sys.argv[1:])
