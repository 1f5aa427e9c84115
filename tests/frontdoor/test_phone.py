from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import fields, replace
from typing import Any

import pytest
from fixedluck import FixedLuck

from pcqa_sim.frontdoor.phone import AT_CLOSING, IMPATIENT, MISDIAL, Call, Pen, Phone, PhoneRules
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.kernel.process import follow
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Callback, ClosedMessage, LateMessage, Menu, Patience, Phones, Talk
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.distributions import Deterministic, Exponential, LogNormal, Mixture, Uniform
from pcqa_sim.values.needs import BALKED, CLOSED, INFORMED, NEW, PHONE, Contact, Need
from pcqa_sim.values.words import CALL_HANDLER

RULES = PhoneRules(lines=3, patience=Deterministic(99), talk=Deterministic(5))


class Practice(Pen):
    """A phone with its handlers, and what was noted."""

    def __init__(
        self, rules: PhoneRules = RULES, handlers: int = 1, opens: Callable[[float], bool] = lambda _: True
    ) -> None:
        self.env = Environment()
        self.notes: list[tuple[Any, ...]] = []
        self.pool = Pool(self.env, handlers)
        self.phone = Phone(self.env, self.pool, self, rules, opens)

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        self.notes.append((self.env.now, contact.need.person, event, who, code, amount))

    def call(self, person: int, at: float, luck: float = 0.5, priority: float = 0, **need_is: bool) -> Call:
        need = Need(person, person, "k", FixedLuck(luck), 0.0)
        for name, value in need_is.items():
            setattr(need, name, value)
        contact = Contact(need, 0, -1, NEW, PHONE, at)
        kept = Call(contact)

        def story() -> Generator[Event, Any, None]:
            if at:
                yield self.env.timeout(at)
            call = yield from self.phone.call(contact, priority)
            kept.ending, kept.why = call.ending, call.why
            if call.reached:
                yield from self.phone.talk(call, 1.0)
                self.phone.wrap_up(call)

        follow(story())
        return kept

    def seen(self, person: int) -> list[tuple[Any, ...]]:
        return [(now, event, code, amount) for now, p, event, _, code, amount in self.notes if p == person]


PHONES = Phones(
    lines=7,
    menu=Menu(
        minutes=0.4,
        informed_share=0.11,
        balking_share=0.12,
        balking_per_min=0.2,
        balking_per_waiting=0.03,
        late=LateMessage(from_time="18:00", balking_share=0.4),  # type: ignore[arg-type]
    ),
    closed_message=ClosedMessage(minutes=0.3, ends_call_share=0.7, call_at_opening_share=0.8),
    patience=Patience(early_share=0.25, early_within_min=2.0, mean_min=20.0, misdial_share=0.07),
    talk=Talk(median_min=3.0, sigma=0.5, wrap_up_min=0.6),
    callback=Callback(offered_from_waiting=4, accepted_share=0.35, patience_mean_min=50.0, lapses_at_closing=True),
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
        balking_share=0.12,
        balking_per_min=0.2,
        balking_per_waiting=0.03,
        late_from=1080,
        late_balking_share=0.4,
        misdial_share=0.07,
        closed_min=0.3,
        closed_ends_share=0.7,
        callback_from=4,
        callback_share=0.35,
        callback_patience=LogNormal.from_mean(50.0, 0.5),
        callback_lapses=True,
    )


def test_patience_may_be_two_exponentials() -> None:
    two = Patience(early_share=0.25, early_within_min=2.0, early_mean_min=0.7, mean_min=20.0)
    rules = PhoneRules.of(with_settings(PHONES, {"patience": two}))
    assert rules.patience == Mixture(0.25, Exponential(0.7), Exponential(20.0))


def test_a_call_is_answered_at_once_if_somebody_is_free() -> None:
    practice = Practice()
    practice.call(1, 0)
    practice.env.run()
    assert practice.seen(1) == [(0, log.ANSWERED, "", 0), (5, log.TALK_ENDED, "", 5)]
    assert practice.phone.lines_in_use == 0
    assert practice.pool.busy == 0


