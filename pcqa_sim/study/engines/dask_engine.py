"""The Dask engine: units are done by the workers of a Dask scheduler, reached over TCP by its address.

The scheduler never holds more than one task for each thread of a worker, so that a study may have any number of
units, and it is known which unit a worker was at that died or hangs.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import queue
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.study.engines import EngineLost
from pcqa_sim.study.engines.dask_workers import Crew
from pcqa_sim.study.task import Receipt, Task, in_one_line, perform
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 6.0
TURN_SECONDS = 0.5
LOOK_SECONDS = 2.0
TRIES = 3
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.utils", "distributed.comm", "tornado")


def connected(address: str) -> Client:
    """Return a client of a scheduler; raise BadInput with its address where none answers there within some seconds."""
    try:
        from distributed import Client
    except ImportError:
        raise BadInput(
            Fault("--scheduler", "needs the packages of Dask: pip install 'pcqa-sim[cluster]'", address)
        ) from None
    _quieten()
    place = address if "://" in address else f"tcp://{address}"
    if why_not := asyncio.run(_no_scheduler(place)):
        raise BadInput(Fault("--scheduler", why_not, address))
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

    `limit_s` is the longest time for one unit, `wait_s` the longest wait for the first worker. A worker without a
    sign of life for `silence_s` is restarted by its nanny, and its unit done again.
    """

    def __init__(self, client: Client, limit_s: float = 3600.0, wait_s: float = 60.0, silence_s: float = 60.0) -> None:
        self.client = client
        self.limit_s = limit_s
        self.silence_s = silence_s
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
        from distributed.comm import CommClosedError

        flight: _Flight | None = None
        try:
            crew = Crew(self.client, Path(first.folder))
            crew.gather(self.wait_s)
            flight = _Flight(self, crew, itertools.chain([first], ahead))
            yield from flight.receipts()
        except (CommClosedError, ConnectionError, TimeoutError):
            raise self.lost() from None
        finally:
            if flight is not None:
                flight.end()

    def close(self) -> None:
        """Leave the scheduler; it and its workers go on."""
        with contextlib.suppress(Exception):
            self.client.close(timeout=2)

    def lost(self) -> EngineLost:
        """Return the fault of a scheduler that is gone."""
        return EngineLost(f"the Dask scheduler at {self.address} went away")


class _Aloft:
    """A task that a worker has: its future, since when, and what went wrong when it was tried before."""

    def __init__(self, task: Task, future: Future, worker: str, mishaps: tuple[str, ...]) -> None:
        self.task = task
        self.future = future
        self.worker = worker
        self.mishaps = mishaps
        self.since = time.monotonic()


class _Flight:
    """The tasks of one study that are with workers, one for each thread, so that what a worker does is known."""

    def __init__(self, engine: Dask, crew: Crew, tasks: Iterator[Task]) -> None:
        self._engine = engine
        self._client = engine.client
        self._crew = crew
        self._tasks = tasks
        self._handed_out = False
        self._again: deque[tuple[Task, tuple[str, ...]]] = deque()
        self._aloft: dict[str, _Aloft] = {}
        self._landed: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._manned = self._looked = time.monotonic()

    def receipts(self) -> Iterator[Receipt]:
        self._fill()
        while self._aloft or self._again or not self._handed_out:  # for a moment there may be no worker at all
            with contextlib.suppress(queue.Empty):
                key = self._landed.get(timeout=TURN_SECONDS)
                if key in self._aloft:
                    yield self._receipt(self._aloft.pop(key))
            if self._client.status != "running":
                raise self._engine.lost()
            if time.monotonic() - self._looked > min(
                LOOK_SECONDS, self._engine.limit_s / 4, self._engine.silence_s / 4
            ):
                yield from self._look()
            self._fill()

    def end(self) -> None:
        """Take back what was not done yet."""
        futures = [one.future for one in self._aloft.values()]
        self._aloft.clear()
        if futures and self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.cancel(futures, force=True)

    def _fill(self) -> None:
        """Give every idle thread of every worker a task."""
        busy = Counter(one.worker for one in self._aloft.values())
        for worker, threads in self._crew.nthreads.items():
            for _ in range(threads - busy[worker]):
                if (following := self._next()) is None:
                    return
                self._submit(worker, *following)

    def _next(self) -> tuple[Task, tuple[str, ...]] | None:
        if self._again:
            return self._again.popleft()
        task = next(self._tasks, None)
        self._handed_out = task is None
        return None if task is None else (task, ())

    def _submit(self, worker: str, task: Task, mishaps: tuple[str, ...]) -> None:
        key = f"pcqa-{task.unit}-{time.monotonic_ns()}"
        future = self._client.submit(perform, task, key=key, workers=[worker], pure=False, retries=0)
        self._aloft[key] = _Aloft(task, future, worker, mishaps)
        future.add_done_callback(lambda done: self._landed.put(str(done.key)))

    def _look(self) -> Iterator[Receipt]:
        """See which workers there are: what one had that is gone, stopped or too long at it is done by another."""
        self._looked = now = time.monotonic()
        try:
            self._crew.look()
        except (OSError, RuntimeError):
            return  # the client's status tells, a moment later
        if self._crew.nthreads:
            self._manned = now
        elif now - self._manned > self._engine.wait_s:
            raise EngineLost(f"the Dask scheduler at {self._engine.address} has no workers left that can take part")
        for key, one in list(self._aloft.items()):
            if one.worker not in self._crew.nthreads:
                yield from self._lose(key, f"its worker {one.worker} ended")
            elif self._crew.silence(one.worker) > self._engine.silence_s:
                why = f"its worker {one.worker} gave no sign of life for {self._engine.silence_s:g} s"
                yield from self._lose(key, why, restart=True)
            elif now - one.since > self._engine.limit_s:
                why = f"it took longer than {self._engine.limit_s:g} s on {one.worker}"
                yield from self._lose(key, why, restart=True, tries=1)

    def _lose(self, key: str, why: str, restart: bool = False, tries: int = TRIES) -> Iterator[Receipt]:
        """Take a task back from a worker; it is done again by another, or given up after a few times."""
        one = self._aloft.pop(key)
        with contextlib.suppress(Exception):
            self._client.cancel([one.future], force=True)
        if restart:
            self._crew.restart(one.worker)
        mishaps = (*one.mishaps, why)
        if len(mishaps) < tries:
            self._again.append((one.task, mishaps))
            return
        times = f", {len(mishaps)} times over" if len(mishaps) > 1 else ""
        yield Receipt(one.task.unit, trouble="failed", fault=why + times)

    def _receipt(self, one: _Aloft) -> Receipt:
        """Return what a future holds; every future is asked."""
        try:
            receipt = one.future.result(timeout=10)
        except Exception as fault:
            if self._client.status != "running" or one.future.status in ("cancelled", "lost"):
                raise self._engine.lost() from None
            return Receipt(one.task.unit, trouble="failed", fault=in_one_line(fault))
        finally:
            one.future.release()
        if not isinstance(receipt, Receipt) or receipt.unit != one.task.unit:
            return Receipt(one.task.unit, trouble="failed", fault="the worker returned something else than its receipt")
        return replace(receipt, mishaps=one.mishaps)
