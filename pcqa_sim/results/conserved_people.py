"""What people do adds up: contacts and their causes, calls, needs, desk and inbox, what was flagged and got worse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.breaches import A_LITTLE, ConservationError, every, last_minute, none, once, refuse
from pcqa_sim.results.rows import MOST_CONTACTS, Rows
from pcqa_sim.results.tables import CALL_ENDINGS, IN_PROGRESS, Tables
from pcqa_sim.simulation import EndState
from pcqa_sim.values import eventlog as log
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
    HANDED_OVER,
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


def check_contacts(tables: Tables) -> None:
    """Every contact but a need's first has one parent before it, and every contact the cause its parent gave it."""
    contacts = tables.contact_columns
    for event in _ONCE_A_CONTACT:
        once(tables.rows(event), f"has {event} twice")
    number, parent, cause = contacts["contact"], contacts["parent"], contacts.words("cause")
    first, new = number == 0, cause == NEW
    every(contacts, ~first | ((parent == -1) & new), "is first but has a parent")
    every(contacts, first | ((parent >= 0) & (parent < number)), "has no parent before it")
    every(contacts, cause.isin((*FAILURE_CAUSES, *VALUE_CAUSES)) & (first | ~new), "has no cause")
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
        LOST_HAND_OFF: (outcome == REFERRED) | (disposition == HANDED_OVER),
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
    every(later, good, "has a cause that did not happen to its parent")


def check_flagged(tables: Tables) -> None:
    """Nobody flagged as urgent is told to call another day, or put off: they are booked for today, or sent on."""
    decided, flagged = tables.rows(log.DECIDED), tables.rows(log.FLAGGED)
    of_flagged = _marked(tables, log.FLAGGED)[tables.contacts_of(log.DECIDED)]
    sent_on = decided.code.where(lambda word: word.startswith(SENT_ON))
    today = decided.code == BOOKED_TODAY
    none(decided, of_flagged & ~today & ~sent_on, "was flagged as urgent and neither booked for today nor sent on")
    none(decided, sent_on & ~of_flagged, "was sent on without being flagged as urgent")
    if len(flagged) != int(of_flagged.sum()):
        raise ConservationError(f"{len(flagged)} contacts were flagged as urgent, {int(of_flagged.sum())} then decided")


def check_deteriorated(tables: Tables) -> None:
    """A need gets worse by one level at a time, up to an emergency, and routine ones do not."""
    worse, arose = tables.rows(log.DETERIORATED), tables.rows(log.NEED_AROSE)
    level = dict(zip(arose.need.tolist(), arose.amount.tolist(), strict=True))
    for at, (need, amount) in enumerate(zip(worse.need.tolist(), worse.amount.tolist(), strict=True)):
        if level[need] == 0 or amount != min(level[need] + 1, AN_EMERGENCY):
            refuse(worse, at, f"got worse from urgency {level[need]:g} to {amount:g}")
        level[need] = amount


def _marked(tables: Tables, event: str, which: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Return of every contact whether it has a row of an event, of those rows for which `which` holds."""
    at = tables.contacts_of(event)
    marked = np.zeros(len(tables.contact_columns), dtype=bool)
    marked[at if which is None else at[which]] = True
    return marked


def check_calls(tables: Tables, end: EndState) -> None:
    """Calls = answered + menu + callback + missed + engaged + in progress, each ending once."""
    once(Rows.together([tables.rows(event) for event in CALL_ENDINGS]), "its call ended twice")
    calls = tables.call_columns
    ending, untalked = calls.words("ending"), np.isnan(calls["talk_min"])
    talking = (ending == log.ANSWERED) & untalked
    on_the_phone = int((ending == IN_PROGRESS).sum() + talking.sum())
    if on_the_phone != end.on_the_phone:
        raise ConservationError(f"{on_the_phone} calls are in progress by the log, {end.on_the_phone} on the lines")
    every(calls, (calls.words("decider") != CALL_HANDLER) | ~untalked, "was decided without a talk")
    promised = int((ending == log.CALLBACK_REQUESTED).sum())
    due = promised - int((~np.isnan(calls["called_back_after"])).sum()) - len(tables.rows(log.CALLBACK_LAPSED))
    asked = _marked(tables, log.CALLBACK_REQUESTED)
    for event in (log.CALLED_BACK, log.CALLBACK_LAPSED):
        none(tables.rows(event), ~asked[tables.contacts_of(event)], f"has {event} and never asked for a callback")
    once(Rows.together([tables.rows(log.CALLED_BACK), tables.rows(log.CALLBACK_LAPSED)]), "its callback ended twice")
    if due != end.callbacks_due:
        raise ConservationError(f"{due} callbacks are due by the log, {end.callbacks_due} in the queue")


def check_needs(tables: Tables, end: EndState) -> None:
    """Every need arose once, and has exactly one outcome or is open; nothing happens to it before or after."""
    arose, closed = tables.rows(log.NEED_AROSE), tables.rows(log.NEED_CLOSED)
    once(arose, "arose twice")
    once(_with_contact(closed, 0), "ended twice")
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
    """Nothing happens to a need before it arose or after it ended, but for what a place in the community does then."""
    rows, need = tables.rows_of_needs(but=log.PLACE_EVENTS)
    began = np.append(arose.time, np.inf)  # the last is of needs that never arose
    none(rows, rows.time < began[need], "happened to a need that had not arisen")
    ended = np.full(len(arose), np.inf)
    ended[tables.needs_of(log.NEED_CLOSED)] = closed.time
    none(rows, rows.time > ended[need], "happened after the need ended")


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
    none(decided, (decided.who == FRONT_DESK) & ~was_seen, "was decided unseen")
    over = seen.time + seen.amount < last_minute(tables) - A_LITTLE
    was_decided = _marked(tables, log.DECIDED)[tables.contacts_of(log.FRONT_SEEN)]
    none(seen, over & ~was_decided, "was seen and never decided")


def _has_child(tables: Tables, cause: str) -> NDArray[np.bool_]:
    """Tell for each contact whether another was opened because of it, with a cause."""
    contacts = tables.contact_columns
    children = contacts.where(contacts.words("cause") == cause)
    found = np.zeros(len(contacts), dtype=bool)
    found[tables.contact_rows(children["need"] * MOST_CONTACTS + children["parent"])] = True
    return found


def _with_contact(rows: Rows, contact: int) -> Rows:
    return Rows(rows.time, rows.person, rows.need, np.full(len(rows), contact), rows.who, rows.code, rows.amount)