def test_callers_wait_their_turn_or_hang_up() -> None:
    practice = Practice(replace(RULES, patience=Deterministic(6)))
    for person in (1, 2, 3):
        practice.call(person, person - 1)
    practice.env.run()
    assert practice.seen(2) == [(1, log.QUEUED, "", 0), (5, log.ANSWERED, "", 4), (10, log.TALK_ENDED, "", 5)]
    assert practice.seen(3) == [(2, log.QUEUED, "", 1), (8, log.MISSED, "queue", 6)]


def test_with_all_lines_in_use_a_caller_hears_the_engaged_tone() -> None:
    practice = Practice()
    calls = [practice.call(person, 0) for person in range(4)]
    practice.env.run()
    assert [call.ending for call in calls] == [log.ANSWERED] * 3 + [log.ENGAGED]
    assert practice.seen(3) == [(0, log.ENGAGED, "", 3)]


@pytest.mark.parametrize(("luck", "why"), [(0.05, INFORMED), (0.25, BALKED)])
def test_the_menu_ends_some_calls(luck: float, why: str) -> None:
    practice = Practice(replace(RULES, menu_min=0.5, informed_share=0.1, balking_share=0.2))
    practice.call(1, 0, luck)
    practice.env.run()
    assert practice.seen(1) == [(0.5, log.MENU_ENDED, why, 0)]
    assert practice.phone.lines_in_use == 0


def test_more_hang_up_in_a_longer_menu_and_with_more_waiting_already() -> None:
    rules = replace(RULES, menu_min=1.5, balking_share=0.1, balking_per_min=0.2, balking_per_waiting=0.05)
    assert rules.balk_share(0, late=False) == pytest.approx(1 - 0.9 * math.exp(-0.3))
    assert rules.balk_share(4, late=False) == pytest.approx(1 - 0.9 * math.exp(-0.5))
    longer = replace(rules, menu_min=3)
    assert longer.balk_share(4, late=False) == pytest.approx(1 - 0.9 * math.exp(-0.8))
    assert replace(RULES, balking_share=0.1).balk_share(50, late=False) == pytest.approx(0.1)


def test_who_hears_of_a_long_queue_may_hang_up_in_the_menu() -> None:
    practice = Practice(replace(RULES, menu_min=0.5, balking_per_waiting=0.2))
    for person in (1, 2, 3):
        practice.call(person, person - 1, luck=0.15)
    practice.env.run()
    assert [practice.seen(person)[0][1] for person in (1, 2)] == [log.ANSWERED, log.QUEUED]
    assert practice.seen(3) == [(2.5, log.MENU_ENDED, BALKED, 0)]


@pytest.mark.parametrize(
    ("at", "today", "ending"), [(1079, False, log.ANSWERED), (1081, False, log.MENU_ENDED), (1081, True, log.ANSWERED)]
)
def test_at_the_end_of_the_day_who_can_wait_hears_that_they_should(at: float, today: bool, ending: str) -> None:
    practice = Practice(replace(RULES, menu_min=0.5, late_from=1080, late_balking_share=0.6))
    practice.call(1, at, today=today)
    practice.env.run()
    assert practice.seen(1)[0][1] == ending


@pytest.mark.parametrize(("luck", "missed"), [(0.05, True), (0.2, False)])
def test_some_hang_up_as_it_begins_to_call_though_somebody_is_free(luck: float, missed: bool) -> None:
    practice = Practice(replace(RULES, misdial_share=0.1))
    practice.call(1, 0, luck)
    practice.env.run()
    first = (0, log.MISSED, MISDIAL, 0) if missed else (0, log.ANSWERED, "", 0)
    assert practice.seen(1)[0] == first
    assert practice.phone.lines_in_use == practice.pool.busy == 0


