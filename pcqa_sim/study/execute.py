"""Have the units of a study done: what its folder has is left alone, the rest is done by an engine, and checked.

Whoever stops it, and however, nothing is lost: what was done is in the store, and whoever comes next goes on from
there. A method asks an `Execution` for units, round by round, until it knows enough.
"""

from __future__ import annotations

import json
import logging
import shlex
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pcqa_sim.study.design.plan import Plan
from pcqa_sim.study.engines import Engine, EngineLost
from pcqa_sim.study.methods.replicate import Job, UnitFailed
from pcqa_sim.study.result import Extra, Periods, Result
from pcqa_sim.study.sharing import together
from pcqa_sim.study.store import Store
from pcqa_sim.study.task import Receipt, Task, Work, simulated
from pcqa_sim.study.unit import Damaged, Unit
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plugins import given_options
from pcqa_sim.values.wholefile import put_bytes

FAILURES = "failures.json"
_log = logging.getLogger(__name__)
_LATE_TRIES, _LATE_SECONDS = 10, 0.5
Keeps = Mapping[Unit, Collection[Extra]]
Files = Mapping[str, str]


@dataclass
class Watcher:
    """Told how a study goes on: `progress` with the number of units there so far, `note` with a line worth reading.

    `there` is told of each unit a method waits for, once it is whole in the store: found there, or put there now.
    """

    progress: Callable[[int], None] = lambda _: None
    note: Callable[[str], None] = lambda _: None
    there: Callable[[Unit], None] = lambda _: None


@dataclass
class Outcome:
    """What became of a study: units whole before it began, done now, and those that failed, with their receipts."""

    found: int = 0
    damaged: dict[Unit, str] = field(default_factory=dict)
    done: set[Unit] = field(default_factory=set)
    failed: list[Receipt] = field(default_factory=list)
    workers: set[tuple[str, int]] = field(default_factory=set)
    shared_days: int = 0
    busy_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def there(self) -> int:
        """Return how many units are whole."""
        return self.found + len(self.done)

    def as_dict(self, where: str) -> dict[str, Any]:
        """Return what a record says of it."""
        return {
            "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "seconds": round(self.seconds, 2),
            "unit_seconds": round(self.busy_seconds, 2),
            "where": where,
            "workers": len(self.workers),
            "units": self.there,
            "units_done_now": len(self.done),
            "weeks_not_run_again": round(self.shared_days / 7, 1),
            "failed": [str(one.unit) for one in self.failed],
        }


@dataclass
class Terms:
    """What holds for all units of a study: code, periods kept, checksums of the scenarios' files, how many there are.

    `points_of` returns what varies at the points of a scenario, for whoever reads of a failure.
    """

    code: str
    periods: Periods = "days"
    files: dict[str, str] = field(default_factory=dict)
    size: int | None = None
    points_of: Callable[[str], Sequence[Mapping[str, str]]] = lambda _: ()

    @classmethod
    def of(cls, plan: Plan) -> Terms:
        """Return the terms of a plan."""
        files = dict(plan.scenario_files)
        return cls(plan.origin.code, plan.periods, files, plan.size, plan.values_of)


