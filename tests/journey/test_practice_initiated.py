"""What the practice sets going: invitations until it gives them up, and appointments it has to move."""

from __future__ import annotations

import math

import pytest
from fakepractice import FakeContacts, FakePractice
from fixedluck import GivenLuck
from onepart import NINE, booked, contact_of, need_of, slot_at

from pcqa_sim.journey.pending import Pending
from pcqa_sim.journey.practice_initiated import PracticeInitiated
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.reception import MOVING_LAST
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.needs import (
    BEFORE,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    CANCELLED_BY_PRACTICE,
    DESK,
    DNA_REBOOK,
    EMERGENCY_DEPARTMENT,
    GAVE_UP,
    INVITED,
    MOVED,
    NETWORK_HUB,
    NEW,
    NOT_OFFERED,
    PHONE,
    PRACTICE,
    SENT_ON,
    TODAY,
    TOLD_ANOTHER_DAY,
    Contact,
    Slot,
    SlotRequest,
)
from pcqa_sim.values.words import FRONT_DESK

PLANNED, BROUGHT = "long_term_review", "acute_minor"
RULES: dict[str, object] = {
    "planned.invite_again_weeks": 3,
    "planned.most_tries": 2,
    "channels.desk_min": 4.0,
    "planned.asks_share": 0.0,
}


class FakePending(Pending):
    """Takes bookings."""

    def __init__(self) -> None:
        self.bookings: list[tuple[Contact, Slot, int]] = []

    def book(self, contact: Contact, slot: Slot, days_ago: int = 0) -> None:
        self.bookings.append((contact, slot, days_ago))

    def booking_name(self, slot: Slot) -> str:
        return BOOKED_AHEAD


class Office:
    """What a fake practice sets going, and whose story went on."""

    def __init__(self, **changes: object) -> None:
        self.practice = FakePractice(RULES | changes)
        self.contacts, self.pending = FakeContacts(self.practice), FakePending()
        self.went_on: list[Contact] = []
        self.initiated = PracticeInitiated(self.practice, self.contacts, self.pending, self._attend)  # type: ignore[arg-type]

    def _attend(self, contact: Contact) -> Steps:
        self.went_on.append(contact)
        yield from ()

    def moves(self, kind: str = BROUGHT) -> Contact:
        contact = booked(slot_at(0, 700), contact_of(need_of(kind), ordinal=2))
        contact.need.contacts = 3
        follow(self.initiated.move(contact))
        self.practice.env.run()
        return contact


def test_who_had_booked_before_the_run_has_a_need_a_contact_and_a_booking() -> None:
    here, need, slot = Office(), need_of(PLANNED), slot_at(3)
    here.initiated.booked_before(need, slot, 12)
    assert here.contacts.did == [(NINE, "arise", PLANNED), (NINE, "open", NEW, BEFORE)]
    assert [(one.need, where, ago) for one, where, ago in here.pending.bookings] == [(need, slot, 12)]
    assert here.went_on == here.contacts.opened
    assert need.heard


def test_an_invitation_books_what_is_free_for_its_programme() -> None:
    here, need, slot = Office(), need_of(PLANNED), slot_at(3)
    here.practice.book.offer(slot)
    here.initiated.invite(need)
    assert here.contacts.did == [(NINE, "arise", PLANNED), (NINE, "open", NEW, PRACTICE)]
    assert [where for _, where, _ in here.pending.bookings] == [slot]
    assert here.practice.book.slot_requests == [SlotRequest("practice_nurse", 2, 2)]
    assert here.went_on == here.contacts.opened
    assert need.heard


def test_where_nothing_is_free_people_are_invited_again_and_then_no_more() -> None:
    here = Office()
    here.initiated.invite(need_of(PLANNED))
    here.practice.env.run()
    again = NINE + 3 * WEEK
    assert here.contacts.did == [
        (NINE, "arise", PLANNED),
        (NINE, "open", NEW, PRACTICE),
        (again, "open", TOLD_ANOTHER_DAY, PRACTICE),
        (again, "close", NOT_OFFERED),
    ]
    assert [one.tries for one in here.contacts.opened] == [1, 2]
    assert here.contacts.opened[1].parent == 0


