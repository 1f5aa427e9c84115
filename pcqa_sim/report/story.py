"""One need read aloud from the log, so that anybody can judge whether the model makes sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pcqa_sim.report.causes import because
from pcqa_sim.report.names import ROUNDING, Names, about, asker, at_once, date, many, minutes, when
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WorkingCalendar, clock_time, day_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.needs import (
    APP,
    APPOINTMENT_STANDS,
    AWAITING_TEST,
    BALKED,
    BEFORE,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    CLOSED,
    DESK,
    EMERGENCY,
    EMERGENCY_DEPARTMENT,
    FACE_TO_FACE,
    GAVE_UP,
    HOME_VISIT,
    INFORMED,
    LEVELS,
    NETWORK_HUB,
    NO_CONTINUITY,
    NO_NEXT_STEP,
    ONLINE,
    ONLINE_MESSAGE,
    PAPERWORK_TO_DO,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    RECOVERED,
    REFERRED,
    RESOLVED,
    RESULT_NOT_BACK,
    RESULT_TOLD,
    SELF_TREATED,
    SENT_ON,
    SETTLED,
    SIGNPOSTED,
    TELEPHONE,
    TO_FORM,
    TOLD_OR_DONE,
    TRIAGE_RULES,
    UNRESOLVED,
    VIDEO,
    WRONG_CLINICIAN,
)
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK, Channel, NeedEnding, NextAction, Service, Urgency

CALLED_IN = "called_in"
_NOT_TOLD = (log.NOTHING_FREE,)  # what was asked for that is not there: the decision before it says so
_DELAYED_MIN = 5  # minutes from need to first contact from which it is said that the person delayed asking


@dataclass(frozen=True)
class Line:
    """One row of the log about the need: minute, contact, event, who, code, amount."""

    time: float
    contact: int
    event: str
    who: str
    code: str
    amount: float


class Tale:
    """A need's lines, with what it takes to say them: days and dates, names, and what the rows tell of each contact."""

    def __init__(self, lines: list[Line], calendar: WorkingCalendar, names: Names) -> None:
        self.lines, self.calendar, self.names = lines, calendar, names
        arose = next((line for line in lines if line.event == log.NEED_AROSE), None)
        self.kind = "" if arose is None else arose.code
        self.by_111 = arose is not None and arose.who == Service.NHS_111
        self.arose = lines[0].time if arose is None else arose.time
        self.planned = self.kind in names.programmes

    def of(self, event: str, contact: int) -> Line | None:
        """Return the line of an event of a contact, None where it has none."""
        return next((line for line in self.lines if line.event == event and line.contact == contact), None)

    def channel(self, contact: int) -> str:
        """Return the channel of a contact."""
        opened = self.of(log.CONTACT_OPENED, contact)
        return "" if opened is None else opened.who

    def cause(self, contact: int) -> str:
        """Return the cause of a contact."""
        opened = self.of(log.CONTACT_OPENED, contact)
        return "" if opened is None else opened.code

    def mode(self, contact: int) -> str:
        """Return the mode of a contact's appointment."""
        booked = self.of(log.BOOKED, contact)
        return FACE_TO_FACE if booked is None else booked.code.rpartition(".")[2]

    def offered_at(self, minute: float) -> bool:
        """Tell whether the practice offers an earlier appointment at a minute."""
        opened = (line for line in self.lines if line.event == log.CONTACT_OPENED and line.time == minute)
        return any(line.who == PRACTICE and line.code == REARRANGED for line in opened)

    def is_for_triage(self, contact: int) -> bool:
        """Tell whether a contact was put on the list for clinician triage."""
        booked = self.of(log.BOOKED, contact)
        return booked is not None and booked.code.partition(".")[0] in TRIAGE_RULES

    def opened_before(self, contact: int, channel: str) -> bool:
        """Tell whether an earlier contact was through a channel."""
        return any(
            line.event == log.CONTACT_OPENED and line.contact < contact and line.who == channel for line in self.lines
        )


def lines_of(table: pa.Table, need: int, practice: str) -> list[Line]:
    """Return a need's rows of a log; raise BadInput when the log has none."""
    rows_of_need = table.filter(
        pc.and_(pc.equal(table["need"], need), pc.equal(table["practice"].cast(pa.string()), practice))
    )
    if not len(rows_of_need):
        known = sorted(pc.unique(table["need"]).to_pylist())
        close = min(known[1:], key=lambda other: abs(other - need), default=None)
        fault = Fault("--need", "no such need in this run", str(need), "" if close is None else str(close))
        raise BadInput(fault)
    columns = ("time_min", "contact", "event", "who", "code", "amount")
    rows = [Line(*row) for row in zip(*(rows_of_need[name].to_pylist() for name in columns), strict=True)]
    return _with_beginnings([row for row in rows if row.event not in _NOT_TOLD])


