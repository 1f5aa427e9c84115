from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import pytest
from fixedluck import FixedLuck
from simpy import Environment, Event

from pcqa_sim import eventlog as log
from pcqa_sim.access import AT_CLOSING, Call, Phone, PhoneRules
from pcqa_sim.distributions import Deterministic, Exponential, LogNormal, Mixture, Uniform
from pcqa_sim.needs import CLOSED, INFORMED, NEW, PHONE, PUT_OFF, Contact, Need
from pcqa_sim.pool import Pool
from pcqa_sim.scenario.groups import Callback, ClosedMessage, Menu, Patience, Phones, Talk
from pcqa_sim.strand import follow

RULES = PhoneRules(lines=3, patience=Deterministic(99), talk=Deterministic(5))


class Practice:
    """A phone with its handlers, and what was noted."""

    def __init__(
        self, rules: PhoneRules = RULES, handlers: int = 1, opens: Callable[[float], bool] = lambda _: True
    ) -> None:
        self.env = Environment()
        self.rows: list[tuple[Any, ...]] = []
        self.pool = Pool(self.env, handlers)
        self.phone = Phone(self.env, self.pool, self.note, rules, opens)

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        self.rows.append((self.env.now, contact.need.person, event, code, amount))

    def ring(self, person: int, at: float, luck: float = 0.5, **need_is: bool) -> Call:
        need = Need(person, person, "k", FixedLuck(luck), 0.0, **need_is)  # type: ignore[arg-type]
        contact = Contact(need, 0, -1, NEW, PHONE, at)
        kept = Call(contact)

        def story() -> Generator[Event, Any, None]:
            if at:
                yield self.env.timeout(at)
            call = yield from self.phone.ring(contact)
            kept.ending, kept.why = call.ending, call.why
            if call.reached:
                yield from self.phone.talk(call)
                self.phone.wrap_up(call)

        follow(story())
        return kept

    def seen(self, person: int) -> list[tuple[Any, ...]]:
        return [(now, event, code, amount) for now, p, event, code, amount in self.rows if p == person]


PHONES = Phones(
    lines=7,
    menu=Menu(minutes=0.4, informed_share=0.11, put_off_share=0.12),
    closed_message=ClosedMessage(minutes=0.3, ends_call_share=0.7, ring_at_opening_share=0.8),
    patience=Patience(early_share=0.25, early_within_min=2.0, mean_min=20.0),
    talk=Talk(median_min=3.0, sigma=0.5, wrap_up_min=0.6),
    callback=Callback(offered_from_waiting=4, accepted_share=0.35),
)


def test_every_setting_of_the_telephones_is_used() -> None:
    rules = PhoneRules.of(PHONES)
    assert rules == PhoneRules(
        lines=7,
        patience=Mixture(0.25, Uniform(0.0, 2.0), Exponential(20.0)),
        talk=LogNormal.from_median(3.0, 0.5),
        wrap_up_min=0.6,
        menu_min=0.4,
        informed_share=0.11,
        put_off_share=0.12,
        closed_min=0.3,
        closed_ends_share=0.7,
        callback_from=4,
        callback_share=0.35,
    )


def test_a_call_is_answered_at_once_if_somebody_is_free() -> None:
    practice = Practice()
    practice.ring(1, 0)
    practice.env.run()
    assert practice.seen(1) == [(0, log.ANSWERED, "", 0), (5, log.TALK_ENDED, "", 5)]
    assert practice.phone.lines_in_use == 0
    assert practice.pool.busy == 0


def test_callers_wait_their_turn_or_hang_up() -> None:
    practice = Practice(replace(RULES, patience=Deterministic(6)))
    for person in (1, 2, 3):
        practice.ring(person, person - 1)
    practice.env.run()
    assert practice.seen(2) == [(1, log.QUEUED, "", 0), (5, log.ANSWERED, "", 4), (10, log.TALK_ENDED, "", 5)]
    assert practice.seen(3) == [(2, log.QUEUED, "", 1), (8, log.MISSED, "queue", 6)]


def test_with_all_lines_in_use_a_caller_hears_the_engaged_tone() -> None:
    practice = Practice()
    calls = [practice.ring(person, 0) for person in range(4)]
    practice.env.run()
    assert [call.ending for call in calls] == [log.ANSWERED] * 3 + [log.ENGAGED]
    assert practice.seen(3) == [(0, log.ENGAGED, "", 3)]


