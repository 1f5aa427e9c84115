"""Why there is another contact, in words: what happened, and what the person or the practice does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    APP,
    BOUNCED,
    BROUGHT_IN,
    CALLED_WHILE_CLOSED,
    CANCELLED_BY_PRACTICE,
    CHASE,
    DESK,
    DNA_REBOOK,
    FAILURE_CAUSES,
    FORM_REFUSED,
    LOST_HAND_OFF,
    NO_CONTINUITY,
    NO_SLOT_ONLINE,
    ONLINE,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
)

if TYPE_CHECKING:
    from pcqa_sim.report.story import Tale

CAUGHT_OUT, CUT_OFF = "came_while_closed", "cut_off"
REASONS = {
    CALLED_WHILE_CLOSED: "rang while the practice was closed and {asks}",
    AFTER_ENGAGED: "found the line engaged and {asks}",
    AFTER_BALKING: "was put off by the recorded menu and {asks}",
    AFTER_RENEGING: "gave up waiting on the phone and {asks}",
    TOLD_ANOTHER_DAY: "was told to ring another day and {asks}",
    WAITED_TOO_LONG: "thinks the appointment too far off and {asks}",
    DNA_REBOOK: "missed the appointment, needs another and {asks}",
    WRONG_CLINICIAN: "was with somebody who could not resolve it and {asks}",
    UNRESOLVED: "was seen, but the need was not resolved, and {asks}",
    NO_CONTINUITY: "was seen by somebody who did not know them, to no avail, and {asks}",
    CHASE: "has not heard of what is awaited and {asks}",
    LOST_HAND_OFF: "was lost in a hand-off and {asks}",
    BOUNCED: "was sent back by a community or network service and {asks}",
    CANCELLED_BY_PRACTICE: "lost an appointment that the practice cancelled and {asks}",
    NO_SLOT_ONLINE: "found nothing to book online and {asks}",
    FORM_REFUSED: "could not send the online form and {asks}",
    PLANNED_FOLLOW_UP: "{asks} for the planned follow-up",
    BROUGHT_IN: "is asked to come in and {asks}",
    REARRANGED: "cancelled the appointment and {asks} for another time",
    CAUGHT_OUT: "came while the practice was closed and {asks}",
    CUT_OFF: "was cut off at closing time and {asks}",
}
BY_PRACTICE = {
    BROUGHT_IN: "a first look was not enough, and the practice looks for an appointment",
    PLANNED_FOLLOW_UP: "the follow-up is booked there and then",
    CANCELLED_BY_PRACTICE: "the practice looks for another appointment in place of the one it cancelled",
    DNA_REBOOK: "the practice invites the person again after the missed appointment",
    TOLD_ANOTHER_DAY: "nothing was free, and the practice invites the person again",
}
_ASKS = {PHONE: "rings", ONLINE: "sends an online form", DESK: "comes to the desk", APP: "turns to the NHS App"}


def because(cause: str, channel: str, parent: int, tale: Tale) -> str:
    """Return "(failure demand): the person was put off by the recorded menu and rings again"."""
    demand = "failure demand" if cause in FAILURE_CAUSES else "value demand"
    if channel == PRACTICE:
        return f"({demand}): {BY_PRACTICE[cause]}"
    again = " again" if tale.opened_before(parent + 1, channel) and cause not in (PLANNED_FOLLOW_UP, REARRANGED) else ""
    return f"({demand}): the person {REASONS[_told_apart(cause, parent, tale)].format(asks=_ASKS[channel] + again)}"


def _told_apart(cause: str, parent: int, tale: Tale) -> str:
    """Return a contact's cause, told apart where the log's word covers two things that read differently."""
    if cause == CALLED_WHILE_CLOSED and tale.channel(parent) == DESK:
        return CAUGHT_OUT
    missed = tale.of(log.MISSED, parent)
    if cause == AFTER_RENEGING and missed is not None and missed.code == "closing":
        return CUT_OFF
    return cause
