"""What must hold in every run: nothing is lost and nothing appears from nowhere.

The log is checked against itself and against the state the run ended in. A breach names the event.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.rows import MOST_CONTACTS, Rows
from pcqa_sim.results.tables import CALL_ENDINGS, IN_PROGRESS, Tables, role_of
from pcqa_sim.simulation import EndState, Happened
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.arrow import plain
from pcqa_sim.values.clock import DAY, clock_time
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    AN_EMERGENCY,
    APP,
    AWAITING_TEST,
    BACK_AS_ADVISED,
    BALKED,
    BOOKED_TODAY,
    BOUNCED,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    CALLED_WHILE_CLOSED,
    CANCELLED_BY_PRACTICE,
    CHASE,
    CLOSED,
    DESK,
    DETERIORATED,
    DNA_REBOOK,
    FAILURE_CAUSES,
    FORM_REFUSED,
    INVITED,
    LOST_HAND_OFF,
    NEED_ENDINGS,
    NEW,
    NO_CONTINUITY,
    NO_NEXT_STEP,
    NO_SLOT_ONLINE,
    NOT_CALLED_BACK,
    ONLINE,
    PAPERWORK_TO_DO,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    REFERRED,
    SELF_TREATED,
    SENT_ON,
    SENT_TO_FORM,
    SIGNPOSTED,
    TO_FORM,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    VALUE_CAUSES,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
    WRONGLY_ADVISED,
)
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

_ONCE_A_CONTACT = (
    log.CONTACT_OPENED,
    log.QUEUED,
    log.TALK_ENDED,
    log.CALLED_BACK,
    log.CALLBACK_LAPSED,
    log.FORM_REFUSED,
    log.FRONT_SEEN,
    log.FLAGGED,
    log.DECIDED,
    log.BOOKED,
    log.CANCELLED,
    log.CONSULT_ENDED,
    log.DID_NOT_ATTEND,
    log.RESULT_BACK,
    log.NEXT_ACTION,
    log.ALSO_WENT,
)


_ACTIVITIES = (
    log.CONSULTING,
    log.BACK_OFFICE,
    log.LIST_WORK,
    log.IDLE,
    log.ROSTERED,
    log.OVERTIME,
    log.TRAVELLING,
)
_HOUR = 60.0  # minutes; a clinician turns to the next patient at most so long before the time
_A_LITTLE = 1e-3  # minutes; amounts are kept in 32 bits
_PAPERWORK_TOLERANCE = 0.5  # minutes, of sums over a whole run


class ConservationError(RuntimeError):
    """A run in which something was lost or appeared from nowhere: a fault of the program, not of the input."""


def check(happened: Happened) -> dict[str, Tables]:
    """Check every practice of a run; return their tables, or raise ConservationError naming the event."""
    if (np.diff(plain(happened.log.column("time_min"))) < 0).any():
        raise ConservationError("the log does not run forward in time")
    checked = {}
    for key, end in happened.end.items():
        try:
            checked[key] = tables = Tables(happened.log, key)
            check_contacts(tables)
            check_calls(tables, end)
            check_needs(tables, end)
            check_flagged(tables)
            check_deteriorated(tables)
            check_front(tables, end)
            check_slots(tables, end)
            check_sessions(tables)
            check_paperwork(tables)
        except (ConservationError, ValueError) as fault:
            raise ConservationError(f"practice {key}: {fault}") from fault
    return checked


def check_contacts(tables: Tables) -> None:
    """Every contact but a need's first has one parent before it, and every contact the cause its parent gave it."""
    contacts = tables.contact_columns
    for event in _ONCE_A_CONTACT:
        _unique(tables.rows(event), f"has {event} twice")
    number, parent, cause = contacts["contact"], contacts["parent"], contacts.words("cause")
    first, new = number == 0, cause == NEW
    _all(contacts, ~first | ((parent == -1) & new), "is first but has a parent")
    _all(contacts, first | ((parent >= 0) & (parent < number)), "has no parent before it")
    _all(contacts, cause.isin((*FAILURE_CAUSES, *VALUE_CAUSES)) & (first | ~new), "has no cause")
    _check_causes(tables)


