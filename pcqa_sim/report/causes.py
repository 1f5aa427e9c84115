"""Why there is another contact, in words: what happened, and what the person or the practice does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.words import Cause, Channel

if TYPE_CHECKING:
    from pcqa_sim.report.tale import Tale

_CAME_WHILE_CLOSED = "came while the practice was closed"
_CUT_OFF = "was cut off at closing time"


def demand(cause: str) -> str:
    """Return whether contacts of a cause are value demand or failure demand."""
    return "failure demand" if Cause.of(cause).failure else "value demand"


def because(cause: str, channel: str, parent: int, tale: Tale) -> tuple[str, str]:
    """Return what happened before and what is done about it: "was put off by the recorded menu", "calls again".

    Both continue "the person"; where the practice does it the second is "" and the first a sentence.
    """
    why = Cause.of(cause)
    if channel == Channel.PRACTICE:
        return why.by_practice, ""
    as_before = tale.opened_before(parent + 1, channel) and why not in (Cause.PLANNED_FOLLOW_UP, Cause.REARRANGED)
    return _happened(why, parent, tale), f"{Channel.of(channel).phrase}{' again' if as_before else ''}"


def _happened(cause: Cause, parent: int, tale: Tale) -> str:
    """Return what happened, told apart where the log's word covers two things that read differently."""
    if cause == Cause.CALLED_WHILE_CLOSED and tale.channel(parent) == Channel.DESK:
        return _CAME_WHILE_CLOSED
    missed = tale.of(log.MISSED, parent)
    if cause == Cause.AFTER_RENEGING and missed is not None and missed.code == "closing":
        return _CUT_OFF
    return cause.phrase
