"""The local engine: processes on this machine, each watched by itself, so that one that dies or hangs costs no other.

(A pool of `concurrent.futures` is broken as a whole when one of its processes is killed.)
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import connection, resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any

from pcqa_sim.study.engines import EngineLost
from pcqa_sim.study.engines.forking import CAN_FORK, Hand, done, ended, read_ahead
from pcqa_sim.study.task import Receipt, Task
from pcqa_sim.study.unit import Unit

_log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
START_SECONDS = 60.0
_BEGUN = "begun"
TRIES = 3
_MAIN = (
    "a process ended before its work was done; a script that asks for workers must do so below "
    '`if __name__ == "__main__":`, because each of them reads the script again'
)


@dataclass
class Assigned:
    """A task with what went wrong when it was tried before; `left` are those of it and its like not yet done."""

    task: Task
    mishaps: list[str] = field(default_factory=list)
    left: dict[Unit, Task] = field(init=False)

    def __post_init__(self) -> None:
        self.left = {one.unit: one for one in (replace(self.task, alike=()), *self.task.alike)}


class Worker:
    """One process, its pipe, and the task it has in hand."""

    def __init__(self, ahead: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, ahead), daemon=True)
        with interrupts_left_to_us():
            self.process.start()
        theirs.close()
        _log.debug("process %s begun", self.process.pid)
        self.ready = self.at_it = False
        self.hand: Assigned | None = None
        self.heard = self.begun = time.monotonic()

    def give(self, assigned: Assigned) -> None:
        """Hand over a task, once the process listens: until then sending a large one would wait.

        A process that is gone already is noticed when its pipe is read.
        """
        self.hand, self.begun, self.at_it = assigned, time.monotonic(), False
        if self.ready:
            self._send()

    def _send(self) -> None:
        if self.hand is not None:
            with suppress(OSError):
                self.pipe.send(self.hand.task)

    def receive(self) -> Any:
        """Return a receipt of the process, None for a sign of life; raise EOFError when it is gone."""
        try:
            message = self.pipe.recv()
        except (OSError, EOFError):
            raise EOFError from None
        self.heard = time.monotonic()
        if not self.ready:  # the time a process takes to begin is not the unit's
            self.ready, self.begun = True, self.heard
            self._send()
        if message == _BEGUN:  # nor is the time to read the task, with the code it is of
            self.at_it, self.begun = True, self.heard
            return None
        return message

    def end(self) -> None:
        """End the process, stopped or not."""
        self.process.kill()
        self.process.join(5)
        self.pipe.close()


@dataclass
class Local:
    """Processes on this machine.

    `silence_s` seconds without a sign of life, or `limit_s` seconds on one unit, and a process is ended. To begin it
    has a minute at least, as busy as the machine may be.
    """

    workers: int
    silence_s: float = 60.0
    limit_s: float = 3600.0
    waiting: list[Worker] = field(default_factory=list)

    def begin(self) -> None:
        """Begin the processes before there are tasks, so that whoever asks for units soon finds them at hand."""
        self.waiting += [Worker(ahead=True) for _ in range(self.workers - len(self.waiting))]

    @property
    def hands(self) -> int:
        """Return how many sets of tasks that begin alike can be under way at once, 0 where none can."""
        return self.workers if CAN_FORK else 0

    def describe(self) -> str:
        """Return where units are done."""
        return f"{self.workers} processes here" if self.workers > 1 else "one process here"

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Do the tasks; see `Engine`."""
        crew = _Crew(self, iter(tasks))
        try:
            yield from crew.receipts()
        finally:
            crew.end()