def _with_beginnings(rows: list[Line]) -> list[Line]:
    """Return the rows with a line for each beginning of a consultation, which the log leaves to arithmetic."""
    told: list[Line] = []
    due: dict[int, float] = {}
    begun: set[int] = set()
    for row in rows:
        if row.event == log.BOOKED:
            due[row.contact] = row.time + row.amount
        elif row.event == log.SQUEEZED:
            begun.add(row.contact)
        elif row.event == log.CONSULT_ENDED and row.contact not in begun:
            start = row.time - row.amount + ROUNDING
            told.append(Line(start, row.contact, CALLED_IN, row.who, "", max(0.0, start - due[row.contact])))
        told.append(row)
    return sorted(told, key=lambda line: line.time)


def story(run: Run, need: int, practice: str) -> list[str]:
    """Return who has a need, and its story, one sentence a line; raise BadInput for a need the run does not have."""
    counted = run.counted[practice]
    lines = lines_of(run.log, need, practice)
    person = int(counted.tables.needs["person"].loc[need])
    names = Names.of(counted.practice, counted.usual[person], asker(counted, person))
    return [about(counted, person), *read(lines, counted.calendar, names)]


def read(lines: list[Line], calendar: WorkingCalendar, names: Names) -> list[str]:
    """Return a need's lines as sentences, with days and clock times."""
    tale = Tale(lines, calendar, names)
    told, day = [], -1
    for line in lines:
        if day_of(line.time) != day:
            day = day_of(line.time)
            holiday = ", bank holiday" if calendar.is_bank_holiday(day) else ""
            told.append(f"{date(day, calendar)}{holiday} (week {day // 7}, day {day})")
        told.append(f"  {clock_time(line.time)}  {_SAID[line.event](line, tale)}")
    if all(line.event != log.NEED_CLOSED for line in lines):
        told.append("The run ends here; the need is open.")
    return told


def _arose(line: Line, tale: Tale) -> str:
    kind = tale.names.kind(line.code)
    if tale.planned:
        return f"Due on the practice's recall list: {kind}."
    if tale.channel(0) == BEFORE:
        return f"From before the run: {kind}."
    if tale.by_111:
        return f"NHS 111 hears of a need: {kind}."
    came = {"hospital": "A request comes", "social_care": "A request comes"}.get(line.who, "A need arises")
    return f"{came}: {kind}."


def _opened(line: Line, tale: Tale) -> str:
    number = f"Contact {line.contact + 1}"
    parent = int(line.amount)
    if parent >= 0:
        return f"{number}, because of contact {parent + 1} {because(line.code, line.who, parent, tale)}."
    if line.who == BEFORE:
        return f"{number}: the person booked before the run began."
    if line.who == PRACTICE and tale.by_111:
        return f"{number}: NHS 111 books the person into a slot that is kept for it."
    if tale.of(log.INVITED, line.contact) is not None:
        return f"{number}: the practice writes to {tale.names.asker}."
    if line.who == PRACTICE:
        if tale.of(log.BOOKED, line.contact) is None:
            return f"{number}: the practice looks for an appointment for the person and finds nothing free."
        return f"{number}: the practice books it for the person."
    late = line.time - tale.arose
    delayed = f", after a delay of {minutes(late)}," if late > _DELAYED_MIN else ""
    return f"{number}: {tale.names.asker}{delayed} {_asks(line.who, line.contact, tale)}."


def _asks(channel: str, contact: int, tale: Tale) -> str:
    """Return what the person does first: "calls the practice"."""
    first = {PHONE: "calls the practice", ONLINE: "sends the practice an online form"}.get(channel)
    return first or (in_app(tale, contact) if channel == APP else Channel.of(channel).phrase)


def in_app(tale: Tale, contact: int) -> str:
    """Return what a person does who turns to the NHS App: they book, or leave a message about paperwork."""
    message = tale.of(log.FRONT_SEEN, contact) is not None or tale.kind == "administrative"
    return "sends a message through the NHS App" if message else "looks for an appointment in the NHS App"


def _menu_ended(line: Line, _: Tale) -> str:
    return {
        INFORMED: "The recorded menu answers the question, and the person hangs up.",
        BALKED: "The person is put off by the recorded menu and hangs up.",
        CLOSED: "The person hears the recorded message that the practice is closed.",
        TO_FORM: "The recorded message asks for a form instead, and the person hangs up.",
    }[line.code]