def test_who_missed_theirs_is_invited_anew_with_the_tries_they_had() -> None:
    here = Office()
    before = contact_of(need_of(PLANNED))
    here.initiated.invite(before.need, before, 2, DNA_REBOOK)
    assert here.contacts.did == [(NINE, "open", DNA_REBOOK, PRACTICE), (NINE, "close", NOT_OFFERED)]


def test_an_appointment_that_the_practice_cancels_is_replaced_by_somebody_at_the_desk() -> None:
    here, other = Office(), slot_at(1)
    here.practice.requests.sees_instead = {"gp": "anp"}
    here.practice.book.offer(other)
    contact = here.moves()
    assert contact.visit is not None
    assert contact.visit.ending == MOVED
    assert here.practice.reception.served == [(NINE, MOVING_LAST, 4)]
    assert here.practice.book.slot_requests == [SlotRequest("anp", 1, 1, urgent=True)]
    assert here.practice.rows() == [
        (log.CANCELLED, "gp.1", log.BY_PRACTICE, 700 - NINE),
        (log.DECIDED, FRONT_DESK, BOOKED_AHEAD, 4),
    ]
    (moved,) = here.contacts.opened
    assert (moved.parent, moved.cause, moved.channel) == (2, CANCELLED_BY_PRACTICE, PRACTICE)
    assert [(one, where) for one, where, _ in here.pending.bookings] == [(moved, other)]
    assert here.went_on == [moved]


@pytest.mark.parametrize(("kind", "then"), [
    (BROUGHT, [(NINE + 4, "choose", TOLD_ANOTHER_DAY)]),
    (PLANNED, [(NINE + 4 + 3 * WEEK, "open", TOLD_ANOTHER_DAY, PRACTICE), (NINE + 4 + 3 * WEEK, "close", NOT_OFFERED)]),
])  # fmt: skip
def test_where_nothing_is_free_they_are_told_to_call_or_invited_again(kind: str, then: list[object]) -> None:
    here = Office()
    here.moves(kind)
    assert here.practice.rows(log.DECIDED) == [(log.DECIDED, FRONT_DESK, CALL_ANOTHER_DAY, 4)]
    assert here.contacts.did == [(NINE, "open", CANCELLED_BY_PRACTICE, PRACTICE), *then]
    assert here.went_on == []


# People who are invited to ask.

ASKING = {
    "planned.asks_share": 0.7, "planned.asks_mean_days": 5.0, "planned.remind_after_days": 10.0,
    "planned.most_reminders": 1,
}  # fmt: skip
SOON, LATER = 0.5, 0.9  # luck of who asks after 5 ln 2 = 3.5 days, and after 11.5


def invited(asks: float, after: float = SOON, kind: str = PLANNED) -> Office:
    """A practice with one slot that invites one person, some weeks later."""
    here = Office(**ASKING)
    here.practice.book.offer(slot_at(3))
    here.initiated.invite(need_of(kind, GivenLuck(asks_to_book=asks, asks_after_invitation=after)))
    here.practice.env.run()
    return here


def test_a_share_is_invited_to_ask_and_asks_some_days_later() -> None:
    here = invited(0.69)
    assert here.pending.bookings == []
    (what, at, cause, channel) = here.contacts.did[-1][1:]
    assert (what, cause) == ("ask again", INVITED)
    assert channel in (PHONE, DESK)
    assert at == pytest.approx(NINE + 5 * DAY * 0.6931, abs=1)
    assert here.contacts.opened[0].need.asks_to_book
    assert [code for _, _, code, _ in here.practice.rows(log.INVITED)] == [""]


def test_the_others_and_people_visited_at_home_are_booked_by_the_practice() -> None:
    assert len(invited(0.7).pending.bookings) == 1
    assert len(invited(0.1, kind="care_home_visit").pending.bookings) == 1


def test_a_visit_that_finds_no_room_is_looked_at_each_working_day_an_hour_before_visits_begin() -> None:
    here, slot = Office(**{"appointments.home_visits.opens": "12:00"}), slot_at(3)
    here.initiated.invite(need_of("care_home_visit"))
    here.practice.env.run(until=DAY + NINE)
    here.practice.book.offer(slot)
    here.practice.env.run(until=20 * DAY)
    assert [booked for _, booked, _ in here.pending.bookings] == [slot]
    assert len(here.practice.book.slot_requests) == 3  # at nine, at eleven, and the next day at eleven
    assert len(here.contacts.opened) == 1