def _check_causes(tables: Tables) -> None:
    """A cause is what happened to the parent: a failed call, a refusal, a missed appointment or a consultation."""
    contacts = tables.contact_columns
    later = contacts.where(contacts["contact"] > 0)
    at = tables.contact_rows(later["need"] * MOST_CONTACTS + later["parent"])
    parent, cause = contacts.where(at), later.words("cause")
    missed, cancelled = _marked(tables, log.DID_NOT_ATTEND)[at], tables.rows(log.CANCELLED)
    by = {who: _marked(tables, log.CANCELLED, cancelled.code == who)[at] for who in (log.BY_PATIENT, log.BY_PRACTICE)}
    at_practice, channel = later.words("channel") == PRACTICE, parent.words("channel")
    elsewhere = parent.words("disposition").where(lambda word: word.startswith(SIGNPOSTED))
    outcome, why, booked = parent.words("outcome"), parent.words("why"), parent["booked"]
    disposition, ending = parent.words("disposition"), parent.words("ending")
    here = {
        CALLED_WHILE_CLOSED: (why == CLOSED) | (channel == DESK),
        AFTER_BALKING: why == BALKED,
        AFTER_ENGAGED: ending == log.ENGAGED,
        AFTER_RENEGING: ending == log.MISSED,
        NOT_CALLED_BACK: _marked(tables, log.CALLBACK_LAPSED)[at],
        TOLD_ANOTHER_DAY: (disposition == CALL_ANOTHER_DAY) | (at_practice & (channel == PRACTICE) & ~booked),
        UNRESOLVED: outcome == UNRESOLVED,
        WRONG_CLINICIAN: outcome == WRONG_CLINICIAN,
        NO_CONTINUITY: outcome == NO_CONTINUITY,
        PLANNED_FOLLOW_UP: outcome == PLANNED_FOLLOW_UP,
        BROUGHT_IN: at_practice & (outcome == BROUGHT_IN),
        BOUNCED: elsewhere,
        BACK_AS_ADVISED: elsewhere,
        WRONGLY_ADVISED: disposition == f"{SIGNPOSTED}{SELF_TREATED}",
        NO_NEXT_STEP: disposition == NO_NEXT_STEP,
        INVITED: _marked(tables, log.INVITED)[at],
        DETERIORATED: _marked(tables, log.DETERIORATED)[at],
        CHASE: (outcome == AWAITING_TEST) | (disposition == PAPERWORK_TO_DO),
        LOST_HAND_OFF: outcome == REFERRED,
        DNA_REBOOK: missed,
        WAITED_TOO_LONG: booked,
        REARRANGED: by[log.BY_PATIENT],
        CANCELLED_BY_PRACTICE: by[log.BY_PRACTICE],
        NO_SLOT_ONLINE: (channel == APP) & ~booked,
        FORM_REFUSED: ending == log.FORM_REFUSED,
        SENT_TO_FORM: why == TO_FORM,
    }
    good = np.zeros(len(later), dtype=bool)
    for word, happened in here.items():
        good |= (cause == word) & happened
    _all(later, good, "has a cause that did not happen to its parent")


def check_flagged(tables: Tables) -> None:
    """Nobody flagged as urgent is told to call another day, or put off: they are booked for today, or sent on."""
    decided, flagged = tables.rows(log.DECIDED), tables.rows(log.FLAGGED)
    of_flagged = _marked(tables, log.FLAGGED)[tables.contacts_of(log.DECIDED)]
    sent_on = decided.code.where(lambda word: word.startswith(SENT_ON))
    today = decided.code == BOOKED_TODAY
    _none(decided, of_flagged & ~today & ~sent_on, "was flagged as urgent and neither booked for today nor sent on")
    _none(decided, sent_on & ~of_flagged, "was sent on without being flagged as urgent")
    if len(flagged) != int(of_flagged.sum()):
        raise ConservationError(f"{len(flagged)} contacts were flagged as urgent, {int(of_flagged.sum())} then decided")


def check_deteriorated(tables: Tables) -> None:
    """A need gets worse by one level at a time, up to an emergency, and routine ones do not."""
    worse, arose = tables.rows(log.DETERIORATED), tables.rows(log.NEED_AROSE)
    level = dict(zip(arose.need.tolist(), arose.amount.tolist(), strict=True))
    for at, (need, amount) in enumerate(zip(worse.need.tolist(), worse.amount.tolist(), strict=True)):
        if level[need] == 0 or amount != min(level[need] + 1, AN_EMERGENCY):
            _refuse(worse, at, f"got worse from urgency {level[need]:g} to {amount:g}")
        level[need] = amount


