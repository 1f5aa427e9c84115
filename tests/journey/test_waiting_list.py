"""The waiting list: who is offered a free slot, in which order, and what becomes of their contacts."""

from __future__ import annotations

import pytest
from fakepractice import FakeContacts, FakePractice
from fixedluck import GivenLuck
from onepart import NINE, OPENS, contact_of, need_of, slot_at
from shortruns import run_of

from pcqa_sim.clinic.diary import Diary
from pcqa_sim.journey.pending import Pending
from pcqa_sim.journey.practice_initiated import PracticeInitiated
from pcqa_sim.kernel.process import follow
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import (
    MOVED,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    SEEN_ONLY,
    TOLD_ANOTHER_DAY,
    Contact,
    Slot,
    SlotRequest,
)

RULES: dict[str, object] = {
    "appointments.cancelling.share": 0.0,
    "appointments.waiting_list": {
        "told_share": 0.6, "booked_share": 0.3, "from_days": 3, "notice_min": 45, "answers_share": 0.5,
        "answer_min": 20,
    },
}  # fmt: skip
NEITHER = {"cancels": 0.9, "asks_again_while_waiting": 0.9, "chases": 0.9}
JOINS = {"joins_waiting_list": 0.0}


class Offering:
    """A fake practice with a waiting list; whoever asks for a slot wants it face to face, on any day."""

    def __init__(self, rules: dict[str, object] | None = None, start: float = NINE) -> None:
        self.practice = FakePractice(RULES if rules is None else rules, start)
        self.practice.book.diary = Diary()
        self.practice.requests.slot_request = self._asks  # type: ignore[method-assign]
        self.practice.requests.planned_role = lambda kind: ""  # type: ignore[method-assign]
        self.contacts = FakeContacts(self.practice)
        self.pending = Pending(self.practice, self.contacts)  # type: ignore[arg-type]
        self.taken: list[Contact] = []
        self.initiated = PracticeInitiated(self.practice, self.contacts, self.pending, self._attends)  # type: ignore[arg-type]

    def _asks(self, contact: Contact, role: str) -> SlotRequest:
        return SlotRequest(role, 0, 99, SEEN_ONLY, urgent=contact.need.today)

    def _attends(self, contact: Contact):  # type: ignore[no-untyped-def]
        self.taken.append(contact)
        yield contact.visit

    def told(self, person: int, kind: str = "acute_minor", wrong: str = "", **luck: float) -> Contact:
        need = need_of(kind, GivenLuck(**(NEITHER | JOINS | luck)), person, wrong_role=wrong)
        contact = contact_of(need)
        contact.asks = True
        self.pending.waiting.may_join_told(contact)
        return contact

    def booked(self, slot: Slot, person: int, cause: str = "new", **luck: float) -> Contact:
        contact = contact_of(need_of(luck=GivenLuck(**(NEITHER | JOINS | luck)), person=person), cause=cause)
        self.practice.book.diary.open([slot])
        self.pending.book(contact, slot)
        return contact

    def offers(self, slot: Slot) -> None:
        self.practice.book.diary.open([slot])
        follow(self.initiated.offer(slot))
        self.practice.env.run(until=NINE + 180)


ANSWERS = {"answers_offer": 0.1, "answers_offer_at": 0.25}


@pytest.mark.parametrize(("u", "has_it"), [(0.49, True), (0.5, False)])
def test_who_was_told_to_call_another_day_and_answers_in_time_has_the_slot(u: float, has_it: bool) -> None:
    here, slot = Offering(), slot_at(0, NINE + 120)
    contact = here.told(1, answers_offer=u, answers_offer_at=0.25)
    here.offers(slot)
    assert contact.asks is not has_it
    assert [(one.need, one.cause, one.channel, one.booked_at) for one in here.taken] == (
        [(contact.need, TOLD_ANOTHER_DAY, PRACTICE, NINE + 5)] if has_it else []
    )
    assert (slot.contact is not None) is has_it


def test_told_people_come_before_booked_ones_and_both_in_turn() -> None:
    """Who was told does not answer: the first of those booked is asked when twice twenty minutes have gone."""
    here = Offering()
    later = here.booked(slot_at(9), 3, **ANSWERS)
    here.booked(slot_at(9, 700), 4, **ANSWERS)
    here.told(1)
    here.told(2)
    slot = slot_at(0, NINE + 170)
    here.offers(slot)
    assert [one.need.person for one in here.taken] == [3]
    assert here.taken[0].booked_at == NINE + 45
    assert later.slot is None


def test_nobody_is_asked_with_less_notice_than_people_need() -> None:
    here, slot = Offering(), slot_at(0, NINE + 60)
    here.told(1)
    here.told(2, **ANSWERS)
    here.offers(slot)
    assert here.taken == []


def test_who_is_booked_takes_the_earlier_slot_and_frees_the_later() -> None:
    here, far = Offering(), slot_at(9)
    contact = here.booked(far, 1, **ANSWERS)
    visit = contact.visit
    here.offers(slot_at(0, NINE + 120))
    assert visit is not None
    assert visit.ending == MOVED
    assert (far.contact, far.freed) == (None, NINE + 5)
    assert [(one.cause, one.channel) for one in here.taken] == [(REARRANGED, PRACTICE)]
    assert [row[0] for row in here.practice.rows(log.CANCELLED)] == [log.CANCELLED]


