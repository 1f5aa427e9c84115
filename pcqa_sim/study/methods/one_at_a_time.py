"""One number moved at a time, with the same luck: how far a metric moves with it.

A cheap way to see which assumptions an answer rests on. Each is moved alone, so what two do together is not seen;
`study.methods.sensitivity` sees that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Do, Done
from pcqa_sim.study.methods.trials import Point, Trials, need_values
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.statistics.intervals import interval
from pcqa_sim.study.statistics.multiple_testing import LEVEL, holm, paired_p


@dataclass(frozen=True)
class Move:
    """One number to be moved: its key, from, to, and the scenario that results."""

    key: str
    value: float
    moved_to: float
    scenario: Scenario


@dataclass(frozen=True)
class Moved:
    """How far the metric moved with it: the mean change with its 95 % interval over replications.

    `clear` tells whether the change is clear of zero when all moves are judged together (Holm).
    """

    key: str
    value: float
    moved_to: float
    change: float
    low: float
    high: float
    clear: bool


@dataclass(frozen=True)
class Probed:
    """The metric where nothing is moved, and what each move did, the largest change first."""

    yardstick: Yardstick
    base: float
    moved: tuple[Moved, ...]


def probe(
    base: Scenario,
    moves: Sequence[Move],
    yardstick: Yardstick,
    replications: int,
    do: Do | None = None,
    *,
    workers: int | None = None,
    done: Done | None = None,
) -> Probed:
    """Run a scenario and each move with the same luck and return what moved the metric, the most first."""
    scenarios = [base, *(move.scenario for move in moves)]

    def scenario_at(point: Sequence[float]) -> Scenario:
        return scenarios[int(point[0])]

    trials = Trials(scenario_at, [yardstick], base.run.seed, do, workers=workers, done=done)
    points: list[Point] = [(float(at),) for at in range(len(scenarios))]
    found = trials([(point, number) for point in points for number in range(replications)])
    rows = [found[at * replications : (at + 1) * replications] for at in range(len(points))]
    need_values(yardstick, rows[0])
    changes = [[after - before for before, after in zip(rows[0], row, strict=True)] for row in rows[1:]]
    together = holm([paired_p(change) for change in changes])
    moved = [_moved(*one) for one in zip(moves, changes, together, strict=True)]
    moved.sort(key=lambda one: (-abs(one.change), one.key))
    return Probed(yardstick, interval(rows[0]).mean, tuple(moved))


def _moved(move: Move, changes: Sequence[float], p: float) -> Moved:
    found = interval(changes)
    return Moved(move.key, move.value, move.moved_to, found.mean, found.low, found.high, p <= LEVEL)
