"""What people need and what they do about it: needs, contacts, causes, dispositions, next actions, slots.

A need is why a person wants help; a contact is one attempt to get it. Every contact but a need's first has a
parent, and a cause that says whether it is value demand or failure demand. Failure demand is never an input: it
is what the contacts' causes add up to.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.words import Cause, Channel, Mode, NeedEnding, NextAction, Place, Service, Urgency

NEW: Final = Cause.NEW.value
PLANNED_FOLLOW_UP: Final = Cause.PLANNED_FOLLOW_UP.value
CALLED_WHILE_CLOSED: Final = Cause.CALLED_WHILE_CLOSED.value
AFTER_ENGAGED: Final = Cause.AFTER_ENGAGED.value
AFTER_BALKING: Final = Cause.AFTER_BALKING.value
AFTER_RENEGING: Final = Cause.AFTER_RENEGING.value
NOT_CALLED_BACK: Final = Cause.NOT_CALLED_BACK.value
TOLD_ANOTHER_DAY: Final = Cause.TOLD_ANOTHER_DAY.value
WAITED_TOO_LONG: Final = Cause.WAITED_TOO_LONG.value
DNA_REBOOK: Final = Cause.DNA_REBOOK.value
WRONG_CLINICIAN: Final = Cause.WRONG_CLINICIAN.value
UNRESOLVED: Final = Cause.UNRESOLVED.value
NO_CONTINUITY: Final = Cause.NO_CONTINUITY.value
CHASE: Final = Cause.CHASE.value
LOST_HAND_OFF: Final = Cause.LOST_HAND_OFF.value
BOUNCED: Final = Cause.BOUNCED.value
CANCELLED_BY_PRACTICE: Final = Cause.CANCELLED_BY_PRACTICE.value
NO_SLOT_ONLINE: Final = Cause.NO_SLOT_ONLINE.value
FORM_REFUSED: Final = Cause.FORM_REFUSED.value
SENT_TO_FORM: Final = Cause.SENT_TO_FORM.value
REARRANGED: Final = Cause.REARRANGED.value
BROUGHT_IN: Final = Cause.BROUGHT_IN.value
INVITED: Final = Cause.INVITED.value
BACK_AS_ADVISED: Final = Cause.BACK_AS_ADVISED.value
WRONGLY_ADVISED: Final = Cause.WRONGLY_ADVISED.value
NO_NEXT_STEP: Final = Cause.NO_NEXT_STEP.value
DETERIORATED: Final = Cause.DETERIORATED.value

VALUE_CAUSES: Final = tuple(cause.value for cause in Cause if not cause.failure)
FAILURE_CAUSES: dict[str, str] = {cause.value: cause.phrase for cause in Cause if cause.failure}
"""The causes of failure demand, each with what happened: it continues "the person"."""

PHONE: Final = Channel.PHONE.value
ONLINE: Final = Channel.ONLINE.value
DESK: Final = Channel.DESK.value
APP: Final = Channel.APP.value
BEFORE: Final = Channel.BEFORE_THE_RUN.value
PRACTICE: Final = Channel.PRACTICE.value
ASKED_THROUGH: Final = (PHONE, ONLINE, DESK, APP)
INFORMED: Final = NeedEnding.INFORMED.value
BALKED: Final = AFTER_BALKING
TO_FORM: Final = "to_form"
CLOSED: Final = "closed"
FULL: Final = "full"
ANOTHER_DAY: Final = NextAction.ANOTHER_DAY.value
REDIAL: Final = NextAction.REDIAL.value
KEEPS_WAITING: Final = NextAction.KEEPS_WAITING.value

RESOLVED: Final = NeedEnding.RESOLVED.value
AWAITING_TEST: Final = "awaiting_test"
REFERRED: Final = "referred"
REFERRAL: Final = "referral"  # the item of the back office, and what a consultation makes of it
RECOVERED: Final = NeedEnding.RECOVERED.value
SELF_TREATED: Final = NeedEnding.SELF_TREATED.value
GAVE_UP: Final = NeedEnding.GAVE_UP.value
NEVER_ASKED: Final = NeedEnding.NEVER_ASKED.value
NOT_OFFERED: Final = NeedEnding.NOT_OFFERED.value
WENT_ELSEWHERE: Final = tuple(service.value for service in Service)
COMMUNITY: Final = NeedEnding.COMMUNITY.value
NETWORK_HUB: Final = NeedEnding.NETWORK_HUB.value
URGENT_TREATMENT_CENTRE: Final = Service.URGENT_TREATMENT_CENTRE.value
EMERGENCY_DEPARTMENT: Final = Service.EMERGENCY_DEPARTMENT.value
SEEN_THERE: Final = (URGENT_TREATMENT_CENTRE, EMERGENCY_DEPARTMENT, Service.NHS_111.value)  # by a clinician
SENT_ON_TO: Final = (NETWORK_HUB, URGENT_TREATMENT_CENTRE, EMERGENCY_DEPARTMENT)
NEED_ENDINGS: Final = (
    RESOLVED,
    INFORMED,
    RECOVERED,
    SELF_TREATED,
    GAVE_UP,
    NEVER_ASKED,
    NOT_OFFERED,
    *WENT_ELSEWHERE,
    NETWORK_HUB,
    COMMUNITY,
)

LEVELS: Final = tuple(level.value for level in Urgency)
"""How urgent needs can be, the least first: the place of each is the number that needs and the log have for it."""
ROUTINE: Final = Urgency.ROUTINE.value
TODAY: Final = Urgency.TODAY.value
EMERGENCY: Final = Urgency.EMERGENCY.value
URGENT: Final = LEVELS.index(TODAY)  # needs of this number and above are urgent
NOT_URGENT: Final = URGENT - 1
AN_EMERGENCY: Final = LEVELS.index(EMERGENCY)

MODES: Final = tuple(mode.value for mode in Mode)
FACE_TO_FACE: Final = Mode.FACE_TO_FACE.value
TELEPHONE: Final = Mode.TELEPHONE.value
VIDEO: Final = Mode.VIDEO.value
ONLINE_MESSAGE: Final = Mode.ONLINE_MESSAGE.value
HOME_VISIT: Final = Mode.HOME_VISIT.value

_EVERY_MODE: Final = frozenset(MODES)
ANY_MODE: Final = _EVERY_MODE - {HOME_VISIT}
SEEN_ONLY: Final = frozenset({FACE_TO_FACE})
AT_HOME_ONLY: Final = frozenset({HOME_VISIT})

SEEN: Final = "seen"
MISSED: Final = "missed"
CANCELLED: Final = "cancelled"
MOVED: Final = "moved"

_PERSON_STEP: Final = 10**10
_KIND_STEP: Final = 10**8
_WEEK_STEP: Final = 10**4
_STRIP_STEP: Final = 10**2


STRIP_BEFORE_THE_RUN: Final = 99
STRIP_OF_111: Final = 98  # needs that NHS 111 books

Numbers = NDArray[np.int64]


def need_number(person: int, kind: int, week: int, strip: int, index: int) -> int:
    """Return a need's number; read in decimal it is person | kind (2) | week (4) | strip (2) | index (2)."""
    return person * _PERSON_STEP + kind * _KIND_STEP + week * _WEEK_STEP + strip * _STRIP_STEP + index


