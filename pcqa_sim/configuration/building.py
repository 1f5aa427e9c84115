"""From overrides to a scenario: compose, judge, make each practice, its later weeks, and the interventions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pcqa_sim.configuration.composing import Composition, compose
from pcqa_sim.configuration.english import faults_of, written
from pcqa_sim.configuration.folders import INTERVENTION, Library, config_folder, find_user_folder
from pcqa_sim.configuration.overrides import Override, read_overrides
from pcqa_sim.configuration.shapes import (
    PhaseRequest,
    Plan,
    root_model,
    root_shapes,
    shapes_of,
    whole_groups,
)
from pcqa_sim.configuration.userfiles import faults_of_folder
from pcqa_sim.faults import BadInput, Fault, nearest
from pcqa_sim.interventions import INTERVENTIONS, Intervention
from pcqa_sim.scenario import PRACTICE_GROUPS, Phase, Practice, Scenario
from pcqa_sim.scenario.groups import PracticeProfile

ONLY_PRACTICE = "practice"
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Version:
    """One practice's settings from a week on, and what they were composed from."""

    practice: str
    from_week: int
    composition: Composition
    settings: Practice


@dataclass(frozen=True)
class Resolved:
    """A scenario with all it was made from.

    `versions` has each practice's settings by week; `steps` the scenario before any intervention, then after each.
    """

    library: Library
    base: Composition
    versions: tuple[Version, ...]
    labels: tuple[str, ...]
    steps: tuple[Scenario, ...]

    @property
    def scenario(self) -> Scenario:
        """Return the scenario with all interventions applied."""
        return self.steps[-1]


@dataclass
class _Faults:
    """The faults found so far: in overrides (where nothing later can be trusted), and in settings."""

    overrides: list[Fault] = field(default_factory=list)
    settings: list[Fault] = field(default_factory=list)

    def add(self, faults: Iterable[Fault], place: str = "") -> None:
        """Take in faults of settings that hold at a place; a fault of the whole scenario is not said again."""
        said = {str(fault) for fault in self.settings}
        for fault in faults:
            placed = Fault(place + fault.where, fault.rule, fault.value, fault.nearest)
            if str(fault) not in said and str(placed) not in said:
                self.settings.append(placed)

    def stop(self, overrides: Sequence[Override] = ()) -> None:
        """Raise BadInput where anything was found.

        Beside a faulty override, only faults of settings that other overrides touch are told: the rest may follow.
        """
        if self.overrides:
            keys = [one.key for one in overrides if one.options is None]
            told = [fault for fault in self.settings if any(_related(fault.where, key) for key in keys)]
            raise BadInput([*dict.fromkeys(self.overrides), *told])
        if self.settings:
            raise BadInput(self.settings)


