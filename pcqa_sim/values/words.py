"""The words of the log that are closed sets: each stands here once, with the phrases that say it.

During a run and in its log they are plain text (`needs.NEW`, `eventlog.QUEUED`): looking up a member of an enum takes
longer than writing a row. Kinds of need, roles and programmes are open sets and stand in the settings; the roles that
the code itself speaks of are at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


@dataclass(frozen=True)
class Meaning:
    """What the columns who, code and amount hold for one event ("" where they are empty or 0)."""

    who: str = ""
    code: str = ""
    amount: str = ""


class _Word(StrEnum):
    """A word of the log with a phrase that says it."""

    phrase: str

    def __new__(cls, word: str, phrase: str = "") -> Self:
        made = str.__new__(cls, word)
        made._value_, made.phrase = word, phrase
        return made

    @classmethod
    def of(cls, word: str) -> Self:
        """Return the member of a word; raise ValueError for none."""
        for member in cls:
            if member.value == word:
                return member
        raise ValueError(f"{word} is none of {', '.join(cls)}")


class Event(StrEnum):
    """What a row of the log tells, with what its columns mean."""

    meaning: Meaning

    def __new__(cls, word: str, meaning: Meaning) -> Self:
        """Return the word with what the columns of its rows mean."""
        made = str.__new__(cls, word)
        made._value_, made.meaning = word, meaning
        return made

    NEED_AROSE = (
        "need_arose",
        Meaning(
            who="where it comes from",
            code="kind of need or programme",
            amount="clinical urgency: 0 routine, 1 within days, 2 today, 3 emergency",
        ),
    )
    CONTACT_OPENED = (
        "contact_opened",
        Meaning(who="channel", code="cause", amount="ordinal of the parent contact, -1 for none"),
    )
    ENGAGED = "engaged", Meaning(amount="lines in use")
    MENU_ENDED = "menu_ended", Meaning(code="informed, balked, closed or to_form")
    QUEUED = "queued", Meaning(amount="callers already waiting")
    CALLBACK_REQUESTED = "callback_requested", Meaning(amount="callers already waiting")
    MISSED = "missed", Meaning(code="queue, closing, closed or misdial", amount="minutes waited")
    ANSWERED = "answered", Meaning(who="role", amount="minutes waited")
    CALLED_BACK = "called_back", Meaning(who="role", amount="minutes since the callback was asked for")
    CALLBACK_LAPSED = (
        "callback_lapsed",
        Meaning(code="closing or impatient", amount="minutes since the callback was asked for"),
    )
    TALK_ENDED = "talk_ended", Meaning(who="role", amount="minutes of talk")
    FORM_REFUSED = "form_refused", Meaning(code="closed or full")
    FRONT_SEEN = "front_seen", Meaning(who="role", amount="minutes the desk or inbox then spends on it")
    FLAGGED = "flagged", Meaning(who="who took it for urgent", code="as how urgent: today or emergency")
    DECIDED = "decided", Meaning(who="who decided", code="disposition", amount="minutes from contact to decision")
    BOOKED = (
        "booked",
        Meaning(
            who="clinician",
            code="release rule and mode of the slot, and days before the run if booked then",
            amount="minutes until the appointment",
        ),
    )
    SLOT_CONVERTED = "slot_converted", Meaning(who="clinician", code="mode the slot was held for, now given in another")
    CANCELLED = (
        "cancelled",
        Meaning(who="clinician", code="patient or practice", amount="minutes until the appointment"),
    )
    CONSULT_ENDED = (
        "consult_ended",
        Meaning(who="clinician", code="what came of it", amount="minutes of consultation"),
    )
    SQUEEZED = (
        "squeezed",
        Meaning(who="clinician", amount="minutes late, for which the consultation was shortened"),
    )
    DID_NOT_ATTEND = "did_not_attend", Meaning(who="clinician", amount="lead time, calendar days")
    RESULT_BACK = (
        "result_back",
        Meaning(code="what reception had left to do, if not a result", amount="minutes since it was awaited"),
    )
    INVITED = "invited", Meaning(amount="reminders sent before")
    NEXT_ACTION = "next_action", Meaning(code="what the person does next", amount="minutes until they do it")
    ALSO_WENT = "also_went", Meaning(code="where else the person turns meanwhile, who will try the practice again")
    DETERIORATED = "deteriorated", Meaning(amount="clinical urgency from now on, as in need_arose")
    NEED_CLOSED = "need_closed", Meaning(code="how the need ended")
    ROSTER = "roster", Meaning(who="role", amount="people working")
    ABSENT = "absent", Meaning(who="clinician", code="sick")
    SESSION_ENDED = (
        "session_ended",
        Meaning(
            who="clinician",
            code="rostered, consulting, back_office, list_work, idle, overtime, travelling, meeting",
            amount="minutes",
        ),
    )
    SLOTS_OPENED = "slots_opened", Meaning(who="role", code="release rule", amount="slots")
    SLOTS_UNUSED = "slots_unused", Meaning(who="role", code="release rule", amount="slots")
    SLOTS_WITHDRAWN = "slots_withdrawn", Meaning(who="role", code="release rule", amount="slots")
    NOTHING_FREE = (
        "nothing_free",
        Meaning(
            who="role that was the wrong one before", code="modes that would do", amount="days until one is wanted"
        ),
    )
    SLOT_EMPTY = (
        "slot_empty",
        Meaning(
            who="clinician",
            code="modes that its minutes hold, and whether it was freed in the last hour",
            amount="minute of the day at which it began",
        ),
    )
    PAPERWORK = "paperwork", Meaning(who="role", amount="minutes of paperwork waiting at the end of the day")
    PAPERWORK_MADE = (
        "paperwork_made",
        Meaning(who="role", code="item of the back office", amount="minutes of it that came in that day"),
    )
    PAPERWORK_PASSED_ON = (
        "paperwork_passed_on",
        Meaning(who="role that was behind", code="item of the back office", amount="minutes handed over that day"),
    )
    LIST_WORK_DONE = (
        "list_work_done",
        Meaning(who="clinician", code="name of the work on lists", amount="minutes of a session spent on it"),
    )
    STATE = "state", Meaning(code="unsettled or settled_again: of a person, and no need of theirs")
    PLACE_SENT = (
        "place_sent",
        Meaning(who="place in the community", code="how somebody came to it", amount="people on its list before them"),
    )
    PLACE_BEGAN = (
        "place_began",
        Meaning(who="place", code="what they waited for: nothing, places, sessions or minutes", amount="days waited"),
    )
    PLACE_SESSION = (
        "place_session",
        Meaning(who="place", code="role of the practice in whose rota it is, if any", amount="minutes"),
    )
    PLACE_ENDED = (
        "place_ended",
        Meaning(who="place", code="how it ended", amount="days since somebody was sent there"),
    )
    CARE_HOME_HOSPITAL = (
        "care_home_hospital",
        Meaning(who="home of the resident", code="attendance or admission: of a person, and no need of theirs"),
    )
    CARE_HOME_ROUND = (
        "care_home_round",
        Meaning(
            who="role that makes the round", code="later, where it was not on its day", amount="minutes that it takes"
        ),
    )
    CARE_HOME_ROUND_MISSED = (
        "care_home_round_missed",
        Meaning(who="role that would have made the round", code="why not: closed or nobody_in"),
    )
    CARE_HOME_CALLED = (
        "care_home_called",
        Meaning(
            who="home of the resident",
            code="whom staff called, the practice being closed: nhs_111, or emergency_department for an ambulance",
        ),
    )
    NEEDS_KEPT_AWAY = (
        "needs_kept_away",
        Meaning(
            who="place whose effect it is, none for all of them",
            code="whose needs: everybody's, or those_there: of people who have been there",
            amount="share of the needs of a week that do not arise because people have been there",
        ),
    )
    PLACE_CAPACITY = "place_capacity", Meaning(who="place", amount="people it looks after at once; -1 for no limit")
    MDT_SELECTED = (
        "mdt_selected",
        Meaning(who="MDT", code="found or nominated: of a person; the contact is their number at MDTs", amount="ahead"),
    )
    MDT_REVIEWED = (
        "mdt_reviewed",
        Meaning(who="MDT", code="level of severity, and whether first or again", amount="days waited"),
    )
    MDT_PLANNED = "mdt_planned", Meaning(who="MDT", code="lead profession", amount="days until the review")
    MDT_CONTACT = "mdt_contact", Meaning(who="MDT", code="lead profession from outside", amount="minutes")
    MDT_ENDED = "mdt_ended", Meaning(who="MDT", code="how it ended", amount="days since somebody came on the list")
    MDT_MEETING = (
        "mdt_meeting",
        Meaning(who="MDT", code="held, moved or lost, and what kept it from being held", amount="people discussed"),
    )
    MDT_TIME = (
        "mdt_time",
        Meaning(who="clinician, role or profession", code="MDT, and what for: meeting or around it", amount="minutes"),
    )
    BELIEF = "belief", Meaning(amount="share of late requests people expect to fail")


class Cause(_Word):
    """Why a contact is made: value demand, or failure demand. The phrase continues "the person".

    `by_practice` says the same of a contact that the practice makes; "" where it makes none for this cause.
    """

    failure: bool
    by_practice: str

    def __new__(cls, word: str, failure: bool, phrase: str = "", by_practice: str = "") -> Self:
        """Return the word with its sort of demand and what says it."""
        made = str.__new__(cls, word)
        made._value_, made.phrase, made.failure, made.by_practice = word, phrase, failure, by_practice
        return made

    NEW = "new", False
    PLANNED_FOLLOW_UP = (
        "planned_follow_up",
        False,
        "was asked to come for a follow-up",
        "the follow-up is booked there and then",
    )
    REARRANGED = (
        "rearranged",
        False,
        "cancelled the appointment to have another",
        "an earlier appointment is free, and the practice offers it",
    )
    INVITED = "invited", False, "was invited to planned care"
    BACK_AS_ADVISED = "back_as_advised", False, "was told to come back if it got no better"
    BROUGHT_IN = (
        "brought_in",
        False,
        "was asked to come in",
        "clinician triage was not enough, and the practice looks for an appointment",
    )
    CALLED_WHILE_CLOSED = "called_while_closed", True, "called while the practice was closed"
    AFTER_ENGAGED = "engaged", True, "found the line engaged"
    AFTER_BALKING = "balked", True, "was put off by the recorded menu"
    AFTER_RENEGING = "reneged", True, "gave up waiting on the phone"
    NOT_CALLED_BACK = "not_called_back", True, "was not called back"
    TOLD_ANOTHER_DAY = (
        "told_another_day",
        True,
        "was told to call another day",
        "nothing was free, and the practice invites the person again",
    )
    NO_NEXT_STEP = "no_next_step", True, "was left without knowing what would happen next"
    WAITED_TOO_LONG = "waited_too_long", True, "found the appointment too far off"
    DNA_REBOOK = (
        "dna_rebook",
        True,
        "missed an appointment",
        "the practice invites the person again after the missed appointment",
    )
    WRONG_CLINICIAN = "wrong_clinician", True, "saw the wrong clinician or went to the wrong place"
    UNRESOLVED = "unresolved", True, "was seen without the need being resolved"
    DETERIORATED = "deteriorated", True, "has got worse while waiting to be seen"
    NO_CONTINUITY = "no_continuity", True, "had to tell the story again to somebody new"
    CHASE = "chase", True, "heard nothing of a result, prescription or letter"
    LOST_HAND_OFF = "lost_hand_off", True, "has heard nothing of a referral, which was lost, late or sent back,"
    BOUNCED = "bounced", True, "was not helped by a community or network service, or was sent back by it"
    WRONGLY_ADVISED = "wrongly_advised", True, "was advised to treat at home what had to be seen"
    CANCELLED_BY_PRACTICE = (
        "cancelled_by_practice",
        True,
        "lost an appointment that the practice cancelled",
        "the practice looks for another appointment in place of the one it cancelled",
    )
    NO_SLOT_ONLINE = "no_slot_online", True, "found nothing to book online"
    FORM_REFUSED = "form_refused", True, "found the online form closed or full"
    SENT_TO_FORM = "sent_to_form", True, "was asked by the recorded message to send a form"


class Channel(_Word):
    """Through which channel a contact comes. The phrase continues "the person"; "" where no person asks."""

    PHONE = "phone", "calls"
    ONLINE = "online", "sends an online form"
    DESK = "desk", "comes to the desk"
    APP = "app", "turns to the NHS App"
    PRACTICE = "practice"
    BEFORE_THE_RUN = "before_the_run"


class Mode(_Word):
    """How a clinician sees somebody. The phrase continues "seen"."""

    FACE_TO_FACE = "face_to_face", "face to face"
    TELEPHONE = "telephone", "by telephone"
    VIDEO = "video", "by video"
    ONLINE_MESSAGE = "online_message", "in writing"
    HOME_VISIT = "home_visit", "at home"


class Service(_Word):
    """Where people go instead of the practice. The phrase continues "to"."""

    PHARMACY = "pharmacy", "a pharmacy"
    NHS_111 = "nhs_111", "NHS 111"
    URGENT_TREATMENT_CENTRE = "urgent_treatment_centre", "an urgent treatment centre"
    EMERGENCY_DEPARTMENT = "emergency_department", "A&E"


class Place(_Word):
    """What reception may do with a request that it does not book: a place in a row of `triage.places`, beside roles.

    The phrase continues "the receptionist".
    """

    RECEPTION = "reception", "settles it"
    TOLD_OR_DONE = "told_or_done", "tells the person what they need to know, or does it there and then"
    SELF_CARE = "self_care", "offers advice on what to do at home"
    PHARMACY = Service.PHARMACY.value, "offers a pharmacy"
    NHS_111 = Service.NHS_111.value, "offers NHS 111"
    URGENT_TREATMENT_CENTRE = Service.URGENT_TREATMENT_CENTRE.value, "offers an urgent treatment centre"
    EMERGENCY_DEPARTMENT = Service.EMERGENCY_DEPARTMENT.value, "offers A&E"
    PAPERWORK = "paperwork", "passes it on, to be written"
    NO_NEXT_STEP = Cause.NO_NEXT_STEP.value, "cannot say what will happen next"


class PlaceRoute(_Word):
    """How somebody comes to a place in the community. The phrase continues "the person"."""

    SIGNPOSTED = "signposted", "is sent there by the practice"
    OFFERED = "offered", "is offered it by the practice before anything else"
    REFERRED = "referred", "is referred there by a clinician"
    JOINED = "joined", "goes there without asking the practice"


class PlaceEnding(_Word):
    """How somebody's time with a place in the community ends. The phrase continues "the person"."""

    COMPLETED = "completed", "stays to the end and is helped"
    DROPPED_OUT = "dropped_out", "stops going"
    DECLINED = "declined", "does not take it up"
    LEFT_THE_LIST = "left_the_list", "leaves the list before it is their turn"
    LOST = "lost", "never hears of it: the referral is lost"
    BOUNCED = "bounced", "is sent away unhelped"


