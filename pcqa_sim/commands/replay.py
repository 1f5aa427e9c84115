"""`pcqa replay`: one unit of a study, done again alone, to see what is the matter with it."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.result import Result
    from pcqa_sim.study.unit import Unit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a study", show_default=False)],
    unit: Annotated[str, typer.Option(metavar="ID", help="the unit: scenario-seed-replication", show_default=False)],
    where: Annotated[bool, typer.Option("--where", help="if it fails, show where in the code")] = False,
) -> None:
    """Do one unit of a study again, alone and in this process; the study's folder is left as it is.

    Example: pcqa replay lines --unit 37233b803860-1-0
    """
    from pcqa_sim.study.design.plan import SWEEP, read_plan
    from pcqa_sim.study.execute import words_of
    from pcqa_sim.study.record import read_record
    from pcqa_sim.study.task import Task, in_one_line, simulated

    record = read_record(folder)
    plan = read_plan(folder) if record.kind == SWEEP else None
    name = unit_named(record, unit, () if plan is None else plan.scenarios)
    points = [] if plan is None else plan.values_of(name.scenario)
    what = words_of(points[0]) if points else f"scenario {name.scenario}"
    print(f"Unit {name}: {what}, replication {name.replication}, seed {name.seed}")
    told = record.files.get(name.scenario, "")
    task = Task(str(record.path.parent), name, simulated, periods=record.periods, scenario_sha256=told)
    try:
        result = simulated(task)
    except Exception as fault:
        if where:
            traceback.print_exc()
        print(f"fails: {in_one_line(fault)}" + ("" if where else "; --where shows where"), file=sys.stderr)
        raise typer.Exit(1) from None
    print(_beside_what_is_there(record, result))


def _beside_what_is_there(record: Record, result: Result) -> str:
    """Return how a unit done again compares with the study's own."""
    from pcqa_sim.study.store import Store
    from pcqa_sim.study.unit import Damaged, checksum, table_of, unit_bytes

    store, name, rows = Store(record.path.parent), result.unit, f"{result.table.num_rows:,} rows"
    again = checksum(unit_bytes(result.table, str(name), record.origin.code, result.rows), str(name))
    try:
        if again == store.entry(name).checksum:
            return "It runs, and gives the same bytes as the study has."
        if result.table.equals(table_of(store.path(name).read_bytes())):
            return "It runs, and gives the same numbers as the study has, whose file was written by other code."
        return "It runs, with another result than the study has: code or packages differ."
    except FileNotFoundError:
        return f"It runs: {rows}. The study has no such unit yet: --resume adds it."
    except Damaged as damage:
        return f"It runs: {rows}. The study's own is damaged ({shown(damage)}): --resume does it again."


def unit_named(record: Record, text: str, scenarios: Collection[str] = ()) -> Unit:
    """Return the unit of a study that a text names; raise BadInput with the nearest where there is none.

    `scenarios` are those of the study where its points tell them; else those of which there are files.
    """
    from pcqa_sim.study.scenariofile import SCENARIOS
    from pcqa_sim.study.unit import Unit

    folder = record.path.parent
    name = Unit.parsed(text.removesuffix(".parquet").rpartition("/")[2])
    if name is None:
        raise BadInput(
            Fault("--unit", "must be scenario-seed-replication, as units/ and failures.json name them", text)
        )
    known = scenarios or record.files or [path.stem for path in sorted((folder / SCENARIOS).glob("*.yaml"))]
    if name.scenario not in known:
        rule = "is not of a scenario of this study"
        near = nearest(name.scenario, known)
        raise BadInput(Fault("--unit", rule, text, f"{near}-{name.seed}-{name.replication}" if near else ""))
    most = record.plain.get("replications")
    if name.seed != record.seed or (most is not None and name.replication >= most):
        there = f" and replications 0 to {most - 1}" if most else ""
        raise BadInput(Fault("--unit", f"the study has seed {record.seed}{there}", text))
    return name
