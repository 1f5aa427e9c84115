"""Getting through, channel by channel, and what people do next who reach nobody."""

from __future__ import annotations

import pytest
from fakepractice import CALL_MIN, TALK_MIN, FakeContacts, FakePractice
from fixedluck import GivenLuck
from onepart import CLOSES, NINE, OPENS, contact_of, need_of, slot_at

from pcqa_sim.journey.getting_through import ADMIN_LINE_AFTER, PERSON, TURNS_TO_PHONE_MIN, GettingThrough
from pcqa_sim.journey.pending import Pending
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.reception import DESK_FIRST, INBOX_NEXT
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    APP,
    BALKED,
    BOOKED_TODAY,
    CALLED_WHILE_CLOSED,
    CLOSED,
    DESK,
    FORM_REFUSED,
    FULL,
    INFORMED,
    NO_SLOT_ONLINE,
    NOT_CALLED_BACK,
    ONLINE,
    PHONE,
    REDIAL,
    SETTLED,
    Contact,
    Disposition,
    Slot,
)
from pcqa_sim.values.words import FRONT_DESK

RULES: dict[str, object] = {
    "channels.desk_min": 4.0,
    "channels.inbox_min": 3.0,
    "channels.form.calls_instead_share": 0.6,
    "demand.kinds.mental_health.talk_factor": 1.5,
    "phones.closed_message.call_at_opening_share": 0.8,
}
TOMORROW_AT_EIGHT = DAY + OPENS


class FakePending(Pending):
    """Takes bookings."""

    def __init__(self) -> None:
        self.bookings: list[Slot] = []

    def book(self, contact: Contact, slot: Slot, days_ago: int = 0) -> None:
        self.bookings.append(slot)

    def booking_name(self, slot: Slot) -> str:
        return BOOKED_TODAY


class FrontDoor:
    """The ways into a fake practice; `came` has what each contact was told, None for who reached nobody."""

    def __init__(self, start: float = NINE, changes: dict[str, object] | None = None) -> None:
        self.practice = FakePractice(RULES | (changes or {}), start)
        self.contacts, self.pending = FakeContacts(self.practice), FakePending()
        self.decided: list[tuple[float, str]] = []
        self.came: list[Disposition | None] = []
        self._ways = GettingThrough(self.practice, self.contacts, self.pending, self._decide)  # type: ignore[arg-type]

    def _decide(self, contact: Contact, who: str) -> Disposition:
        self.decided.append((self.practice.env.now, who))
        return Disposition(SETTLED)

    def comes(self, channel: str, kind: str = "acute_minor", luck: Luck | None = None) -> Contact:
        contact = contact_of(need_of(kind, luck), channel)
        follow(self._story(contact))
        self.practice.env.run()
        return contact

    def _story(self, contact: Contact) -> Steps:
        self.came.append((yield from self._ways.reach(contact)))

    def let_down(self, channel: str) -> bool:
        return self.practice.expectations.channels.let_down(0, channel)


# Who reaches somebody.


def test_a_caller_talks_is_decided_for_and_only_then_is_the_handler_free() -> None:
    here = FrontDoor()
    here.comes(PHONE, "mental_health")
    said = NINE + CALL_MIN + TALK_MIN * 1.5
    assert here.decided == [(said, "")]
    assert here.practice.reception.phone.talked == [1.5]
    assert here.practice.reception.phone.free_again == [said]
    assert [told.name for told in here.came if told] == [SETTLED]
    assert here.contacts.did == []


@pytest.mark.parametrize("keeps", [False, True])
def test_the_line_for_administrative_requests_is_answered_after_the_others(keeps: bool) -> None:
    here = FrontDoor()
    here.practice.reception.keeps = keeps
    here.comes(PHONE)
    assert here.practice.reception.phone.called == [(NINE, ADMIN_LINE_AFTER if keeps else 0)]
    assert ADMIN_LINE_AFTER > 0


@pytest.mark.parametrize(("channel", "priority", "minutes"), [(DESK, DESK_FIRST, 4), (ONLINE, INBOX_NEXT, 3)])
def test_desk_and_inbox_are_served_by_the_same_people_the_desk_first(channel: str, priority: int, minutes: int) -> None:
    here = FrontDoor()
    here.comes(channel)
    assert here.practice.reception.served == [(NINE, priority, minutes)]
    assert here.decided == [(NINE + minutes, FRONT_DESK)]


def test_who_finds_an_appointment_in_the_app_books_it_themselves() -> None:
    here, slot = FrontDoor(), slot_at(0)
    here.practice.app.shown = slot
    contact = here.comes(APP)
    assert here.pending.bookings == [slot]
    assert here.practice.rows() == [(log.DECIDED, PERSON, BOOKED_TODAY, 0)]
    assert [told.slot for told in here.came if told] == [slot]
    assert contact.need.heard
    assert here.decided == []
    assert not here.let_down(APP)


def test_an_administrative_request_in_the_app_is_a_message() -> None:
    here = FrontDoor()
    here.practice.app.shown = slot_at(0)
    here.comes(APP, "administrative")
    assert here.practice.reception.served == [(NINE, INBOX_NEXT, 3)]
    assert here.pending.bookings == []


# Who does not.