class MdtEnding(_Word):
    """How somebody's time with an MDT ends. The phrase continues "the person"."""

    LEFT = "left", "has moved away or died before the meeting came to them"
    NO_PLAN = "no_plan", "needs no plan"
    COMPLETED = "completed", "needs the plan no more"


class MdtMeeting(_Word):
    """What becomes of a meeting, and why. The phrase continues "the meeting"."""

    HELD = "held", "is held"
    MOVED_HOLIDAY = "moved.holiday", "falls on a day on which the practice is closed, and is moved"
    MOVED_AWAY = "moved.away", "would lack somebody who is away, and is moved"
    MOVED_MISSING = "moved.missing", "lacks somebody that morning, and is moved"
    LOST_HOLIDAY = "lost.holiday", "falls on a day on which the practice is closed, and is not held"
    LOST_AWAY = "lost.away", "would lack somebody who is away, and is not held"
    LOST_MISSING = "lost.missing", "lacks somebody that morning, and is not held"


class Urgency(_Word):
    """How soon a need is safe to be seen to, the least urgent first. The phrase continues "the need"."""

    ROUTINE = "routine", "can wait"
    DAYS = "days", "can wait some days"
    TODAY = "today", "cannot wait until tomorrow"
    EMERGENCY = "emergency", "cannot wait at all"


