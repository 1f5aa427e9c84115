"""From the words of `pcqa sweep` to a plan in a folder: how many points, what they are, and whether one may go on."""

from __future__ import annotations

import os
import platform
import re
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
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.study.claiming import claimed, label_of, refuse_used
from pcqa_sim.study.designs import Vary, design_size, designed_points, read_ranges
from pcqa_sim.study.folderlock import LOCK, locked
from pcqa_sim.study.ledger import Ledger
from pcqa_sim.study.origin import origin, settings_fingerprint
from pcqa_sim.study.plan import POINTS, Asked, Plan, Point, differences, has_plan, read_plan, write_plan
from pcqa_sim.study.provenance import git_commit
from pcqa_sim.study.scenariofile import SCENARIOS
from pcqa_sim.study.task import Periods
from pcqa_sim.study.unitfile import Damaged
from pcqa_sim.study.wholefile import is_draft
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.limits import MOST_SCENARIOS, SEEDS

SECONDS_A_PERSON_WEEK = 8e-6
"""Seconds one person of a list costs for one simulated week, measured on a common server core (results included)."""
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
MOST_UNASKED, MOST_HOURS_UNASKED = 100_000, 24.0
_MOST_FAULTS = 10
_UNIT_SECONDS = 0.05
_SCENARIO_FILE = re.compile(r"[0-9a-f]{12}\.yaml$")


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
        many = design_size(ranges, asked.design, asked.points)
        if many > MOST_SCENARIOS:  # they are written out before anybody is asked whether so many are meant
            faults.append(
                Fault("--vary", f"at most {MOST_SCENARIOS:,} combinations of ranges; sample them", f"{many:,}")
            )
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


def compose_points(
    request: Request, folder: Path, seed: int, done: Callable[[int], None]
) -> tuple[tuple[Point, ...], dict[str, str]]:
    """Compose every point and put its scenario into the folder; return the checksums of the scenarios' files, too.

    Raises BadInput naming the first faults of points.
    """
    composer, ledger = Composer(request.sweep.fixed), Ledger(folder)
    found: list[Point] = []
    files: dict[str, str] = {}
    faults: dict[tuple[str, str], Fault] = {}
    for number, (values, texts) in enumerate(request.points(seed)):
        try:
            scenario = composer.scenario(texts)
            scenario = with_settings(scenario, {"run.seed": seed})
            name = scenario.hash()
            if not faults and name not in files:
                files[name] = ledger.put_scenario(name, scenario)
            found.append(Point(values, name))
        except BadInput as bad:
            faults |= {
                (fault.where, fault.rule): fault for fault in bad.faults if (fault.where, fault.rule) not in faults
            }
        if len(faults) >= _MOST_FAULTS:
            break
        done(number + 1)
    if faults:
        raise BadInput(faults.values())
    return tuple(found), files


def as_before(points: tuple[Point, ...], was: Plan, ledger: Ledger) -> tuple[Point, ...]:
    """Return points composed again under the names they had, where their settings are the same by today's schema."""
    if len(points) != len(was.points):
        return points
    return tuple(
        before if before.values == now.values and _same_settings(before.scenario, now.scenario, was, ledger) else now
        for before, now in zip(was.points, points, strict=True)
    )


def _same_settings(before: str, now: str, was: Plan, ledger: Ledger) -> bool:
    try:
        return before == now or ledger.scenario(before, was.scenario_files.get(before, "")).digits() == now
    except (Damaged, FileNotFoundError):
        return False


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
class ToBegin:
    """A study that can be begun, in `out` or in a folder of its own; nothing was written yet."""

    wanted: Wanted
    out: Path | None
    request: Request
    first: Scenario

    @contextmanager
    def held(self, note: Callable[[str], None], progress: Progress) -> Iterator[tuple[Path, Plan]]:
        """Hold the folder for this process alone, and give it and the plan, written there whole."""
        label = label_of(self.first, checked_seed(self.wanted.seed, self.first))
        leftover = _left_by_planning if self.wanted.resume else _nothing
        with claimed(self.out, label, command_line(), leftover) as folder:
            _clear(folder)
            yield folder, _planned(self.wanted, self.request, self.first, folder, progress)


@dataclass(frozen=True)
class ToGoOn:
    """A study that is there and can be gone on with."""

    wanted: Wanted
    folder: Path

    @contextmanager
    def held(self, note: Callable[[str], None], progress: Progress) -> Iterator[tuple[Path, Plan]]:
        """Hold the folder for this process alone, and give it and the plan."""
        with locked(self.folder, command_line()):
            yield self.folder, _gone_on(self.wanted, self.folder, note, progress)


