"""`pcqa calibrate`: what is published beside what is simulated, and the fit of settings towards it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.direct import rows_from
from pcqa_sim.commands.options import Overrides, Seed, composed_again, resolved_of, with_seed
from pcqa_sim.commands.run import grown
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.calibration import Targets
    from pcqa_sim.calibration.fitting import Round
    from pcqa_sim.calibration.targets import Seen
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.replicate import Study
    from pcqa_sim.study.record import Record

KIND = "calibrate"
Name = Annotated[
    str,
    typer.Option(
        "--targets", help="a file of configs/targets or of targets/ in your folder; own: your practice's counts"
    ),
]
Write = Annotated[
    bool, typer.Option("--write", help="write the fitted numbers into the settings files they were read from")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(calibrate))


def calibrate(
    options: Options,
    overrides: Overrides = None,
    targets: Name = "england",
    rounds: Annotated[
        int, typer.Option(min=0, max=1000, help="steps of the fit; 0 only lays published beside simulated")
    ] = 0,
    reps: Annotated[int | None, typer.Option(min=2, max=MOST_REPLICATIONS, help="replications of each round")] = None,
    write: Write = False,
    fit: Annotated[
        list[str] | None,
        typer.Option("--fit", metavar="KEY=a..b", help="a setting to find between two values, by history matching"),
    ] = None,
    from_: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="your own exports: what they show directly is not searched for"),
    ] = None,
    columns: Annotated[
        Path | None, typer.Option(metavar="YAML", help="which column means what, for --from a file of unknown heading")
    ] = None,
    day_first: Annotated[
        bool, typer.Option("--day-first", help="in files of --from, 01/02/2026 is 1 February")
    ] = False,
    points: Annotated[int, typer.Option(min=0, max=600, help="points a wave of --fit; 0: ten a setting")] = 0,
    weight: Annotated[
        list[str] | None, typer.Option(metavar="METRIC=N", help="how much a target counts with --fit; 1 by default")
    ] = None,
    seed: Seed = None,
) -> None:
    """Lay published figures beside simulated ones, after moving the fitted settings towards them step by step.

    With --from, what your own exports show directly is read from them. With --fit, chosen settings are found by
    history matching, with intervals, and those that the targets do not identify are named.

    Example: pcqa calibrate run=year --rounds 6 --reps 2 --write
    """
    named = bool(overrides) or rounds > 0 or bool(fit) or bool(from_)
    if write and not rounds and not fit and not from_ and (named or not options.resume):
        raise BadInput(Fault("--write", "needs --rounds, --fit or --from: without a step nothing is fitted"))
    if (fit or from_) and rounds:
        raise BadInput(Fault("--fit" if fit else "--from", "finds values by itself; leave --rounds out"))

    def ask() -> Asked:
        made = resolved_of(overrides)
        scenario = with_seed(made.scenario, seed)
        parameters = {"targets": targets, "rounds": rounds, "replications": reps or scenario.run.replications}
        if fit or from_:
            parameters |= {"fit": list(fit or []), "points": points, "weight": list(weight or [])}
        if from_:
            parameters["direct"] = rows_from(from_, columns, day_first)
        return asked_of(scenario, list(overrides or []), parameters, made, write)

    conduct(KIND, partial(again, write=write), ask, options, named, reps)


def again(record: Record, replications: int | None = None, write: bool = False) -> Asked:
    """Return what a record of a fit asked, with more replications where they are given."""
    scenario = record.scenario(record.first, composed_again)
    parameters = dict(record.parameters) | grown(record, replications)
    return asked_of(scenario, record.overrides(record.first), parameters, None, write)


def asked_of(
    scenario: Scenario, overrides: list[str], parameters: Mapping[str, Any], made: Resolved | None, write: bool
) -> Asked:
    """Return the fit of a scenario's only practice as a study; raise BadInput where it cannot be fitted."""
    from pcqa_sim.calibration import MOVES
    from pcqa_sim.calibration.fitting import moves_of

    if parameters.get("fit") or parameters.get("direct"):
        from pcqa_sim.commands.matching import asked_of_match

        return asked_of_match(scenario, overrides, parameters, made, write)
    if len(scenario.practices) != 1 or scenario.phases:
        raise BadInput(Fault("calibrate", "fits one practice whose settings stay the same through the run"))
    name, rounds, many = (parameters[key] for key in ("targets", "rounds", "replications"))
    wanted = wanted_of(scenario, name)
    if rounds and not moves_of(name, wanted):
        raise BadInput(Fault("--targets", f"has no fit; those with one: {', '.join(MOVES)}", name))
    if write and name not in MOVES:
        raise BadInput(
            Fault("--write", "is for shipped targets; `pcqa resemble NAME --fit 4 --write` writes yours", name)
        )
    files = _files(overrides) if write else {}
    return Asked(
        kind=KIND,
        scenarios={scenario.hash(): scenario},
        overrides={scenario.hash(): overrides},
        parameters=parameters,
        method=partial(_found, scenario, dict(parameters), wanted, files),
        words=f"{scenario.weeks} weeks, {rounds + 1} rounds of {many} runs",
        most=(rounds + 1) * many,
        replications=many,
        periods="all",
        names={"scenario": scenario.hash()},
        made=lambda: made or resolved_of([[one] for one in overrides]),
    )