@pytest.mark.parametrize("need_is", [{"heard": True}, {"today": True}])
def test_a_recorded_message_cannot_answer_a_need_that_is_being_dealt_with_or_cannot_wait(
    need_is: dict[str, bool],
) -> None:
    practice = Practice(replace(RULES, menu_min=0.5, informed_share=0.1, balking_share=0.2))
    practice.call(1, 0, 0.05, **need_is)
    practice.call(2, 20, 0.25, **need_is)
    practice.env.run()
    assert practice.seen(1)[0][1] == log.ANSWERED
    assert practice.seen(2)[0][1:3] == (log.MENU_ENDED, BALKED)


@pytest.mark.parametrize(("luck", "ending"), [(0.5, log.MENU_ENDED), (0.9, log.MISSED)])
def test_outside_hours_the_message_ends_three_quarters(luck: float, ending: str) -> None:
    practice = Practice(replace(RULES, closed_min=0.3, closed_ends_share=0.75), opens=lambda _: False)
    practice.call(1, 0, luck)
    practice.env.run()
    assert practice.seen(1) == [(0.3, ending, CLOSED, 0)]


def test_somebody_in_the_menu_when_the_practice_closes_hears_that_it_has_closed() -> None:
    practice = Practice(replace(RULES, menu_min=2), opens=lambda now: now < 1)
    practice.call(1, 0)
    practice.env.run()
    assert practice.seen(1) == [(2, log.MENU_ENDED, CLOSED, 0)]


def test_closing_cuts_off_those_on_hold_and_lets_the_talk_finish() -> None:
    practice = Practice(replace(RULES, patience=Deterministic(60)))
    practice.call(1, 0)
    practice.call(2, 1)
    practice.env.timeout(3).callbacks.append(lambda _: practice.phone.close())
    practice.env.run()
    assert practice.seen(1)[-1] == (5, log.TALK_ENDED, "", 5)
    assert practice.seen(2)[-1] == (3, log.MISSED, AT_CLOSING, 2)


def test_a_callback_keeps_its_place_frees_the_line_and_outlives_patience_and_closing() -> None:
    rules = replace(RULES, patience=Deterministic(1), callback_from=0, callback_share=0.6)
    practice = Practice(rules)
    practice.call(1, 0)
    call = practice.call(2, 1)
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


def test_a_callback_not_made_by_closing_lapses_where_it_is_not_made_the_next_day() -> None:
    practice = Practice(replace(RULES, callback_share=0.6, callback_lapses=True))
    practice.call(1, 0)
    call = practice.call(2, 1)
    practice.env.run(until=3)
    practice.phone.close()
    practice.env.run()
    assert practice.seen(2)[1:] == [(3, log.CALLBACK_LAPSED, AT_CLOSING, 2)]
    assert (call.ending, call.reached) == (log.CALLBACK_LAPSED, False)
    assert (practice.phone.callbacks_due, practice.pool.waiting, practice.pool.busy) == (0, 0, 0)


@pytest.mark.parametrize("lapses", [False, True])
def test_who_waits_too_long_for_a_callback_waits_no_longer(lapses: bool) -> None:
    rules = replace(RULES, callback_share=0.6, callback_patience=Deterministic(3), callback_lapses=lapses)
    practice = Practice(rules)
    practice.call(1, 0)
    practice.call(2, 1)
    practice.env.run()
    assert practice.seen(2)[1:] == [(4, log.CALLBACK_LAPSED, IMPATIENT, 3)]
    assert practice.pool.waiting == 0


def test_who_is_called_back_in_time_never_lapses() -> None:
    practice = Practice(replace(RULES, callback_share=0.6, callback_patience=Deterministic(9), callback_lapses=True))
    practice.call(1, 0)
    practice.call(2, 1)
    practice.env.run(until=12)
    practice.phone.close()
    practice.env.run()
    assert [event for _, event, _, _ in practice.seen(2)] == [log.CALLBACK_REQUESTED, log.CALLED_BACK, log.TALK_ENDED]