def test_who_finds_nothing_in_the_app_calls_and_remembers() -> None:
    here = FrontDoor()
    contact = here.comes(APP)
    at = NINE + TURNS_TO_PHONE_MIN
    assert here.contacts.did == [(NINE, "ask again about", PHONE, at, NO_SLOT_ONLINE, PHONE)]
    assert here.came == [None]
    assert here.let_down(APP)
    assert not contact.need.heard


@pytest.mark.parametrize("start", [CLOSES - TURNS_TO_PHONE_MIN, CLOSES + 60.0])
def test_while_the_lines_are_closed_they_call_when_they_open(start: float) -> None:
    here = FrontDoor(start)
    here.comes(APP)
    assert here.contacts.did[0][3] == TOMORROW_AT_EIGHT + 5


@pytest.mark.parametrize(("why", "u", "then"), [
    (CLOSED, 0.59, (PHONE, NINE + TURNS_TO_PHONE_MIN, FORM_REFUSED, PHONE)),
    (FULL, 0.6, (ONLINE, TOMORROW_AT_EIGHT + 5, FORM_REFUSED, ONLINE)),
])  # fmt: skip
def test_whom_the_form_refuses_calls_instead_or_fills_it_in_when_it_opens(
    why: str, u: float, then: tuple[object, ...]
) -> None:
    here = FrontDoor()
    here.practice.form.why = why
    here.comes(ONLINE, luck=GivenLuck(rings_instead_of_form=u))
    assert here.practice.rows() == [(log.FORM_REFUSED, "", why, 0)]
    assert here.contacts.did == [(NINE, "ask again about", *then)]
    assert here.let_down(ONLINE)
    assert here.practice.reception.served == []


def test_who_stands_before_a_closed_door_comes_back_when_it_opens() -> None:
    here = FrontDoor(CLOSES)
    here.comes(DESK)
    assert here.contacts.did == [(CLOSES, "ask again", TOMORROW_AT_EIGHT, CALLED_WHILE_CLOSED, DESK)]
    assert here.came == [None]
    assert here.practice.reception.served == []


CALLS = {
    AFTER_ENGAGED: (log.ENGAGED, ""),
    AFTER_BALKING: (log.MENU_ENDED, BALKED),
    AFTER_RENEGING: (log.MISSED, "queue"),
    NOT_CALLED_BACK: (log.CALLBACK_LAPSED, "impatient"),
}
CALLED = NINE + CALL_MIN


@pytest.mark.parametrize("cause", CALLS)
def test_who_does_not_get_through_redials_by_the_cause_and_remembers(cause: str) -> None:
    here = FrontDoor()
    here.practice.reception.phone.ends = [CALLS[cause]]
    here.practice.redials.redial_after = 12.0
    here.comes(PHONE)
    assert here.practice.redials.asked == [(cause, 1)]
    assert here.contacts.did == [(CALLED, "ask again about", REDIAL, CALLED + 12, cause, PHONE)]
    assert here.let_down(PHONE)
    assert here.came == [None]
    assert here.practice.reception.phone.free_again == []


@pytest.mark.parametrize(("start", "delay"), [(NINE, None), (CLOSES - 10.0, 9.0), (CLOSES - 10.0, 8.9)])
def test_nobody_plans_to_redial_when_the_lines_will_be_closed(start: float, delay: float | None) -> None:
    here = FrontDoor(start)
    here.practice.reception.phone.ends = [CALLS[AFTER_ENGAGED]]
    here.practice.redials.redial_after = delay
    here.comes(PHONE)
    did = here.contacts.did[0][1]
    assert did == ("ask again about" if delay == 8.9 else "choose")


def test_whom_the_menu_informed_needs_nothing_more_and_blames_nobody() -> None:
    here = FrontDoor()
    here.practice.reception.phone.ends = [(log.MENU_ENDED, INFORMED)]
    here.comes(PHONE)
    assert here.contacts.did == [(CALLED, "close", INFORMED)]
    assert not here.let_down(PHONE)


@pytest.mark.parametrize(("share", "then"), [
    (0.8, ("ask again about", REDIAL, TOMORROW_AT_EIGHT + 5, CALLED_WHILE_CLOSED, PHONE)),
    (0.2, ("choose", CALLED_WHILE_CLOSED)),
])  # fmt: skip
def test_who_called_while_closed_calls_at_opening_or_chooses(share: float, then: tuple[object, ...]) -> None:
    here = FrontDoor(CLOSES + 60, {"phones.closed_message.call_at_opening_share": share})
    here.practice.reception.phone.ends = [(log.MENU_ENDED, CLOSED)]
    here.comes(PHONE)
    assert here.contacts.did == [(CLOSES + 60 + CALL_MIN, *then)]
    assert not here.let_down(PHONE)
    assert here.practice.redials.asked == []


@pytest.mark.parametrize(("start", "cannot_wait", "waits_until"), [
    (OPENS - 60, True, OPENS), (CLOSES + 60, True, None), (CLOSES + 60, False, TOMORROW_AT_EIGHT),
])  # fmt: skip
def test_who_stands_before_a_closed_door_and_cannot_wait_comes_back_the_same_day_or_not_at_all(
    start: float, cannot_wait: bool, waits_until: float | None
) -> None:
    here = FrontDoor(start)
    here.contacts.cannot_wait = cannot_wait
    here.comes(DESK)
    assert here.contacts.did == (
        [] if waits_until is None else [(start, "ask again", waits_until, CALLED_WHILE_CLOSED, DESK)]
    )
    assert here.came == [None]
