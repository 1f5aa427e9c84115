"""A table's columns by what they mean: those on the allow-list are read, all others are dropped and named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.inputs import cellreaders as cells
from pcqa_sim.inputs import moments
from pcqa_sim.inputs.identifiers import head_shown, identifier, identifying_head, names_people
from pcqa_sim.inputs.known_layouts import Layout
from pcqa_sim.inputs.layouts import plain_name, recognised_among
from pcqa_sim.inputs.meanings import MEANINGS
from pcqa_sim.inputs.onetable import Counted, NoHeading, Table
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.inputs.vocabulary import not_its_words, out_of_order, words_of
from pcqa_sim.values.faults import BadInput, Fault

MOST_REJECTED = 0.05
"""Share of rows; where more cannot be read, a file is refused: its columns are then not what they are taken for."""
_SOME = 3


@dataclass
class Columns:
    """What was read of a file: a frame with a column a meaning, what became of its rows, which columns were dropped."""

    file: str
    layout: Layout
    frame: pd.DataFrame
    counted: Counted
    dropped: list[str] = field(default_factory=list)
    wide: list[int] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


def read_columns(
    path: Path, layouts: Sequence[Layout], salt: cells.Salt | None = None, private: bool = True, day_first: bool = False
) -> list[Columns]:
    """Return what a file holds by meaning: one for a plain file, one a sheet or a member of a zip.

    `layouts` are tried by their headings, the one told by most columns first. No text of a cell is in any message, and
    with `private` an identifier where none belongs stops the reading with its column's name. Raises BadInput.
    """
    key = salt or cells.Salt()
    found = []
    for table in tables(path, lambda head: recognised_among(head, layouts) is not None):
        layout = recognised_among(table.head, layouts)
        assert layout is not None
        found.append(_read(table, layout, key, private, day_first or layout.day_first))
    return found


def places_of(table: Table, layout: Layout) -> dict[str, int]:
    """Return the column of each meaning; raise BadInput for a heading that is there twice."""
    names = [plain_name(one) for one in table.head]
    places: dict[str, int] = {}
    for meaning, heads in layout.reads.items():
        for head in heads:
            name = plain_name(head)
            if names.count(name) > 1:
                rule = "this heading is there twice, so that the column cannot be told"
                raise BadInput(Fault(f"{table.file}, line {table.head_line}", rule, head_shown(head, 0)))
            if name in names:
                places[meaning] = names.index(name)
                break
    return places


def _read(table: Table, layout: Layout, salt: cells.Salt, private: bool, day_first: bool) -> Columns:
    places = places_of(table, layout)
    if private and _may_hold_people(layout):
        _refuse_heads(table, places)
    readers = {meaning: _reader(meaning, salt, day_first) for meaning in places}
    wide = _numbers_beside(table, layout, places)
    beside = {at: cells.Numbers(percent=True) for at in wide}
    lines: list[NDArray[np.int32]] = []
    bad: list[NDArray[np.bool_]] = []
    mended = 0
    for chunk in table.chunks():
        wrong = np.zeros(len(chunk.rows), dtype=bool)
        columns = list(zip(*chunk.rows, strict=True))
        for name, at, reader in (
            *((name, places[name], readers[name]) for name in places),
            *((table.head[at], at, beside[at]) for at in wide),
        ):
            failed = reader.add(columns[at])
            if failed:
                _stop_at_identifiers(table, at, reader, private)
                reason = f"no {_sort_words(name)} in the column {head_shown(table.head[at], at)}"
                for row in failed:
                    if not wrong[row]:
                        table.counted.reject(f"{table.file}, line {chunk.lines[row]}", reason)
                wrong[failed] = True
        mended += sum(flag for flag, gone in zip(chunk.mended, wrong, strict=True) if flag and not gone)
        lines.append(np.array(chunk.lines, dtype=np.int32))
        bad.append(wrong)
    if private and _may_hold_people(layout):
        _refuse_words(table, places, readers)
        _refuse_strangers(table, layout, places, readers)
    frame, wrong = _frame(table, layout, readers, np.concatenate(bad) if bad else np.zeros(0, bool), lines, places)
    for at in wide:
        frame[f"beside_{at}"] = beside[at].done()
    counted = table.counted
    counted.repaired = mended
    kept = frame[~wrong].reset_index(drop=True)
    if swapped := out_of_order(kept):
        first, second = (head_shown(table.head[places[one]], places[one]) for one in swapped)
        raise BadInput(Fault(table.file, f"in most rows, {first} is after {second}; are the two columns swapped?"))
    counted.imported = len(kept) - mended
    _refuse_many(table, len(kept), some=_SOME if _may_hold_people(layout) else 0)
    taken = {*places.values(), *wide}
    dropped = [head_shown(head, at) for at, head in enumerate(table.head) if at not in taken and head]
    return Columns(table.file, layout, kept, counted, dropped, wide, table.head)


def _may_hold_people(layout: Layout) -> bool:
    """Tell whether a kind of file is of a practice's own programs, and not of published counts."""
    return not layout.command.startswith("pcqa import") or layout.kind in ("tally", "appropriateness")


