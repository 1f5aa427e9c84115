"""What every intervention is: a change of the scenario's settings, from a week on, for some or all practices."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

from pydantic import Field

from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.fields import MOST_WEEKS, AtLeastOne, Count, Key, Settings
from pcqa_sim.values.saidtimes import rota_words, said_minute


class Intervention(Settings):
    """A change a team could try; nothing in the model ever asks whether an intervention is on."""

    kind: str
    aims: ClassVar[tuple[str, ...]] = ()
    """What it is for: metrics, "name" or "name[group]"; where none are named, those of the settings it changes."""
    from_week: Count = Field(
        default=0, le=MOST_WEEKS, description="week of the run, counted from 0, from which it holds"
    )
    weeks: AtLeastOne | None = Field(
        default=None, le=MOST_WEEKS, description="weeks for which it holds; null: to the end of the run"
    )
    only: tuple[Key, ...] = Field(default=(), description="practices it applies to; empty for all")

    @abstractmethod
    def change(self, practice: Practice) -> Practice:
        """Return the practice's settings with this intervention in force."""

    @classmethod
    @abstractmethod
    def zero(cls) -> Self:
        """Return this intervention at the strength at which it does nothing."""

    def apply(self, scenario: Scenario) -> Scenario:
        """Return the scenario with this intervention; its name joins the scenario's list of interventions."""
        applied = (*scenario.interventions, self.label())
        until = None if self.weeks is None else self.from_week + self.weeks
        return scenario.changed(self.change, self.from_week, self.only, until, interventions=applied)

    def roles(self) -> tuple[str, ...]:
        """Return the roles that a practice must have for this intervention."""
        return ()

    def label(self) -> str:
        """Return one line naming the intervention and its strength."""
        parts = ", ".join(f"{name}={value}" for name, value in self._strength().items())
        return f"{self.kind}({parts})"

    def _strength(self) -> dict[str, Any]:
        shown = flat(self.model_dump(mode="json", exclude={"kind"}, exclude_none=True))
        return {name: value for name, value in shown.items() if value or name not in ("only", "from_week")}


class OfRole(Intervention):
    """An intervention for one role of a practice."""

    role: Key = Field(description="which role")

    def roles(self) -> tuple[str, ...]:
        """Return the role it is for."""
        return (self.role,)


def describe(before: Scenario, after: Scenario) -> list[str]:
    """Return what an intervention changed, one line a setting: "practice phones.lines: 60 -> 62 from week 4".

    What is only for a time says until when: "from week 4 until week 8", which is as before again.
    """
    lines = [
        f"network {name}: {was} -> {now}"
        for name, was, now in _differing(before.network.model_dump(mode="json"), after.network.model_dump(mode="json"))
    ]
    lines += [f"mdt.{name}: none -> {mdt.title}" for name, mdt in after.mdt.items() if name not in before.mdt]
    for key in before.practices:
        lines += [f"{key} {told}" for told in _described(before, after, key)]
    return lines


def _described(before: Scenario, after: Scenario, key: str) -> Iterator[str]:
    """Yield what changed of one practice, a line a setting and value, as they come."""
    found: dict[tuple[str, int], tuple[object, object]] = {}  # by setting and the week since when: before and after
    until: dict[tuple[str, int], int] = {}
    now: dict[str, tuple[str, int]] = {}  # what holds
    for week in sorted({0} | {phase.from_week for phase in (*before.phases, *after.phases)}):
        old, new = (_told(flat(one.in_force(key, week).model_dump(mode="json"))) for one in (before, after))
        for name in sorted(old.keys() | new.keys()):
            pair = (old.get(name), new.get(name))
            if name in now and found[now[name]] != pair:
                until[now.pop(name)] = week
            if name not in now and pair[0] != pair[1]:
                now[name] = (name, week)
                found[name, week] = pair
    for (name, week), pair in found.items():
        since = f" from week {week}" if week else ""
        ends = until.get((name, week))
        again = (name, ends) not in found and ends is not None
        was, is_now = map(_read, pair)
        yield f"{name}: {was} -> {is_now}{since}{f' until week {ends}' if again else ''}"


def _differing(before: dict[str, object], after: dict[str, object]) -> Iterator[tuple[str, object, object]]:
    """Yield each setting that differs, with what it was and is."""
    old, new = flat(before), flat(after)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, _read(old.get(name)), _read(new.get(name))


def _read(value: object) -> object:
    """Return a setting as people write it: 0.58, not 0.5800000000000001."""
    if value is None:
        return "none"
    return round(value, 10) if isinstance(value, float) else value


def _told(settings: dict[str, object]) -> dict[str, object]:
    """Return settings with each roster of reception in one line, as people say it, and not a time a line."""
    told: dict[str, object] = {}
    rosters: dict[str, dict[int, float]] = {}
    for name, value in settings.items():
        roster, _, time = name.rpartition(".")
        if name.startswith("rota.") and time[:1].isdigit() and isinstance(value, int | float):
            rosters.setdefault(roster, {})[said_minute(time)] = value
        else:
            told[name] = _team(value) if name.startswith("role.") and name.endswith(".people") else value
    return told | {name: rota_words(steps) for name, steps in rosters.items()}


def _team(people: object) -> object:
    """Return people by name with their half days as they are written: "Dr Ahmed: mon, tue_am; Dr Brown: wed"."""
    if not isinstance(people, list | tuple) or not all(isinstance(one, dict) for one in people):
        return people
    return "; ".join(f"{one['name']}: {', '.join(_days(one['sessions']))}" for one in people)


def _days(halves: Iterable[str]) -> list[str]:
    """Return half days, morning and afternoon of one day together."""
    both = [half.partition("_") for half in halves]
    whole = {day for day, _, half in both if half == "am" and (day, "_", "pm") in both}
    named = [day if day in whole and half in ("am", "pm") else f"{day}_{half}" for day, _, half in both]
    return list(dict.fromkeys(named))


def flat(tree: dict[str, Any], prefix: str = "") -> dict[str, object]:
    """Return a nested dictionary as dotted keys; lists stay whole."""
    settings: dict[str, object] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            settings |= flat(value, f"{prefix}{name}.")
        else:
            settings[f"{prefix}{name}"] = value
    return settings
