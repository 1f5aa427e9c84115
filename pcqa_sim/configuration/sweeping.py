"""Sweeps: overrides with several values, in Hydra's sweep syntax, into the scenarios they describe.

Hydra reads the overrides, but its launcher is not used. It composes once for each combination of options; scenarios
that differ only in numbers and words are made from the composed settings, a hundred times faster.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pcqa_sim.configuration.building import assembled, user_library
from pcqa_sim.configuration.composing import Composition, compose
from pcqa_sim.configuration.compositions import Compositions
from pcqa_sim.configuration.folders import Library
from pcqa_sim.configuration.overrides import TWICE, Override, parsed_override, read_overrides, without_commas
from pcqa_sim.configuration.userfiles import look_through, warn_of_unneeded
from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_SCENARIOS

_NOT_VARIED = {
    "run.seed": "is the same at all points: the same luck; choose it with --seed",
    "run.replications": "is the same at all points; choose it with --reps",
}
_SIGNIFICANT = 12
_UNTHINKABLE = 1e100


@dataclass(frozen=True)
class Axis:
    """One override with several values: its key, and the values as they are written in an override."""

    key: str
    values: Sequence[str]
    adds: bool = False

    def text(self, value: str) -> str:
        """Return the override of one value."""
        return f"{'+' if self.adds else ''}{self.key}={value}"


@dataclass(frozen=True)
class Sweep:
    """The overrides that are the same everywhere, and the axes that span the points."""

    fixed: tuple[str, ...]
    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        """Return the number of combinations."""
        return math.prod(len(axis.values) for axis in self.axes)

    def points(self) -> Iterator[dict[str, str]]:
        """Yield the value of each axis at each point, the last axis changing fastest."""
        yield from _combined(self.axes)


def _combined(axes: Sequence[Axis]) -> Iterator[dict[str, str]]:
    """Yield every combination without writing out an axis, as itertools.product does: it may be long."""
    if not axes:
        yield {}
        return
    first, *rest = axes
    for value in first.values:
        yield from ({first.key: value} | others for others in _combined(rest))


def read_sweep(texts: Iterable[str]) -> Sweep:
    """Return the sweep that overrides describe; nothing is composed, and long ranges are not written out.

    Raises BadInput for what cannot be swept: interval(), shuffle(), glob(), a key given twice, seed and replications.
    """
    fixed: list[str] = []
    axes: list[Axis] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            axis = _axis(text)
            axes += [] if axis is None else [axis]
            fixed += [text] if axis is None else []
        except BadInput as bad:
            faults += bad.faults
    keys = [axis.key for axis in axes] + [text.partition("=")[0].strip() for text in fixed]
    varied = [axis.key for axis in axes]
    rules = {key: "is given twice; write all its values in one" if key in varied else TWICE for key in keys}
    faults += [Fault(key, rules[key]) for key in rules if keys.count(key) > 1 and not key.startswith("+")]
    if faults:
        raise BadInput(faults)
    return Sweep(tuple(fixed), tuple(axes))


def not_varied(key: str) -> Fault | None:
    """Return why a key cannot differ between the points of a sweep, or None where it can."""
    return Fault(key, _NOT_VARIED[key]) if key in _NOT_VARIED else None


def _axis(text: str) -> Axis | None:
    """Return the axis of an override with several values, None for an override with one."""
    from hydra.core.override_parser.types import ChoiceSweep, RangeSweep

    override = parsed_override(text)
    if not override.is_sweep_override():
        return None
    key, value = str(override.key_or_group), override.value()
    if fault := not_varied(key):
        raise BadInput(fault)
    typed = text.partition("=")[2]
    if (number := without_commas(typed)) and re.search(r",0\d", typed):  # 10,000 and not 100,200
        raise BadInput(Fault(key, f"a number is written without commas: {number}", typed))
    if isinstance(value, RangeSweep) and not value.shuffle:
        return Axis(key, Range.of(value, key, typed))
    if isinstance(value, ChoiceSweep) and not value.shuffle:
        values = [str(one) for one in override.sweep_string_iterator()]
        if twice := _listed_twice(values):
            raise BadInput(Fault(key, "is listed twice", twice))
        return Axis(key, values, override.is_add())
    rule = "interval(), shuffle() and glob() are not read here; list values, write range(a,b), or use --vary"
    raise BadInput(Fault(key, rule, text.partition("=")[2]))


def _listed_twice(values: Sequence[str]) -> str:
    """Return the first value that is listed a second time, also in another writing of the number; "" for none."""
    before: set[object] = set()
    for value in values:
        same = _meant(value)
        if same in before:
            return value
        before.add(same)
    return ""


def _meant(value: str) -> object:
    """Return the number that a text is, else the text."""
    try:
        return float(value)
    except ValueError:
        return value


@dataclass(frozen=True)
class Range(Sequence[str]):
    """The values of range(start, stop, step), which leaves out stop; floats are rounded to what was meant."""

    start: float
    step: float
    many: int

    @classmethod
    def of(cls, value: Any, key: str, typed: str) -> Range:
        """Return the range of Hydra's RangeSweep; `typed` is what was written."""
        start, stop, step = value.start, value.stop, value.step
        if not all(abs(one) < _UNTHINKABLE for one in (start, stop, step)):
            raise BadInput(Fault(key, "the ends and the step of a range are finite numbers, below 1e100", typed))
        steps = round((stop - start) / step, 9) if step else 0.0
        if steps > MOST_SCENARIOS:
            raise BadInput(Fault(key, f"a range has at most {MOST_SCENARIOS:,} values; give a longer step", typed))
        many = math.ceil(steps)
        if many < 1:
            near = f"range({min(start, stop):g},{max(stop, start + 1):g})"
            rule = f"is empty: range(a,b) counts from a up to b and leaves b out, as in {near}"
            raise BadInput(Fault(key, rule, typed))
        return cls(start, step, many)

    def __len__(self) -> int:
        return self.many

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(self.many))]
        if not -self.many <= at < self.many:
            raise IndexError(at)
        value = self.start + self.step * (at % self.many)
        return str(value) if isinstance(value, int) else repr(float(f"{value:.{_SIGNIFICANT}g}"))