def prepare(wanted: Wanted, out: Path | None, processes: int) -> ToBegin | ToGoOn:
    """Return a study that can be begun or gone on with; raise BadInput, before anything is written, where it cannot."""
    if wanted.resume and out is None:
        raise BadInput(Fault("--resume", "needs --out DIR, the folder of the study to go on with"))
    if out is not None and (out / LOCK).exists():
        with locked(out, command_line()):
            pass  # held by nobody else; who holds it is named before anything else is said
    if wanted.resume and out is not None and has_plan(out):
        read_plan(out, points_lost=True)
        return ToGoOn(wanted, out)
    if wanted.resume and out is not None and not wanted.asked:
        raise BadInput(_no_study(out))
    request = read_request(wanted.asked)
    first = first_scenario(request)
    checked_seed(wanted.seed, first)
    if not wanted.yes:
        refuse_by_mistake(request, first, wanted.replications or first.run.replications, processes)
    if out is not None:
        refuse_used(out, _left_by_planning if wanted.resume else _nothing)
    return ToBegin(wanted, out, request, first)


def _no_study(out: Path) -> Fault:
    """Return what is wrong with going on, no settings named, with a study that is not there."""
    there = "it was stopped before its plan was written" if _stopped_while_planning(out) else "no study is there"
    beside: list[str] = []
    with suppress(OSError):
        beside = [one.name for one in out.parent.iterdir() if has_plan(one)]
    like = nearest(out.name, beside)
    rule = f"{there}, so there is nothing to go on with: name the settings too, to begin it"
    return Fault("--resume", rule, str(out), str(out.with_name(like)) if like else "")


def _planned(wanted: Wanted, request: Request, first: Scenario, folder: Path, progress: Progress) -> Plan:
    """Compose and write a new study's plan: the scenarios and points first, run.json last, so that it is whole."""
    seed = checked_seed(wanted.seed, first)
    try:
        with progress("composing scenarios", request.size) as done:
            points, files = compose_points(request, folder, seed, done)
    except BadInput:
        _clear(folder)
        raise
    replications = wanted.replications or first.run.replications
    periods = _periods(wanted.periods)
    plan = Plan(request.asked, points, seed, replications, periods, settings_now(), origin(), files)
    write_plan(folder, plan, about())
    return plan


def _gone_on(wanted: Wanted, folder: Path, note: Callable[[str], None], progress: Progress) -> Plan:
    """Return the plan to go on with; settings and code must be the same as before, or accepted."""
    was = read_plan(folder, points_lost=True)
    ledger = Ledger(folder)
    for line in ledger.touched(was.scenario_files):
        note(line)
    asked = wanted.asked or was.asked
    now = replace(was, origin=origin(), settings=settings_now())
    absent = ledger.lacking(was.scenarios)
    lost = not was.points or bool(absent)
    same = asked == was.asked and now.settings == was.settings and wanted.seed in (None, was.seed)
    if lost or not same:
        request = read_request(asked)
        seed = was.seed if wanted.seed is None else wanted.seed
        with progress("composing scenarios", request.size) as done:
            points, files = compose_points(request, folder, seed, done)
        files |= {name: told for name, told in was.scenario_files.items() if name not in absent}
        now = replace(now, asked=asked, seed=seed, points=as_before(points, was, ledger))
        now = replace(now, scenario_files={name: files[name] for name in now.scenarios if name in files})
    if same and not was.points:
        was = replace(was, points=now.points)
    now = replace(now, periods=_periods(wanted.periods or was.periods))
    for change in unchanged(was, now, ledger, wanted.accept):
        note(f"accepted: {change}")
    now = extended(now, wanted.replications)
    if now != was or lost:
        write_plan(folder, now, about())
    return now


def _left_by_planning(path: Path) -> bool:
    """Tell whether something in a folder is what a driver leaves there that was stopped while it planned."""
    if path.name == SCENARIOS and path.is_dir():
        return all(_SCENARIO_FILE.match(one.name) or is_draft(one.name) for one in path.iterdir())
    return path.name == POINTS or is_draft(path.name)


def _nothing(_: Path) -> bool:
    """Tell that nothing in a folder may be taken for left over."""
    return False


def _stopped_while_planning(folder: Path) -> bool:
    return folder.is_dir() and any(map(_left_by_planning, folder.iterdir()))


def _clear(folder: Path) -> None:
    """Remove what is left of a study whose plan was not written: others' scenarios do not belong to the next."""
    for path in filter(_left_by_planning, tuple(folder.iterdir())):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def checked_seed(seed: int | None, first: Scenario) -> int:
    """Return the seed given, else the scenario's own; raise BadInput for one that is none."""
    if seed is not None and not 0 <= seed < SEEDS:
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
