"""Replications: the same scenario with fresh luck, one after the other or, where asked for, on several processes.

The result does not depend on how many processes worked, nor on who finished first.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pcqa_sim.results.intraday import Morning, morning
from pcqa_sim.results.run import Run, simulate
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.intervals import summarise

_ENDED = (
    "a process ended before its work was done; a script that asks for workers must do so below "
    '`if __name__ == "__main__":`, because each of them reads the script again'
)


@dataclass(frozen=True)
class Unit:
    """One replication's results: tidy metrics, mornings by practice, and which process did the work.

    `log` is the event log if it was asked for; `rows` the number of rows it had.
    """

    scenario: str
    seed: int
    replication: int
    metrics: pd.DataFrame
    mornings: dict[str, Morning]
    rows: int
    process: int
    log: pa.Table | None = None


@dataclass(frozen=True)
class Job:
    """One replication to be done: what to run, with which luck, and whether to keep the event log."""

    scenario: Scenario
    seed: int
    replication: int
    keep_log: bool = False


@dataclass(frozen=True)
class Study:
    """All replications of one scenario, in order."""

    scenario: Scenario
    units: tuple[Unit, ...]

    @property
    def metrics(self) -> pd.DataFrame:
        """Return the tidy metrics of all replications."""
        return pd.concat([unit.metrics for unit in self.units], ignore_index=True)

    @property
    def summary(self) -> pd.DataFrame:
        """Return means with 95 % intervals over replications."""
        return summarise(self.metrics)


def unit_of(run: Run, keep_log: bool = False) -> Unit:
    """Return the results of a run."""
    happened = run.happened
    name = run.scenario.hash()
    frame = run.all_metrics.copy()
    frame.insert(0, "replication", happened.replication)
    frame.insert(0, "scenario", name)
    mornings = {key: morning(counted) for key, counted in run.counted.items()}
    kept = happened.log if keep_log else None
    rows = happened.log.num_rows
    return Unit(name, happened.seed, happened.replication, frame, mornings, rows, os.getpid(), kept)


def do(job: Job) -> Unit:
    """Do one replication (in whatever process) and return its results."""
    return unit_of(simulate(job.scenario, job.seed, job.replication), job.keep_log)


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
    used = scenario.run.seed if seed is None else seed
    jobs = [Job(scenario, used, number, keep_log) for number in range(many)]
    return Study(scenario, work(jobs, workers, done))


def work(
    jobs: Sequence[Job], workers: int | None = None, done: Callable[[int], None] | None = None
) -> tuple[Unit, ...]:
    """Do all jobs and return their results in the order of the jobs, whoever finished first.

    Processes are begun for two `workers` or more only.
    """
    processes = min(len(jobs), workers or 1)
    results = _on_processes(jobs, processes) if processes > 1 else enumerate(map(do, jobs))
    units: dict[int, Unit] = {}
    for number, unit in results:
        units[number] = unit
        if done is not None:
            done(len(units))
    return tuple(units[number] for number in range(len(jobs)))


def _on_processes(jobs: Sequence[Job], processes: int) -> Iterator[tuple[int, Unit]]:
    """Yield (number of the job, unit) as processes finish them.

    When a job fails, or the work is interrupted, nothing more is begun and what is under way is ended at once.
    """
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_parent)
    try:
        with interrupts_left_to_us():
            numbers = {pool.submit(do, job): number for number, job in enumerate(jobs)}
        for future in as_completed(numbers):
            yield numbers[future], future.result()
    except BaseException as fault:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        if isinstance(fault, BrokenProcessPool):
            raise BrokenProcessPool(_ENDED) from None
        raise
    pool.shutdown()


@contextmanager
def interrupts_left_to_us() -> Iterator[None]:
    """Let processes begun meanwhile ignore Ctrl-C: whoever began them ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end_with_parent() -> None:
    """Watch, in a worker, for the end of the process that began it, however it ends, and end too."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
