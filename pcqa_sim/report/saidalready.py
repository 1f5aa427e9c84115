"""What a person's story leaves out, because what stands beside it says as much."""

from __future__ import annotations

from typing import Final

from pcqa_sim.report.tale import CALLED_IN, Line, Tale
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.needs import (
    BOOKED_AHEAD,
    BOOKED_TODAY,
    DESK,
    EMERGENCY,
    GAVE_UP,
    ONLINE,
    ONLINE_MESSAGE,
    PHONE,
    RESOLVED,
    RESULT_TOLD,
    SENT_ON,
    SETTLED,
    SIGNPOSTED,
    TELEPHONE,
    TOLD_OR_DONE,
)
from pcqa_sim.values.words import NeedEnding, NextAction, Place, PlaceEnding, PlaceRoute, Service

_LEFT_OUT: Final = (log.NEED_AROSE, log.QUEUED, log.TALK_ENDED, log.FRONT_SEEN, log.SLOT_CONVERTED)
_HEARD: Final = (TOLD_OR_DONE, SETTLED, RESULT_TOLD)
_AT_HOME: Final = Place.SELF_CARE.value  # advice and no visit


def said_already(line: Line, tale: Tale) -> bool:
    """Tell whether what stands beside a line of a need says it already."""
    if line.event == log.NEED_CLOSED:
        return _closing(line, tale)
    if line.event == log.RESULT_BACK:
        told = (one.time for one in tale.lines if one.event == log.DECIDED and one.code == RESULT_TOLD)
        return any(abs(time - line.time) < 1 for time in told)
    if line.event in (log.PLACE_SENT, log.PLACE_BEGAN, log.PLACE_SESSION):
        return _place(line, tale)
    if line.event == log.DECIDED and line.code in (BOOKED_TODAY, BOOKED_AHEAD):
        return tale.channel(line.contact) in (PHONE, DESK, ONLINE) and tale.of(log.BOOKED, line.contact) is not None
    if line.event == log.NEXT_ACTION and line.code == NextAction.REDIAL:
        opened = (one.time for one in tale.lines if one.event == log.CONTACT_OPENED and one.contact > line.contact)
        return any(day_of(time) == day_of(line.time) for time in opened)
    return line.event in _LEFT_OUT


def _closing(line: Line, tale: Tale) -> bool:
    """Tell whether a need's end follows from what was decided, done or chosen last."""
    decided, chosen = tale.of(log.DECIDED, line.contact), tale.of(log.NEXT_ACTION, line.contact)
    code = "" if decided is None else decided.code
    if line.code == RESOLVED:
        return code in _HEARD or tale.of(log.CONSULT_ENDED, line.contact) is not None
    if line.code == NeedEnding.INFORMED:
        return tale.of(log.MENU_ENDED, line.contact) is not None
    if line.code in (GAVE_UP, NeedEnding.NEVER_ASKED, NeedEnding.RECOVERED):
        return False
    sent = code in (f"{SIGNPOSTED}{line.code}", f"{SENT_ON}{line.code}")
    return sent or (chosen is not None and chosen.code == line.code)


def _place(line: Line, tale: Tale) -> bool:
    """Tell whether a row of a place is said by the decision before it, or by how the one session ends."""
    if line.event == log.PLACE_SENT:
        return line.code in (PlaceRoute.SIGNPOSTED, PlaceRoute.OFFERED) and not line.amount
    if line.event == log.PLACE_BEGAN:
        return line.amount < 1
    return at_once(tale, line.who) is not None


def at_once(tale: Tale, place: str) -> float | None:
    """Return the minutes of the one session at which somebody was helped at a place; None where it was otherwise."""
    sessions = [one for one in tale.lines if one.event == log.PLACE_SESSION and one.who == place]
    helped = any(
        one.event == log.PLACE_ENDED and one.who == place and one.code == PlaceEnding.COMPLETED for one in tale.lines
    )
    return sessions[0].amount if helped and len(sessions) == 1 else None


def is_advice(place: str) -> bool:
    """Tell whether a place is advice on what to do at home, where nobody goes."""
    return place == _AT_HOME


def of_who_asks(line: Line, tale: Tale) -> bool:
    """Tell whether a sentence's "the person" is whoever asks: a parent or a carer, for those who do not ask themselves.

    Who is seen, sent to A&E or gets worse is the person in any case.
    """
    there = (Service.EMERGENCY_DEPARTMENT, Service.URGENT_TREATMENT_CENTRE)
    if line.event == log.DECIDED:
        flagged = tale.of(log.FLAGGED, line.contact)
        return not line.code.startswith(SENT_ON) or (flagged is not None and flagged.code == EMERGENCY)
    if line.event in (log.NEXT_ACTION, log.ALSO_WENT):
        return line.code not in there
    if line.event == log.CANCELLED:
        return line.code == log.BY_PATIENT
    if line.event in (log.BOOKED, CALLED_IN, log.SQUEEZED, log.DID_NOT_ATTEND):
        return tale.mode(line.contact) in (TELEPHONE, ONLINE_MESSAGE)
    return line.event in _ASKS


_ASKS: Final = (
    log.CONTACT_OPENED,
    log.ENGAGED,
    log.MENU_ENDED,
    log.CALLBACK_REQUESTED,
    log.MISSED,
    log.ANSWERED,
    log.CALLED_BACK,
    log.CALLBACK_LAPSED,
    log.FORM_REFUSED,
    log.FLAGGED,
    log.RESULT_BACK,
    log.NEED_CLOSED,
)
