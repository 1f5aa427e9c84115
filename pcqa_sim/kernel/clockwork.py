"""A small kernel with SimPy's names: events happen in order of time, and of their making within a minute.

The compiled model runs on it, because calls between compiled classes cost little and calls into SimPy do not become
cheaper. It has what the model uses and nothing else: no processes, no conditions, no interrupts, no values of events.
Interpreted, SimPy is the kernel (environment.py chooses), and this one must give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pcqa_sim.values.form import i64, mypyc_attr


@mypyc_attr(free_list_len=1)
class Event:
    """Something that will happen once; `callbacks` are called with it when it does, and are gone afterwards."""

    __slots__ = ("_at", "_env", "_serial", "callbacks")
    __deletable__ = ("callbacks",)

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._at = 0.0
        self._serial: i64 = 0
        self.callbacks: list[Callable[[Any], object]] = []

    def succeed(self) -> Event:
        """Let it happen at this minute, after what is due already; raise RuntimeError for one that was told before."""
        if self._serial:
            raise RuntimeError("an event succeeds once")
        self._env.schedule(self, self._env.now)
        return self

    def _comes_before(self, other: Event) -> bool:
        return self._at < other._at or (self._at == other._at and self._serial < other._serial)


@mypyc_attr(allow_interpreted_subclasses=True)
class Environment:
    """The clock, `now`, and a heap of the events to come."""

    def __init__(self, initial_time: float = 0.0) -> None:
        self.now = float(initial_time)
        self._heap: list[Event] = []
        self._made: i64 = 0

    def event(self) -> Event:
        """Return an event that happens when it is told to."""
        return Event(self)

    def timeout(self, delay: float) -> Event:
        """Return an event that happens after some minutes."""
        if delay < 0:
            raise ValueError(f"Negative delay {delay}")
        event = Event(self)
        self.schedule(event, self.now + delay)
        return event

    def schedule(self, event: Event, at: float) -> None:
        """Let an event happen at a minute."""
        self._made += 1
        event._at, event._serial = at, self._made
        self._heap.append(event)
        self._rise(event, len(self._heap) - 1)

    def peek(self) -> float:
        """Return the minute of the next event, infinity where there is none."""
        return self._heap[0]._at if self._heap else math.inf

    def step(self) -> None:
        """Let the next event happen; raise RuntimeError where there is none."""
        if not self._heap:
            raise RuntimeError("no event is to come")
        event = self._take_first()
        self.now = event._at
        callbacks = event.callbacks
        del event.callbacks
        for call in callbacks:
            call(event)

    def run(self, until: float | None = None) -> None:
        """Let everything happen that is due before a minute, or at all; raise ValueError for a minute gone by."""
        if until is None:
            while self._heap:
                self.step()
            return
        end = float(until)
        if end <= self.now:
            raise ValueError(f"until ({until}) must be greater than the current simulation time ({self.now})")
        while self._heap and self._heap[0]._at < end:
            self.step()
        self.now = end

    def _rise(self, event: Event, place: i64) -> None:
        """Put an event into the heap, at a place at which nothing is or above it."""
        heap = self._heap
        while place > 0:
            above: i64 = (place - 1) >> 1
            other = heap[above]
            if not event._comes_before(other):
                break
            heap[place] = other
            place = above
        heap[place] = event

    def _take_first(self) -> Event:
        """Take the first event out; the last one takes its place from below, where it most likely belongs."""
        heap = self._heap
        first, last = heap[0], heap.pop()
        size: i64 = len(heap)
        if size == 0:
            return first
        place: i64 = 0
        below: i64 = 1
        while below < size:
            other = heap[below]
            if below + 1 < size:
                beside = heap[below + 1]
                if beside._comes_before(other):
                    other = beside
                    below += 1
            heap[place] = other
            place = below
            below = 2 * place + 1
        self._rise(last, place)
        return first
