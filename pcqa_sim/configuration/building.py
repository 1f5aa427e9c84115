"""From overrides to a scenario: compose, judge, make each practice with its later weeks, apply the interventions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pcqa_sim.configuration.cautions import caution
from pcqa_sim.configuration.composing import Composition, adjustments
from pcqa_sim.configuration.compositions import Asked, Compositions, as_asked, recalled
from pcqa_sim.configuration.dates import with_week
from pcqa_sim.configuration.findings import Findings
from pcqa_sim.configuration.folders import INTERVENTION, Library, config_folder, find_user_folder
from pcqa_sim.configuration.overrides import Override, Texts, Within, laid_on
from pcqa_sim.configuration.ownlines import located
from pcqa_sim.configuration.shapes import Members, PhaseRequest, Plan, root_model, whole_groups
from pcqa_sim.configuration.userfiles import look_through, warn_of_unneeded
from pcqa_sim.interventions import INTERVENTIONS, Intervention
from pcqa_sim.scenario import PRACTICE_GROUPS, Phase, Practice, Scenario, with_settings
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.groups import Network, PracticeProfile
from pcqa_sim.scenario.shapes import shapes_of
from pcqa_sim.values import plugins
from pcqa_sim.values.doors import look
from pcqa_sim.values.faults import BadInput, Fault, nearest

ONLY_PRACTICE = "practice"
Applied = tuple[str, Intervention]
"""An intervention with its dotted key, after the place where it holds."""


@dataclass(frozen=True)
class Version:
    """One practice's settings from a week on, and what they were composed from.

    `place` begins what is said of them: "" for the only practice, "north: from week 6: " for a member's later weeks.
    """

    practice: str
    from_week: int
    place: str
    composition: Composition
    settings: Practice


@dataclass(frozen=True)
class Resolved:
    """A scenario with all it was made from.

    `steps` has the scenario before any intervention and after each of `interventions`.
    """

    library: Library
    base: Composition
    versions: tuple[Version, ...]
    interventions: tuple[Intervention, ...]
    steps: tuple[Scenario, ...]

    @property
    def scenario(self) -> Scenario:
        """Return the scenario with all interventions applied."""
        return self.steps[-1]


def user_library(user_folder: Path | None = None) -> Library:
    """Return the shipped settings, those of own code, and the user's own; see `find_user_folder`.

    Own code is looked at first, so that what is wrong with it is told by itself.
    """
    if plugins.loaded():
        look()
    return Library(config_folder(), find_user_folder(user_folder), plugins.settings_folders())


def resolve(texts: Iterable[Texts], user_folder: Path | None = None) -> Resolved:
    """Return the scenario that overrides describe, with all it was made from; raise BadInput naming every fault."""
    library, asked = user_library(user_folder), as_asked(texts)
    if (kept := recalled(library, asked)) is not None:
        # Only what was faultless is kept: where it is not, it cannot be believed.
        with suppress(BadInput):
            made = _resolved(kept, asked)
            caution(made.scenario)
            return made
    look_through(library)
    compositions = Compositions(library)
    try:
        made = _resolved(compositions, asked)
    except BadInput as bad:
        warn_of_unneeded(library, bad.faults)
        raise located(library, compositions.read(asked)[0], bad) from None
    warn_of_unneeded(library)
    compositions.keep(asked)
    caution(made.scenario)
    return made


def read_interventions(
    texts: Iterable[Texts], user_folder: Path | None = None
) -> tuple[Composition, dict[str, Intervention]]:
    """Return what overrides compose, and the interventions among it by name: judged, and applied to nothing yet.

    They need not go together. Raises BadInput naming every fault of the overrides and of each intervention.
    """
    library, asked = user_library(user_folder), as_asked(texts)
    compositions = Compositions(library)
    overrides, wrong = compositions.read(asked)
    base, unknown = compositions.compose(overrides)
    findings = Findings(overrides=[*wrong, *unknown])
    applied = Assembly(compositions, base, findings).interventions()
    findings.stop(overrides)
    return base, {under.removeprefix(f"{INTERVENTION}."): one for under, one in applied}


def step(name: str, intervention: Intervention, before: Scenario) -> Scenario:
    """Return the scenario after one intervention more; raise BadInput where it does not fit."""
    return _step(f"{INTERVENTION}.{name}", intervention, before)


def _resolved(compositions: Compositions, texts: Asked) -> Resolved:
    """Return the scenario that overrides describe."""
    overrides, wrong = compositions.read(texts)
    if wrong and not overrides:  # without any usable override there is nothing more to find
        raise BadInput(wrong)
    try:
        base, unknown = compositions.compose(overrides)
    except BadInput as bad:
        return _without_refused(compositions, overrides, [*bad.faults, *wrong])
    return assembled(compositions, base, overrides, [*wrong, *unknown])


def _without_refused(compositions: Compositions, overrides: Sequence[Override], faults: Sequence[Fault]) -> Resolved:
    """Raise BadInput for files that are needed and cannot be used, with the faults of everything else."""
    need = compositions.library.need
    usable = [one for one in overrides if not need((one.key, option) for option in one.options or ())]
    try:
        base, unknown = compositions.compose(usable)
    except BadInput:
        raise BadInput(faults) from None
    return assembled(compositions, base, usable, [*faults, *unknown])


def assembled(
    compositions: Compositions, base: Composition, overrides: Sequence[Override], faults: Iterable[Fault] = ()
) -> Resolved:
    """Return the scenario of composed settings; `faults` are those of overrides that were left out of them."""
    findings = Findings(overrides=list(faults))
    assembly = Assembly(compositions, base, findings)
    interventions = assembly.interventions()
    versions = assembly.versions()
    interventions = assembly.with_those_of_members(interventions, versions)
    findings.stop(overrides)
    before = assembly.scenario(versions)
    steps = _steps(before, interventions)
    return Resolved(compositions.library, base, tuple(versions), tuple(one for _, one in interventions), steps)


class Assembly:
    """One scenario being put together from its composed settings."""

    def __init__(self, compositions: Compositions, base: Composition, findings: Findings) -> None:
        self._compositions = compositions
        self._base = base
        self._findings = findings
        self._root = self._judged(base)

    def _judged(self, composition: Composition, place: str = "") -> Any:
        """Return composed settings as the root model, or None where something is wrong with them."""
        with self._findings.catching(composition.tree, place, overrides=composition.overrides, groups=True):
            return root_model().model_validate(composition.tree)
        return None

    def versions(self) -> list[Version]:
        """Return the settings of each practice, at the start and from each phase on."""
        plan = self._plan()
        members = dict(plan.network.members) or {ONLY_PRACTICE: ()}
        places = {key: f"{key}: " if plan.network.members else "" for key in members}
        self._findings.add(_unknown_practices(plan, list(members)))
        phases = [(phase, self._read(phase.overrides, _since(phase.from_week), "week")) for phase in plan.phases]
        own = {key: self._read(texts, places[key], "member") for key, texts in members.items()}
        return [one for key in members for one in self._versions_of(key, places[key], own[key], phases)]

    def _plan(self) -> Plan:
        """Return members and phases; where they are faulty, an empty plan (the root model told the faults)."""
        tree = {name: self._base.tree[name] for name in Plan.model_fields if name in self._base.tree}
        if isinstance(network := tree.get("network"), dict):
            tree["network"] = {name: value for name, value in network.items() if name in Members.model_fields}
        try:
            return Plan.model_validate(tree)
        except ValidationError:
            return Plan()

    def _read(self, texts: Iterable[str], place: str, within: Within) -> list[Override]:
        """Return the overrides of a member or a phase."""
        found, wrong = self._compositions.read(texts, place, within)
        self._findings.overrides += wrong
        return found

    def _versions_of(
        self, key: str, place: str, own: list[Override], phases: Iterable[tuple[PhaseRequest, list[Override]]]
    ) -> list[Version]:
        """Return one practice's settings: root overrides, its own, then those of each phase on top of the last."""
        overrides, twice = laid_on(self._base.overrides, own, self._compositions.library)
        self._findings.overrides += twice
        made = [self._version(key, 0, place, overrides)]
        for phase, later in phases:
            if not phase.only or key in phase.only:
                overrides = [*overrides, *later]
                made.append(self._version(key, phase.from_week, place + _since(phase.from_week), overrides))
        return [version for version in made if version is not None]

    def _version(self, key: str, week: int, place: str, overrides: Sequence[Override]) -> Version | None:
        composition, root = self._base, self._root
        if tuple(overrides) != self._base.overrides:
            try:
                composition, unknown = self._compositions.compose(overrides)
            except BadInput as bad:
                self._findings.overrides += bad.faults
                return None
            self._findings.overrides += unknown
            root = self._judged(composition, place)
        if root is None:
            return None
        parts = {name: getattr(root.practice, name) for name in PracticeProfile.model_fields}
        parts |= {name: getattr(root, name) for name in PRACTICE_GROUPS}
        with self._findings.catching(parts, place, overrides=composition.overrides):
            return Version(key, week, place, composition, Practice.model_validate(parts))
        return None

    def scenario(self, versions: Sequence[Version]) -> Scenario:
        """Return the scenario before any intervention; practices are judged one by one first, to name whose fault."""
        whole: dict[str, Any] = {name: getattr(self._root, name) for name in whole_groups()}
        keys = list(dict.fromkeys(version.practice for version in versions))
        for key in keys:
            with self._findings.catching({}, "" if keys == [ONLY_PRACTICE] else f"{key}: "):
                _with_practices(whole | {"mdt": {}}, [version for version in versions if version.practice == key])
        self._findings.stop()
        with self._findings.catching({}):
            return _with_practices(whole | {"network": self._shared()}, versions)
        raise BadInput(self._findings.settings)

    def _shared(self) -> dict[str, Any]:
        """Return what the practices of the network share."""
        network = self._root.network
        return {name: getattr(network, name) for name in Network.model_fields}

    def interventions(self) -> list[Applied]:
        """Return the interventions in the order they were given, each with its dotted key."""
        chosen = self._base.tree.get(INTERVENTION) or {}
        made = [(f"{INTERVENTION}.{name}", self._intervention(name, chosen[name])) for name in chosen]
        return [(under, intervention) for under, intervention in made if intervention is not None]

    def with_those_of_members(self, whole: list[Applied], versions: Sequence[Version]) -> list[Applied]:
        """Return the interventions of all, for those without a list of their own, then each member's for it alone."""
        lists = {one.practice: one for one in versions if one.from_week == 0 and _chooses(one)}
        if not lists:
            return whole
        others = [one.practice for one in versions if one.from_week == 0 and one.practice not in lists]
        found = []
        for under, intervention in whole:
            only = [key for key in intervention.only or others if key not in lists]
            found += [(under, with_settings(intervention, {"only": only}))] if only else []
        return found + [one for version in lists.values() for one in self._of_member(version)]

    def _of_member(self, version: Version) -> Iterator[Applied]:
        for name, settings in (version.composition.tree.get(INTERVENTION) or {}).items():
            intervention = self._intervention(name, settings, version)
            if intervention is None:
                continue
            where = f"{INTERVENTION}.{name}"
            if intervention.only not in ((), (version.practice,)):
                rule = f"is for {version.practice} alone, whose own it is: leave `only` out"
                self._findings.add([Fault(f"{where}.only", rule)], version.place)
            yield version.place + where, with_settings(intervention, {"only": [version.practice]})

    def _intervention(self, name: str, settings: Any, version: Version | None = None) -> Intervention | None:
        under, place = f"{INTERVENTION}.{name}", version.place if version else ""
        kind = settings.get("kind") if isinstance(settings, dict) else None
        model = INTERVENTIONS.get(str(kind))
        if model is None:
            known = sorted({*INTERVENTIONS, *adjustments(self._compositions.library)})
            rule = f"must be one of: {', '.join(known)}"
            fault = Fault(f"{under}.kind", rule, written(kind), nearest(str(kind), known))
            self._findings.add([fault], place)
            return None
        typed = (version.composition if version else self._base).overrides
        settings = with_week(settings, self._base.tree)
        with self._findings.catching(settings, place, f"{under}.", shapes_of(model), typed):
            return model.model_validate(settings)
        return None


