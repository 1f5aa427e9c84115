"""The job array as an engine: it does nothing here, but writes down what is to be done and the script that does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pcqa_sim.study.engines import Deferred
from pcqa_sim.study.engines.sbatch import sbatch_script
from pcqa_sim.study.result import EXTRAS, Extra
from pcqa_sim.study.task import Receipt, Task, perform
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_UNITS
from pcqa_sim.values.wholefile import put_bytes, whole_file

SLURM, UNITS_TO_DO = "slurm", "slurm/units.txt"


@dataclass(frozen=True)
class Array:
    """A Slurm job array of `parts` jobs at the most, whose script is written to a file.

    Without a file of its own the script of each round is a new one in the study's folder. A round of one unit, with
    which a search makes sure that its question makes sense, is done in this process.
    """

    parts: int
    script: Path | None = None

    def describe(self) -> str:
        """Return where units are done."""
        return f"a job array of {self.parts:,} parts"

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Write down which units are to be done, and raise Deferred, naming the script to be submitted."""
        ahead = iter(tasks)
        first, second = next(ahead), next(ahead, None)
        if second is None:
            yield perform(first)
            return
        folder = Path(first.folder)
        (folder / SLURM).mkdir(exist_ok=True)
        script = self.script or _next_script(folder)
        many = 0
        with whole_file(folder / UNITS_TO_DO) as draft, draft.open("w", encoding="ascii") as file:
            for task in chain([first, second], ahead):
                file.write(" ".join((str(task.unit), *task.keeps)) + "\n")
                many += 1
        used = min(self.parts, many)
        put_bytes(script, sbatch_script(folder, used, many).encode())
        raise Deferred(many, self.parts, script)


def _next_script(folder: Path) -> Path:
    there = len(list((folder / SLURM).glob("round-*.sbatch")))
    return folder / SLURM / f"round-{there + 1}.sbatch"


def units_of_part(folder: Path, part: int, of: int) -> dict[Unit, tuple[Extra, ...]]:
    """Return every `of`-th of the units that were written down, beginning with number `part`, and what each keeps.

    Raises BadInput where none were written down, or a line names none.
    """
    path = folder / UNITS_TO_DO
    found: dict[Unit, tuple[Extra, ...]] = {}
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            for number, line in enumerate(file):
                if number >= MOST_UNITS:
                    raise BadInput(Fault(str(path), f"has more than {MOST_UNITS:,} lines"))
                if number % of == part:
                    unit, keeps = _read(line, path, number)
                    found[unit] = keeps
    except FileNotFoundError:
        rule = "was not planned for a job array: do that with --engine array, or --write-sbatch FILE"
        raise BadInput(Fault(str(folder), rule)) from None
    return found


def _read(line: str, path: Path, number: int) -> tuple[Unit, tuple[Extra, ...]]:
    name, *words = line.split()[:3] or [""]
    unit = Unit.parsed(name)
    keeps = tuple(extra for extra in EXTRAS if extra in words)
    if unit is None or list(keeps) != words:
        raise BadInput(Fault(f"{path}, line {number + 1}", "does not name a unit", line.strip()))
    return unit, keeps
