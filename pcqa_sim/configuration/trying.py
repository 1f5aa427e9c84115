"""Interventions as options that can be tried: each alone on a base, two together, and with assumptions drawn anew."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pcqa_sim.configuration.building import Resolved, read_interventions, resolve, step, user_library
from pcqa_sim.configuration.composing import Composition
from pcqa_sim.configuration.folders import INTERVENTION
from pcqa_sim.configuration.sources import Note, notes
from pcqa_sim.interventions import Intervention, flat
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.values.faults import BadInput, Fault, nearest

ALREADY = "on already"
NO_CHANGE = "nothing would change here"
_NOT_TRIED = "sets how strongly an intervention is tried that --can does not name"
FEWER = "something is taken away; tried where --can names it"
BEFALLS = "befalls a practice; tried where --can names it"
ALONE = "is for practices of a network that share; see network=pcn"
TAKE_AWAY = ("keep_sessions", "online_hours_or_cap")
"""Shipped interventions that ask how little is enough, or close something early: not tried unless they are named."""


@dataclass(frozen=True)
class Rests:
    """A number of an intervention: what it is called there, its value, unit and source."""

    name: str
    value: object
    unit: str
    source: str


@dataclass(frozen=True)
class Option:
    """An intervention on its own on the base: its scenario, and the numbers that it rests on."""

    name: str
    scenario: Scenario
    numbers: tuple[Rests, ...]


@dataclass(frozen=True)
class Choice:
    """A base, what can be tried on it, and what cannot with the reason."""

    made: Resolved
    base: Scenario
    overrides: tuple[str, ...]
    strengths: tuple[str, ...]
    interventions: Mapping[str, Intervention]
    options: dict[str, Option] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def texts(self, names: Sequence[str]) -> list[str]:
        """Return the overrides of the base with these interventions, from left to right."""
        on = [f"+{INTERVENTION}=[{','.join(names)}]"] if names else []
        return [*self.overrides, *on, *(text for text in self.strengths if _named(text) in names)]

    def scenario(self, names: Sequence[str]) -> Scenario:
        """Return the base with these interventions, from left to right."""
        scenario = self.base
        for name in names:
            scenario = step(name, self.interventions[name], scenario)
        return scenario

    def pair(self, one: str, other: str) -> Scenario | str:
        """Return the base with two interventions, or why they are not tried together: they pull at the same setting."""
        try:
            both, turned = self.scenario([one, other]), self.scenario([other, one])
        except BadInput as bad:
            return f"do not go together: {bad.faults[0]}"
        if key := next(_apart(both, turned), ""):
            return f"contradict each other: both change {key}, and the later would win"
        for name in (one, other):
            if not any(_apart(both, self.options[name].scenario)):
                return f"are no more together than {name} alone"
        return both


def read_choice(overrides: Sequence[str], names: Sequence[str], seed: int | None) -> Choice:
    """Return what can be tried on a base: the interventions named, else all that are made to help.

    Overrides of interventions that are not on set how strongly they are tried. Raises BadInput naming every fault of
    the overrides, of unknown names, and of those named that cannot be tried here.
    """
    library = user_library()
    known = library.options(INTERVENTION)
    faults = [_unknown(name, known) for name in names if name not in known]
    made, base_texts, strengths = _base(overrides, known)
    faults += [Fault(text.partition("=")[0], _NOT_TRIED) for text in strengths if names and _named(text) not in names]
    if faults:
        raise BadInput(faults)
    on = made.base.tree.get(INTERVENTION) or {}
    tried = [name for name in dict.fromkeys(names or known) if name not in on]
    left_out = dict.fromkeys((name for name in names or known if name in on), ALREADY)
    if not names:
        left_out |= dict.fromkeys((name for name in TAKE_AWAY if name in tried), FEWER)
        tried = [name for name in tried if name not in TAKE_AWAY]
    base = made.scenario if seed is None else with_settings(made.scenario, {"run.seed": seed})
    whole, interventions = _read(base_texts, tried, strengths)
    if not names:
        left_out |= {name: BEFALLS for name in tried if _is_pressure(interventions[name])}
        if len(base.practices) == 1:
            left_out |= {name: ALONE for name in tried if getattr(interventions[name], "of_network", False)}
        tried = [name for name in tried if name not in left_out]
    choice = Choice(made, base, tuple(base_texts), tuple(strengths), interventions, left_out=left_out)
    sources = notes(made.library, whole)
    for name in tried:
        try:
            _add(choice, name, whole, sources)
        except BadInput as bad:
            choice.left_out[name] = bad.faults[0].rule
            faults += bad.faults if names else []
    if faults:
        raise BadInput(faults)
    if not choice.options:
        raise BadInput(Fault("--can", f"names nothing that can be tried here: {_reasons(choice.left_out)}"))
    return choice


def numbers_of(overrides: Sequence[str], without: Sequence[str] = ()) -> dict[str, tuple[Rests, ...]]:
    """Return what numbers with a source the interventions rest on that overrides switch on, and `without` does not."""
    made, before = (resolve([[one] for one in texts]) for texts in (overrides, without))
    sources, on = notes(made.library, made.base), before.base.tree.get(INTERVENTION) or {}
    names = [name for name in made.base.tree.get(INTERVENTION) or {} if name not in on]
    return {name: tuple(_numbers(made.base, sources, name)) for name in names}


def _read(
    base: Sequence[str], names: Sequence[str], strengths: Sequence[str]
) -> tuple[Composition, Mapping[str, Intervention]]:
    on = [f"+{INTERVENTION}=[{','.join(names)}]"] if names else []
    return read_interventions([[one] for one in (*base, *on, *strengths)])


def _is_pressure(intervention: Intervention) -> bool:
    return bool(getattr(intervention, "pressure", False))


def _reasons(left_out: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {why}" for name, why in left_out.items())


def _base(overrides: Sequence[str], names: Sequence[str]) -> tuple[Resolved, list[str], list[str]]:
    """Return the base, its overrides, and those that say how strongly interventions that are not on are tried."""
    plain = [text for text in overrides if not _named(text)]
    made = resolve([[one] for one in plain])
    on = set(made.base.tree.get(INTERVENTION) or {})
    strengths = [text for text in overrides if _named(text) in set(names) - on]
    base = [text for text in overrides if text not in strengths]
    return (made if base == plain else resolve([[one] for one in base])), base, strengths


def _add(choice: Choice, name: str, whole: Composition, sources: Mapping[str, Note]) -> None:
    """Add an intervention to what can be tried, or the reason why it is not."""
    scenario = choice.scenario([name])
    if not any(_apart(choice.base, scenario)):
        choice.left_out[name] = NO_CHANGE
        return
    choice.options[name] = Option(name, scenario, tuple(_numbers(whole, sources, name)))


def _numbers(whole: Composition, sources: Mapping[str, Note], name: str) -> Iterator[Rests]:
    """Yield the numbers and times of an intervention that have a source, as its file or an override has them."""
    prefix = f"{INTERVENTION}.{name}."
    for key, value in flat((whole.tree.get(INTERVENTION) or {})[name], prefix).items():
        note = sources.get(key)
        short = key.removeprefix(prefix)
        if note is not None and note.source and value is not None and short != "from_week":
            yield Rests(short, value, note.unit, note.source)


def _unknown(name: str, known: Sequence[str]) -> Fault:
    return Fault("--can", "is not an intervention; `pcqa advise` without --can tries all", name, nearest(name, known))


def _named(text: str) -> str:
    """Return the intervention that an override sets something of, "" for any other."""
    parts = text.partition("=")[0].strip().lstrip("+").split(".")
    return parts[1] if parts[0] == INTERVENTION and len(parts) > 2 else ""


def _apart(one: Scenario, other: Scenario) -> Iterator[str]:
    """Yield the settings in which two scenarios differ at any time, but for the dust of floating point."""
    weeks = sorted({0} | {phase.from_week for phase in (*one.phases, *other.phases)})
    for key in one.practices:
        for week in weeks:
            mine, theirs = one.in_force(key, week), other.in_force(key, week)
            if mine == theirs:
                continue
            old, new = flat(mine.model_dump(mode="json")), flat(theirs.model_dump(mode="json"))
            yield from (name for name in sorted({*old, *new}) if not _same(old.get(name), new.get(name)))


def _same(one: object, other: object) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def split_names(texts: Iterable[str]) -> list[str]:
    """Return the names in texts such as "a,b" and "c"."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]