def _chooses(version: Version) -> bool:
    """Tell whether a member has said something about interventions itself."""
    return any(one.place and one.path[0] == INTERVENTION for one in version.composition.overrides)


def _since(week: int) -> str:
    return f"from week {week}: "


def _unknown_practices(plan: Plan, members: Sequence[str]) -> list[Fault]:
    rule = f"must name practices: {', '.join(members)}"
    named = [(n, key) for n, phase in enumerate(plan.phases) for key in phase.only if key not in members]
    return [Fault(f"phases.{n}.only", rule, key, nearest(key, members)) for n, key in named]


def _with_practices(whole: dict[str, Any], versions: Sequence[Version]) -> Scenario:
    start = {version.practice: version.settings for version in versions if version.from_week == 0}
    later: dict[int, dict[str, Practice]] = {}
    for version in versions:
        if version.from_week:
            later.setdefault(version.from_week, {})[version.practice] = version.settings
    phases = tuple(Phase(from_week=week, practices=practices) for week, practices in later.items())
    return Scenario(**whole, practices=start, phases=phases)


def _steps(before: Scenario, interventions: Iterable[Applied]) -> tuple[Scenario, ...]:
    """Apply the interventions from left to right; raise BadInput where one does not fit the scenario."""
    steps, faults = [before], list[Fault]()
    for under, intervention in interventions:
        try:
            steps.append(_step(under, intervention, steps[-1]))
        except BadInput as refused:
            faults += refused.faults
    if faults:
        raise BadInput(faults)
    return tuple(steps)