class NeedEnding(_Word):
    """How a need ends, with the sentence that says it."""

    RESOLVED = "resolved", "The need is resolved."
    INFORMED = "informed", "The recorded message answered the need."
    RECOVERED = "recovered", "The need has gone by itself."
    SELF_TREATED = "self_treated", "The need ends in self-care."
    GAVE_UP = "gave_up", "The need ends unmet: the person has given up."
    NEVER_ASKED = "never_asked", "The person never asks the practice about it."
    NOT_OFFERED = "not_offered", "The practice gives the invitation up: nothing was free."
    PHARMACY = Service.PHARMACY.value, "The need leaves the practice for a pharmacy."
    NHS_111 = Service.NHS_111.value, "The need leaves the practice for NHS 111."
    URGENT_TREATMENT_CENTRE = (
        Service.URGENT_TREATMENT_CENTRE.value,
        "The need leaves the practice for an urgent treatment centre.",
    )
    EMERGENCY_DEPARTMENT = Service.EMERGENCY_DEPARTMENT.value, "The need leaves the practice for A&E."
    NETWORK_HUB = "network_hub", "The need leaves the practice for the network's hub."
    COMMUNITY = "community", "The need is met in the community."


class Happening(_Word):
    """What happens to people and may unsettle or settle them. The phrase says it of a need or a person."""

    REFUSED = "refused", "told to call another day, or left without a next step"
    LATE = "late", "seen later than people put up with"
    BOUNCED = "bounced", "seen by the wrong clinician, wrongly advised or sent back"
    LOST = "lost", "a referral lost or a callback not made"
    GIVEN_UP = "given_up", "given up"
    MET_IN_TIME = "met_in_time", "met, and nothing had gone wrong with it"
    OWN_CLINICIAN = "own_clinician", "seen by the usual clinician"
    PLAN = "plan", "has a plan with a named lead"
    COMMUNITY = "community", "is supported in the community"
    REVIEW = "review", "has been reviewed by several professions"


