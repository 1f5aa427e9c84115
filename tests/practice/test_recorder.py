"""The pen: whose row it is, and what is about nobody."""

from __future__ import annotations

from onepart import NINE, Pen, contact_of, need_of

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.eventlog import NOBODY
from pcqa_sim.values.needs import RECOVERED


def test_a_row_about_a_contact_says_when_where_and_whose() -> None:
    pen = Pen()
    contact = contact_of(need_of(person=7), ordinal=3)
    pen.env.run(until=NINE + 2.5)
    pen.recorder.note(contact, log.DECIDED, "gp.1", "booked_today", 1.5)
    (row,) = pen.log.table().to_pylist()
    assert row == {
        "time_min": NINE + 2.5, "practice": "practice", "person": 7, "need": 107, "contact": 3,
        "event": log.DECIDED, "who": "gp.1", "code": "booked_today", "amount": 1.5,
    }  # fmt: skip


def test_needs_open_are_those_that_arose_and_have_not_ended() -> None:
    pen, first, second = Pen(), need_of(person=1), need_of(person=2)
    pen.recorder.need_arose(first, "patient")
    pen.recorder.need_arose(second, "hospital")
    assert pen.recorder.needs_open == 2
    pen.recorder.need_ended(first, 4, RECOVERED)
    assert pen.recorder.needs_open == 1
    assert [(row["need"], row["contact"]) for row in pen.log.table().to_pylist()] == [
        (101, NOBODY),
        (102, NOBODY),
        (101, 4),
    ]
    assert pen.rows() == [
        (log.NEED_AROSE, "patient", "acute_minor", 0),
        (log.NEED_AROSE, "hospital", "acute_minor", 0),
        (log.NEED_CLOSED, "", RECOVERED, 0),
    ]


def test_what_a_row_does_not_say_is_empty() -> None:
    pen = Pen()
    pen.recorder.note(contact_of(), log.TALK_ENDED)
    pen.recorder.note_world(log.BELIEF)
    assert pen.rows() == [(log.TALK_ENDED, "", "", 0), (log.BELIEF, "", "", 0)]


def test_a_row_about_the_practice_is_about_nobody() -> None:
    pen = Pen()
    pen.recorder.note_world(log.BELIEF, amount=0.25)
    (row,) = pen.log.table().to_pylist()
    assert (row["person"], row["need"], row["contact"]) == (NOBODY, NOBODY, NOBODY)
    assert (row["event"], row["amount"]) == (log.BELIEF, 0.25)


def test_only_what_has_risen_is_written_and_by_how_much() -> None:
    pen = Pen()
    before = {("gp", "routine"): 5, ("gp", "online"): 2, ("hca", "routine"): 4}
    after = {("gp", "routine"): 8, ("gp", "online"): 2, ("hca", "routine"): 3, ("nurse", "online"): 1}
    pen.recorder.note_rise(log.SLOTS_OPENED, after, before)
    assert pen.rows() == [(log.SLOTS_OPENED, "gp", "routine", 3), (log.SLOTS_OPENED, "nurse", "online", 1)]
