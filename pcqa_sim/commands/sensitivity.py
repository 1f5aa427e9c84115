"""`pcqa sensitivity`: which of some settings matter most for a metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pcqa_sim.commands.options import Overrides, Seed, attempt
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.commands.varying import asked_again, need, overrides_of, start_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_POINTS, MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.configuration.ranges import Varied
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.design.points import Points
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling, Finding
    from pcqa_sim.study.methods.sensitivity import Sensitivity
    from pcqa_sim.study.methods.surface import Surface
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.statistics.criterion import Yardstick

KIND = "sensitivity"
POINTS = {"morris": 10, "sobol": 64}


class Method(StrEnum):
    """How what matters is measured."""

    morris = "morris"
    sobol = "sobol"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(sensitivity))


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
class Understood:
    """What was asked, understood and known to make sense."""

    made: Resolved
    base: Scenario
    yardstick: Yardstick
    varied: Varied


def sensitivity(
    options: Options,
    metric: Annotated[
        str, typer.Option(help="what should be explained, such as missed_share", show_default=False)
    ] = "",
    vary: Annotated[
        list[str] | None, typer.Option(metavar="KEY=A..B", help="setting to vary; give it for each, two or more")
    ] = None,
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
) -> None:
    """Rank settings by how much they matter for a metric, over the ranges you give.

    Needs the extra `analysis`: pip install 'pcqa-sim[analysis]'.

    Example: pcqa sensitivity practice=small --metric missed_share --vary phones.patience.mean_min=15..40
    --vary practice.demand_level=0.9..1.1 --vary intervention.more_call_handlers.extra=0..2
    """
    named = bool(overrides or metric or vary)
    if named or not options.resume:
        need({"--metric": metric, "--vary": vary})
    many = POINTS[method.value] if points is None else points
    request = SensitivityRequest(metric, vary or [], method.value, many, reps, practice)
    conduct(KIND, again, lambda: asked_of(request, understood(request, overrides or [], seed)), options, named)


def again(record: Record, _: int | None = None) -> Asked:
    """Return what a record of such a study asked; raise BadInput where settings files now say otherwise."""
    return asked_again(record, SensitivityRequest(**record.parameters), understood, asked_of)


def understood(request: SensitivityRequest, overrides: Sequence[str], seed: int | None) -> Understood:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.configuration.ranges import read_ranges
    from pcqa_sim.study.methods.sensitivity import need_salib
    from pcqa_sim.study.statistics.criterion import read_yardstick

    need_salib()
    start = start_of(overrides, seed, request.practice)
    faults: list[Fault] = []
    yardstick = attempt(lambda: read_yardstick(request.metric, start.practice), faults)
    varied = attempt(lambda: read_ranges(request.vary, overrides), faults)
    if varied is not None and len(varied.ranges) < 2:
        faults.append(Fault("--vary", "at least two settings, each with its own --vary", ", ".join(request.vary)))
    if request.method == "sobol" and request.points & (request.points - 1):
        near = str(1 << (request.points.bit_length() - 1))
        faults.append(Fault("--points", "a power of 2 for sobol", str(request.points), near))
    if faults or yardstick is None or varied is None:
        raise BadInput(faults)
    return Understood(start.made, start.base, yardstick, varied)


def asked_of(request: SensitivityRequest, found: Understood) -> Asked:
    """Return the study of a design."""
    from pcqa_sim.study.methods.sensitivity import rows_of

    base = found.base
    runs = rows_of(_method(request), len(found.varied.ranges), request.points) * request.reps
    return Asked(
        kind=KIND,
        scenarios={base.hash(): base},
        overrides={base.hash(): list(found.varied.asked)},
        parameters=asdict(request),
        method=partial(_found, request, found),
        words=f"{base.weeks} weeks, up to {runs} runs",
        most=runs,
        periods="weeks",
        made=lambda: found.made,
    )


def _method(request: SensitivityRequest) -> Literal["morris", "sobol"]:
    return "morris" if request.method == "morris" else "sobol"


@dataclass(frozen=True)
class Ranked:
    """What matters most, and what was asked."""

    asked: Understood
    found: Sensitivity

    @cached_property
    def _points(self) -> Points:
        from pcqa_sim.study.design.points import points_of_design

        ranges = self.asked.varied.ranges
        return points_of_design([one.key for one in ranges], [(one.low, one.high) for one in ranges], self.found)

    @cached_property
    def _surface(self) -> Surface | None:
        from pcqa_sim.study.methods.surface import fit_surface

        return attempt(lambda: fit_surface(self._points.places, self._points.values), [])

    @cached_property
    def _finding(self) -> Finding:
        from pcqa_sim.report import sensitivity as words

        return words.finding(self.found, self.asked.yardstick, self.asked.varied.ranges, self._surface, self._points)

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write figures, tables and metrics."""
        self._finding.fill(files)
        return {"overrides": overrides_of(self.asked.base, self.asked.varied, self.found.trials.scenarios)}

    def tell(self) -> None:
        """Print what matters most."""
        from pcqa_sim.report import sensitivity as words
        from pcqa_sim.report.console import told_text

        told = words.told(self.found, self.asked.yardstick, self.asked.varied.ranges, self._surface)
        print(told_text(self.asked.base, self.asked.yardstick.practice, told))

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[: len(self._finding.figures) + len(self._finding.tables)]))


def _found(request: SensitivityRequest, asked: Understood, do: Execution) -> Ranked:
    from pcqa_sim.study.methods import sensitivity as studies
    from pcqa_sim.study.methods.trials import Trials

    method, ranges = _method(request), asked.varied.ranges
    maps = [(one.at if method == "morris" else one.evenly, one.place) for one in ranges]
    trials = Trials(asked.varied.scenario_at, [asked.yardstick], asked.base.run.seed, do)
    return Ranked(asked, studies.sensitivity(method, maps, trials, request.points, request.reps))
