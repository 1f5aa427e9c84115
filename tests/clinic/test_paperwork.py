"""Paperwork is worked off first come first served, in minutes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shortruns import composed

from pcqa_sim.clinic.paperwork import ListWork, Office, Paperwork
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import NEW, PHONE, Contact, Need

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
    office.add("letter", 5)
    assert office.waiting == 15
    assert office.work(12) == 12
    assert office.waiting == 3
    assert office.work(99) == 3
    assert office.work(99) == 0
    assert office.waiting == 0


def test_a_result_is_dealt_with_when_everything_before_it_is() -> None:
    office, first, second = Paperwork(waiting=30), result(1), result(2)
    office.add_awaited("result", 2, first)
    office.add("letter", 10)
    office.add_awaited("result", 2, second)
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
    office.add_awaited("result", 0, mine)
    assert office.finished() == []
    office.work(5)
    assert office.finished() == [mine]


def test_what_came_in_is_told_once_by_item() -> None:
    office = Paperwork(waiting=30)
    office.add("letter", 5)
    office.add("letter", 2)
    office.add_awaited("result", 1, result(1))
    assert office.made() == {"letter": 7, "result": 1}
    assert office.made() == {}


def test_work_of_roles_without_anybody_falls_to_the_others() -> None:
    practice = composed("practice=average").practices["practice"]
    letters = practice.backoffice.items["letter"]
    minutes = letters.per_1000_day * practice.list_size / 1000 * letters.minutes
    office = Office(practice)
    assert {role: made["letter"] for role, made in office.of_list.items() if "letter" in made} == pytest.approx(
        {role: minutes * share for role, share in letters.by.items()}
    )
    alone = Office(composed("practice=average", "role.administrator.fte_per_10000=0").practices["practice"])
    left = letters.by["gp"] + letters.by["pharmacist"]
    assert alone.of_list["gp"]["letter"] == pytest.approx(minutes * letters.by["gp"] / left)
    assert "letter" not in alone.of_list["administrator"]
    own, typed = (
        {doer: work for doer, item, work in one.of_consultation["gp"] if item == "referral"} for one in (alone, office)
    )
    assert own.keys() == {"gp"}
    assert typed.keys() == {"gp", "administrator"}
    assert sum(own.values()) == pytest.approx(sum(typed.values()))


def test_a_gp_does_as_much_paperwork_for_a_consultation_as_is_published() -> None:
    """admin_minutes_per_direct_minute_gp, of a consultation as long as gp_f2f_consultation_min."""
    practice = composed("practice=average").practices["practice"]
    own = sum(minutes for doer, _, minutes in Office(practice).of_consultation["gp"] if doer == "gp")
    assert own / practice.role["gp"].consultation_min["face_to_face"] == pytest.approx(0.31, abs=0.01)


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
            office.add_awaited("result", minutes, result(number)) if act == "result" else office.add("letter", minutes)
        came += [contact.need.number for contact in office.finished()]
        assert office.waiting == pytest.approx(put - worked, abs=1e-6)
    office.work(office.waiting)
    came += [contact.need.number for contact in office.finished()]
    assert office.waiting == 0
    assert came == [number for number, (act, _) in enumerate(acts) if act == "result"]


# How far behind a role is.


def test_a_role_is_behind_by_the_closings_since_its_oldest_paper_came_in() -> None:
    pile = Paperwork(waiting=10)
    assert pile.days_behind == 0
    pile.close_day()
    pile.add("letter", 5)
    pile.close_day()
    assert pile.days_behind == 2
    pile.work(10)
    assert pile.days_behind == 1
    pile.work(4.9)
    assert pile.days_behind == 1
    pile.work(0.1)
    assert pile.days_behind == 0
    pile.add("letter", 5)
    assert pile.days_behind == 0


# Work on lists.


def test_work_on_lists_is_done_in_the_order_named_and_what_waits_too_long_lapses() -> None:
    lists = ListWork({"reviews": 10.0, "recalls": 4.0, "nothing": 0.0}, kept_days=2)
    assert lists.work(12) == {"reviews": 10, "recalls": 2}
    assert lists.work(-1e-9) == {}
    for _ in range(5):
        lists.begin_day()
    assert lists.waiting == {"reviews": 20, "recalls": 8}
    assert lists.work(100) == {"reviews": 20, "recalls": 8}
    assert lists.work(100) == {}


def test_whoever_looks_after_a_role_has_minutes_for_each_of_its_consultations() -> None:
    plain, looked_after = (
        Office(composed("practice=average", f"role.pharmacist.supervision_min={minutes}").practices["practice"])
        for minutes in (0, 1.5)
    )
    more = set(looked_after.of_consultation["pharmacist"]) - set(plain.of_consultation["pharmacist"])
    assert more == {("gp", "supervision", 1.5)}
    assert looked_after.of_consultation["hca"] == plain.of_consultation["hca"]


def test_work_on_lists_that_waits_stays_as_settings_change_and_new_work_begins_with_a_day_s() -> None:
    lists = ListWork({"reviews": 10.0, "recalls": 4.0}, kept_days=2)
    lists.work(3.0)
    lists.use({"reviews": 20.0, "stock": 5.0}, kept_days=2)
    assert lists.waiting == {"reviews": 7.0, "stock": 5.0}
    lists.begin_day()
    assert lists.waiting == {"reviews": 27.0, "stock": 10.0}
