"""Reception: who is served first, rosters and who is lent to the phones, the line for administrative requests."""

from __future__ import annotations

import pytest
from fixedluck import GivenLuck
from onepart import CALENDAR, NINE, Pen, contact_of, need_of, small_practice

from pcqa_sim.clinic.need_rules import kind_rules
from pcqa_sim.kernel.process import follow
from pcqa_sim.practice.reception import (
    DESK_FIRST,
    INBOX_NEXT,
    MOVING_LAST,
    Reception,
    front_roster,
    phone_roster,
)
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

LINE = {"used_share": 0.6, "hours": {"opens": "10:00", "closes": "16:00"}}


def reception(pen: Pen, **changes: object) -> Reception:
    practice = small_practice({key.replace("__", "."): value for key, value in changes.items()})
    made = Reception(pen.env, pen.recorder, CALENDAR, practice)
    made.use(practice, kind_rules(practice))
    return made


def test_the_desk_comes_before_the_inbox_and_what_has_to_be_moved_last() -> None:
    pen = Pen()
    here = reception(pen)
    here.front.resize(1)
    for person, priority in enumerate((MOVING_LAST, MOVING_LAST, INBOX_NEXT, DESK_FIRST)):
        follow(here.serve(contact_of(need_of(person=person)), priority, 2.0))
    pen.env.run()
    seen = [(row["time_min"] - NINE, row["person"], row["amount"]) for row in pen.log.table().to_pylist()]
    assert seen == [(0, 0, 2), (2, 3, 2), (4, 2, 2), (6, 1, 2)]  # who is being served stays
    assert pen.rows()[0][:2] == (log.FRONT_SEEN, FRONT_DESK)
    assert (here.front.busy, here.front.waiting) == (0, 0)


def test_a_roster_is_written_and_holds_from_now_on() -> None:
    pen = Pen()
    here = reception(pen)
    here.roster(3)
    here.roster_front(2)
    assert (here.handlers.capacity, here.front.capacity) == (3, 2)
    assert pen.rows() == [(log.ROSTER, CALL_HANDLER, "", 3), (log.ROSTER, FRONT_DESK, "", 2)]


@pytest.mark.parametrize("change", ["roster", "roster_front"])
def test_who_was_lent_to_the_phones_goes_back_before_a_new_roster(change: str) -> None:
    pen = Pen()
    here = reception(pen, rota__helps_phone_from=1)
    here.roster(1)
    here.roster_front(2)
    here.handlers.ask()
    here.handlers.ask()
    assert (here.handlers.capacity, here.front.capacity) == (2, 1)
    lent = pen.rows()[-2:]
    assert lent == [(log.ROSTER, CALL_HANDLER, "", 2), (log.ROSTER, FRONT_DESK, "", 1)]
    getattr(here, change)(4)
    assert here.handlers.capacity + here.front.capacity == 4 + (2 if change == "roster" else 1)
    rows = {who: amount for _, who, _, amount in pen.rows(log.ROSTER)}
    assert rows == {CALL_HANDLER: here.handlers.capacity, FRONT_DESK: here.front.capacity}


def test_nobody_is_lent_where_the_settings_say_so() -> None:
    here = reception(Pen())
    here.roster(1)
    here.roster_front(2)
    here.handlers.ask()
    here.handlers.ask()
    assert (here.handlers.capacity, here.front.capacity, here.handlers.waiting) == (1, 2, 1)


@pytest.mark.parametrize(("kind", "luck", "keeps"), [
    ("administrative", 0.59, True), ("administrative", 0.6, False), ("acute_minor", 0.0, False),
])  # fmt: skip
def test_the_administrative_line_is_for_a_share_of_administrative_needs(kind: str, luck: float, keeps: bool) -> None:
    need = need_of(kind, GivenLuck(luck))
    assert reception(Pen(), phones__admin_line=LINE).keeps_to_admin_line(need) is keeps
    assert not reception(Pen()).keeps_to_admin_line(need)


def test_new_settings_reach_the_telephone_and_leave_the_people_there() -> None:
    here = reception(Pen())
    here.roster(2)
    other = small_practice({"phones.lines": 9, "rota.helps_phone_from": 1})
    here.use(other, kind_rules(other))
    assert here.phone.rules.lines == 9
    assert here.handlers.capacity == 2


EXTENDED = {
    "tuesday": {"opens": "18:30", "closes": "20:00", "call_handlers": 2},
    "saturday": {"opens": "09:00", "closes": "11:00"},
}


def test_in_extended_hours_calls_are_answered_though_the_practice_is_shut() -> None:
    here = reception(Pen(), phones__extended_hours=EXTENDED)
    open_at = [(day, hour) for day in range(7) for hour in (7, 9, 19, 20) if here.lines_open(day * DAY + hour * 60)]
    assert set(open_at) == {*((day, 9) for day in range(6)), (1, 19)}


def test_who_answers_in_extended_hours_stands_in_the_roster() -> None:
    practice = small_practice({"phones.extended_hours": EXTENDED})
    plain = phone_roster(small_practice({"phones.extended_hours": {}}), Ill(0), CALENDAR, 1)  # type: ignore[arg-type]
    tuesday, saturday, sunday = (phone_roster(practice, Ill(0), CALENDAR, day) for day in (1, 5, 6))  # type: ignore[arg-type]
    assert tuesday == plain | {1110: 2, 1200: 0}
    assert saturday == {540: 1, 660: 0}
    assert sunday == {}


def test_lines_close_at_the_end_of_the_hours_that_go_on_longest() -> None:
    pen = Pen()
    here = reception(pen, phones__extended_hours=EXTENDED)
    closed: list[float] = []
    here.phone.close = lambda: closed.append(pen.env.now)  # type: ignore[method-assign]
    evening = ((0, 1110, here.close_lines), (1, 1110, here.close_lines), (1, 1200, here.close_extended_lines))
    for day, minute, close in evening:
        pen.env.timeout(day * DAY + minute - pen.env.now).callbacks.append(lambda _, close=close: close())
    pen.env.run()
    assert closed == [1110, DAY + 1200]


class Ill:
    """So many call handlers are ill on every day."""

    def __init__(self, number: int) -> None:
        self._number = number

    def sick(self, key: str, share: float, mean_days: float, day: int) -> bool:
        return int(key.rpartition(".")[2]) <= self._number


def test_those_off_sick_are_missing_from_the_phones_but_never_all() -> None:
    practice = small_practice({"list_size": 20_000})
    whole = phone_roster(practice, Ill(0), CALENDAR, 7)  # type: ignore[arg-type]
    assert max(whole.values()) > 3
    two_ill = phone_roster(practice, Ill(2), CALENDAR, 7)  # type: ignore[arg-type]
    assert two_ill == {at: max(min(people, 1), people - 2) for at, people in whole.items()}
    all_ill = phone_roster(practice, Ill(99), CALENDAR, 7)  # type: ignore[arg-type]
    assert set(all_ill.values()) == {0, 1}


def test_rosters_are_of_the_days_weekday() -> None:
    practice = small_practice({"list_size": 20_000})
    of_day = {day: phone_roster(practice, Ill(0), CALENDAR, day) for day in (0, 5, 7)}  # type: ignore[arg-type]
    assert of_day[7] == of_day[0] != of_day[5]
    monday, saturday = front_roster(practice, 0), front_roster(practice, 5)
    assert front_roster(practice, 7) == monday
    assert max(monday.values()) > max(saturday.values())
