"""Units that cost nothing, take a known time, or come to grief, and a driver of them to be killed: quick studies."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pyarrow as pa

from pcqa_sim.study.design.plan import Asked, Plan, Point, read_plan, write_plan
from pcqa_sim.study.engines import Engine
from pcqa_sim.study.engines.local import Local
from pcqa_sim.study.execute import Execution, Outcome, Terms, Watcher
from pcqa_sim.study.folderlock import locked
from pcqa_sim.study.gathering import gather
from pcqa_sim.study.origin import origin
from pcqa_sim.study.record import has_record
from pcqa_sim.study.result import Result
from pcqa_sim.study.task import Task, Work

UNIT_SECONDS = 2.0
METRIC_NAMES = ("failure_share", "missed_share")


def scenario_name(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:12]


def plan_of(scenarios: int, replications: int, seed: int = 1) -> Plan:
    """A plan of scenarios that are names only."""
    points = tuple(Point({"phones.lines": str(n + 1)}, scenario_name(n)) for n in range(scenarios))
    return Plan(Asked(("phones.lines=...",)), points, seed, replications, "days", "settings", origin())


def quick(task: Task) -> Result:
    """A small tidy table that is the unit's own."""
    return Result(task.unit, small_table(task))


def small_table(task: Task) -> pa.Table:
    rows = [(metric, period) for metric in METRIC_NAMES for period in ("all", "w01", "w02")]
    text = [hashlib.sha256(f"{task.unit}/{metric}/{period}".encode()).digest() for metric, period in rows]
    return pa.table(
        {
            "scenario": [task.unit.scenario] * len(rows),
            "replication": pa.array([task.unit.replication] * len(rows), pa.int64()),
            "practice": ["practice"] * len(rows),
            "period": [period for _, period in rows],
            "group": [""] * len(rows),
            "metric": [metric for metric, _ in rows],
            "value": [int.from_bytes(one[:6], "big") / 2**48 for one in text],
            "unit": ["share of contacts"] * len(rows),
        }
    )


def asleep(task: Task) -> Result:
    """The same table after two seconds."""
    time.sleep(UNIT_SECONDS)
    return quick(task)


def busy(task: Task) -> Result:
    """The same table after a third of a second of work, the same work each time."""
    burn()
    return quick(task)


def burn(rounds: int = 15) -> None:
    block = b"x" * 1_000_000
    for _ in range(rounds * 16):
        hashlib.blake2b(block).digest()


def raising(task: Task) -> Result:
    """Replication 1 of the first scenario raises."""
    if task.unit.replication == 1 and task.unit.scenario == scenario_name(0):
        raise ValueError("need 7, contact 0: its call ended twice")
    return quick(task)


def stopping(task: Task) -> Result:
    """Replication 1 of the first scenario stops its process, as if it hung."""
    if task.unit.replication == 1 and task.unit.scenario == scenario_name(0):
        os.kill(os.getpid(), signal.SIGSTOP)
    return quick(task)


def looping(task: Task) -> Result:
    """Replication 1 of the first scenario never ends, though its process lives."""
    while task.unit.replication == 1 and task.unit.scenario == scenario_name(0):
        time.sleep(0.01)
    return quick(task)


def dying(task: Task) -> Result:
    """Replication 1 of the first scenario kills its process each time."""
    if task.unit.replication == 1 and task.unit.scenario == scenario_name(0):
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(task)


def dying_once(task: Task) -> Result:
    """Replication 1 of the first scenario kills its process the first time."""
    mark = Path(task.folder) / "died"
    if task.unit.replication == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(task)


def unseeing(probe: str, *_: object) -> dict[str, object]:
    """What a worker says that has another file system."""
    return {"origin": origin().as_dict(), "sees": Path("/nowhere" + probe).exists()}


WORKS: dict[str, Work] = {
    one.__name__: one for one in (quick, asleep, busy, raising, stopping, looping, dying, dying_once)
}


def drive(folder: Path, plan: Plan, engine: Engine, work: Work, watcher: Watcher | None = None) -> Outcome:
    """Begin a study in a folder or go on with it, as the command does."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, ["test"]):
        used = read_plan(folder) if has_record(folder) else plan
        if not has_record(folder):
            write_plan(folder, plan)
        return carry_out(folder, used, engine, work, watcher)


def carry_out(folder: Path, plan: Plan, engine: Engine, work: Work, watcher: Watcher | None = None) -> Outcome:
    """Do the units of a plan that are missing, and gather all of them."""
    outcome = Execution(folder, Terms.of(plan), engine, work, watcher or Watcher()).complete(plan.units())
    gather(folder, plan, {one.unit for one in outcome.failed})
    return outcome


def main(words: list[str]) -> int:
    """Drive a study: folder, scenarios, replications, kind of unit, and processes or the address of a scheduler."""
    folder, scenarios, replications, work, where = words
    note = Watcher(note=lambda line: print(line, file=sys.stderr, flush=True))
    plan = plan_of(int(scenarios), int(replications))
    if "://" not in where:
        outcome = drive(Path(folder), plan, Local(int(where)), WORKS[work], note)
        return 1 if outcome.failed else 0
    from pcqa_sim.study.engines.dask_engine import Dask, connected

    engine = Dask(connected(where))
    try:
        outcome = drive(Path(folder), plan, engine, WORKS[work], note)
    finally:
        engine.close()
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    import fakeunits

    sys.exit(fakeunits.main(sys.argv[1:]))
