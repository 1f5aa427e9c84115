"""The list for clinician triage: the most urgent first, a place where there is time, and word of who comes."""

from __future__ import annotations

import pytest
from onepart import NINE, contact_of, need_of, slot_at, small_practice

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.clinic.triage_list import TriageList
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import TRIAGE_RULE, TRIAGE_TODAY_RULE, Slot, SlotRequest

EACH = 5.0


def waiting_list() -> TriageList:
    made = TriageList()
    rules = {"triage.clinician_triage.mean_min": EACH}
    made.rules = small_practice(rules, "triage=gp_phone_first").triage.clinician_triage
    return made


def session(until: float, day: int = 0, role: str = "gp") -> Clinic:
    """A session from nine with time for triage until a minute of the day, and none for appointments."""
    clinic = Clinic(role, f"{role}.1", day * DAY + NINE, day * DAY + NINE + 180, [])
    clinic.triage_blocks = [(day * DAY + NINE, day * DAY + until)]
    return clinic


def place(waiting: TriageList, *clinics: Clinic, urgent: bool = False, now: float = NINE) -> Slot | None:
    return waiting.place(SlotRequest("gp", 0, 1, urgent=urgent, triage=True), clinics, now)


def put_on(waiting: TriageList, urgent: bool = False) -> Slot:
    """Put somebody on the list who has booked the place."""
    slot = slot_at(0, triage=True)
    slot.urgent = urgent
    slot.contact = contact_of(need_of("acute_minor"))
    waiting.add(slot)
    return slot


def test_people_who_want_help_today_come_first_and_then_who_asked_first() -> None:
    waiting = waiting_list()
    order = [put_on(waiting, urgent) for urgent in (False, True, False, True)]
    taken = [waiting.take(urgent_only=False) for _ in order]
    assert taken == [order[1], order[3], order[0], order[2]]
    assert waiting.take(urgent_only=False) is None


def test_between_patients_nobody_else_is_called() -> None:
    waiting = waiting_list()
    routine = put_on(waiting)
    assert waiting.take(urgent_only=True) is None
    urgent = put_on(waiting, urgent=True)
    assert waiting.take(urgent_only=True) is urgent
    assert waiting.take(urgent_only=False) is routine


def test_who_has_cancelled_is_passed_over_and_not_counted() -> None:
    waiting = waiting_list()
    gone, stays = put_on(waiting, urgent=True), put_on(waiting)
    gone.contact = None
    assert waiting.ahead_of(urgent=False) == 1
    assert waiting.take(urgent_only=False) is stays


@pytest.mark.parametrize(("urgent", "at"), [(True, NINE + EACH), (False, NINE + 3 * EACH)])
def test_a_place_is_after_those_who_come_before(urgent: bool, at: float) -> None:
    waiting = waiting_list()
    for first in (True, False, False):
        put_on(waiting, first)
    slot = place(waiting, session(until=NINE + 60), urgent=urgent)
    assert slot is not None
    assert (slot.start, slot.length, slot.role, slot.triage) == (at, EACH, "gp", True)
    assert slot.rule == (TRIAGE_TODAY_RULE if urgent else TRIAGE_RULE)
    assert slot.opens > 1e9  # until somebody is put on


def test_where_the_time_is_full_the_next_session_does_and_else_there_is_no_place() -> None:
    waiting = waiting_list()
    for _ in range(3):
        put_on(waiting)
    short = session(until=NINE + 2 * EACH)
    tomorrow = place(waiting, short, session(until=NINE + 60, day=1))
    assert tomorrow is not None
    assert tomorrow.start == DAY + NINE + EACH
    assert place(waiting, short) is None
    assert place(waiting, session(until=NINE + 60, role="hca")) is None
    assert place(waiting, session(until=NINE + 60), now=NINE + 60) is None


def test_who_has_nobody_to_call_is_told_once_of_the_next_unless_they_have_gone() -> None:
    waiting, told = waiting_list(), []

    def first() -> None:
        told.append("first")

    def second() -> None:
        told.append("second")

    waiting.tell(first)
    waiting.tell(second)
    assert waiting.forget(first)
    put_on(waiting)
    put_on(waiting)
    assert told == ["second"]
    assert not waiting.forget(second)
