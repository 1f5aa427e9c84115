"""`pcqa trial`: what a practice's own charts would show after a change, when, and how often they signal for nothing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.options import Overrides, Promise, Seed, attempt, practice_of, resolved_of, with_seed
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.commands.varying import asked_again
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS, MOST_TRIAL_WEEKS

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.report.console import Section
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.trial import Trial
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.statistics.criterion import Target, Yardstick

KIND = "trial"
MEASURES = 5
LEAST_REPS = 5
WEEKS = "run.measured_weeks"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(trial))


@dataclass(frozen=True)
class TrialRequest:
    """What was asked, in plain data, as run.json keeps it."""

    change: str
    before: int
    after: int
    reps: int
    measures: Sequence[str] = ()
    promise: Sequence[str] = ()
    practice: str = ""


@dataclass(frozen=True)
class Understood:
    """What was asked, understood and known to make sense."""

    made: Resolved
    base: Scenario
    other: Scenario
    practice: str
    measures: tuple[Yardstick, ...]
    promises: tuple[Target, ...]
    overrides: tuple[str, ...]


def trial(
    options: Options,
    overrides: Overrides = None,
    with_: Annotated[
        str, typer.Option("--with", metavar="OVERRIDES", help="the change: settings on top of the practice's")
    ] = "",
    before: Annotated[int, typer.Option(min=1, max=MOST_TRIAL_WEEKS, help="weeks on the chart before the change")] = 20,
    after: Annotated[int, typer.Option(min=1, max=MOST_TRIAL_WEEKS, help="weeks it is watched afterwards")] = 26,
    measures: Annotated[
        str, typer.Option(metavar="A,B,...", help="metrics to chart; by default what the change is for, and the usual")
    ] = "",
    promise: Promise = None,
    reps: Annotated[
        int, typer.Option(min=LEAST_REPS, max=MOST_REPLICATIONS, help="practices with the change, and as many without")
    ] = 20,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    seed: Seed = None,
) -> None:
    """Say after how many weeks a practice's own charts would show a change, and how often they signal without one.

    Example: pcqa trial practice=small --with "intervention=[more_call_handlers]" --promise "missed_share<=0.05"
    """
    named = bool(overrides or with_)
    if not with_ and (named or not options.resume):
        raise BadInput(Fault("--with", 'is needed: the change, such as --with "phones.lines=4"'))
    chosen = [name.strip() for name in measures.split(",") if name.strip()]
    request = TrialRequest(with_, before, after, reps, chosen, list(promise or []), practice)
    given = [*(overrides or []), f"{WEEKS}={before + after}"]
    conduct(KIND, again, lambda: asked_of(request, understood(request, given, seed)), options, named)


def again(record: Record, _: int | None = None) -> Asked:
    """Return what a record of a trial asked; raise BadInput where settings files now say otherwise."""
    return asked_again(record, TrialRequest(**record.parameters), understood, asked_of)


def understood(request: TrialRequest, overrides: Sequence[str], seed: int | None) -> Understood:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.commands.compare import others_of
    from pcqa_sim.study.methods.trial import LEAST_AFTER, LEAST_BEFORE, usual_measures, with_change
    from pcqa_sim.study.statistics.criterion import read_yardstick
    from pcqa_sim.study.statistics.promise import read_promises

    faults = [
        Fault(name, f"at least {least} weeks{why}", str(weeks))
        for name, weeks, least, why in (
            ("--before", request.before, LEAST_BEFORE, ": fewer points have no limits to trust"),
            ("--after", request.after, LEAST_AFTER, ""),
        )
        if weeks < least
    ]
    if any(one.startswith(f"{WEEKS}=") for one in overrides[:-1]):
        faults.append(Fault(WEEKS, "leave it out: --before and --after say how many weeks"))
    if len(request.measures) > MEASURES:
        faults.append(
            Fault("--measures", f"at most {MEASURES}: each more signals falsely too", str(len(request.measures)))
        )
    if faults:
        raise BadInput(faults)
    made = resolved_of([[one] for one in overrides])
    base = with_seed(made.scenario, seed)
    key = practice_of(base, request.practice)
    changed = attempt(lambda: others_of(base, list(overrides), [request.change], seed)[request.change], faults)
    promises = attempt(lambda: read_promises(request.promise, key), faults)
    chosen = attempt(lambda: [read_yardstick(name, key, "--measures") for name in request.measures], faults)
    if faults or changed is None or promises is None or chosen is None:
        raise BadInput(faults)
    other = with_change(base, changed, base.run.warm_up_weeks + request.before)
    charted = tuple(chosen or usual_measures(base, changed, key, MEASURES))
    return Understood(made, base, other, key, charted, promises, tuple(overrides))


def asked_of(request: TrialRequest, found: Understood) -> Asked:
    """Return the trial as a study."""
    base = found.base
    return Asked(
        kind=KIND,
        scenarios={base.hash(): base},
        overrides={base.hash(): list(found.overrides)},
        parameters=asdict(request),
        method=partial(_found, request, found),
        words=f"{base.weeks} weeks, {2 * request.reps} runs",
        most=2 * request.reps,
        replications=request.reps,
        periods="days" if found.promises else "weeks",
        made=lambda: found.made,
    )


@dataclass(frozen=True)
class Tried:
    """What a trial found, and what it was asked."""

    asked: Understood
    change: str
    found: Trial

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write the table of the charts and the metrics."""
        import pandas as pd

        from pcqa_sim.report.trial import HEAD, rows_of

        rows = [rows_of(one, self.found.after) for one in self.found.charts]
        files.put_csv("charts.csv", pd.DataFrame(rows, columns=["measure", *HEAD[1:]]))
        files.put_result("metrics.parquet", self.found.metrics)
        return {"changed_scenario": self.found.other.hash()}

    def tell(self) -> None:
        """Print the answer."""
        from pcqa_sim.report.console import told_text

        print(told_text(self.asked.base, self.asked.practice, self._told()))

    def _told(self) -> list[Section]:
        from pcqa_sim.report import trial as words

        return words.told(self.found, self.change)

    def page(self, made: Made) -> Page:
        """Return the page for people."""
        from pcqa_sim.report.webpage.trials import page_of_trial

        return page_of_trial(self.found, self.asked.practice, self.change, made)

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files, and how a practice draws the same charts of its own weeks."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[:3]))
        columns = ",".join(one.metric for one in self.asked.measures)
        print(
            "The same charts of your own weeks, from a CSV with a row a week: "
            + shlex.join(["pcqa", "week", "weeks.csv", "--measures", columns])
        )


def _found(request: TrialRequest, asked: Understood, do: Execution) -> Tried:
    from pcqa_sim.study.methods.trial import trialled

    found = trialled(do, asked.base, asked.other, request.before, asked.measures, asked.promises, request.reps)
    return Tried(asked, request.change, found)