def _marked(tables: Tables, event: str, which: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Return of every contact whether it has a row of an event, of those rows for which `which` holds."""
    at = tables.contacts_of(event)
    marked = np.zeros(len(tables.contact_columns), dtype=bool)
    marked[at if which is None else at[which]] = True
    return marked


def check_calls(tables: Tables, end: EndState) -> None:
    """Calls = answered + menu + callback + missed + engaged + in progress, each ending once."""
    _unique(Rows.together([tables.rows(event) for event in CALL_ENDINGS]), "its call ended twice")
    calls = tables.call_columns
    ending, untalked = calls.words("ending"), np.isnan(calls["talk_min"])
    talking = (ending == log.ANSWERED) & untalked
    on_the_phone = int((ending == IN_PROGRESS).sum() + talking.sum())
    if on_the_phone != end.on_the_phone:
        raise ConservationError(f"{on_the_phone} calls are in progress by the log, {end.on_the_phone} on the lines")
    _all(calls, (calls.words("decider") != CALL_HANDLER) | ~untalked, "was decided without a talk")
    promised = int((ending == log.CALLBACK_REQUESTED).sum())
    due = promised - int((~np.isnan(calls["called_back_after"])).sum()) - len(tables.rows(log.CALLBACK_LAPSED))
    asked = _marked(tables, log.CALLBACK_REQUESTED)
    for event in (log.CALLED_BACK, log.CALLBACK_LAPSED):
        _none(tables.rows(event), ~asked[tables.contacts_of(event)], f"has {event} and never asked for a callback")
    _unique(Rows.together([tables.rows(log.CALLED_BACK), tables.rows(log.CALLBACK_LAPSED)]), "its callback ended twice")
    if due != end.callbacks_due:
        raise ConservationError(f"{due} callbacks are due by the log, {end.callbacks_due} in the queue")


def check_needs(tables: Tables, end: EndState) -> None:
    """Every need arose once, and has exactly one outcome or is open; nothing happens to it before or after."""
    arose, closed = tables.rows(log.NEED_AROSE), tables.rows(log.NEED_CLOSED)
    _unique(arose, "arose twice")
    _unique(_with_contact(closed, 0), "ended twice")
    unknown = ~closed.code.isin(NEED_ENDINGS)
    if unknown.any():
        first = closed.where(unknown)
        ending = f"ended as {first.code.tolist()[0]!r}, which is no ending"
        raise ConservationError(f"need {first.need[0]} {ending}")
    _check_lifetimes(tables, arose, closed)
    still_open = len(arose) - len(closed)
    if still_open != end.needs_open:
        raise ConservationError(f"{still_open} needs are open by the log, {end.needs_open} in the practice")


def _check_lifetimes(tables: Tables, arose: Rows, closed: Rows) -> None:
    """Nothing happens to a need before it arose or after it ended."""
    rows, need = tables.rows_of_needs()
    began = np.append(arose.time, np.inf)  # the last is of needs that never arose
    _none(rows, rows.time < began[need], "happened to a need that had not arisen")
    ended = np.full(len(arose), np.inf)
    ended[tables.needs_of(log.NEED_CLOSED)] = closed.time
    _none(rows, rows.time > ended[need], "happened after the need ended")


def _none(rows: Rows, wrong: NDArray[np.bool_], fault: str) -> None:
    """Refuse a row that is wrong."""
    if wrong.any():
        _refuse(rows, int(np.flatnonzero(wrong)[0]), fault)


def check_front(tables: Tables, end: EndState) -> None:
    """Contacts at the desk, in the inbox and moved by the practice were decided, or wait; nobody is lost between."""
    _check_decided(tables)
    contacts = tables.contact_columns
    channel, undecided_yet = contacts.words("channel"), contacts.words("decider") == ""
    by_person = channel.isin((DESK, ONLINE, APP))
    moved = (channel == PRACTICE) & (contacts.words("cause") == CANCELLED_BY_PRACTICE)
    came_closed = (channel == DESK) & np.isnan(contacts["front_min"]) & undecided_yet
    turned_away = channel.isin((APP, ONLINE)) & (contacts.words("next_action") != "")
    undecided = int(((by_person | moved) & undecided_yet & ~turned_away & ~came_closed).sum())
    undecided += int((came_closed & ~_has_child(tables, CALLED_WHILE_CLOSED)).sum())
    waiting_outside = undecided - end.at_front
    # People who came while the practice was closed wait outside it, until it opens or the need goes.
    if not 0 <= waiting_outside <= int(came_closed.sum()):
        raise ConservationError(f"{undecided} contacts wait at the desk or inbox by the log, {end.at_front} there")


def _check_decided(tables: Tables) -> None:
    """Requests seen at the desk or inbox are decided when the minutes for them are over, and no others are there."""
    seen, decided = tables.rows(log.FRONT_SEEN), tables.rows(log.DECIDED)
    was_seen = _marked(tables, log.FRONT_SEEN)[tables.contacts_of(log.DECIDED)]
    _none(decided, (decided.who == FRONT_DESK) & ~was_seen, "was decided unseen")
    over = seen.time + seen.amount < _last_minute(tables) - _A_LITTLE
    was_decided = _marked(tables, log.DECIDED)[tables.contacts_of(log.FRONT_SEEN)]
    _none(seen, over & ~was_decided, "was seen and never decided")


def _last_minute(tables: Tables) -> float:
    """Return the minute of the last row about a need."""
    rows, _ = tables.rows_of_needs()
    return float(rows.time[-1]) if len(rows) else 0.0


def _has_child(tables: Tables, cause: str) -> NDArray[np.bool_]:
    """Tell for each contact whether another was opened because of it, with a cause."""
    contacts = tables.contact_columns
    children = contacts.where(contacts.words("cause") == cause)
    found = np.zeros(len(contacts), dtype=bool)
    found[tables.contact_rows(children["need"] * MOST_CONTACTS + children["parent"])] = True
    return found


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
    _unique(Rows.together([tables.rows(event) for event in events]), "its appointment ended twice")


def _slots_by_log(tables: Tables) -> dict[str, dict[tuple[str, str], int]]:
    """Return how many appointments of each role and release rule the log has in each state."""
    booked = tables.appointment_columns
    status, role, release = (booked.words(name) for name in ("status", "role", "release"))
    states = {"taken": np.ones(len(booked), dtype=bool)}
    states |= {
        state: status == word
        for state, word in (("returned", "cancelled"), ("used", "attended"), ("missed", "dna"), ("open", "open"))
    }
    states["due"] = states["open"] & (booked["start"] <= _last_minute(tables) + _HOUR)
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
    if (rows.amount < -_A_LITTLE).any():
        raise ConservationError(f"{rows.who.tolist()[rows.amount.argmin()]} spent less than no time on something")
    sessions, which = _sessions(rows)
    spent = {code: np.bincount(which, rows.amount * (rows.code == code), len(sessions)) for code in _ACTIVITIES}
    at_work = sum(spent[code] for code in (log.CONSULTING, log.BACK_OFFICE, log.LIST_WORK, log.IDLE, log.TRAVELLING))
    wrong = np.abs(at_work - spent[log.ROSTERED] - spent[log.OVERTIME]) > _A_LITTLE
    if wrong.any():
        first = sessions.where(wrong)
        at = f"day {int(first.time[0] // DAY)} {clock_time(first.time[0])}"
        raise ConservationError(f"{first.who.tolist()[0]}, {at}: minutes do not add up")
    total, by_log = float(spent[log.CONSULTING].sum()), _consulted(tables, rows)
    if abs(total - by_log) > _A_LITTLE * max(1, len(sessions)):
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


def _with_contact(rows: Rows, contact: int) -> Rows:
    return Rows(rows.time, rows.person, rows.need, np.full(len(rows), contact), rows.who, rows.code, rows.amount)


def _unique(rows: Rows, fault: str) -> None:
    """Refuse two rows for one contact."""
    if (np.diff(np.sort(rows.key)) == 0).any():
        order = np.argsort(rows.key, kind="stable")
        again = np.flatnonzero(np.diff(rows.key[order]) == 0)
        _refuse(rows, int(order[again[0] + 1]), fault)


def _refuse(rows: Rows, at: int, fault: str) -> NoReturn:
    """Raise the error of a row."""
    raise ConservationError(_name(rows.need[at], rows.contact[at], rows.time[at], fault))


def _all(contacts: Columns, good: NDArray[np.bool_], fault: str) -> None:
    """Refuse a contact that is not good."""
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        raise ConservationError(_name(contacts["need"][at], contacts["contact"][at], contacts["opened"][at], fault))


def _name(need: int, contact: int, minute: float, fault: str) -> str:
    return f"need {need}, contact {contact}, day {int(minute // DAY)} {clock_time(minute)}: {fault}"
