"""A pool of people doing one kind of work: requests wait by priority, then in order of arrival.

SimPy's own resources cannot change their capacity, so this is a small one that can: a roster resizes it, people
going home finish what they are doing, callers give up without a search through the queue, and a grant is never
lost. The rule for its users: after `yield from pool.wait(...)` ask whether the request was granted; what was
granted is released.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

from pcqa_sim.kernel.environment import Environment, Event

Watcher = Callable[[float, int, int], None]


class Request:
    """One request for a person of the pool: `granted` once it has one, `over` once it is done or given up."""

    __slots__ = ("event", "granted", "over", "priority")

    def __init__(self, priority: float) -> None:
        self.priority = priority
        self.granted = False
        self.over = False
        self.event: Event | None = None


class Pool:
    """A resizable pool with priorities (small first) and, within a priority, first come first served.

    `capacity` is how many work now, `busy` how many are occupied (more than `capacity` while people who are going
    home finish), `waiting` how many requests wait. `watch`, if not None, is called with (now, busy, waiting) after
    every change.
    """

    def __init__(self, env: Environment, capacity: int = 0, watch: Watcher | None = None) -> None:
        self._env = env
        self.capacity = capacity
        self.busy = 0
        self.waiting = 0
        self._queue: list[tuple[float, int, Request]] = []
        self._serial = 0
        self.watch = watch

    def ask(self, priority: float = 0) -> Request:
        """Return a request, granted at once if somebody is free, otherwise waiting."""
        request = Request(priority)
        if self.busy < self.capacity:
            request.granted = True
            self.busy += 1
        else:
            self._serial += 1
            heappush(self._queue, (priority, self._serial, request))
            self.waiting += 1
        self._changed()
        return request

    def wait(self, request: Request, patience: float = math.inf) -> Generator[Event, Any, bool]:
        """Wait until the request is granted or `patience` minutes are over; return whether it was granted.

        If the waiting process is interrupted or closed, the request is withdrawn, granted or not.
        """
        if request.granted or request.over:
            return request.granted
        request.event = self._env.event()
        if patience < math.inf:
            timer = self._env.timeout(patience)
            timer.callbacks.append(lambda _: self.give_up(request))
        try:
            yield request.event
        except BaseException:
            self.withdraw(request)
            raise
        return request.granted

    def give_up(self, request: Request) -> None:
        """End a request that still waits, its process told; one that was granted or is over stays as it is."""
        if request.granted or request.over:
            return
        request.over = True
        self.waiting -= 1
        self._changed()
        if request.event is not None:
            request.event.succeed()

    def release(self, request: Request) -> None:
        """Give back what a request was granted; raise RuntimeError if it holds nothing."""
        if not request.granted or request.over:
            raise RuntimeError("a request is released once, after it was granted")
        request.over = True
        self.busy -= 1
        self._grant()
        self._changed()

    def withdraw(self, request: Request) -> None:
        """End a request whatever its state: release it if granted, leave the queue if waiting."""
        if request.over:
            return
        if request.granted:
            self.release(request)
        else:
            request.event = None
            self.give_up(request)

    def resize(self, capacity: int) -> None:
        """Change how many work; people at work finish, people waiting are served at once if others came in."""
        self.capacity = capacity
        self._grant()
        self._changed()

    def _grant(self) -> None:
        """Hand free people to those who wait."""
        while self.busy < self.capacity and self._queue:
            _, _, request = heappop(self._queue)
            if request.over:
                continue
            request.granted = True
            self.busy += 1
            self.waiting -= 1
            if request.event is not None:
                request.event.succeed()

    def _changed(self) -> None:
        if self.watch is not None:
            self.watch(self._env.now, self.busy, self.waiting)
