"""How a story says that somebody is seen, or is not: appointments, consultations, and what comes of them."""

from __future__ import annotations

from pcqa_sim.report.names import capital, minutes, when
from pcqa_sim.report.tale import CALLED_IN, Line, Saying, Tale
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.needs import (
    AWAITING_TEST,
    BROUGHT_IN,
    DESK,
    GAVE_UP,
    HOME_VISIT,
    NO_CONTINUITY,
    ONLINE,
    ONLINE_MESSAGE,
    PHONE,
    PLANNED_FOLLOW_UP,
    RECOVERED,
    REFERRED,
    RESOLVED,
    SELF_TREATED,
    TELEPHONE,
    UNRESOLVED,
    VIDEO,
    WRONG_CLINICIAN,
)
from pcqa_sim.values.words import NeedEnding, NextAction, Service


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
        return f"{capital(who)} is not there: the practice has to cancel the appointment {at}."
    worse = tale.of(log.DETERIORATED, line.contact)
    if worse is not None and worse.time == line.time:
        return f"The appointment with {who} {at} is given up."
    if tale.offered_at(line.time):
        return f"The later appointment, with {who} {at}, is given back."
    return f"The person cancels the appointment with {who} {at}."


def _called_in(line: Line, tale: Tale) -> str:
    who = tale.names.clinician(line.who)
    met = {
        TELEPHONE: f"{capital(who)} calls the person",
        VIDEO: f"The person meets {who} by video",
        ONLINE_MESSAGE: f"{capital(who)} turns to the person's message",
        HOME_VISIT: f"{capital(who)} visits the person at home",
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


_WITHOUT_THE_PRACTICE: dict[str, str] = {
    Service.NHS_111: "NHS 111 sees to it.",
    Service.EMERGENCY_DEPARTMENT: "The ambulance takes the person to A&E.",
}


def _home_called(line: Line, _: Tale) -> str:
    whom = "an ambulance" if line.code == Service.EMERGENCY_DEPARTMENT else Service.of(line.code).phrase
    return f"It cannot wait until the practice opens: the home's staff call {whom}."


def _closed(line: Line, tale: Tale) -> str:
    if tale.planned and line.code in (RESOLVED, GAVE_UP):
        return (
            "Nothing more is due for now."
            if line.code == RESOLVED
            else "The invitation lapses: it is not taken up again."
        )
    if line.code == RECOVERED and line.contact < 0:
        return "The need has gone by itself before the person asked about it."
    if line.contact < 0 and line.code in _WITHOUT_THE_PRACTICE:
        return _WITHOUT_THE_PRACTICE[line.code]
    if line.code == RECOVERED and tale.of(log.CANCELLED, line.contact) is not None:
        return "The need has gone: the appointment is no longer wanted."
    return NeedEnding.of(line.code).phrase


def _a(title: str) -> str:
    if title.startswith("a "):  # a locum
        return capital(title)
    return f"{'An' if title[:1].lower() in 'aeiou' else 'A'} {title}"


ATTENDED: dict[str, Saying] = {
    log.BOOKED: _booked,
    log.SLOT_CONVERTED: _slot_converted,
    log.CANCELLED: _cancelled,
    CALLED_IN: _called_in,
    log.SQUEEZED: _called_in,
    log.CONSULT_ENDED: _consult_ended,
    log.DID_NOT_ATTEND: _did_not_attend,
    log.INVITED: _invited,
    log.NEXT_ACTION: _next_action,
    log.ALSO_WENT: _also_went,
    log.CARE_HOME_CALLED: _home_called,
    log.NEED_CLOSED: _closed,
}
"""What is said of each event from a booking on."""