def _before(callers: int) -> str:
    return f"{many(callers, 'caller')} waiting already" if callers else "with nobody before them"


def _missed(line: Line, _: Tale) -> str:
    if line.code == "closed":
        return "The person hangs up during the message that the practice is closed."
    if line.code == "closing":
        return f"The person is cut off at closing time after waiting {minutes(line.amount)}."
    waited = "at once" if at_once(line.amount) else f"after waiting {minutes(line.amount)}"
    return f"The person hangs up {waited}."


def _callback_lapsed(line: Line, _: Tale) -> str:
    if line.code == "closing":
        return f"The practice closes without having called back, {minutes(line.amount)} after the person asked."
    return f"The person has waited {minutes(line.amount)} for the callback and waits no longer."


def _answered(line: Line, _: Tale) -> str:
    return f"The person is answered {'at once' if at_once(line.amount) else f'after {minutes(line.amount)}'}."


def _result_back(line: Line, _: Tale) -> str:
    if not line.code:
        return f"The person hears of the result, {minutes(line.amount)} after the test."
    return f"The {line.code.replace('_', ' ')} is done, {minutes(line.amount)} after it was asked for."


def _form_refused(line: Line, _: Tale) -> str:
    why = {"closed": "is closed", "full": "takes no more today"}[line.code]
    return f"The form {why}."


def _front_seen(line: Line, tale: Tale) -> str:
    opened = tale.of(log.CONTACT_OPENED, line.contact)
    wait = 0.0 if opened is None else line.time - opened.time
    after = "at once" if at_once(wait) else f"after {minutes(wait)}"
    channel = tale.channel(line.contact)
    if channel == DESK:
        return f"The person is seen at the desk {after}."
    if channel == PRACTICE:
        return f"A receptionist takes it up {after}."
    return f"A receptionist reads the {'form' if channel == ONLINE else 'message'} {after}."


def _flagged(line: Line, tale: Tale) -> str:
    by_reception = line.who in (CALL_HANDLER, FRONT_DESK)
    who = "The receptionist" if by_reception else _capital(tale.names.clinician(line.who))
    if not by_reception and "." not in line.who:  # a role: somebody of it was asked
        who = f"Nothing is free today: the receptionist asks a clinician ({tale.names.clinician(line.who)}), who"
    if line.code == EMERGENCY:
        return f"{who} notices signs of an emergency."
    return f"{who} takes it for urgent: it cannot wait until tomorrow."


def _deteriorated(line: Line, tale: Tale) -> str:
    return f"The need gets worse while the person waits: it {Urgency.of(LEVELS[int(line.amount)]).phrase}."


def _sent_on(line: Line, tale: Tale) -> str:
    to = line.code.removeprefix(SENT_ON)
    flagged = tale.of(log.FLAGGED, line.contact)
    if flagged is not None and flagged.code == EMERGENCY:
        return "The person is told to call 999 or go to A&E at once."
    there = {NETWORK_HUB: "the network's hub", EMERGENCY_DEPARTMENT: "A&E"}.get(to, "an urgent treatment centre")
    return f"Nobody here can see the person today: they are sent on to {there}, which is told."


def _decided(line: Line, tale: Tale) -> str:
    channel = tale.channel(line.contact)
    if tale.is_for_triage(line.contact):
        return "The receptionist puts the person on the list for clinician triage."
    if line.code == CALL_ANOTHER_DAY and channel == PRACTICE:
        in_place = "" if tale.cause(line.contact) == BROUGHT_IN else " in its place"
        return f"Nothing is free{in_place}" + ("." if tale.planned else ": the person is asked to call another day.")
    offered = {
        BOOKED_TODAY: "one of the day's appointments",
        BOOKED_AHEAD: "an appointment",
    }.get(line.code, "")
    if offered and channel == APP and tale.of(log.FRONT_SEEN, line.contact) is None:
        return f"The person finds {offered} in the app and books it."
    if line.code.startswith(SENT_ON):
        return _sent_on(line, tale)
    if line.code.startswith(SIGNPOSTED):
        to = line.code.removeprefix(SIGNPOSTED)
        service = _AT_HOME if to == SELF_TREATED else Service.of(to).phrase
        return f"The receptionist offers {service}, and the person agrees."
    if offered and channel == PRACTICE and tale.cause(line.contact) == BROUGHT_IN:
        return f"The person is given {offered}."
    if offered and channel == PRACTICE:
        return "There is another appointment for the person."
    return {
        SETTLED: "The receptionist settles it.",
        TOLD_OR_DONE: _told_or_done(tale),
        NO_NEXT_STEP: _no_next_step(channel),
        PAPERWORK_TO_DO: "The receptionist passes it on, to be written.",
        CALL_ANOTHER_DAY: "The person is told that nothing is free: call another day.",
        APPOINTMENT_STANDS: "The person is told that nothing sooner is free: the appointment stands.",
        RESULT_NOT_BACK: "The person is told that it is not there yet.",
        RESULT_TOLD: "The result has been there and nobody had said so: the person is told.",
    }.get(line.code, f"The person is offered {offered or line.code.replace('_', ' ')}.")


