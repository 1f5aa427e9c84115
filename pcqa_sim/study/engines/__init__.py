"""Engines: where the units of a study are done. Each takes tasks and yields one receipt for each, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pcqa_sim.study.task import Receipt, Task


class Engine(Protocol):
    """Something that does units somewhere.

    A killed worker does not end it: the unit is done again (the same bytes), and after a few times given up with a
    receipt that says so. Raises BadInput before the first unit where its workers cannot do the study's units, and
    EngineLost when no worker can be reached any more.
    """

    def describe(self) -> str:
        """Return in a few words where units are done: "2 processes here"."""

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Do the tasks and yield a receipt for each; when the iterator is closed, whatever is under way is ended."""


class Deferred(Exception):
    """The units asked for are to be done elsewhere and later: `units` of them, by `parts` jobs of a script."""

    def __init__(self, units: int, parts: int, script: Path) -> None:
        super().__init__(f"{units:,} units are to be done by {script}")
        self.units = units
        self.parts = parts
        self.script = script


class EngineLost(RuntimeError):
    """The engine stopped answering before all units were done; what was done stays in the store."""
