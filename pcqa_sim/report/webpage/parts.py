"""What a page is made of: questions, each with a sentence, how sure it is, a picture and the table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pcqa_sim.report.numbers import Numbers
from pcqa_sim.scenario import Practice
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

if TYPE_CHECKING:
    from pcqa_sim.results.intraday import Morning

Cell = tuple[str, str]
"""A metric and its group."""


@dataclass(frozen=True)
class Table:
    """A table of texts; the first column names the rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A picture with its words: `alt` for those who do not see it, and a table of what is drawn."""

    caption: str
    alt: str
    svg: Markup
    table: Table


@dataclass(frozen=True)
class Question:
    """One question, answered: `leading` is the measure whose certainty is told, and whose change is.

    `settings` are the beginnings of the keys of the settings that it rests on most.
    """

    title: str
    sentence: str
    leading: Cell
    pictures: tuple[Picture, ...] = ()
    settings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """One scenario's results for a practice: what it is called, its numbers and its days minute by minute."""

    name: str
    numbers: Numbers
    day: Morning | None = None


@dataclass(frozen=True)
class View:
    """What questions are answered from: a practice, as it is and with each change.

    Of a network, `practice` is the first of its practices, which names roles, and `people` are those of all.
    """

    practice: Practice
    people: int
    sides: tuple[Side, ...]
    changes: Mapping[str, Mapping[Cell, Mapping[Any, Any]]] = field(default_factory=dict)

    @property
    def n(self) -> Numbers:
        """Return the numbers of the practice as it is."""
        return self.sides[0].numbers

    def intervals(self, cell: Cell) -> list[ConfidenceInterval | None]:
        """Return a measure on every side, None where there was nothing to measure."""
        return [side.numbers.interval(*cell) for side in self.sides]


def in_words(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
