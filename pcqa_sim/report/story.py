"""One need read aloud from the log, so that anybody can judge whether the model makes sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY, WorkingCalendar, clock_time, day_of
from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.needs import (
    AFTER_ABANDONING,
    AFTER_ENGAGED,
    AFTER_PUT_OFF,
    BEFORE,
    BOUNCED,
    CHASE,
    DESK,
    DNA_REBOOK,
    LOST_HAND_OFF,
    NEW,
    NO_CONTINUITY,
    PHONE,
    PLANNED_FOLLOW_UP,
    RANG_WHILE_CLOSED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
)


@dataclass(frozen=True)
class Line:
    """One row of the log about the need: minute, contact, event, who, code, amount."""

    time: float
    contact: int
    event: str
    who: str
    code: str
    amount: float


CALLED_IN = "called_in"
CAUGHT_OUT, CUT_OFF = "came_while_closed", "cut_off"
_SECOND = 1 / 60
_ROUNDING = 0.01  # minutes; amounts are kept in 32 bits, and 09:20 must not read 09:19
_REASONS = {
    RANG_WHILE_CLOSED: "rang while the practice was closed and {asks}",
    AFTER_ENGAGED: "found the line engaged and {asks}",
    AFTER_PUT_OFF: "was put off by the recorded menu and {asks}",
    AFTER_ABANDONING: "gave up waiting on the phone and {asks}",
    TOLD_ANOTHER_DAY: "was told to ring another day and {asks}",
    WAITED_TOO_LONG: "has waited too long and {asks}",
    DNA_REBOOK: "missed an appointment, needs another and {asks}",
    WRONG_CLINICIAN: "saw the wrong clinician or went to the wrong place and {asks}",
    UNRESOLVED: "was seen, but the need was not resolved, and {asks}",
    NO_CONTINUITY: "had to tell the story again and {asks}",
    CHASE: "is chasing a result, prescription or letter and {asks}",
    LOST_HAND_OFF: "was lost in a hand-off and {asks}",
    BOUNCED: "was sent back by a community or network service and {asks}",
    CAUGHT_OUT: "came while the practice was closed and {asks}",
    CUT_OFF: "was cut off at closing time and {asks}",
}
_ROLES = {"call_handler": "the receptionist", "gp": "the GP", "": "the practice"}
_FATES = {
    "redial": "will ring again {when}",
    "another_day": "will try another day, {when}",
    "desk": "will walk in{when}",
    "pharmacy": "goes to a pharmacy instead",
    "nhs_111": "turns to NHS 111 instead",
    "urgent_treatment_centre": "goes to an urgent treatment centre instead",
    "emergency_department": "goes to A&E instead",
    "self_treated": "treats it at home",
    "gave_up": "does nothing more about it",
}
_ENDINGS = {
    "resolved": "The need is resolved.",
    "informed": "The recorded message answered the need.",
    "recovered": "The need has gone by itself.",
    "gave_up": "The need ends unmet: the person has given up.",
    "self_treated": "The need ends in self-care.",
    "pharmacy": "The need leaves the practice for a pharmacy.",
    "nhs_111": "The need leaves the practice for NHS 111.",
    "urgent_treatment_centre": "The need leaves the practice for an urgent treatment centre.",
    "emergency_department": "The need leaves the practice for A&E.",
}


def minutes(amount: float) -> str:
    """Return an amount of minutes in words: "20 seconds", "4 minutes", "3 hours", "2 days"."""
    if round(amount * 60) < 60:
        return _many(round(amount * 60), "second")
    if amount < 90:
        return _many(round(amount), "minute")
    return _many(round(amount / 60), "hour") if amount < 2 * DAY else _many(round(amount / DAY), "day")


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _at_once(amount: float) -> bool:
    """Tell whether an amount of minutes is less than a second."""
    return amount < _SECOND


def _menu_ended(line: Line) -> str:
    return {
        "informed": "gets the answer from the recorded menu and hangs up",
        "put_off": "hangs up in the recorded menu, none the wiser",
        "closed": "hears the recorded message that the practice is closed",
    }[line.code]


def _missed(line: Line) -> str:
    if line.code == "closed":
        return "hangs up during the closed message"
    if line.code == "closing":
        return f"is cut off at closing time after waiting {minutes(line.amount)}"
    return "hangs up at once" if _at_once(line.amount) else f"hangs up after waiting {minutes(line.amount)}"


def _answered(line: Line) -> str:
    return "is answered at once" if _at_once(line.amount) else f"is answered after {minutes(line.amount)}"


def _desk_seen(line: Line) -> str:
    wait = "at once" if _at_once(line.amount) else f"after {minutes(line.amount)}"
    return f"is seen at the desk {wait}"


def _decided(line: Line) -> str:
    return {
        "booked_today": "is offered one of the day's appointments",
        "booked_ahead": "is offered an appointment",
        "settled_by_reception": "has it settled by the receptionist",
        "ring_another_day": "is told that nothing is left: ring another day",
    }.get(line.code, f"is given: {line.code.replace('_', ' ')}")


def _called_in(line: Line) -> str:
    late = "" if line.amount < 1 else f", {minutes(line.amount)} late"
    return f"is called in by {_ROLES.get(line.who, line.who)}{late}"


def _outcome(line: Line) -> str:
    return {
        "resolved": "leaves with the need met",
        "unresolved": "leaves with the need not resolved",
        "planned_follow_up": "is asked to come again for a follow-up",
    }[line.code]


_SAID: dict[str, Callable[[Line], str]] = {
    log.ENGAGED: lambda line: "hears the engaged tone",
    log.MENU_ENDED: _menu_ended,
    log.QUEUED: lambda line: f"joins the queue, {_many(int(line.amount), 'caller')} waiting already",
    log.CALLBACK_REQUESTED: lambda line: f"asks to be called back, {_many(int(line.amount), 'caller')} waiting already",
    log.MISSED: _missed,
    log.ANSWERED: _answered,
    log.CALLED_BACK: lambda line: f"is called back, {minutes(line.amount)} after asking",
    log.TALK_ENDED: lambda line: f"has talked for {minutes(line.amount)}",
    log.DESK_SEEN: _desk_seen,
    log.DECIDED: _decided,
    CALLED_IN: _called_in,
    log.CONSULT_ENDED: lambda line: f"comes out after {minutes(line.amount)}",
    log.DID_NOT_ATTEND: lambda line: "does not come to the appointment",
    log.OUTCOME: _outcome,
}


def lines_of(table: pa.Table, need: int, practice: str) -> list[Line]:
    """Return a need's rows of a log; raise BadInput when the log has none."""
    mine = table.filter(pc.and_(pc.equal(table["need"], need), pc.equal(table["practice"].cast(pa.string()), practice)))
    if not len(mine):
        known = sorted(pc.unique(table["need"]).to_pylist())
        close = min(known[1:], key=lambda other: abs(other - need), default=None)
        fault = Fault("--need", "no such need in this run", str(need), "" if close is None else str(close))
        raise BadInput(fault)
    words = ("time_min", "contact", "event", "who", "code", "amount")
    rows = [Line(*row) for row in zip(*(mine[name].to_pylist() for name in words), strict=True)]
    return _with_calls_to_come_in(rows)


