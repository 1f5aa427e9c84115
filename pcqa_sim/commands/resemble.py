"""`pcqa resemble`: whether the model resembles a practice, by its own counts; and the fit of demand to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import Overrides, Seed, Workers, processes_here, scenario_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.report.console import Section
    from pcqa_sim.report.resemblance import Row
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.methods.replicate import Study


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(resemble)


def resemble(
    name: Annotated[str, typer.Argument(help="your practice: practice=NAME", show_default=False)],
    overrides: Overrides = None,
    reps: Annotated[int | None, typer.Option(min=2, max=MOST_REPLICATIONS, help="replications of each round")] = None,
    fit: Annotated[int, typer.Option(min=0, max=50, help="rounds in which demand is fitted to your counts")] = 0,
    write: Annotated[bool, typer.Option("--write", help="write what was fitted into your practice's file")] = False,
    out: Annotated[
        Path | None, typer.Option(help="a new folder for the answers and the counts; without it nothing is written")
    ] = None,
    workers: Workers = None,
    seed: Seed = None,
) -> None:
    """Lay your own counts beside the simulated, and say whether the model resembles you.

    With --fit, the level of demand and of planned care is fitted to them; staff and hours stay as you said them.

    Example: pcqa resemble riverside --fit 4 --write
    """
    from pcqa_sim.calibration import fit as fitting
    from pcqa_sim.calibration.own import OWN, targets_of
    from pcqa_sim.report.console import Section, section_lines
    from pcqa_sim.report.resemblance import fitted_lines, rows_of, sections
    from pcqa_sim.study.claiming import refuse_used

    path = _own_file(name) if write else None
    if out is not None:
        refuse_used(out)
    if write and not fit:
        raise BadInput(Fault("--write", "needs --fit: without a round nothing is fitted"))
    scenario = scenario_of([f"practice={name}", *(overrides or [])], seed)
    practice = next(iter(scenario.practices.values()))
    targets = targets_of(practice)
    many = reps or scenario.run.replications
    print(f"Simulating {many} x {scenario.weeks} weeks{f', {fit + 1} times' if fit else ''} ...", flush=True)
    run = _runner(processes_here(workers))
    for last in fitting(scenario, OWN, targets, fit + 1, many, run):
        if fit:
            reached = sum(row.verdict == "alike" for row in rows_of(practice, last.seen))
            print(f"round {last.number}: {reached} of {len(targets.targets)} counts are alike", flush=True)
    rows = rows_of(practice, last.seen)
    told = sections(rows)
    if last.fitted:
        told.append(Section("Fitted to your counts", (), fitted_lines(last.fitted)))
    print("\n".join(line for section in told for line in section_lines(section)))
    if out is not None:
        _keep(out, scenario, many, told, rows)
    if path is not None and last.fitted:
        from pcqa_sim.inputs.own_fit import write_into

        write_into(path, last.fitted)
        print(f"written: {path}")


def _keep(out: Path, scenario: Scenario, many: int, told: Sequence[Section], rows: Sequence[Row]) -> None:
    """Write the answers and the counts into a folder, and name the files."""
    from pcqa_sim.report.page import sections_page
    from pcqa_sim.report.resemblance import frame
    from pcqa_sim.study.files import Filling

    key, practice = next(iter(scenario.practices.items()))
    about = f"{practice.list_size:,} patients; {scenario.run.measured_weeks} weeks measured after "
    about += f"{scenario.run.warm_up_weeks} to settle, {many} replications. In brackets: the 95 % confidence interval."
    files = Filling(out)
    files.put_bytes("answers.md", sections_page(scenario.called(key), about, told).encode())
    files.put_csv("counts.csv", frame(rows))
    print("\nwritten: " + " and ".join(map(str, files.written)))


def _own_file(name: str) -> Path:
    """Return the file of a practice of the user's own; raise BadInput where it is none of theirs."""
    from pcqa_sim.configuration import user_library

    path = user_library().own_files.get("practice", {}).get(name)
    if path is None:
        raise BadInput(Fault("--write", "is for a practice of your own, of which there is a file", name))
    return path


def _runner(processes: int) -> Callable[[Scenario, int], Study]:
    from pcqa_sim.study.methods.replicate import replicate

    return lambda scenario, many: replicate(scenario, many, workers=processes)
