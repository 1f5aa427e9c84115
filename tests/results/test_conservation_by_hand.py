"""Each check of conservation on a log of a few rows written by hand: what just passes, and what just does not."""

from __future__ import annotations

from typing import Any, cast

import pytest

from pcqa_sim.results import conserved_people as people
from pcqa_sim.results import conserved_time as time
from pcqa_sim.results.conservation import ConservationError, check
from pcqa_sim.results.tables import Tables
from pcqa_sim.simulation import EndState, Happened
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    APP,
    AWAITING_TEST,
    BACK_AS_ADVISED,
    BALKED,
    BOOKED_AHEAD,
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
    FORM_REFUSED,
    FULL,
    INVITED,
    NETWORK_HUB,
    NEW,
    NO_CONTINUITY,
    NO_NEXT_STEP,
    NO_SLOT_ONLINE,
    NOT_CALLED_BACK,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    RESOLVED,
    SELF_TREATED,
    SENT_ON,
    SIGNPOSTED,
    TODAY,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
    WRONGLY_ADVISED,
)
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

NEED = 7
Row = tuple[Any, ...]


def row(minute: float, event: str, who: str = "", code: str = "", amount: float = 0.0, contact: int = 0) -> Row:
    """A row about the need."""
    return minute, 0, 1, NEED, contact, event, who, code, amount


def world(minute: float, event: str, who: str = "", code: str = "", amount: float = 0.0) -> Row:
    """A row about nobody."""
    return minute, 0, -1, -1, -1, event, who, code, amount


def opened(minute: float, channel: str, cause: str = NEW, parent: int = -1, contact: int = 0) -> Row:
    return row(minute, log.CONTACT_OPENED, channel, cause, parent, contact)


def tables(*rows: Row) -> Tables:
    written = EventLog(["p"])
    for one in rows:
        written.add(cast(Any, one))
    return Tables(written.table(), "p")


def end(**counts: Any) -> EndState:
    """The state of a practice in which nothing goes on but what is named."""
    names = ("on_the_phone", "callbacks_due", "at_front", "needs_open")
    slots = ("opened", "taken", "returned", "called", "done", "unused", "withdrawn", "free")
    nothing = dict.fromkeys(names, 0) | {f"slots_{name}": {} for name in slots}
    return EndState(**nothing | counts)


def refused(said: str) -> Any:
    return pytest.raises(ConservationError, match=said)


AROSE, CLOSED_NEED = row(1, log.NEED_AROSE), row(9, log.NEED_CLOSED, code=RESOLVED)


def test_a_whole_run_is_checked_practice_by_practice() -> None:
    written = EventLog(["p"])
    for one in (AROSE, opened(2, ONLINE), row(3, log.FRONT_SEEN, FRONT_DESK, "", 1), row(4, log.DECIDED, FRONT_DESK)):
        written.add(one)
    happened = Happened(cast(Any, None), 1, 0, written.table(), {"p": end(needs_open=1)}, {})
    assert list(check(happened)) == ["p"]
    with refused("practice p: 1 needs are open by the log, 0 in the practice"):
        check(Happened(cast(Any, None), 1, 0, written.table(), {"p": end()}, {}))
    written.add(row(3.5, log.NEXT_ACTION))
    with refused("forward in time"):
        check(Happened(cast(Any, None), 1, 0, written.table(), {"p": end(needs_open=1)}, {}))


# Needs.


def test_a_need_lives_from_the_minute_it_arises_to_the_minute_it_ends() -> None:
    people.check_needs(tables(AROSE, opened(1, PHONE), row(9, log.NEXT_ACTION), CLOSED_NEED), end())
    with refused(r"need 7, contact 0, day 0 00:00: happened to a need that had not arisen"):
        people.check_needs(tables(opened(0.5, PHONE), AROSE, CLOSED_NEED), end())
    with refused(r"need 7, contact 0, day 0 00:10: happened after the need ended"):
        people.check_needs(tables(AROSE, CLOSED_NEED, row(10, log.NEXT_ACTION)), end())
    with refused("had not arisen"):
        people.check_needs(tables(opened(2, PHONE)), end(needs_open=-1))