def wanted_of(scenario: Scenario, name: str) -> Targets:
    """Return targets by name: shipped, in the user's folder, or `own`, the practice's own counts."""
    from pcqa_sim.calibration import read_targets
    from pcqa_sim.calibration.own import OWN, targets_of
    from pcqa_sim.configuration import config_folder, user_library

    if name == OWN:
        return targets_of(next(iter(scenario.practices.values())))
    return read_targets(config_folder(), name, user_library().own)


@dataclass
class Fitted:
    """The last round of a fit, the runs of all rounds, and the settings files that are to have the numbers."""

    wanted: Targets
    last: Round
    studies: Sequence[Study]
    files: Mapping[str, Path]
    written: list[Path] = field(default_factory=list)

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write the two tables and all metrics, and the fitted numbers into settings files where that was asked."""
        import pandas as pd

        from pcqa_sim.calibration import table, write_fitted

        files.put_bytes("published.md", f"{table(self.wanted, self.last.seen)}\n".encode())
        rows = [(key, value, towards) for key, (value, towards) in self.last.fitted.items()]
        files.put_csv("fitted.csv", pd.DataFrame(rows, columns=["setting", "value", "towards"]))
        distinct = {study.scenario.hash(): study.metrics for study in self.studies}
        files.put_result("metrics.parquet", pd.concat(distinct.values(), ignore_index=True))
        self.written = write_fitted(self.last.fitted, self.files) if self.files else []
        return {}

    def tell(self) -> None:
        """Print published beside simulated, and what was fitted."""
        from pcqa_sim.calibration import table

        print(table(self.wanted, self.last.seen))
        for key, (value, towards) in self.last.fitted.items():
            print(f"{key} = {value:g}  (towards {towards})")

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files, and the settings files that were changed."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[:3]))
        for path in self.written:
            print(f"written: {shown(path)}")


def _found(
    scenario: Scenario, parameters: Mapping[str, Any], wanted: Targets, files: Mapping[str, Path], do: Execution
) -> Fitted:
    from pcqa_sim.calibration import fit
    from pcqa_sim.study.methods.replicate import replications_of

    studies: list[Study] = []

    def run(here: Scenario, many: int) -> Study:
        studies.append(replications_of(do, here, many))
        return studies[-1]

    rounds, last = int(parameters["rounds"]), None
    for last in fit(scenario, parameters["targets"], wanted, rounds + 1, parameters["replications"], run):
        if rounds:
            print(_line(last.number, sum(_reached(wanted, last.seen)), len(wanted.targets)))
    assert last is not None
    return Fitted(wanted, last, studies, files)


def _line(number: int, reached: int, many: int) -> str:
    return f"round {number}: {reached} of {many} figures within what counts as reached"


def _reached(targets: Targets, seen: Seen) -> list[bool]:
    found = ((target, seen.get((target.metric, target.group))) for target in targets.targets)
    return [value is not None and target.reached(value.mean) for target, value in found]


def _files(overrides: list[str] | None) -> dict[str, Path]:
    """Return the settings file of each group: the one whose option the overrides chose."""
    from pcqa_sim.configuration.building import resolve

    made = resolve(overrides or [])
    files = {group: made.library.file(group, option) for group, option in made.base.choices.items()}
    return {group: path for group, path in files.items() if path is not None}
