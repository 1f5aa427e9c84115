"""Extra work on logs written by hand: a dozen contacts whose extra minutes are known, and what may never lower them."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import pytest
from shortruns import composed

from pcqa_sim.results.extrawork import FAILURE, MISSED, MOVED, extra_work
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.needs import (
    APPOINTMENT_STANDS,
    BACK_AS_ADVISED,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    BOUNCED,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    CANCELLED_BY_PRACTICE,
    CHASE,
    DNA_REBOOK,
    NEW,
    NO_CONTINUITY,
    NO_NEXT_STEP,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    RESOLVED,
    RESULT_NOT_BACK,
    SELF_TREATED,
    SETTLED,
    SIGNPOSTED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
    WRONGLY_ADVISED,
)

TO_PHARMACY, AT_HOME = f"{SIGNPOSTED}pharmacy", f"{SIGNPOSTED}{SELF_TREATED}"
Row = tuple[Any, ...]


class Ledger:
    """A log written contact by contact, ten minutes apart."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._minute = 480.0
        self._contacts: dict[int, int] = {}

    def ask(
        self,
        need: int,
        decided: str = "",
        talk: float = 2.0,
        cause: str = NEW,
        channel: str = PHONE,
        *,
        desk: bool = False,
        parent: int | None = None,
    ) -> int:
        """Open a contact, have reception spend some minutes on it, and decide; return its ordinal."""
        contact = self._contacts.get(need, 0)
        self._contacts[need] = contact + 1
        self._note(need, contact, log.CONTACT_OPENED, channel, cause, contact - 1 if parent is None else parent)
        if talk:
            event, who = (log.FRONT_SEEN, "front_desk") if desk else (log.TALK_ENDED, "call_handler")
            self._note(need, contact, event, who, "", talk)
        if decided:
            self._note(need, contact, log.DECIDED, "reception", decided, talk)
        return contact

    def see(self, need: int, minutes: float, outcome: str, who: str = "gp.1", mode: str = "face_to_face") -> None:
        """Book and have a consultation for a need's last contact."""
        contact = self._contacts[need] - 1
        self._note(need, contact, log.BOOKED, who, f"routine.{mode}", 10.0)
        self._note(need, contact, log.CONSULT_ENDED, who, outcome, minutes)

    def miss(self, need: int, who: str = "gp.1") -> None:
        """Book an appointment for a need's last contact, and have it missed."""
        contact = self._contacts[need] - 1
        self._note(need, contact, log.BOOKED, who, "routine.telephone", 10.0)
        self._note(need, contact, log.DID_NOT_ATTEND, who, "", 1.0)

    def _note(self, need: int, contact: int, event: str, who: str, code: str, amount: float) -> None:
        if contact == 0 and event == log.CONTACT_OPENED:
            self.rows.append((self._minute, 0, 1, need, -1, log.NEED_AROSE, "patient", "acute_minor", 0.0))
        self._minute += 10
        self.rows.append((self._minute, 0, 1, need, contact, event, who, code, amount))

    def extra(self) -> pd.DataFrame:
        written = EventLog(["p"])
        for row in self.rows:
            written.add(cast(Any, row))
        return extra_work(Tables(written.table(), "p"), composed("practice=small").practices["practice"]).frame()

    def minutes(self, line: str = FAILURE) -> float:
        found = self.extra()
        return float(found.loc[found["line"] == line, "minutes"].sum())

    def causes(self, line: str = FAILURE) -> dict[str, float]:
        found = self.extra()
        sums = found[found["line"] == line].groupby("cause")["minutes"].sum()
        return {str(cause): float(minutes) for cause, minutes in sums.items()}


