"""One need read aloud from the log, so that anybody can judge whether the model makes sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY, WorkingCalendar, clock_time, day_of
from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.needs import FAILURE_CAUSES, NEW, PLANNED_FOLLOW_UP


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
_ROLES = {"call_handler": "the receptionist", "gp": "the GP", "": "the practice"}
_FATES = {
    "redial": "will ring again {when}",
    "another_day": "will try another day, {when}",
    "desk": "will walk in, {when}",
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
    if amount < 1:
        return _many(round(amount * 60), "second")
    if amount < 90:
        return _many(round(amount), "minute")
    return _many(round(amount / 60), "hour") if amount < 2 * DAY else _many(round(amount / DAY), "day")


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _menu_ended(line: Line) -> str:
    return {
        "informed": "gets the answer from the recorded menu and hangs up",
        "put_off": "hangs up in the recorded menu, none the wiser",
        "closed": "hears the recorded message that the practice is closed",
    }[line.code]


def _missed(line: Line) -> str:
    if line.code == "closed":
        return "rings while the practice is closed and leaves it at that"
    if line.code == "closing":
        return f"is cut off at closing time after waiting {minutes(line.amount)}"
    return f"hangs up after waiting {minutes(line.amount)}"


def _answered(line: Line) -> str:
    return "is answered at once" if line.amount < 1 / 60 else f"is answered after {minutes(line.amount)}"


def _decided(line: Line) -> str:
    return {
        "booked_today": "is offered one of the day's appointments",
        "booked_ahead": "is offered an appointment booked ahead",
        "settled_by_reception": "has it settled by the receptionist",
        "ring_another_day": "is told that nothing is left: ring another day",
    }.get(line.code, f"is given: {line.code.replace('_', ' ')}")


def _booked(line: Line) -> str:
    days = day_of(line.time + line.amount) - day_of(line.time)
    when = "for today" if days == 0 else "for tomorrow" if days == 1 else f"{days} days ahead"
    return f"has an appointment with {_ROLES.get(line.who, line.who)} {when}"


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
    log.DESK_SEEN: lambda line: f"is seen at the desk after {minutes(line.amount)}",
    log.DECIDED: _decided,
    log.BOOKED: _booked,
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
    told, day = [], -1
    for line in lines_of(table, need, practice):
        if day_of(line.time) != day:
            day = day_of(line.time)
            date = calendar.date(day)
            told.append(f"{date:%A} {date.day} {date:%B} (week {day // 7}, day {day})")
        told.append(f"  {clock_time(line.time)}  {_sentence(line, calendar)}")
    return told


def _sentence(line: Line, calendar: WorkingCalendar) -> str:
    if line.event == log.NEED_AROSE:
        return f"A need arises: {line.code.replace('_', ' ')}."
    if line.event == log.NEED_CLOSED:
        return _ENDINGS[line.code]
    if line.event == log.CONTACT_OPENED:
        return _opening(line)
    if line.event == log.FATE:
        return f"The person {_FATES[line.code].format(when=_when(line, calendar))}."
    return f"The person {_SAID[line.event](line)}."


def _opening(line: Line) -> str:
    how = "rings the practice" if line.who == "phone" else "stands at the practice's desk"
    if line.code == NEW:
        return f"Contact 1: the person {how}."
    number = f"Contact {line.contact + 1}, because of contact {int(line.amount) + 1}"
    if line.code == PLANNED_FOLLOW_UP:
        return f"{number}: the person {how} for the planned follow-up (value demand)."
    return f"{number}: the person {how}, who {FAILURE_CAUSES[line.code]} (failure demand)."


def _when(line: Line, calendar: WorkingCalendar) -> str:
    at = line.time + line.amount
    if day_of(at) == day_of(line.time):
        return f"in {minutes(line.amount)}"
    return f"on {calendar.date(day_of(at)):%A} at about {clock_time(at)}"
