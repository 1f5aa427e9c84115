"""Cross-trained reception: when callers wait, people at the desk and the inbox help to answer, and go back after.

Somebody stays at the desk; nobody leaves a patient or a form half done; and who helps is missing where they came from.
"""

from __future__ import annotations

from collections.abc import Callable

from pcqa_sim.kernel.pool import Pool

Moved = Callable[[int, int], None]


class CrossTrained:
    """Moves people between two pools while `from_waiting` or more callers wait; `moved(phone, front)` is told."""

    def __init__(self, phone: Pool, front: Pool, moved: Moved) -> None:
        self._phone, self._front, self._moved = phone, front, moved
        self._lent = 0
        self._moving = False
        self.from_waiting: int | None = None

    def follow(self, from_waiting: int | None) -> None:
        """Let people help from so many callers waiting on, None for never."""
        self.from_waiting = from_waiting
        watcher = None if from_waiting is None else self._look
        self._phone.watch = self._front.watch = watcher
        if from_waiting is None:
            self.end()

    def end(self) -> None:
        """Send everybody back: a roster begins, or nobody helps any more."""
        while self._lent:
            self._move(-1)

    def _look(self, _now: float, _busy: int, _waiting: int) -> None:
        """Move somebody if they are wanted on the other side."""
        if self._moving or self.from_waiting is None:
            return
        phone, front = self._phone, self._front
        spare = front.capacity > 1 and front.busy < front.capacity and not front.waiting
        if phone.waiting >= self.from_waiting and phone.busy >= phone.capacity and spare:
            self._move(1)
        elif self._lent and not phone.waiting and phone.busy < phone.capacity:
            self._move(-1)

    def _move(self, people: int) -> None:
        """Move so many people to the phones, or back."""
        self._moving = True
        self._lent += people
        self._front.resize(self._front.capacity - people)
        self._phone.resize(self._phone.capacity + people)
        self._moved(self._phone.capacity, self._front.capacity)
        self._moving = False
