"""From the words of `pcqa sweep` to a plan in a folder: how many points, what they are, and whether one may go on."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pcqa_sim import __version__
from pcqa_sim.commands.options import command_line
from pcqa_sim.configuration.sweeping import Composer, Sweep, fingerprinted_folders, not_varied, read_sweep
from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.designs import Vary, design_size, designed_points, read_ranges
from pcqa_sim.study.files import default_folder, new_folder
from pcqa_sim.study.folderlock import LOCK, locked
from pcqa_sim.study.ledger import SCENARIOS, Ledger
from pcqa_sim.study.origin import origin, settings_fingerprint
from pcqa_sim.study.plan import POINTS, Asked, Plan, Point, differences, has_plan, read_plan, write_plan
from pcqa_sim.study.provenance import git_commit
from pcqa_sim.study.task import Periods

SECONDS_A_PERSON_WEEK = 8e-6
"""Seconds one person of a list costs for one simulated week, measured on a common server core (results included)."""
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
MOST_UNASKED, MOST_HOURS_UNASKED = 100_000, 24.0
_MOST_FAULTS = 10
_UNIT_SECONDS = 0.05


@dataclass(frozen=True)
class Request:
    """A sweep that can be read: what varies, by which design. Nothing is composed yet."""

    asked: Asked
    sweep: Sweep
    ranges: tuple[Vary, ...]

    @property
    def size(self) -> int:
        """Return the number of points."""
        return self.sweep.size * design_size(self.ranges, self.asked.design, self.asked.points)

    def points(self, seed: int) -> Iterator[tuple[dict[str, str], list[str]]]:
        """Yield the values and the overrides of each point; `seed` draws a designed sample."""
        for chosen in self.sweep.points():
            texts = [axis.text(chosen[axis.key]) for axis in self.sweep.axes]
            for values in designed_points(self.ranges, self.asked.design, self.asked.points, seed):
                yield chosen | values, [*texts, *(f"{key}={value}" for key, value in values.items())]


def read_request(asked: Asked) -> Request:
    """Return a sweep as asked for; raise BadInput naming every fault that shows before anything is composed."""
    faults: list[Fault] = []
    sweep, ranges = Sweep((), ()), tuple[Vary, ...]()
    try:
        sweep = read_sweep(asked.overrides)
    except BadInput as bad:
        faults += bad.faults
    try:
        ranges = read_ranges(asked.vary)
        design_size(ranges, asked.design, asked.points)
    except BadInput as bad:
        faults += bad.faults
    keys = {axis.key for axis in sweep.axes}
    faults += [Fault("--vary", "is varied by an override too", one.key) for one in ranges if one.key in keys]
    faults += [fault for one in ranges if (fault := not_varied(one.key))]
    if faults:
        raise BadInput(faults)
    return Request(asked, sweep, ranges)


def settings_now() -> str:
    """Return the fingerprint of the settings files, shipped and the user's own."""
    return settings_fingerprint(fingerprinted_folders())


def first_scenario(request: Request) -> Scenario:
    """Return the scenario of the first point; raise BadInput naming every fault in it."""
    _, texts = next(request.points(0))
    return Composer(request.sweep.fixed).scenario(texts)


def refuse_by_mistake(request: Request, first: Scenario, replications: int, processes: int) -> None:
    """Raise BadInput for a study so large that it may be a mistake, with its size and the time it would take."""
    units = request.size * replications
    people = sum(practice.list_size for practice in first.practices.values())
    seconds = units * (_UNIT_SECONDS + people * first.weeks * SECONDS_A_PERSON_WEEK)
    hours = seconds / processes / 3600
    if units > MOST_UNASKED or hours > MOST_HOURS_UNASKED:
        many = f"{request.size:,} scenarios x {replications} replications = {units:,} units"
        where = "one process" if processes == 1 else f"{processes:,} processes"
        rule = f"about {_time(hours)} on {where}; if that is meant, add --yes"
        raise BadInput(Fault(many, rule))


def _time(hours: float) -> str:
    if hours > 24 * 365 * 2:
        return f"{hours / 24 / 365:,.0f} years"
    return f"{hours / 24:,.0f} days" if hours > 48 else f"{max(1, round(hours)):,} hours"


def compose_points(request: Request, folder: Path, seed: int, done: Callable[[int], None]) -> tuple[Point, ...]:
    """Compose every point and put its scenario into the folder; raise BadInput naming the first faults of points."""
    composer, ledger = Composer(request.sweep.fixed), Ledger(folder)
    found: list[Point] = []
    faults: dict[tuple[str, str], Fault] = {}
    for number, (values, texts) in enumerate(request.points(seed)):
        try:
            scenario = composer.scenario(texts)
            scenario = scenario.replaced(run=scenario.run.model_copy(update={"seed": seed}))
            found.append(Point(values, scenario.hash() if faults else ledger.put_scenario(scenario)))
        except BadInput as bad:
            faults |= {
                (fault.where, fault.rule): fault for fault in bad.faults if (fault.where, fault.rule) not in faults
            }
        if len(faults) >= _MOST_FAULTS:
            break
        done(number + 1)
    if faults:
        raise BadInput(faults.values())
    return tuple(found)


def new_plan(request: Request, points: tuple[Point, ...], seed: int, replications: int, periods: Periods) -> Plan:
    """Return the plan of a new study."""
    return Plan(request.asked, points, seed, replications, periods, settings_now(), origin())


