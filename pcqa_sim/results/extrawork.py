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
import pandas as pd
from numpy.typing import NDArray

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
    NO_SLOT_ONLINE,
    RESULT_NOT_BACK,
    TOLD_ANOTHER_DAY,
    TRIAGE_RULE,
    WAITED_TOO_LONG,
)

FAILURE: Final = "failure"
MOVED: Final = "moved"
MISSED: Final = "missed"
LINES = (FAILURE, MOVED, MISSED)
COLUMNS = ("time", "line", "cause", "role", "minutes", "contact_time")

CAME_TO_NOTHING = {
    CALL_ANOTHER_DAY: TOLD_ANOTHER_DAY,
    RESULT_NOT_BACK: CHASE,
    APPOINTMENT_STANDS: WAITED_TOO_LONG,
}
"""Decisions that lead nowhere, and the failure that each of them is."""
_LINE_OF = {CANCELLED_BY_PRACTICE: MOVED, DNA_REBOOK: MISSED}
_GOT_NOWHERE = (
    CALLED_WHILE_CLOSED, AFTER_ENGAGED, AFTER_BALKING, AFTER_RENEGING, TOLD_ANOTHER_DAY, BOUNCED, NO_SLOT_ONLINE,
    FORM_REFUSED,
)  # fmt: skip
"""Causes behind which the reason for asking at all lies further back."""
_BEGAN_AGAIN = tuple(cause for cause in FAILURE_CAUSES if cause not in (*_GOT_NOWHERE, CHASE, WAITED_TOO_LONG))

Words = NDArray[np.object_]


def extra_work(tables: Tables, practice: Practice) -> pd.DataFrame:
    """Return a row for each piece of work that need not have been done.

    Columns are `time` (the minute at which it is known to be extra), `line` (failure, moved or missed), `cause` (a
    failure cause), `role`, `minutes`, and `contact_time`, which is true where the minutes are a consultation's.
    """
    known = _Contacts.of(tables)
    parts = [*_reception(tables, known), _consultations(tables, known), _kept_for_nobody(tables, practice)]
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class _Contacts:
    """What there is to know of each contact: the failure it was ("" for none), since when, and its reason."""

    failed_by: Words
    known_at: NDArray[np.float64]
    reason: Words
    by_practice: NDArray[np.bool_]

    @classmethod
    def of(cls, tables: Tables) -> _Contacts:
        contacts = tables.contacts
        parent = _parents(tables)
        cause, decided = contacts["cause"].to_numpy(), tables.rows(log.DECIDED)
        failed_by, known_at = np.full(len(contacts), "", dtype=object), np.full(len(contacts), -np.inf)
        at = tables.contact_rows(decided.key)
        failed_by[at] = [CAME_TO_NOTHING.get(word, "") for word in decided.code.tolist()]
        known_at[at] = decided.time
        child = np.flatnonzero((cause == BOUNCED) & (parent >= 0))
        failed_by[parent[child]] = BOUNCED
        known_at[parent[child]] = contacts["opened"].to_numpy()[child]
        brought_in = np.flatnonzero((cause == BROUGHT_IN) & (parent >= 0))
        moved = (cause == CANCELLED_BY_PRACTICE).astype(bool)
        found = cls(failed_by, known_at, _reasons(cause, parent), moved)
        found._look_fails_with(brought_in, parent[brought_in])
        return found

    def _look_fails_with(self, child: NDArray[np.int64], look: NDArray[np.int64]) -> None:
        """Let clinician triage have come to nothing where what it was to lead to did."""
        self.failed_by[look], self.known_at[look] = self.failed_by[child], self.known_at[child]


def _parents(tables: Tables) -> NDArray[np.int64]:
    """Return the row of each contact's parent, -1 for none."""
    contacts = tables.contacts
    ordinal, need = contacts["parent"].to_numpy(), contacts["need"].to_numpy()
    found = np.full(len(contacts), -1, dtype=np.int64)
    has = np.flatnonzero(ordinal >= 0)
    found[has] = tables.contact_rows(need[has] * 1000 + ordinal[has])
    return found