def dozen() -> Ledger:
    """A dozen contacts about seven needs, of which 29 minutes are extra."""
    ledger = Ledger()
    ledger.ask(1, BOOKED_TODAY, talk=2)
    ledger.see(1, 9, RESOLVED)  # what was asked for: nothing extra
    ledger.ask(2, CALL_ANOTHER_DAY, talk=1.5)  # extra 1.5: came to nothing
    ledger.ask(2, CALL_ANOTHER_DAY, talk=2.5, cause=TOLD_ANOTHER_DAY, desk=True)  # extra 2.5
    ledger.ask(2, BOOKED_TODAY, talk=2, cause=TOLD_ANOTHER_DAY)
    ledger.see(2, 10, UNRESOLVED)  # the first consultation of a need is no failure
    ledger.ask(2, BOOKED_AHEAD, talk=3, cause=UNRESOLVED)  # extra 3: made because the consultation failed
    ledger.see(2, 12, RESOLVED)  # extra 12: it repeats the first
    ledger.ask(3, TO_PHARMACY, talk=2)  # extra 2: sent there and back
    ledger.ask(3, BOOKED_TODAY, talk=2, cause=BOUNCED)
    ledger.see(3, 8, PLANNED_FOLLOW_UP)
    ledger.ask(3, BOOKED_AHEAD, talk=0, cause=PLANNED_FOLLOW_UP, channel=PRACTICE)
    ledger.see(3, 7, RESOLVED)  # planned: no repetition
    ledger.ask(4, BOOKED_AHEAD, talk=2)
    ledger.ask(4, APPOINTMENT_STANDS, talk=1, cause=WAITED_TOO_LONG)  # extra 1
    ledger.ask(5, "paperwork_to_do", talk=2)
    ledger.ask(5, RESULT_NOT_BACK, talk=1, cause=CHASE)  # extra 1
    ledger.ask(6, BOOKED_TODAY, talk=2)  # extra 2: it led to triage that led nowhere
    ledger.see(6, 4, BROUGHT_IN, "practice_nurse.1", "telephone")  # extra 4: the triage
    ledger.ask(6, CALL_ANOTHER_DAY, talk=0, cause=BROUGHT_IN, channel=PRACTICE)
    ledger.ask(6, BOOKED_TODAY, talk=2, cause=TOLD_ANOTHER_DAY)
    ledger.see(6, 5, BROUGHT_IN, "practice_nurse.1", "telephone")
    ledger.ask(6, BOOKED_TODAY, talk=0, cause=BROUGHT_IN, channel=PRACTICE)
    ledger.see(6, 11, RESOLVED)
    ledger.ask(7, BOOKED_TODAY, talk=2)
    ledger.see(7, 6, WRONG_CLINICIAN, "pharmacist.1")
    return ledger


def test_a_dozen_contacts_have_the_extra_minutes_counted_by_hand() -> None:
    ledger = dozen()
    assert ledger.minutes() == pytest.approx(29)
    assert ledger.causes() == pytest.approx(
        {TOLD_ANOTHER_DAY: 1.5 + 2.5 + 2 + 4, UNRESOLVED: 3 + 12, BOUNCED: 2, WAITED_TOO_LONG: 1, CHASE: 1}
    )
    assert ledger.minutes(MOVED) == ledger.minutes(MISSED) == 0


def test_extra_work_is_worked_by_those_who_did_it() -> None:
    found = dozen().extra()
    by_role = found.groupby("role")["minutes"].sum().to_dict()
    assert by_role == pytest.approx({"call_handler": 10.5, "front_desk": 2.5, "gp": 12, "practice_nurse": 4})
    assert set(found.loc[found["contact_time"], "role"]) == {"gp", "practice_nurse"}


@pytest.mark.parametrize("decided", [CALL_ANOTHER_DAY, RESULT_NOT_BACK, APPOINTMENT_STANDS])
@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_a_contact_that_fails_never_lowers_what_is_extra(decided: str, before: int) -> None:
    """The same need with one contact more that fails, at each place in its story."""
    told = [
        (BOOKED_TODAY, NEW, 9.0, UNRESOLVED),
        (BOOKED_AHEAD, UNRESOLVED, 12.0, WRONG_CLINICIAN),
        (BOOKED_AHEAD, WRONG_CLINICIAN, 6.0, RESOLVED),
    ]

    def story(failing: int | None) -> Ledger:
        ledger = Ledger()
        for at, (booked, cause, minutes, outcome) in enumerate(told):
            if at == failing:
                ledger.ask(1, decided, talk=0.5, cause=cause)
                cause = TOLD_ANOTHER_DAY
            ledger.ask(1, booked, talk=2, cause=cause)
            ledger.see(1, minutes, outcome)
        if failing == len(told):
            ledger.ask(1, decided, talk=0.5, cause=CHASE)
        return ledger

    without = story(None).minutes()
    assert without == pytest.approx(2 + 12 + 2 + 6)
    assert story(before).minutes() == pytest.approx(without + 0.5)


