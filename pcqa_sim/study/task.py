"""One unit as a task: what is sent to a worker, what the worker does with it, and the receipt it gives back."""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from pcqa_sim.study.ledger import Ledger
from pcqa_sim.study.origin import origin
from pcqa_sim.study.unitfile import UnitName
from pcqa_sim.values.arrow import numbers, texts
from pcqa_sim.values.outside import shown

Periods = Literal["all", "weeks", "days"]
Trouble = Literal["", "failed", "not written", "other code"]
LONGEST_TRACE = 6000


@dataclass(frozen=True)
class Task:
    """One unit to be done and put into the ledger of a folder, which driver and workers both see.

    `code` is the code version the driver expects, "" for any; `work` computes the unit's table; `scenario_sha256` is
    the checksum of the scenario's file, "" where the plan has none.
    """

    folder: str
    unit: UnitName
    work: Work
    code: str = ""
    periods: Periods = "days"
    scenario_sha256: str = ""


Work = Callable[[Task], pa.Table]


@dataclass(frozen=True)
class Receipt:
    """What became of a unit: where it was done and, where it is in the ledger, its checksum and size.

    `trouble` is "" where all is well; `fault` then says in one line what was wrong, `trace` where in the code.
    `mishaps` are what went wrong before it was done again.
    """

    unit: UnitName
    checksum: str = ""
    size: int = 0
    seconds: float = 0.0
    process: int = 0
    host: str = ""
    trouble: Trouble = ""
    fault: str = ""
    trace: str = ""
    mishaps: tuple[str, ...] = ()


def perform(task: Task) -> Receipt:
    """Do a unit in whatever process, put it into the ledger, and return the receipt; never raises an Exception."""
    begun = time.monotonic()
    if task.code and task.code != origin().code:
        return _receipt(task, begun, "other code", f"this worker has other code ({origin().code}, not {task.code})")
    try:
        table = task.work(task)
    except Exception as fault:
        return _receipt(task, begun, "failed", in_one_line(fault), _trace())
    try:
        entry = Ledger(Path(task.folder)).put(task.unit, table, task.code)
    except OSError as fault:
        return _receipt(task, begun, "not written", os_fault(fault, task.folder))
    except Exception as fault:
        return _receipt(task, begun, "failed", in_one_line(fault), _trace())
    seconds = time.monotonic() - begun
    return Receipt(task.unit, entry.checksum, entry.size, seconds, os.getpid(), socket.gethostname())


def simulated(task: Task) -> pa.Table:
    """Simulate a unit: the tidy metrics of one replication, of the periods that are kept."""
    from pcqa_sim.results.run import simulate

    scenario = Ledger(Path(task.folder)).scenario(task.unit.scenario, task.scenario_sha256)
    table = simulate(scenario, task.unit.seed, task.unit.replication).measured(task.periods)
    same = np.zeros(table.num_rows, dtype=np.int64)
    name = texts([task.unit.scenario], large=True).take(numbers(same))
    return table.add_column(0, "replication", numbers(same + task.unit.replication)).add_column(0, "scenario", name)


def in_one_line(fault: BaseException) -> str:
    """Return an exception as one line: its kind and what it says."""
    said = shown(fault)
    return f"{type(fault).__name__}: {said}"[:500] if said else type(fault).__name__


def os_fault(fault: OSError, place: str) -> str:
    """Return in one line what the operating system refused, and where."""
    return shown(f"{fault.filename or place}: {fault.strerror or fault}")


def _trace() -> str:
    return traceback.format_exc()[-LONGEST_TRACE:]


def _receipt(task: Task, begun: float, trouble: Trouble, fault: str, trace: str = "") -> Receipt:
    seconds = time.monotonic() - begun
    return Receipt(task.unit, "", 0, seconds, os.getpid(), socket.gethostname(), trouble, fault, trace)
