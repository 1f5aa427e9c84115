"""Cross-trained reception: people move between two pools, and nobody is made or lost."""

from __future__ import annotations

import pytest

from pcqa_sim.frontdoor.cross_training import CrossTrained
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.kernel.pool import Pool, Request


class Reception:
    """One on the phone and `front` people at desk and inbox, who help from so many callers waiting on."""

    def __init__(self, front: int, from_waiting: int | None = 2) -> None:
        env = Environment()
        self.phone, self.front = Pool(env, 1), Pool(env, front)
        self.moves: list[tuple[int, int]] = []
        self.helping = CrossTrained(self.phone, self.front, lambda phone, front: self.moves.append((phone, front)))
        self.helping.follow(from_waiting)

    def calls(self, many: int) -> list[Request]:
        return [self.phone.ask() for _ in range(many)]


def test_somebody_helps_when_enough_callers_wait_and_goes_back() -> None:
    reception = Reception(front=2)
    first, second, third = reception.calls(3)
    assert reception.moves == [(2, 1)]
    assert (first.granted, second.granted, third.granted) == (True, True, False)
    for call in (first, second):
        reception.phone.release(call)
    assert third.granted
    assert reception.moves[-1] == (1, 2)
    reception.phone.release(third)
    assert (reception.phone.capacity, reception.front.capacity) == (1, 2)


@pytest.mark.parametrize(("front", "at_desk", "from_waiting"), [(1, 0, 2), (2, 2, 2), (2, 0, 3), (2, 0, None)])
def test_nobody_helps_alone_or_busy_or_too_soon(front: int, at_desk: int, from_waiting: int | None) -> None:
    reception = Reception(front, from_waiting)
    for _ in range(at_desk):
        reception.front.ask()
    reception.calls(3)
    assert reception.moves == []


def test_a_new_roster_finds_everybody_back() -> None:
    reception = Reception(front=3)
    reception.calls(5)
    assert reception.moves == [(2, 2), (3, 1)]
    reception.helping.end()
    assert (reception.phone.capacity, reception.front.capacity) == (1, 3)
