"""What people need and what they do about it: needs, contacts, causes, dispositions, fates, slots.

A need is why a person wants help; a contact is one attempt to get it. Every contact but a need's first has a
parent, and a cause that says whether it is value demand or failure demand. Failure demand is never an input: it
is what the contacts' causes add up to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.luck import Luck

NEW = "new"
PLANNED_FOLLOW_UP = "planned_follow_up"
RANG_WHILE_CLOSED = "rang_while_closed"
AFTER_ENGAGED = "engaged"
AFTER_PUT_OFF = "put_off"
AFTER_ABANDONING = "abandoned"
TOLD_ANOTHER_DAY = "told_another_day"
WAITED_TOO_LONG = "waited_too_long"
DNA_REBOOK = "dna_rebook"
WRONG_CLINICIAN = "wrong_clinician"
UNRESOLVED = "unresolved"
NO_CONTINUITY = "no_continuity"
CHASE = "chase"
LOST_HAND_OFF = "lost_hand_off"
BOUNCED = "bounced"

VALUE_CAUSES = (NEW, PLANNED_FOLLOW_UP)
FAILURE_CAUSES: dict[str, str] = {
    RANG_WHILE_CLOSED: "rang while the practice was closed",
    AFTER_ENGAGED: "found the line engaged",
    AFTER_PUT_OFF: "was put off by the recorded menu",
    AFTER_ABANDONING: "gave up waiting on the phone",
    TOLD_ANOTHER_DAY: "was told to ring another day",
    WAITED_TOO_LONG: "waited too long and asked again",
    DNA_REBOOK: "missed an appointment and needed another",
    WRONG_CLINICIAN: "saw the wrong clinician or went to the wrong place",
    UNRESOLVED: "was seen, but the need was not resolved",
    NO_CONTINUITY: "had to tell the story again",
    CHASE: "chased a result, prescription or letter",
    LOST_HAND_OFF: "was lost in a hand-off",
    BOUNCED: "was sent back by a community or network service",
}

PHONE, DESK = "phone", "desk"
BEFORE = "before_the_run"
INFORMED, PUT_OFF, CLOSED = "informed", "put_off", "closed"
ANOTHER_DAY = "another_day"
REDIAL = "redial"

RESOLVED = "resolved"
RECOVERED = "recovered"
SELF_TREATED = "self_treated"
GAVE_UP = "gave_up"
WENT_ELSEWHERE = ("pharmacy", "nhs_111", "urgent_treatment_centre", "emergency_department")
NEED_ENDINGS = (RESOLVED, INFORMED, RECOVERED, SELF_TREATED, GAVE_UP, *WENT_ELSEWHERE)

_PERSON_STEP, _KIND_STEP, _WEEK_STEP, _STRIP_STEP = 10**10, 10**8, 10**4, 10**2


Number = TypeVar("Number", int, NDArray[np.int64])


STRIP_BEFORE_THE_RUN = 99
MOST_IN_A_STRIP = 100


def need_number(person: Number, kind: int, week: int, strip: int, index: Number) -> Number:
    """Return a need's number; read in decimal it is person | kind (2) | week (4) | strip (2) | index (2).

    Works on integers and, element by element, on NumPy arrays of 64-bit integers.
    """
    return person * _PERSON_STEP + kind * _KIND_STEP + week * _WEEK_STEP + strip * _STRIP_STEP + index


@dataclass(slots=True, eq=False)
class Need:
    """One person's need, with its own luck, since the minute it arose.

    `contacts` counts the contacts opened for it so far; `heard` tells whether anybody at the practice has heard of it.
    """

    person: int
    number: int
    kind: str
    luck: Luck
    arose: float
    contacts: int = 0
    heard: bool = False


@dataclass(slots=True, eq=False)
class Contact:
    """One attempt to get help: `ordinal` within the need, `parent` the ordinal of what caused it (-1: nothing).

    `tries` counts the calls of one day; `booked_at` is when an appointment was booked, and `comes` whether the person
    will attend it (None until decided).
    """

    need: Need
    ordinal: int
    parent: int
    cause: str
    channel: str
    opened: float
    tries: int = 1
    priority: float = 0
    booked_at: float = 0.0
    comes: bool | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """What is decided for one contact: where it goes, and the slot it got if it needs one."""

    name: str
    place: str = "practice"
    slot: Slot | None = None


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One bookable appointment: start in minutes, length in minutes, the role, and its release rule."""

    start: float
    ordinal: int
    length: float = field(compare=False)
    role: str = field(compare=False)
    release: str = field(compare=False)


ON_THE_DAY, AHEAD = "on_the_day", "ahead"

BOOKED_TODAY = "booked_today"
BOOKED_AHEAD = "booked_ahead"
SETTLED = "settled_by_reception"
RING_ANOTHER_DAY = "ring_another_day"
