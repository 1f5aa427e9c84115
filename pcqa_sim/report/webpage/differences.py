"""What a change does: paired differences in the measures that were declared, harms first, as a question of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pcqa_sim.report.changetable import change, is_clear, signed, value
from pcqa_sim.report.comparison import Compared
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.parts import Picture, Question, Table, View
from pcqa_sim.report.webpage.wording import verdict
from pcqa_sim.results.metrics.themes import REST, SAFETY
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

Rows = list[tuple[str, Mapping[Any, Any]]]
_WHOLE, _TENTH = 0.95, 0.095  # per cent from which a difference is said without decimals, or with one


def differences(view: View, found: Mapping[str, Compared], key: str) -> Iterator[Question]:
    """Yield a question for each change: what it changes, and what differs for it."""
    for number, ((name, rows), one) in enumerate(zip(view.changes.items(), found.values(), strict=True)):
        known = _known(rows, one)
        if known:
            differs = any(not _same(row) for _, row in known)
            pictures = (_relative(known, f"{key}c{number}"),) if differs else ()
            sentence = " ".join(one.short)
            notes = tuple(f"Changed: {line}" for line in one.changes)
            yield Question(f"What differs {name}?", sentence, ("", ""), pictures, (), notes)


def _known(rows: Mapping[Any, Mapping[Any, Any]], one: Compared) -> Rows:
    """Return the measures that are told: harms, what the change was for, and the others, each once."""
    harms, rest = (
        [(entry.words, rows[at]) for entry in entries if (at := (entry.metric, entry.group)) in rows]
        for entries in (SAFETY.entries, [entry for theme in REST for entry in theme.entries])
    )
    wanted = {(row["metric"], row["group"]) for _, row in one.wanted}
    return [*harms, *one.wanted, *(entry for entry in rest if (entry[1]["metric"], entry[1]["group"]) not in wanted)]


def _per_cent(amount: float) -> str:
    """Return a difference in per cent with its sign, small ones with decimals: "+12 %", "-0.4 %", "+0.03 %"."""
    places = 0 if abs(amount) >= _WHOLE else 1 if abs(amount) >= _TENTH else 2
    return f"{signed(amount, places)} %"


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
            drawn.append((words, [ends, None] if is_clear(row) else [None, ends], [_per_cent(ends.mean)]))
    caption = "Difference to the practice as it is, in per cent of what was before; harms first"
    alt = f"Bars to the left and right of nought: {caption}. " + "; ".join(f"{w} {s[0]}" for w, _, s in drawn) + "."
    body = tuple(
        (words, value(row, "base"), value(row, "other_mean"), change(row), verdict(row)) for words, row in known
    )
    head = ("", "before", "after", "change (likely range)", "verdict")
    return Picture(caption, alt, drawing.differences(drawn, alt, key), Table(head, body))
