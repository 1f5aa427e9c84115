"""Dask workers as Slurm jobs, by dask_jobqueue, from a YAML file that a cluster's administrator can read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.plaintext import decoded
from pcqa_sim.values.reading import bytes_of, read_yaml

if TYPE_CHECKING:
    from distributed import Client


class SlurmSettings(BaseModel):
    """What a cluster file says: how many jobs, what each asks of Slurm, and how its workers are started."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jobs: int = Field(ge=1, le=10_000, description="Slurm jobs to keep running")
    cores: int = Field(default=1, ge=1, le=1024, description="processors of a job; one worker process each")
    memory: str = Field(default="2GB", description="memory of a job, such as 4GB")
    walltime: str = Field(default="02:00:00", description="time limit of a job, HH:MM:SS; ended jobs are replaced")
    queue: str | None = Field(default=None, description="partition")
    account: str | None = Field(default=None, description="account to charge")
    interface: str | None = Field(default=None, description="network interface of the workers and the scheduler")
    host: str | None = Field(default=None, description="address at which the scheduler listens, instead of interface")
    python: str | None = Field(default=None, description="Python of the workers; this one by default")
    prologue: tuple[str, ...] = Field(default=(), description="lines of the job before the worker, such as module load")
    directives: tuple[str, ...] = Field(default=(), description="more #SBATCH directives, such as --constraint=cpu")
    without: tuple[str, ...] = Field(default=(), description="directives to leave out, such as --mem")
    log_folder: str = Field(default="slurm-logs", description="folder for the logs of the jobs")
    wait_minutes: float = Field(default=60.0, gt=0, description="longest wait for the first job to start")


def read_cluster(path: Path) -> SlurmSettings:
    """Return the settings of a cluster file; raise BadInput naming every fault in it."""
    try:
        tree = read_yaml(decoded(bytes_of(path)), str(path))
    except FileNotFoundError:
        raise BadInput(Fault("--cluster", "is not there", str(path))) from None
    except BadInput as bad:
        raise BadInput(Fault(str(path), f"is not readable YAML: {bad.faults[0].rule}")) from None
    except OSError as fault:
        raise BadInput(Fault(str(path), f"cannot be read: {fault.strerror}")) from None
    except ValueError as fault:
        raise BadInput(Fault(str(path), str(fault))) from None
    if not isinstance(tree, dict):
        raise BadInput(Fault(str(path), "must hold settings, such as jobs: 10"))
    try:
        return SlurmSettings.model_validate(tree)
    except ValidationError as error:
        raise BadInput([_fault(path, details) for details in error.errors(include_url=False)]) from None


def _fault(path: Path, details: Any) -> Fault:
    key = ".".join(map(str, details["loc"]))
    known = SlurmSettings.model_fields
    if details["type"] == "extra_forbidden":
        rule = f"is not a setting of a cluster file ({', '.join(known)})"
        return Fault(f"{path}: {key}", rule, str(details["input"]), nearest(key, known))
    field = known.get(str(details["loc"][0]))
    meaning = f" ({field.description})" if field is not None and field.description else ""
    given = "" if details["type"] == "missing" else str(details["input"])
    return Fault(f"{path}: {key}", f"{details['msg'][:1].lower()}{details['msg'][1:]}{meaning}", given)


@contextmanager
def slurm_client(settings: SlurmSettings) -> Iterator[Client]:
    """Start a scheduler here and workers as Slurm jobs; give a client, and end the jobs afterwards."""
    try:
        from dask_jobqueue import SLURMCluster
        from distributed import Client
    except ImportError:
        raise BadInput(Fault("--cluster", "needs the packages of Dask: pip install 'pcqa-sim[cluster]'")) from None
    if shutil.which("sbatch") is None:
        raise BadInput(Fault("--cluster", "needs Slurm's sbatch on the path: run this where jobs can be submitted"))
    scheduler = {"dashboard_address": None} | ({"host": settings.host} if settings.host else {})
    cluster = SLURMCluster(
        cores=settings.cores,
        processes=settings.cores,
        memory=settings.memory,
        walltime=settings.walltime,
        queue=settings.queue,
        account=settings.account,
        interface=settings.interface,
        python=settings.python,
        job_script_prologue=list(settings.prologue),
        job_extra_directives=list(settings.directives),
        job_directives_skip=list(settings.without),
        log_directory=settings.log_folder,
        scheduler_options=scheduler,
    )
    with cluster:
        # Jobs that end, by their time limit or otherwise, are replaced.
        cluster.adapt(minimum_jobs=settings.jobs, maximum_jobs=settings.jobs)
        with Client(cluster, set_as_default=False) as client:
            yield client
