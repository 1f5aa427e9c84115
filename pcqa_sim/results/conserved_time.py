"""What the practice gives adds up: slots, the minutes of sessions, and paperwork."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.breaches import A_LITTLE, ConservationError, last_minute, once
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import Tables, role_of
from pcqa_sim.simulation import EndState
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, clock_time

_ACTIVITIES = (
    log.CONSULTING,
    log.BACK_OFFICE,
    log.LIST_WORK,
    log.IDLE,
    log.ROSTERED,
    log.OVERTIME,
    log.TRAVELLING,
    log.LENT,
    log.IN_MEETINGS,
)
_HOUR = 60.0  # minutes; a clinician turns to the next patient at most so long before the time
_PAPERWORK_TOLERANCE = 0.5  # minutes, of sums over a whole run


def check_slots(tables: Tables, end: EndState) -> None:
    """Slots opened = used + missed + unused + withdrawn + open, by role and release rule; each booking ends once."""
    by_log = _slots_by_log(tables)
    for (role, release), opened in end.slots_opened.items():
        name = f"{role}.{release}"
        count = {state: found.get((role, release), 0) for state, found in by_log.items()}
        state = {
            which: getattr(end, f"slots_{which}").get((role, release), 0)
            for which in ("taken", "returned", "called", "done", "unused", "withdrawn", "free")
        }
        if (count["taken"], count["returned"]) != (state["taken"], state["returned"]):
            raise ConservationError(f"{name}: {count} appointments by the log, {state} slots in the diary")
        over = count["used"] + count["missed"]
        if over != state["done"] or not 0 <= state["called"] - over <= count["due"]:
            raise ConservationError(f"{name}: {count} appointments by the log, {state} in the diary were called in")
        left = opened - count["used"] - count["missed"] - count["open"] - state["unused"] - state["withdrawn"]
        if left != state["free"]:
            raise ConservationError(f"{left} slots of {name} should be free, {state['free']} are")
    events = (log.CONSULT_ENDED, log.DID_NOT_ATTEND, log.CANCELLED)
    once(Rows.together([tables.rows(event) for event in events]), "its appointment ended twice")


def _slots_by_log(tables: Tables) -> dict[str, dict[tuple[str, str], int]]:
    """Return how many appointments of each role and release rule the log has in each state."""
    booked = tables.appointment_columns
    status, role, release = (booked.words(name) for name in ("status", "role", "release"))
    states = {"taken": np.ones(len(booked), dtype=bool)}
    states |= {
        state: status == word
        for state, word in (("returned", "cancelled"), ("used", "attended"), ("missed", "dna"), ("open", "open"))
    }
    states["due"] = states["open"] & (booked["start"] <= last_minute(tables) + _HOUR)
    kind, rules = role.codes.astype(np.int64) * len(release.words) + release.codes, len(release.words)
    counts = {state: np.bincount(kind[which]).tolist() for state, which in states.items()}
    return {
        state: {(role.words[at // rules], release.words[at % rules]): many for at, many in enumerate(found) if many}
        for state, found in counts.items()
    }


def check_sessions(tables: Tables) -> None:
    """Minutes = consulting + back office + list work + idle = rostered + overtime in each session; none is negative."""
    rows = tables.rows(log.SESSION_ENDED)
    if not len(rows):
        return
    if (rows.amount < -A_LITTLE).any():
        raise ConservationError(f"{rows.who.tolist()[rows.amount.argmin()]} spent less than no time on something")
    sessions, which = _sessions(rows)
    spent = {code: np.bincount(which, rows.amount * (rows.code == code), len(sessions)) for code in _ACTIVITIES}
    at_work = sum(spent[code] for code in _ACTIVITIES if code not in (log.ROSTERED, log.OVERTIME))
    wrong = np.abs(at_work - spent[log.ROSTERED] - spent[log.OVERTIME]) > A_LITTLE
    if wrong.any():
        first = sessions.where(wrong)
        at = f"day {int(first.time[0] // DAY)} {clock_time(first.time[0])}"
        raise ConservationError(f"{first.who.tolist()[0]}, {at}: minutes do not add up")
    total, by_log = float(spent[log.CONSULTING].sum()), _consulted(tables, rows)
    if abs(total - by_log) > A_LITTLE * max(1, len(sessions)):
        raise ConservationError(f"sessions had {total:.1f} minutes of consultations, the log {by_log:.1f}")


def _sessions(rows: Rows) -> tuple[Rows, NDArray[np.int64]]:
    """Return the first row of each session (a clinician's that ended at one minute), and of every row its session."""
    _, minute = np.unique(rows.time, return_inverse=True)
    session = minute.astype(np.int64) * len(rows.who.words) + rows.who.codes
    _, first, which = np.unique(session, return_index=True, return_inverse=True)
    return rows.where(first.astype(np.int64)), which.astype(np.int64)


def _consulted(tables: Tables, rows: Rows) -> float:
    """Return the minutes of consultations by the log, of each clinician up to the end of their last session."""
    ended, last = tables.rows(log.CONSULT_ENDED), np.full(len(rows.who.words), -np.inf)
    np.maximum.at(last, rows.who.codes, rows.time)
    return float(ended.amount[ended.time <= last[ended.who.codes]].sum())


def check_paperwork(tables: Tables) -> None:
    """What waits at the end of each day = what waited at first + what came in - what was done, by role, in minutes."""
    waiting, made, ended = (tables.rows(event) for event in (log.PAPERWORK, log.PAPERWORK_MADE, log.SESSION_ENDED))
    asked, came, gone = (tables.places(event) for event in (log.PAPERWORK, log.PAPERWORK_MADE, log.SESSION_ENDED))
    whose, worked = role_of(ended.who), ended.code == log.BACK_OFFICE
    for role in waiting.who.distinct():
        here, made_by, worked_by = waiting.who == role, made.who == role, worked & (whose == role)
        left, so_far = waiting.amount[here], asked[here]
        change = _sums(made.amount[made_by], came[made_by], so_far) - _sums(
            ended.amount[worked_by], gone[worked_by], so_far
        )
        wrong = np.abs(left - change - (left[0] - change[0])) > _PAPERWORK_TOLERANCE
        if wrong.any():
            day = int(waiting.time[here][wrong][0] // DAY)
            raise ConservationError(f"{role}, day {day}: paperwork does not add up")


def _sums(amounts: NDArray[np.float64], places: NDArray[np.int64], until: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums of the amounts whose rows stand before each of some places in the log."""
    return np.concatenate([[0.0], np.cumsum(amounts)])[np.searchsorted(places, until)]
