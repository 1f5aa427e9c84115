"""What must hold in every run: nothing is lost and nothing appears from nowhere.

The log is checked against itself and against the state the run ended in. A breach names the event.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY, clock_time
from pcqa_sim.needs import (
    AFTER_ABANDONING,
    AFTER_ENGAGED,
    AFTER_PUT_OFF,
    AHEAD,
    CLOSED,
    DESK,
    DNA_REBOOK,
    FAILURE_CAUSES,
    NEED_ENDINGS,
    NEW,
    ON_THE_DAY,
    PLANNED_FOLLOW_UP,
    PUT_OFF,
    RANG_WHILE_CLOSED,
    RING_ANOTHER_DAY,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    VALUE_CAUSES,
)
from pcqa_sim.simulation import EndState, Happened
from pcqa_sim.tables import CALL_ENDINGS, IN_PROGRESS, Rows, Tables

_ONCE_A_CONTACT = (
    log.CONTACT_OPENED,
    log.QUEUED,
    log.TALK_ENDED,
    log.CALLED_BACK,
    log.DESK_SEEN,
    log.DECIDED,
    log.BOOKED,
    log.CONSULT_ENDED,
    log.DID_NOT_ATTEND,
    log.OUTCOME,
    log.FATE,
)


class ConservationError(RuntimeError):
    """A run in which something was lost or appeared from nowhere: a fault of the program, not of the input."""


def check(happened: Happened) -> dict[str, Tables]:
    """Check every practice of a run; return their tables, or raise ConservationError naming the event."""
    if (np.diff(happened.log.column("time_min").to_numpy()) < 0).any():
        raise ConservationError("the log does not run forward in time")
    checked = {}
    for key, end in happened.end.items():
        try:
            checked[key] = tables = Tables(happened.log, key)
            check_contacts(tables)
            check_calls(tables, end)
            check_needs(tables, end)
            check_slots(tables, end)
        except ValueError as fault:
            raise ConservationError(f"practice {key}: {fault}") from fault
    return checked


def check_contacts(tables: Tables) -> None:
    """Every contact but a need's first has one parent before it, and every contact the cause its parent gave it."""
    contacts = tables.contacts
    for event in _ONCE_A_CONTACT:
        _unique(tables.rows(event), f"has {event} twice")
    first = contacts["contact"] == 0
    _all(contacts, ~first | ((contacts["parent"] == -1) & (contacts["cause"] == NEW)), "is first but has a parent")
    later = (contacts["parent"] >= 0) & (contacts["parent"] < contacts["contact"])
    _all(contacts, first | later, "has no parent before it")
    known = contacts["cause"].isin([*FAILURE_CAUSES, *VALUE_CAUSES]) & (first | (contacts["cause"] != NEW))
    _all(contacts, known, "has no cause")
    _check_causes(tables)


def _check_causes(tables: Tables) -> None:
    """A cause is what happened to the parent: a failed call, a refusal, a missed appointment or a consultation."""
    contacts = tables.contacts
    place = pd.Series(np.arange(len(contacts)), index=contacts["need"] * 1000 + contacts["contact"])
    later = contacts[contacts["contact"] > 0]
    parent = contacts.iloc[place.loc[later["need"] * 1000 + later["parent"]].to_numpy()]
    missed = set(tables.rows(log.DID_NOT_ATTEND).key.tolist())
    here = {
        RANG_WHILE_CLOSED: (parent["why"] == CLOSED) | (parent["channel"] == DESK),
        AFTER_PUT_OFF: parent["why"] == PUT_OFF,
        AFTER_ENGAGED: parent["ending"] == log.ENGAGED,
        AFTER_ABANDONING: parent["ending"] == log.MISSED,
        TOLD_ANOTHER_DAY: parent["disposition"] == RING_ANOTHER_DAY,
        UNRESOLVED: parent["outcome"] == UNRESOLVED,
        PLANNED_FOLLOW_UP: parent["outcome"] == PLANNED_FOLLOW_UP,
        DNA_REBOOK: (parent["need"] * 1000 + parent["contact"]).isin(missed),
    }
    good = np.zeros(len(later), dtype=bool)
    for cause, happened in here.items():
        good |= (later["cause"] == cause).to_numpy() & happened.to_numpy()
    _all(later, pd.Series(good, index=later.index), "has a cause that did not happen to its parent")