def test_callback_is_offered_only_from_so_many_waiting() -> None:
    rules = replace(RULES, lines=9, patience=Deterministic(99), callback_from=2, callback_share=0.6)
    practice = Practice(rules)
    calls = [practice.call(person, 0) for person in range(4)]
    practice.env.run()
    assert [call.ending for call in calls] == [log.ANSWERED, log.ANSWERED, log.ANSWERED, log.CALLBACK_REQUESTED]


def test_wrap_up_keeps_the_handler_and_not_the_line() -> None:
    practice = Practice(replace(RULES, wrap_up_min=2))
    practice.call(1, 0)
    practice.call(2, 1)
    practice.env.run(until=6)
    assert practice.phone.lines_in_use == 1
    practice.env.run()
    assert practice.seen(2)[1] == (7, log.ANSWERED, "", 6)


def test_of_callers_in_the_queue_those_with_the_smallest_priority_are_answered_first() -> None:
    practice = Practice()
    for person, priority in ((1, 0), (2, 1), (3, 0)):
        practice.call(person, person - 1, priority=priority)
    practice.env.run()
    assert practice.seen(3)[1] == (5, log.ANSWERED, "", 3)
    assert practice.seen(2)[1] == (10, log.ANSWERED, "", 9)


def test_a_line_is_free_again_however_a_call_ends_and_only_once() -> None:
    """Closed, ended in the menu, given up, answered, called back: afterwards every line is free."""
    opens = {0: False}
    rules = replace(RULES, lines=2, patience=Deterministic(1), menu_min=0.5, informed_share=0.1, closed_min=0.3)
    practice = Practice(rules, opens=lambda now: opens.get(int(now), True))
    for person, at, luck in ((1, 0, 0.5), (2, 1, 0.05), (3, 2, 0.5), (4, 2.1, 0.5), (5, 2.2, 0.5)):
        practice.call(person, at, luck)
    ended = [(0.2, 1), (0.4, 0), (1.4, 1), (1.6, 0), (2.3, 2), (3.5, 2), (3.7, 1), (7.6, 0)]
    for minute, lines in ended:
        practice.env.run(until=minute)
        assert practice.phone.lines_in_use == lines, minute
    assert practice.seen(5) == [(2.2, log.ENGAGED, "", 2)]


def test_only_a_menu_that_takes_time_can_outlast_the_opening_hours() -> None:
    """Who gets through at once at the last minute is answered; the menu is not waited for where there is none."""
    practice = Practice(opens=lambda now: now < 1)
    practice.call(1, 0.999)
    practice.env.run()
    assert practice.seen(1)[0] == (0.999, log.ANSWERED, "", 0)


@pytest.mark.parametrize(
    ("luck", "ending"), [(0.2499, INFORMED), (0.25, BALKED), (0.7499, BALKED), (0.75, ""), (0.9, "")]
)
@pytest.mark.parametrize("menu_min", [0.0, 0.5])
def test_the_menu_informs_its_share_and_puts_off_the_next(luck: float, ending: str, menu_min: float) -> None:
    practice = Practice(replace(RULES, menu_min=menu_min, informed_share=0.25, balking_share=0.5))
    practice.call(1, 0, luck)
    practice.env.run()
    event, code = (log.MENU_ENDED, ending) if ending else (log.ANSWERED, "")
    assert practice.seen(1)[0] == (menu_min, event, code, 0)


def test_a_menu_that_answers_nobody_may_make_callers_balk_and_the_other_way_round() -> None:
    for share in ({"informed_share": 0.5}, {"balking_share": 0.5}):
        practice = Practice(replace(RULES, **share))
        practice.call(1, 0, 0.3)
        practice.env.run()
        assert practice.seen(1)[0][1] == log.MENU_ENDED


def test_the_closed_message_ends_its_share_and_the_rest_are_missed() -> None:
    for luck, ending in ((0.7499, log.MENU_ENDED), (0.75, log.MISSED)):
        practice = Practice(replace(RULES, closed_ends_share=0.75), opens=lambda _: False)
        practice.call(1, 0, luck)
        practice.env.run()
        assert practice.seen(1) == [(0, ending, CLOSED, 0)]


