"""What a change does: paired differences in the measures that were declared, harms first, as a question of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pcqa_sim.report.changetable import change, is_clear, signed, value
from pcqa_sim.report.comparison import Compared
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.parts import Picture, Question, Table, View
from pcqa_sim.report.webpage.wording import verdict
from pcqa_sim.results.metrics.themes import THEMES
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

Rows = list[tuple[str, Mapping[Any, Any]]]


def differences(view: View, found: Mapping[str, Compared], key: str) -> Iterator[Question]:
    """Yield a question for each change: what it changes, and what differs for it."""
    for number, ((name, rows), one) in enumerate(zip(view.changes.items(), found.values(), strict=True)):
        known = [
            (entry.words, rows[entry.metric, entry.group])
            for theme in THEMES
            for entry in theme.entries
            if (entry.metric, entry.group) in rows
        ]
        if known:
            differs = any(not _same(row) for _, row in known)
            pictures = (_relative(known, f"{key}c{number}"),) if differs else ()
            sentence = " ".join(one.short)
            notes = tuple(f"Changed: {line}" for line in one.changes)
            yield Question(f"What differs {name}?", sentence, ("", ""), pictures, (), notes)


def _of(row: Mapping[Any, Any], end: str) -> float:
    return 100 * float(row[end]) / abs(float(row["base"]))


def _same(row: Mapping[Any, Any]) -> bool:
    return bool(row["low"] == row["high"] == 0)


def _relative(known: Rows, key: str) -> Picture:
    """Return differences as a share of what was before, harms first; the table has them in their own units."""
    drawn: list[drawing.Row] = []
    for words, row in known:
        if row["base"] and not _same(row):
            ends = ConfidenceInterval(_of(row, "difference"), _of(row, "low"), _of(row, "high"), 2)
            drawn.append((words, [ends, None] if is_clear(row) else [None, ends], [f"{signed(ends.mean, 0)} %"]))
    caption = "Difference to the practice as it is, in per cent of what was before; harms first"
    alt = f"Bars to the left and right of nought: {caption}. " + "; ".join(f"{w} {s[0]}" for w, _, s in drawn) + "."
    body = tuple(
        (words, value(row, "base"), value(row, "other_mean"), change(row), verdict(row)) for words, row in known
    )
    head = ("", "before", "after", "change (likely range)", "verdict")
    return Picture(caption, alt, drawing.differences(drawn, alt, key), Table(head, body))
