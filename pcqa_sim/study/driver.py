"""The driver of a study: finds out what is missing, has an engine do it, checks every receipt, and gathers the results.

Whoever stops it, and however, nothing is lost: what was done is in the ledger, and the next driver goes on from there.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pcqa_sim.study.engines import Engine, EngineLost
from pcqa_sim.study.gathering import gather
from pcqa_sim.study.ledger import Ledger, Survey
from pcqa_sim.study.plan import RECORD, Plan, read_record
from pcqa_sim.study.readback import resume_command
from pcqa_sim.study.task import Receipt, Task, Work, simulated
from pcqa_sim.study.unitfile import Damaged, UnitName
from pcqa_sim.study.wholefile import put_bytes
from pcqa_sim.values.faults import BadInput, Fault

FAILURES = "failures.json"
_LATE_TRIES, _LATE_SECONDS = 10, 0.5


@dataclass
class Watcher:
    """Told how a study goes on: `progress` with the number of units there so far, `note` with a line worth reading."""

    progress: Callable[[int], None] = lambda _: None
    note: Callable[[str], None] = lambda _: None


@dataclass
class Outcome:
    """What became of a study: units whole before it began, done now, and those that failed, with their receipts."""

    found: int = 0
    damaged: dict[UnitName, str] = field(default_factory=dict)
    done: set[UnitName] = field(default_factory=set)
    failed: list[Receipt] = field(default_factory=list)
    workers: set[tuple[str, int]] = field(default_factory=set)
    busy_seconds: float = 0.0
    seconds: float = 0.0


def carry_out(
    folder: Path, plan: Plan, engine: Engine, work: Work = simulated, watcher: Watcher | None = None
) -> Outcome:
    """Do the units of a plan that are missing in a folder (which the caller holds), and gather all results.

    Raises OSError where units cannot be written, and EngineLost where the engine went away; both say how far it got.
    """
    told = watcher or Watcher()
    begun = time.monotonic()
    survey = Ledger(folder).survey(plan.units())
    outcome = Outcome(found=survey.whole, damaged=survey.damaged)
    for name, why in survey.damaged.items():
        told.note(f"unit {name} was damaged and is done again: {why}")
    told.progress(survey.whole)
    do_units(folder, plan, survey, engine, work, told, outcome)
    _record_failures(folder, plan, outcome.failed)
    gather(folder, plan, {one.unit for one in outcome.failed})
    outcome.seconds = time.monotonic() - begun
    return outcome


def do_units(
    folder: Path, plan: Plan, survey: Survey, engine: Engine, work: Work, told: Watcher, outcome: Outcome
) -> None:
    """Have the units done that a survey found missing, and check each receipt against the ledger."""
    place, code, files = str(folder.resolve()), plan.origin.code, plan.scenario_files
    tasks = (Task(place, name, work, code, plan.periods, files.get(name.scenario, "")) for name in survey.missing)
    if not survey.missing:
        return
    with closing(_receipts(engine, tasks, folder, plan, outcome)) as receipts:
        for receipt in receipts:
            for mishap in receipt.mishaps:
                told.note(f"unit {receipt.unit}: {mishap}; it was done again")
            _take(receipt, folder, plan, outcome, told)
            told.progress(outcome.found + len(outcome.done) + len(outcome.failed))


def _receipts(engine: Engine, tasks: Iterator[Task], folder: Path, plan: Plan, outcome: Outcome) -> Generator[Receipt]:
    try:
        yield from engine.receipts(tasks)
    except EngineLost as lost:
        raise EngineLost(f"{lost}; {_so_far(folder, plan, outcome)}") from None


def _take(receipt: Receipt, folder: Path, plan: Plan, outcome: Outcome, told: Watcher) -> None:
    """Believe a receipt only if the ledger bears it out."""
    outcome.busy_seconds += receipt.seconds
    if receipt.trouble == "not written":
        raise OSError(f"{receipt.fault}; {_so_far(folder, plan, outcome)}")
    if receipt.trouble == "other code":
        raise BadInput(Fault(f"{receipt.host}, process {receipt.process}", receipt.fault))
    fault = receipt.fault if receipt.trouble else _unlike(receipt, folder)
    if fault:
        outcome.failed.append(receipt if receipt.trouble else Receipt(receipt.unit, trouble="failed", fault=fault))
        told.note(failure_line(folder, plan, outcome.failed[-1]))
        return
    outcome.done.add(receipt.unit)
    outcome.workers.add((receipt.host, receipt.process))


def _unlike(receipt: Receipt, folder: Path) -> str:
    """Return in what way the ledger does not hold what a receipt says, "" where it does.

    A shared file system may show another machine's file some seconds late.
    """
    for attempt in range(_LATE_TRIES):
        try:
            entry = Ledger(folder).entry(receipt.unit)
        except FileNotFoundError:
            time.sleep(_LATE_SECONDS if attempt < _LATE_TRIES - 1 else 0)
        except Damaged as damage:
            return f"what was written cannot be read back: {damage}"
        else:
            same = (entry.checksum, entry.size) == (receipt.checksum, receipt.size)
            return "" if same else "what was written is not what the worker says it wrote"
    return (
        f"the worker on {receipt.host} wrote it where this process cannot see it: is {folder} on a shared file system?"
    )


def _so_far(folder: Path, plan: Plan, outcome: Outcome) -> str:
    there = outcome.found + len(outcome.done)
    return f"{there:,} of {plan.size:,} units are whole; go on with: {resume_command(folder)}"


def replay_command(folder: Path, unit: UnitName) -> str:
    """Return the command that does one unit alone."""
    return shlex.join(["pcqa", "replay", str(folder), "--unit", str(unit)])


def failure_line(folder: Path, plan: Plan, receipt: Receipt) -> str:
    """Return one line on a unit that failed: which, why, and how to do it alone."""
    unit = receipt.unit
    ((_, point), *_) = plan.points_of(unit.scenario)
    where = f"{point}, replication {unit.replication}, seed {unit.seed}"
    return f"failed: {where}: {receipt.fault}; alone: {replay_command(folder, unit)}"


def record_finished(folder: Path, outcome: Outcome, where: str) -> None:
    """Add to run.json what became of the study: when it was finished, where, how many units, and which failed."""
    finished = {
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": round(outcome.seconds, 2),
        "unit_seconds": round(outcome.busy_seconds, 2),
        "where": where,
        "workers": len(outcome.workers),
        "units": outcome.found + len(outcome.done),
        "units_done_now": len(outcome.done),
        "failed": [str(one.unit) for one in outcome.failed],
    }
    put_bytes(folder / RECORD, json.dumps(read_record(folder) | {"finished": finished}, indent=2).encode())


def _record_failures(folder: Path, plan: Plan, failed: Sequence[Receipt]) -> None:
    """Write failures.json, or remove it when nothing failed."""
    if not failed:
        (folder / FAILURES).unlink(missing_ok=True)
        return
    put_bytes(folder / FAILURES, json.dumps([_failure(folder, plan, one) for one in failed], indent=2).encode())


def _failure(folder: Path, plan: Plan, receipt: Receipt) -> dict[str, Any]:
    unit = receipt.unit
    return {
        "unit": str(unit),
        "points": [point.values for _, point in plan.points_of(unit.scenario)],
        "seed": unit.seed,
        "replication": unit.replication,
        "fault": receipt.fault,
        "replay": replay_command(folder, unit),
        "host": receipt.host,
        "traceback": receipt.trace.splitlines(),
    }
