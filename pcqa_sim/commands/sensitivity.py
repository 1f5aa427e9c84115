"""`pcqa sensitivity`: which of some settings matter most for a metric."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import (
    Out,
    Overrides,
    Seed,
    Workers,
    attempt,
    command_line,
    practice_of,
    processes_here,
    progress,
    scenario_of,
    told_if_not_written,
)
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_POINTS, MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.configuration.ranges import Varied
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.criterion import Yardstick

POINTS = {"morris": 10, "sobol": 64}


class Method(StrEnum):
    """How what matters is measured."""

    morris = "morris"
    sobol = "sobol"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sensitivity)


@dataclass(frozen=True)
class SensitivityRequest:
    """What was asked, in plain data, as run.json keeps it."""

    metric: str
    vary: list[str]
    method: str = "morris"
    points: int = POINTS["morris"]
    reps: int = 2
    practice: str = ""


@dataclass(frozen=True)
class Asked:
    """What was asked, understood and known to make sense."""

    base: Scenario
    yardstick: Yardstick
    varied: Varied


def sensitivity(
    metric: Annotated[str, typer.Option(help="what should be explained, such as missed_share")],
    vary: Annotated[list[str], typer.Option(metavar="KEY=A..B", help="setting to vary; give it for each, two or more")],
    overrides: Overrides = None,
    method: Annotated[
        Method, typer.Option(help="morris: few runs, a ranking; sobol: more runs, shares")
    ] = Method.morris,
    points: Annotated[
        int | None,
        typer.Option(min=2, max=MOST_POINTS, help="trajectories (morris) or base points, a power of 2 (sobol)"),
    ] = None,
    reps: Annotated[int, typer.Option(min=1, max=MOST_REPLICATIONS, help="replications of each point")] = 2,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Rank settings by how much they matter for a metric, over the ranges you give.

    Needs the extra `analysis`: pip install 'pcqa-sim[analysis]'.

    Example: pcqa sensitivity practice=small --metric missed_share --vary phones.patience.mean_min=15..40
    --vary practice.demand_level=0.9..1.1 --vary intervention.more_call_handlers.extra=0..2
    """
    many = POINTS[method.value] if points is None else points
    request = SensitivityRequest(metric, vary, method.value, many, reps, practice)
    asked = understood(request, overrides or [], seed)
    from pcqa_sim.study.claiming import claimed, label_of

    with claimed(out, label_of(asked.base), command_line()) as folder:
        carry_out(asked, request, folder, processes_here(workers))


def understood(request: SensitivityRequest, overrides: Sequence[str], seed: int | None) -> Asked:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.configuration.ranges import read_ranges
    from pcqa_sim.study.criterion import read_yardstick
    from pcqa_sim.study.sensitivity import need_salib

    need_salib()
    base = scenario_of(list(overrides), seed)
    practice = practice_of(base, request.practice)
    faults: list[Fault] = []
    yardstick = attempt(lambda: read_yardstick(request.metric, practice), faults)
    varied = attempt(lambda: read_ranges(request.vary, overrides), faults)
    if varied is not None and len(varied.ranges) < 2:
        faults.append(Fault("--vary", "at least two settings, each with its own --vary", ", ".join(request.vary)))
    if request.method == "sobol" and request.points & (request.points - 1):
        near = str(1 << (request.points.bit_length() - 1))
        faults.append(Fault("--points", "a power of 2 for sobol", str(request.points), near))
    if faults or yardstick is None or varied is None:
        raise BadInput(faults)
    return Asked(base, yardstick, varied)


def carry_out(asked: Asked, request: SensitivityRequest, folder: Path, workers: int) -> list[Path]:
    """Run the design, write the files of the study, and print what matters most; return the files' paths."""
    from pcqa_sim.report import sensitivity as words
    from pcqa_sim.report.console import print_files, print_told
    from pcqa_sim.study import sensitivity as studies
    from pcqa_sim.study.files import write_finding
    from pcqa_sim.study.points import points_of_design
    from pcqa_sim.study.provenance import Request
    from pcqa_sim.study.surface import fit_surface
    from pcqa_sim.study.trials import Trials

    begun, ranges, seed = time.monotonic(), asked.varied.ranges, asked.base.run.seed
    method: studies.Method = "morris" if request.method == "morris" else "sobol"
    runs = studies.rows_of(method, len(ranges), request.points) * request.reps
    maps = [(one.at if method == "morris" else one.evenly, one.place) for one in ranges]
    with progress(f"{asked.base.weeks} weeks, up to {runs} runs", runs) as done:
        trials = Trials(asked.varied.scenario_at, [asked.yardstick], seed, workers=workers, done=done)
        found = studies.sensitivity(method, maps, trials, request.points, request.reps)
    points = points_of_design([one.key for one in ranges], [(one.low, one.high) for one in ranges], found)
    fitted = attempt(lambda: fit_surface(points.places, points.values), [])
    overrides = {made.hash(): list(asked.varied.overrides_at(at)) for at, made in trials.scenarios.items()}
    overrides = {asked.base.hash(): list(asked.varied.asked)} | overrides
    made = Request("sensitivity", command_line(), asdict(request), overrides)
    finding = words.finding(found, asked.yardstick, ranges, fitted, points)

    def tell() -> None:
        print_told(asked.base, asked.yardstick.practice, words.told(found, asked.yardstick, ranges, fitted))

    with told_if_not_written(tell):
        written = write_finding(finding, folder, made, seed, time.monotonic() - begun)
    tell()
    print_files(folder, written[: len(finding.figures) + len(finding.tables)])
    return written
