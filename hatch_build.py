"""Compile the model: asked for by `make compiled` (beside its sources) and `make wheel` (into a wheel), never else.

mypyc makes C of the typed modules named in `MODULES`, the C compiler makes one library of them. A plain install, from a
checkout or from an sdist, comes past here with `PCQA_COMPILE` unset and stays pure Python: it needs no compiler.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
PACKAGE = "pcqa_sim"
WINGS = ("values", "kernel", "population", "frontdoor", "clinic", "practice", "journey")
INTERPRETED = frozenset(
    {"__init__", "outside", "plaintext", "faults", "renamed", "reading", "formats", "limits", "form", "environment"}
)
LIBRARY = f"{PACKAGE}.native"
C_FILES = "build/native"


def modules() -> list[str]:
    """Return the files that are compiled."""
    found = [path for wing in WINGS for path in sorted((ROOT / PACKAGE / wing).rglob("*.py"))]
    return [str(path.relative_to(ROOT)) for path in found if path.stem not in INTERPRETED]


def compile_into(folder: Path) -> list[Path]:
    """Compile the model and put the libraries below a folder, each where its module is; return them.

    No fused multiply-add and nothing of fast arithmetic: a run gives the same bytes on every processor.
    """
    from mypyc.build import mypycify
    from setuptools import Distribution

    os.chdir(ROOT)
    sources = modules()
    extensions = mypycify(
        ["--config-file=pyproject.toml", *sources],
        opt_level=os.environ.get("PCQA_OPT", "2"),
        debug_level="0",
        multi_file=True,
        separate=[(sources, LIBRARY)],
        target_dir=C_FILES,
    )
    for extension in extensions:
        extension.extra_compile_args = [*extension.extra_compile_args, "-ffp-contract=off", "-fwrapv"]
        extension.include_dirs = [*extension.include_dirs, f"{C_FILES}/{PACKAGE}"]
    built = Distribution({"name": PACKAGE, "ext_modules": extensions}).get_command_obj("build_ext")
    built.build_lib, built.build_temp = str(folder), "build/temp"
    built.ensure_finalized()
    _in_parallel(built)
    built.run()
    return [Path(path) for path in built.get_outputs()]


def _in_parallel(build_ext: Any) -> None:
    """Let the C files be compiled side by side, and those that did not change be left as they are."""
    whole = build_ext.build_extensions

    def build_extensions() -> None:
        compiler = build_ext.compiler

        def compile_all(
            sources: list[str],
            output_dir: str | None = None,
            macros: Any = None,
            include_dirs: Any = None,
            debug: bool = False,
            extra_preargs: Any = None,
            extra_postargs: Any = None,
            depends: Any = None,
        ) -> list[str]:
            macros, objects, extra, options, build = compiler._setup_compile(
                output_dir, macros, include_dirs, sources, depends, extra_postargs
            )
            arguments = compiler._get_cc_args(options, debug, extra_preargs)
            headers = max((path.stat().st_mtime for path in (ROOT / C_FILES).rglob("*.h")), default=0.0)

            def one(name: str) -> None:
                source, suffix = build[name]
                newest = max(headers, Path(source).stat().st_mtime)
                if not Path(name).exists() or Path(name).stat().st_mtime < newest:
                    compiler._compile(name, source, suffix, arguments, extra, options)

            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(one, objects))
            return objects

        compiler.compile = compile_all
        whole()

    build_ext.build_extensions = build_extensions


def in_place() -> None:
    """Compile the model beside its sources, and write which they were."""
    sys.path.insert(0, str(ROOT))
    from pcqa_sim.values.form import RECORD, record_of

    record = record_of(ROOT / name for name in modules())
    compile_into(ROOT)
    RECORD.write_text(record)


if __name__ == "__main__":
    in_place()