def _with_calls_to_come_in(rows: list[Line]) -> list[Line]:
    """Return the rows with a line for each moment a patient is called in, which the log leaves to arithmetic."""
    told, due = [], 0.0
    for row in rows:
        if row.event == log.BOOKED:
            due = row.time + row.amount
        elif row.event == log.CONSULT_ENDED:
            begun = row.time - row.amount
            told.append(Line(begun, row.contact, CALLED_IN, row.who, "", max(0.0, begun - due)))
        told.append(row)
    return told


def story(table: pa.Table, need: int, practice: str, calendar: WorkingCalendar) -> list[str]:
    """Return a need's story, one sentence a line, with days and clock times."""
    lines = lines_of(table, need, practice)
    told, day = [], -1
    for number, line in enumerate(lines):
        if day_of(line.time) != day:
            day = day_of(line.time)
            told.append(_heading(day, calendar))
        told.append(f"  {clock_time(line.time)}  {_sentence(line, lines[:number], calendar)}")
    if all(line.event != log.NEED_CLOSED for line in lines):
        told.append("The run ends here; the need is open.")
    return told


def _heading(day: int, calendar: WorkingCalendar) -> str:
    holiday = ", bank holiday" if calendar.is_bank_holiday(day) else ""
    return f"{_date(day, calendar)}{holiday} (week {day // 7}, day {day})"


