"""Lightweight processes: generators that wait for SimPy events, without the cost of a SimPy process for each.

A SimPy process schedules one event to begin and one to end, and keeps books for interrupts that no patient's story
needs. This one does without: it runs at once up to the first event its generator yields, and goes on whenever that
event happens. A call costs two kernel events less this way, and the story reads the same.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from pcqa_sim.kernel.environment import Event
from pcqa_sim.values.needs import Visit

Steps = Generator[Event | Visit, Any, None]


def follow(story: Generator[Event | Visit, Any, Any]) -> None:
    """Run a generator now, until it ends or waits; it goes on by itself when what it waits for happens.

    What it yields must not have happened yet. An exception in the story stops the simulation.
    """
    _Process(story)(None)


class _Process:
    """A generator under way. (A class and not a closure: a closure that names itself is a cycle for the collector.)"""

    __slots__ = ("_story",)

    def __init__(self, story: Generator[Event | Visit, Any, Any]) -> None:
        self._story = story

    def __call__(self, _: Event | None) -> None:
        """Run to the next event the story waits for, and go on after it."""
        for event in self._story:
            event.callbacks.append(self)
            return


@contextmanager
def seldom_collecting(people: int = 0) -> Iterator[None]:
    """Let Python look for unreachable cycles rarely: stories make none, and looking takes a quarter of the time.

    The more people, the more there is that is new and stays; so it looks as often as with a practice's 10,000.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(200_000, 20 * people), 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
