"""One unit as a task: what is sent to a worker, what the worker does with it, and the receipt it gives back.

Wherever units are done (this process, others here, a Dask cluster, a job array), `perform` does them.
"""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.origin import origin
from pcqa_sim.study.result import Extra, Periods, Result, result_of
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.faults import GivenUp
from pcqa_sim.values.outside import shown
from pcqa_sim.values.owncode import Recipe
from pcqa_sim.values.plugins import ensure, recipe

Trouble = Literal["", "failed", "not written", "other code"]
LONGEST_TRACE = 6000


@dataclass(frozen=True)
class Task:
    """One unit to be done: put into the store of a folder, which driver and workers both see.

    Without a folder nothing is written, `scenario` is what is run, and the receipt brings the result. `code` is the
    code version the driver expects, "" for any; `work` computes the unit's result; `scenario_sha256` is the checksum
    of the scenario's file, "" where the study has none. `recipe` is the own code that whoever does it must know.
    `alike` are tasks whose runs may begin as this one's does, given to an engine that has `hands` for them.
    """

    folder: str
    unit: Unit
    work: Work
    code: str = ""
    periods: Periods = "days"
    scenario_sha256: str = ""
    keeps: tuple[Extra, ...] = ()
    scenario: Scenario | None = None
    recipe: Recipe = field(default_factory=recipe)
    alike: tuple[Task, ...] = ()


Work = Callable[[Task], Result]


@dataclass(frozen=True)
class Receipt:
    """What became of a unit: where it was done and, where it is in the store, its checksum and size.

    `trouble` is "" where all is well; `fault` then says in one line what was wrong, `trace` where in the code.
    `shared_days` of its run were another's, too, and not run again. `mishaps` are what went wrong before it was done
    again. `result` is that of a task without a folder.
    """

    unit: Unit
    checksum: str = ""
    size: int = 0
    seconds: float = 0.0
    shared_days: int = 0
    process: int = 0
    host: str = ""
    trouble: Trouble = ""
    fault: str = ""
    trace: str = ""
    mishaps: tuple[str, ...] = ()
    result: Result | None = None


def perform(task: Task) -> Receipt:
    """Do a unit in whatever process, put it into the store, and return the receipt; never raises an Exception."""
    begun = time.monotonic()
    ensure(task.recipe)
    if task.code and task.code != origin().code:
        return _receipt(task, begun, "other code", f"this worker has other code ({origin().code}, not {task.code})")
    try:
        result = replace(task.work(task), process=os.getpid())
    except Exception as fault:
        return _receipt(task, begun, "failed", in_one_line(fault), _trace())
    if not task.folder:
        return replace(_receipt(task, begun), result=result)
    try:
        entry = Store(Path(task.folder)).put(result, task.code, task.keeps)
    except OSError as fault:
        return _receipt(task, begun, "not written", os_fault(fault, task.folder))
    except Exception as fault:
        return _receipt(task, begun, "failed", in_one_line(fault), _trace())
    return replace(_receipt(task, begun), checksum=entry.checksum, size=entry.size)


def simulated(task: Task) -> Result:
    """Simulate a unit: the tidy metrics of one replication, of the periods that are kept."""
    from pcqa_sim.results.run import simulate

    run = simulate(scenario_of(task), task.unit.seed, task.unit.replication)
    return result_of(run, task.unit, task.periods, task.keeps)


def scenario_of(task: Task) -> Scenario:
    """Return the scenario of a task, from the store of its study where the task does not bring it."""
    if task.scenario is not None:
        return task.scenario
    return Store(Path(task.folder)).scenario(task.unit.scenario, task.scenario_sha256)


def in_one_line(fault: BaseException) -> str:
    """Return an exception as one line: its kind and what it says; of a run that was given up, what it says alone."""
    said = shown(fault)
    if isinstance(fault, GivenUp):
        return said[:500]
    return f"{type(fault).__name__}: {said}"[:500] if said else type(fault).__name__


def os_fault(fault: OSError, place: str) -> str:
    """Return in one line what the operating system refused, and where."""
    return shown(f"{fault.filename or place}: {fault.strerror or fault}")


def _trace() -> str:
    return traceback.format_exc()[-LONGEST_TRACE:]


def _receipt(task: Task, begun: float, trouble: Trouble = "", fault: str = "", trace: str = "") -> Receipt:
    seconds = time.monotonic() - begun
    return Receipt(task.unit, "", 0, seconds, 0, os.getpid(), socket.gethostname(), trouble, fault, trace)
