"""Where the units of a study are done, from the options of a command: here, a Dask cluster, or a job array."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.commands.options import processes_here
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.engines import Deferred, Engine

WAIT_SECONDS = 60.0
LIMIT_MINUTES = 60.0
SERIAL, LOCAL, DASK, ARRAY = "serial", "local", "dask", "array"


@dataclass(frozen=True)
class Workplace:
    """An engine as asked for; raises BadInput for options that do not go together.

    `limit` is the longest time for one unit, in minutes; None where nothing was said.
    """

    name: str = ""
    workers: int | None = None
    scheduler: str = ""
    cluster: Path | None = None
    limit: float | None = None
    script: Path | None = None
    parts: int = 100

    def __post_init__(self) -> None:
        if self.scheduler and self.cluster is not None:
            raise BadInput(Fault("--scheduler", "is for a cluster that runs, --cluster starts one: give one of them"))
        if self.name == DASK and not self.on_dask:
            raise BadInput(Fault("--engine", "needs --scheduler ADDRESS or --cluster YAML", DASK))
        if self.on_dask and self.workers is not None:
            raise BadInput(Fault("--workers", "is for processes here; a Dask cluster has its own workers"))
        if len(self._meant) > 1:
            raise BadInput(Fault("--engine", f"one place at a time, not {' and '.join(self._meant)}", self.name))
        if self.name == SERIAL and (self.workers or 1) > 1:
            raise BadInput(Fault("--workers", "more than 1 is for --engine local", str(self.workers)))

    @property
    def on_dask(self) -> bool:
        """Tell whether a Dask cluster was named, which is asking for Dask."""
        return bool(self.scheduler) or self.cluster is not None

    @property
    def _meant(self) -> list[str]:
        """Return the places that the options name, each once."""
        asked = (self.name, DASK if self.on_dask else "", ARRAY if self.script is not None else "")
        return list(dict.fromkeys(name for name in asked if name))

    @property
    def chosen(self) -> str:
        """Return the place: as named; else this process for one worker that need not be watched, else processes."""
        if self._meant:
            return self._meant[0]
        return SERIAL if processes_here(self.workers) == 1 and self.limit is None else LOCAL

    @property
    def processes(self) -> int:
        """Return how many processes there are for an estimate of time; 1 where only the cluster knows."""
        return {LOCAL: processes_here(self.workers), ARRAY: self.parts}.get(self.chosen, 1)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Give the engine, ready to work; end what was started for it."""
        limit_s = 60 * (LIMIT_MINUTES if self.limit is None else self.limit)
        if self.chosen == SERIAL:
            from pcqa_sim.study.engines.serial import Serial

            yield Serial()
        elif self.chosen == LOCAL:
            from pcqa_sim.study.engines.local import Local

            yield Local(processes_here(self.workers), limit_s=limit_s)
        elif self.chosen == ARRAY:
            from pcqa_sim.study.engines.array import Array

            yield Array(self.parts, self.script)
        else:
            yield from self._dask(limit_s)

    def _dask(self, limit_s: float) -> Iterator[Engine]:
        from pcqa_sim.study.engines.dask_engine import Dask

        with self._client() as (client, wait_s):
            used = Dask(client, limit_s, wait_s)
            try:
                yield used
            finally:
                used.close()

    @contextmanager
    def _client(self) -> Iterator[tuple[Any, float]]:
        """Give a client of the scheduler named or started, and the longest wait for its first worker."""
        if self.cluster is None:
            from pcqa_sim.study.engines.dask_engine import connected

            yield connected(self.scheduler), WAIT_SECONDS
            return
        from pcqa_sim.study.engines.slurm import read_cluster, slurm_client

        settings = read_cluster(self.cluster)
        with slurm_client(settings) as client:
            yield client, settings.wait_minutes * 60


def tell_deferred(later: Deferred, folder: Path) -> None:
    """Print what is to be done with a job array that was written, and what goes on after it."""
    from pcqa_sim.study.readback import resume_command

    together = resume_command(folder, "--engine", ARRAY, "--parts", str(later.parts))
    print(f"Planned {later.units:,} units in {shown(folder)}; none of them was run.")
    print(f"  submit:   sbatch {shown(shlex.quote(str(later.script)))}")
    print(f"  together: {shown(together)}")
    print("            when the jobs have ended: does what is missing in the same way, or gathers and answers")
