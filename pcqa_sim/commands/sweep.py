"""`pcqa sweep`: many scenarios with the same luck, in a ledger that survives whatever stops it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import Overrides, Seed, Workers, progress
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.limits import MOST_POINTS, MOST_REPLICATIONS
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.driver import Outcome, Watcher
    from pcqa_sim.study.engines import Engine
    from pcqa_sim.study.plan import Plan

LINE_EVERY_SECONDS = 60.0
DEFAULT_METRIC = "failure_share"


class EngineName(StrEnum):
    """Where units are done."""

    local = "local"
    dask = "dask"


class DesignName(StrEnum):
    """How ranges are sampled."""

    sobol = "sobol"
    lhs = "lhs"
    morris = "morris"


class Kept(StrEnum):
    """Which periods a unit keeps."""

    all = "all"
    weeks = "weeks"
    days = "days"


Vary = Annotated[
    list[str] | None, typer.Option(metavar="KEY=a..b", help="a range, both ends included; give it again for another")
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(help=f"what to print of each point, {DEFAULT_METRIC} by default; give it again for another"),
]
Scheduler = Annotated[str, typer.Option(metavar="ADDRESS", help="a Dask scheduler, such as tcp://127.0.0.1:8786")]
Cluster = Annotated[Path | None, typer.Option(metavar="YAML", help="a Slurm cluster to start Dask workers on")]
Sbatch = Annotated[
    Path | None, typer.Option(metavar="FILE", help="only plan, and write a Slurm job array that does the units")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sweep)


def sweep(
    overrides: Overrides = None,
    vary: Vary = None,
    design: Annotated[DesignName | None, typer.Option(help="sample the ranges instead of taking all values")] = None,
    points: Annotated[int, typer.Option(min=0, max=MOST_POINTS, help="points of the design", show_default=False)] = 0,
    reps: Annotated[
        int | None, typer.Option(min=1, max=MOST_REPLICATIONS, help="replications of each scenario")
    ] = None,
    seed: Seed = None,
    metric: Metrics = None,
    out: Annotated[Path | None, typer.Option(help="folder of the study; new or empty, but for --resume")] = None,
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
    keep: Annotated[Kept | None, typer.Option(help="periods a unit keeps, days by default; fewer are smaller")] = None,
    engine: Annotated[EngineName, typer.Option(help="processes here, or a Dask cluster")] = EngineName.local,
    workers: Workers = None,
    scheduler: Scheduler = "",
    cluster: Cluster = None,
    limit: Annotated[float, typer.Option(min=0.01, metavar="MINUTES", help="longest time for one unit")] = 60.0,
    write_sbatch: Sbatch = None,
    parts: Annotated[int, typer.Option(min=1, help="jobs in the array of --write-sbatch")] = 100,
) -> None:
    """Run many scenarios with the same people and the same luck; whatever stops it, --resume goes on.

    Several values make several scenarios: practice=small,average, phones.lines=range(4,12), which leaves out 12,
    intervention=[],[a],[a,b], or --vary phones.lines=4..12, which does not. Everything is combined with everything.

    Example: pcqa sweep practice=small phones.lines=4,8,16 "intervention=[],[more_call_handlers]" --out lines

    Example: pcqa sweep --vary phones.lines=3..12 --vary practice.demand_level=0.8..1.2 --design sobol --points 64
    """
    from pcqa_sim.commands import planning, workplaces
    from pcqa_sim.study.plan import Asked

    metrics = _known_metrics(metric)
    asked = Asked(tuple(overrides or ()), tuple(vary or ()), "" if design is None else design.value, points)
    kept = None if keep is None else keep.value
    wanted = planning.Wanted(asked, reps, seed, kept, resume, accept_version, yes)
    place = workplaces.Workplace(engine.value, workers, scheduler, cluster, limit * 60)
    prepared = planning.prepare(wanted, out, place.processes)
    if write_sbatch is not None:
        with prepared.held(_Shown.note, progress) as (folder, plan):
            workplaces.write_sbatch(write_sbatch, folder, plan, parts)
        return
    with place.engine() as used, prepared.held(_Shown.note, progress) as (folder, plan):
        outcome = _carry_out(folder, plan, used)
    _tell(folder, plan, outcome, metrics, used)


def _known_metrics(names: list[str] | None) -> list[str]:
    """Return the metrics to print; raise BadInput for an unknown one, with the nearest."""
    from pcqa_sim.results.metrics import METRICS, unknown_metric

    faults = [unknown_metric("--metric", name) for name in names or () if name not in METRICS]
    if faults:
        raise BadInput(faults)
    return names or [DEFAULT_METRIC]


def _carry_out(folder: Path, plan: Plan, engine: Engine) -> Outcome:
    """Have the units done, showing how it goes; when interrupted, say how to go on."""
    from pcqa_sim.study.driver import carry_out, record_finished
    from pcqa_sim.study.ledger import Ledger
    from pcqa_sim.study.readback import resume_command

    try:
        with _watching(plan, engine) as watcher:
            outcome = carry_out(folder, plan, engine, watcher=watcher)
        record_finished(folder, outcome, engine.describe())
        return outcome
    except KeyboardInterrupt:
        there = Ledger(folder).count()
        _Shown.note(f"{there:,} of {plan.size:,} units are there; go on with: {resume_command(folder)}")
        raise


class _Shown:
    """Lines on standard error, beside a progress bar or in the log of a batch job."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._begun = self._said = time.monotonic()
        self._first: int | None = None

    @staticmethod
    def note(text: str) -> None:
        print(shown(text), file=sys.stderr, flush=True)

    def now_and_then(self, finished: int) -> None:
        """Say every minute how far the study is: for logs, where no bar can be shown."""
        if self._first is None:
            self._first = finished
        now = time.monotonic()
        if now - self._said >= LINE_EVERY_SECONDS and finished > self._first:
            self._said = now
            left = (now - self._begun) / (finished - self._first) * (self._total - finished)
            self.note(f"{finished:,} of {self._total:,} units; about {max(1, round(left / 60)):,} min to go")


@contextmanager
def _watching(plan: Plan, engine: Engine) -> Iterator[Watcher]:
    from pcqa_sim.study.driver import Watcher

    shown = _Shown(plan.size)
    words = f"{len(plan.scenarios):,} scenarios x {plan.replications} on {engine.describe()}"
    with progress(words, plan.size) as bar:

        def step(finished: int) -> None:
            bar(finished)
            if not sys.stderr.isatty():
                shown.now_and_then(finished)

        yield Watcher(step, shown.note)


def _tell(folder: Path, plan: Plan, outcome: Outcome, metrics: list[str], engine: Engine) -> None:
    """Print the results and where they are; raise Exit(1) where any unit failed."""
    from pcqa_sim.report import sweeps
    from pcqa_sim.study.driver import FAILURES

    sweeps.print_sweep(folder, plan, outcome, metrics, engine.describe())
    if outcome.failed:
        many = f"{len(outcome.failed):,} of {plan.size:,} units failed"
        _Shown.note(f"{many}: see {folder / FAILURES}; --resume tries them again")
        raise typer.Exit(1)
