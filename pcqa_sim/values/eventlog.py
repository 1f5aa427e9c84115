"""The event log: what happened, one row an event, appended and never changed.

Meaning is computed afterwards, from the log alone. A row is (time_min, practice, person, need, contact, event,
who, code, amount); `CATALOGUE` says for every event what who, code and amount mean. Rows about the world and not
about a person have person, need and contact -1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

NEED_AROSE: Final = "need_arose"
CONTACT_OPENED: Final = "contact_opened"
ENGAGED: Final = "engaged"
MENU_ENDED: Final = "menu_ended"
QUEUED: Final = "queued"
CALLBACK_REQUESTED: Final = "callback_requested"
MISSED: Final = "missed"
ANSWERED: Final = "answered"
CALLED_BACK: Final = "called_back"
TALK_ENDED: Final = "talk_ended"
FORM_REFUSED: Final = "form_refused"
FRONT_SEEN: Final = "front_seen"
DECIDED: Final = "decided"
BOOKED: Final = "booked"
CANCELLED: Final = "cancelled"
CONSULT_ENDED: Final = "consult_ended"
SQUEEZED: Final = "squeezed"
DID_NOT_ATTEND: Final = "did_not_attend"
RESULT_BACK: Final = "result_back"
NEXT_ACTION: Final = "next_action"
NEED_CLOSED: Final = "need_closed"
ROSTER: Final = "roster"
ABSENT: Final = "absent"
SESSION_ENDED: Final = "session_ended"
SLOTS_OPENED: Final = "slots_opened"
SLOTS_UNUSED: Final = "slots_unused"
SLOTS_WITHDRAWN: Final = "slots_withdrawn"
PAPERWORK: Final = "paperwork"
PAPERWORK_MADE: Final = "paperwork_made"
BELIEF: Final = "belief"

ROSTERED: Final = "rostered"
CONSULTING: Final = "consulting"
BACK_OFFICE: Final = "back_office"
IDLE: Final = "idle"
OVERTIME: Final = "overtime"
BY_PATIENT: Final = "patient"
BY_PRACTICE: Final = "practice"


@dataclass(frozen=True)
class Meaning:
    """What the columns who, code and amount hold for one event ("" where they are empty or 0)."""

    who: str = ""
    code: str = ""
    amount: str = ""


CATALOGUE: dict[str, Meaning] = {
    NEED_AROSE: Meaning(who="where it comes from", code="kind of need or programme"),
    CONTACT_OPENED: Meaning(who="channel", code="cause", amount="ordinal of the parent contact, -1 for none"),
    ENGAGED: Meaning(amount="lines in use"),
    MENU_ENDED: Meaning(code="informed, balked or closed"),
    QUEUED: Meaning(amount="callers already waiting"),
    CALLBACK_REQUESTED: Meaning(amount="callers already waiting"),
    MISSED: Meaning(code="queue, closing, closed or misdial", amount="minutes waited"),
    ANSWERED: Meaning(who="role", amount="minutes waited"),
    CALLED_BACK: Meaning(who="role", amount="minutes since the callback was asked for"),
    TALK_ENDED: Meaning(who="role", amount="minutes of talk"),
    FORM_REFUSED: Meaning(code="closed or full"),
    FRONT_SEEN: Meaning(who="role", amount="minutes the desk or inbox then spends on it"),
    DECIDED: Meaning(who="who decided", code="disposition", amount="minutes from contact to decision"),
    BOOKED: Meaning(
        who="clinician",
        code="release rule and mode of the slot, and days before the run if booked then",
        amount="minutes until the appointment",
    ),
    CANCELLED: Meaning(who="clinician", code="patient or practice", amount="minutes until the appointment"),
    CONSULT_ENDED: Meaning(who="clinician", code="what came of it", amount="minutes of consultation"),
    SQUEEZED: Meaning(who="clinician", amount="minutes late, for which the consultation was shortened"),
    DID_NOT_ATTEND: Meaning(who="clinician", amount="lead time, calendar days"),
    RESULT_BACK: Meaning(code="what reception had left to do, if not a result", amount="minutes since it was awaited"),
    NEXT_ACTION: Meaning(code="what the person does next", amount="minutes until they do it"),
    NEED_CLOSED: Meaning(code="how the need ended"),
    ROSTER: Meaning(who="role", amount="people working"),
    ABSENT: Meaning(who="clinician", code="sick"),
    SESSION_ENDED: Meaning(who="clinician", code="rostered, consulting, back_office, idle, overtime", amount="minutes"),
    SLOTS_OPENED: Meaning(who="role", code="release rule", amount="slots"),
    SLOTS_UNUSED: Meaning(who="role", code="release rule", amount="slots"),
    SLOTS_WITHDRAWN: Meaning(who="role", code="release rule", amount="slots"),
    PAPERWORK: Meaning(who="role", amount="minutes of paperwork waiting at the end of the day"),
    PAPERWORK_MADE: Meaning(who="role", code="item of the back office", amount="minutes of it that came in that day"),
    BELIEF: Meaning(code="", amount="share of late requests people expect to fail"),
}

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
        self._flush()
        columns: dict[str, pa.Array] = {}
        for name in _ORDER:
            dtype = next((t for _, n, t in _NUMBERS if n == name), np.int16)
            parts = [block[name] for block in self._blocks]
            values = np.concatenate(parts) if parts else np.array([], dtype=dtype)
            words = list(self._words[name]) if name in self._words else None
            if name == "practice":
                words = list(self.practices)
            columns[name] = pa.array(values) if words is None else _coded(values, words)
        return pa.table(columns)


def _coded(values: np.ndarray, words: list[str]) -> pa.DictionaryArray:
    """Return a dictionary-coded column."""
    return pa.DictionaryArray.from_arrays(pa.array(values), pa.array(words, pa.string()))


def write_log(table: pa.Table, path: Path) -> None:
    """Write a log as Parquet; the same log gives the same bytes."""
    with path.open("wb") as file:
        pq.write_table(table, file, compression="zstd", version="2.6")
