"""From the log to tables: needs, contacts, appointments and staff minutes of one practice.

Everything here is read from the log alone, so a saved log gives the same tables as a fresh run. Each table is there as
columns, which metrics and checks count, and as a data frame for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Numbers, Words
from pcqa_sim.results.rows import LogRows, Rows, known, places
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import COMMUNITY, FAILURE_CAUSES, INFORMED, RESOLVED, SENT_ON, SIGNPOSTED
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

if TYPE_CHECKING:
    import pandas as pd

CALL_ENDINGS = (log.ENGAGED, log.MENU_ENDED, log.CALLBACK_REQUESTED, log.MISSED, log.ANSWERED)
IN_PROGRESS = "in_progress"


class Tables:
    """The tables of one practice, made from its rows of a log when first asked for."""

    def __init__(self, table: pa.Table, practice: str) -> None:
        self.practice = practice
        self._log = LogRows(table, practice)
        self._read: dict[str, Rows] = {}

    def rows(self, event: str) -> Rows:
        """Return the rows of one event, in order of time; asked again, it returns the same arrays."""
        if event not in self._read:
            self._read[event] = self._log.of(event)
        return self._read[event]

    def places(self, event: str) -> NDArray[np.int64]:
        """Return the places of the rows of one event in the log: what was written first comes first."""
        return self._log.places(event)

    def rows_of_needs(self, but: Sequence[str] = ()) -> tuple[Rows, NDArray[np.int64]]:
        """Return every row about a need in order of time, without its words, and each need's row (-1: never arose).

        Rows of some events may be left out.
        """
        rows, needs = self._log.about_needs, self._log.in_order_of_time(self._need_of_row)
        if not any(len(self.places(event)) for event in but):
            return rows, needs
        kept = self._log.kept_about_needs(but)
        return rows.where(kept), needs[kept]

    def needs_of(self, event: str) -> NDArray[np.int64]:
        """Return the row numbers in the table of needs of the needs that the rows of an event are about."""
        return known(self._log.part(self._need_of_row, event))

    def contacts_of(self, event: str) -> NDArray[np.int64]:
        """Return the row numbers in the table of contacts of the contacts that the rows of an event are about."""
        return known(self._log.part(self._contact_of_row, event))

    def contact_rows(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row numbers in the table of contacts of some keys (need x 1000 + contact)."""
        return known(places(keys, self.rows(log.CONTACT_OPENED).key))

    def need_places(self, needs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row numbers in the table of needs of some needs, by their numbers."""
        return known(places(needs, self.rows(log.NEED_AROSE).need))

    @cached_property
    def _need_of_row(self) -> NDArray[np.int64]:
        return places(self._log.every.need, self.rows(log.NEED_AROSE).need)

    @cached_property
    def _contact_of_row(self) -> NDArray[np.int64]:
        return places(self._log.every.key, self.rows(log.CONTACT_OPENED).key)

    @cached_property
    def need_columns(self) -> Columns:
        """Needs: person, kind, origin, arose, closed (minutes, NaN while open), ending, met, contacts so far, asked.

        `met` tells whether the practice resolved it, its message answered it, or the service met it that the practice
        sent the person to, such as a pharmacy, or a place in the community to which they went without asking; who went
        elsewhere on their own account, having got nowhere, is not known to be met. `asked` is when its first contact
        was opened (NaN for a need nobody asked about).
        """
        arose, closed, opened = map(self.rows, (log.NEED_AROSE, log.NEED_CLOSED, log.CONTACT_OPENED))
        many, end, begun = len(arose), self.needs_of(log.NEED_CLOSED), self.needs_of(log.CONTACT_OPENED)
        met = np.zeros(many, dtype=bool)
        met[end] = self._met(closed)
        return Columns(
            {
                "need": arose.need,
                "person": arose.person,
                "kind": arose.code,
                "origin": arose.who,
                "arose": arose.time,
                "closed": _numbers(many, end, closed.time),
                "ending": _words(many, end, closed.code, "open"),
                "met": met,
                "contacts": np.bincount(begun, minlength=many).astype(np.int64),
                "asked": _numbers(many, begun[::-1], opened.time[::-1]),
            }
        )

    def _met(self, closed: Rows) -> NDArray[np.bool_]:
        """Tell of needs that ended whether they were met: by the practice, its message, or where the person went."""
        at = self._log.part(self._contact_of_row, log.NEED_CLOSED)
        there = np.zeros(len(at), dtype=bool)
        for sent in (SIGNPOSTED, SENT_ON) if self._many else ():
            there |= self._codes(log.DECIDED)[at].same_as(closed.code.mapped(f"{sent}{{}}".format))
        return closed.code.isin((RESOLVED, INFORMED, COMMUNITY)) | (there & (at >= 0))

    def busiest_need(self) -> int:
        """Return the number of the need with most contacts (the first of them); -1 where nobody needed anything."""
        needs = self.need_columns
        return int(needs["need"][needs["contacts"].argmax()]) if len(needs) else -1

    @cached_property
    def contact_columns(self) -> Columns:
        """Contacts: need, contact, channel, parent, cause, failure, and what came of each (NaN or "" for nothing).

        `ending`, `why`, `ended` (the minute at which that was known) and `waited` (minutes) are of the call, the first
        two also of a refused form; `front_at` is the minute at which somebody at the desk or inbox sees to it,
        `front_min` their minutes; `decider` and `disposition` of the decision; `booked` whether an appointment was
        booked; `outcome`, `clinician` and `consult_min` of the consultation; `next_action` is what the person did after
        getting nowhere.
        """
        opened = self.rows(log.CONTACT_OPENED)
        made: dict[str, Numbers | Words] = {
            "person": opened.person,
            "need": opened.need,
            "contact": opened.contact,
            "channel": opened.who,
            "parent": opened.amount.astype(np.int64),
            "cause": opened.code,
            "opened": opened.time,
            "failure": opened.code.isin(FAILURE_CAUSES),
        }
        return Columns(made | self._call_columns(opened) | self._columns_after_the_call() | {"booked": self._booked()})

    def _call_columns(self, opened: Rows) -> dict[str, Numbers | Words]:
        """Return how the call of each contact ended, or that its form was refused."""
        many, endings = len(opened), (*CALL_ENDINGS, log.FORM_REFUSED)
        ending = Words(np.full(many, len(endings), dtype=np.int16), (*endings, "", IN_PROGRESS))
        ending.codes[opened.who == "phone"] = len(endings) + 1
        why = _words(many, self.contacts_of(endings[0]), self.rows(endings[0]).code)
        ended, waited = np.full(many, np.nan), np.full(many, np.nan)
        for number, event in enumerate(endings):
            rows, at = self.rows(event), self.contacts_of(event)
            ending.codes[at], why.codes[at] = number, rows.code.codes
            if event in CALL_ENDINGS:
                ended[at] = rows.time
                waited[at] = rows.amount if event in (log.MISSED, log.ANSWERED) else np.nan
        return {"ending": ending, "why": why, "ended": ended, "waited": waited}

    def _columns_after_the_call(self) -> dict[str, Numbers | Words]:
        """Return talk, desk, callback, decision, consultation and next action of each contact."""
        return {
            "talk_min": self._amounts(log.TALK_ENDED),
            "front_min": self._amounts(log.FRONT_SEEN),
            "front_at": _numbers(self._many, self.contacts_of(log.FRONT_SEEN), self.rows(log.FRONT_SEEN).time),
            "called_back_after": self._amounts(log.CALLED_BACK),
            "disposition": self._codes(log.DECIDED),
            "decider": self._whose(log.DECIDED),
            "outcome": self._codes(log.CONSULT_ENDED),
            "clinician": self._whose(log.CONSULT_ENDED),
            "consult_min": self._amounts(log.CONSULT_ENDED),
            "next_action": self._codes(log.NEXT_ACTION),
        }

    @property
    def _many(self) -> int:
        """Return how many contacts there are."""
        return len(self.rows(log.CONTACT_OPENED))

    def _amounts(self, event: str) -> Numbers:
        """Return the amount of each contact's row of an event, NaN where it has none."""
        return _numbers(self._many, self.contacts_of(event), self.rows(event).amount)

    def _codes(self, event: str) -> Words:
        """Return the code of each contact's row of an event, "" where it has none."""
        return _words(self._many, self.contacts_of(event), self.rows(event).code)

    def _whose(self, event: str) -> Words:
        """Return whose each contact's row of an event is, "" where it has none."""
        return _words(self._many, self.contacts_of(event), self.rows(event).who)

    def _booked(self) -> NDArray[np.bool_]:
        """Return of each contact whether an appointment was booked."""
        booked = np.zeros(self._many, dtype=bool)
        booked[self.contacts_of(log.BOOKED)] = True
        return booked

    @cached_property
    def call_columns(self) -> Columns:
        """Return the contacts made by phone."""
        return self.contact_columns.where(self.contact_columns.words("channel") == "phone")

    @cached_property
    def appointment_columns(self) -> Columns:
        """Appointments: who, with whom, booked and start (minutes), lead_days, status, late_min, minutes, outcome.

        `role` is the clinician's; `release` and `mode` are the slot's; `status` is attended, dna (did not attend),
        cancelled, or open; minutes late and of consultation are NaN unless attended.
        """
        booked, ended = self.rows(log.BOOKED), self.rows(log.CONSULT_ENDED)
        many, at = len(booked), known(places(ended.key, booked.key))
        seen_by = np.arange(many)
        seen_by[at] = many + np.arange(len(ended))  # who triages is known only then
        start = np.round(booked.time + booked.amount, 2)  # amounts are kept in 32 bits; midnight must stay midnight
        status = Words(np.zeros(many, dtype=np.int16), ("open", "attended", "dna", "cancelled"))
        for event, number in ((log.CONSULT_ENDED, 1), (log.DID_NOT_ATTEND, 2), (log.CANCELLED, 3)):
            status.codes[known(places(self.rows(event).key, booked.key))] = number
        when = booked.time - booked.code.worth(_days_before) * DAY
        return Columns(
            {
                "person": booked.person,
                "need": booked.need,
                "contact": booked.contact,
                "role": role_of(booked.who),
                "clinician": Words.joined(booked.who, ended.who)[seen_by],
                "release": _part_of(booked.code, 0),
                "mode": _part_of(booked.code, 1),
                "booked": when,
                "start": start,
                "lead_days": (start // DAY - when // DAY).astype(np.int64),
                "status": status,
                "late_min": _numbers(many, at, np.maximum(ended.time - ended.amount - start[at], 0.0)),
                "minutes": _numbers(many, at, ended.amount),
                "outcome": _words(many, at, ended.code),
            }
        )

    @cached_property
    def staff_minute_columns(self) -> Columns:
        """Minutes worked: when they ended, role, clinician ("" for reception), activity, minutes.

        Activities are talk (on the phone), front (desk and inbox), and of clinicians' sessions rostered, consulting,
        back_office, list_work, idle and overtime; all but the first and the last add up to these two.
        """
        talk, front, session = self.rows(log.TALK_ENDED), self.rows(log.FRONT_SEEN), self.rows(log.SESSION_ENDED)
        calls, desk = len(talk), len(front)
        duty = Words.joined(Words.same(CALL_HANDLER, calls), Words.same(FRONT_DESK, desk))
        activity = Words.joined(Words.same("talk", calls), Words.same("front", desk), session.code)
        time = np.concatenate([talk.time, front.time, session.time])
        whole = Columns(
            {
                "time": time,
                "role": Words.joined(duty, role_of(session.who)),
                "clinician": Words.joined(Words.same("", calls + desk), session.who),
                "activity": activity,
                "minutes": np.concatenate([talk.amount, front.amount, session.amount]),
            }
        )
        return whole.where(np.argsort(time, kind="stable"))

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Return the needs as a data frame, with a need's number for each row (see `need_columns`)."""
        return self.need_columns.frame(index="need")

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """Return the contacts as a data frame (see `contact_columns`)."""
        return self.contact_columns.frame()

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Return the contacts made by phone as a data frame."""
        return self.contacts[self.contacts["channel"] == "phone"]

    @cached_property
    def appointments(self) -> pd.DataFrame:
        """Return the appointments as a data frame (see `appointment_columns`)."""
        return self.appointment_columns.frame()

    @cached_property
    def staff_minutes(self) -> pd.DataFrame:
        """Return the minutes staff spent as a data frame (see `staff_minute_columns`)."""
        return self.staff_minute_columns.frame()


def role_of(clinicians: Words) -> Words:
    """Return the roles of clinician keys: "gp" of "gp.3"."""
    return _part_of(clinicians, 0)


def _part_of(words: Words, part: int) -> Words:
    """Return one part of words joined by a dot, "" where there are not so many."""
    return words.mapped(lambda word: ([*word.split("."), ""])[part] if part else word.split(".")[0])


def _days_before(code: str) -> float:
    """Return how many days before the run an appointment of this code was booked, 0 for one booked in it."""
    return float(([*code.split("."), "0", "0", "0"])[2])


def _numbers(many: int, at: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a column of so many rows with values at some places and NaN elsewhere."""
    column = np.full(many, np.nan)
    column[at] = values
    return column


def _words(many: int, at: NDArray[np.int64], values: Words, elsewhere: str = "") -> Words:
    """Return a column of so many rows with words at some places and one word elsewhere."""
    words = values.words if elsewhere in values.words else (*values.words, elsewhere)
    codes = np.full(many, words.index(elsewhere), dtype=np.int16)
    codes[at] = values.codes
    return Words(codes, words)
