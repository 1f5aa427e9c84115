"""Contacts and needs: counted, linked to what caused them, asked about again unless they go, and ended once."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from fakepractice import FakePractice
from fixedluck import GivenLuck
from onepart import CLOSES, NINE, OPENS, contact_of, need_of

from pcqa_sim.frontdoor.next_action import AfterFailing, PlacesByNeed
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.kernel.process import Steps
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AN_EMERGENCY,
    ANOTHER_DAY,
    DESK,
    GAVE_UP,
    NEVER_ASKED,
    NEW,
    NO_NEXT_STEP,
    ONLINE,
    PHONE,
    PLANNED_FOLLOW_UP,
    RECOVERED,
    REDIAL,
    RESOLVED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    URGENT,
    Contact,
    Need,
)


class Patients:
    """The contacts of a fake practice, and who asked when and why. Needs go by themselves after ten days."""

    def __init__(self, start: float = NINE, changes: dict[str, object] | None = None) -> None:
        self.practice = FakePractice(changes, start)
        for kind, rules in self.practice.kinds.items():
            self.practice.kinds[kind] = replace(rules, recovery=Deterministic(10.0))  # type: ignore[arg-type]
        self.asked: list[tuple[float, int, str, str]] = []  # when, parent, cause and channel
        self.contacts = Contacts(self.practice, self.ask)  # type: ignore[arg-type]

    def ask(self, need: Need, parent: Contact | None = None, cause: str = NEW, channel: str = PHONE) -> Steps:
        self.asked.append((self.practice.env.now, -1 if parent is None else parent.ordinal, cause, channel))
        yield from ()

    def ended(self) -> list[tuple[float, int, str]]:
        table = self.practice.pen.log.table().to_pylist()
        return [(row["time_min"], row["contact"], row["code"]) for row in table if row["event"] == log.NEED_CLOSED]


def test_a_need_that_nobody_asks_about_arises_and_ends_without_a_contact() -> None:
    here = Patients()
    here.contacts.never_ask(need_of("hospital_generated"))
    assert here.practice.rows(log.NEED_AROSE) == [(log.NEED_AROSE, "hospital", "hospital_generated", 0)]
    assert here.ended() == [(NINE, -1, NEVER_ASKED)]
    assert here.practice.recorder.needs_open == 0


def test_contacts_are_numbered_within_their_need_and_know_their_parent() -> None:
    here, need = Patients(), need_of()
    first = here.contacts.open(need, None, NEW, ONLINE)
    second = here.contacts.open(need, first, UNRESOLVED, PHONE)
    third = here.contacts.open(need, first, UNRESOLVED, PHONE)
    assert [(one.ordinal, one.parent) for one in (first, second, third)] == [(0, -1), (1, 0), (2, 0)]
    assert here.practice.rows() == [
        (log.CONTACT_OPENED, ONLINE, NEW, -1),
        (log.CONTACT_OPENED, PHONE, UNRESOLVED, 0),
        (log.CONTACT_OPENED, PHONE, UNRESOLVED, 0),
    ]


def test_tries_are_those_of_one_day() -> None:
    here, need = Patients(), need_of()
    first = here.contacts.open(need, None, NEW, PHONE)
    again = here.contacts.open(need, first, REDIAL, PHONE)
    here.practice.env.run(until=DAY + NINE)
    next_day = here.contacts.open(need, again, REDIAL, PHONE)
    assert [one.tries for one in (first, again, next_day)] == [1, 2, 1]


def test_a_need_is_asked_about_again_at_its_time_and_by_its_channel() -> None:
    here = Patients()
    here.contacts.ask_again(NINE + 3 * DAY, contact_of(ordinal=2), UNRESOLVED, DESK)
    here.practice.env.run()
    assert here.asked == [(NINE + 3 * DAY, 2, UNRESOLVED, DESK)]
    assert here.ended() == []


def test_a_need_that_goes_first_is_not_asked_about_again() -> None:
    here = Patients()
    here.contacts.ask_again(NINE + 10 * DAY + 1, contact_of(ordinal=2), UNRESOLVED)
    here.practice.env.run()
    assert here.asked == []
    assert here.ended() == [(NINE + 10 * DAY, 2, RECOVERED)]


def test_a_need_that_would_go_at_that_minute_is_still_asked_about() -> None:
    here = Patients()
    here.contacts.ask_again(NINE + 10 * DAY, contact_of(), UNRESOLVED)
    here.practice.env.run()
    assert len(here.asked) == 1
    assert here.ended() == []


def test_a_planned_follow_up_is_asked_for_although_the_need_has_gone() -> None:
    here = Patients()
    here.contacts.ask_again(NINE + 20 * DAY, contact_of(), PLANNED_FOLLOW_UP)
    here.practice.env.run()
    assert [when for when, *_ in here.asked] == [NINE + 20 * DAY]


@pytest.mark.parametrize(("after", "asks"), [(2 * DAY, True), (10 * DAY, True), (11 * DAY, False)])
def test_who_puts_it_off_asks_later_or_recovers_without_having_asked(after: float, asks: bool) -> None:
    here = Patients()
    here.contacts.ask_at(NINE + after, need_of(), ONLINE)
    assert [row[0] for row in here.practice.rows()] == [log.NEED_AROSE]
    here.practice.env.run()
    assert here.asked == ([(NINE + after, -1, NEW, ONLINE)] if asks else [])
    assert here.ended() == ([] if asks else [(NINE + 10 * DAY, -1, RECOVERED)])


def test_the_next_action_is_written_when_it_is_decided() -> None:
    here = Patients()
    here.contacts.ask_again_about(REDIAL, NINE + 12.5, contact_of(), UNRESOLVED)
    assert here.practice.rows() == [(log.NEXT_ACTION, "", REDIAL, 12.5)]
    here.practice.env.run()
    assert [when for when, *_ in here.asked] == [NINE + 12.5]


def test_who_tries_another_day_calls_on_the_next_working_day() -> None:
    here = Patients(changes={"channels.another_day_at_opening_share": 1.0})
    here.practice.next_actions.action = ANOTHER_DAY
    here.contacts.choose_next_action(contact_of(), TOLD_ANOTHER_DAY)
    here.practice.env.run()
    assert here.asked == [(DAY + OPENS + 5.0, 0, TOLD_ANOTHER_DAY, PHONE)]
    assert here.practice.rows(log.NEXT_ACTION) == [(log.NEXT_ACTION, "", ANOTHER_DAY, DAY + OPENS + 5.0 - NINE)]


def test_who_walks_in_takes_their_way_there_and_waits_for_the_doors() -> None:
    way = 60 * math.log(2)
    for start, at in ((NINE, NINE + way), (CLOSES - 1.0, DAY + OPENS)):
        here = Patients(start, {"channels.desk_delay_mean_min": 60.0})
        here.practice.next_actions.action = DESK
        here.contacts.choose_next_action(contact_of(), TOLD_ANOTHER_DAY)
        here.practice.env.run()
        assert here.asked == [(pytest.approx(at), 0, TOLD_ANOTHER_DAY, DESK)]


@pytest.mark.parametrize("action", [GAVE_UP, "nhs_111"])
def test_who_does_neither_ends_the_need_with_what_they_do(action: str) -> None:
    here = Patients()
    here.practice.next_actions.action = action
    here.contacts.choose_next_action(contact_of(ordinal=1), TOLD_ANOTHER_DAY)
    assert here.practice.rows() == [(log.NEXT_ACTION, "", action, 0), (log.NEED_CLOSED, "", action, 0)]
    assert here.ended() == [(NINE, 1, action)]


def test_what_nobody_else_can_help_with_is_chosen_among_what_can_be_done_here() -> None:
    here = Patients()
    for kind in ("acute_minor", "administrative", "hospital_generated"):
        here.contacts.choose_next_action(contact_of(need_of(kind, GivenLuck())), TOLD_ANOTHER_DAY)
    assert here.practice.next_actions.asked == [False, True, True]


def test_a_need_ends_after_the_call_about_it() -> None:
    here, need = Patients(), need_of(enquiring=1)
    contact = contact_of(need, ordinal=3)
    here.contacts.close(contact, RESOLVED)
    assert here.ended() == []
    assert need.ends == (contact, RESOLVED)
    need.enquiring = 0
    here.contacts.close(*need.ends)
    assert here.ended() == [(NINE, 3, RESOLVED)]


CANNOT_WAIT = [{"urgency": AN_EMERGENCY}, {"kind": "frailty_crisis", "urgency": URGENT}, {"kind": "frailty_crisis"}]


def unable_to_wait(here: Patients, more: dict[str, object], **luck: float) -> Contact:
    here.practice.places_by_need = PlacesByNeed({"emergency_department": 1.0})
    return contact_of(need_of(luck=GivenLuck(where_else=0.9, **luck), **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("more", CANNOT_WAIT)
@pytest.mark.parametrize("cause", [TOLD_ANOTHER_DAY, NO_NEXT_STEP, AFTER_BALKING])
@pytest.mark.parametrize("action", [ANOTHER_DAY, DESK, GAVE_UP])
def test_who_cannot_wait_goes_at_once_where_somebody_helps(more: dict[str, object], cause: str, action: str) -> None:
    here = Patients()
    here.practice.next_actions.action = action
    contact = unable_to_wait(here, more)
    here.contacts.choose_next_action(contact, cause)
    assert here.practice.rows() == [
        (log.NEXT_ACTION, "", "emergency_department", 0), (log.NEED_CLOSED, "", "emergency_department", 0)
    ]  # fmt: skip
    here.practice.env.run()
    assert here.asked == []


@pytest.mark.parametrize("more", CANNOT_WAIT)
@pytest.mark.parametrize(("at", "channel", "tries"), [
    (NINE + 12.0, PHONE, True), (DAY - 1.0, PHONE, True), (DAY + OPENS, PHONE, False), (DAY + OPENS, ONLINE, False),
])  # fmt: skip
def test_who_cannot_wait_tries_again_the_same_day_or_not_at_all(
    more: dict[str, object], at: float, channel: str, tries: bool
) -> None:
    here = Patients()
    here.contacts.ask_again_about(REDIAL, at, unable_to_wait(here, more), AFTER_BALKING, channel)
    here.practice.env.run()
    assert here.asked == ([(at, 0, AFTER_BALKING, channel)] if tries else [])
    assert [code for *_, code in here.ended()] == ([] if tries else ["emergency_department"])


@pytest.mark.parametrize(("more", "also"), [({}, True), *((one, False) for one in CANNOT_WAIT)])
def test_who_cannot_wait_tries_again_or_goes_elsewhere_and_not_both(more: dict[str, object], also: bool) -> None:
    here = Patients()
    assert here.practice.settings.channels.after_failure is not None
    here.practice.after_failing = AfterFailing(here.practice.settings.channels.after_failure)
    contact = unable_to_wait(here, more, tries_the_practice_again=0.0, also_goes_elsewhere=0.0)
    contact.need.luck = GivenLuck(where_else=0.1, tries_the_practice_again=0.0, also_goes_elsewhere=0.0)
    assert here.contacts.tries_again(contact)
    assert bool(here.practice.rows(log.ALSO_WENT)) is also


def test_a_crisis_that_a_clinician_has_looked_at_can_wait() -> None:
    here = Patients(changes={"channels.another_day_at_opening_share": 1.0})
    here.practice.next_actions.action = ANOTHER_DAY
    here.contacts.choose_next_action(unable_to_wait(here, {"kind": "frailty_crisis", "seen_by": "gp.1"}), UNRESOLVED)
    here.practice.env.run()
    assert [cause for _, _, cause, _ in here.asked] == [UNRESOLVED]


def test_staff_of_a_care_home_take_nobody_to_a_treatment_centre() -> None:
    here = Patients()
    here.practice.places_by_need = PlacesByNeed({"urgent_treatment_centre": 1.0})
    here.practice._in_care_home = [True] * 50
    here.contacts.choose_next_action(contact_of(need_of(urgency=AN_EMERGENCY)), TOLD_ANOTHER_DAY)
    assert [code for *_, code in here.ended()] == ["nhs_111"]
