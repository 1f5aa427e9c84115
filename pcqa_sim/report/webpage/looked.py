"""What a practice's own data say, in sentences for a terminal and as a page with bars and XmR charts by week."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from pcqa_sim.inputs.looking import Looked, Shown
from pcqa_sim.report.console import wrapped
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.building import Answered, Chapter, Page
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.report.webpage.weeks import HOW, Weekly, page_of_weeks, said
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.outside import shown

MOST_FIRST = 6
FIRST = (
    "Calls by weekday",
    "Calls by half hour",
    "How calls ended",
    "Repeat calls",
    "Appointments by weekday",
    "What became of slots",
)
"""What a manager asks of such files first; the others follow as they come."""
KEPT_BACK = "Counts of a few people are kept back (few), and with them what would give them away."


def text_of_look(found: Looked) -> list[str]:
    """Return what the data say, wrapped for a terminal."""
    lines: list[str] = []
    for one in found.shown:
        lines += [one.title, *(wrapped([one.sentence]) if one.sentence else []), *_table(one), ""]
    for weekly in weeks_of(found):
        lines += [weekly.name, *wrapped(said(weekly)), ""]
    if found.counts:
        lines.append("To hold a model to (pcqa look ... --into NAME):")
        lines += [f"  {key}: {value:g}  # {source}" for key, (value, source) in found.counts.items()]
    return [*lines, "", KEPT_BACK]


def _table(one: Shown) -> list[str]:
    if not one.rows:
        return []
    wide = [max(len(row[at]) for row in (one.head, *one.rows)) for at in range(len(one.head))]
    rows = [one.head, *one.rows]
    return [
        "  "
        + "  ".join(
            [row[0].ljust(wide[0]), *(cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]


def weeks_of(found: Looked) -> list[Weekly]:
    """Return measures by week, those of three whole weeks or more."""
    return [
        Weekly(f"{name.capitalize()} by week", tuple(values), tuple(values.values()), share=name.startswith("share"))
        for name, values in found.weeks.items()
        if len(values) >= 3
    ]


def page_of_look(title: str, found: Looked, command: str) -> Page:
    """Return the page: a question for each thing the data say, and the charts by week."""
    asked = [_asked(number, one) for number, one in enumerate(found.shown)]
    weekly = page_of_weeks("", weeks_of(found), command) if weeks_of(found) else None
    notes = [KEPT_BACK, *([HOW] if weekly else [])]
    if weekly:
        asked += weekly.chapters[0].questions
    first = tuple(one.sentence for one in _in_order(found.shown) if any(map(str.isdigit, one.sentence)))[:MOST_FIRST]
    chapter = Chapter(shown(title), first, tuple(notes), tuple(asked))
    return Page(shown(title), "Nothing is simulated here", (chapter,), (), (("What was asked", command),), "")


def _in_order(every: Sequence[Shown]) -> list[Shown]:
    return sorted(every, key=lambda one: FIRST.index(one.title) if one.title in FIRST else len(FIRST))


def _asked(number: int, one: Shown) -> Answered:
    pictures: tuple[Picture, ...] = ()
    if one.rows:
        table = Table(one.head, one.rows)
        alt = f"{one.title}: " + "; ".join(f"{row[0]} {row[1]}" for row in one.rows[:12])
        values = one.bars if any(one.bars) else ()
        bars = (
            [
                (row[0], (ConfidenceInterval(value, math.nan, math.nan, 1),), (row[1],))
                for row, value in zip(one.rows, values, strict=True)
            ]
            if values
            else []
        )
        svg = drawing.bars(bars, ("",), alt, f"look-{number}") if bars else Markup()
        pictures = (Picture(one.head[1].capitalize() if bars else "In numbers", alt, svg, table),)
    return Answered(f"l{number}", Question(one.title, one.sentence, ("", ""), pictures), "", (), "", ())
