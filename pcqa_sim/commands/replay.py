"""`pcqa replay`: one unit of a study, done again alone, to see what is the matter with it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.study.plan import Plan
    from pcqa_sim.study.unitfile import UnitName


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
    from pcqa_sim.study.ledger import Ledger
    from pcqa_sim.study.plan import read_plan
    from pcqa_sim.study.task import Task, in_one_line, simulated
    from pcqa_sim.study.unitfile import Damaged, checksum, unit_bytes

    plan = read_plan(folder)
    name = unit_named(plan, unit)
    _, point = plan.points_of(name.scenario)[0]
    print(f"Unit {name}: {point}, replication {name.replication}, seed {name.seed}")
    told = plan.scenario_files.get(name.scenario, "")
    task = Task(str(folder), name, simulated, periods=plan.periods, scenario_sha256=told)
    try:
        table = simulated(task)
    except Exception as fault:
        if where:
            traceback.print_exc()
        print(f"fails: {in_one_line(fault)}" + ("" if where else "; --where shows where"), file=sys.stderr)
        raise typer.Exit(1) from None
    again = checksum(unit_bytes(table, str(name), plan.origin.code), str(name))
    try:
        same = again == Ledger(folder).entry(name).checksum
        print(
            "It runs, and gives the same bytes as the study has."
            if same
            else "It runs, with another result than the study has: code or packages differ."
        )
    except FileNotFoundError:
        print(f"It runs: {table.num_rows:,} rows. The study has no such unit yet: --resume adds it.")
    except Damaged as damage:
        rows, why = f"{table.num_rows:,} rows", shown(damage)
        print(f"It runs: {rows}. The study's own is damaged ({why}): --resume does it again.")


def unit_named(plan: Plan, text: str) -> UnitName:
    """Return the unit of a plan that a text names; raise BadInput with the nearest where there is none."""
    from pcqa_sim.study.unitfile import UnitName

    name = UnitName.parsed(text.removesuffix(".parquet").rpartition("/")[2])
    if name is None:
        raise BadInput(
            Fault("--unit", "must be scenario-seed-replication, as units/ and failures.json name them", text)
        )
    if name.scenario not in plan.scenarios:
        rule = "is not of a scenario of this study"
        near = nearest(name.scenario, plan.scenarios)
        raise BadInput(Fault("--unit", rule, text, f"{near}-{name.seed}-{name.replication}" if near else ""))
    if name.seed != plan.seed or name.replication >= plan.replications:
        rule = f"the study has seed {plan.seed} and replications 0 to {plan.replications - 1}"
        raise BadInput(Fault("--unit", rule, text))
    return name