def test_a_visit_for_which_there_is_never_room_is_postponed_and_then_let_go() -> None:
    here = Office(**{"planned.programmes.care_home_visit.within_days": 7})
    here.initiated.invite(need_of("care_home_visit"))
    here.practice.env.run(until=100 * DAY)
    assert here.contacts.did[-1][1:] == ("close", NOT_OFFERED)
    assert [contact.cause for contact in here.contacts.opened] == [NEW, TOLD_ANOTHER_DAY]
    asked = len(here.practice.book.slot_requests)
    assert asked == (1 + 6) + (1 + 5)  # at once, and on each working day of the week; the second time from eleven on


def test_a_programme_may_have_a_share_of_its_own() -> None:
    for share, booked_by_practice in ((0.0, 1), (0.2, 0)):
        here = Office(**ASKING | {f"planned.programmes.{PLANNED}.asks_share": share})
        here.practice.book.offer(slot_at(3))
        here.initiated.invite(need_of(PLANNED, GivenLuck(asks_to_book=0.1, asks_after_invitation=SOON)))
        assert len(here.pending.bookings) == booked_by_practice


def test_who_does_not_ask_is_reminded_and_then_the_invitation_lapses() -> None:
    here = invited(0.1, LATER)
    assert [row[3] for row in here.practice.rows(log.INVITED)] == [0, 1]
    assert here.contacts.did[-1] == (NINE + 20 * DAY, "close", GAVE_UP)


def test_who_missed_theirs_is_booked_again_by_the_practice() -> None:
    here = Office(**ASKING)
    here.practice.book.offer(slot_at(3))
    before = contact_of(need_of(PLANNED, GivenLuck(asks_to_book=0.1)))
    here.initiated.invite(before.need, before, 2, DNA_REBOOK)
    assert len(here.pending.bookings) == 1


# Needs flagged as urgent whose appointment the practice has to cancel.


def moved_flagged(*offers: Slot, **changes: object) -> tuple[Office, Contact]:
    here = Office(**changes)
    here.practice.book.offer(*offers)
    contact = booked(slot_at(0, 700), contact_of(need_of(BROUGHT, flagged=TODAY), ordinal=2))
    contact.need.contacts = 3
    follow(here.initiated.move(contact))
    here.practice.env.run()
    return here, contact


def test_a_flagged_need_whose_clinician_is_away_is_seen_today_by_somebody_else() -> None:
    other = slot_at(0, 720, "gp.2")
    here, _ = moved_flagged(other)
    assert [where for _, where, _ in here.pending.bookings] == [other]
    assert here.practice.rows(log.FLAGGED, log.DECIDED) == [
        (log.FLAGGED, FRONT_DESK, TODAY, 0.0),
        (log.DECIDED, FRONT_DESK, BOOKED_TODAY, 4.0),
    ]
    assert here.went_on == here.contacts.opened


def test_one_put_on_top_of_a_session_is_put_into_the_diary_first() -> None:
    extra = slot_at(0, 720, "gp.2", opens=math.inf)
    here, _ = moved_flagged(extra)
    assert [where for _, where, _ in here.pending.bookings] == [extra]
    assert extra.opens == 0


def test_one_for_whom_nobody_has_time_is_sent_on_and_not_told_to_call_another_day() -> None:
    here, _ = moved_flagged(**{"triage.sent_on.hub_per_10000_day": 10.0})
    assert here.pending.bookings == []
    assert here.practice.rows(log.DECIDED) == [(log.DECIDED, FRONT_DESK, SENT_ON + NETWORK_HUB, 4.0)]
    assert here.contacts.did[-1] == (NINE + 4, "close", NETWORK_HUB)
    nowhere_else: dict[str, object] = {
        "triage.sent_on.hub_per_10000_day": 0.0,
        "triage.sent_on.urgent_treatment_centre_share": 0.0,
    }
    here, _ = moved_flagged(**nowhere_else)
    assert here.contacts.did[-1] == (NINE + 4, "close", EMERGENCY_DEPARTMENT)
