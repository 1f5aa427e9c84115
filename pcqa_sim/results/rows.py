"""The rows of one practice in a log, event by event, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pcqa_sim.results.columns import Which, Words
from pcqa_sim.values.arrow import numbers, plain, texts

Column = TypeVar("Column", NDArray[Any], Words)
MOST_CONTACTS = 1000  # of one need; a log with more of one is refused
_NUMBERS = {"time": np.float64, "person": np.int32, "need": np.int64, "contact": np.int64, "amount": np.float64}


@dataclass(frozen=True)
class Rows:
    """Rows of one event: time in minutes, need, contact, who, code, amount, and `key` = need x 1000 + contact."""

    time: NDArray[np.float64]
    person: NDArray[np.int32]
    need: NDArray[np.int64]
    contact: NDArray[np.int64]
    who: Words
    code: Words
    amount: NDArray[np.float64]

    @cached_property
    def key(self) -> NDArray[np.int64]:
        """Return a number for each row's contact."""
        return self.need * MOST_CONTACTS + self.contact

    def where(self, which: Which) -> Rows:
        """Return the rows for which `which` holds, or those at some places."""
        at = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return Rows(*(getattr(self, column.name)[at] for column in fields(self)))

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def together(cls, parts: Sequence[Rows]) -> Rows:
        """Return the rows of several events of one log as one, event after event."""
        columns = {one.name: [getattr(rows, one.name) for rows in parts] for one in fields(cls)}
        return cls(**{name: _joined(part) for name, part in columns.items()})


def _joined(parts: Sequence[Any]) -> Any:
    """Return columns one after the other."""
    if isinstance(parts[0], Words):
        return Words.joined(*parts)
    return np.concatenate(parts)


class LogRows:
    """One practice's rows of a log, sorted by event; rows of one event stay in the order in which they were written."""

    def __init__(self, table: pa.Table, practice: str) -> None:
        table = _of_practice(table, practice)
        names = {"time": "time_min"}
        self._plain = {name: plain(table.column(names.get(name, name))) for name in _NUMBERS}
        if len(table) and (most := int(self._plain["contact"].max())) >= MOST_CONTACTS:
            raise ValueError(f"a need has more than {most} contacts: only {MOST_CONTACTS} of one can be told apart")
        events, self._who, self._code = (_column(table, name) for name in ("event", "who", "code"))
        self._order = np.argsort(events.codes, kind="stable")
        counts = np.bincount(events.codes, minlength=len(events.words))
        bounds = [0, *np.cumsum(counts).tolist()]
        self._span = {word: slice(bounds[at], bounds[at + 1]) for at, word in enumerate(events.words)}

    @cached_property
    def every(self) -> Rows:
        """Return every row, event after event."""
        order = self._order
        columns = {name: self._plain[name][order].astype(dtype, copy=False) for name, dtype in _NUMBERS.items()}
        return Rows(**columns, who=self._who[order], code=self._code[order])

    def of(self, event: str) -> Rows:
        """Return the rows of one event."""
        return Rows(*(self.part(getattr(self.every, column.name), event) for column in fields(Rows)))

    def part(self, column: Column, event: str) -> Column:
        """Return the rows of one event of a column that has a value for each of `every`."""
        return column[self._span.get(event, slice(0, 0))]

    def places(self, event: str) -> NDArray[np.int64]:
        """Return where in the practice's log the rows of one event stand."""
        return self.part(self._order, event)

    def in_order_of_time(self, column: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a column that has a value for each of `every` for the rows `about_needs`."""
        plain = np.empty_like(column)
        plain[self._order] = column
        found: NDArray[np.int64] = plain[self._plain["need"] >= 0]
        return found

    def kept_about_needs(self, but: Sequence[str]) -> NDArray[np.bool_]:
        """Tell of each of the rows `about_needs` whether it is of none of some events."""
        kept = np.ones(len(self._order), dtype=bool)
        for event in but:
            kept[self.places(event)] = False
        found: NDArray[np.bool_] = kept[self._plain["need"] >= 0]
        return found

    @cached_property
    def about_needs(self) -> Rows:
        """Return every row about a need in the order of the log, without its words."""
        at = np.flatnonzero(self._plain["need"] >= 0)
        columns = {name: self._plain[name][at].astype(dtype, copy=False) for name, dtype in _NUMBERS.items()}
        nothing = Words(np.zeros(len(at), dtype=np.int16), ("",))
        return Rows(**columns, who=nothing, code=nothing)


def _of_practice(table: pa.Table, practice: str) -> pa.Table:
    """Return the rows of one practice; a log of one practice is all its own."""
    words = table.column("practice").combine_chunks()
    if not len(table) or len(words.dictionary) <= 1:
        return table
    here = words.dictionary.to_pylist().index(practice)
    return table.take(numbers(np.flatnonzero(plain(words.indices) == here)))


def _column(table: pa.Table, name: str) -> Words:
    """Return a column of words of a log."""
    coded = table.column(name).combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = pa.concat_arrays(coded.chunks) if coded.num_chunks else texts([]).dictionary_encode()
    return Words(plain(coded.indices).astype(np.int16, copy=False), tuple(coded.dictionary.to_pylist()))


def places(keys: NDArray[np.int64], among: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of some numbers stands among others, at first; -1 for one that does not."""
    nowhere = numbers(np.full(len(keys), -1, dtype=np.int32))
    return plain(pc.coalesce(pc.index_in(numbers(keys), value_set=numbers(among)), nowhere)).astype(np.int64)


def known(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return places; raise ValueError where one is of nothing."""
    if len(at) and at.min() < 0:
        raise ValueError("the log has a row for a contact (or an appointment) that it never opened")
    return at