def _date(day: int, calendar: WorkingCalendar) -> str:
    date = calendar.date(day)
    return f"{date:%A} {date.day} {date:%B}"


def _sentence(line: Line, earlier: list[Line], calendar: WorkingCalendar) -> str:
    if line.event == log.NEED_AROSE:
        return f"A need arises: {line.code.replace('_', ' ')}."
    if line.event == log.NEED_CLOSED:
        return _ENDINGS[line.code]
    if line.event == log.CONTACT_OPENED:
        return _opening(line, earlier)
    if line.event == log.FATE:
        return f"The person {_FATES[line.code].format(when=_later(line, calendar))}."
    if line.event == log.BOOKED:
        when = _when(line, calendar, "at")
        return f"The person has an appointment with {_ROLES.get(line.who, line.who)} {when}."
    return f"The person {_SAID[line.event](line)}."


def _opening(line: Line, earlier: list[Line]) -> str:
    if line.who == BEFORE:
        return "Contact 1: the person booked before the run began."
    if line.code == NEW:
        return f"Contact 1: the person {'rings the practice' if line.who == PHONE else 'comes to the desk'}."
    opened = [before for before in earlier if before.event == log.CONTACT_OPENED]
    asks = "rings" if line.who == PHONE else "comes to the desk"
    if line.code == PLANNED_FOLLOW_UP:
        reason, demand = f"{asks} for the planned follow-up", "value demand"
    else:
        again = " again" if any(before.who == line.who for before in opened) else ""
        reason, demand = _REASONS[_cause(line, earlier)].format(asks=asks + again), "failure demand"
    return f"Contact {line.contact + 1}, because of contact {int(line.amount) + 1} ({demand}): the person {reason}."


def _cause(line: Line, earlier: list[Line]) -> str:
    """Return a contact's cause, told apart where the log's word covers two things that read differently."""
    parent = [before for before in earlier if before.contact == int(line.amount)]
    if line.code == RANG_WHILE_CLOSED and any(b.event == log.CONTACT_OPENED and b.who == DESK for b in parent):
        return CAUGHT_OUT
    if line.code == AFTER_ABANDONING and any(b.event == log.MISSED and b.code == "closing" for b in parent):
        return CUT_OFF
    return line.code


def _later(line: Line, calendar: WorkingCalendar) -> str:
    """Return when a person acts on a decision, with what joins it to the words before."""
    today = day_of(line.time + line.amount) == day_of(line.time)
    if line.code == DESK:
        return f", {minutes(line.amount)} from now" if today else f" {_when(line, calendar, 'at about')}"
    return f"in {minutes(line.amount)}" if today else _when(line, calendar, "at about")


def _when(line: Line, calendar: WorkingCalendar, at: str) -> str:
    """Return "today at 15:15", "tomorrow at 09:20" or "on Thursday 5 February at 09:20"."""
    then = line.time + line.amount + _ROUNDING
    days = day_of(then) - day_of(line.time)
    day = "today" if days == 0 else "tomorrow" if days == 1 else f"on {_date(day_of(then), calendar)}"
    return f"{day} {at} {clock_time(then)}"
