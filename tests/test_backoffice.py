"""Paperwork is worked off first come first served, in minutes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim.backoffice import Paperwork
from pcqa_sim.luck import Luck
from pcqa_sim.needs import NEW, PHONE, Contact, Need

MINUTES = st.floats(0.0, 60.0, allow_subnormal=False)
ACTS = st.one_of(
    st.tuples(st.just("add"), MINUTES),
    st.tuples(st.just("result"), MINUTES),
    st.tuples(st.just("work"), MINUTES),
)


def result(number: int) -> Contact:
    return Contact(Need(number, number, "k", Luck(number), 0.0), 0, -1, NEW, PHONE, 0.0)


def test_work_is_done_up_to_what_there_is() -> None:
    office = Paperwork(waiting=10)
    office.add(5)
    assert office.waiting == 15
    assert office.work(12) == 12
    assert office.waiting == 3
    assert office.work(99) == 3
    assert office.work(99) == 0
    assert office.waiting == 0


def test_a_result_is_dealt_with_when_everything_before_it_is() -> None:
    office, first, second = Paperwork(waiting=30), result(1), result(2)
    office.add_result(2, first)
    office.add(10)
    office.add_result(2, second)
    office.work(31.9)
    assert office.finished() == []
    office.work(0.1)
    assert office.finished() == [first]
    assert office.finished() == []
    office.work(11.9)
    assert office.finished() == []
    office.work(50)
    assert office.finished() == [second]


def test_a_result_that_takes_no_time_still_waits_its_turn() -> None:
    office, mine = Paperwork(waiting=5), result(1)
    office.add_result(0, mine)
    assert office.finished() == []
    office.work(5)
    assert office.finished() == [mine]


@given(st.lists(ACTS, max_size=60), MINUTES)
def test_minutes_add_up_and_results_come_out_once_in_their_order(acts: list[tuple[str, float]], waiting: float) -> None:
    """Against the plain way: a list of items, each worked off before the next is begun."""
    office = Paperwork(waiting)
    items: list[list[float]] = [[waiting, -1]]
    put, came, worked = waiting, [], 0.0
    for number, (act, minutes) in enumerate(acts):
        if act == "work":
            done = office.work(minutes)
            worked += done
            assert 0 <= done <= minutes
            left = done
            while items and items[0][0] <= left + 1e-6:
                left -= items.pop(0)[0]
            if items:
                items[0][0] -= left
            assert done == pytest.approx(minutes, abs=1e-6) or office.waiting == pytest.approx(0, abs=1e-6)
        else:
            put += minutes
            items.append([minutes, number if act == "result" else -1])
            office.add_result(minutes, result(number)) if act == "result" else office.add(minutes)
        came += [contact.need.number for contact in office.finished()]
        assert office.waiting == pytest.approx(put - worked, abs=1e-6)
    office.work(office.waiting)
    came += [contact.need.number for contact in office.finished()]
    assert office.waiting == 0
    assert came == [number for number, (act, _) in enumerate(acts) if act == "result"]
