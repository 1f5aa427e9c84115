"""Work that need not have been done, read from the log: what came to nothing, and what had to be done again.

One rule for all access models. A contact's reception time is extra where the contact came to nothing: told to call
another day, sent elsewhere and back, an answer that there is no answer yet. So is clinician triage that came
to nothing. A consultation is extra where it repeats one: the last full consultation about the same need had failed (it
was not resolved, was with the wrong clinician, was told to somebody new). So is the reception time that led to it. The
first consultation of a need is therefore never extra, and of two calls of which one came to nothing, one is.

Appointments that the practice moved and appointments that were missed stand on lines of their own, each with the
reception time that put another in its place, and, where one was missed, the time that was kept for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.rows import MOST_CONTACTS, Rows
from pcqa_sim.results.tables import Tables, role_of
from pcqa_sim.scenario import Practice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    APPOINTMENT_STANDS,
    BOUNCED,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    CALLED_WHILE_CLOSED,
    CANCELLED_BY_PRACTICE,
    CHASE,
    DNA_REBOOK,
    FAILURE_CAUSES,
    FORM_REFUSED,
    NO_NEXT_STEP,
    NO_SLOT_ONLINE,
    NOT_CALLED_BACK,
    RESULT_NOT_BACK,
    SENT_TO_FORM,
    TOLD_ANOTHER_DAY,
    TRIAGE_RULES,
    WAITED_TOO_LONG,
    WRONGLY_ADVISED,
)

FAILURE: Final = "failure"
MOVED: Final = "moved"
MISSED: Final = "missed"
LINES = (FAILURE, MOVED, MISSED)

CAME_TO_NOTHING = {
    CALL_ANOTHER_DAY: TOLD_ANOTHER_DAY,
    RESULT_NOT_BACK: CHASE,
    APPOINTMENT_STANDS: WAITED_TOO_LONG,
    NO_NEXT_STEP: NO_NEXT_STEP,
}
"""Decisions that lead nowhere, and the failure that each of them is."""
_LINE_OF = {CANCELLED_BY_PRACTICE: MOVED, DNA_REBOOK: MISSED}
_GOT_NOWHERE = (
    CALLED_WHILE_CLOSED, AFTER_ENGAGED, AFTER_BALKING, AFTER_RENEGING, NOT_CALLED_BACK, TOLD_ANOTHER_DAY, BOUNCED,
    NO_SLOT_ONLINE, FORM_REFUSED, SENT_TO_FORM, NO_NEXT_STEP, WRONGLY_ADVISED,
)  # fmt: skip
"""Causes behind which the reason for asking at all lies further back."""
_BEGAN_AGAIN = tuple(cause for cause in FAILURE_CAUSES if cause not in (*_GOT_NOWHERE, CHASE, WAITED_TOO_LONG))

_CAUSES = ("", *FAILURE_CAUSES)
"""The words of a column that says which failure something was, the first for none."""


def extra_work(tables: Tables, practice: Practice) -> Columns:
    """Return a row for each piece of work that need not have been done.

    Columns are `time` (the minute at which it is known to be extra), `line` (failure, moved or missed), `cause` (a
    failure cause), `role`, `minutes`, and `contact_time`, which is true where the minutes are a consultation's.
    """
    known = _Contacts.of(tables)
    parts = [*_reception(tables, known), _consultations(tables, known), _kept_for_nobody(tables, practice)]
    return _table([part.extra() for part in parts])


@dataclass(frozen=True)
class _Work:
    """Work that may have been extra: since when that is known, which failure it was (by its place in _CAUSES)."""

    time: NDArray[np.float64]
    cause: NDArray[np.int16]
    who: Words
    minutes: NDArray[np.float64]
    contact_time: bool

    def extra(self) -> _Work:
        """Return the part that has a cause."""
        at = np.flatnonzero(self.cause)
        return _Work(self.time[at], self.cause[at], self.who[at], self.minutes[at], self.contact_time)


def _table(parts: list[_Work]) -> Columns:
    """Return work as one table."""
    cause = Words(np.concatenate([part.cause for part in parts]), _CAUSES)
    return Columns(
        {
            "time": np.concatenate([part.time for part in parts]),
            "line": cause.mapped(lambda word: _LINE_OF.get(word, FAILURE)),
            "cause": cause,
            "role": role_of(Words.joined(*(part.who for part in parts))),
            "minutes": np.concatenate([part.minutes for part in parts]),
            "contact_time": np.repeat([part.contact_time for part in parts], [len(part.time) for part in parts]),
        }
    )


@dataclass(frozen=True)
class _Contacts:
    """What there is to know of each contact: the failure it was (0 for none), since when, and its reason (0 for none).

    Failures and reasons are places in _CAUSES; reasons are those for which people begin again.
    """

    failed_by: NDArray[np.int16]
    known_at: NDArray[np.float64]
    reason: NDArray[np.int16]
    by_practice: NDArray[np.bool_]

    @classmethod
    def of(cls, tables: Tables) -> _Contacts:
        contacts, decided = tables.contact_columns, tables.rows(log.DECIDED)
        cause, parent, at = contacts.words("cause"), _parents(tables), tables.contacts_of(log.DECIDED)
        failed_by, known_at = np.zeros(len(contacts), dtype=np.int16), np.full(len(contacts), -np.inf)
        failed_by[at] = _causes(decided.code.mapped(lambda word: CAME_TO_NOTHING.get(word, "")))
        known_at[at] = decided.time
        for sent_back in (BOUNCED, WRONGLY_ADVISED):
            child = np.flatnonzero((cause == sent_back) & (parent >= 0))
            failed_by[parent[child]] = _CAUSES.index(sent_back)
            known_at[parent[child]] = contacts["opened"][child]
        brought_in = np.flatnonzero((cause == BROUGHT_IN) & (parent >= 0))
        found = cls(failed_by, known_at, _reasons(cause, parent), cause == CANCELLED_BY_PRACTICE)
        found._look_fails_with(brought_in, parent[brought_in])
        return found

    def _look_fails_with(self, child: NDArray[np.int64], look: NDArray[np.int64]) -> None:
        """Let clinician triage have come to nothing where what it was to lead to did."""
        self.failed_by[look], self.known_at[look] = self.failed_by[child], self.known_at[child]


def _causes(words: Words) -> NDArray[np.int16]:
    """Return each word's place in _CAUSES, 0 for what is no failure."""
    return words.over(_CAUSES).codes.astype(np.int16, copy=False)