def test_contacts_without_a_next_step_and_wrong_advice_are_extra_and_advice_that_said_to_come_back_is_not() -> None:
    ledger = Ledger()
    ledger.ask(1, NO_NEXT_STEP, talk=2)
    ledger.ask(1, BOOKED_TODAY, talk=3, cause=NO_NEXT_STEP)
    ledger.see(1, 10, RESOLVED)
    ledger.ask(2, AT_HOME, talk=1)
    ledger.ask(2, BOOKED_TODAY, talk=3, cause=WRONGLY_ADVISED)
    ledger.ask(3, AT_HOME, talk=1.5)
    ledger.ask(3, BOOKED_TODAY, talk=3, cause=BACK_AS_ADVISED)
    assert ledger.causes() == pytest.approx({NO_NEXT_STEP: 2, WRONGLY_ADVISED: 1})


def test_a_first_consultation_is_never_extra_however_often_one_had_to_ask() -> None:
    ledger = Ledger()
    ledger.ask(1, CALL_ANOTHER_DAY, talk=2)
    for _ in range(5):
        ledger.ask(1, CALL_ANOTHER_DAY, talk=2, cause=TOLD_ANOTHER_DAY)
    ledger.ask(1, BOOKED_TODAY, talk=2, cause=TOLD_ANOTHER_DAY)
    ledger.see(1, 30, RESOLVED)
    assert ledger.minutes() == pytest.approx(12)


def test_a_repeated_consultation_stays_one_behind_a_look_and_a_booking_moved_by_the_patient() -> None:
    ledger = Ledger()
    ledger.ask(1, BOOKED_TODAY, talk=2)
    ledger.see(1, 10, NO_CONTINUITY)
    ledger.ask(1, BOOKED_AHEAD, talk=2, cause=NO_CONTINUITY)
    ledger.see(1, 4, BROUGHT_IN, "practice_nurse.1", "telephone")
    ledger.ask(1, BOOKED_AHEAD, talk=0, cause=BROUGHT_IN, channel=PRACTICE)
    ledger.ask(1, BOOKED_AHEAD, talk=3, cause=REARRANGED)  # the patient's own wish
    ledger.see(1, 11, RESOLVED)
    assert ledger.causes() == pytest.approx({NO_CONTINUITY: 2 + 4 + 11})


def test_moved_and_missed_appointments_have_lines_of_their_own() -> None:
    ledger = Ledger()
    ledger.ask(1, BOOKED_AHEAD, talk=2)
    ledger.ask(1, CALL_ANOTHER_DAY, talk=3, cause=CANCELLED_BY_PRACTICE, channel=PRACTICE, desk=True)
    ledger.ask(1, BOOKED_AHEAD, talk=2, cause=TOLD_ANOTHER_DAY)
    ledger.see(1, 9, RESOLVED)
    ledger.ask(2, BOOKED_AHEAD, talk=2)
    ledger.miss(2)
    ledger.ask(2, BOOKED_AHEAD, talk=1.5, cause=DNA_REBOOK)
    ledger.see(2, 9, RESOLVED)
    assert ledger.minutes() == 0
    assert ledger.minutes(MOVED) == pytest.approx(3 + 2)
    assert ledger.minutes(MISSED) == pytest.approx(9 + 1.5)  # a GP's routine telephone slots are 9 minutes


def test_a_need_met_where_the_practice_sent_the_person_counts_as_met() -> None:
    ledger = Ledger()
    ledger.ask(1, TO_PHARMACY)
    ledger.ask(2, CALL_ANOTHER_DAY)
    ledger.ask(3, SETTLED)
    ends = ((1, "pharmacy"), (2, "pharmacy"), (3, RESOLVED))
    written = EventLog(["p"])
    for row in ledger.rows:
        written.add(cast(Any, row))
    for need, ending in ends:
        written.add((900.0, 0, 1, need, 0, log.NEED_CLOSED, "", ending, 0.0))
    needs = Tables(written.table(), "p").needs
    assert needs["met"].to_dict() == {1: True, 2: False, 3: True}