@dataclass
class Composer:
    """Makes scenarios from the same fixed overrides and differing ones.

    What Hydra composed for a combination of options is kept, and numbers and words are laid into it.
    """

    fixed: Sequence[str]
    library: Library = field(default_factory=user_library)
    _kept: dict[tuple[str, ...], Composition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        look_through(self.library)
        warn_of_unneeded(self.library)

    def scenario(self, texts: Sequence[str]) -> Scenario:
        """Return the scenario of the fixed overrides and these; raise BadInput naming every fault."""
        # Each is a list of its own: whoever gave the fixed ones has been told of keys given twice.
        overrides, faults = read_overrides([[one] for one in (*self.fixed, *texts)], self.library)
        if faults:
            raise BadInput(faults)
        quick = self._quick(overrides)
        if quick is not None:
            return assembled(Compositions(self.library), quick, overrides).scenario
        base, unknown = compose(self.library, overrides)
        if not unknown:
            self._kept[_pattern(overrides)] = base
        return assembled(Compositions(self.library), base, overrides, unknown).scenario

    def _quick(self, overrides: Sequence[Override]) -> Composition | None:
        """Return settings with these overrides laid into what was composed before, None where that is not simple."""
        kept = self._kept.get(_pattern(overrides))
        if kept is None:
            return None
        pairs = zip(overrides, kept.overrides, strict=True)
        changed = [one for one, was in pairs if repr(one.value) != repr(was.value)]
        tree = copy.deepcopy(kept.tree)
        for one in changed:
            if not _lay(tree, one.path, one.value):
                return None
        return replace(kept, tree=tree, overrides=tuple(overrides))


def _pattern(overrides: Sequence[Override]) -> tuple[str, ...]:
    """Return what two lists of overrides must share for one composition to serve both: options, and keys set."""
    return tuple(one.text if one.options is not None else one.key for one in overrides)


def _lay(tree: dict[str, Any], path: Sequence[str], value: object) -> bool:
    """Put a number or a word in the place of another; return False where either is anything else."""
    here: Any = tree
    for part in path[:-1]:
        if not isinstance(here, dict) or part not in here:
            return False
        here = here[part]
    simple = (int, float, str, bool)
    if not isinstance(here, dict) or not isinstance(here.get(path[-1]), simple) or not isinstance(value, simple):
        return False
    here[path[-1]] = value
    return True


def label(values: Mapping[str, str]) -> str:
    """Return a point's values as a person would type them."""
    return " ".join(f"{key}={written(value)}" for key, value in values.items())


def fingerprinted_folders() -> dict[str, Path | None]:
    """Return the folders whose files compose scenarios."""
    library = user_library()
    return {"shipped": library.shipped, "own": library.own}