def test_needs_that_have_not_ended_are_open_in_the_practice() -> None:
    people.check_needs(tables(AROSE), end(needs_open=1))
    for number in (0, 2):
        with refused(f"1 needs are open by the log, {number} in the practice"):
            people.check_needs(tables(AROSE), end(needs_open=number))


# Contacts and their causes.

BY_PRACTICE, BY_PATIENT = (row(3, log.CANCELLED, "gp.1", who) for who in (log.BY_PRACTICE, log.BY_PATIENT))
BOOKED = row(2, log.BOOKED, "gp.1", "routine.face_to_face", 600)


def seen(outcome: str) -> Row:
    return row(3, log.CONSULT_ENDED, "gp.1", outcome, 10)


def told(disposition: str) -> Row:
    return row(3, log.DECIDED, CALL_HANDLER, disposition)


HAPPENED: list[tuple[str, str, tuple[Row, ...], str]] = [
    (CALLED_WHILE_CLOSED, PHONE, (row(3, log.MENU_ENDED, "", CLOSED),), PHONE),
    (CALLED_WHILE_CLOSED, DESK, (), DESK),
    (AFTER_BALKING, PHONE, (row(3, log.MENU_ENDED, "", BALKED),), PHONE),
    (AFTER_ENGAGED, PHONE, (row(3, log.ENGAGED, "", "", 4),), PHONE),
    (AFTER_RENEGING, PHONE, (row(3, log.MISSED, "", "queue", 4),), PHONE),
    (
        NOT_CALLED_BACK,
        PHONE,
        (row(3, log.CALLBACK_REQUESTED), row(4, log.CALLBACK_LAPSED, "", "closing", 1)),
        PHONE,
    ),
    (TOLD_ANOTHER_DAY, PHONE, (told(CALL_ANOTHER_DAY),), PHONE),
    (TOLD_ANOTHER_DAY, PRACTICE, (), PRACTICE),
    (UNRESOLVED, PHONE, (seen(UNRESOLVED),), PHONE),
    (WRONG_CLINICIAN, PHONE, (seen(WRONG_CLINICIAN),), PHONE),
    (NO_CONTINUITY, PHONE, (seen(NO_CONTINUITY),), PHONE),
    (PLANNED_FOLLOW_UP, PHONE, (seen(PLANNED_FOLLOW_UP),), PHONE),
    (BROUGHT_IN, PHONE, (seen(BROUGHT_IN),), PRACTICE),
    (BOUNCED, PHONE, (told(SIGNPOSTED + "pharmacy"),), PHONE),
    (CHASE, PHONE, (seen(AWAITING_TEST),), PHONE),
    (CHASE, PHONE, (told(PAPERWORK_TO_DO),), PHONE),
    (DNA_REBOOK, PHONE, (BOOKED, row(3, log.DID_NOT_ATTEND, "gp.1", "", 1)), PHONE),
    (WAITED_TOO_LONG, PHONE, (BOOKED,), PHONE),
    (REARRANGED, PHONE, (BOOKED, BY_PATIENT), PHONE),
    (CANCELLED_BY_PRACTICE, PHONE, (BOOKED, BY_PRACTICE), PRACTICE),
    (NO_SLOT_ONLINE, APP, (), PHONE),
    (FORM_REFUSED, ONLINE, (row(3, log.FORM_REFUSED, "", FULL),), PHONE),
    (NO_NEXT_STEP, PHONE, (told(NO_NEXT_STEP),), PHONE),
    (INVITED, PRACTICE, (row(3, log.INVITED, ""),), PHONE),
    (DETERIORATED, PHONE, (row(3, log.DETERIORATED, "", "", 2),), PHONE),
]


@pytest.mark.parametrize(("cause", "channel", "rows", "then"), HAPPENED)
def test_a_cause_is_what_happened_to_the_parent_and_nothing_else(
    cause: str, channel: str, rows: tuple[Row, ...], then: str
) -> None:
    parent = opened(2, channel), *rows
    people.check_contacts(tables(*parent, opened(4, then, cause, 0, contact=1)))
    for other, *_ in HAPPENED:
        if other not in (cause, WAITED_TOO_LONG) and (cause, other) != (TOLD_ANOTHER_DAY, CALLED_WHILE_CLOSED):
            with refused("need 7, contact 1, day 0 00:04: has a cause that did not happen to its parent"):
                people.check_contacts(tables(*parent, opened(4, then, other, 0, contact=1)))


