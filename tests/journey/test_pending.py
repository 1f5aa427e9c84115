"""What is pending: who cancels, who asks again before it, who chases, and that all of it ends with the waiting."""

from __future__ import annotations

import pytest
from fakepractice import CALL_MIN, TALK_MIN, FakeContacts, FakePractice
from fixedluck import GivenLuck
from onepart import NINE, contact_of, need_of, slot_at

from pcqa_sim.journey.pending import Pending
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import LogNormal
from pcqa_sim.values.needs import (
    APPOINTMENT_STANDS,
    BEFORE,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    CANCELLED,
    CHASE,
    GAVE_UP,
    KEEPS_WAITING,
    PHONE,
    PRACTICE,
    REARRANGED,
    RECOVERED,
    RESOLVED,
    RESULT_NOT_BACK,
    WAITED_TOO_LONG,
    Contact,
    Slot,
)
from pcqa_sim.values.words import CALL_HANDLER

ASKS = "acute_minor"
RULES: dict[str, object] = {
    "appointments.cancelling.share": 0.2,
    "appointments.cancelling.rebook_share": 0.7,
    "outcome.waiting.after_days": 7,
    "outcome.waiting.share": 0.1,
    "backoffice.chase_share": 0.4,
    "backoffice.chase_again_days": 2.0,
    "backoffice.items.result.expected_days": 3.0,
    "backoffice.items.prescription.expected_days": 1.5,
}
NEITHER = {"cancels": 0.9, "asks_again_while_waiting": 0.9, "chases": 0.9}


class Waiting:
    """What is pending in a fake practice."""

    def __init__(self) -> None:
        self.practice = FakePractice(RULES)
        self.contacts = FakeContacts(self.practice)
        self.pending = Pending(self.practice, self.contacts)  # type: ignore[arg-type]

    def booked(self, slot: Slot, **more: object) -> Contact:
        """Somebody with a booking; luck by name, the channel and cause if they matter."""
        kind = str(more.pop("kind", ASKS))
        words = {name: more.pop(name) for name in ("channel", "cause") if name in more}
        of_need = {name: more.pop(name) for name in ("given_back",) if name in more}
        contact = contact_of(need_of(kind, GivenLuck(**(NEITHER | more)), **of_need), **words)  # type: ignore[arg-type]
        self.practice.book.diary.open([slot])
        self.pending.book(contact, slot)
        return contact

    def goes_on(self, until: float | None = None) -> list[tuple[object, ...]]:
        self.practice.env.run(until=until)
        return self.contacts.did


# Appointments.


