"""`pcqa rerun`: a study done again from its run.json, and held against the results it had."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands import sensitivity, size
from pcqa_sim.commands.options import Out, Workers, command_line, processes_here, progress
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.past_study import Record

EXIT_FAILED = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(rerun)


def rerun(
    record: Annotated[Path, typer.Argument(metavar="RUN.JSON", help="the record of a study", show_default=False)],
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Do a study again from its run.json and say whether its results are the same to the last byte.

    The scenarios are those in the folder scenarios beside it, else composed again from the overrides it names. Exits
    with 1 where a result differs.

    Example: pcqa rerun pcqa_runs/20261125-090000-0123456789ab-1/run.json
    """
    from pcqa_sim.study.claiming import claimed
    from pcqa_sim.study.past_study import read_record, unlike
    from pcqa_sim.study.provenance import versions_differ

    read = read_record(record)
    other = versions_differ(read.plain)
    again = {"run": _run, "compare": _compare, "size": _size, "sensitivity": _sensitivity}[read.kind]
    with claimed(out, "rerun", command_line()) as folder:
        again(read, folder, processes_here(workers))
    results: Mapping[str, str] = json.loads((folder / "run.json").read_text(encoding="utf-8"))["results"]
    differing = unlike(read, results)
    print()
    for line in other:
        print(f"Other version: {line}.")
    for name in sorted({*read.plain["results"], *results}):
        print(f"{shown(name)}: {'differs' if name in differing else 'the same to the last byte'}")
    print(f"Files in {shown(folder)}")
    if differing:
        raise typer.Exit(EXIT_FAILED)


def _composed(overrides: list[str]) -> Scenario:
    from pcqa_sim.configuration import load_scenario

    return load_scenario(*([one] for one in overrides))  # of several lists, which were judged when they were given


def _run(record: Record, folder: Path, workers: int) -> None:
    from pcqa_sim.study import files
    from pcqa_sim.study.provenance import Request
    from pcqa_sim.study.replicate import replicate

    name = str(record.plain["scenario"])
    scenario, many = record.scenario(name, _composed), int(record.parameters["replications"])
    begun = time.monotonic()
    with progress(f"{scenario.weeks} weeks, {many} replications", many) as done:
        study = replicate(scenario, many, workers=workers, done=done)
    made = Request("run", command_line(), record.parameters, {name: record.overrides(name)})
    files.write_study(study, folder, made, time.monotonic() - begun)


def _compare(record: Record, folder: Path, workers: int) -> None:
    from pcqa_sim.study import files, pair
    from pcqa_sim.study.provenance import Request

    base = record.scenario(str(record.plain["base"]), _composed)
    named: Mapping[str, Any] = record.plain["others"]
    others = {name: record.scenario(str(other), _composed) for name, other in named.items()}
    many = int(record.parameters["replications"])
    runs, begun = pair.runs_needed(base, others, many), time.monotonic()
    with progress(f"{base.weeks} weeks, {runs} runs", runs) as done:
        comparison = pair.compare(base, others, many, workers=workers, done=done)
    made = Request("compare", command_line(), record.parameters, record.plain["overrides"])
    files.write_comparison(comparison, folder, made, time.monotonic() - begun)


def _size(record: Record, folder: Path, workers: int) -> None:
    asked = size.SizeRequest(**record.parameters)
    understood = size.understood(asked, _base(record), record.seed)
    _same_base(record, understood.base)
    size.carry_out(understood, asked, folder, workers)


def _sensitivity(record: Record, folder: Path, workers: int) -> None:
    asked = sensitivity.SensitivityRequest(**record.parameters)
    understood = sensitivity.understood(asked, _base(record), record.seed)
    _same_base(record, understood.base)
    sensitivity.carry_out(understood, asked, folder, workers)


def _base(record: Record) -> list[str]:
    """Return the overrides of the scenario that others were made from: the first of the record."""
    return record.overrides(next(iter(record.plain["overrides"])))


def _same_base(record: Record, base: Scenario) -> None:
    record.refuse_other(next(iter(record.plain["overrides"])), base)
