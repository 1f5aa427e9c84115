"""From the log to tables: needs, contacts, appointments and staff minutes of one practice.

Everything here is read from the log alone, so a saved log gives the same tables as a fresh run.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import FAILURE_CAUSES
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

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

    def where(self, which: NDArray[np.bool_]) -> Rows:
        """Return the rows for which `which` holds."""
        return Rows(*(getattr(self, column.name)[which] for column in fields(self)))

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
        self._read: dict[str, Rows] = {}
        self._rows_of = {w: order[bounds[i] : bounds[i + 1]] for i, w in enumerate(self._events.words)}

    def rows(self, event: str) -> Rows:
        """Return the rows of one event, in order of time; asked again, it returns the same arrays."""
        if event not in self._read:
            self._read[event] = self._rows(event)
        return self._read[event]

    def _rows(self, event: str) -> Rows:
        at = self.places(event)
        return Rows(
            self._time[at],
            self._person[at],
            self._need[at],
            self._contact[at],
            self._who.text(at),
            self._code.text(at),
            self._amount[at],
        )

    def places(self, event: str) -> NDArray[np.int64]:
        """Return the places of the rows of one event in the log: what was written first comes first."""
        return self._rows_of.get(event, np.array([], dtype=np.int64))

    def rows_of_needs(self) -> Rows:
        """Return every row about a need, in order of time."""
        at = np.flatnonzero(self._need >= 0)
        nothing = np.array([], dtype=object)
        return Rows(
            self._time[at], self._person[at], self._need[at], self._contact[at], nothing, nothing, self._amount[at]
        )

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Needs: person, kind, origin, arose and closed in minutes (NaN while open), ending, asked, contacts so far.

        `asked` is when its first contact was opened (NaN for a need nobody asked about).
        """
        arose, closed = self.rows(log.NEED_AROSE), self.rows(log.NEED_CLOSED)
        columns = {"person": arose.person, "kind": arose.code, "origin": arose.who, "arose": arose.time}
        frame = pd.DataFrame(columns, index=arose.need)
        frame.index.name = "need"
        place = _Places(arose.need)
        at = place.of(closed.need)
        end, ending = place.numbers(), place.words("open")
        end[at], ending[at] = closed.time, closed.code
        frame["closed"], frame["ending"] = end, ending
        opened = self.rows(log.CONTACT_OPENED)
        at = place.of(opened.need)
        frame["contacts"] = np.bincount(at, minlength=len(frame)).astype(np.int64)
        first = place.numbers()
        first[at[::-1]] = opened.time[::-1]
        frame["asked"] = first
        return frame

    def busiest_need(self) -> int:
        """Return the number of the need with most contacts (the first of them); -1 where nobody needed anything."""
        contacts = self.needs["contacts"].to_numpy()
        return int(self.needs.index.to_numpy()[contacts.argmax()]) if len(contacts) else -1

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """Contacts: need, contact, channel, parent, cause, failure, and what came of each (NaN or "" for nothing).

        `ending`, `why`, `ended` (the minute at which that was known) and `waited` (minutes) are of the call, the first
        two also of a refused form; `front_at` is the minute at which somebody at the desk or inbox sees to it,
        `front_min` their minutes; `decider` and `disposition` of the decision; `booked` whether an appointment was
        booked; `outcome`, `clinician` and `consult_min` of the consultation; `next_action` is what the person did after
        getting nowhere.
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
        place = self._place_of_contact
        ending, why, ended, waited = place.words(), place.words(), place.numbers(), place.numbers()
        for event in CALL_ENDINGS:
            rows = self.rows(event)
            at = place.of(rows.key)
            ending[at] = event
            why[at] = rows.code
            ended[at] = rows.time
            waited[at] = rows.amount if event in (log.MISSED, log.ANSWERED) else np.nan
        refused = self.rows(log.FORM_REFUSED)
        at = place.of(refused.key)
        ending[at], why[at] = log.FORM_REFUSED, refused.code
        ending[(ending == "") & (opened.who == "phone")] = IN_PROGRESS
        frame["ending"], frame["why"], frame["ended"], frame["waited"] = ending, why, ended, waited
        for event, code, amount, who in (
            (log.TALK_ENDED, "", "talk_min", ""),
            (log.FRONT_SEEN, "", "front_min", ""),
            (log.CALLED_BACK, "", "called_back_after", ""),
            (log.DECIDED, "disposition", "", "decider"),
            (log.CONSULT_ENDED, "outcome", "consult_min", "clinician"),
            (log.NEXT_ACTION, "next_action", "", ""),
        ):
            rows = self.rows(event)
            at = place.of(rows.key)
            for name, values in ((code, rows.code), (who, rows.who)):
                if name:
                    words = place.words()
                    words[at] = values
                    frame[name] = words
            if amount:
                numbers = place.numbers()
                numbers[at] = rows.amount
                frame[amount] = numbers
            if event == log.FRONT_SEEN:
                seen = place.numbers()
                seen[at] = rows.time
                frame["front_at"] = seen
        booked = np.zeros(len(frame), dtype=bool)
        booked[place.of(self.rows(log.BOOKED).key)] = True
        frame["booked"] = booked
        return frame

    def contact_rows(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row numbers in `contacts` of some keys (need x 1000 + contact)."""
        return self._place_of_contact.of(keys)

    @cached_property
    def _place_of_contact(self) -> _Places:
        return _Places(self.rows(log.CONTACT_OPENED).key)

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Return the contacts made by phone."""
        return self.contacts[self.contacts["channel"] == "phone"]

    @cached_property
    def appointments(self) -> pd.DataFrame:
        """Appointments: who, with whom, booked and start (minutes), lead_days, status, late_min, minutes, outcome.

        `role` is the clinician's; `release` and `mode` are the slot's; `status` is attended, dna (did not attend),
        cancelled, or open; minutes late and of consultation are NaN unless attended.
        """
        booked = self.rows(log.BOOKED)
        place = _Places(booked.key)
        start = np.round(booked.time + booked.amount, 2)  # amounts are kept in 32 bits; midnight must stay midnight
        late, minutes, status, outcome = place.numbers(), place.numbers(), place.words("open"), place.words()
        ended = self.rows(log.CONSULT_ENDED)
        at = place.of(ended.key)
        minutes[at], status[at], outcome[at] = ended.amount, "attended", ended.code
        late[at] = np.maximum(ended.time - ended.amount - start[at], 0.0)
        status[place.of(self.rows(log.DID_NOT_ATTEND).key)] = "dna"
        cancelled = self.rows(log.CANCELLED)
        status[place.of(cancelled.key)] = "cancelled"
        rule = _parts(booked.code, 0)
        when = booked.time - _days_before(booked.code) * DAY
        return pd.DataFrame(
            {
                "person": booked.person,
                "need": booked.need,
                "contact": booked.contact,
                "role": role_of(booked.who),
                "clinician": booked.who,
                "release": rule,
                "mode": _parts(booked.code, 1),
                "booked": when,
                "start": start,
                "lead_days": (start // DAY - when // DAY).astype(np.int64),
                "status": status,
                "late_min": late,
                "minutes": minutes,
                "outcome": outcome,
            }
        )

    @cached_property
    def staff_minutes(self) -> pd.DataFrame:
        """Minutes worked: when they ended, role, clinician ("" for reception), activity, minutes.

        Activities are talk (on the phone), front (desk and inbox), and of clinicians' sessions rostered, consulting,
        back_office, idle and overtime; consulting + back_office + idle = rostered + overtime.
        """
        talk, front, session = self.rows(log.TALK_ENDED), self.rows(log.FRONT_SEEN), self.rows(log.SESSION_ENDED)
        parts = [
            pd.DataFrame(
                {"time": rows.time, "role": role, "clinician": "", "activity": activity, "minutes": rows.amount}
            )
            for rows, role, activity in ((talk, CALL_HANDLER, "talk"), (front, FRONT_DESK, "front"))
        ]
        columns = {"time": session.time, "role": role_of(session.who), "clinician": session.who}
        parts.append(pd.DataFrame(columns | {"activity": session.code, "minutes": session.amount}))
        return pd.concat(parts, ignore_index=True).sort_values("time", kind="stable", ignore_index=True)


def role_of(clinicians: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the roles of clinician keys: "gp" of "gp.3"."""
    return _parts(clinicians, 0)


def _parts(words: NDArray[np.object_], part: int) -> NDArray[np.object_]:
    """Return one part of words joined by a dot; few words are distinct."""
    known: dict[str, str] = {word: word.split(".")[part] for word in set(words.tolist())}
    return np.array([known[word] for word in words.tolist()], dtype=object)


def _days_before(codes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return how many days before the run each appointment was booked, 0 for those booked in it."""
    known = {code: float(([*code.split("."), "0", "0", "0"])[2]) for code in set(codes.tolist())}
    return np.array([known[code] for code in codes.tolist()], dtype=np.float64)


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

    def words(self, word: str = "") -> NDArray[np.object_]:
        """Return a new column of one word, by default the empty one."""
        return np.full(len(self._order), word, dtype=object)

    def numbers(self) -> NDArray[np.float64]:
        """Return a new column of NaN."""
        return np.full(len(self._order), np.nan)