def _parents(tables: Tables) -> NDArray[np.int64]:
    """Return the row of each contact's parent, -1 for none."""
    contacts = tables.contact_columns
    found = np.full(len(contacts), -1, dtype=np.int64)
    has = np.flatnonzero(contacts["parent"] >= 0)
    found[has] = tables.contact_rows(contacts["need"][has] * MOST_CONTACTS + contacts["parent"][has])
    return found


def _reasons(cause: Words, parent: NDArray[np.int64]) -> NDArray[np.int16]:
    """Return why each contact is made at all: its cause, or the first further back that is no failure to get through.

    What is no reason to begin again is 0.
    """
    at = np.where(cause.isin(_GOT_NOWHERE) & (parent >= 0), parent, np.arange(len(cause)))
    while ((further := at[at]) != at).any():
        at = further
    return np.where(cause.isin(_BEGAN_AGAIN), _causes(cause), np.int16(0))[at]


def _reception(tables: Tables, known: _Contacts) -> list[_Work]:
    """Return reception's work on contacts that came to nothing, or that were made because something had."""
    parts = []
    for event in (log.TALK_ENDED, log.FRONT_SEEN):
        rows, at = tables.rows(event), tables.contacts_of(event)
        moved = np.int16(_CAUSES.index(CANCELLED_BY_PRACTICE))
        failed = np.where(known.by_practice[at], moved, known.failed_by[at])
        cause = np.where(failed != 0, failed, known.reason[at])
        since = np.where(failed != 0, np.maximum(rows.time, known.known_at[at]), rows.time)
        parts.append(_Work(since, cause, rows.who, rows.amount, contact_time=False))
    return parts


def _consultations(tables: Tables, known: _Contacts) -> _Work:
    """Return consultations that repeat one, and clinician triage that came to nothing."""
    rows, at = tables.rows(log.CONSULT_ENDED), tables.contacts_of(log.CONSULT_ENDED)
    look, before = rows.code == BROUGHT_IN, _full_before(rows)
    cause = np.where(before != 0, before, np.where(look, known.failed_by[at], np.int16(0)))
    since = np.where(look & (before == 0), np.maximum(rows.time, known.known_at[at]), rows.time)
    return _Work(since, cause, rows.who, rows.amount, contact_time=True)


def _full_before(rows: Rows) -> NDArray[np.int16]:
    """Return which failure the last full consultation before each, about the same need, was: 0 for none."""
    order = np.argsort(rows.need, kind="stable")
    need, code = rows.need[order], _causes(rows.code)[order]
    place = np.arange(len(need))
    last = np.maximum.accumulate(np.where(rows.code[order] == BROUGHT_IN, -1, place)) if len(need) else place
    before = np.append(-1, last)[:-1]
    same = before >= np.searchsorted(need, need)  # not before the first about this need
    found = np.zeros(len(need), dtype=np.int16)
    found[order] = np.where(same, code[before], np.int16(0))
    return found


def _kept_for_nobody(tables: Tables, practice: Practice) -> _Work:
    """Return the time kept for appointments that were missed: the length of their slots."""
    missed = tables.appointment_columns
    missed = missed.where(missed.words("status") == "dna")
    keys = list(zip(*(missed.words(name) for name in ("role", "release", "mode")), strict=True))
    length = {key: _slot_minutes(practice, *key) for key in dict.fromkeys(keys)}
    minutes = np.array([length[key] for key in keys], dtype=np.float64)
    cause = np.full(len(missed), _CAUSES.index(DNA_REBOOK), dtype=np.int16)
    return _Work(missed["start"], cause, missed.words("clinician"), minutes, contact_time=False)


def _slot_minutes(practice: Practice, role: str, release: str, mode: str) -> float:
    """Return how long a role's slots of a release rule and mode are, or how long its consultations take."""
    mine, look = practice.role[role], practice.triage.clinician_triage
    if release in TRIAGE_RULES and look is not None:
        return look.mean_min
    every = (block for template in mine.templates.values() for block in template)
    blocks = [block for block in every if (block.release, block.mode) == (release, mode)]
    if blocks:
        return sum(block.slots * block.minutes for block in blocks) / sum(block.slots for block in blocks)
    minutes: dict[str, float] = dict(mine.consultation_min.items())
    return minutes.get(mode, 0.0)
