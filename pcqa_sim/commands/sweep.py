"""`pcqa sweep`: many scenarios with the same luck, in a store that survives whatever stops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.options import Overrides, Seed, resolved_of
from pcqa_sim.commands.studying import Asked, accomplish, begin, held, only_shown, record_of, study_there
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.commands.watching import note
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.limits import MOST_POINTS, MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.commands.planning import Request, Wanted
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.design.plan import Asked as SweepAsked
    from pcqa_sim.study.design.plan import Plan
    from pcqa_sim.study.execute import Execution, Outcome
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.record import Record

KIND, DEFAULT_METRIC = "sweep", "failure_share"


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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(sweep))


def sweep(
    options: Options,
    overrides: Overrides = None,
    vary: Vary = None,
    design: Annotated[DesignName | None, typer.Option(help="sample the ranges instead of taking all values")] = None,
    points: Annotated[int, typer.Option(min=0, max=MOST_POINTS, help="points of the design", show_default=False)] = 0,
    reps: Annotated[
        int | None, typer.Option(min=1, max=MOST_REPLICATIONS, help="replications of each scenario")
    ] = None,
    seed: Seed = None,
    metric: Metrics = None,
    keep: Annotated[Kept | None, typer.Option(help="periods a unit keeps, days by default; fewer are smaller")] = None,
) -> None:
    """Run many scenarios with the same people and the same luck; whatever stops it, --resume goes on.

    Several values make several scenarios: practice=small,average, phones.lines=range(4,12), which leaves out 12,
    intervention=[],[a],[a,b], or --vary phones.lines=4..12, which does not. Everything is combined with everything.

    Example: pcqa sweep practice=small phones.lines=4,8,16 "intervention=[],[more_call_handlers]" --out lines

    Example: pcqa sweep --vary phones.lines=3..12 --vary practice.demand_level=0.8..1.2 --design sobol --points 64
    """
    from pcqa_sim.commands.planning import Wanted
    from pcqa_sim.study.design import plan as plans

    metrics = _known_metrics(metric)
    asked = plans.Asked(tuple(overrides or ()), tuple(vary or ()), "" if design is None else design.value, points)
    wanted = Wanted(asked, reps, seed, None if keep is None else keep.value, options.accept)
    there = study_there(KIND, options, bool(asked))
    if there is None:
        begin(asked_of(wanted, metrics), options)
    else:
        go_on(there, wanted, options, metrics)


def go_on(there: Record, wanted: Wanted, options: Options, metrics: Sequence[str]) -> None:
    """Go on with the sweep in a folder, with more replications or accepted changes where they are wanted."""
    from pcqa_sim.commands.planning import gone_on
    from pcqa_sim.study.design.plan import read_plan

    folder = there.path.parent
    read_plan(folder, points_lost=True)
    with options.place.engine() as engine, held(folder):
        plan = gone_on(wanted, there)
        going = _asked_of_plan(plan, there, metrics)
        if not only_shown(going, options):
            accomplish(folder, record_of(going, folder, there), going, engine)


def again(record: Record, replications: int | None = None) -> Asked:
    """Return what a record of a sweep asked, to be composed anew; raise BadInput where settings now say otherwise."""
    from pcqa_sim.commands.planning import Wanted
    from pcqa_sim.study.design.plan import read_plan

    plan = read_plan(record.path.parent, points_lost=True)
    many = replications or plan.replications
    return asked_of(Wanted(plan.asked, many, plan.seed, plan.periods), [DEFAULT_METRIC])


def asked_of(wanted: Wanted, metrics: Sequence[str]) -> Asked:
    """Return a sweep that is to be begun; raise BadInput naming every fault that shows before it is composed."""
    from pcqa_sim.commands.planning import checked_seed, first_overrides, first_scenario, read_request
    from pcqa_sim.scenario import with_settings

    request = read_request(wanted.asked)
    first = first_scenario(request)
    seed = checked_seed(wanted.seed, first)
    many = wanted.replications or first.run.replications
    units = request.size * many
    overrides = first_overrides(request, seed)
    return _sweep(
        wanted.asked,
        metrics,
        words=f"{request.size:,} scenarios x {many}",
        most=units,
        replications=many,
        periods=wanted.periods or "days",
        made=lambda: resolved_of([[one] for one in overrides]),
        like=lambda: with_settings(first, {"run.seed": seed}),
        size=f"{request.size:,} scenarios x {many} replications = {units:,} units",
        plan=lambda folder: _plan_written(wanted, folder, request, first, overrides),
    )


def _sweep(asked: SweepAsked, metrics: Sequence[str], **rest: Any) -> Asked:
    """Return a sweep as a study, whose scenarios and overrides are those of its plan."""
    method = partial(_swept, metrics)
    return Asked(kind=KIND, scenarios={}, overrides={}, parameters=asdict(asked), method=method, **rest)


def _plan_written(
    wanted: Wanted, folder: Path, request: Request, first: Scenario, overrides: list[str]
) -> dict[str, Any]:
    """Compose a sweep's scenarios into its folder and return what its record, written next, says of it."""
    from pcqa_sim.commands.planning import planned
    from pcqa_sim.study.design.plan import put_points

    plan = planned(wanted, request, first, folder)
    return put_points(folder, plan) | {"overrides": {plan.points[0].scenario: overrides}}