class NextAction(_Word):
    """What people do next who got nowhere. The phrase continues "the person"; `counted` continues "people"."""

    counted: str

    def __new__(cls, word: str, phrase: str, counted: str = "") -> Self:
        """Return the word with what says it of one person and, where it is counted, of several."""
        made = str.__new__(cls, word)
        made._value_, made.phrase, made.counted = word, phrase, counted
        return made

    REDIAL = "redial", "will call again {when}"
    ANOTHER_DAY = "another_day", "will try another day, {when}", "try another day"
    DESK = Channel.DESK.value, "will walk in{when}", "come to the desk"
    PHONE = Channel.PHONE.value, "finds nothing to book and will call {when}"
    ONLINE = Channel.ONLINE.value, "will try again when it opens, {when}"
    PHARMACY = Service.PHARMACY.value, "goes to a pharmacy instead", "go to a pharmacy"
    NHS_111 = Service.NHS_111.value, "turns to NHS 111 instead", "call NHS 111"
    URGENT_TREATMENT_CENTRE = (
        Service.URGENT_TREATMENT_CENTRE.value,
        "goes to an urgent treatment centre instead",
        "go to an urgent treatment centre",
    )
    EMERGENCY_DEPARTMENT = Service.EMERGENCY_DEPARTMENT.value, "goes to A&E instead", "go to A&E"
    SELF_TREATED = NeedEnding.SELF_TREATED.value, "treats it at home", "treat themselves"
    GAVE_UP = NeedEnding.GAVE_UP.value, "does nothing more about it", "do nothing more"
    KEEPS_WAITING = "keeps_waiting", "leaves it at that and keeps waiting"


GP, CALL_HANDLER, FRONT_DESK = "gp", "call_handler", "front_desk"
