"""Units whose runs begin alike, done by one process that is forked where they part: the beginning is run once.

A process forks safely only while it has no thread of its own. So a worker begins a `Hand` before its sign of life
does: that process waits, forks another for each set of tasks, and has no thread. (Those that NumPy and Arrow keep are
idle, and they are ready for a fork.) Whatever comes to grief here is done again by the worker, unit by unit.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import Pipe, connection

from pcqa_sim.study.origin import origin
from pcqa_sim.study.result import Result, result_of
from pcqa_sim.study.sharing import day_apart, of_one_beginning, week_apart
from pcqa_sim.study.task import Receipt, Task, perform, scenario_of
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.plugins import ensure

CAN_FORK = sys.platform == "linux"
"""Elsewhere a process does not end with the one that forked it, or may not be forked once libraries are loaded."""
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_NEEDED_BY_ALL = (
    "pcqa_sim.results.conservation",
    "pcqa_sim.results.metrics",
    "pcqa_sim.results.intraday",
    "pyarrow.parquet",
)


@dataclass(frozen=True)
class Lost:
    """Units whose process ended before they were done, and in what way."""

    units: tuple[Unit, ...]
    why: str


class Hand:
    """A process beside a worker that does tasks whose runs begin alike. `worker` is the pipe that it must not hold."""

    def __init__(self, worker: connection.Connection) -> None:
        self._pipe, theirs = Pipe()
        mine = os.getpid()
        if os.fork() == 0:
            self._pipe.close()
            worker.close()
            _end_with(mine)
            _wait_for_tasks(theirs)
        theirs.close()

    def receipts(self, task: Task) -> Iterator[Receipt | Lost]:
        """Have a task and those alike done; yield what came of each, nothing of those that nobody could begin."""
        try:
            self._pipe.send(task)
            while (message := self._pipe.recv()) is not None:
                yield message
        except (OSError, EOFError):
            return


def done(task: Task, hand: Hand | None) -> Iterator[Receipt]:
    """Do a task and those that begin alike, by one hand or else one after the other."""
    left = {one.unit: one for one in (replace(task, alike=()), *task.alike)}
    mishaps: dict[Unit, str] = {}
    known = not task.code or task.code == origin().code
    for said in hand.receipts(task) if hand is not None and task.alike and known else ():
        if isinstance(said, Lost):
            mishaps |= dict.fromkeys(said.units, said.why)
        else:
            left.pop(said.unit, None)
            yield said
    for unit, one in left.items():
        yield replace(perform(one), mishaps=(mishaps[unit],) if unit in mishaps else ())


def ended(status: int) -> str:
    """Return in words how a process ended: a negative number is the signal that ended it."""
    if status >= 0:
        return f"its process ended by itself (exit {status})"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = str(-status)
    lost = "; perhaps the machine ran out of memory" if name == "SIGKILL" else ""
    return f"its process was ended by signal {name}{lost}"


def _end_with(parent: int) -> None:
    """Let this process be killed when the one that forked it ends."""
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def read_ahead() -> None:
    """Read what every unit needs."""
    for name in _NEEDED_BY_ALL:
        importlib.import_module(name)


def _wait_for_tasks(pipe: connection.Connection) -> None:
    """Fork a process for each set of tasks, until there are no more; never returns."""
    worker = os.getppid()
    try:
        while True:
            task = pipe.recv()
            read_ahead()
            status = _forked(partial(_take_course, task, pipe, worker))
            if status < 0:
                pipe.send(Lost((task.unit, *(one.unit for one in task.alike)), ended(status)))
            pipe.send(None)
    except (EOFError, OSError):
        os._exit(0)


def _take_course(task: Task, pipe: connection.Connection, worker: int) -> None:
    _Course(task, pipe, worker).begin()


def _forked(do: Callable[[], None]) -> int:
    """Do something in a process forked from this one, wait for it, and return how it ended."""
    mine = os.getpid()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        _end_with(mine)
        do()
        status = 0
    finally:
        os._exit(status)


class _Course:
    """One run for several tasks. Where the scenario of some parts from the one followed, another process follows it."""

    def __init__(self, task: Task, pipe: connection.Connection, worker: int) -> None:
        self._pipe, self._worker, self._shared = pipe, worker, 0
        from pcqa_sim.results.run import begun

        self._begun = time.monotonic()
        ensure(task.recipe)
        tasks = (replace(task, alike=()), *task.alike)
        scenarios = [scenario_of(one) for one in tasks]
        alike = [n for n, one in enumerate(scenarios) if week_apart(scenarios[0], one) > 0]
        self._tasks = [tasks[n] for n in alike]
        self._scenarios = of_one_beginning([scenarios[n] for n in alike])
        first = task.unit
        self._run = begun(self._scenarios, first.seed, first.replication)

    def begin(self) -> None:
        """Do the tasks."""
        self._follow(range(len(self._tasks)))

    def _follow(self, numbers: Sequence[int]) -> None:
        """Take the run on for some tasks, the scenario of the first of them being followed."""
        mine, *others = numbers
        days = {n: day_apart(self._scenarios[mine], self._scenarios[n]) for n in others}
        for day in sorted(set(days.values())):
            self._run.go_on(day)
            self._part([n for n in others if days[n] == day])
        self._finish(mine)

    def _part(self, numbers: Sequence[int]) -> None:
        """Have other tasks gone on with by another process, while this one waits."""
        begun = time.monotonic()
        status = _forked(partial(self._turn_to, numbers))
        waited = time.monotonic() - begun
        self._begun += waited
        self._run.bounds.waited(waited)
        if status:
            self._pipe.send(Lost(tuple(self._tasks[n].unit for n in numbers), ended(status)))

    def _turn_to(self, numbers: Sequence[int]) -> None:
        self._begun, self._shared = time.monotonic(), self._run.day
        self._run.turn_to(numbers[0])
        self._follow(numbers)

    def _finish(self, number: int) -> None:
        receipt = perform(replace(self._tasks[number], work=self._result))
        seconds = time.monotonic() - self._begun
        self._pipe.send(replace(receipt, process=self._worker, seconds=seconds, shared_days=self._shared))

    def _result(self, task: Task) -> Result:
        from pcqa_sim.results.run import run_of

        self._run.go_on(self._run.scenario.weeks * 7)
        return result_of(run_of(self._run.end()), task.unit, task.periods, task.keeps)
