"""The Dask engine: units are done by the workers of a Dask scheduler, reached over TCP by its address.

The scheduler never holds more than a few tasks for each worker, so that a study may have any number of units.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import queue
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.study.engines import EngineLost
from pcqa_sim.study.engines.dask_workers import check_workers
from pcqa_sim.study.task import Receipt, Task, in_one_line, perform

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 6.0
TURN_SECONDS = 0.5
LOOK_SECONDS = 5.0
IN_HAND = 3
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.utils", "distributed.comm", "tornado")


def connected(address: str, what: str = "--scheduler") -> Client:
    """Return a client of a scheduler; raise BadInput with its address where none answers there within some seconds."""
    try:
        from distributed import Client
    except ImportError:
        raise BadInput(Fault(what, "needs the packages of Dask: pip install 'pcqa-sim[cluster]'", address)) from None
    _quieten()
    place = address if "://" in address else f"tcp://{address}"
    if why_not := asyncio.run(_no_scheduler(place)):
        raise BadInput(Fault(what, why_not, address))
    return Client(place, timeout=CONNECT_SECONDS, set_as_default=False, name="pcqa")


async def _no_scheduler(place: str) -> str:
    """Return why there is no scheduler at a place, "" where there is one. (A client that fails hangs when it goes.)"""
    from distributed.core import rpc

    try:
        async with rpc(place, timeout=CONNECT_SECONDS) as there:
            identity = await asyncio.wait_for(there.identity(), CONNECT_SECONDS)
    except OSError:  # a TimeoutError is one
        return f"no Dask scheduler answers there within {CONNECT_SECONDS:g} s; start one with: dask scheduler"
    except (ValueError, TypeError, KeyError, AttributeError):
        return "is not an address such as tcp://127.0.0.1:8786"
    except Exception:
        return "what answers there is no Dask scheduler"
    kind = identity.get("type", "?") if isinstance(identity, dict) else "?"
    return "" if kind == "Scheduler" else f"what answers there is no Dask scheduler, but a {kind}"


def _quieten() -> None:
    """Keep Dask from printing its own view of what this program says in one line."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class Dask:
    """The workers of a Dask scheduler.

    `limit_s` is the longest time for one unit, `wait_s` the longest wait for the first worker.
    """

    def __init__(self, client: Client, limit_s: float = 3600.0, wait_s: float = 60.0) -> None:
        self.client = client
        self.limit_s = limit_s
        self.wait_s = wait_s
        self.address = str(client.scheduler.address) if client.scheduler is not None else "?"

    def describe(self) -> str:
        """Return where units are done."""
        return f"the Dask cluster at {self.address}"

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Do the tasks; see `Engine`."""
        ahead = iter(tasks)
        first = next(ahead, None)
        if first is None:
            return
        check_workers(self.client, Path(first.folder), self.wait_s)
        flight = _Flight(self, itertools.chain([first], ahead))
        try:
            yield from flight.receipts()
        finally:
            flight.end()

    def close(self) -> None:
        """Leave the scheduler; it and its workers go on."""
        with contextlib.suppress(Exception):
            self.client.close(timeout=2)

    def lost(self) -> EngineLost:
        """Return the fault of a scheduler that is gone."""
        return EngineLost(f"the Dask scheduler at {self.address} went away")


class _Aloft:
    """A task that is with the scheduler: its future, and since when which worker has it."""

    def __init__(self, task: Task, future: Future) -> None:
        self.task = task
        self.future = future
        self.since: float | None = None
        self.worker = ""
        self.place = 0


class _Flight:
    """The tasks of one study that are with the scheduler."""

    def __init__(self, engine: Dask, tasks: Iterator[Task]) -> None:
        self._engine = engine
        self._client = engine.client
        self._tasks = tasks
        self._aloft: dict[str, _Aloft] = {}
        self._landed: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._looked = 0.0
        self._nthreads: dict[str, int] = {}

    def receipts(self) -> Iterator[Receipt]:
        self._look()
        self._fill()
        while self._aloft:
            with contextlib.suppress(queue.Empty):
                key = self._landed.get(timeout=TURN_SECONDS)
                if key in self._aloft:
                    yield self._receipt(self._aloft.pop(key))
            if self._client.status != "running":
                raise self._engine.lost()
            if time.monotonic() - self._looked > min(LOOK_SECONDS, self._engine.limit_s / 4):
                self._look()
                yield from self._overdue()
            self._fill()

    def end(self) -> None:
        """Take back what was not done yet."""
        futures = [one.future for one in self._aloft.values()]
        self._aloft.clear()
        if futures and self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.cancel(futures, force=True)

    def _fill(self) -> None:
        """Hand over as many tasks as keep every worker busy."""
        most = IN_HAND * max(1, sum(self._nthreads.values()))
        while len(self._aloft) < most and (task := next(self._tasks, None)) is not None:
            key = f"pcqa-{task.unit}-{time.monotonic_ns()}"
            future = self._client.submit(perform, task, key=key, pure=False, retries=0)
            self._aloft[key] = _Aloft(task, future)
            future.add_done_callback(lambda done: self._landed.put(str(done.key)))

    def _look(self) -> None:
        """See which workers there are and what they have in hand."""
        self._looked = time.monotonic()
        try:
            self._nthreads = dict(self._client.nthreads())
            processing = self._client.processing()
        except (OSError, RuntimeError):
            return  # the status tells, a moment later
        for worker, keys in processing.items():
            for place, key in enumerate(map(str, keys)):
                one = self._aloft.get(key)
                if one is not None:
                    one.place = place
                    if one.worker != worker or one.since is None:
                        one.worker, one.since = worker, self._looked

    def _overdue(self) -> Iterator[Receipt]:
        """Give up units that took too long; their worker is restarted, where it has a nanny to do so."""
        limit = self._engine.limit_s
        for key, one in self._in_work():
            if one.since is None or time.monotonic() - one.since <= limit:
                continue
            del self._aloft[key]
            with contextlib.suppress(Exception):
                self._client.cancel([one.future], force=True)
                self._client.restart_workers([one.worker], timeout=20, raise_for_error=False)
            for other in self._aloft.values():  # what waited behind it begins anew, here or elsewhere
                if other.worker == one.worker:
                    other.since = None
            yield Receipt(one.task.unit, trouble="failed", fault=f"it took longer than {limit:g} s on {one.worker}")

    def _in_work(self) -> list[tuple[str, _Aloft]]:
        """Return the tasks that workers do now: on each worker the first, one for each of its threads."""
        found: list[tuple[str, _Aloft]] = []
        for worker, threads in self._nthreads.items():
            mine = [(key, one) for key, one in self._aloft.items() if one.worker == worker]
            found += sorted(mine, key=lambda known: (known[1].since or math.inf, known[1].place))[:threads]
        return found

    def _receipt(self, one: _Aloft) -> Receipt:
        """Return what a future holds; every future is asked."""
        try:
            receipt = one.future.result(timeout=10)
        except Exception as fault:
            if self._client.status != "running" or one.future.status in ("cancelled", "lost"):
                raise self._engine.lost() from None
            return Receipt(one.task.unit, trouble="failed", fault=_in_words(fault))
        finally:
            one.future.release()
        if not isinstance(receipt, Receipt) or receipt.unit != one.task.unit:
            return Receipt(one.task.unit, trouble="failed", fault="the worker returned something else than its receipt")
        return receipt


def _in_words(fault: Any) -> str:
    from distributed.scheduler import KilledWorker

    if isinstance(fault, KilledWorker):
        return f"its worker ended while doing it, {fault.allowed_failures + 1} times over"
    return in_one_line(fault)