def _numbers_beside(table: Table, layout: Layout, places: dict[str, int]) -> list[int]:
    """Return the columns that are people by name or measures by name: of layouts whose headings are no fixed words."""
    if layout.kind not in WIDE:
        return []
    return [at for at, head in enumerate(table.head) if at not in places.values() and _is_measure(layout, head)]


def _is_measure(layout: Layout, head: str) -> bool:
    if layout.kind == "workforce":
        return plain_name(head).endswith("FTE") or "_FTE_" in plain_name(head)
    if layout.kind == "survey":
        return head.lower().endswith(".pcteval")
    if layout.kind == "days_by_staff":
        return plain_name(head) not in ("DAY", "")
    return plain_name(head) not in ("WAIT_TIME_SERIES_BREAK", "REVISED_AFTER_PUBLICATION", "OUTCOME_SUM_VS_INBOUND", "")


WIDE = ("workforce", "survey", "days_by_staff", "england")
"""Kinds of file with a column a measure."""


def _reader(meaning: str, salt: cells.Salt, day_first: bool) -> cells.Cells:
    sort = MEANINGS[meaning].sort
    if sort == "moment":
        return moments.Moments(day_first)
    if sort == "person":
        return cells.People(salt)
    plain: dict[str, cells.Cells] = {
        "clock": moments.Clocks(),
        "seconds": cells.Numbers(seconds=True, most=86_400 * 7),
        "number": cells.Numbers(),
        "yes": cells.Yes(),
    }
    return plain.get(sort) or cells.Words()


def _sort_words(meaning: str) -> str:
    sorts = {
        "moment": "date",
        "clock": "time of day",
        "seconds": "length of time",
        "number": "number",
        "yes": "yes or no",
    }
    return sorts.get(MEANINGS[meaning].sort if meaning in MEANINGS else "number", "word")


def _refuse_heads(table: Table, places: dict[str, int]) -> None:
    """Raise BadInput where a column whose name says that it tells who somebody is was mapped as something else."""
    for meaning, at in places.items():
        said = identifying_head(table.head[at])
        if said and MEANINGS[meaning].sort != "person":
            raise _stopped(table, at, said, meaning)


def _stopped(table: Table, at: int, said: str, meaning: str) -> BadInput:
    rule = (
        f"seems to hold a {said}, where {MEANINGS[meaning].words if meaning in MEANINGS else 'a number'} is expected; "
    )
    rule += "nothing was read. Leave the column out, or map it as person"
    return BadInput(Fault(f"{table.file}, column {head_shown(table.head[at], at)}", rule))


def _stop_at_identifiers(table: Table, at: int, reader: cells.Cells, private: bool) -> None:
    """Raise BadInput where what could not be read tells who somebody is."""
    if not private:
        return
    for text in reader.unread:
        said = identifier(text)
        if said and not (said.startswith("date") and isinstance(reader, moments.Moments)):
            raise _stopped(table, at, said, "")
        if said and isinstance(reader, moments.Moments) and moments.of_last_century(text):
            raise _stopped(table, at, "birth date", "")
    reader.unread.clear()