def _related(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def resolve(texts: Iterable[str], user_folder: Path | None = None) -> Resolved:
    """Return the scenario that overrides describe, with all it was made from; raise BadInput naming every fault."""
    library = Library(config_folder(), find_user_folder(user_folder))
    faults = _Faults()
    unsafe = faults_of_folder(library)
    overrides, faults.overrides = read_overrides(texts, library)
    if unsafe:
        raise BadInput([*unsafe, *faults.overrides])
    base, unknown = compose(library, overrides)
    faults.overrides += unknown
    root = _judged(base, faults)
    plan = _made(lambda: Plan.model_validate({k: base.tree[k] for k in Plan.model_fields if k in base.tree}))
    interventions = _interventions(base, faults)
    versions = [] if plan is None else _versions(library, base, root, plan, faults)
    faults.stop(overrides)
    before = _scenario(root, versions, faults)
    faults.stop()
    return Resolved(library, base, tuple(versions), *_steps(before, interventions))


def _judged(composition: Composition, faults: _Faults, place: str = "") -> Any:
    """Return the composed settings as the root model, or None with the faults taken in."""
    return _made(lambda: root_model().model_validate(composition.tree), composition.tree, faults, place)


def _made(
    make: Callable[[], _Made], tree: object = None, faults: _Faults | None = None, place: str = ""
) -> _Made | None:
    """Return what `make` makes, or None with what was wrong taken in."""
    try:
        return make()
    except ValidationError as error:
        if faults is not None:
            faults.add(faults_of(error, tree, root_shapes()), place)
        return None


def _versions(library: Library, base: Composition, root: Any, plan: Plan, faults: _Faults) -> list[Version]:
    """Return each practice's settings, at the start and from each phase on."""
    members: dict[str, tuple[str, ...]] = dict(plan.network.members) or {ONLY_PRACTICE: ()}
    phases = [(phase, _phase_overrides(phase, library, faults)) for phase in plan.phases]
    faults.add(_unknown_practices(plan, members))
    versions: list[Version] = []
    for key, texts in members.items():
        place = f"{key}: " if plan.network.members else ""
        own, wrong = read_overrides(texts, library, place, within=True)
        faults.overrides += wrong
        versions += _versions_of(key, place, own, phases, (library, base, root), faults)
    return versions


def _versions_of(
    key: str,
    place: str,
    own: Sequence[Override],
    phases: Sequence[tuple[PhaseRequest, list[Override]]],
    whole: tuple[Library, Composition, Any],
    faults: _Faults,
) -> list[Version]:
    """Return one practice's settings: the whole scenario's overrides, its own, then those of each phase in turn."""
    library, base, root = whole
    overrides = [*base.overrides, *own]
    made = [_version(key, 0, place, overrides if own else base.overrides, whole, faults)]
    for phase, later in phases:
        if not phase.only or key in phase.only:
            overrides += later
            made.append(_version(key, phase.from_week, f"{place}from week {phase.from_week}: ", overrides, whole, faults))
    return [version for version in made if version is not None]


def _version(
    key: str,
    week: int,
    place: str,
    overrides: Sequence[Override],
    whole: tuple[Library, Composition, Any],
    faults: _Faults,
) -> Version | None:
    library, base, root = whole
    if tuple(overrides) == base.overrides:
        composition = base
    else:
        composition, unknown = compose(library, overrides)
        faults.overrides += unknown
        root = _judged(composition, faults, place)
    if root is None:
        return None
    parts = {name: getattr(root.practice, name) for name in PracticeProfile.model_fields}
    parts |= {name: getattr(root, name) for name in PRACTICE_GROUPS}
    settings = _made(lambda: Practice.model_validate(parts), parts, faults, place)
    return None if settings is None else Version(key, week, composition, settings)


def _phase_overrides(phase: PhaseRequest, library: Library, faults: _Faults) -> list[Override]:
    found, wrong = read_overrides(phase.overrides, library, f"from week {phase.from_week}: ", within=True)
    faults.overrides += wrong
    return found


def _unknown_practices(plan: Plan, members: Iterable[str]) -> list[Fault]:
    members = list(members)
    return [
        Fault(f"phases.{n}.only", f"must name practices: {', '.join(members)}", key, nearest(key, members))
        for n, phase in enumerate(plan.phases)
        for key in phase.only
        if key not in members
    ]


def _scenario(root: Any, versions: Sequence[Version], faults: _Faults) -> Scenario:
    """Return the scenario before any intervention; practices are first judged one by one, to name the one at fault."""
    whole: dict[str, Any] = {name: getattr(root, name) for name in whole_groups()}
    if "network" in Scenario.model_fields:
        whole["network"] = _network(root.network)
    keys = list(dict.fromkeys(version.practice for version in versions))
    for key in keys:
        mine = [version for version in versions if version.practice == key]
        place = "" if keys == [ONLY_PRACTICE] else f"{key}: "
        _made(lambda mine=mine: _with_practices(whole, mine), {}, faults, place)  # type: ignore[misc]
    faults.stop()
    scenario = _made(lambda: _with_practices(whole, versions), {}, faults)
    faults.stop()
    assert scenario is not None
    return scenario


def _network(network: Any) -> Any:
    model: Any = Scenario.model_fields["network"].annotation
    return model(**{name: getattr(network, name) for name in model.model_fields})


def _with_practices(whole: dict[str, Any], versions: Sequence[Version]) -> Scenario:
    start = {version.practice: version.settings for version in versions if version.from_week == 0}
    later: dict[int, dict[str, Practice]] = {}
    for version in versions:
        if version.from_week:
            later.setdefault(version.from_week, {})[version.practice] = version.settings
    phases = tuple(Phase(from_week=week, practices=practices) for week, practices in later.items())
    return Scenario(**whole, practices=start, phases=phases)


def _interventions(base: Composition, faults: _Faults) -> list[tuple[str, Intervention]]:
    """Return the interventions in the order they were given, by the name of their file."""
    found = []
    for name, settings in (base.tree.get(INTERVENTION) or {}).items():
        under = f"{INTERVENTION}.{name}"
        kind = settings.get("kind") if isinstance(settings, dict) else None
        model = INTERVENTIONS.get(str(kind))
        if model is None:
            rule = f"must be one of: {', '.join(INTERVENTIONS)}"
            faults.add([Fault(f"{under}.kind", rule, written(kind), nearest(str(kind), INTERVENTIONS))])
        elif (made := _intervention(model, settings, under, faults)) is not None:
            found.append((under, made))
    return found


def _intervention(
    model: type[Intervention], settings: dict[str, Any], under: str, faults: _Faults
) -> Intervention | None:
    try:
        return model.model_validate(settings)
    except ValidationError as error:
        faults.add(faults_of(error, settings, shapes_of(model), f"{under}."))
        return None


def _steps(
    before: Scenario, interventions: Iterable[tuple[str, Intervention]]
) -> tuple[tuple[str, ...], tuple[Scenario, ...]]:
    """Apply the interventions from left to right; raise BadInput where one does not fit the scenario."""
    labels: list[str] = []
    steps = [before]
    for under, intervention in interventions:
        _refuse_unknown_practice(under, intervention, before)
        try:
            steps.append(intervention.apply(steps[-1]))
        except ValidationError as error:
            raise BadInput(faults_of(error, {}, root_shapes(), f"{under}: ")) from None
        except ValueError as error:
            raise BadInput(Fault(under, str(error))) from None
        labels.append(intervention.label())
    return tuple(labels), tuple(steps)


def _refuse_unknown_practice(under: str, intervention: Intervention, scenario: Scenario) -> None:
    known = list(scenario.practices)
    rule = f"must name practices: {', '.join(known)}"
    wrong = [key for key in intervention.only if key not in known]
    if wrong:
        raise BadInput([Fault(f"{under}.only", rule, key, nearest(key, known)) for key in wrong])


__all__ = ["ONLY_PRACTICE", "BaseModel", "Resolved", "Version", "resolve"]
