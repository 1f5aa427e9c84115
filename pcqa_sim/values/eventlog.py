"""The event log: what happened, one row an event, appended and never changed.

Meaning is computed afterwards, from the log alone. A row is (time_min, practice, person, need, contact, event,
who, code, amount); `CATALOGUE` says for every event what who, code and amount mean. Rows about the world and not
about a person have person, need and contact -1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:  # Arrow takes as long to import as the model takes to its first event
    import pyarrow as pa

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
BELIEF: Final = Event.BELIEF.value

ROSTERED: Final = "rostered"
CONSULTING: Final = "consulting"
BACK_OFFICE: Final = "back_office"
LIST_WORK: Final = "list_work"
IDLE: Final = "idle"
OVERTIME: Final = "overtime"
FREED_LATE: Final = "freed_late"
TRAVELLING: Final = "travelling"
BY_PATIENT: Final = "patient"
BY_PRACTICE: Final = "practice"


CATALOGUE: dict[str, Meaning] = {event.value: event.meaning for event in Event}

NOBODY: Final = -1

Row = tuple[float, int, int, int, int, str, str, str, float]

_NUMBERS: tuple[tuple[int, str, Any], ...] = (
    (0, "time_min", np.float64),
    (1, "practice", np.int16),
    (2, "person", np.int32),
    (3, "need", np.int64),
    (4, "contact", np.int16),
    (8, "amount", np.float32),
)
_WORDS: Final = ((5, "event"), (6, "who"), (7, "code"))
_ORDER: Final = ("time_min", "practice", "person", "need", "contact", "event", "who", "code", "amount")


class EventLog:
    """An append-only log that keeps its older rows in columns, about 39 bytes each.

    `add(row)` appends one row, as a tuple in the order of `Row`. `tidy()`, called now and then, moves the rows into
    columns once there are `chunk` of them, so that a long run needs little memory.
    """

    def __init__(self, practices: Sequence[str], chunk: int = 4_000) -> None:
        self.practices = tuple(practices)
        self._chunk = chunk
        self._rows: list[Row] = []
        self.add: Callable[[Row], None] = self._rows.append
        self._blocks: list[dict[str, np.ndarray]] = []
        self._tidied = 0
        self._words: dict[str, dict[str, int]] = {name: {} for _, name in _WORDS}

    def __len__(self) -> int:
        return self._tidied + len(self._rows)

    def tidy(self) -> None:
        """Move the rows into columns if there are enough of them; call it between events, often enough."""
        if len(self._rows) >= self._chunk:
            self._flush()

    def _flush(self) -> None:
        """Move the rows into typed columns; words become numbers, new ones in alphabetical order."""
        if not self._rows:
            return
        columns = list(zip(*self._rows, strict=True))
        block: dict[str, np.ndarray] = {name: np.fromiter(columns[i], t, len(self._rows)) for i, name, t in _NUMBERS}
        for i, name in _WORDS:
            words = self._words[name]
            for word in sorted(set(columns[i]) - words.keys()):
                words[word] = len(words)
            block[name] = np.fromiter(map(words.__getitem__, columns[i]), np.int16, len(self._rows))
        self._blocks.append(block)
        self._tidied += len(self._rows)
        self._rows.clear()

    def table(self) -> pa.Table:
        """Return the log as an Arrow table; practice, event, who and code are dictionary-coded words."""
        import pyarrow as pa

        from pcqa_sim.values.arrow import numbers

        self._flush()
        columns: dict[str, pa.Array] = {}
        for name in _ORDER:
            dtype = next((t for _, n, t in _NUMBERS if n == name), np.int16)
            parts = [block[name] for block in self._blocks]
            values = np.concatenate(parts) if parts else np.array([], dtype=dtype)
            words = list(self._words[name]) if name in self._words else None
            if name == "practice":
                words = list(self.practices)
            columns[name] = numbers(values) if words is None else _coded(values, words)
        return pa.table(columns)


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
