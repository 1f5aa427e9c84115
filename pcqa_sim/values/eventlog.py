"""The event log: what happened, one row an event, appended and never changed.

Meaning is computed afterwards, from the log alone. A row is (time_min, practice, person, need, contact, event,
who, code, amount); `CATALOGUE` says for every event what who, code and amount mean. Rows about the world and not
about a person have person, need and contact -1; those about a person and none of their needs, need and contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:  # Arrow takes as long to import as the model takes to its first event
    import pyarrow as pa

from pcqa_sim.values.eventrows import ORDER, TYPES, Row, Rows, Words
from pcqa_sim.values.luck import NATIVE
from pcqa_sim.values.words import Event, Meaning

NEED_AROSE: Final = Event.NEED_AROSE.value
CONTACT_OPENED: Final = Event.CONTACT_OPENED.value
ENGAGED: Final = Event.ENGAGED.value
MENU_ENDED: Final = Event.MENU_ENDED.value
QUEUED: Final = Event.QUEUED.value
CALLBACK_REQUESTED: Final = Event.CALLBACK_REQUESTED.value
MISSED: Final = Event.MISSED.value
ANSWERED: Final = Event.ANSWERED.value
CALLED_BACK: Final = Event.CALLED_BACK.value
CALLBACK_LAPSED: Final = Event.CALLBACK_LAPSED.value
TALK_ENDED: Final = Event.TALK_ENDED.value
FORM_REFUSED: Final = Event.FORM_REFUSED.value
FRONT_SEEN: Final = Event.FRONT_SEEN.value
FLAGGED: Final = Event.FLAGGED.value
DECIDED: Final = Event.DECIDED.value
BOOKED: Final = Event.BOOKED.value
SLOT_CONVERTED: Final = Event.SLOT_CONVERTED.value
CANCELLED: Final = Event.CANCELLED.value
CONSULT_ENDED: Final = Event.CONSULT_ENDED.value
SQUEEZED: Final = Event.SQUEEZED.value
DID_NOT_ATTEND: Final = Event.DID_NOT_ATTEND.value
RESULT_BACK: Final = Event.RESULT_BACK.value
INVITED: Final = Event.INVITED.value
NEXT_ACTION: Final = Event.NEXT_ACTION.value
ALSO_WENT: Final = Event.ALSO_WENT.value
DETERIORATED: Final = Event.DETERIORATED.value
NEED_CLOSED: Final = Event.NEED_CLOSED.value
ROSTER: Final = Event.ROSTER.value
ABSENT: Final = Event.ABSENT.value
SESSION_ENDED: Final = Event.SESSION_ENDED.value
SLOTS_OPENED: Final = Event.SLOTS_OPENED.value
SLOTS_UNUSED: Final = Event.SLOTS_UNUSED.value
SLOTS_WITHDRAWN: Final = Event.SLOTS_WITHDRAWN.value
NOTHING_FREE: Final = Event.NOTHING_FREE.value
SLOT_EMPTY: Final = Event.SLOT_EMPTY.value
PAPERWORK: Final = Event.PAPERWORK.value
PAPERWORK_MADE: Final = Event.PAPERWORK_MADE.value
PAPERWORK_PASSED_ON: Final = Event.PAPERWORK_PASSED_ON.value
LIST_WORK_DONE: Final = Event.LIST_WORK_DONE.value
STATE: Final = Event.STATE.value
PLACE_SENT: Final = Event.PLACE_SENT.value
PLACE_BEGAN: Final = Event.PLACE_BEGAN.value
PLACE_SESSION: Final = Event.PLACE_SESSION.value
PLACE_ENDED: Final = Event.PLACE_ENDED.value
CARE_HOME_HOSPITAL: Final = Event.CARE_HOME_HOSPITAL.value
CARE_HOME_ROUND: Final = Event.CARE_HOME_ROUND.value
CARE_HOME_ROUND_MISSED: Final = Event.CARE_HOME_ROUND_MISSED.value
CARE_HOME_CALLED: Final = Event.CARE_HOME_CALLED.value
NEEDS_KEPT_AWAY: Final = Event.NEEDS_KEPT_AWAY.value
PLACE_CAPACITY: Final = Event.PLACE_CAPACITY.value
PLACE_EVENTS: Final = (PLACE_SENT, PLACE_BEGAN, PLACE_SESSION, PLACE_ENDED)
MDT_SELECTED: Final = Event.MDT_SELECTED.value
MDT_REVIEWED: Final = Event.MDT_REVIEWED.value
MDT_PLANNED: Final = Event.MDT_PLANNED.value
MDT_CONTACT: Final = Event.MDT_CONTACT.value
MDT_ENDED: Final = Event.MDT_ENDED.value
MDT_MEETING: Final = Event.MDT_MEETING.value
MDT_TIME: Final = Event.MDT_TIME.value
BELIEF: Final = Event.BELIEF.value

ROSTERED: Final = "rostered"
CONSULTING: Final = "consulting"
BACK_OFFICE: Final = "back_office"
LIST_WORK: Final = "list_work"
IDLE: Final = "idle"
OVERTIME: Final = "overtime"
FREED_LATE: Final = "freed_late"
TRAVELLING: Final = "travelling"
LENT: Final = "lent"
IN_MEETINGS: Final = "meeting"
UNSETTLED: Final = "unsettled"
SETTLED_AGAIN: Final = "settled_again"
OF_EVERYBODY: Final = "everybody"
OF_THOSE_THERE: Final = "those_there"
BY_PATIENT: Final = "patient"
BY_PRACTICE: Final = "practice"


CATALOGUE: dict[str, Meaning] = {event.value: event.meaning for event in Event}

NOBODY: Final = -1

_WORDS: Final = ("event", "who", "code")


SPILL_FROM: Final = 4_000_000
"""Rows in memory from which on they are put on disk: 140 MB, a year of five practices of 10,000 people."""


class EventLog:
    """An append-only log that keeps its older rows in columns, 34 bytes each, and very many of them on disk.

    `rows.write(...)` appends one row, `add(row)` one that is a tuple. `move()`, called between events and often, moves
    rows into columns once there are `chunk` of them, while the processor still has them at hand. `tidy()`, called now
    and then, numbers the words that are new since the last time; how often that is shows in the table, how often rows
    are moved does not. From `spill_from` rows on, columns go to files without a name where temporary files are kept.
    With `in_turns`, practices may write one after the other, each a stretch of time that lies between two moves: rows
    are put in order of time as they are moved, and those of one instant in the order of practices.
    """

    def __init__(
        self, practices: Sequence[str], chunk: int = 4_000, spill_from: int = SPILL_FROM, in_turns: bool = False
    ) -> None:
        self.practices = tuple(practices)
        self._in_turns = in_turns
        self._chunk, self._spill_from = chunk, spill_from
        self._words: Words = {name: {} for name in _WORDS}
        self.rows = _rows_of(self._words)
        self._moved = 0
        self._columns = {name: Column(dtype) for name, dtype in TYPES.items()}
        self._numbered = 0  # rows whose words have their numbers for good
        self._known = dict.fromkeys(self._words, 0)  # so many words of each column

    def __len__(self) -> int:
        return self._moved + len(self.rows)

    def add(self, row: Row) -> None:
        """Append one row, in the order of `ORDER`."""
        self.rows.write(*row)

    def move(self) -> None:
        """Move the rows into columns if there are enough of them."""
        if len(self.rows) >= self._chunk:
            self._move()

    def tidy(self) -> None:
        """Move the rows into columns and number new words, if there are enough rows since the last time."""
        if len(self) - self._numbered >= self._chunk:
            self._number()

    def _move(self) -> None:
        """Move the rows into typed columns; words become numbers, new ones in any order until they are numbered."""
        count = len(self.rows)
        if not count:
            return
        columns = self.rows.take()
        in_time = np.lexsort((columns["practice"], columns["time_min"])) if self._in_turns else None
        for name, values in columns.items():
            self._columns[name].add(values if in_time is None else values[in_time])
        self._moved += count

    def _number(self) -> None:
        """Number the words that are new since the last time, in alphabetical order."""
        self._move()
        for name, words in self._words.items():
            known, every = self._known[name], list(words)
            final = [*every[:known], *sorted(every[known:])]
            if final != every:
                place = {word: number for number, word in enumerate(final)}
                words.clear()  # the rows to come look their words up in the same dictionary
                words.update(place)
                self._columns[name].renumber(np.array([place[word] for word in every], dtype=np.int16))
            self._known[name] = len(every)
        self._numbered = self._moved
        for column in self._columns.values():
            column.settle(self._moved >= self._spill_from)

    def table(self) -> pa.Table:
        """Return the log as an Arrow table; practice, event, who and code are dictionary-coded words."""
        import pyarrow as pa

        from pcqa_sim.values.arrow import numbers

        self._number()
        columns: dict[str, pa.Array] = {}
        for name in ORDER:
            values = self._columns[name].whole()
            words = list(self._words[name]) if name in self._words else None
            if name == "practice":
                words = list(self.practices)
            columns[name] = numbers(values) if words is None else _coded(values, words)
        return pa.table(columns)


class Column:
    """One column of the log: what is in a file, then one array that grows; the latest words may be renumbered."""

    def __init__(self, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._values = np.empty(0, dtype=self._dtype)
        self._size = self._settled = 0  # rows in the array, and those of them that stay as they are
        self._lent = False
        self._file: Any = None
        self._spilled = 0

    def add(self, part: np.ndarray) -> None:
        """Append rows."""
        end = self._size + len(part)
        if end > len(self._values):
            self._grow(end + end // 2)
        self._values[self._size : end] = part
        self._size = end

    def _grow(self, room: int) -> None:
        """Make room, in place where no table reads the array: pages that nothing was written to take no memory."""
        if self._lent:
            self._values = np.concatenate([self._values[: self._size], np.empty(room - self._size, dtype=self._dtype)])
            self._lent = False
        else:
            self._values.resize(room, refcheck=False)

    def renumber(self, number: np.ndarray) -> None:
        """Give the words of the latest rows other numbers."""
        self._values[self._settled : self._size] = number[self._values[self._settled : self._size]]

    def settle(self, spills: bool) -> None:
        """Let the latest rows stay as they are, in a file if so many rows are to be spilled."""
        self._settled = self._size
        if spills:
            self._spill()

    def whole(self) -> np.ndarray:
        """Return the column in one piece."""
        if self._file is not None:
            self._spill()
            return np.memmap(self._file, self._dtype, mode="r", shape=(self._spilled,))
        self._lent = True
        return self._values[: self._size]

    def _spill(self) -> None:
        """Put the array at the end of a file, by its place, which a process forked from this one shares."""
        if not self._size:
            return
        if self._file is None:
            self._file = TemporaryFile(prefix="pcqa-log-")  # noqa: SIM115 (it is there as long as the column)
        self._file.seek(self._spilled * self._dtype.itemsize)
        self._file.write(self._values[: self._size].data)
        self._file.flush()
        self._spilled += self._size
        self._size = self._settled = 0


def _rows_of(words: Words) -> Rows:
    """Return where the latest rows are written, as the form at hand does it."""
    if not NATIVE:
        return Rows(words)
    from pcqa_sim.values.native_rows import NativeRows

    return NativeRows(words)


def _coded(values: np.ndarray, words: list[str]) -> pa.DictionaryArray:
    """Return a dictionary-coded column."""
    import pyarrow as pa

    from pcqa_sim.values.arrow import numbers, texts

    return pa.DictionaryArray.from_arrays(numbers(values), texts(words))


def write_log(table: pa.Table, path: Path) -> None:
    """Write a log as Parquet; the same log gives the same bytes."""
    import pyarrow.parquet as pq

    with path.open("wb") as file:
        pq.write_table(table, file, compression="zstd", version="2.6")
