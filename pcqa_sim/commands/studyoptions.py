"""The options that every study command has: where results go, what is gone on with, and where units are done."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from pcqa_sim.commands.options import Workers
from pcqa_sim.commands.workplaces import Workplace


class EngineName(StrEnum):
    """Where units are done."""

    serial = "serial"
    local = "local"
    dask = "dask"
    array = "array"


@dataclass(frozen=True)
class Options:
    """What was said beside the study itself."""

    out: Path | None = None
    resume: bool = False
    accept: bool = False
    yes: bool = False
    dry_run: bool = False
    place: Workplace = field(default_factory=Workplace)
    full: bool = False


Full = Annotated[bool, typer.Option("--full", help="print every number with its interval, not the first sentences")]


def study_options(
    out: Annotated[Path | None, typer.Option(help="folder for the results; new or empty, but for --resume")] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="go on with the study in --out: do what is missing; where none is, begin the one that is named",
        ),
    ] = False,
    accept_version: Annotated[
        bool, typer.Option("--accept-version", help="go on although code or settings changed since")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="begin a very large study")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be done, and do nothing")] = False,
    engine: Annotated[
        EngineName | None,
        typer.Option(
            help="this process, processes here (the default), a Dask cluster, or a job array", show_default=False
        ),
    ] = None,
    workers: Workers = None,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="a Dask scheduler, such as tcp://127.0.0.1:8786")
    ] = "",
    cluster: Annotated[
        Path | None, typer.Option(metavar="YAML", help="a Slurm cluster to start Dask workers on")
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option(min=0.01, metavar="MINUTES", help="longest time for one unit, 60 by default", show_default=False),
    ] = None,
    write_sbatch: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the script of --engine array; only plan, and write it")
    ] = None,
    parts: Annotated[int, typer.Option(min=1, help="jobs of --engine array")] = 100,
) -> Options:
    """Return the options as one thing; raise BadInput for those that do not go together."""
    name = "" if engine is None else engine.value
    place = Workplace(name, workers, scheduler, cluster, limit, write_sbatch, parts)
    return Options(out, resume, accept_version, yes, dry_run, place)


def study_command(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has these options beside its own; the command gets them as `options`."""
    hints = get_type_hints(command, include_extras=True)
    own = [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values()]
    shared = inspect.signature(study_options, eval_str=True).parameters

    @wraps(command)
    def with_options(**given: Any) -> None:
        options = study_options(**{name: given.pop(name) for name in shared})
        command(**given, options=options)

    parameters = [*(p for p in own if p.name != "options"), *shared.values()]
    kept = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    with_options.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in kept}
    return with_options
