"""Tries mutants: in a temporary copy of the repository, with the tests of the mutant's module alone, up to a time.

Each try is a fork of this process, which has loaded the libraries (and nothing of pcqa_sim) once for all.
"""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from mutants.making import Mutant
from mutants.table import ROOT, TABLE

KILLED, SURVIVED, TIMED_OUT = "killed", "SURVIVED", "timed out"
_COPIED = ("pcqa_sim", "configs", "tests", "pyproject.toml")
_NO_CACHES = shutil.ignore_patterns("__pycache__", ".*")
_LIBRARIES = ("scipy.stats", "pandas", "pyarrow.parquet", "pydantic", "simpy", "yaml", "hydra")
_PYTEST = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "--hypothesis-seed=0")
_FAILED = (1, 2, 4)  # pytest: a test failed, could not be collected, or what all tests share could not be loaded
_PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # one example that fails is enough
_OURS = ("", str(ROOT), str(ROOT / "tests"))
_LEAST_SECONDS, _TIMES_AS_LONG = 20.0, 5.0


@dataclass
class Bench:
    """A copy of the repository in a folder, and how many seconds the tests of each module may take on it."""

    folder: Path
    limits: dict[str, float] = field(default_factory=dict)

    @classmethod
    def made(cls, folder: Path, modules: list[str]) -> Bench:
        """Copy the repository and run the tests of every module once unchanged; raise RuntimeError if one fails."""
        os.environ["OMP_NUM_THREADS"] = "1"
        for library in _LIBRARIES:
            importlib.import_module(library)
        for name in _COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=_NO_CACHES)
            else:
                shutil.copy(ROOT / name, folder / name)
        bench = cls(folder.resolve())
        for module in modules:
            before = time.monotonic()
            code = bench.tested(module, 600.0, unchanged=True)
            if code != 0:
                raise RuntimeError(f"{module}: its tests end with {code} before anything is changed")
            bench.limits[module] = max(_LEAST_SECONDS, _TIMES_AS_LONG * (time.monotonic() - before))
        return bench

    def tested(self, module: str, seconds: float, unchanged: bool = False) -> int | None:
        """Run the tests of a module; return their exit code (negative: a signal), or None when they took too long."""
        child = os.fork()
        if child == 0:
            self._run(TABLE[module].tests, unchanged)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None

    def _run(self, tests: tuple[str, ...], unchanged: bool) -> NoReturn:
        """Run tests on the copy in this process, which ends with what pytest says."""
        code = 3
        try:
            os.setsid()
            os.chdir(self.folder)
            os.environ["PYTHONPATH"] = str(self.folder)
            sys.path[:] = [str(self.folder), *(path for path in sys.path if path not in _OURS)]
            sys.dont_write_bytecode = not unchanged
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            hypothesis.settings.register_profile("mutants", phases=_PHASES, database=None)
            hypothesis.settings.load_profile("mutants")
            code = int(pytest.main([*_PYTEST, *tests]))
        finally:
            os._exit(code)

    def tried(self, mutant: Mutant) -> str:
        """Put a mutant in the place of its module, run the tests, put the module back; return what came of it."""
        path = self.folder / TABLE[mutant.module].path
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()
        before = path.read_bytes()
        path.write_text(mutant.text(), encoding="utf-8")
        try:
            code = self.tested(mutant.module, self.limits[mutant.module])
        finally:
            path.write_bytes(before)
        if code is None:
            return TIMED_OUT
        if code > 0 and code not in _FAILED:
            raise RuntimeError(f"{mutant.module}: pytest ends with {code}")
        return KILLED if code else SURVIVED