def _asked_of_plan(plan: Plan, there: Record, metrics: Sequence[str]) -> Asked:
    """Return the sweep of a plan that is gone on with."""
    from pcqa_sim.commands.options import composed_again
    from pcqa_sim.study.design.plan import put_points

    first = plan.points[0].scenario
    folder, overrides = there.path.parent, there.overrides(first)
    return _sweep(
        plan.asked,
        metrics,
        words=f"{len(plan.scenarios):,} scenarios x {plan.replications}",
        most=plan.size,
        replications=plan.replications,
        periods=plan.periods,
        made=(lambda: resolved_of([[one] for one in overrides])) if overrides else None,
        like=lambda: there.scenario(first, composed_again),
        plan=lambda _: put_points(folder, plan) | {"overrides": {first: overrides} if overrides else {}},
    )


@dataclass(frozen=True)
class Swept:
    """What became of a sweep's units, and which metrics are to be shown of it."""

    folder: Path
    plan: Plan
    outcome: Outcome
    metrics: Sequence[str]
    where: str

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Gather all units, a scenario at a time, so that memory stays small."""
        from pcqa_sim.study.gathering import METRICS, gather
        from pcqa_sim.study.scenariofile import sha256_of_file

        gather(self.folder, self.plan, {one.unit for one in self.outcome.failed})
        if (self.folder / METRICS).is_file():
            files.results[METRICS] = sha256_of_file(self.folder / METRICS)
        return {}

    def tell(self) -> None:
        """Print the results."""
        from pcqa_sim.report import sweeps

        print(sweeps.sweep_text(self.folder, self.plan, self.outcome, self.metrics, self.where))

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files; raise Exit(1) where any unit failed."""
        from pcqa_sim.report import sweeps
        from pcqa_sim.study.execute import FAILURES

        print(sweeps.sweep_files_text(folder))
        if self.outcome.failed:
            many = f"{len(self.outcome.failed):,} of {self.plan.size:,} units failed"
            note(f"{many}: see {folder / FAILURES}; --resume tries them again")
            raise typer.Exit(1)


def _swept(metrics: Sequence[str], do: Execution) -> Swept:
    from pcqa_sim.study.design.plan import read_plan

    plan = read_plan(do.folder)
    do.terms.points_of = plan.values_of
    return Swept(do.folder, plan, do.complete(plan.units()), metrics, do.engine.describe())


def _known_metrics(names: list[str] | None) -> list[str]:
    """Return the metrics to print; raise BadInput for an unknown one, with the nearest."""
    from pcqa_sim.results.metrics import METRICS, unknown_metric

    faults = [unknown_metric("--metric", name) for name in names or () if name not in METRICS]
    if faults:
        raise BadInput(faults)
    return names or [DEFAULT_METRIC]