@dataclass
class Execution:
    """The doing of a study's units in its folder, which the caller holds; it is a `Do` for methods.

    `remember` is told of the checksums of the scenarios' files before units of new ones are done. Raises OSError where
    units cannot be written, and EngineLost where the engine went away; both say how far it got.
    """

    folder: Path
    terms: Terms
    engine: Engine
    work: Work = simulated
    watcher: Watcher = field(default_factory=Watcher)
    remember: Callable[[Files], None] = lambda _: None
    outcome: Outcome = field(default_factory=Outcome)
    asked: set[Unit] = field(default_factory=set)
    _told_shared: int = 0

    @cached_property
    def store(self) -> Store:
        """Return the store of the folder."""
        return Store(self.folder)

    def __call__(self, jobs: Sequence[Job]) -> tuple[Result, ...]:
        """Return the results of jobs, done now or before; raise UnitFailed where any cannot be done."""
        self._know({job.unit.scenario: job for job in jobs})
        keeps: Keeps = {job.unit: job.keeps for job in jobs}
        self.asked |= set(keeps)
        self.complete(keeps, keeps)
        self._need_all(keeps)
        return tuple(self.store.result(job.unit, job.keeps) for job in jobs)

    def complete(self, names: Iterable[Unit], keeps: Keeps | None = None) -> Outcome:
        """Have those units done that are missing; those that fail are in the outcome, and in failures.json."""
        begun = time.monotonic()
        survey = self.store.survey(names, keeps=keeps)
        self.outcome.found += survey.whole
        self.outcome.damaged |= survey.damaged
        for name, why in survey.damaged.items():
            self.watcher.note(f"unit {name} was damaged and is done again: {why}")
        self._tell_progress()
        self._tell_found(keeps or {}, set(survey.missing))
        _log.info("%d units whole, %d to do on %s", survey.whole, len(survey.missing), self.engine.describe())
        if survey.missing:
            self._do(survey.missing, keeps or {})
            self._tell_shared()
        self._record_failures()
        self.outcome.seconds += time.monotonic() - begun
        return self.outcome

    def _know(self, first: Mapping[str, Job]) -> None:
        """Write the scenarios that are not there yet, and have them remembered."""
        before = len(self.terms.files)
        for name, job in first.items():
            self.terms.files.setdefault(name, self.store.put_scenario(name, job.scenario))
        if len(self.terms.files) > before:
            self.remember(self.terms.files)

    def _need_all(self, names: Keeps) -> None:
        failed = [one for one in self.outcome.failed if one.unit in names]
        if failed:
            many = f"{len(failed):,} of {len(self.asked):,} units" if len(self.asked) > 1 else "the unit"
            raise UnitFailed(f"{many} failed: see {self.folder / FAILURES}; --resume tries them again")

    def _do(self, missing: Sequence[Unit], keeps: Keeps) -> None:
        """Have missing units done, and check each receipt against the store."""
        place = str(self.folder.resolve())
        with closing(self._receipts(self._tasks(place, missing, keeps))) as receipts:
            for receipt in receipts:
                for mishap in receipt.mishaps:
                    self.watcher.note(f"unit {receipt.unit}: {mishap}; it was done again")
                self._take(receipt)
                self._tell_progress()

    def _tasks(self, place: str, missing: Sequence[Unit], keeps: Keeps) -> Iterator[Task]:
        """Yield the tasks, those together whose runs begin alike where the engine can share that."""
        hands = getattr(self.engine, "hands", 0) if self.work is simulated else 0
        for units in together(missing, cache(self.store.beginning), hands):
            first, *alike = (self._task(place, name, keeps) for name in units)
            yield replace(first, alike=tuple(alike))

    def _task(self, place: str, name: Unit, keeps: Keeps) -> Task:
        terms = self.terms
        sha256 = terms.files.get(name.scenario, "")
        return Task(place, name, self.work, terms.code, terms.periods, sha256, tuple(keeps.get(name, ())))

    def _tell_progress(self) -> None:
        self.watcher.progress(self.outcome.there + len(self.outcome.failed))

    def _tell_shared(self) -> None:
        """Say how much was not run again, where scenarios began alike."""
        if self.outcome.shared_days > self._told_shared:
            weeks = (self.outcome.shared_days - self._told_shared) / 7
            self.watcher.note(f"scenarios that begin alike are one run until they part: {weeks:,.0f} weeks less to run")
            self._told_shared = self.outcome.shared_days

    def _tell_found(self, names: Keeps, missing: Collection[Unit]) -> None:
        for name in names:
            if name not in missing:
                self.watcher.there(name)

    def _receipts(self, tasks: Iterator[Task]) -> Generator[Receipt]:
        try:
            yield from self.engine.receipts(tasks)
        except EngineLost as lost:
            raise EngineLost(f"{lost}; {self.so_far()}") from None

    def _take(self, receipt: Receipt) -> None:
        """Believe a receipt only if the store bears it out."""
        self.outcome.busy_seconds += receipt.seconds
        if receipt.trouble == "not written":
            raise OSError(f"{receipt.fault}; {self.so_far()}")
        if receipt.trouble == "other code":
            raise BadInput(Fault(f"{receipt.host}, process {receipt.process}", receipt.fault))
        fault = receipt.fault if receipt.trouble else _unlike(receipt, self.folder)
        if fault:
            failed = receipt if receipt.trouble else Receipt(receipt.unit, trouble="failed", fault=fault)
            self.outcome.failed.append(failed)
            self.watcher.note(self._failure_line(failed))
            return
        _log.debug(
            "unit %s: %.1f s, %d bytes, process %d", receipt.unit, receipt.seconds, receipt.size, receipt.process
        )
        self.outcome.done.add(receipt.unit)
        self.outcome.shared_days += receipt.shared_days
        self.outcome.workers.add((receipt.host, receipt.process))
        self.watcher.there(receipt.unit)

    def so_far(self) -> str:
        """Return how many units are whole, and the command that goes on."""
        return f"{self.outcome.there:,}{self._of} units are whole; go on with: {self.store.resume}"

    def left(self) -> str:
        """Return how many units are there, those included that nobody waited for, and the command that goes on."""
        return f"{self.store.count():,}{self._of} units are there; go on with: {self.store.resume}"

    @property
    def _of(self) -> str:
        return "" if self.terms.size is None else f" of {self.terms.size:,}"

    def _failure_line(self, receipt: Receipt) -> str:
        """Return one line on a unit that failed: which, why, and how to do it alone."""
        unit = receipt.unit
        points = self.terms.points_of(unit.scenario)
        point = words_of(points[0]) if points else f"scenario {unit.scenario}"
        where = f"{point}, replication {unit.replication}, seed {unit.seed}"
        return f"failed: {where}: {receipt.fault}; alone: {replay_command(self.folder, unit)}"

    def _record_failures(self) -> None:
        """Write failures.json, or remove it when nothing failed."""
        if not self.outcome.failed:
            (self.folder / FAILURES).unlink(missing_ok=True)
            return
        failures = [self._failure(one) for one in self.outcome.failed]
        put_bytes(self.folder / FAILURES, json.dumps(failures, indent=2).encode())

    def _failure(self, receipt: Receipt) -> dict[str, Any]:
        unit = receipt.unit
        return {
            "unit": str(unit),
            "points": list(self.terms.points_of(unit.scenario)),
            "seed": unit.seed,
            "replication": unit.replication,
            "fault": receipt.fault,
            "replay": replay_command(self.folder, unit),
            "host": receipt.host,
            "traceback": receipt.trace.splitlines(),
        }


