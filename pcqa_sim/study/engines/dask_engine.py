"""The Dask engine: units are done by the workers of a Dask scheduler, reached over TCP by its address.

The scheduler never holds more than a few tasks for each worker, so that a study may have any number of units.
"""

from __future__ import annotations

import contextlib
import queue
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.study.engines import EngineLost
from pcqa_sim.study.origin import Origin, origin
from pcqa_sim.study.task import Receipt, Task, in_one_line, perform

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10.0
WORKERS_SECONDS = 120.0
TURN_SECONDS = 1.0
IN_HAND = 3
TRIES = 3


def connected(address: str, what: str = "--scheduler") -> Client:
    """Return a client of a scheduler; raise BadInput with its address where none answers there within ten seconds."""
    import asyncio

    try:
        from distributed import Client
    except ImportError:
        raise BadInput(Fault(what, "needs the packages of Dask: pip install 'pcqa-sim[cluster]'", address)) from None
    place = address if "://" in address else f"tcp://{address}"
    try:
        with _quiet():
            return Client(place, timeout=CONNECT_SECONDS, set_as_default=False, name="pcqa")
    except (OSError, TimeoutError, asyncio.TimeoutError):
        rule = f"no Dask scheduler answers there within {CONNECT_SECONDS:g} s; start one with: dask scheduler"
        raise BadInput(Fault(what, rule, address)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise BadInput(Fault(what, f"is not an address such as tcp://127.0.0.1:8786 ({fault})", address)) from None


@dataclass
class Dask:
    """The workers of a Dask scheduler. `limit_s` is the longest time for one unit."""

    client: Client
    limit_s: float = 3600.0
    workers_s: float = WORKERS_SECONDS

    def describe(self) -> str:
        """Return where units are done."""
        return f"the Dask cluster at {self.client.scheduler.address}" if self.client.scheduler else "a Dask cluster"

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Do the tasks; see `Engine`."""
        check_workers(self.client, self.workers_s)
        flight = _Flight(self, iter(tasks))
        try:
            yield from flight.receipts()
        finally:
            flight.end()

    def close(self) -> None:
        """Leave the scheduler; it and its workers go on."""
        with contextlib.suppress(Exception), _quiet():
            self.client.close(timeout=2)


@dataclass
class _Aloft:
    """A task with the scheduler: its future, since when a worker has it, and on which."""

    task: Task
    future: Future
    since: float | None = None
    worker: str = ""


@dataclass
class _Flight:
    """The tasks of one study that are with the scheduler."""

    engine: Dask
    tasks: Iterator[Task]
    aloft: dict[str, _Aloft] = field(default_factory=dict)
    landed: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    looked: float = 0.0

    def receipts(self) -> Iterator[Receipt]:
        self._fill()
        while self.aloft:
            with contextlib.suppress(queue.Empty):
                key = self.landed.get(timeout=TURN_SECONDS)
                if key in self.aloft:
                    yield self._receipt(self.aloft.pop(key))
            yield from self._overdue()
            self._fill()

    def end(self) -> None:
        """Take back what was not done yet."""
        futures = [one.future for one in self.aloft.values()]
        self.aloft.clear()
        if futures and self.engine.client.status == "running":
            with contextlib.suppress(Exception), _quiet():
                self.engine.client.cancel(futures, force=True)

    def _fill(self) -> None:
        """Hand over as many tasks as keep every worker busy."""
        client = self.engine.client
        if client.status != "running":
            raise EngineLost(f"the Dask scheduler at {_address(client)} went away")
        threads = max(1, sum(client.nthreads().values()) if len(self.aloft) < IN_HAND or self._due() else self._threads)
        self._threads = threads
        while len(self.aloft) < IN_HAND * threads and (task := next(self.tasks, None)) is not None:
            key = f"pcqa-{task.unit}-{time.monotonic_ns()}"
            future = client.submit(perform, task, key=key, pure=False, retries=0)
            self.aloft[key] = _Aloft(task, future)
            future.add_done_callback(lambda done: self.landed.put(done.key))

    _threads: int = 1

    def _due(self) -> bool:
        """Tell, every few seconds, that it is time to look at the workers again."""
        due = time.monotonic() - self.looked > 5 * TURN_SECONDS
        self.looked = time.monotonic() if due else self.looked
        return due

    def _receipt(self, one: _Aloft) -> Receipt:
        """Return what a future holds; every future is asked."""
        try:
            receipt = one.future.result(timeout=10)
        except Exception as fault:
            if self.engine.client.status != "running" or one.future.status in ("cancelled", "lost"):
                raise EngineLost(f"the Dask scheduler at {_address(self.engine.client)} went away") from None
            return Receipt(one.task.unit, trouble="failed", fault=_in_words(fault))
        finally:
            one.future.release()
        if not isinstance(receipt, Receipt) or receipt.unit != one.task.unit:
            return Receipt(one.task.unit, trouble="failed", fault="the worker returned something else than its receipt")
        return receipt