@pytest.mark.parametrize(
    ("ending", "causes"),
    [("pharmacy", (BOUNCED, BACK_AS_ADVISED)), (SELF_TREATED, (BOUNCED, BACK_AS_ADVISED, WRONGLY_ADVISED)), ("", ())],
)
def test_who_was_sent_elsewhere_or_advised_comes_back_for_a_reason(ending: str, causes: tuple[str, ...]) -> None:
    parent = opened(2, PHONE), told(SIGNPOSTED + ending if ending else NO_NEXT_STEP)
    for cause in (BOUNCED, BACK_AS_ADVISED, WRONGLY_ADVISED):
        log_of_two = tables(*parent, opened(4, PHONE, cause, 0, contact=1))
        if cause in causes:
            people.check_contacts(log_of_two)
        else:
            with refused("has a cause that did not happen to its parent"):
                people.check_contacts(log_of_two)


@pytest.mark.parametrize(
    ("cause", "channel", "rows", "then"),
    [
        (INVITED, PRACTICE, (), PHONE),
        (WAITED_TOO_LONG, PHONE, (), PHONE),
        (NO_SLOT_ONLINE, APP, (BOOKED,), PHONE),
        (TOLD_ANOTHER_DAY, PRACTICE, (BOOKED,), PRACTICE),
        (TOLD_ANOTHER_DAY, PRACTICE, (), PHONE),
        (TOLD_ANOTHER_DAY, PHONE, (), PRACTICE),
        (BROUGHT_IN, PHONE, (seen(BROUGHT_IN),), PHONE),
        (BROUGHT_IN, PHONE, (), PRACTICE),
    ],
)
def test_half_of_what_makes_a_cause_is_not_enough(cause: str, channel: str, rows: tuple[Row, ...], then: str) -> None:
    with refused("has a cause that did not happen to its parent"):
        people.check_contacts(tables(opened(2, channel), *rows, opened(4, then, cause, 0, contact=1)))


def test_the_parent_is_the_contact_named_and_not_another() -> None:
    first, second = opened(1, PHONE), opened(3, PHONE, AFTER_ENGAGED, 0, contact=1)
    engaged = row(2, log.ENGAGED)
    people.check_contacts(tables(first, engaged, second, opened(4, PHONE, AFTER_ENGAGED, 0, contact=2)))
    with refused("contact 2, day 0 00:04: has a cause that did not happen"):
        people.check_contacts(tables(first, engaged, second, opened(4, PHONE, AFTER_ENGAGED, 1, contact=2)))


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (opened(4, PHONE, AFTER_ENGAGED, 1, contact=1), "has no parent before it"),
        (opened(4, PHONE, AFTER_ENGAGED, -1, contact=1), "has no parent before it"),
        (opened(4, PHONE, NEW, 0, contact=1), "has no cause"),
        (opened(4, PHONE, "nonsense", 0, contact=1), "has no cause"),
        (opened(4, PHONE, NEW, -1, contact=0), "has contact_opened twice"),
    ],
)
def test_a_later_contact_has_a_parent_before_it_and_a_cause(contact: Row, said: str) -> None:
    with refused(said):
        people.check_contacts(tables(opened(2, PHONE), row(3, log.ENGAGED), contact))


@pytest.mark.parametrize(("cause", "parent"), [(AFTER_ENGAGED, -1), (NEW, 0), (NEW, -2)])
def test_a_first_contact_is_new_and_has_no_parent(cause: str, parent: int) -> None:
    with refused("need 7, contact 0, day 0 00:02: is first but has a parent"):
        people.check_contacts(tables(opened(2, PHONE, cause, parent)))


@pytest.mark.parametrize("event", people._ONCE_A_CONTACT[1:])
def test_what_happens_once_to_a_contact_happens_to_another_again(event: str) -> None:
    codes = {log.BOOKED: ("gp.1", "routine.phone"), log.CONSULT_ENDED: ("gp.1", UNRESOLVED)}
    who, code = codes.get(event, ("gp.1", ""))
    once = opened(1, PHONE), row(2, log.ENGAGED), row(3, event, who, code)
    later = opened(4, PHONE, AFTER_ENGAGED, 0, contact=1)
    if event != log.FORM_REFUSED:
        people.check_contacts(tables(*once, later, row(5, event, who, code, contact=1)))
    with refused(f"need 7, contact 0, day 0 00:05: has {event} twice"):
        people.check_contacts(tables(*once, later, row(5, event, who, code)))


