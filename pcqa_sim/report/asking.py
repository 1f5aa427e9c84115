"""How a story says that somebody asks: contacts, getting through, and what reception decides."""

from __future__ import annotations

from pcqa_sim.report.causes import because, demand
from pcqa_sim.report.names import A_PARENT, at_once, capital, many, minutes
from pcqa_sim.report.tale import Line, Saying, Tale
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import (
    APP,
    APPOINTMENT_STANDS,
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
    HANDED_OVER,
    HOME_VISIT,
    INFORMED,
    LEVELS,
    NETWORK_HUB,
    NO_NEXT_STEP,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    PRACTICE,
    RESULT_NOT_BACK,
    RESULT_TOLD,
    SELF_TREATED,
    SENT_ON,
    SETTLED,
    SIGNPOSTED,
    TO_FORM,
    TOLD_OR_DONE,
)
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK, Channel, Service, Urgency

_SERVICES = {service.value: service.phrase for service in Service}
_DELAYED_MIN = 5  # minutes from need to first contact from which it is said that the person delayed asking


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
    if parent < 0:
        return f"{number}: {first_contact(line, tale)}."
    happened, does = because(line.code, line.who, parent, tale)
    said = f"the person {happened} and {does}" if does else happened
    return f"{number}, because of contact {parent + 1} ({demand(line.code)}): {said}."


def first_contact(line: Line, tale: Tale) -> str:
    """Return how a need comes to the practice, as a sentence without capital and full stop."""
    if line.who == BEFORE:
        return "the person booked before the run began"
    if line.who == PRACTICE and tale.by_111:
        return "NHS 111 books the person into a slot that is kept for it"
    if tale.of(log.INVITED, line.contact) is not None:
        return f"the practice writes to {tale.names.asker}"
    if line.who == PRACTICE:
        if tale.of(log.BOOKED, line.contact) is None:
            return "the practice looks for an appointment for the person and finds nothing free"
        return _put_on_a_list(line, tale) or "the practice books it for the person"
    if any(one.event == log.CARE_HOME_CALLED for one in tale.lines):
        return f"told to ask the practice when it opens, {tale.names.asker} {_asks(line.who, line.contact, tale)}"
    late = line.time - tale.arose
    delayed = f", after a delay of {minutes(late)}," if late > _DELAYED_MIN else ""
    return f"{tale.names.asker}{delayed} {_asks(line.who, line.contact, tale)}"


def _put_on_a_list(line: Line, tale: Tale) -> str:
    """Return that a visit is put on the list, where the practice finds time for it on its day alone, "" otherwise."""
    booked = tale.of(log.BOOKED, line.contact)
    waits = booked is not None and booked.time - line.time > 1 and tale.mode(line.contact) == HOME_VISIT
    return "the practice puts it on the list of visits" if waits else ""


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


def _result_back(line: Line, tale: Tale) -> str:
    if not line.code:
        return f"The person hears of the result, {minutes(line.amount)} after the test."
    paper = "note" if line.code == "fit_note" and tale.names.asker == A_PARENT else line.code.replace("_", " ")
    return f"The {paper} is done, {minutes(line.amount)} after it was asked for."


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
    who = "The receptionist" if by_reception else capital(tale.names.clinician(line.who))
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
        service = _AT_HOME if to == SELF_TREATED else _SERVICES.get(to) or tale.names.place(to)
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
        HANDED_OVER: "The receptionist hands it over to others of the network, where it gets lost.",
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


ASKED: dict[str, Saying] = {
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
    log.RESULT_BACK: _result_back,
}
"""What is said of each event until an appointment is booked."""
