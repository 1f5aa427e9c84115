"""`pcqa experiment`: a shipped question, run with the same people and the same luck, and its answer in sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.options import Overrides, Seed, composed_again, resolved_of, with_seed
from pcqa_sim.commands.run import grown
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.report.experiments import Arms, Experiment, Results
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.record import Record

KIND = "experiment"
_WIDE = 100


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(experiment))


def experiment(
    options: Options,
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="which; without it, they are listed", show_default=False)
    ] = "",
    overrides: Overrides = None,
    reps: Annotated[
        int | None,
        typer.Option(min=2, max=MOST_REPLICATIONS, help="replications of each arm; else what its settings say"),
    ] = None,
    seed: Seed = None,
) -> None:
    """Answer a shipped question on your own or a shipped practice; without a NAME, list the questions.

    Example: pcqa experiment

    Example: pcqa experiment more_patients practice=small --reps 5
    """
    if not name and not options.resume:
        print("\n".join(listed()))
        return

    def ask() -> Asked:
        from pcqa_sim.report.shipped import experiment as shipped_experiment

        known = shipped_experiment(name)
        own = [f"{KIND}={name}", *(overrides or [])]
        made = resolved_of([[own[0]], own[1:]])
        base = with_seed(made.scenario, seed)
        arms = known.arms_of(base)
        parameters = {"name": name, "replications": reps or base.run.replications, "arms": _plain(arms)}
        return asked_of(known, base, _others(base, own, arms, seed), own, parameters, made)

    conduct(KIND, again, ask, options, bool(name), reps)


def listed() -> list[str]:
    """Return the shipped experiments and their questions, as they are told."""
    from pcqa_sim.report.shipped import experiment as shipped_experiment
    from pcqa_sim.report.shipped import is_published, shipped

    wide = max(map(len, shipped())) + 2
    said = ["Questions, each with its settings in configs/experiment: pcqa experiment NAME [OVERRIDES]"]
    for published in (False, True):
        said += ["", "Published studies, set up as they describe themselves and never fitted:"] if published else []
        for name in shipped():
            if is_published(name) == published:
                gap = " " * (wide + 2)
                said += textwrap.wrap(
                    f"  {name:<{wide}}{shipped_experiment(name).question}", _WIDE, subsequent_indent=gap
                )
    return said


def again(record: Record, replications: int | None = None) -> Asked:
    """Return what a record of an experiment asked, with more replications where they are given."""
    from pcqa_sim.report.shipped import experiment as shipped_experiment

    base = record.scenario(record.first, composed_again)
    named: Mapping[str, str] = record.plain["others"]
    others = {name: record.scenario(other, composed_again) for name, other in named.items()}
    parameters = dict(record.parameters) | grown(record, replications)
    known = shipped_experiment(str(parameters.get("name")))
    return asked_of(known, base, others, record.overrides(record.first), parameters, None)


def asked_of(
    known: Experiment,
    base: Scenario,
    others: Mapping[str, Scenario],
    overrides: list[str],
    parameters: Mapping[str, Any],
    made: Resolved | None,
) -> Asked:
    """Return the study of an experiment; without `made`, its settings are resolved when they are needed."""
    scenarios = {scenario.hash(): scenario for scenario in (base, *others.values())}
    arms: Mapping[str, Sequence[str]] = parameters["arms"]
    more = {other.hash(): [*overrides, *arms[name]] for name, other in others.items()}
    runs = len(scenarios) * int(parameters["replications"])
    return Asked(
        kind=KIND,
        scenarios=scenarios,
        overrides=more | {base.hash(): overrides},
        parameters=parameters,
        method=partial(_found, known, base, dict(others), dict(parameters)),
        words=f"{len(scenarios)} arms of {base.weeks} weeks, {runs} runs",
        most=runs,
        replications=parameters["replications"],
        names={"base": base.hash(), "others": {name: other.hash() for name, other in others.items()}},
        made=lambda: made or resolved_of([[one] for one in overrides]),
    )


@dataclass(frozen=True)
class Answered:
    """An experiment and its results."""

    name: str
    known: Experiment
    results: Results

    @property
    def lines(self) -> list[str]:
        """Return question and answer, as they are told."""
        said = [
            line
            for sentence in self.known.answer(self.results)
            for line in textwrap.wrap(sentence, _WIDE - 2, subsequent_indent="  " if sentence.startswith("- ") else "")
        ]
        return [self.known.question, *(f"  {line}" for line in said)]

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write the answer, the table, the figure and all metrics."""
        import pandas as pd

        from pcqa_sim.study.files import facts_of_comparison

        told = "\n".join(f"{sentence}\n" for sentence in self.known.answer(self.results))
        files.put_bytes("answer.md", f"# {self.known.question}\n\n{told}".encode())
        files.put_csv("table.csv", self.results.table(self.known.measures))
        if self.known.beside:
            files.put_csv("published.csv", self.known.published(self.results))
        files.put_bytes(f"figures/{self.name}.png", self.known.figure(self.results))
        distinct = self.results.comparison.distinct
        files.put_result("metrics.parquet", pd.concat([study.metrics for study in distinct], ignore_index=True))
        return facts_of_comparison(self.results.comparison)

    def tell(self) -> None:
        """Print the answer."""
        print("\n".join(self.lines))

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written))


def _found(
    known: Experiment, base: Scenario, others: Mapping[str, Scenario], parameters: Mapping[str, Any], do: Execution
) -> Answered:
    from pcqa_sim.report.experiments import Results
    from pcqa_sim.study.methods import pair

    comparison = pair.comparison(do, base, others, parameters["replications"])
    return Answered(str(parameters["name"]), known, Results(comparison, known.base))


def _others(base: Scenario, own: list[str], arms: Arms, seed: int | None) -> dict[str, Scenario]:
    """Return the scenario of each arm; raise BadInput naming the arm that does not fit the settings given."""
    from pcqa_sim.study.methods.pair import unlike

    found = {}
    for name, more in arms.items():
        try:
            scenario = with_seed(resolved_of([[own[0]], own[1:], list(more)]).scenario, seed)
            if fault := unlike(base, scenario):
                raise BadInput(fault)
        except BadInput as bad:
            raise BadInput(Fault(f'"{name}": {fault.where}', fault.rule, fault.value) for fault in bad.faults) from None
        found[name] = scenario
    return found


def _plain(arms: Arms) -> dict[str, list[str]]:
    return {name: list(more) for name, more in arms.items()}