class _Crew:
    """The processes at work on one sequence of tasks."""

    def __init__(self, engine: Local, tasks: Iterator[Task]) -> None:
        self._engine = engine
        self._tasks = tasks
        self._again: deque[Assigned] = deque()
        self._workers, engine.waiting = engine.waiting, []
        for worker in self._workers:
            worker.heard = time.monotonic()
        self._stillborn = 0

    def receipts(self) -> Iterator[Receipt]:
        self._staff()
        while any(worker.hand for worker in self._workers):
            pipes = {worker.pipe: worker for worker in self._workers}
            for pipe in connection.wait(list(pipes), timeout=BEAT_SECONDS / 2):
                yield from self._hear(pipes[pipe])  # type: ignore[index]
            for worker in self._overdue():
                yield from self._lose(*worker)
            self._staff()

    def end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _staff(self) -> None:
        """Give every idle process a task, and begin processes while there are more tasks."""
        for worker in self._workers:
            if worker.hand is None and (assigned := self._next()) is not None:
                worker.give(assigned)
        while len(self._workers) < self._engine.workers and (assigned := self._next()) is not None:
            self._workers.append(Worker())
            self._workers[-1].give(assigned)

    def _next(self) -> Assigned | None:
        if self._again:
            return self._again.popleft()
        task = next(self._tasks, None)
        return None if task is None else Assigned(task)

    def _hear(self, worker: Worker) -> Iterator[Receipt]:
        try:
            message = worker.receive()
        except EOFError:
            worker.process.join(5)
            yield from self._lose(worker, ended(worker.process.exitcode or 0))
            return
        if isinstance(message, Receipt) and worker.hand is not None:
            mishaps = (*worker.hand.mishaps, *message.mishaps)
            del worker.hand.left[message.unit]
            worker.begun = time.monotonic()
            if not worker.hand.left:
                worker.hand = None
                if (assigned := self._next()) is not None:
                    worker.give(assigned)
            yield replace(message, mishaps=mishaps)

    def _overdue(self) -> list[tuple[Worker, str]]:
        """Return the processes that have been silent for too long, or too long at one unit."""
        now, found = time.monotonic(), []
        for worker in self._workers:
            if worker.pipe.poll():
                continue
            if now - worker.heard > (silence_s := self._silence_s(worker)):
                found.append((worker, f"its process gave no sign of life for {silence_s:g} s"))
            elif worker.hand is not None and worker.ready and now - worker.begun > self._limit_s(worker):
                found.append((worker, f"it took longer than {self._limit_s(worker):g} s"))
        return found

    def _silence_s(self, worker: Worker) -> float:
        """Return how long a process may be silent, or may take to begin."""
        return self._engine.silence_s if worker.ready else max(self._engine.silence_s, START_SECONDS)

    def _limit_s(self, worker: Worker) -> float:
        """Return how long a unit may take, or reading the task before it."""
        return self._engine.limit_s if worker.at_it else max(self._engine.limit_s, self._engine.silence_s)

    def _lose(self, worker: Worker, why: str) -> Iterator[Receipt]:
        """End a process; its task is done again by another, or given up after a few times."""
        _log.warning("process %s is lost: %s", worker.process.pid, why)
        self._workers.remove(worker)
        worker.end()
        self._stillborn = 0 if worker.ready else self._stillborn + 1
        if self._stillborn > 2 * TRIES:
            raise EngineLost(_MAIN)
        if worker.hand is None:
            return
        if not worker.ready:  # its task was not begun, and is not to blame
            self._again.append(worker.hand)
            return
        mishaps = [*worker.hand.mishaps, why]
        if len(worker.hand.left) > 1:  # nobody knows which of them it was
            self._again.extend(Assigned(task, list(mishaps)) for task in worker.hand.left.values())
            return
        if len(mishaps) < TRIES and not why.startswith("it took longer"):
            self._again.extend(Assigned(task, mishaps) for task in worker.hand.left.values())
            return
        times = f", {len(mishaps)} times over" if len(mishaps) > 1 else ""
        process = worker.process.pid or 0
        yield Receipt(next(iter(worker.hand.left)), process=process, trouble="failed", fault=why + times)


@contextmanager
def interrupts_left_to_us() -> Iterator[None]:
    """Let processes begun meanwhile know nothing of Ctrl-C: whoever began them ends them, and hears it afterwards."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # else it is begun meanwhile, and lets signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: connection.Connection, ahead: bool = False) -> None:
    """Do tasks until there are no more (in a process of its own), with a sign of life every second.

    With `ahead` what a unit needs is read before the first is asked for.
    """
    gc.set_threshold(200_000, 20, 100)  # as the command does: what is imported for the first unit stays
    if ahead:
        read_ahead()
    hand = Hand(pipe) if CAN_FORK else None  # before there is a thread
    speaking = threading.Lock()

    def say(message: object) -> None:
        with speaking:
            pipe.send(message)

    def beat() -> None:
        while True:
            try:
                say(None)
            except OSError:
                os._exit(1)  # whoever began this process is gone
            time.sleep(BEAT_SECONDS)

    threading.Thread(target=beat, daemon=True).start()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        try:
            say(_BEGUN)
            for receipt in done(task, hand):
                say(receipt)
        except OSError:
            os._exit(1)