def _refuse_words(table: Table, places: dict[str, int], readers: dict[str, cells.Cells]) -> None:
    """Raise BadInput where a column of words holds identifiers, or is no vocabulary."""
    for meaning, at in places.items():
        reader = readers[meaning]
        if not isinstance(reader, cells.Words):
            continue
        if reader.too_many:
            raise _stopped(table, at, "text of one's own words", meaning)
        for text in reader.words:
            if said := identifier(text):
                raise _stopped(table, at, said, meaning)
        if names_people(reader.words):
            raise _stopped(table, at, "name", meaning)


def _refuse_strangers(table: Table, layout: Layout, places: dict[str, int], readers: dict[str, cells.Cells]) -> None:
    """Raise BadInput where a column has none of the words that its meaning has."""
    for meaning, at in places.items():
        reader = readers[meaning]
        if meaning == "ending" and "answered" in places:
            continue  # the time says who was answered
        if isinstance(reader, cells.Words) and (rule := not_its_words(meaning, reader, layout.words.get(meaning))):
            raise BadInput(Fault(f"{table.file}, column {head_shown(table.head[at], at)}", rule))


def _frame(
    table: Table,
    layout: Layout,
    readers: dict[str, cells.Cells],
    wrong: NDArray[np.bool_],
    lines: Sequence[NDArray[np.int32]],
    places: dict[str, int],
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    data: dict[str, object] = {}
    for meaning, reader in readers.items():
        if isinstance(reader, moments.Moments):
            if reader.ambiguous:
                where = f"{table.file}, column {head_shown(table.head[places[meaning]], places[meaning])}"
                rule = "day and month of its dates cannot be told apart; say that the day is first with --day-first"
                raise BadInput(Fault(where, rule))
            seconds, odd = reader.resolved()
            for row in np.flatnonzero(odd & ~wrong):
                line = int(np.concatenate(lines)[row])
                table.counted.reject(f"{table.file}, line {line}", f"no date with the day first in {meaning}")
            wrong = wrong | odd
            data[meaning] = seconds
        elif isinstance(reader, cells.Words):
            data[meaning] = words_of(reader, layout.words.get(meaning))
        else:
            data[meaning] = reader.done()
    return pd.DataFrame(data, index=range(len(wrong))), wrong


def _refuse_many(table: Table, kept: int, some: int) -> None:
    """Raise BadInput where too many rows could not be read (beyond `some`), or none could.

    Of published files none is beyond: their rows are counts, and a short one may hold most of a practice's.
    """
    counted = table.counted
    odd = counted.rejected - sum(1 for one in counted.reasons if one.rule == "a row of totals")
    if kept and (odd <= some or odd <= MOST_REJECTED * counted.read):
        return
    if counted.read == 0:
        raise BadInput(Fault(table.file, "nothing below the heading"))
    more = [Fault(table.file, f"{counted.rejected:,} of {counted.read:,} rows cannot be read; nothing was taken")]
    raise BadInput([*counted.reasons, *more])


def account(read: Iterable[Columns]) -> list[str]:
    """Return in sentences what became of rows and columns."""
    lines = []
    for one in read:
        counted = one.counted
        text = f"{one.file}: {one.layout.name}; {counted.read:,} rows: {counted.imported:,} read"
        text += f", {counted.repaired:,} mended" if counted.repaired else ""
        text += f", {counted.rejected:,} left out" if counted.rejected else ""
        lines.append(text + ".")
        lines += [f"  left out: {fault}" for fault in counted.reasons]
        if one.dropped:
            lines.append(f"  columns not used, and not kept: {', '.join(one.dropped[:40])}.")
    return lines


def no_heading(bad: BadInput) -> bool:
    """Tell whether a file was refused only because its heading is not known."""
    return all(isinstance(one, NoHeading) for one in bad.faults)
