"""`pcqa calibrate`: what is published beside what is simulated, and the fit of settings towards it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import (
    Overrides,
    Seed,
    Workers,
    processes_here,
    progress,
    scenario_of,
    told_if_not_written,
)
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.calibration import Targets
    from pcqa_sim.calibration.fitting import Round
    from pcqa_sim.calibration.targets import Seen

Name = Annotated[str, typer.Option("--targets", help="which targets file of configs/targets/")]
Write = Annotated[
    bool, typer.Option("--write", help="write the fitted numbers into the settings files they were read from")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(calibrate)


def calibrate(
    overrides: Overrides = None,
    targets: Name = "england",
    rounds: Annotated[
        int, typer.Option(min=0, max=1000, help="steps of the fit; 0 only lays published beside simulated")
    ] = 0,
    reps: Annotated[int | None, typer.Option(min=2, max=MOST_REPLICATIONS, help="replications of each round")] = None,
    write: Write = False,
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Lay published figures beside simulated ones, after moving the fitted settings towards them step by step.

    Example: pcqa calibrate run=year --rounds 6 --reps 2 --write
    """
    scenario = scenario_of(overrides, seed)
    if len(scenario.practices) != 1 or scenario.phases:
        raise BadInput(Fault("calibrate", "fits one practice whose settings stay the same through the run"))
    if write and not rounds:
        raise BadInput(Fault("--write", "needs --rounds: without a step nothing is fitted"))
    from pcqa_sim.calibration import MOVES, fit, read_targets, write_fitted
    from pcqa_sim.configuration import config_folder
    from pcqa_sim.study.replicate import replicate

    wanted = read_targets(config_folder(), targets)
    if rounds and targets not in MOVES:
        raise BadInput(Fault("--targets", f"has no fit; those with one: {', '.join(MOVES)}", targets))
    files = _files(overrides) if write else {}
    many = reps or scenario.run.replications
    last: Round | None = None
    processes = processes_here(workers)
    with progress(f"{scenario.weeks} weeks, {rounds + 1} rounds of {many} runs", rounds + 1) as done:
        for one in fit(scenario, targets, wanted, rounds + 1, many, lambda s, n: replicate(s, n, workers=processes)):
            last = one
            done(one.number + 1)
            if rounds:
                print(_line(one.number, sum(_reached(wanted, one.seen)), len(wanted.targets)))
    assert last is not None
    fitted = last
    with told_if_not_written(lambda: _tell(wanted, fitted)):
        written = write_fitted(fitted.fitted, files) if write else []
    _tell(wanted, fitted)
    for path in written:
        print(f"written: {shown(path)}")


def _tell(wanted: Targets, last: Round) -> None:
    from pcqa_sim.calibration import table

    print(table(wanted, last.seen))
    for key, (value, towards) in last.fitted.items():
        print(f"{key} = {value:g}  (towards {towards})")


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
