"""From the log to tables: needs, contacts, appointments and staff minutes of one practice.

Everything here is read from the log alone, so a saved log gives the same tables as a fresh run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY
from pcqa_sim.needs import FAILURE_CAUSES
from pcqa_sim.rota import CALL_HANDLER, GP

CALL_ENDINGS = (log.ENGAGED, log.MENU_ENDED, log.CALLBACK_REQUESTED, log.MISSED, log.ANSWERED)
IN_PROGRESS = "in_progress"
_MOST_CONTACTS = 1000


@dataclass(frozen=True)
class Rows:
    """Rows of one event: time in minutes, need, contact, who, code, amount, and `key` = need x 1000 + contact."""

    time: NDArray[np.float64]
    person: NDArray[np.int32]
    need: NDArray[np.int64]
    contact: NDArray[np.int64]
    who: NDArray[np.object_]
    code: NDArray[np.object_]
    amount: NDArray[np.float64]

    @property
    def key(self) -> NDArray[np.int64]:
        """Return a number for each row's contact."""
        return self.need * _MOST_CONTACTS + self.contact

    def __len__(self) -> int:
        return len(self.time)


class Tables:
    """The tables of one practice, made from its rows of a log when first asked for."""

    def __init__(self, table: pa.Table, practice: str) -> None:
        self.practice = practice
        words = table.column("practice").combine_chunks()
        if len(table) and len(words.dictionary) > 1:
            table = table.filter(pc.equal(words, practice))
        self._events = _column(table, "event")
        self._time = table.column("time_min").to_numpy()
        self._person = table.column("person").to_numpy()
        self._need = table.column("need").to_numpy()
        self._contact = table.column("contact").to_numpy().astype(np.int64)
        self._who = _column(table, "who")
        self._code = _column(table, "code")
        self._amount = table.column("amount").to_numpy().astype(np.float64)
        order = np.argsort(self._events.codes, kind="stable")
        counts = np.bincount(self._events.codes, minlength=len(self._events.words))
        bounds = np.concatenate([[0], np.cumsum(counts)])
        self._rows_of = {w: order[bounds[i] : bounds[i + 1]] for i, w in enumerate(self._events.words)}

    def rows(self, event: str) -> Rows:
        """Return the rows of one event, in order of time."""
        at = self._rows_of.get(event, np.array([], dtype=np.int64))
        return Rows(
            self._time[at],
            self._person[at],
            self._need[at],
            self._contact[at],
            self._who.text(at),
            self._code.text(at),
            self._amount[at],
        )

    def rows_of_needs(self) -> Rows:
        """Return every row about a need, in order of time."""
        at = np.flatnonzero(self._need >= 0)
        nothing = np.array([], dtype=object)
        return Rows(
            self._time[at], self._person[at], self._need[at], self._contact[at], nothing, nothing, self._amount[at]
        )

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Needs: person, need, kind, arose and closed in minutes (NaN while open), ending, contacts so far."""
        arose, closed = self.rows(log.NEED_AROSE), self.rows(log.NEED_CLOSED)
        frame = pd.DataFrame({"person": arose.person, "kind": arose.code, "arose": arose.time}, index=arose.need)
        frame.index.name = "need"
        end = pd.DataFrame({"closed": closed.time, "ending": closed.code}, index=closed.need)
        frame = frame.join(end)
        opened = self.rows(log.CONTACT_OPENED)
        frame["contacts"] = pd.Series(opened.need).value_counts().reindex(frame.index, fill_value=0)
        frame["ending"] = frame["ending"].fillna("open")
        return frame

    def busiest_need(self) -> int:
        """Return the number of the need with most contacts (the first of them); -1 where nobody needed anything."""
        contacts = self.needs["contacts"].to_numpy()
        return int(self.needs.index.to_numpy()[contacts.argmax()]) if len(contacts) else -1

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """Contacts: need, contact, channel, parent, cause, failure, and what came of each (NaN or "" for nothing).

        `ending`, `why` and `waited` (minutes) are of the call; `disposition` of the decision; `outcome` of the
        consultation or conversation; `fate` is what the person did after getting nowhere.
        """
        opened = self.rows(log.CONTACT_OPENED)
        frame = pd.DataFrame(
            {
                "person": opened.person,
                "need": opened.need,
                "contact": opened.contact,
                "channel": opened.who,
                "parent": opened.amount.astype(np.int64),
                "cause": opened.code,
                "opened": opened.time,
            }
        )
        frame["failure"] = np.isin(opened.code, list(FAILURE_CAUSES))
        place = _Places(opened.key)
        ending, why, waited = place.words(), place.words(), place.numbers()
        for event in CALL_ENDINGS:
            rows = self.rows(event)
            at = place.of(rows.key)
            ending[at] = event
            why[at] = rows.code
            waited[at] = rows.amount if event in (log.MISSED, log.ANSWERED) else np.nan
        ending[(ending == "") & (opened.who == "phone")] = IN_PROGRESS
        frame["ending"], frame["why"], frame["waited"] = ending, why, waited
        for event, word, number in (
            (log.TALK_ENDED, None, "talk_min"),
            (log.CALLED_BACK, None, "called_back_after"),
            (log.DECIDED, "disposition", None),
            (log.OUTCOME, "outcome", None),
            (log.FATE, "fate", None),
        ):
            rows = self.rows(event)
            at = place.of(rows.key)
            if word:
                words = place.words()
                words[at] = rows.code
                frame[word] = words
            if number:
                numbers = place.numbers()
                numbers[at] = rows.amount
                frame[number] = numbers
        return frame

    @property
    def calls(self) -> pd.DataFrame:
        """Return the contacts made by phone."""
        return self.contacts[self.contacts["channel"] == "phone"]

    @cached_property
    def appointments(self) -> pd.DataFrame:
        """Appointments: need, contact, role, release, booked and start (minutes), lead_days, status, late_min, minutes.

        `status` is attended, dna (did not attend) or open; minutes late and of consultation are NaN unless attended.
        """
        booked = self.rows(log.BOOKED)
        place = _Places(booked.key)
        start = booked.time + booked.amount
        late, minutes, status = place.numbers(), place.numbers(), place.words()
        status[:] = "open"
        ended, missed = self.rows(log.CONSULT_ENDED), self.rows(log.DID_NOT_ATTEND)
        at = place.of(ended.key)
        minutes[at], status[at] = ended.amount, "attended"
        late[at] = np.maximum(ended.time - ended.amount - start[at], 0.0)
        status[place.of(missed.key)] = "dna"
        return pd.DataFrame(
            {
                "person": booked.person,
                "need": booked.need,
                "contact": booked.contact,
                "role": booked.who,
                "release": booked.code,
                "booked": booked.time,
                "start": start,
                "lead_days": (start // DAY - booked.time // DAY).astype(np.int64),
                "status": status,
                "late_min": late,
                "minutes": minutes,
            }
        )

    @cached_property
    def staff_minutes(self) -> pd.DataFrame:
        """Minutes worked with patients: when they ended, role, activity (talk or consultation), minutes."""
        parts = []
        for event, role, activity in (
            (log.TALK_ENDED, CALL_HANDLER, "talk"),
            (log.CONSULT_ENDED, GP, "consultation"),
        ):
            rows = self.rows(event)
            parts.append(pd.DataFrame({"time": rows.time, "role": role, "activity": activity, "minutes": rows.amount}))
        return pd.concat(parts, ignore_index=True).sort_values("time", kind="stable", ignore_index=True)


@dataclass(frozen=True)
class _Words:
    """A dictionary-coded column."""

    codes: NDArray[np.int64]
    words: list[str]

    def text(self, at: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the words at some rows."""
        return np.array(self.words, dtype=object)[self.codes[at]] if len(at) else np.array([], dtype=object)


def _column(table: pa.Table, name: str) -> _Words:
    coded = table.column(name).combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = pa.concat_arrays(coded.chunks) if coded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    return _Words(coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist())


class _Places:
    """Finds the row of a contact among rows that have one each."""

    def __init__(self, keys: NDArray[np.int64]) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row numbers of keys; raise ValueError for a key that has no row."""
        if not len(keys):
            return np.array([], dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        if not len(self._sorted) or (self._sorted[at] != keys).any():
            raise ValueError("the log has a row for a contact (or an appointment) that it never opened")
        return self._order[at]

    def words(self) -> NDArray[np.object_]:
        """Return a new column of empty words."""
        return np.full(len(self._order), "", dtype=object)

    def numbers(self) -> NDArray[np.float64]:
        """Return a new column of NaN."""
        return np.full(len(self._order), np.nan)
