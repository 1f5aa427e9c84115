"""Back-office work of one role: paperwork arrives, is worked off first come first served, and what is late is known.

Work is counted in minutes and not item by item: an item that arrived when `arrived` minutes had come in is done once as
many minutes have been worked. Nothing waits here, and nothing is drawn.
"""

from __future__ import annotations

from collections import deque

from pcqa_sim.needs import Contact


class Paperwork:
    """The paperwork of one role, in minutes since the run began."""

    def __init__(self, waiting: float = 0.0) -> None:
        """Begin with so many minutes of paperwork waiting."""
        self.arrived = waiting
        self.done = 0.0
        self._results: deque[tuple[float, Contact]] = deque()

    @property
    def waiting(self) -> float:
        """Return the minutes of paperwork that wait."""
        return max(0.0, self.arrived - self.done)

    def add(self, minutes: float) -> None:
        """Add paperwork that nobody in particular waits for."""
        self.arrived += minutes

    def add_result(self, minutes: float, contact: Contact) -> None:
        """Add a result that has come back and that a person waits for."""
        self.arrived += minutes
        self._results.append((self.arrived, contact))

    def work(self, minutes: float) -> float:
        """Work up to so many minutes; return how many there was work for."""
        worked = min(minutes, self.waiting)
        self.done = self.arrived if worked == self.waiting else self.done + worked
        return worked

    def finished(self) -> list[Contact]:
        """Return, once each, whose results have been dealt with, in the order in which they came back."""
        found = []
        while self._results and self._results[0][0] <= self.done:
            found.append(self._results.popleft()[1])
        return found
