"""The faults found while a scenario is put together, gathered so that all are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import ValidationError

from pcqa_sim.configuration.overrides import Override
from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.scenario.fault_wording import faults_of
from pcqa_sim.scenario.shapes import Shapes
from pcqa_sim.values.faults import BadInput, Fault


@dataclass
class Findings:
    """What was found wrong so far: in overrides (which were then left out), and in the settings that resulted."""

    overrides: list[Fault] = field(default_factory=list)
    settings: list[Fault] = field(default_factory=list)
    own: set[str] = field(default_factory=set)  # where settings are wrong by themselves, whatever others are

    def add(self, faults: Iterable[Fault], place: str = "") -> None:
        """Take in faults of settings that hold at a place; a fault of the whole scenario is not told again there."""
        told = {str(fault) for fault in self.settings}
        for fault in faults:
            placed = Fault(place + fault.where, fault.rule, fault.value, fault.nearest)
            if str(fault) not in told and str(placed) not in told:
                self.settings.append(placed)

    @contextmanager
    def catching(
        self,
        data: object,
        place: str = "",
        under: str = "",
        shapes: Shapes | None = None,
        overrides: Sequence[Override] = (),
        groups: bool = False,
    ) -> Iterator[None]:
        """Take in what a model finds wrong with `data`, and go on; values that `overrides` gave are told as typed.

        `groups` where groups are judged one by one, and not yet how they fit together.
        """
        try:
            yield
        except ValidationError as error:
            found = faults_of(error, data, shapes or root_shapes(), under, _typed(overrides))
            self.own |= {place + fault.where for fault in found} if groups else set()
            self.add(found, place)

    def stop(self, overrides: Sequence[Override] = ()) -> None:
        """Raise BadInput where anything was found.

        Where overrides were left out, faults of settings are told if another override set them, or if they stand in a
        group that nothing was left out of: the rest may come from what was left out.
        """
        faults = self.settings
        if self.overrides:
            keys = [one.key for one in overrides if one.options is None]
            left_out = {_group(fault) for fault in self.overrides}
            told = [
                fault
                for fault in self.settings
                if any(_related(fault.where, key) for key in keys)
                or (_group(fault) not in left_out and fault.where in self.own)
            ]
            faults = [*dict.fromkeys(self.overrides), *told]
        if faults:
            raise BadInput(faults)


def _typed(overrides: Iterable[Override]) -> dict[str, tuple[object, str]]:
    return {one.key: (one.value, one.typed) for one in overrides if one.options is None}


def _group(fault: Fault) -> str:
    """Return the group of settings that a fault is in: "phones" of "north: phones.lines" and of "phones/x.yaml"."""
    return fault.where.rpartition(": ")[2].partition(".")[0].partition("/")[0].removeprefix("+")


def _related(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