def unchanged(was: Plan, now: Plan, ledger: Ledger, accept: bool) -> list[str]:
    """Return in words what changed since a study was begun; raise BadInput naming it unless it is accepted."""
    found = [*differences(was, now, ledger), *now.origin.differences(was.origin)]
    if found and not accept:
        said = "; ".join(found)
        rule = f"{said}. Units of both would be mixed: use another --out, or add --accept-version to go on all the same"
        raise BadInput(Fault("--resume", rule))
    return found


def extended(plan: Plan, replications: int | None) -> Plan:
    """Return a plan with more replications; raise BadInput for fewer, whose results would be hidden."""
    if replications is None or replications == plan.replications:
        return plan
    if replications < plan.replications:
        raise BadInput(Fault("--reps", f"at least the {plan.replications} the study has", str(replications)))
    return replace(plan, replications=replications)


@dataclass(frozen=True)
class Wanted:
    """What a sweep was asked to do; None where nothing was said."""

    asked: Asked
    replications: int | None = None
    seed: int | None = None
    periods: str | None = None
    resume: bool = False
    accept: bool = False
    yes: bool = False


@dataclass(frozen=True)
class Prepared:
    """A study that can be begun, or gone on with where `request` is None; nothing was written yet."""

    wanted: Wanted
    folder: Path
    request: Request | None = None
    first: Scenario | None = None

    @contextmanager
    def held(self, note: Callable[[str], None], progress: Progress) -> Iterator[Plan]:
        """Hold the folder for this process alone, and give the plan, written there."""
        if self.request is None or self.first is None:
            with locked(self.folder, command_line()):
                yield _gone_on(self.wanted, self.folder, note, progress)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder, command_line()):
            yield _begun(self.wanted, self.request, self.first, self.folder, progress)


def prepare(wanted: Wanted, out: Path | None, processes: int) -> Prepared:
    """Return a study that can be begun or gone on with; raise BadInput, before anything is written, where it cannot."""
    if wanted.resume and out is None:
        raise BadInput(Fault("--resume", "needs --out DIR, the folder of the study to go on with"))
    if out is not None and (out / LOCK).exists():
        with locked(out, command_line()):
            pass  # held by nobody else; who holds it is named before anything else is said
    if wanted.resume and out is not None and has_plan(out):
        read_plan(out)
        return Prepared(wanted, out)
    request = read_request(wanted.asked)
    first = first_scenario(request)
    checked_seed(wanted.seed, first)
    if not wanted.yes:
        refuse_by_mistake(request, first, wanted.replications or first.run.replications, processes)
    folder = out or default_folder(first)
    if not (wanted.resume and _only_scenarios(folder)):
        new_folder(folder)
    return Prepared(wanted, folder, request, first)


def _begun(wanted: Wanted, request: Request, first: Scenario, folder: Path, progress: Progress) -> Plan:
    """Compose and write a new study's plan."""
    seed = checked_seed(wanted.seed, first)
    try:
        with progress("composing scenarios", request.size) as done:
            points = compose_points(request, folder, seed, done)
    except BadInput:
        _clear(folder)
        raise
    replications = wanted.replications or first.run.replications
    plan = new_plan(request, points, seed, replications, _periods(wanted.periods))
    write_plan(folder, plan, about())
    return plan


def _gone_on(wanted: Wanted, folder: Path, note: Callable[[str], None], progress: Progress) -> Plan:
    """Return the plan to go on with; settings and code must be the same as before, or accepted."""
    was = read_plan(folder)
    ledger = Ledger(folder)
    asked = wanted.asked or was.asked
    now = replace(was, origin=origin(), settings=settings_now())
    if asked != was.asked or now.settings != was.settings or wanted.seed not in (None, was.seed):
        request = read_request(asked)
        seed = was.seed if wanted.seed is None else wanted.seed
        with progress("composing scenarios", request.size) as done:
            now = replace(now, asked=asked, seed=seed, points=compose_points(request, folder, seed, done))
    now = replace(now, periods=_periods(wanted.periods or was.periods))
    for change in unchanged(was, now, ledger, wanted.accept):
        note(f"accepted: {change}")
    now = extended(now, wanted.replications)
    if now != was:
        write_plan(folder, now, about())
    return now


def _only_scenarios(folder: Path) -> bool:
    """Tell whether a folder holds no more than a driver leaves that was stopped while it planned."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= {LOCK, SCENARIOS, POINTS}


def _clear(folder: Path) -> None:
    """Remove what a study left that cannot be begun after all: nothing but scenarios and the lock."""
    shutil.rmtree(folder / SCENARIOS, ignore_errors=True)
    (folder / LOCK).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def checked_seed(seed: int | None, first: Scenario) -> int:
    """Return the seed given, else the scenario's own; raise BadInput for one that is none."""
    if seed is not None and not 0 <= seed < 2**63:
        raise BadInput(Fault("--seed", "a whole number, 0 or more and below 2^63", str(seed)))
    return first.run.seed if seed is None else seed


def _periods(word: str | None) -> Periods:
    return "all" if word == "all" else "weeks" if word == "weeks" else "days"


def about() -> dict[str, Any]:
    """Return what a record says of the command, the machine and the time."""
    return {
        "command": command_line(),
        "pcqa_sim": __version__,
        "git_commit": git_commit(),
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        "begun": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