# Calls.


@pytest.mark.parametrize(
    ("rows", "on_the_phone", "callbacks_due"),
    [
        ((), 1, 0),
        ((row(3, log.QUEUED),), 1, 0),
        ((row(3, log.ANSWERED),), 1, 0),
        ((row(3, log.ANSWERED), row(4, log.TALK_ENDED, "", "", 1)), 0, 0),
        ((row(3, log.MISSED),), 0, 0),
        ((row(3, log.CALLBACK_REQUESTED),), 0, 1),
        ((row(3, log.CALLBACK_REQUESTED), row(4, log.CALLED_BACK)), 0, 0),
        ((row(3, log.CALLBACK_REQUESTED), row(4, log.CALLBACK_LAPSED, "", "closing", 1)), 0, 0),
    ],
)
def test_who_is_on_the_phone_or_due_a_callback_by_the_log_is_so_in_the_practice(
    rows: tuple[Row, ...], on_the_phone: int, callbacks_due: int
) -> None:
    made = tables(opened(2, PHONE), *rows)
    people.check_calls(made, end(on_the_phone=on_the_phone, callbacks_due=callbacks_due))
    for by in (-1, 1):
        with refused(f"{on_the_phone} calls are in progress by the log, {on_the_phone + by} on the lines"):
            people.check_calls(made, end(on_the_phone=on_the_phone + by, callbacks_due=callbacks_due))
        with refused(f"{callbacks_due} callbacks are due by the log, {callbacks_due + by} in the queue"):
            people.check_calls(made, end(on_the_phone=on_the_phone, callbacks_due=callbacks_due + by))


@pytest.mark.parametrize(
    ("rows", "on_the_phone", "fault"),
    [
        ((row(3, log.CALLED_BACK),), 1, "never asked for a callback"),
        ((row(3, log.CALLBACK_LAPSED, "", "closing", 1),), 1, "never asked for a callback"),
        ((row(3, log.CALLBACK_REQUESTED), row(4, log.CALLED_BACK), row(5, log.CALLBACK_LAPSED)), 0, "ended twice"),
    ],
)
def test_a_callback_is_asked_for_and_ends_once(rows: tuple[Row, ...], on_the_phone: int, fault: str) -> None:
    with refused(fault):
        people.check_calls(tables(opened(2, PHONE), *rows), end(on_the_phone=on_the_phone))


def test_call_handlers_decide_after_a_talk_and_others_without() -> None:
    call = opened(2, PHONE), row(3, log.ANSWERED), row(4, log.TALK_ENDED, "", "", 1)
    people.check_calls(tables(*call, row(4, log.DECIDED, CALL_HANDLER)), end())
    people.check_calls(tables(opened(2, PHONE), row(3, log.MISSED), row(4, log.DECIDED, "gp")), end())
    with refused("was decided without a talk"):
        people.check_calls(tables(opened(2, PHONE), row(3, log.MISSED), row(4, log.DECIDED, CALL_HANDLER)), end())


# The desk and the inbox.

LAST = row(20, log.RESULT_BACK)
SEEN, DECIDED = row(3, log.FRONT_SEEN, FRONT_DESK, "", 2), row(5, log.DECIDED, FRONT_DESK, "settled")


def test_who_is_seen_is_decided_when_the_minutes_are_over_and_nobody_else_is() -> None:
    people.check_front(tables(opened(2, DESK), SEEN, DECIDED, LAST), end())
    with refused("need 7, contact 0, day 0 00:05: was decided unseen"):
        people.check_front(tables(opened(2, DESK), DECIDED, LAST), end())
    with refused("need 7, contact 0, day 0 00:03: was seen and never decided"):
        people.check_front(tables(opened(2, DESK), SEEN, LAST), end(at_front=1))
    for last in (5.0, 5.0005):
        people.check_front(tables(opened(2, DESK), SEEN, row(last, log.RESULT_BACK)), end(at_front=1))
    with refused("never decided"):
        people.check_front(tables(opened(2, DESK), SEEN, row(5.01, log.RESULT_BACK)), end(at_front=1))
    people.check_front(tables(world(3, log.BELIEF)), end())


