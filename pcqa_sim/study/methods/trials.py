"""Trials: a scenario at some values of what is varied, run with the luck of one replication, each done once.

What searches and designs need of a simulation is one function from trials to numbers. `Trials` is that function for
scenarios; whoever does the runs is a `Do`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Do, Done, Job, here
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.values.faults import BadInput, Fault

Point = tuple[float, ...]
Trial = tuple[Point, int]
"""The values of what is varied, and the number of the replication, which is its luck."""
Simulator = Callable[[Sequence[Trial]], list[float]]

MOST_AT_ONCE = 64
"""Runs of all periods that are held in memory at the same time, where no study's folder holds them."""


class Trials:
    """Runs trials of scenarios and remembers what they gave, so that none is run twice.

    Calling it with trials returns the first yardstick's value for each; `value` has the others. The same replication
    has the same luck at every point. `done` is called with the number of runs finished so far.
    """

    def __init__(
        self,
        scenario_at: Callable[[Sequence[float]], Scenario],
        yardsticks: Sequence[Yardstick],
        seed: int,
        do: Do | None = None,
        *,
        workers: int | None = None,
        done: Done | None = None,
    ) -> None:
        self._scenario_at = scenario_at
        self._yardsticks = tuple(yardsticks)
        self.seed = seed
        self._do: Do = do or here(workers)
        self._at_once = MOST_AT_ONCE if do is None else None
        self._done = done
        self._found: dict[Trial, tuple[float, ...]] = {}
        self._frames: list[pd.DataFrame] = []
        self.scenarios: dict[Point, Scenario] = {}

    def __call__(self, trials: Sequence[Trial]) -> list[float]:
        """Return the first yardstick's value of each trial, running those not yet run."""
        missing = [trial for trial in dict.fromkeys(trials) if trial not in self._found]
        step = self._at_once or max(1, len(missing))
        for at in range(0, len(missing), step):
            self._run(missing[at : at + step])
        return [self._found[trial][0] for trial in trials]

    def value(self, trial: Trial, yardstick: Yardstick) -> float:
        """Return one yardstick's value of a trial that was run."""
        return self._found[trial][self._yardsticks.index(yardstick)]

    def scenario(self, point: Point) -> Scenario:
        """Return the scenario at a point, made once."""
        if point not in self.scenarios:
            self.scenarios[point] = self._scenario_at(point)
        return self.scenarios[point]

    def replications(self, point: Point) -> int:
        """Return how many replications of a point were run, counted from 0 without a gap."""
        number = 0
        while (point, number) in self._found:
            number += 1
        return number

    @property
    def runs(self) -> int:
        """Return how many runs were made."""
        return len(self._found)

    @property
    def metrics(self) -> pd.DataFrame:
        """Return the tidy metrics over all measured weeks of every run, in order of scenario and replication."""
        frame = pd.concat(self._frames, ignore_index=True)
        return frame.sort_values(["scenario", "replication"], kind="stable", ignore_index=True)

    def _run(self, trials: Sequence[Trial]) -> None:
        jobs = [Job(self.scenario(point), self.seed, replication) for point, replication in trials]
        for trial, unit in zip(trials, self._do(jobs), strict=True):
            whole = unit.metrics[unit.metrics["period"] == "all"]
            self._found[trial] = tuple(one.value(whole) for one in self._yardsticks)
            self._frames.append(whole)
        if self._done is not None:
            self._done(len(self._found))


def need_values(yardstick: Yardstick, values: Sequence[float]) -> None:
    """Raise BadInput where a metric has no value in any of some runs."""
    if not any(value == value for value in values):
        raise BadInput(Fault(yardstick.name, "has no value in these runs: there was nothing to divide by"))