def _told_or_done(tale: Tale) -> str:
    """Return what a receptionist says or does who needs nobody else for it."""
    if tale.planned:
        return "The receptionist looks it up: it has been done already, and nothing is due."
    if tale.kind in _TOLD:
        return f"The receptionist {_TOLD[tale.kind]}."
    return "The receptionist looks it up, and tells the person what is arranged already."


_TOLD = {
    "administrative": "sees to it there and then",
    "test_result": "reads out the result, which needs nothing more",
    "medication": "tells the person that the prescription is ready",
    "hospital_generated": "tells the person what has come from the hospital",
    "social_care_generated": "sees to it there and then",
    "social": "tells the person whom to turn to",
}


def _no_next_step(channel: str) -> str:
    """Return how a contact ends that leaves the person without a next step."""
    if channel in (ONLINE, APP):
        return "The answer does not say what will happen next."
    return "The receptionist cannot say what will happen next."


_AT_HOME = "advice on what to do at home"


def _booked(line: Line, tale: Tale) -> str:
    if tale.is_for_triage(line.contact):
        does = "read the form" if line.code.rpartition(".")[2] == ONLINE_MESSAGE else "call the person"
        about = when(line.time, line.amount, tale.calendar, "at about")
        return f"{_a(tale.names.clinician(line.who))} is to {does} {about}."
    at = when(line.time, line.amount, tale.calendar, "at")
    who = tale.names.familiar(line.who)
    return {
        TELEPHONE: f"The person will be called by {who} {at}.",
        VIDEO: f"The person will meet {who} by video {at}.",
        ONLINE_MESSAGE: f"The person will have a written answer from {who} {at}.",
        HOME_VISIT: f"The person will be visited at home by {who} {at}.",
    }.get(line.code.rpartition(".")[2], f"The person has an appointment with {who} {at}.")


_KEPT_FOR = {
    TELEPHONE: "a telephone call",
    VIDEO: "a video consultation",
    ONLINE_MESSAGE: "a written answer",
    HOME_VISIT: "a home visit",
}


def _slot_converted(line: Line, _: Tale) -> str:
    kept_for = _KEPT_FOR.get(line.code, "somebody who comes in")
    return f"Time kept for {kept_for} has stayed free and is given for this instead."


def _cancelled(line: Line, tale: Tale) -> str:
    who, at = tale.names.clinician(line.who), when(line.time, line.amount, tale.calendar, "at")
    if line.code == log.BY_PRACTICE:
        return f"{_capital(who)} is not there: the practice has to cancel the appointment {at}."
    worse = tale.of(log.DETERIORATED, line.contact)
    if worse is not None and worse.time == line.time:
        return f"The appointment with {who} {at} is given up."
    if tale.offered_at(line.time):
        return f"The later appointment, with {who} {at}, is given back."
    return f"The person cancels the appointment with {who} {at}."


def _called_in(line: Line, tale: Tale) -> str:
    who = tale.names.clinician(line.who)
    met = {
        TELEPHONE: f"{_capital(who)} calls the person",
        VIDEO: f"The person meets {who} by video",
        ONLINE_MESSAGE: f"{_capital(who)} turns to the person's message",
        HOME_VISIT: f"{_capital(who)} visits the person at home",
    }.get(tale.mode(line.contact), f"The person is called in by {who}")
    no_time = line.amount < 1 or tale.is_for_triage(line.contact)  # who is on a list has no time of their own
    late = "" if no_time else f", {minutes(line.amount)} late"
    return f"{met}{late}{', and has to be quick' if line.event == log.SQUEEZED else ''}."


_CAME_OF_IT = {
    RESOLVED: "with the need met",
    UNRESOLVED: "with the need not resolved",
    WRONG_CLINICIAN: "with the need not resolved: somebody else should have seen it",
    NO_CONTINUITY: "with the need not resolved: it takes somebody who knows the person",
    AWAITING_TEST: "to wait for the result of a test",
    REFERRED: "with a referral to be written",
    PLANNED_FOLLOW_UP: "and is asked to come again for a follow-up",
    BROUGHT_IN: "to be seen by the role that fits the need",
}
_ON_THE_LINE = _CAME_OF_IT | {
    AWAITING_TEST: "with a test to be done and its result to wait for",
    PLANNED_FOLLOW_UP: "with a follow-up to come",
}


