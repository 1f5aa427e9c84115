"""The resolved scenario, told setting by setting: value, unit, source, and what differs from the default scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pcqa_sim.configuration.building import Resolved, Version, resolve
from pcqa_sim.configuration.folders import INTERVENTION
from pcqa_sim.configuration.overrides import Texts
from pcqa_sim.configuration.shapes import whole_groups
from pcqa_sim.configuration.sources import Note, notes
from pcqa_sim.interventions import flat
from pcqa_sim.scenario import PRACTICE_GROUPS, Practice, Scenario
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.values.outside import shown

NO_SOURCE = "no source given"
LEFT_OUT = "left out of the settings: the program's default"
_WIDEST_VALUE = 36


@dataclass(frozen=True)
class Setting:
    """One setting: its dotted key, where it holds, its value, the default scenario's value, unit and source.

    `place` is "" for the whole scenario or its only practice, else "north: " or "north: from week 6: ". `baseline` is
    None where the default scenario has no such setting; `differs` tells the two apart.
    """

    key: str
    place: str
    value: object
    baseline: object
    differs: bool
    unit: str
    source: str

    @property
    def section(self) -> str:
        """Return the group it belongs to, with the place: "north: phones"."""
        return self.place + self.key.partition(".")[0]


@dataclass(frozen=True)
class Shown:
    """A resolved scenario's settings, in the order of the groups, and its interventions in the order applied."""

    scenario: Scenario
    settings: tuple[Setting, ...]
    interventions: tuple[str, ...]

    @property
    def differing(self) -> tuple[Setting, ...]:
        """Return the settings that differ from the default scenario."""
        return tuple(setting for setting in self.settings if setting.differs)


def show(*overrides: Texts, user_folder: Path | None = None) -> Shown:
    """Return the scenario that overrides describe, setting by setting; raise BadInput as `load_scenario` does."""
    return shown_of(resolve(overrides, user_folder), user_folder)


def shown_of(made: Resolved, user_folder: Path | None = None) -> Shown:
    """Return a scenario setting by setting, from what it was made from; nothing of it is composed again."""
    default = resolve((), user_folder).scenario
    baseline = _whole(default) | _of_practice(next(iter(default.practices.values())))
    found = notes(made.library, made.base)
    settings = [*_whole_settings(made, baseline, found), *_practice_settings(made, baseline, found)]
    return Shown(made.scenario, tuple(settings), made.scenario.interventions)


def assumed(shown: Shown) -> tuple[Setting, ...]:
    """Return the settings whose value is an assumption and not a published or fitted number."""
    return tuple(setting for setting in shown.settings if setting.source.startswith("assumption"))


def _whole_settings(made: Resolved, baseline: dict[str, object], found: dict[str, Note]) -> list[Setting]:
    """Return what belongs to the whole scenario: calendar, run, and the parameters of interventions."""
    values = _whole(made.scenario) | flat(made.base.tree.get(INTERVENTION) or {}, f"{INTERVENTION}.")
    return list(_settings(values, baseline, found, ""))


def _practice_settings(made: Resolved, baseline: dict[str, object], found: dict[str, Note]) -> Iterator[Setting]:
    """Return each practice's settings at the start, then what changes in later weeks; `found` has the base's notes."""
    weeks = sorted({0} | {phase.from_week for step in made.steps for phase in step.phases})
    for key in made.scenario.practices:
        versions = [version for version in made.versions if version.practice == key]
        before: dict[str, object] = {}
        for week in weeks:
            version = next(version for version in reversed(versions) if version.from_week <= week)
            values = _of_practice(made.scenario.in_force(key, week))
            changed = {name: value for name, value in values.items() if before.get(name) != value or not week}
            place = versions[0].place + (f"from week {week}: " if week else "")
            of_version = found if version.composition is made.base else notes(made.library, version.composition)
            yield from _settings(changed, baseline, _after_interventions(of_version, made, version, week), place)
            before = values


def _settings(
    values: dict[str, object], baseline: dict[str, object], found: dict[str, Note], place: str
) -> Iterator[Setting]:
    for key, value in values.items():
        said_as = key if key in found else next((above for above in _above(key) if above in found), key)
        note = found.get(said_as, Note())
        number = isinstance(value, int | float) and not isinstance(value, bool)
        source = note.source or ("" if not number else NO_SOURCE if said_as in found else LEFT_OUT)
        differs = key not in baseline or baseline[key] != value
        yield Setting(key, place, value, baseline.get(key), differs, note.unit, source)


def _above(key: str) -> Iterator[str]:
    """Yield the keys above a dotted key, the nearest first: a rota in words is said by one key, and has several."""
    while "." in key:
        key = key.rpartition(".")[0]
        yield key


def _after_interventions(composed: dict[str, Note], made: Resolved, version: Version, week: int) -> dict[str, Note]:
    """Return the notes of one practice's settings in a week; what an intervention changed names the intervention."""
    found = dict(composed)
    for label, before, after in zip(made.scenario.interventions, made.steps, made.steps[1:], strict=False):
        old = _of_practice(before.in_force(version.practice, week))
        new = _of_practice(after.in_force(version.practice, week))
        for key in new:
            if old.get(key) != new[key]:
                found[key] = Note(found.get(key, Note()).unit, f"intervention {label}")
    return found


def _whole(scenario: Scenario) -> dict[str, object]:
    return flat(scenario.model_dump(mode="json", include=set(whole_groups())))


def _of_practice(practice: Practice) -> dict[str, object]:
    """Return a practice's settings by the dotted keys that users write."""
    values = flat(practice.model_dump(mode="json"))
    return {key if key.partition(".")[0] in PRACTICE_GROUPS else f"practice.{key}": values[key] for key in values}


def show_text(told: Shown) -> str:
    """Return the settings as plain text, aligned, by section: first what differs from the default scenario."""
    same = [setting for setting in told.settings if not setting.differs]
    lines = ["Differs from the default scenario" if told.differing else "Nothing differs from the default scenario"]
    lines += _sections(told.differing)
    if told.interventions:
        lines += ["", "Interventions, in the order applied", *(f"    {shown(x)}" for x in told.interventions)]
    lines += ["", "As in the default scenario", *_sections(same)] if same else []
    return "\n".join(line.rstrip() for line in lines)


def _sections(settings: Iterable[Setting]) -> list[str]:
    lines: list[str] = []
    for section, inside in groupby(settings, key=lambda setting: setting.section):
        lines += [f"  {shown(section)}", *_table([_row(setting) for setting in inside])]
    return lines


def _row(setting: Setting) -> tuple[str, str, str, str]:
    value = _short(setting.value)
    if setting.differs and setting.baseline is not None:
        value += f" (default {_short(setting.baseline)})"
    return shown(setting.key), value, shown(setting.unit), shown(setting.source)


def _short(value: object) -> str:
    return shown(written(value), _WIDEST_VALUE)


def _table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "    " + "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
