"""What people need and what they do about it: needs, contacts, causes, dispositions, fates, slots.

A need is why a person wants help; a contact is one attempt to get it. Every contact but a need's first has a
parent, and a cause that says whether it is value demand or failure demand. Failure demand is never an input: it
is what the contacts' causes add up to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.values.luck import Luck

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
CANCELLED_BY_PRACTICE = "cancelled_by_practice"
NO_SLOT_ONLINE = "no_slot_online"
FORM_REFUSED = "form_refused"
REARRANGED = "rearranged"
BROUGHT_IN = "brought_in"

VALUE_CAUSES = (NEW, PLANNED_FOLLOW_UP, REARRANGED, BROUGHT_IN)
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
    CANCELLED_BY_PRACTICE: "had an appointment that the practice cancelled",
    NO_SLOT_ONLINE: "found no appointment to book online",
    FORM_REFUSED: "found the online form closed or full",
}

PHONE, ONLINE, DESK, APP = "phone", "online", "desk", "app"
BEFORE, PRACTICE = "before_the_run", "practice"
ASKED_THROUGH = (PHONE, ONLINE, DESK, APP)
INFORMED, PUT_OFF, CLOSED, FULL = "informed", "put_off", "closed", "full"
ANOTHER_DAY = "another_day"
REDIAL = "redial"

RESOLVED = "resolved"
AWAITING_TEST = "awaiting_test"
RECOVERED = "recovered"
SELF_TREATED = "self_treated"
GAVE_UP = "gave_up"
NEVER_ASKED = "never_asked"
NOT_OFFERED = "not_offered"
WENT_ELSEWHERE = ("pharmacy", "nhs_111", "urgent_treatment_centre", "emergency_department")
NEED_ENDINGS = (RESOLVED, INFORMED, RECOVERED, SELF_TREATED, GAVE_UP, NEVER_ASKED, NOT_OFFERED, *WENT_ELSEWHERE)

FACE_TO_FACE, TELEPHONE, VIDEO, ONLINE_MESSAGE, HOME_VISIT = MODES = (
    "face_to_face",
    "telephone",
    "video",
    "online_message",
    "home_visit",
)

ANY_MODE = frozenset(MODES) - {HOME_VISIT}
SEEN_ONLY, AT_HOME_ONLY = frozenset({FACE_TO_FACE}), frozenset({HOME_VISIT})

SEEN, MISSED, CANCELLED, MOVED = "seen", "missed", "cancelled", "moved"

_PERSON_STEP, _KIND_STEP, _WEEK_STEP, _STRIP_STEP = 10**10, 10**8, 10**4, 10**2


STRIP_BEFORE_THE_RUN = 99

Numbers = NDArray[np.int64]


def need_number(person: int, kind: int, week: int, strip: int, index: int) -> int:
    """Return a need's number; read in decimal it is person | kind (2) | week (4) | strip (2) | index (2)."""
    return person * _PERSON_STEP + kind * _KIND_STEP + week * _WEEK_STEP + strip * _STRIP_STEP + index


def need_numbers(person: Numbers, kind: int, week: int, strip: int, index: Numbers) -> Numbers:
    """Return the numbers of many needs of one kind, week and strip, element by element as `need_number` does."""
    return person * _PERSON_STEP + (kind * _KIND_STEP + week * _WEEK_STEP + strip * _STRIP_STEP) + index


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
    for a clinician's first look, `complex` ones are longer and kept for complex needs. `contact` is who has booked it,
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
class Wish:
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
RING_ANOTHER_DAY = "ring_another_day"
APPOINTMENT_STANDS = "appointment_stands"
RESULT_NOT_BACK = "result_not_back"
PAPERWORK_TO_DO = "paperwork_to_do"
SIGNPOSTED = "signposted_to_"  # and where to: a person is sent elsewhere, and goes

TRIAGE_RULE, EXTRA_RULE = "triage", "extra"  # release rules that triage models make, beside those of the diary