def need_numbers(person: Numbers, kind: int, week: int, strip: int, index: Numbers) -> Numbers:
    """Return the numbers of many needs of one kind, week and strip, element by element as `need_number` does."""
    return person * _PERSON_STEP + (kind * _KIND_STEP + week * _WEEK_STEP + strip * _STRIP_STEP) + index


def parts_of_numbers(needs: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Return person, kind, week, strip and index of many needs by their numbers."""
    person, rest = needs // _PERSON_STEP, needs % _PERSON_STEP
    kind, rest = rest // _KIND_STEP, rest % _KIND_STEP
    return person, kind, rest // _WEEK_STEP, rest % _WEEK_STEP // _STRIP_STEP, rest % _STRIP_STEP


class Need:
    """One person's need, with its own luck, since the minute it arose.

    `today` tells whether help is wanted the same day; `urgency` is how soon it must be clinically (its place in
    `LEVELS`), and `flagged` how urgent the practice took it to be: today, emergency, or "" for not urgent; `judged`
    counts how often that was judged. `contacts` counts the contacts opened so far; `heard` tells whether anybody at
    the practice has heard of it; `seen_by` is the clinician last seen for it and `wrong_role` the last role that was
    the wrong one; `sent_elsewhere` tells whether the practice sent the person to another service; `awaits` since when
    a result is awaited, None if none is, `paper` the item it is if not a result, and `filed` whether it is there but
    nobody tells the person; `lost` tells whether a referral was lost. Until the minute `decided_until` a person who
    gets nowhere does what they decided when they first did: `tries_again` or not. `enquiring` counts the calls about
    it under way; `ends` is how it ends once they are over; `asks_to_book` tells whether the practice invited the
    person to ask for an appointment. `latest` is the last contact that was more than a question about what is under
    way; `steady` tells that the need gets no worse: it has ended, or somebody has seen to it. `asked` is the
    minute of its first contact, and `failed` the first thing that went wrong with it, as in `values.words.Happening`,
    "" while nothing has. `given_back` is the day of the run of the appointment that the person last cancelled, -1 for
    none: until then no other will do.
    """

    __slots__ = (
        "arose",
        "asked",
        "asks_to_book",
        "awaits",
        "contacts",
        "decided_until",
        "ends",
        "enquiring",
        "failed",
        "filed",
        "flagged",
        "given_back",
        "heard",
        "judged",
        "kind",
        "latest",
        "lost",
        "luck",
        "number",
        "paper",
        "person",
        "seen_by",
        "sent_elsewhere",
        "steady",
        "today",
        "tries_again",
        "urgency",
        "wrong_role",
    )

    def __init__(self, person: int, number: int, kind: str, luck: Luck, arose: float, today: bool = False) -> None:
        self.person = person
        self.number = number
        self.kind = kind
        self.luck = luck
        self.arose = arose
        self.today = today
        self.urgency = 0
        self.flagged = ""
        self.judged = 0
        self.contacts = 0
        self.heard = False
        self.failed = ""
        self.asked = arose
        self.seen_by = ""
        self.wrong_role = ""
        self.sent_elsewhere = False
        self.asks_to_book = False
        self.awaits: float | None = None
        self.paper = ""
        self.filed = False
        self.lost = False
        self.decided_until = 0.0
        self.tries_again = False
        self.enquiring = 0
        self.ends: tuple[Contact, str] | None = None
        self.latest: Contact | None = None
        self.steady = False
        self.given_back = -1


class Contact:
    """One attempt to get help: `ordinal` within the need, `parent` the ordinal of what caused it (-1: nothing).

    `tries` counts the calls of one day; `slot` is the appointment booked for it, `booked_at` when that was and `visit`
    what the person then waits for; `comes` tells whether they will attend (None until decided); `asks` tells whether
    they have yet to ask again because of it.
    """

    __slots__ = (
        "asks",
        "booked_at",
        "cause",
        "channel",
        "comes",
        "need",
        "opened",
        "ordinal",
        "parent",
        "slot",
        "tries",
        "visit",
    )

    def __init__(
        self, need: Need, ordinal: int, parent: int, cause: str, channel: str, opened: float, tries: int = 1
    ) -> None:
        self.need = need
        self.ordinal = ordinal
        self.parent = parent
        self.cause = cause
        self.channel = channel
        self.opened = opened
        self.tries = tries
        self.slot: Slot | None = None
        self.booked_at = 0.0
        self.comes: bool | None = None
        self.asks = False
        self.visit: Visit | None = None


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
        callbacks, self.callbacks = self.callbacks, []
        for go_on in callbacks:
            go_on(None)


class Slot:
    """One bookable appointment of a clinician's session.

    `start` and `opens` (from when it can be booked) are minutes of the run, `length` minutes; `rule` names its release
    rule; `urgent` slots are for those who want help today, `flagged` ones for needs flagged as urgent, `online` ones
    can be booked in the app, `triage` ones are for clinician triage, `complex` ones are longer and kept for complex
    needs. From `to_all_from` on whoever fits may
    have what is left of these; from `converts_from` on it is given in any of `holds`, the modes that fit its minutes.
    `contact` is who has booked it, None while it is free; `freed` is when somebody last cancelled it, minus infinity if
    nobody did; `withdrawn` once the session has been cancelled. `site` is the practice or hub whose session it is of,
    "" where practices share nothing; `loan` is what another practice that has booked it needs to know, None at home.
    """

    __slots__ = (
        "clinician",
        "complex",
        "contact",
        "converts_from",
        "flagged",
        "freed",
        "holds",
        "length",
        "loan",
        "mode",
        "online",
        "opens",
        "role",
        "rule",
        "site",
        "start",
        "to_all_from",
        "triage",
        "urgent",
        "withdrawn",
    )

    def __init__(
        self,
        start: float,
        length: float,
        role: str,
        clinician: str,
        mode: str,
        rule: str,
        opens: float = 0.0,
        urgent: bool = False,
        online: bool = False,
        triage: bool = False,
        complex: bool = False,
        flagged: bool = False,
    ) -> None:
        self.start = start
        self.length = length
        self.role = role
        self.clinician = clinician
        self.mode = mode
        self.rule = rule
        self.opens = opens
        self.urgent = urgent
        self.online = online
        self.triage = triage
        self.complex = complex
        self.flagged = flagged
        self.to_all_from = math.inf
        self.converts_from = math.inf
        self.holds: tuple[str, ...] = ()
        self.contact: Contact | None = None
        self.freed = -math.inf
        self.withdrawn = False
        self.site = ""
        self.loan: Any = None


@mypyc_attr(acyclic=True, free_list_len=1)
class SlotRequest:
    """What somebody asks of the diary: a role, the days of the run from `first` to `last`, and what else they mind.

    `modes` are the acceptable ones; `urgent` people may take urgent slots, `flagged` needs also those kept for them;
    `today_first` looks at slots kept for the day before those that could be booked ahead; `usual` is a clinician they
    would wait up to `tolerance` days longer for (past the last day, too, with `beyond_last`); for `triage` only slots
    for it will do, and otherwise none of them, and likewise for `complex`. `comes_in` are the minutes they need to
    come, where they have to, and `elsewhere` to another practice or the hub; below 0 they would not go there.
    """

    __slots__ = (
        "beyond_last",
        "comes_in",
        "complex",
        "elsewhere",
        "first",
        "flagged",
        "last",
        "modes",
        "role",
        "today_first",
        "tolerance",
        "triage",
        "urgent",
        "usual",
    )

    def __init__(
        self,
        role: str,
        first: int,
        last: int,
        modes: frozenset[str] = _EVERY_MODE,
        urgent: bool = False,
        today_first: bool = False,
        usual: str = "",
        tolerance: int = 0,
        triage: bool = False,
        complex: bool = False,
        comes_in: float = 0.0,
        flagged: bool = False,
        beyond_last: bool = False,
        elsewhere: float = -1.0,
    ) -> None:
        self.elsewhere = elsewhere
        self.role = role
        self.first = first
        self.last = last
        self.modes = modes
        self.urgent = urgent
        self.today_first = today_first
        self.usual = usual
        self.tolerance = tolerance
        self.triage = triage
        self.complex = complex
        self.comes_in = comes_in
        self.flagged = flagged
        self.beyond_last = beyond_last

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SlotRequest) and self._all() == other._all()

    def but(self, role: str, complex: bool) -> SlotRequest:
        """Return the same request for another role, or for slots for complex needs or not."""
        return SlotRequest(role, *self._all()[1:9], complex, *self._all()[10:])

    def away(self, first: int, last: int) -> SlotRequest:
        """Return the same request for another practice or the hub, whatever clinician is preferred at home."""
        urgent, today_first, flagged = self.urgent, self.today_first, self.flagged
        comes_in, kept_for = max(self.comes_in, self.elsewhere), (self.triage, self.complex)
        modes = self.modes - AT_HOME_ONLY
        return SlotRequest(self.role, first, last, modes, urgent, today_first, "", 0, *kept_for, comes_in, flagged)

    def soonest(self, mode: str) -> float:
        """Return how many minutes before a slot of a mode it has to be booked: those people need to come."""
        return self.comes_in if mode == FACE_TO_FACE else 0.0

    def _all(self) -> tuple[str, int, int, frozenset[str], bool, bool, str, int, bool, bool, float, bool, bool, float]:
        """Return what is asked for, in the order in which it is given."""
        minds = self.usual, self.tolerance, self.triage, self.complex, self.comes_in, self.flagged, self.beyond_last
        return self.role, self.first, self.last, self.modes, self.urgent, self.today_first, *minds, self.elsewhere


@mypyc_attr(acyclic=True)
class Disposition:
    """What is decided for one contact: what it is called, and the slot it got if it needs one."""

    __slots__ = ("name", "slot")

    def __init__(self, name: str, slot: Slot | None = None) -> None:
        self.name = name
        self.slot = slot

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Disposition) and self.name == other.name and self.slot is other.slot


BOOKED_TODAY: Final = "booked_today"
BOOKED_AHEAD: Final = "booked_ahead"
SETTLED: Final = "settled_by_reception"
CALL_ANOTHER_DAY: Final = "call_another_day"
APPOINTMENT_STANDS: Final = "appointment_stands"
RESULT_NOT_BACK: Final = "result_not_back"
RESULT_TOLD: Final = "result_told"
PAPERWORK_TO_DO: Final = "paperwork_to_do"
HANDED_OVER: Final = "handed_over"  # to another practice or the hub, where it is lost
SIGNPOSTED: Final = "signposted_to_"  # and where to: a person is sent elsewhere, and goes
SENT_ON: Final = "sent_on_to_"  # and where to: a flagged need is handed over there, or it is an emergency
TOLD_OR_DONE: Final = Place.TOLD_OR_DONE.value

RECEPTION: Final = Place.RECEPTION.value
PAPERWORK: Final = Place.PAPERWORK.value
PLACES: Final = tuple(place.value for place in Place)
"""Where a row of `triage.places` may send people, beside the roles of a practice."""
ELSEWHERE: Final = {Place.SELF_CARE.value: SELF_TREATED, **{place: place for place in WENT_ELSEWHERE}}
"""Of those places the ones people go to instead of the practice, and how their need ends there."""
DISPOSITION_OF: Final[dict[str, str]] = {
    RECEPTION: SETTLED,
    TOLD_OR_DONE: TOLD_OR_DONE,
    PAPERWORK: PAPERWORK_TO_DO,
    NO_NEXT_STEP: NO_NEXT_STEP,
    **{place: f"{SIGNPOSTED}{ending}" for place, ending in ELSEWHERE.items()},
}
"""What is decided where reception sends a request to one of those places."""

TRIAGE_RULE: Final = "triage"  # release rules that triage models make, beside those of the diary
TRIAGE_TODAY_RULE: Final = "triage_today"  # places on the list of people who want help today
TRIAGE_RULES: Final = (TRIAGE_RULE, TRIAGE_TODAY_RULE)
NHS_111_RULE: Final = Service.NHS_111.value  # slots kept for it
HUB_RULE: Final = "hub"  # slots of a network's hub
OVERBOOKING_RULE: Final = "overbooking"
DOUBLE_BOOKED_RULE: Final = "double_booked"
