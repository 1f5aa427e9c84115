"""A sizing study: trials of scenarios under one search, for one setting or for two with what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.frontier import Frontier, frontier
from pcqa_sim.study.methods.replicate import Do, Done
from pcqa_sim.study.methods.size import Search, Sized
from pcqa_sim.study.methods.trials import Point, Trials, need_values
from pcqa_sim.study.statistics.criterion import Target, Yardstick
from pcqa_sim.study.statistics.intervals import interval

LOOKS = (5, 10, 20, 40, 80, 160, 320)


@dataclass(frozen=True)
class Price:
    """What a combination costs: a metric's mean, or a price for each unit of each setting above its lowest value.

    `stated` tells whether anybody gave the prices; else each unit counts 1.
    """

    lowest: tuple[float, ...] = ()
    prices: tuple[float, ...] = ()
    metric: Yardstick | None = None
    stated: bool = False

    def of(self, point: Point, trials: Trials) -> float:
        """Return the cost of a point that was run."""
        if self.metric is not None:
            known = [trials.value((point, number), self.metric) for number in range(trials.replications(point))]
            return interval(known).mean
        terms = zip(self.prices, point, self.lowest, strict=True)
        return sum(price * (value - lowest) for price, value, lowest in terms)


@dataclass(frozen=True)
class Sizing:
    """What was found, and the trials it rests on."""

    found: Sized | Frontier
    trials: Trials


def looks_up_to(most: int) -> tuple[int, ...]:
    """Return after how many replications a value is looked at: 5, 10, 20 and so on, and at last the most allowed."""
    return (*(many for many in LOOKS if many < most), most)


def sized(
    scenario_at: Callable[[Sequence[float]], Scenario],
    axes: Sequence[Sequence[float]],
    target: Target,
    seed: int,
    price: Price | None = None,
    *,
    confidence: float = 0.95,
    most: int = 40,
    do: Do | None = None,
    workers: int | None = None,
    done: Done | None = None,
) -> Sizing:
    """Return how much is enough: of one setting the smallest value, of two what each combination costs and gives.

    `axes` has the values of each setting; `most` replications are spent on a value at the most. Raises BadInput where
    the target's metric has no value at all.
    """
    price = price or Price(tuple(axis[0] for axis in axes), (1.0,) * len(axes))
    yardsticks = [target.yardstick, *([price.metric] if price.metric else [])]
    trials = Trials(scenario_at, yardsticks, seed, do, workers=workers, done=done)
    # One run alone first: a group that the metric does not have should not cost a whole batch.
    need_values(target.yardstick, trials([(tuple(axis[0] for axis in axes), 0)]))
    looks = looks_up_to(most)
    if len(axes) == 1:
        return Sizing(Search(trials, axes[0], target.shortfall, confidence, looks).run(), trials)
    cost = price
    found = frontier(trials, axes, lambda point: cost.of(point, trials), target.shortfall, confidence, looks)
    return Sizing(found, trials)