@pytest.mark.parametrize(
    ("modes", "mode"), [(("face_to_face",), "face_to_face"), (("telephone", "video"), "telephone")]
)
def test_a_slot_is_given_in_another_mode_only_to_who_needs_one(
    modes: tuple[str, ...], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has to be seen is seen in the time of a call; whoever can be called is called."""
    here, slot = Waiting(), slot_at(0, mode="telephone")
    slot.holds, slot.converts_from = ("telephone", "face_to_face"), 0.0
    monkeypatch.setattr(here.practice.requests, "modes", lambda need: frozenset(modes))
    here.booked(slot)
    assert slot.mode == mode
    converted = [(log.SLOT_CONVERTED, "gp.1", "telephone", 0)] if mode == "face_to_face" else []
    assert here.practice.rows(log.SLOT_CONVERTED, log.BOOKED) == [
        *converted,
        (log.BOOKED, "gp.1", f"routine.{mode}", 60),
    ]


def test_a_booking_is_written_with_its_rule_mode_and_wait() -> None:
    here, slot = Waiting(), slot_at(0)
    contact = here.booked(slot)
    assert slot.contact is contact
    assert (contact.slot, contact.booked_at) == (slot, NINE)
    assert contact.visit is not None
    assert here.practice.rows() == [(log.BOOKED, "gp.1", "routine.face_to_face", 60)]


def test_a_booking_before_the_run_says_how_many_days_before() -> None:
    here, slot, contact = Waiting(), slot_at(2), contact_of(need_of(luck=GivenLuck(**NEITHER)))
    here.practice.book.diary.open([slot])
    here.pending.book(contact, slot, days_ago=3)
    assert contact.booked_at == NINE - 3 * DAY
    assert here.practice.rows()[0][2] == "routine.face_to_face.3"


def test_a_new_booking_decides_anew_whether_the_person_comes() -> None:
    here, contact = Waiting(), contact_of(need_of(luck=GivenLuck(**NEITHER)))
    contact.comes = False
    here.practice.book.diary.open([slot := slot_at(0)])
    here.pending.book(contact, slot)
    assert contact.comes is None


def test_a_booking_is_for_today_or_ahead() -> None:
    assert [Waiting().pending.booking_name(slot_at(day)) for day in (0, 1)] == [BOOKED_TODAY, BOOKED_AHEAD]


@pytest.mark.parametrize(("u", "cancels"), [(0.19, True), (0.2, False)])
def test_a_share_cancels_at_a_moment_of_their_own_before_the_appointment(u: float, cancels: bool) -> None:
    here, slot = Waiting(), slot_at(4)
    contact = here.booked(slot, cancels=u, cancels_at=0.25)
    visit = contact.visit
    assert visit is not None
    at = NINE + 0.25 * (slot.start - NINE)
    here.goes_on(until=at + 1)
    assert here.practice.rows(log.CANCELLED) == (
        [(log.CANCELLED, "gp.1", log.BY_PATIENT, pytest.approx(slot.start - at, abs=0.01))] if cancels else []
    )
    assert visit.ending == (CANCELLED if cancels else "")
    assert contact.slot is (None if cancels else slot)
    assert here.practice.book.diary.free_of([4]) == ([slot] if cancels else [])


def test_nobody_cancels_an_appointment_of_today() -> None:
    here = Waiting()
    here.booked(slot_at(0, 1000), cancels=0.0)
    here.goes_on()
    assert here.practice.rows(log.CANCELLED) == []


def test_what_has_been_moved_or_decided_meanwhile_is_not_cancelled() -> None:
    here = Waiting()
    moved, decided = slot_at(4), slot_at(4, 700)
    here.booked(moved, cancels=0.0)
    here.booked(decided, cancels=0.0).comes = False
    here.practice.book.diary.withdraw([moved])
    here.goes_on()
    assert here.practice.rows(log.CANCELLED) == []
    assert decided.contact is not None


def test_whose_slot_went_to_somebody_else_does_not_cancel_theirs() -> None:
    here, slot = Waiting(), slot_at(4)
    here.booked(slot, cancels=0.0, cancels_at=0.5)
    here.practice.book.diary.give_back(slot)
    other = contact_of(need_of(person=9))
    here.practice.book.diary.take(slot, other)
    here.goes_on()
    assert slot.contact is other


def test_the_day_of_what_somebody_cancelled_suits_them_no_more() -> None:
    here = Waiting()
    contact = here.booked(slot_at(4), cancels=0.0, cancels_at=0.5)
    assert contact.need.given_back == -1
    here.goes_on()
    assert contact.need.given_back == 4


@pytest.mark.parametrize(("kind", "u", "then"), [
    (ASKS, 0.69, (NINE, "ask again", NINE, REARRANGED, PHONE)),
    (ASKS, 0.7, (NINE, "close", RECOVERED)),
    ("long_term_review", 0.7, (NINE, "close", GAVE_UP)),
])  # fmt: skip
def test_who_cancelled_asks_for_another_time_or_needs_it_no_more(kind: str, u: float, then: tuple[object]) -> None:
    here = Waiting()
    here.pending.after_cancelling(contact_of(need_of(kind, GivenLuck(rebooks_after_cancelling=u))))
    assert here.contacts.did == [then]


# Asking again before it.


def test_who_waits_long_beyond_the_day_wanted_calls_and_is_told_that_it_stands() -> None:
    here = Waiting()
    contact = here.booked(slot_at(12), asks_again_while_waiting=0.09)
    at = 7.0 * DAY
    assert here.goes_on() == [(at, "open", WAITED_TOO_LONG, PHONE)]
    assert here.contacts.opened[0].parent == contact.ordinal
    minutes = CALL_MIN + TALK_MIN
    assert here.practice.rows(log.DECIDED) == [(log.DECIDED, CALL_HANDLER, APPOINTMENT_STANDS, minutes)]
    assert here.practice.reception.phone.free_again == [at + minutes]
    assert contact.need.enquiring == 0
    assert contact.visit is not None
    assert contact.visit.ending == ""


@pytest.mark.parametrize("why_not", [
    {"asks_again_while_waiting": 0.1},
    {"channel": BEFORE, "asks_again_while_waiting": 0.0},
    {"channel": PRACTICE, "asks_again_while_waiting": 0.0},
    {"cause": REARRANGED, "asks_again_while_waiting": 0.0},
    {"given_back": 1, "asks_again_while_waiting": 0.0},
])  # fmt: skip
def test_others_wait_without_asking(why_not: dict[str, object]) -> None:
    here = Waiting()
    here.booked(slot_at(12), **why_not)
    assert here.goes_on() == []


@pytest.mark.parametrize(("wants_after", "day", "asks"), [(0, 7, False), (0, 8, False), (0, 9, True), (3, 9, False)])
def test_the_wait_is_counted_from_the_day_wanted_and_nobody_calls_on_the_last_day(
    wants_after: int, day: int, asks: bool
) -> None:
    """Day 7 is not beyond seven days; about one on day 8 they would call just a day before, too late to ask."""
    here = Waiting()
    here.practice.requests.wants_after_days = wants_after
    here.booked(slot_at(day, 0.0), asks_again_while_waiting=0.0)
    assert bool(here.goes_on()) is asks


def test_nobody_asks_about_an_appointment_that_has_gone() -> None:
    here, slot = Waiting(), slot_at(12)
    here.booked(slot, asks_again_while_waiting=0.0)
    here.practice.book.diary.give_back(slot)
    assert here.goes_on() == []
    assert here.practice.reception.phone.called == []


def test_who_reaches_nobody_about_it_keeps_waiting() -> None:
    here = Waiting()
    here.practice.reception.phone.ends = [(log.MISSED, "queue")]
    here.booked(slot_at(12), asks_again_while_waiting=0.0)
    here.goes_on()
    assert here.practice.rows(log.NEXT_ACTION) == [(log.NEXT_ACTION, "", KEEPS_WAITING, 0)]
    assert here.practice.rows(log.DECIDED) == []
    assert here.practice.reception.phone.talked == []


def test_a_need_that_ends_during_the_call_ends_when_they_have_called_off() -> None:
    here = Waiting()
    contact = here.booked(slot_at(12), asks_again_while_waiting=0.0)
    here.goes_on(until=7 * DAY + CALL_MIN)
    assert contact.need.enquiring == 1
    contact.need.ends = contact, RESOLVED
    here.goes_on()
    assert here.contacts.did[1:] == [(7 * DAY + CALL_MIN + TALK_MIN, "close", RESOLVED)]


# Results and papers.


def test_a_result_comes_back_after_its_days_and_waits_to_be_dealt_with() -> None:
    here = Waiting()
    settings = here.practice.settings.backoffice
    need = need_of(luck=GivenLuck(chases=0.9, result_days=0.5), seen_by="gp.1")
    here.pending.await_result(contact_of(need), "gp")
    assert need.awaits == NINE
    days = LogNormal.from_mean(settings.result_mean_days, settings.result_cv).quantile(0.5)
    piles = here.practice.office.paperwork.values()
    here.goes_on(until=NINE + days * DAY - 1)
    assert sum(pile.waiting for pile in piles) == 0
    here.goes_on(until=NINE + days * DAY + 1)
    assert sum(pile.waiting for pile in piles) == pytest.approx(settings.items["result"].minutes)
    assert here.contacts.did == []


def test_the_results_of_a_role_are_filed_by_who_does_that_for_it() -> None:
    here = Waiting()
    for maker in ("gp", "practice_nurse"):
        need = need_of(luck=GivenLuck(chases=0.9, who_sees_to_paperwork=0.999))
        here.pending.await_result(contact_of(need), maker)
    here.goes_on()
    files = here.practice.office.office.who_files_result
    expected: dict[str, int] = {}
    for maker in ("gp", "practice_nurse"):
        expected[files[maker].pick(0.999)] = expected.get(files[maker].pick(0.999), 0) + 1
    minutes = here.practice.settings.backoffice.items["result"].minutes
    waiting = {role: pile.waiting for role, pile in here.practice.office.paperwork.items() if pile.waiting}
    assert waiting == pytest.approx({role: number * minutes for role, number in expected.items()})


def test_a_paper_waits_at_once_with_who_writes_such() -> None:
    here = Waiting()
    settings = here.practice.settings.backoffice
    contact = contact_of(need_of("medication", GivenLuck(chases=0.9, who_sees_to_paperwork=0.001)))
    here.pending.await_paper(contact)
    item = settings.items[settings.requests["medication"]]
    first = here.practice.office.office.who_does[settings.requests["medication"]].pick(0.001)
    pile = here.practice.office.paperwork[first]
    assert pile.waiting == item.minutes
    assert contact.need.awaits == NINE
    pile.work(item.minutes)
    assert pile.finished() == [contact]


@pytest.mark.parametrize(("u", "calls"), [(0.39, 2), (0.4, 0)])
def test_a_share_chases_what_is_late_again_and_again_until_it_is_there(u: float, calls: int) -> None:
    here = Waiting()
    need = need_of(luck=GivenLuck(chases=u, result_days=0.999))
    contact = contact_of(need, ordinal=4)
    here.pending.await_result(contact, "gp")
    first, second = NINE + 3 * DAY, NINE + 5 * DAY
    here.goes_on(until=second + 1 * DAY)
    opened = [(first, "open", CHASE, PHONE), (second, "open", CHASE, PHONE)]
    assert here.contacts.did == opened[:calls]
    assert [row[2] for row in here.practice.rows(log.DECIDED)] == [RESULT_NOT_BACK] * calls
    assert all(one.parent == 4 for one in here.contacts.opened)
    here.pending.hear(contact)
    here.goes_on()
    assert [what for _, what, *_ in here.contacts.did] == ["open"] * calls + ["close"]


def test_a_paper_is_chased_after_its_own_days() -> None:
    here = Waiting()
    here.pending.await_paper(contact_of(need_of("medication", GivenLuck(chases=0.0))))
    assert here.goes_on(until=NINE + 2 * DAY) == [(NINE + 1.5 * DAY, "open", CHASE, PHONE)]


def test_a_result_heard_resolves_the_need_and_is_written_with_its_wait() -> None:
    here = Waiting()
    contact = contact_of(need_of("medication", awaits=NINE - 90.0, seen_by="gp.2"))
    here.pending.hear(contact)
    assert here.practice.rows() == [(log.RESULT_BACK, "", "", 90)]
    assert contact.need.awaits is None
    assert here.contacts.did == [(NINE, "close", RESOLVED)]


def test_a_paper_heard_of_is_written_by_its_name() -> None:
    here = Waiting()
    need = need_of("medication", awaits=NINE)
    need.paper = "prescription"
    here.pending.hear(contact_of(need))
    assert here.practice.rows() == [(log.RESULT_BACK, "", "prescription", 0)]