def waiting(*rows: Row, at_front: int) -> None:
    people.check_front(tables(*rows), end(at_front=at_front))


def test_who_waits_at_the_desk_or_inbox_by_the_log_waits_there() -> None:
    moved = opened(4, PRACTICE, CANCELLED_BY_PRACTICE, 0, contact=1)
    for rows in ((opened(2, ONLINE),), (opened(2, APP),), (opened(2, DESK), SEEN), (opened(2, PHONE), moved)):
        waiting(*rows, at_front=1)
        for wrong in (0, 2):
            with refused(f"1 contacts wait at the desk or inbox by the log, {wrong} there"):
                waiting(*rows, at_front=wrong)
    for rows in (
        (opened(2, PHONE),),
        (opened(2, PRACTICE),),
        (opened(2, ONLINE), row(3, log.NEXT_ACTION, "", "gave_up")),
    ):
        waiting(*rows, at_front=0)
        with refused("0 contacts wait"):
            waiting(*rows, at_front=1)
    waiting(opened(2, APP), row(3, log.NEXT_ACTION, "", "redial"), at_front=0)
    waiting(opened(2, DESK), SEEN, row(3, log.NEXT_ACTION, "", "redial"), at_front=1)


def test_who_came_while_the_practice_was_closed_waits_outside_or_comes_back() -> None:
    came, back = opened(2, DESK), opened(9, DESK, CALLED_WHILE_CLOSED, 0, contact=1)
    other = opened(9, PHONE, TOLD_ANOTHER_DAY, 0, contact=1)
    waiting(came, at_front=0)  # outside
    waiting(came, at_front=1)  # just let in
    with refused("1 contacts wait"):
        waiting(came, at_front=2)
    waiting(came, back, at_front=0)
    waiting(came, back, at_front=1)
    with refused("1 contacts wait"):
        waiting(came, back, at_front=2)
    waiting(came, other, at_front=1)
    with refused("1 contacts wait"):
        waiting(came, other, at_front=2)


# Slots.

GP = "gp", "routine"


def slots(**counts: int) -> dict[str, Any]:
    return {f"slots_{name}": {GP: count} for name, count in ({"opened": 1} | counts).items()}


ATTENDED = row(700, log.CONSULT_ENDED, "gp.1", RESOLVED, 10)
MISSED_IT = row(700, log.DID_NOT_ATTEND, "gp.1", "", 0)
TAKEN = {"taken": 1}


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ((), {"free": 1}),
        ((), {"unused": 1}),
        ((), {"withdrawn": 1}),
        ((BOOKED,), TAKEN),
        ((BOOKED, ATTENDED), TAKEN | {"called": 1, "done": 1}),
        ((BOOKED, MISSED_IT), TAKEN | {"called": 1, "done": 1}),
        ((BOOKED, BY_PATIENT), TAKEN | {"returned": 1, "free": 1}),
        ((BOOKED, BY_PRACTICE), TAKEN | {"returned": 1, "withdrawn": 1}),
    ],
)
def test_a_slot_is_in_one_state_and_the_log_and_the_diary_agree(rows: tuple[Row, ...], counts: dict[str, int]) -> None:
    made = tables(opened(1, PHONE), *rows)
    time.check_slots(made, end(**slots(**counts)))
    for name in ("opened", "taken", "returned", "called", "done", "unused", "withdrawn", "free"):
        for by in (-1, 1):
            wrong = {"opened": 1} | counts
            wrong[name] = wrong.get(name, 0) + by
            with refused("gp.routine"):
                time.check_slots(made, end(**slots(**wrong)))


@pytest.mark.parametrize(("last", "called"), [(542.0, True), (541.9, False), (700.0, True)])
def test_a_clinician_turns_to_the_next_patient_at_most_an_hour_before_the_time(last: float, called: bool) -> None:
    """The appointment is at minute 602; who has been called in has not come out yet."""
    made = tables(opened(1, PHONE), BOOKED, row(last, log.NEXT_ACTION))
    state = end(**slots(taken=1, called=1))
    if called:
        time.check_slots(made, state)
    else:
        with refused("were called in"):
            time.check_slots(made, state)


