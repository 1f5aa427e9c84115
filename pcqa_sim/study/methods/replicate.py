"""Replications: the same scenario with fresh luck, one after the other or, where asked for, on several processes.

The result does not depend on where units are done, nor on who finished first. Whoever has units done for a method is
a `Do`: here in memory (`here`), or with the store of a study's folder behind it (`study.execute`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pcqa_sim.scenario import Scenario, code_used
from pcqa_sim.study.engines import Engine
from pcqa_sim.study.engines.local import Local
from pcqa_sim.study.engines.serial import Serial
from pcqa_sim.study.result import EVENTS, Extra, Result
from pcqa_sim.study.task import Receipt, Task, simulated
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.doors import of_session
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Job:
    """One replication that a method wants: what to run, with which luck, and what to keep beside the metrics."""

    scenario: Scenario
    seed: int
    replication: int
    keeps: tuple[Extra, ...] = ()

    @cached_property
    def unit(self) -> Unit:
        """Return the unit that it is."""
        return Unit(self.scenario.hash(), self.seed, self.replication)


Do = Callable[[Sequence[Job]], Sequence[Result]]
Done = Callable[[int], None]


class UnitFailed(RuntimeError):
    """A unit that a method needs could not be done; a note has where in the code."""


@dataclass(frozen=True)
class Study:
    """All replications of one scenario, in order."""

    scenario: Scenario
    units: tuple[Result, ...]

    @property
    def metrics(self) -> pd.DataFrame:
        """Return the tidy metrics of all replications."""
        import pandas as pd

        return pd.concat([unit.metrics for unit in self.units], ignore_index=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Return means with 95 % intervals over replications."""
        from pcqa_sim.study.statistics.intervals import summarise

        return summarise(self.metrics)


def replicate(
    scenario: Scenario,
    replications: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    keep_log: bool = False,
    done: Callable[[int], None] | None = None,
) -> Study:
    """Run a scenario several times and return the study.

    `replications` and `seed` default to the scenario's own. `workers` processes share the work; without it none is
    begun, so that a plain script needs no `if __name__ == "__main__":`. `done` is called with the number of
    replications finished so far.
    """
    many = scenario.run.replications if replications is None else replications
    return replications_of(here(workers, done), scenario, many, seed, [EVENTS] if keep_log else [])


def replications_of(
    do: Do, scenario: Scenario, many: int, seed: int | None = None, keeps: Sequence[Extra] = ()
) -> Study:
    """Have a scenario run so many times, wherever that is, and return the study."""
    used = scenario.run.seed if seed is None else seed
    return Study(scenario, tuple(do([Job(scenario, used, number, tuple(keeps)) for number in range(many)])))


def here(workers: int | None = None, done: Done | None = None) -> Do:
    """Return who does units in memory, and remembers nothing: this process or, for two `workers` or more, others.

    `done` is told the number of units finished so far.
    """
    finished = 0

    def do(jobs: Sequence[Job]) -> tuple[Result, ...]:
        nonlocal finished
        if (workers or 1) > 1:
            _refuse_of_session(jobs)
        tasks = [Task("", job.unit, simulated, keeps=job.keeps, scenario=job.scenario) for job in jobs]
        found: dict[Unit, Result] = {}
        with closing(_receipts(engine_here(min(len(jobs), workers or 1)), tasks)) as receipts:
            for receipt in receipts:
                found[receipt.unit] = _result(receipt)
                finished += 1
                if done is not None:
                    done(finished)
        return tuple(found[job.unit] for job in jobs)

    return do


def _refuse_of_session(jobs: Sequence[Job]) -> None:
    """Raise BadInput where other processes cannot know what is to be run."""
    for scenario in {job.unit.scenario: job.scenario for job in jobs}.values():
        for source in of_session(code_used(scenario)):
            rule = "only this process knows it: leave workers out, or put it into a file and give that as a plug-in"
            raise BadInput(Fault("workers", rule, source.partition(": ")[2]))


def _receipts(engine: Engine, tasks: Sequence[Task]) -> Generator[Receipt]:
    yield from engine.receipts(tasks)


def engine_here(workers: int) -> Engine:
    """Return this process for one worker, else so many others."""
    return Serial() if workers <= 1 else Local(workers)


def _result(receipt: Receipt) -> Result:
    if receipt.result is None:
        failed = UnitFailed(f"replication {receipt.unit.replication}, seed {receipt.unit.seed}: {receipt.fault}")
        if receipt.trace:
            failed.add_note(receipt.trace)
        raise failed
    return receipt.result
