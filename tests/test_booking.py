from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim.booking import SlotBook
from pcqa_sim.clock import DAY, day_of
from pcqa_sim.needs import AHEAD, ON_THE_DAY, Slot


def slot(day: int, minute: float, release: str = AHEAD, ordinal: int = 0) -> Slot:
    return Slot(day * DAY + minute, ordinal, 10, "gp", release)


def book_with(*slots: Slot) -> SlotBook:
    book = SlotBook(released_at=480, horizon_days=14)
    book.open(slots)
    return book


def test_on_the_day_slots_open_at_their_hour_and_only_on_their_day() -> None:
    book = book_with(slot(1, 600, ON_THE_DAY))
    assert book.earliest(ON_THE_DAY, 500, 5) is None
    assert book.earliest(ON_THE_DAY, DAY + 479.9, 0) is None
    assert book.earliest(ON_THE_DAY, DAY + 480, 0) == slot(1, 600, ON_THE_DAY)


def test_the_past_is_not_offered() -> None:
    book = book_with(slot(0, 600), slot(0, 610))
    assert book.earliest(AHEAD, 605, 0) == slot(0, 610)
    assert book.earliest(AHEAD, 610, 0) is None


def test_the_earliest_acceptable_slot_is_offered() -> None:
    book = book_with(slot(3, 600), slot(2, 900), slot(9, 500))
    assert book.earliest(AHEAD, 0, 14) == slot(2, 900)
    assert book.earliest(AHEAD, 0, 1) is None
    book.take(slot(2, 900))
    book.take(slot(3, 600))
    assert book.earliest(AHEAD, 0, 8) is None
    assert book.earliest(AHEAD, 0, 9) == slot(9, 500)


def test_nothing_is_bookable_beyond_the_horizon() -> None:
    book = book_with(slot(15, 600))
    assert book.earliest(AHEAD, 0, 60) is None
    assert book.earliest(AHEAD, DAY, 60) == slot(15, 600)


def test_a_slot_is_taken_once() -> None:
    book = book_with(slot(1, 600))
    book.take(slot(1, 600))
    with pytest.raises(ValueError, match="not free"):
        book.take(slot(1, 600))


def test_what_nobody_took_lapses() -> None:
    book = book_with(slot(1, 600), slot(1, 610, ON_THE_DAY), slot(2, 600))
    assert book.lapse(1) == {ON_THE_DAY: 1, AHEAD: 1}
    assert book.earliest(AHEAD, DAY, 14) == slot(2, 600)


ACT = st.one_of(
    st.tuples(st.just("open"), st.integers(0, 20), st.integers(480, 1100), st.sampled_from([ON_THE_DAY, AHEAD])),
    st.tuples(st.just("book"), st.integers(0, 20), st.integers(0, 1439), st.sampled_from([ON_THE_DAY, AHEAD])),
    st.tuples(st.just("lapse"), st.integers(0, 20), st.just(0), st.just("")),
)


@given(st.lists(ACT, max_size=80), st.integers(0, 20))
def test_slots_are_conserved(acts: list[tuple[str, int, int, str]], latest: int) -> None:
    """Whatever is opened is taken, free or lapsed; what is offered is free, in time and the earliest."""
    book = SlotBook(released_at=480, horizon_days=14)
    free: set[Slot] = set()
    for ordinal, (act, day, minute, release) in enumerate(acts):
        if act == "open":
            new = slot(day, minute, release, ordinal)
            book.open([new])
            free.add(new)
        elif act == "book":
            now = day * DAY + minute
            found = book.earliest(release, now, latest)
            last = 0 if release == ON_THE_DAY else min(latest, 14)
            able = {s for s in free if s.release == release and s.start > now and day_of(s.start) <= day + last}
            if release == ON_THE_DAY and minute < 480:
                able = set()
            assert found == min(able, default=None)
            if found is not None:
                book.take(found)
                free.remove(found)
        else:
            book.lapse(day)
            free = {s for s in free if day_of(s.start) != day}
        for kind in (ON_THE_DAY, AHEAD):
            still = sum(s.release == kind for s in free)
            assert book.all_free()[kind] == still
            assert book.opened[kind] == book.taken[kind] + book.lapsed[kind] + still