def words_of(values: Mapping[str, str]) -> str:
    """Return what varies at a point in one line: "phones.lines=4"."""
    return shown(" ".join(f"{key}={value}" for key, value in values.items())) or "the scenario"


def replay_command(folder: Path, unit: Unit) -> str:
    """Return the command that does one unit alone."""
    return shlex.join(["pcqa", "replay", str(folder), "--unit", str(unit), *given_options()])


def _unlike(receipt: Receipt, folder: Path) -> str:
    """Return in what way the store does not hold what a receipt says, "" where it does.

    A shared file system may show another machine's file some seconds late.
    """
    for attempt in range(_LATE_TRIES):
        try:
            entry = Store(folder).entry(receipt.unit)
        except FileNotFoundError:
            time.sleep(_LATE_SECONDS if attempt < _LATE_TRIES - 1 else 0)
        except Damaged as damage:
            return f"what was written cannot be read back: {damage}"
        else:
            same = (entry.checksum, entry.size) == (receipt.checksum, receipt.size)
            return "" if same else "what was written is not what the worker says it wrote"
    return (
        f"the worker on {receipt.host} wrote it where this process cannot see it: is {folder} on a shared file system?"
    )


class Reading(Execution):
    """A study's units as its folder has them: nothing is done, and what is absent is told as a fault."""

    @classmethod
    def of(cls, folder: Path) -> Reading:
        """Return the units of a folder."""
        from pcqa_sim.study.engines.serial import Serial

        return cls(folder, Terms("", "days", {}), Serial())

    def __call__(self, jobs: Sequence[Job]) -> tuple[Result, ...]:
        """Return the results of jobs that were done; what was not kept beside them is left out."""
        return tuple(self.store.result(job.unit, self._kept(job)) for job in jobs)

    def _kept(self, job: Job) -> list[Extra]:
        return [extra for extra in job.keeps if self.store.path(job.unit, extra).is_file()]