@pytest.mark.parametrize(("given_back", "takes_it"), [(-1, True), (1, True), (2, False), (3, False)])
def test_who_gave_a_day_back_is_offered_none_up_to_it(given_back: int, takes_it: bool) -> None:
    here = Offering()
    here.booked(slot_at(9), 1, **ANSWERS).need.given_back = given_back
    here.offers(slot_at(2))
    assert len(here.taken) == takes_it


def test_who_cancels_before_answering_has_the_slot_in_place_of_asking_for_another() -> None:
    here, far = Offering(), slot_at(9)
    contact = here.booked(far, 1, **ANSWERS)
    near = slot_at(0, NINE + 120)
    here.practice.book.diary.open([near])
    follow(here.initiated.offer(near))
    here.pending.bring_forward(contact)  # the slot goes back, as when a patient cancels
    contact.asks = True  # and is about to ask for another time
    here.practice.env.run(until=NINE + 180)
    assert [(one.cause, one.channel) for one in here.taken] == [(REARRANGED, PRACTICE)]
    assert not contact.asks
    assert len(here.practice.rows(log.CANCELLED)) == 1


def test_what_is_freed_at_night_is_offered_when_the_practice_opens() -> None:
    here, slot = Offering(start=OPENS - 60.0), slot_at(0, NINE)
    here.told(1, **ANSWERS)
    here.offers(slot)
    assert [one.booked_at for one in here.taken] == [OPENS + 5]


@pytest.mark.parametrize("far", [slot_at(2), slot_at(9, clinician="hca.1")])
def test_who_is_booked_soon_or_with_somebody_else_is_not_asked(far: Slot) -> None:
    here = Offering()
    here.booked(far, 1, **ANSWERS)
    here.offers(slot_at(0, NINE + 120))
    assert here.taken == []


def test_follow_ups_keep_their_time() -> None:
    here = Offering()
    here.booked(slot_at(9), 1, cause=PLANNED_FOLLOW_UP, **ANSWERS)
    here.offers(slot_at(0, NINE + 120))
    assert here.taken == []


@pytest.mark.parametrize(
    ("kind", "wrong", "clinician", "mode", "has_it"),
    [
        ("acute_minor", "", "gp.1", "face_to_face", True),
        ("acute_minor", "gp", "gp.1", "face_to_face", False),
        ("acute_minor", "", "hca.1", "face_to_face", False),
        ("acute_minor", "", "gp.1", "telephone", False),
    ],
)
def test_a_slot_is_offered_to_those_it_suits(kind: str, wrong: str, clinician: str, mode: str, has_it: bool) -> None:
    here = Offering()
    here.told(1, kind, wrong, **ANSWERS)
    here.offers(slot_at(0, NINE + 120, clinician, mode=mode))
    assert bool(here.taken) is has_it


def test_who_has_asked_again_meanwhile_is_not_asked() -> None:
    here = Offering()
    here.told(1, **ANSWERS).asks = False
    here.offers(slot_at(0, NINE + 120))
    assert here.taken == []


def test_a_slot_that_somebody_books_meanwhile_is_gone() -> None:
    here, slot = Offering(), slot_at(0, NINE + 120)
    contact = here.told(1, **ANSWERS)
    here.practice.book.diary.open([slot])
    follow(here.initiated.offer(slot))
    here.practice.book.diary.take(slot, contact_of())
    here.practice.env.run(until=NINE + 60)
    assert here.taken == []
    assert contact.asks


def test_a_slot_whose_patient_is_with_the_clinician_is_gone() -> None:
    here, slot = Offering(), slot_at(0, NINE + 60)
    here.told(1, **ANSWERS)
    diary = here.practice.book.diary
    diary.open([slot])
    diary.take(slot, contact_of())
    diary.call(slot)
    follow(here.initiated.offer(slot))
    here.practice.env.run(until=NINE + 60)
    assert here.taken == []


def test_hour_by_hour_what_is_free_within_the_hour_after_the_notice_is_offered() -> None:
    here = Offering()
    starts = [NINE + 45, NINE + 46, NINE + 105, NINE + 106]
    slots = [slot_at(0, start) for start in starts]
    here.practice.book.diary.open(slots)
    assert here.practice.book.diary.free_between(NINE + 45, NINE + 105) == slots[1:3]
    for person in range(4):
        here.told(person, answers_offer=0.0, answers_offer_at=0.01 * (person + 1))
    here.initiated.offer_soon_free()
    here.practice.env.run(until=NINE + 60)
    assert sorted(one.slot.start for one in here.taken if one.slot) == starts[1:3]


def test_without_a_list_nobody_joins_and_nothing_is_drawn() -> None:
    here = Offering({})
    here.told(1)
    here.offers(slot_at(0, NINE + 120))
    assert here.taken == []


@pytest.mark.slow
def test_a_waiting_list_brings_people_in_sooner_and_keeps_every_count() -> None:
    """Conservation is checked in each run; appointments that were far ahead are had sooner."""
    rules = (
        "appointments.waiting_list={told_share:1,booked_share:1,from_days:2,notice_min:45,answers_share:1,answer_min:5}"
    )
    short = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=3")
    plain, listed = run_of(*short), run_of(*short, rules)
    sooner = listed.contacts[(listed.contacts["channel"] == PRACTICE) & (listed.contacts["cause"] == REARRANGED)]
    assert len(sooner) > 10
    ahead = [run.appointments[run.appointments["status"] == "attended"]["lead_days"].mean() for run in (plain, listed)]
    assert ahead[1] < ahead[0]