@pytest.mark.parametrize(("luck", "share", "accepts"), [(0.5, 0.6, True), (0.6, 0.6, False), (0.0, 0.0, False)])
def test_a_callback_is_accepted_in_its_share(luck: float, share: float, accepts: bool) -> None:
    practice = Practice(replace(RULES, callback_from=1, callback_share=share, lines=9))
    practice.call(1, 0)
    practice.call(2, 0, 0.99)
    practice.call(3, 1, luck)
    practice.env.run()
    assert practice.seen(3)[0][1:] == ((log.CALLBACK_REQUESTED if accepts else log.QUEUED), "", 1)


def test_several_callbacks_are_due_and_made_in_turn() -> None:
    practice = Practice(replace(RULES, callback_share=0.6))
    for person in (1, 2, 3):
        practice.call(person, 0)
    due = []
    for minute in (1, 6, 11):
        practice.env.run(until=minute)
        due.append((practice.phone.callbacks_due, practice.phone.lines_in_use))
    assert due == [(2, 1), (1, 0), (0, 0)]
    assert [row for row in practice.seen(3) if row[1] == log.CALLED_BACK] == [(10, log.CALLED_BACK, "", 10)]


def test_a_talk_takes_longer_by_a_factor_and_is_written_with_who_held_it() -> None:
    practice = Practice()
    contact = Contact(Need(1, 1, "k", FixedLuck(0.5), 0.0), 0, -1, NEW, PHONE, 0.0)
    call = Call(contact, on_line=True)
    practice.phone.lines_in_use = 1
    follow(practice.phone.talk(call, 1.5))
    practice.env.run()
    assert practice.notes == [(7.5, 1, log.TALK_ENDED, CALL_HANDLER, "", 7.5)]
    assert (practice.phone.lines_in_use, call.on_line) == (0, False)


def test_answers_and_callbacks_are_written_with_who_gave_them() -> None:
    practice = Practice(replace(RULES, callback_share=0.6))
    practice.call(1, 0)
    practice.call(2, 0)
    practice.env.run()
    by = {(event, who) for _, _, event, who, _, _ in practice.notes}
    assert by == {
        (log.ANSWERED, CALL_HANDLER), (log.TALK_ENDED, CALL_HANDLER), (log.CALLED_BACK, CALL_HANDLER),
        (log.CALLBACK_REQUESTED, ""),
    }  # fmt: skip


@pytest.mark.parametrize("ending", [log.ANSWERED, log.CALLBACK_REQUESTED, log.MISSED, log.ENGAGED, log.MENU_ENDED, ""])
def test_who_speaks_to_somebody_now_or_later_has_reached_the_practice(ending: str) -> None:
    contact = Contact(Need(1, 1, "k", FixedLuck(0.5), 0.0), 0, -1, NEW, PHONE, 0.0)
    assert Call(contact, ending).reached == (ending in (log.ANSWERED, log.CALLBACK_REQUESTED))


def test_without_wrap_up_the_handler_is_free_at_once() -> None:
    practice = Practice()
    practice.call(1, 0)
    practice.call(2, 1)
    practice.env.run()
    assert practice.seen(2)[1] == (5, log.ANSWERED, "", 4)


def test_rules_that_are_not_given_do_nothing() -> None:
    rules = PhoneRules(lines=1, patience=Deterministic(9), talk=Deterministic(5))
    names = [field.name for field in fields(rules)]
    others = {name: getattr(rules, name) for name in names if name not in ("lines", "patience", "talk")}
    assert others.pop("late_from") == math.inf
    assert others.pop("never_informed") == frozenset()
    assert others.pop("callback_patience") is None
    assert set(others.values()) == {0}


def test_closing_twice_or_with_nobody_waiting_cuts_off_nobody() -> None:
    practice = Practice()
    practice.phone.close()
    practice.call(1, 0)
    practice.call(2, 1)
    practice.env.run(until=6)
    practice.phone.close()
    practice.env.run()
    assert practice.seen(2)[-1] == (10, log.TALK_ENDED, "", 5)
