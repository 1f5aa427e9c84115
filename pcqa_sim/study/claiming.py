"""A folder for one study's results: claimed before anything runs, and gone again where nothing came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.folderlock import LOCK, locked
from pcqa_sim.values.faults import BadInput, Fault

RUNS = Path("pcqa_runs")
_TRIES = 20


def label_of(scenario: Scenario, seed: int | None = None) -> str:
    """Return what a default folder's name says after the time: which settings, and which luck."""
    return f"{scenario.hash()}-{scenario.run.seed if seed is None else seed}"


@contextmanager
def claimed(
    out: Path | None, label: str, command: Sequence[str], leftover: Callable[[Path], bool] = lambda _: False
) -> Iterator[Path]:
    """Hold a new or empty folder for one study: `out`, or one of its own, ./pcqa_runs/<time>-<label>.

    Whoever comes second to a name takes the next: <time>-<label>-2. Entries for which `leftover` is true count as
    nothing. Raises BadInput for a folder that holds anything else, is a file, or is in use, and OSError where
    nothing can be written; folders that were made, and in which nothing was written, are then removed.
    """
    if out is not None and not (out / LOCK).exists():  # who holds a folder is named before what it holds
        refuse_used(out, leftover)
    with ExitStack() as held:
        folder = _claim(held, out, label, command)
        refuse_used(folder, leftover)
        try:
            yield folder
        finally:
            for path in tuple(folder.iterdir()):
                _remove_empty(path)


def refuse_used(folder: Path, leftover: Callable[[Path], bool] = lambda _: False) -> None:
    """Raise BadInput for a folder that holds anything, or is a file."""
    used = folder.is_dir() and any(one.name != LOCK and not leftover(one) for one in folder.iterdir())
    if used or (folder.exists() and not folder.is_dir()):
        raise BadInput(Fault("--out", "an empty or a new folder, so that no earlier result is lost", str(folder)))


def refuse_held(folder: Path, command: Sequence[str]) -> None:
    """Raise BadInput where somebody else holds a folder: who it is is said before anything else."""
    if (folder / LOCK).exists():
        with locked(folder, command):
            pass


def _claim(held: ExitStack, out: Path | None, label: str, command: Sequence[str]) -> Path:
    """Return a folder that is held, and left, by `held`.

    It is tried again where another study, refused, has just removed the empty folders that both found.
    """
    for left in reversed(range(_TRIES)):
        with ExitStack() as begun:
            try:
                folder = _made(begun, label) if out is None else _there(begun, out)
                begun.enter_context(locked(folder, command))
            except FileNotFoundError:
                if not left:
                    raise
                continue
            held.enter_context(begun.pop_all())
            return folder
    raise AssertionError("the last try returns or raises")


def _there(begun: ExitStack, folder: Path) -> Path:
    """Return a folder, made if it is not there; what was made is removed when `begun` ends, if it is empty then."""
    for path in (*reversed(folder.parents), folder):
        if not path.exists():
            begun.callback(_remove_empty, path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _made(begun: ExitStack, label: str) -> Path:
    """Return a folder under ./pcqa_runs that nobody else made."""
    _there(begun, RUNS)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{label}"
    for number in count(1):
        folder = RUNS / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir()
            begun.callback(_remove_empty, folder)
            return folder
    raise AssertionError("there is always a next name")


def _remove_empty(folder: Path) -> None:
    """Remove a folder if there is nothing in it; leave anything else alone."""
    with suppress(OSError):
        folder.rmdir()
