"""A setting that a study varies, `phones.lines=3..12`: which values it takes, and the scenario at each of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcqa_sim.configuration.building import Resolved, resolve, user_library
from pcqa_sim.configuration.folders import INTERVENTION
from pcqa_sim.configuration.overrides import unknown_key
from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.configuration.sweeping import Composer
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.interventions.adjust import ADJUST, aimed_at
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import Node, shapes_of
from pcqa_sim.values.faults import BadInput, Fault, nearest, nearest_key
from pcqa_sim.values.renamed import new_key

MOST_VALUES = 1000
_STEPS = 10
_FORM = "a range is written KEY=LOWEST..HIGHEST or KEY=LOWEST..HIGHEST:STEP, for example phones.lines=3..12"
_TEXT = re.compile(r"^\s*([^=\s]+)\s*=\s*(\S+?)\s*\.\.\s*([^:\s]+)\s*(?::\s*(\S+))?\s*$")
_NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Range:
    """A numeric setting and the bounds within which a study may move it; both ends belong to it."""

    key: str
    low: float
    high: float
    whole: bool
    step: float
    words: str = ""

    @property
    def values(self) -> tuple[float, ...]:
        """Return its values in steps, both ends included; raise BadInput where they are too many to try."""
        count = round((self.high - self.low) / self.step)
        if count >= MOST_VALUES:
            rule = f"a range has at most {MOST_VALUES:,} values; give a step, as in 0..10000:100"
            raise BadInput(Fault(self.key, rule, f"{self.low:g}..{self.high:g}"))
        return (*(self.exact(self.low + at * self.step) for at in range(count)), self.high)

    @property
    def text(self) -> str:
        """Return it as it is written."""
        return f"{self.key}={self.low:g}..{self.high:g}"

    def exact(self, value: float) -> float:
        """Return a value as it is set: whole numbers whole, others without the dust of floating point."""
        return float(round(value)) if self.whole else float(f"{value:.10g}")

    def at(self, unit: float) -> float:
        """Return the value at a place of the range, 0 for the lowest and 1 for the highest."""
        return self.exact(self.low + unit * (self.high - self.low))

    def evenly(self, unit: float) -> float:
        """Return the value at a place in [0, 1), so that places spread evenly give each whole number as often."""
        if not self.whole:
            return self.at(unit)
        return min(self.high, math.floor(self.low + unit * (self.high - self.low + 1)))

    def place(self, value: float) -> float:
        """Return where in the range a value lies, 0 for the lowest and 1 for the highest."""
        return (value - self.low) / (self.high - self.low)

    def override(self, value: float) -> str:
        """Return the override that sets a value."""
        return f"{self.key}={int(value)}" if self.whole else f"{self.key}={value:.10g}"


class Varied:
    """A scenario with some settings left open: `scenario_at(values)` closes them.

    `asked` are the overrides as they were given, `added` switch on the interventions that the ranges name.
    """

    def __init__(
        self,
        asked: Sequence[str],
        ranges: Sequence[Range],
        added: Sequence[str] = (),
        user_folder: Path | None = None,
    ) -> None:
        self.asked = tuple(asked)
        self.ranges = tuple(ranges)
        self.added = tuple(added)
        self._composer = Composer((*asked, *added), user_library(user_folder))

    def overrides_at(self, values: Sequence[float]) -> tuple[str, ...]:
        """Return the overrides of the scenario at some values, one for each range."""
        set_to = [one.override(value) for one, value in zip(self.ranges, values, strict=True)]
        return (*self.asked, *self.added, *set_to)

    def scenario_at(self, values: Sequence[float]) -> Scenario:
        """Return the scenario at some values, one for each range."""
        return self._composer.scenario([one.override(value) for one, value in zip(self.ranges, values, strict=True)])


def read_ranges(texts: Iterable[str], overrides: Sequence[str], user_folder: Path | None = None) -> Varied:
    """Return the settings to be varied; an intervention that is named and not yet on is switched on.

    Raises BadInput for a key that is not a number, a range that is reversed or runs outside what the setting may be.
    """
    base = resolve(overrides, user_folder)
    ranges: list[Range] = []
    faults: list[Fault] = []
    added: list[str] = []
    for text in texts:
        try:
            more = _switched_on(text, base, added)
            made = resolve([*overrides, [*added, *more]], user_folder) if added or more else base
            one = _read(text, made)
            if one.key in [known.key for known in ranges]:
                raise BadInput(Fault(one.key, "is varied twice"))
            ranges.append(one)
            added += more
        except BadInput as bad:
            faults += bad.faults
    if faults:
        raise BadInput(faults)
    varied = Varied(overrides, ranges, added, user_folder)
    _try_ends(varied)
    return varied


def _switched_on(text: str, base: Resolved, added: Sequence[str]) -> list[str]:
    """Return the override that switches on the intervention a range names, if it is off; refuse an unknown one."""
    key = text.partition("=")[0].strip()
    parts = key.split(".")
    if parts[0] != INTERVENTION or len(parts) < 2:
        return []
    known = base.library.options(INTERVENTION)
    if parts[1] not in known:
        near = nearest(parts[1], known)
        rule = f"is not an intervention; known: {', '.join(known)}"
        raise BadInput(Fault(f"{INTERVENTION}.{parts[1]}", rule, "", f"{INTERVENTION}.{near}" if near else ""))
    on = f"+{INTERVENTION}={parts[1]}"
    return [] if parts[1] in (base.base.tree.get(INTERVENTION) or {}) or on in added else [on]


def _read(text: str, made: Resolved) -> Range:
    found = _TEXT.match(text)
    if found is None:
        key, _, value = text.partition("=")
        raise BadInput(Fault(written(key.strip()) or "--vary", _FORM, value))
    key, shown = found[1], text.partition("=")[2].strip()
    node = _number_at(key, shown, made)
    whole = node["type"] == "integer"
    low, high = (_end(key, end, shown, whole) for end in (found[2], found[3]))
    if low > high:
        raise BadInput(Fault(key, "a range runs from the lower end to the higher", shown, f"{high:g}..{low:g}"))
    if low == high:
        raise BadInput(Fault(key, "a range needs two different ends", shown))
    step = _end(key, found[4], shown, whole) if found[4] else 1.0 if whole else (high - low) / _STEPS
    _check_step(key, low, high, step, shown)
    return Range(key, low, high, whole, step, str(node.get("description", "")))


def _end(key: str, text: str, shown: str, whole: bool) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadInput(Fault(key, _FORM, shown)) from None
    if not math.isfinite(value):
        raise BadInput(Fault(key, "the ends of a range are finite numbers", shown))
    if whole and not value.is_integer():
        raise BadInput(Fault(key, "takes whole numbers", shown))
    return value


def _check_step(key: str, low: float, high: float, step: float, shown: str) -> None:
    if step <= 0:
        raise BadInput(Fault(key, "the step of a range is above 0", shown))
    steps = (high - low) / step
    if abs(steps - round(steps)) > 1e-6:
        raise BadInput(Fault(key, "the steps of a range lead from one end to the other", shown))


def _number_at(key: str, shown: str, made: Resolved) -> Node:
    """Return the schema of the number at a key; raise BadInput for a key that is none, with the nearest that is."""
    path = key.split(".")
    if path[0] == "run":
        raise BadInput(Fault(key, "belongs to how long and how often is simulated, and cannot be varied", shown))
    shapes, inside, under, tree = root_shapes(), path, "", made.base.tree
    if path[0] == INTERVENTION and len(path) > 1:
        settings: Any = (made.base.tree.get(INTERVENTION) or {}).get(path[1]) or {}
        if (verb_and_key := aimed_at(settings, path[2:])) is not None:
            return _number_adjusted(shown, made, *verb_and_key)
        shapes, inside, under = shapes_of(INTERVENTIONS[settings["kind"]]), path[2:], f"{INTERVENTION}.{path[1]}."
        if settings["kind"] == ADJUST and inside and inside[0] not in settings:
            unknown = Fault(key, "is not a setting", shown, nearest_key(inside[0], settings, under))
            raise BadInput(unknown_key(key, shown, made.library) if new_key(key) else unknown)
        tree = settings
    numbers = [node for node in shapes.at(inside) if node.get("type") in _NUMBERS] if inside else []
    if numbers and shapes.knows(inside, tree):
        return numbers[0]
    if inside and shapes.at(inside):
        raise BadInput(Fault(key, "is not a number, and only numbers can be varied", shown))
    if under and not new_key(key):
        raise BadInput(Fault(key, "is not a setting", shown, nearest_key(".".join(inside), shapes.keys(), under)))
    raise BadInput(unknown_key(key, shown, made.library))


def _number_adjusted(shown: str, made: Resolved, verb: str, setting: str) -> Node:
    """Return what a number may be that is added to a setting, multiplies it or takes its place."""
    return {"type": "number"} if verb == "times" else _number_at(setting, shown, made) | {"description": ""}


def _try_ends(varied: Varied) -> None:
    """Compose the scenario at both ends of each range, so that a value that is not allowed is told before any run."""
    faults: list[Fault] = []
    middle = [one.low for one in varied.ranges]
    for at, one in enumerate(varied.ranges):
        for end in (one.low, one.high):
            values = [*middle[:at], end, *middle[at + 1 :]]
            try:
                varied.scenario_at(values)
            except BadInput as bad:
                faults += bad.faults
    if faults:
        raise BadInput(dict.fromkeys(faults))
