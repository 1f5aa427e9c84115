"""From the words of `pcqa sweep` to a plan in a folder: how many points, what they are, and whether one may go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.commands.studying import refused_unless, settings_now
from pcqa_sim.commands.watching import note, progress
from pcqa_sim.configuration.sweeping import Composer, Sweep, not_varied, read_sweep
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.study.design.designs import Vary, design_size, designed_points, read_ranges
from pcqa_sim.study.design.plan import Asked, Plan, Point, differences, read_plan
from pcqa_sim.study.origin import origin
from pcqa_sim.study.result import Periods
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Damaged
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_SCENARIOS, SEEDS

if TYPE_CHECKING:
    from pcqa_sim.study.record import Record

_MOST_FAULTS = 10


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


def first_overrides(request: Request, seed: int = 0) -> list[str]:
    """Return the overrides of the first point."""
    _, texts = next(request.points(seed))
    return [*request.sweep.fixed, *texts]


def first_scenario(request: Request) -> Scenario:
    """Return the scenario of the first point; raise BadInput naming every fault in it."""
    _, texts = next(request.points(0))
    return Composer(request.sweep.fixed).scenario(texts)


def compose_points(
    request: Request, folder: Path, seed: int, done: Callable[[int], None]
) -> tuple[tuple[Point, ...], dict[str, str]]:
    """Compose every point and put its scenario into the folder; return the checksums of the scenarios' files, too.

    Raises BadInput naming the first faults of points.
    """
    composer, store = Composer(request.sweep.fixed), Store(folder)
    found: list[Point] = []
    files: dict[str, str] = {}
    faults: dict[tuple[str, str], Fault] = {}
    for number, (values, texts) in enumerate(request.points(seed)):
        try:
            scenario = composer.scenario(texts)
            scenario = with_settings(scenario, {"run.seed": seed})
            name = scenario.hash()
            if not faults and name not in files:
                files[name] = store.put_scenario(name, scenario)
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


def as_before(points: tuple[Point, ...], was: Plan, store: Store) -> tuple[Point, ...]:
    """Return points composed again under the names they had, where their settings are the same by today's schema."""
    if len(points) != len(was.points):
        return points
    return tuple(
        before if before.values == now.values and _same_settings(before.scenario, now.scenario, was, store) else now
        for before, now in zip(was.points, points, strict=True)
    )


def _same_settings(before: str, now: str, was: Plan, store: Store) -> bool:
    try:
        return before == now or store.scenario(before, was.scenario_files.get(before, "")).digits() == now
    except (Damaged, FileNotFoundError):
        return False


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
    periods: Periods | None = None
    accept: bool = False


def planned(wanted: Wanted, request: Request, first: Scenario, folder: Path) -> Plan:
    """Compose a new study's scenarios into its folder and return the plan, which is not written yet."""
    seed = checked_seed(wanted.seed, first)
    with progress("composing scenarios", request.size) as done:
        points, files = compose_points(request, folder, seed, done)
    replications = wanted.replications or first.run.replications
    return Plan(request.asked, points, seed, replications, wanted.periods or "days", settings_now(), origin(), files)


def gone_on(wanted: Wanted, there: Record) -> Plan:
    """Return the plan to go on with; settings and code must be the same as before, or accepted."""
    folder = there.path.parent
    was, store = read_plan(folder, points_lost=True), Store(folder)
    for line in store.touched(was.scenario_files):
        note(line)
    asked = wanted.asked or was.asked
    now = replace(was, origin=origin(), settings=settings_now())
    absent = store.lacking(was.scenarios)
    same = asked == was.asked and now.settings == was.settings and wanted.seed in (None, was.seed)
    if not was.points or absent or not same:
        request = read_request(asked)
        seed = was.seed if wanted.seed is None else wanted.seed
        with progress("composing scenarios", request.size) as done:
            points, files = compose_points(request, folder, seed, done)
        files |= {name: told for name, told in was.scenario_files.items() if name not in absent}
        now = replace(now, asked=asked, seed=seed, points=as_before(points, was, store))
        now = replace(now, scenario_files={name: files[name] for name in now.scenarios if name in files})
    if same and not was.points:
        was = replace(was, points=now.points)
    now = replace(now, periods=wanted.periods or was.periods)
    changes = [*differences(was, now, store), *now.origin.differences(was.origin)]
    for change in refused_unless(wanted.accept, changes):
        note(f"accepted: {change}")
    return extended(now, wanted.replications)


def checked_seed(seed: int | None, first: Scenario) -> int:
    """Return the seed given, else the scenario's own; raise BadInput for one that is none."""
    if seed is not None and not 0 <= seed < SEEDS:
        raise BadInput(Fault("--seed", "a whole number, 0 or more and below 2^63", str(seed)))
    return first.run.seed if seed is None else seed