def _reasons(cause: Words, parent: NDArray[np.int64]) -> Words:
    """Return why each contact is made at all: its cause, or the first further back that is no failure to get through.

    Parents stand before their children.
    """
    found = cause.copy()
    for at in np.flatnonzero(np.isin(cause, _GOT_NOWHERE) & (parent >= 0)).tolist():
        found[at] = found[parent[at]]
    return found


def _reception(tables: Tables, known: _Contacts) -> list[pd.DataFrame]:
    """Return reception's work on contacts that came to nothing, or that were made because something had."""
    parts = []
    for event in (log.TALK_ENDED, log.FRONT_SEEN):
        rows = tables.rows(event)
        at = tables.contact_rows(rows.key)
        again = np.where(np.isin(known.reason[at], _BEGAN_AGAIN), known.reason[at], "")
        failed = np.where(known.by_practice[at], CANCELLED_BY_PRACTICE, known.failed_by[at])
        cause = np.where(failed != "", failed, again)
        since = np.where(failed != "", np.maximum(rows.time, known.known_at[at]), rows.time)
        parts.append(_table(since, cause, rows.who, rows.amount, contact_time=False))
    return parts


def _consultations(tables: Tables, known: _Contacts) -> pd.DataFrame:
    """Return consultations that repeat one, and clinician triage that came to nothing."""
    rows = tables.rows(log.CONSULT_ENDED)
    at = tables.contact_rows(rows.key)
    look = rows.code == BROUGHT_IN
    last = pd.Series(rows.code).mask(look).groupby(rows.need).ffill()  # the last full one, this one included
    before = last.groupby(rows.need).shift().to_numpy(dtype=object)
    repeats = np.isin(before.astype(str), tuple(FAILURE_CAUSES))
    cause = np.where(repeats, before, np.where(look, known.failed_by[at], ""))
    since = np.where(look & ~repeats, np.maximum(rows.time, known.known_at[at]), rows.time)
    return _table(since, cause, rows.who, rows.amount, contact_time=True)


def _kept_for_nobody(tables: Tables, practice: Practice) -> pd.DataFrame:
    """Return the time kept for appointments that were missed: the length of their slots."""
    missed = tables.appointments
    missed = missed[missed["status"] == "dna"]
    keys = zip(missed["role"], missed["release"], missed["mode"], strict=True)
    minutes = np.array([_slot_minutes(practice, *key) for key in keys], dtype=np.float64)
    cause = np.full(len(missed), DNA_REBOOK, dtype=object)
    return _table(missed["start"].to_numpy(), cause, missed["clinician"].to_numpy(), minutes, contact_time=False)


def _slot_minutes(practice: Practice, role: str, release: str, mode: str) -> float:
    """Return how long a role's slots of a release rule and mode are, or how long its consultations take."""
    mine, look = practice.role[role], practice.triage.clinician_triage
    if release == TRIAGE_RULE and look is not None:
        return look.mean_min
    blocks = [block for block in mine.template if (block.release, block.mode) == (release, mode)]
    if blocks:
        return sum(block.slots * block.minutes for block in blocks) / sum(block.slots for block in blocks)
    minutes: dict[str, float] = dict(mine.consultation_min.items())
    return minutes.get(mode, 0.0)


def _table(
    time: NDArray[np.float64], cause: Words, who: Words, minutes: NDArray[np.float64], contact_time: bool
) -> pd.DataFrame:
    """Return the rows that have a cause."""
    extra = cause != ""
    causes = cause[extra].astype(object)
    line = np.array([_LINE_OF.get(word, FAILURE) for word in causes.tolist()], dtype=object)
    columns = (time[extra], line, causes, role_of(who[extra]), minutes[extra])
    frame = pd.DataFrame(dict(zip(COLUMNS, columns, strict=False)))
    return frame.assign(contact_time=contact_time)