@pytest.mark.parametrize(
    ("one", "other"), [(ATTENDED, MISSED_IT), (BY_PATIENT, ATTENDED), (BY_PATIENT, MISSED_IT), (BY_PATIENT, BY_PATIENT)]
)
def test_an_appointment_ends_once(one: Row, other: Row) -> None:
    with refused("need 7, contact 0, day 0 ..:..: its appointment ended twice"):
        time.check_slots(tables(opened(1, PHONE), BOOKED, one, other), end())


# Sessions and paperwork.


def session(clinician: str = "gp.1", minute: float = DAY + 720.0, **minutes: float) -> list[Row]:
    whole = {
        log.ROSTERED: 60.0,
        log.CONSULTING: 10.0,
        log.BACK_OFFICE: 20.0,
        log.IDLE: 30.0,
        log.OVERTIME: 0.0,
    } | minutes
    return [world(minute, log.SESSION_ENDED, clinician, code, amount) for code, amount in whole.items()]


def consultation(minute: float, minutes: float = 10.0, clinician: str = "gp.1", contact: int = 0) -> Row:
    return row(minute, log.CONSULT_ENDED, clinician, RESOLVED, minutes, contact)


CONSULTED = consultation(DAY + 700)


def test_a_session_s_minutes_add_up_to_a_thousandth() -> None:
    time.check_sessions(tables(CONSULTED, *session()))
    time.check_sessions(tables(CONSULTED, *session(overtime=5.0, idle=35.0)))
    time.check_sessions(tables(CONSULTED, *session(idle=30.0005)))
    for wrong in ({"idle": 30.002}, {"back_office": 19.998}, {"overtime": 0.002}, {"rostered": 59.998}):
        with refused(r"gp.1, day 1 12:00: minutes do not add up"):
            time.check_sessions(tables(CONSULTED, *session(**wrong)))


def test_nobody_spends_less_than_no_time_on_something() -> None:
    time.check_sessions(tables(CONSULTED, *session(idle=-0.0005, rostered=29.9995)))
    with refused("gp.2 spent less than no time on something"):
        time.check_sessions(tables(CONSULTED, *session(), *session("gp.2", idle=-0.002, rostered=29.998)))


def test_the_session_that_does_not_add_up_is_named() -> None:
    with refused(r"gp.2, day 2 12:00: minutes do not add up"):
        time.check_sessions(tables(CONSULTED, *session(), *session("gp.2", 2 * DAY + 720, idle=90.0)))


def test_consultations_are_those_of_sessions_that_are_over() -> None:
    time.check_sessions(tables(consultation(5)))  # no session is over yet
    at_the_end, after, other = DAY + 720.0, DAY + 721.0, "gp.2"
    time.check_sessions(tables(consultation(at_the_end), *session()))
    time.check_sessions(tables(CONSULTED, *session(), consultation(after, contact=1)))
    time.check_sessions(tables(CONSULTED, consultation(DAY + 705, 9, other, contact=1), *session()))
    with refused(r"sessions had 10.0 minutes of consultations, the log 19.0"):
        time.check_sessions(tables(CONSULTED, consultation(DAY + 705, 9, contact=1), *session()))
    with refused(r"sessions had 10.0 minutes of consultations, the log 0.0"):
        time.check_sessions(tables(*session()))


def test_minutes_of_consultations_agree_to_a_thousandth_a_session() -> None:
    longer = session(consulting=10.0015, idle=29.9985)
    with refused("sessions had"):
        time.check_sessions(tables(CONSULTED, *longer))
    time.check_sessions(tables(CONSULTED, consultation(DAY + 701, contact=1), *longer, *session(minute=DAY + 730.0)))
    time.check_sessions(tables(CONSULTED, *session(consulting=10.0005, idle=29.9995)))


def waits(day: int, minutes: float, role: str = "gp") -> Row:
    return world((day + 1) * DAY - 1.0, log.PAPERWORK, role, "", minutes)