def check_calls(tables: Tables, end: EndState) -> None:
    """Calls = answered + menu + callback + missed + engaged + in progress, each ending once."""
    endings = [tables.rows(event) for event in CALL_ENDINGS]
    _unique(_together(endings), "its call ended twice")
    calls = tables.calls
    talking = (calls["ending"] == log.ANSWERED) & calls["talk_min"].isna()
    on_the_phone = int((calls["ending"] == IN_PROGRESS).sum() + talking.sum())
    if on_the_phone != end.on_the_phone:
        raise ConservationError(f"{on_the_phone} calls are in progress by the log, {end.on_the_phone} on the lines")
    due = int(((calls["ending"] == log.CALLBACK_REQUESTED) & calls["called_back_after"].isna()).sum())
    if due != end.callbacks_due:
        raise ConservationError(f"{due} callbacks are due by the log, {end.callbacks_due} in the queue")


def check_needs(tables: Tables, end: EndState) -> None:
    """Every need arose once, and has exactly one outcome or is open; nothing happens to it before or after."""
    arose, closed = tables.rows(log.NEED_AROSE), tables.rows(log.NEED_CLOSED)
    _unique(arose, "arose twice")
    _unique(_with_contact(closed, 0), "ended twice")
    unknown = ~np.isin(closed.code, NEED_ENDINGS)
    if unknown.any():
        ending = f"ended as {closed.code[unknown][0]!r}, which is no ending"
        raise ConservationError(f"need {closed.need[unknown][0]} {ending}")
    rows = tables.rows_of_needs()
    began = pd.Series(arose.time, index=arose.need).reindex(rows.need).to_numpy()
    ended = pd.Series(closed.time, index=closed.need).reindex(rows.need).fillna(np.inf).to_numpy()
    for wrong, fault in (
        (~(rows.time >= began), "happened to a need that had not arisen"),
        (rows.time > ended, "happened after the need ended"),
    ):
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            raise ConservationError(_name(rows.need[at], rows.contact[at], rows.time[at], fault))
    still_open = len(arose) - len(closed)
    if still_open != end.needs_open:
        raise ConservationError(f"{still_open} needs are open by the log, {end.needs_open} in the practice")


def check_slots(tables: Tables, end: EndState) -> None:
    """Slots opened = taken + lapsed + still free; booked appointments = slots taken, each used once."""
    booked = tables.rows(log.BOOKED)
    for release in (ON_THE_DAY, AHEAD):
        rows = int((booked.code == release).sum())
        if rows != end.slots_taken[release]:
            raise ConservationError(f"{rows} {release} appointments by the log, {end.slots_taken[release]} slots taken")
        left = end.slots_opened[release] - end.slots_taken[release] - end.slots_lapsed[release]
        if left != end.slots_free[release]:
            raise ConservationError(f"{left} {release} slots should be free, {end.slots_free[release]} are")
    _unique(
        _together([tables.rows(log.CONSULT_ENDED), tables.rows(log.DID_NOT_ATTEND)]),
        "its appointment was used twice",
    )


def _together(parts: list[Rows]) -> Rows:
    """Return the rows of several events as one."""
    return Rows(*(np.concatenate([getattr(rows, name) for rows in parts]) for name in Rows.__dataclass_fields__))


def _with_contact(rows: Rows, contact: int) -> Rows:
    return Rows(rows.time, rows.person, rows.need, np.full(len(rows), contact), rows.who, rows.code, rows.amount)


def _unique(rows: Rows, fault: str) -> None:
    """Refuse two rows for one contact."""
    order = np.argsort(rows.key, kind="stable")
    again = np.flatnonzero(np.diff(rows.key[order]) == 0)
    if len(again):
        at = order[again[0] + 1]
        raise ConservationError(_name(rows.need[at], rows.contact[at], rows.time[at], fault))


def _all(contacts: pd.DataFrame, good: pd.Series, fault: str) -> None:
    """Refuse a contact that is not good."""
    if not good.all():
        row = contacts[~good].iloc[0]
        raise ConservationError(_name(row["need"], row["contact"], row["opened"], fault))


def _name(need: int, contact: int, minute: float, fault: str) -> str:
    return f"need {need}, contact {contact}, day {int(minute // DAY)} {clock_time(minute)}: {fault}"
