"""What people need and what they do about it: needs, contacts, causes, dispositions, next actions, slots.

A need is why a person wants help; a contact is one attempt to get it. Every contact but a need's first has a
parent, and a cause that says whether it is value demand or failure demand. Failure demand is never an input: it
is what the contacts' causes add up to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.values.luck import Luck
from pcqa_sim.values.words import Cause, Channel, Mode, NeedEnding, NextAction, Service

NEW = Cause.NEW.value
PLANNED_FOLLOW_UP = Cause.PLANNED_FOLLOW_UP.value
CALLED_WHILE_CLOSED = Cause.CALLED_WHILE_CLOSED.value
AFTER_ENGAGED = Cause.AFTER_ENGAGED.value
AFTER_BALKING = Cause.AFTER_BALKING.value
AFTER_RENEGING = Cause.AFTER_RENEGING.value
TOLD_ANOTHER_DAY = Cause.TOLD_ANOTHER_DAY.value
WAITED_TOO_LONG = Cause.WAITED_TOO_LONG.value
DNA_REBOOK = Cause.DNA_REBOOK.value
WRONG_CLINICIAN = Cause.WRONG_CLINICIAN.value
UNRESOLVED = Cause.UNRESOLVED.value
NO_CONTINUITY = Cause.NO_CONTINUITY.value
CHASE = Cause.CHASE.value
LOST_HAND_OFF = Cause.LOST_HAND_OFF.value
BOUNCED = Cause.BOUNCED.value
CANCELLED_BY_PRACTICE = Cause.CANCELLED_BY_PRACTICE.value
NO_SLOT_ONLINE = Cause.NO_SLOT_ONLINE.value
FORM_REFUSED = Cause.FORM_REFUSED.value
REARRANGED = Cause.REARRANGED.value
BROUGHT_IN = Cause.BROUGHT_IN.value

VALUE_CAUSES = tuple(cause.value for cause in Cause if not cause.failure)
FAILURE_CAUSES: dict[str, str] = {cause.value: cause.phrase for cause in Cause if cause.failure}
"""The causes of failure demand, each with what happened: it continues "the person"."""

PHONE, ONLINE, DESK, APP = Channel.PHONE.value, Channel.ONLINE.value, Channel.DESK.value, Channel.APP.value
BEFORE, PRACTICE = Channel.BEFORE_THE_RUN.value, Channel.PRACTICE.value
ASKED_THROUGH = (PHONE, ONLINE, DESK, APP)
INFORMED, BALKED, CLOSED, FULL = NeedEnding.INFORMED.value, AFTER_BALKING, "closed", "full"
ANOTHER_DAY = NextAction.ANOTHER_DAY.value
REDIAL = NextAction.REDIAL.value
KEEPS_WAITING = NextAction.KEEPS_WAITING.value

RESOLVED = NeedEnding.RESOLVED.value
AWAITING_TEST = "awaiting_test"
RECOVERED = NeedEnding.RECOVERED.value
SELF_TREATED = NeedEnding.SELF_TREATED.value
GAVE_UP = NeedEnding.GAVE_UP.value
NEVER_ASKED = NeedEnding.NEVER_ASKED.value
NOT_OFFERED = NeedEnding.NOT_OFFERED.value
WENT_ELSEWHERE = tuple(service.value for service in Service)
NEED_ENDINGS = (RESOLVED, INFORMED, RECOVERED, SELF_TREATED, GAVE_UP, NEVER_ASKED, NOT_OFFERED, *WENT_ELSEWHERE)

MODES = tuple(mode.value for mode in Mode)
FACE_TO_FACE, TELEPHONE, VIDEO = Mode.FACE_TO_FACE.value, Mode.TELEPHONE.value, Mode.VIDEO.value
ONLINE_MESSAGE, HOME_VISIT = Mode.ONLINE_MESSAGE.value, Mode.HOME_VISIT.value

ANY_MODE = frozenset(MODES) - {HOME_VISIT}
SEEN_ONLY, AT_HOME_ONLY = frozenset({FACE_TO_FACE}), frozenset({HOME_VISIT})

SEEN, MISSED, CANCELLED, MOVED = "seen", "missed", "cancelled", "moved"

_PERSON_STEP, _KIND_STEP, _WEEK_STEP, _STRIP_STEP = 10**10, 10**8, 10**4, 10**2


Number = TypeVar("Number", int, NDArray[np.int64])


STRIP_BEFORE_THE_RUN = 99


def need_number(person: Number, kind: int, week: int, strip: int, index: Number) -> Number:
    """Return a need's number; read in decimal it is person | kind (2) | week (4) | strip (2) | index (2).

    Works on integers and, element by element, on NumPy arrays of 64-bit integers.
    """
    return person * _PERSON_STEP + kind * _KIND_STEP + week * _WEEK_STEP + strip * _STRIP_STEP + index


@dataclass(slots=True, eq=False)
class Need:
    """One person's need, with its own luck, since the minute it arose.

    `today` tells whether help is wanted the same day; `contacts` counts the contacts opened so far; `heard` tells
    whether anybody at the practice has heard of it; `seen_by` is the clinician last seen for it and
    `wrong_role` the last role that was the wrong one; `sent_elsewhere` tells whether the practice sent the person to
    another service; `awaits` since when a result is awaited, None if none is.
    `enquiring` counts the calls about it under way; `ends` is how it ends once they are over.
    """

    person: int
    number: int
    kind: str
    luck: Luck
    arose: float
    today: bool = False
    contacts: int = 0
    heard: bool = False
    seen_by: str = ""
    wrong_role: str = ""
    sent_elsewhere: bool = False
    awaits: float | None = None
    enquiring: int = 0
    ends: tuple[Contact, str] | None = None


@dataclass(slots=True, eq=False)
class Contact:
    """One attempt to get help: `ordinal` within the need, `parent` the ordinal of what caused it (-1: nothing).

    `tries` counts the calls of one day; `slot` is the appointment booked for it, `booked_at` when that was and `visit`
    what the person then waits for; `comes` tells whether they will attend (None until decided).
    """

    need: Need
    ordinal: int
    parent: int
    cause: str
    channel: str
    opened: float
    tries: int = 1
    slot: Slot | None = None
    booked_at: float = 0.0
    comes: bool | None = None
    visit: Visit | None = None


class Visit:
    """What a booked person waits for, as for an event: whatever ends the booking ends it, and their story goes on.

    `ending` is SEEN, MISSED, CANCELLED or MOVED; of one who was seen, `minutes` is how long the consultation took and
    `squeezed` whether it was cut short.
    """

    __slots__ = ("callbacks", "ending", "minutes", "squeezed")

    def __init__(self) -> None:
        self.callbacks: list[Callable[[Any], None]] = []
        self.ending = ""
        self.minutes = 0.0
        self.squeezed = False

    def end(self, ending: str, minutes: float = 0.0, squeezed: bool = False) -> None:
        """End it now; the story goes on before this returns."""
        self.ending, self.minutes, self.squeezed = ending, minutes, squeezed
        for go_on in self.callbacks:
            go_on(None)


@dataclass(slots=True, eq=False)
class Slot:
    """One bookable appointment of a clinician's session.

    `start` and `opens` (from when it can be booked) are minutes of the run, `length` minutes; `rule` names its release
    rule; `urgent` slots are for those who want help today, `online` ones can be booked in the app, `triage` ones are
    for clinician triage, `complex` ones are longer and kept for complex needs. `contact` is who has booked it,
    None while it is free; `withdrawn` once the session has been cancelled.
    """

    start: float
    length: float
    role: str
    clinician: str
    mode: str
    rule: str
    opens: float = 0.0
    urgent: bool = False
    online: bool = False
    triage: bool = False
    complex: bool = False
    contact: Contact | None = None
    withdrawn: bool = False


@dataclass(slots=True)
class SlotRequest:
    """What somebody asks of the diary: a role, the days of the run from `first` to `last`, and what else they mind.

    `modes` are the acceptable ones; `urgent` people may take urgent slots; `today_first` looks at slots kept for the
    day before those that could be booked ahead; `usual` is a clinician they would wait up to `tolerance` days longer
    for; for `triage` only slots for it will do, and otherwise none of them, and likewise for `complex`.
    """

    role: str
    first: int
    last: int
    modes: frozenset[str] = frozenset(MODES)
    urgent: bool = False
    today_first: bool = False
    usual: str = ""
    tolerance: int = 0
    triage: bool = False
    complex: bool = False


@dataclass(slots=True)
class Disposition:
    """What is decided for one contact: what it is called, and the slot it got if it needs one."""

    name: str
    slot: Slot | None = None


BOOKED_TODAY = "booked_today"
BOOKED_AHEAD = "booked_ahead"
SETTLED = "settled_by_reception"
CALL_ANOTHER_DAY = "call_another_day"
APPOINTMENT_STANDS = "appointment_stands"
RESULT_NOT_BACK = "result_not_back"
PAPERWORK_TO_DO = "paperwork_to_do"
SIGNPOSTED = "signposted_to_"  # and where to: a person is sent elsewhere, and goes

TRIAGE_RULE, OVERBOOKING_RULE = (
    "triage",
    "overbooking",
)  # release rules that triage models make, beside those of the diary