def made(day: int, minutes: float, role: str = "gp") -> Row:
    return world(day * DAY + 600.0, log.PAPERWORK_MADE, role, "letter", minutes)


def done(day: int, minutes: float, clinician: str = "gp.1", code: str = log.BACK_OFFICE) -> Row:
    return world(day * DAY + 700.0, log.SESSION_ENDED, clinician, code, minutes)


@pytest.mark.parametrize("before", [(), (made(0, 40),), (made(0, 40), done(0, 15)), (done(0, 15),)])
@pytest.mark.parametrize(
    ("by", "good"), [(0, True), (0.5, True), (-0.5, True), (0.6, False), (-0.6, False), (1.25, False)]
)
def test_paperwork_that_waits_is_what_waited_and_came_less_what_was_done(
    before: tuple[Row, ...], by: float, good: bool
) -> None:
    rows = *before, waits(0, 100), made(1, 30), waits(1, 130), done(2, 50), made(2, 5), waits(2, 85 + by)
    later = made(3, 8), waits(3, 93)
    if abs(by) <= 0.5:
        time.check_paperwork(tables(*rows, *later))
        return
    with refused("gp, day 2: paperwork does not add up"):
        time.check_paperwork(tables(*rows, *later))


def test_paperwork_is_by_role_and_other_minutes_are_none() -> None:
    time.check_paperwork(
        tables(
            waits(0, 100), waits(0, 20, "nurse"), made(1, 30), made(1, 7, "nurse"), done(1, 10), done(1, 2, "nurse.1"),
            done(1, 60, code=log.IDLE), waits(1, 120), waits(1, 25, "nurse"),
        )
    )  # fmt: skip
    with refused("nurse, day 1: paperwork does not add up"):
        time.check_paperwork(tables(waits(0, 9), waits(0, 20, "nurse"), waits(1, 9), waits(1, 25, "nurse")))
    time.check_paperwork(tables(world(1, log.BELIEF)))


# What is urgent.


def flagged(*rows: Row) -> Tables:
    return tables(AROSE, opened(2, PHONE), *rows)


FLAGGED = row(3, log.FLAGGED, CALL_HANDLER, TODAY)


@pytest.mark.parametrize("disposition", [BOOKED_TODAY, SENT_ON + NETWORK_HUB])
def test_who_is_flagged_is_booked_for_today_or_sent_on(disposition: str) -> None:
    people.check_flagged(flagged(FLAGGED, told(disposition)))


@pytest.mark.parametrize("disposition", [CALL_ANOTHER_DAY, BOOKED_AHEAD, NO_NEXT_STEP, SIGNPOSTED + "pharmacy"])
def test_nobody_flagged_is_told_to_wait(disposition: str) -> None:
    with refused("need 7, contact 0, day 0 00:03: was flagged as urgent and neither booked for today nor sent on"):
        people.check_flagged(flagged(FLAGGED, told(disposition)))
    people.check_flagged(flagged(told(disposition)))


def test_nobody_is_sent_on_who_was_not_flagged_and_no_flag_is_left_undecided() -> None:
    with refused("was sent on without being flagged as urgent"):
        people.check_flagged(flagged(told(SENT_ON + NETWORK_HUB)))
    with refused("1 contacts were flagged as urgent, 0 then decided"):
        people.check_flagged(flagged(FLAGGED))


def worse(*levels: float) -> Tables:
    first, *later = levels
    rows = [row(5 + at, log.DETERIORATED, amount=level) for at, level in enumerate(later)]
    return tables(row(1, log.NEED_AROSE, amount=first), opened(2, PHONE), *rows)


@pytest.mark.parametrize("levels", [(0,), (1, 2, 3), (2, 3), (3, 3)])
def test_a_need_gets_worse_by_one_level_at_a_time(levels: tuple[float, ...]) -> None:
    people.check_deteriorated(worse(*levels))


@pytest.mark.parametrize(("levels", "said"), [((0, 1), "0 to 1"), ((1, 3), "1 to 3"), ((2, 2), "2 to 2")])
def test_no_need_gets_worse_that_can_wait_nor_by_leaps(levels: tuple[float, ...], said: str) -> None:
    with refused(f"need 7, contact 0, day 0 00:05: got worse from urgency {said}"):
        people.check_deteriorated(worse(*levels))
