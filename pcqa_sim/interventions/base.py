"""What every intervention is: a change of the scenario's settings, from a week on, for some or all practices."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Self

from pydantic import Field

from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.fields import MOST_WEEKS, Count, Key, Settings


class Intervention(Settings):
    """A change a team could try; nothing in the model ever asks whether an intervention is on."""

    kind: str
    aims: ClassVar[tuple[str, ...]] = ()
    """What it is for: metrics, "name" or "name[group]"; where none are named, those of the settings it changes."""
    from_week: Count = Field(
        default=0, le=MOST_WEEKS, description="week of the run, counted from 0, from which it holds"
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
        return scenario.changed(self.change, self.from_week, self.only, interventions=applied)

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
    """Return what an intervention changed, one line a setting: "practice phones.lines: 60 -> 62 from week 4"."""
    lines = []
    for key in before.practices:
        weeks = sorted({0} | {phase.from_week for phase in (*before.phases, *after.phases)})
        seen: dict[str, tuple[object, object]] = {}
        for week in weeks:
            old = flat(before.in_force(key, week).model_dump(mode="json"))
            new = flat(after.in_force(key, week).model_dump(mode="json"))
            for name in sorted(old.keys() | new.keys()):
                pair = (old.get(name), new.get(name))
                if pair[0] != pair[1] and seen.get(name) != pair:
                    seen[name] = pair
                    since = f" from week {week}" if week else ""
                    lines.append(f"{key} {name}: {_read(pair[0])} -> {_read(pair[1])}{since}")
    return lines


def _read(value: object) -> object:
    """Return a setting as people write it: 0.58, not 0.5800000000000001."""
    return round(value, 10) if isinstance(value, float) else value


def flat(tree: dict[str, Any], prefix: str = "") -> dict[str, object]:
    """Return a nested dictionary as dotted keys; lists stay whole."""
    settings: dict[str, object] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            settings |= flat(value, f"{prefix}{name}.")
        else:
            settings[f"{prefix}{name}"] = value
    return settings