@pytest.mark.parametrize(("luck", "why"), [(0.05, INFORMED), (0.25, PUT_OFF)])
def test_the_menu_ends_some_calls(luck: float, why: str) -> None:
    practice = Practice(replace(RULES, menu_min=0.5, informed_share=0.1, put_off_share=0.2))
    practice.ring(1, 0, luck)
    practice.env.run()
    assert practice.seen(1) == [(0.5, log.MENU_ENDED, why, 0)]
    assert practice.phone.lines_in_use == 0


@pytest.mark.parametrize("need_is", [{"heard": True}, {"today": True}])
def test_a_recorded_message_cannot_answer_a_need_that_is_being_dealt_with_or_cannot_wait(
    need_is: dict[str, bool],
) -> None:
    practice = Practice(replace(RULES, menu_min=0.5, informed_share=0.1, put_off_share=0.2))
    practice.ring(1, 0, 0.05, **need_is)
    practice.ring(2, 20, 0.25, **need_is)
    practice.env.run()
    assert practice.seen(1)[0][1] == log.ANSWERED
    assert practice.seen(2)[0][1:3] == (log.MENU_ENDED, PUT_OFF)


@pytest.mark.parametrize(("luck", "ending"), [(0.5, log.MENU_ENDED), (0.9, log.MISSED)])
def test_outside_hours_the_message_ends_three_quarters(luck: float, ending: str) -> None:
    practice = Practice(replace(RULES, closed_min=0.3, closed_ends_share=0.75), opens=lambda _: False)
    practice.ring(1, 0, luck)
    practice.env.run()
    assert practice.seen(1) == [(0.3, ending, CLOSED, 0)]


def test_somebody_in_the_menu_when_the_practice_closes_hears_that_it_has_closed() -> None:
    practice = Practice(replace(RULES, menu_min=2), opens=lambda now: now < 1)
    practice.ring(1, 0)
    practice.env.run()
    assert practice.seen(1) == [(2, log.MENU_ENDED, CLOSED, 0)]


def test_closing_cuts_off_those_on_hold_and_lets_the_talk_finish() -> None:
    practice = Practice(replace(RULES, patience=Deterministic(60)))
    practice.ring(1, 0)
    practice.ring(2, 1)
    practice.env.timeout(3).callbacks.append(lambda _: practice.phone.close())
    practice.env.run()
    assert practice.seen(1)[-1] == (5, log.TALK_ENDED, "", 5)
    assert practice.seen(2)[-1] == (3, log.MISSED, AT_CLOSING, 2)


def test_a_callback_keeps_its_place_frees_the_line_and_outlives_patience_and_closing() -> None:
    rules = replace(RULES, patience=Deterministic(1), callback_from=0, callback_share=0.6)
    practice = Practice(rules)
    practice.ring(1, 0)
    call = practice.ring(2, 1)
    practice.env.run(until=2)
    assert (practice.phone.lines_in_use, practice.phone.callbacks_due) == (1, 1)
    practice.phone.close()
    practice.env.run()
    assert practice.seen(2) == [
        (1, log.CALLBACK_REQUESTED, "", 0),
        (5, log.CALLED_BACK, "", 4),
        (10, log.TALK_ENDED, "", 5),
    ]
    assert call.ending == log.CALLBACK_REQUESTED
    assert practice.phone.callbacks_due == 0


def test_callback_is_offered_only_from_so_many_waiting() -> None:
    rules = replace(RULES, lines=9, patience=Deterministic(99), callback_from=2, callback_share=0.6)
    practice = Practice(rules)
    calls = [practice.ring(person, 0) for person in range(4)]
    practice.env.run()
    assert [call.ending for call in calls] == [log.ANSWERED, log.ANSWERED, log.ANSWERED, log.CALLBACK_REQUESTED]


def test_wrap_up_keeps_the_handler_and_not_the_line() -> None:
    practice = Practice(replace(RULES, wrap_up_min=2))
    practice.ring(1, 0)
    practice.ring(2, 1)
    practice.env.run(until=6)
    assert practice.phone.lines_in_use == 1
    practice.env.run()
    assert practice.seen(2)[1] == (7, log.ANSWERED, "", 6)