def _consult_ended(line: Line, tale: Tale) -> str:
    mode = tale.mode(line.contact)
    ends = {
        TELEPHONE: "The call ends",
        VIDEO: "The video ends",
        ONLINE_MESSAGE: "The answer is written",
        HOME_VISIT: "The visit ends",
    }
    begins, came = (ends[mode], _ON_THE_LINE) if mode in ends else ("The person comes out", _CAME_OF_IT)
    came_of_it = "with everything done" if tale.planned and line.code == RESOLVED else came[line.code]
    return f"{begins} after {minutes(line.amount)}, {came_of_it}."


def _did_not_attend(line: Line, tale: Tale) -> str:
    who = tale.names.clinician(line.who)
    return {
        TELEPHONE: f"The person does not answer when {who} calls.",
        VIDEO: f"The person does not join {who} by video.",
        HOME_VISIT: f"The person is not at home when {who} comes.",
    }.get(tale.mode(line.contact), "The person does not come to the appointment.")


def _invited(line: Line, _: Tale) -> str:
    if line.amount == 0:
        return "The text or letter says that it is due and to ask for an appointment."
    return f"Nothing has been heard: the practice sends {'a' if line.amount == 1 else 'another'} reminder."


def _next_action(line: Line, tale: Tale) -> str:
    today = day_of(line.time + line.amount) == day_of(line.time)
    about_when = when(line.time, line.amount, tale.calendar, "at about")
    later = f"in {minutes(line.amount)}" if today else about_when
    if line.code == PHONE and tale.of(log.FORM_REFUSED, line.contact) is not None:
        return f"The person will call {later}."
    if line.code == ONLINE and tale.channel(line.contact) == PHONE:
        return f"The person will send a form {later}."
    if line.code == DESK:
        later = f", {minutes(line.amount)} from now" if today else f" {about_when}"
    return f"The person {NextAction.of(line.code).phrase.format(when=later)}."


def _also_went(line: Line, _: Tale) -> str:
    if line.code == SELF_TREATED:
        return "The person also treats it at home."
    return f"The person also turns to {Service.of(line.code).phrase}."


def _closed(line: Line, tale: Tale) -> str:
    if tale.planned and line.code in (RESOLVED, GAVE_UP):
        return (
            "Nothing more is due for now."
            if line.code == RESOLVED
            else "The invitation lapses: it is not taken up again."
        )
    if line.code == RECOVERED and line.contact < 0:
        return "The need has gone by itself before the person asked about it."
    if line.code == RECOVERED and tale.of(log.CANCELLED, line.contact) is not None:
        return "The need has gone: the appointment is no longer wanted."
    return NeedEnding.of(line.code).phrase


def _a(title: str) -> str:
    return f"{'An' if title[:1].lower() in 'aeiou' else 'A'} {title}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_SAID: dict[str, Callable[[Line, Tale], str]] = {
    log.NEED_AROSE: _arose,
    log.CONTACT_OPENED: _opened,
    log.ENGAGED: lambda line, _: "The person hears the engaged tone.",
    log.MENU_ENDED: _menu_ended,
    log.QUEUED: lambda line, _: f"The person joins the queue, {_before(int(line.amount))}.",
    log.CALLBACK_REQUESTED: lambda line, _: f"The person asks to be called back, {_before(int(line.amount))}.",
    log.MISSED: _missed,
    log.ANSWERED: _answered,
    log.CALLED_BACK: lambda line, _: f"The person is called back, {minutes(line.amount)} after asking.",
    log.CALLBACK_LAPSED: _callback_lapsed,
    log.TALK_ENDED: lambda line, _: f"The talk with the receptionist has taken {minutes(line.amount)}.",
    log.FORM_REFUSED: _form_refused,
    log.FRONT_SEEN: _front_seen,
    log.FLAGGED: _flagged,
    log.DETERIORATED: _deteriorated,
    log.DECIDED: _decided,
    log.BOOKED: _booked,
    log.SLOT_CONVERTED: _slot_converted,
    log.CANCELLED: _cancelled,
    CALLED_IN: _called_in,
    log.SQUEEZED: _called_in,
    log.CONSULT_ENDED: _consult_ended,
    log.DID_NOT_ATTEND: _did_not_attend,
    log.RESULT_BACK: _result_back,
    log.INVITED: _invited,
    log.NEXT_ACTION: _next_action,
    log.ALSO_WENT: _also_went,
    log.NEED_CLOSED: _closed,
}
