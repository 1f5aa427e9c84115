"""Where the units of a study are done, from the options of a command: processes here, a Dask cluster, a job array."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.commands.options import processes_here
from pcqa_sim.study.readback import resume_command
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.engines import Engine
    from pcqa_sim.study.plan import Plan

WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Workplace:
    """An engine as asked for; raises BadInput for options that do not go together."""

    name: str = "local"
    workers: int | None = None
    scheduler: str = ""
    cluster: Path | None = None
    limit_s: float = 3600.0

    def __post_init__(self) -> None:
        if self.scheduler and self.cluster is not None:
            raise BadInput(Fault("--scheduler", "is for a cluster that runs, --cluster starts one: give one of them"))
        if self.name == "dask" and not self.on_dask:
            raise BadInput(Fault("--engine", "needs --scheduler ADDRESS or --cluster YAML", "dask"))
        if self.on_dask and self.workers is not None:
            raise BadInput(Fault("--workers", "is for processes here; a Dask cluster has its own workers"))

    @property
    def on_dask(self) -> bool:
        """Tell whether a Dask cluster was named, which is asking for Dask."""
        return bool(self.scheduler) or self.cluster is not None

    @property
    def processes(self) -> int:
        """Return how many processes there are for an estimate of time; 1 where only the cluster knows."""
        return 1 if self.on_dask else processes_here(self.workers)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Give the engine, ready to work; end what was started for it."""
        if not self.on_dask:
            from pcqa_sim.study.engines.local import Local

            yield Local(processes_here(self.workers), limit_s=self.limit_s)
            return
        with self._client() as (client, wait_s):
            from pcqa_sim.study.engines.dask_engine import Dask

            used = Dask(client, self.limit_s, wait_s)
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


def write_sbatch(path: Path, folder: Path, plan: Plan, parts: int) -> None:
    """Write the script of a job array that does a planned study, and say what to do with it."""
    from pcqa_sim.study.engines.sbatch import sbatch_script
    from pcqa_sim.study.wholefile import put_bytes

    used = min(parts, plan.size)
    (folder / "slurm").mkdir(exist_ok=True)
    put_bytes(path, sbatch_script(folder, used, plan.size).encode())
    print(f"Planned {plan.size:,} units in {shown(folder)}; nothing was run.")
    print(f"  submit:   sbatch {shown(shlex.quote(str(path)))}")
    together = shown(resume_command(folder))
    print(f"  together: {together}    (when the jobs have ended: does what is missing, and gathers)")
