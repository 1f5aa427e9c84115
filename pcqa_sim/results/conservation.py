"""What must hold in every run: nothing is lost and nothing appears from nowhere.

The log is checked against itself and against the state the run ended in. A breach names the event.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.results.tables import CALL_ENDINGS, IN_PROGRESS, Rows, Tables, role_of
from pcqa_sim.simulation import EndState, Happened
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, clock_time
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    APP,
    AWAITING_TEST,
    BALKED,
    BOUNCED,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    CALLED_WHILE_CLOSED,
    CANCELLED_BY_PRACTICE,
    CHASE,
    CLOSED,
    DESK,
    DNA_REBOOK,
    FAILURE_CAUSES,
    FORM_REFUSED,
    NEED_ENDINGS,
    NEW,
    NO_CONTINUITY,
    NO_SLOT_ONLINE,
    ONLINE,
    PAPERWORK_TO_DO,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    SIGNPOSTED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    VALUE_CAUSES,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
)
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

_ONCE_A_CONTACT = (
    log.CONTACT_OPENED,
    log.QUEUED,
    log.TALK_ENDED,
    log.CALLED_BACK,
    log.FORM_REFUSED,
    log.FRONT_SEEN,
    log.DECIDED,
    log.BOOKED,
    log.CANCELLED,
    log.CONSULT_ENDED,
    log.DID_NOT_ATTEND,
    log.RESULT_BACK,
    log.NEXT_ACTION,
)


_HOUR = 60.0  # minutes; a clinician turns to the next patient at most so long before the time
_A_LITTLE = 1e-3  # minutes; amounts are kept in 32 bits
_PAPERWORK_TOLERANCE = 0.5  # minutes, of sums over a whole run


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
            check_front(tables, end)
            check_slots(tables, end)
            check_sessions(tables)
            check_paperwork(tables)
        except (ConservationError, ValueError) as fault:
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
    key = parent["need"] * 1000 + parent["contact"]
    missed, cancelled = (tables.rows(event) for event in (log.DID_NOT_ATTEND, log.CANCELLED))
    by = {who: key.isin(cancelled.key[cancelled.code == who]) for who in (log.BY_PATIENT, log.BY_PRACTICE)}
    at_practice = later["channel"].to_numpy() == PRACTICE
    here = {
        CALLED_WHILE_CLOSED: (parent["why"] == CLOSED) | (parent["channel"] == DESK),
        AFTER_BALKING: parent["why"] == BALKED,
        AFTER_ENGAGED: parent["ending"] == log.ENGAGED,
        AFTER_RENEGING: parent["ending"] == log.MISSED,
        TOLD_ANOTHER_DAY: (parent["disposition"] == CALL_ANOTHER_DAY)
        | (at_practice & (parent["channel"] == PRACTICE) & ~parent["booked"]),
        UNRESOLVED: parent["outcome"] == UNRESOLVED,
        WRONG_CLINICIAN: parent["outcome"] == WRONG_CLINICIAN,
        NO_CONTINUITY: parent["outcome"] == NO_CONTINUITY,
        PLANNED_FOLLOW_UP: parent["outcome"] == PLANNED_FOLLOW_UP,
        BROUGHT_IN: at_practice & (parent["outcome"] == BROUGHT_IN),
        BOUNCED: parent["disposition"].str.startswith(SIGNPOSTED),
        CHASE: (parent["outcome"] == AWAITING_TEST) | (parent["disposition"] == PAPERWORK_TO_DO),
        DNA_REBOOK: key.isin(missed.key),
        WAITED_TOO_LONG: parent["booked"],
        REARRANGED: by[log.BY_PATIENT],
        CANCELLED_BY_PRACTICE: by[log.BY_PRACTICE],
        NO_SLOT_ONLINE: (parent["channel"] == APP) & ~parent["booked"],
        FORM_REFUSED: parent["ending"] == log.FORM_REFUSED,
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
    decided = calls["decider"] == CALL_HANDLER
    _all(calls, ~decided | calls["talk_min"].notna(), "was decided without a talk")
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


def check_front(tables: Tables, end: EndState) -> None:
    """Contacts at the desk, in the inbox and moved by the practice were decided, or wait; nobody is lost between."""
    _check_decided(tables)
    contacts = tables.contacts
    by_person = contacts["channel"].isin((DESK, ONLINE, APP))
    moved = (contacts["channel"] == PRACTICE) & (contacts["cause"] == CANCELLED_BY_PRACTICE)
    came_closed = (contacts["channel"] == DESK) & contacts["front_min"].isna() & (contacts["decider"] == "")
    turned_away = contacts["channel"].isin((APP, ONLINE)) & (contacts["next_action"] != "")
    undecided = int(((by_person | moved) & (contacts["decider"] == "") & ~turned_away & ~came_closed).sum())
    undecided += int((came_closed & ~_has_child(contacts, CALLED_WHILE_CLOSED)).sum())
    waiting_outside = undecided - end.at_front
    # People who came while the practice was closed wait outside it, until it opens or the need goes.
    if not 0 <= waiting_outside <= int(came_closed.sum()):
        raise ConservationError(f"{undecided} contacts wait at the desk or inbox by the log, {end.at_front} there")


def _check_decided(tables: Tables) -> None:
    """Requests seen at the desk or inbox are decided when the minutes for them are over, and no others are there."""
    seen, decided = tables.rows(log.FRONT_SEEN), tables.rows(log.DECIDED)
    unseen = np.flatnonzero((decided.who == FRONT_DESK) & ~np.isin(decided.key, seen.key))
    if len(unseen):
        at = unseen[0]
        raise ConservationError(_name(decided.need[at], decided.contact[at], decided.time[at], "was decided unseen"))
    over = seen.time + seen.amount < _last_minute(tables) - _A_LITTLE
    lost = np.flatnonzero(over & ~np.isin(seen.key, decided.key))
    if len(lost):
        at = lost[0]
        raise ConservationError(_name(seen.need[at], seen.contact[at], seen.time[at], "was seen and never decided"))


def _last_minute(tables: Tables) -> float:
    """Return the minute of the last row about a need."""
    rows = tables.rows_of_needs()
    return float(rows.time[-1]) if len(rows) else 0.0


def _has_child(contacts: pd.DataFrame, cause: str) -> pd.Series:
    """Tell for each contact whether another was opened because of it, with a cause."""
    children = contacts[contacts["cause"] == cause]
    return pd.Series((contacts["need"] * 1000 + contacts["contact"]).isin(children["need"] * 1000 + children["parent"]))


def check_slots(tables: Tables, end: EndState) -> None:
    """Slots opened = used + missed + unused + withdrawn + open, by role and release rule; each booking ends once."""
    booked = tables.appointments
    rule = booked["role"] + "." + booked["release"]
    by_log = {
        "taken": rule.value_counts(),
        "returned": rule[booked["status"] == "cancelled"].value_counts(),
        "used": rule[booked["status"] == "attended"].value_counts(),
        "missed": rule[booked["status"] == "dna"].value_counts(),
        "open": rule[booked["status"] == "open"].value_counts(),
        "due": rule[(booked["status"] == "open") & (booked["start"] <= _last_minute(tables) + _HOUR)].value_counts(),
    }
    for (role, release), opened in end.slots_opened.items():
        name = f"{role}.{release}"
        count = {state: int(counted.get(name, 0)) for state, counted in by_log.items()}
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
    _unique(_together([tables.rows(event) for event in events]), "its appointment ended twice")


def check_sessions(tables: Tables) -> None:
    """Clinician minutes = consulting + back office + idle = rostered + overtime, in each session; none is negative."""
    rows = tables.rows(log.SESSION_ENDED)
    if not len(rows):
        return
    if (rows.amount < -_A_LITTLE).any():
        raise ConservationError(f"{rows.who[rows.amount.argmin()]} spent less than no time on something")
    sessions = pd.DataFrame({"time": rows.time, "who": rows.who, "code": rows.code, "amount": rows.amount})
    wide = sessions.groupby(["time", "who", "code"], sort=False)["amount"].sum().unstack().fillna(0.0)
    spent = wide[log.CONSULTING] + wide[log.BACK_OFFICE] + wide[log.IDLE]
    wrong = (spent - wide[log.ROSTERED] - wide[log.OVERTIME]).abs() > _A_LITTLE
    if wrong.any():
        time, who = wrong.index[int(wrong.to_numpy().argmax())]
        raise ConservationError(f"{who}, day {int(time // DAY)} {clock_time(time)}: minutes do not add up")
    ended = tables.rows(log.CONSULT_ENDED)
    last = pd.Series(rows.time, index=rows.who).groupby(level=0).max()
    finished = ended.time <= last.reindex(ended.who).fillna(-np.inf).to_numpy()
    total = float(wide[log.CONSULTING].sum())
    if abs(total - float(ended.amount[finished].sum())) > _A_LITTLE * max(1, len(wide)):
        raise ConservationError(
            f"sessions had {total:.1f} minutes of consultations, the log {ended.amount[finished].sum():.1f}"
        )


def check_paperwork(tables: Tables) -> None:
    """What waits at the end of each day = what waited at first + what came in - what was done, by role, in minutes."""
    waiting, made, ended = (tables.rows(event) for event in (log.PAPERWORK, log.PAPERWORK_MADE, log.SESSION_ENDED))
    asked, came, gone = (tables.places(event) for event in (log.PAPERWORK, log.PAPERWORK_MADE, log.SESSION_ENDED))
    whose, worked = role_of(ended.who), ended.code == log.BACK_OFFICE
    for role in dict.fromkeys(waiting.who.tolist()):
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