def _step(under: str, intervention: Intervention, before: Scenario) -> Scenario:
    """Return the scenario after one intervention; raise BadInput where it does not fit."""
    _refuse_after_the_end(under, intervention, before)
    _refuse_unknown_practice(under, intervention, before)
    _refuse_unknown_role(under, intervention, before)
    findings = Findings()
    try:
        with findings.catching({}, f"{under}: "):
            return intervention.apply(before)
    except BadInput as refused:
        raise BadInput(replace(one, where=f"{under}: {one.where}") for one in refused.faults) from None
    except ValueError as fault:
        raise BadInput(Fault(under, str(fault))) from fault
    raise BadInput(findings.settings)


def _refuse_after_the_end(under: str, intervention: Intervention, scenario: Scenario) -> None:
    """Refuse an intervention that would begin when the run is over, and change nothing without a word."""
    if intervention.from_week >= scenario.weeks:
        rule = f"must be a week of the run, which has {scenario.weeks} counted from 0 (run.measured_weeks has more)"
        raise BadInput(Fault(f"{under}.from_week", rule, str(intervention.from_week)))


def _refuse_unknown_role(under: str, intervention: Intervention, scenario: Scenario) -> None:
    """Refuse an intervention for a role that a practice it applies to does not have."""
    for key in intervention.only or scenario.practices:
        known = list(scenario.practices[key].role)
        wrong = [role for role in intervention.roles() if role not in known]
        if wrong:
            rule = f"must name roles that {scenario.called(key)} has: {', '.join(known)}"
            where = f"{under}.role" if "role" in type(intervention).model_fields else under
            raise BadInput([Fault(where, rule, role, nearest(role, known)) for role in wrong])


def _refuse_unknown_practice(under: str, intervention: Intervention, scenario: Scenario) -> None:
    known = list(scenario.practices)
    rule = f"must name practices: {', '.join(known)}"
    wrong = [key for key in intervention.only if key not in known]
    if wrong:
        raise BadInput([Fault(f"{under}.only", rule, key, nearest(key, known)) for key in wrong])
