"""The minutes around patients: where they come from, who stays on, and what is written of a session."""

from __future__ import annotations

import pytest
from onepart import Pen, contact_of, slot_at, small_practice

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.practice.office_hours import OfficeHours
from pcqa_sim.scenario import Practice
from pcqa_sim.values import eventlog as log

STARTS, ENDS = 600.0, 700.0
PLAIN: dict[str, object] = {"backoffice.backlog_at_start_days": 0.0}


def plain(may_wait: float = 0.0, most: float = 40.0, protected: float = 0.0, stops: float | None = None) -> Practice:
    rules = {"may_wait_days": may_wait, "most_min": most, "protected_min": protected, "list_stops_after_min": stops}
    return small_practice(PLAIN | {"role.gp.overtime": rules})


def office(pen: Pen, practice: Practice) -> OfficeHours:
    made = OfficeHours(pen.env, pen.recorder)
    made.use(practice)
    return made


def session() -> Clinic:
    return Clinic("gp", "gp.1", STARTS, ENDS, [slot_at(0, STARTS)])


def account(pen: Pen) -> dict[str, float]:
    return {code: amount for _, who, code, amount in pen.rows(log.SESSION_ENDED) if who == "gp.1"}


# Piles.


def test_a_run_begins_with_so_many_days_of_each_roles_paperwork() -> None:
    here = office(Pen(), small_practice({"backoffice.backlog_at_start_days": 3.0}))
    waiting = {role: pile.waiting for role, pile in here.paperwork.items()}
    assert waiting == pytest.approx({role: 3 * here.list_paperwork(role) for role in waiting})
    assert waiting["gp"] > 0


def test_piles_stay_when_settings_change_and_a_new_role_begins_with_its_own() -> None:
    practice = small_practice(PLAIN)
    here = office(Pen(), practice)
    here.paperwork["gp"].add("letter", 12.0)
    one_more = practice.role | {"locum": practice.role["gp"]}
    here.use(small_practice({"backoffice.backlog_at_start_days": 3.0, "role": one_more}))
    assert here.paperwork["gp"].waiting == 12.0
    assert here.paperwork["locum"].waiting == pytest.approx(3 * here.list_paperwork("locum"))


def test_a_day_brings_each_role_its_paperwork_by_item() -> None:
    here = office(Pen(), small_practice(PLAIN))
    here.begin_day()
    made = here.paperwork["gp"].made()
    assert made == pytest.approx(here.office.of_list["gp"])
    assert here.paperwork["gp"].waiting == pytest.approx(here.list_paperwork("gp")) == pytest.approx(sum(made.values()))
    assert here.list_paperwork("nobody") == 0


def test_a_consultation_makes_paperwork_for_who_does_it() -> None:
    here = office(Pen(), small_practice(PLAIN))
    here.make_paperwork("gp")
    made = {role: pile.waiting for role, pile in here.paperwork.items() if pile.waiting}
    expected: dict[str, float] = {}
    for doer, _, minutes in here.office.of_consultation["gp"]:
        expected[doer] = expected.get(doer, 0) + minutes
    assert made == pytest.approx(expected)
    assert {"gp", "administrator"} <= made.keys()


def test_results_and_papers_go_to_the_piles_of_those_who_see_to_them_by_their_shares() -> None:
    rules = {
        "backoffice.items.result.taken_over": {"pharmacist": 0.3},
        "backoffice.items.prescription.by": {"pharmacist": 0.3, "gp": 0.7},
    }
    here = office(Pen(), small_practice(PLAIN | rules))
    pharmacist, gp, nurse = (here.paperwork[role] for role in ("pharmacist", "gp", "practice_nurse"))
    assert [here.pile_for_result("gp", u) for u in (0.29, 0.31)] == [pharmacist, gp]
    assert [here.pile_for_result("practice_nurse", u) for u in (0.29, 0.31)] == [pharmacist, nurse]
    assert [here.pile_for("prescription", u) for u in (0.29, 0.31)] == [pharmacist, gp]


# After the session.


@pytest.mark.parametrize(("stops", "late", "stopped"), [
    (None, 500.0, False), (20.0, 20.0, False), (20.0, 20.1, True), (0.0, 0.0, False),
])  # fmt: skip
def test_a_list_stops_so_many_minutes_after_the_session(stops: float | None, late: float, stopped: bool) -> None:
    pen = Pen(ENDS + late)
    assert office(pen, plain(stops=stops)).list_stops(session()) is stopped


@pytest.mark.parametrize(("waiting", "stays"), [(0.0, 0.0), (20.0, 0.0), (25.0, 5.0), (50.0, 30.0), (90.0, 40.0)])
def test_who_has_more_than_spare_minutes_can_do_stays_on_up_to_the_most(waiting: float, stays: float) -> None:
    """100 minutes rostered, 80 spent consulting: 20 are spare; nothing may wait."""
    here = office(Pen(650), plain())
    here.paperwork["gp"].add("letter", waiting)
    assert here.stays_on(session(), 80.0, STARTS) == pytest.approx(stays)


def test_what_may_wait_keeps_nobody() -> None:
    here = office(Pen(650), plain(may_wait=2.0))
    here.paperwork["gp"].add("letter", 2 * here.list_paperwork("gp") + 20.0)
    assert here.stays_on(session(), 80.0, STARTS) == pytest.approx(0.0)
    here.paperwork["gp"].add("letter", 7.0)
    assert here.stays_on(session(), 80.0, STARTS) == pytest.approx(7.0)


@pytest.mark.parametrize(("waiting", "stays"), [(100.0, 10.0), (24.0, 4.0), (5.0, 0.0)])
def test_protected_minutes_are_paperwork_whatever_may_wait(waiting: float, stays: float) -> None:
    """30 minutes are protected, 20 are spare: 10 more, unless there is less to do."""
    here = office(Pen(650), plain(may_wait=60.0, protected=30.0))
    here.paperwork["gp"].add("letter", waiting)
    assert here.stays_on(session(), 80.0, STARTS) == pytest.approx(stays)


def test_a_session_that_ran_over_has_spare_minutes_until_now() -> None:
    here = office(Pen(ENDS + 15), plain())
    here.paperwork["gp"].add("letter", 20.0)
    assert here.stays_on(session(), 115.0, STARTS) == pytest.approx(20.0)


def test_what_a_session_went_to_adds_up_and_results_dealt_with_are_told() -> None:
    pen = Pen(ENDS + 5)
    here = office(pen, plain())
    first, second = contact_of(), contact_of()
    for contact in (first, second):
        here.paperwork["gp"].add_awaited("result", 12.0, contact)
    assert here.session_ended(session(), STARTS, 90.0) == [first]
    assert account(pen) == {
        log.ROSTERED: 100, log.CONSULTING: 90, log.BACK_OFFICE: 15, log.IDLE: 0, log.OVERTIME: 5,
    }  # fmt: skip
    assert here.paperwork["gp"].waiting == pytest.approx(9.0)


def test_minutes_without_any_work_are_idle_and_a_session_begun_late_is_shorter() -> None:
    pen = Pen(ENDS)
    here = office(pen, plain())
    here.paperwork["gp"].add("letter", 10.0)
    assert here.session_ended(session(), STARTS + 40, 35.0) == []
    assert account(pen) == {log.ROSTERED: 60, log.CONSULTING: 35, log.BACK_OFFICE: 10, log.IDLE: 15, log.OVERTIME: 0}


def test_a_session_that_a_rounding_ends_early_has_no_overtime() -> None:
    pen = Pen(ENDS - 1e-9)
    office(pen, plain()).session_ended(session(), STARTS, 100.0)
    assert next(row["amount"] for row in pen.log.table().to_pylist() if row["code"] == log.OVERTIME) == 0


def test_the_day_ends_with_what_came_in_by_item_and_what_waits() -> None:
    pen = Pen()
    here = office(pen, small_practice(PLAIN))
    here.paperwork["gp"].add("letter", 4.0)
    here.paperwork["gp"].add("letter", 2.0)
    here.paperwork["gp"].work(5.0)
    here.end_day()
    assert pen.rows(log.PAPERWORK_MADE) == [(log.PAPERWORK_MADE, "gp", "letter", 6)]
    waiting = {who: amount for _, who, _, amount in pen.rows(log.PAPERWORK)}
    assert waiting == {role: 1.0 if role == "gp" else 0.0 for role in here.paperwork}
    here.end_day()
    assert len(pen.rows(log.PAPERWORK_MADE)) == 1


# Papers that somebody else may do.

SHARED: dict[str, object] = PLAIN | {
    "backoffice.hand_over_after_days": 1,
    "backoffice.items.letter.may": ("hca", "gp", "pharmacist"),
}


def test_new_papers_of_a_role_that_is_behind_go_to_who_may_and_is_not() -> None:
    """Of several that may, to the one whose oldest paper is youngest, the first named coming first."""
    here = office(pen := Pen(), small_practice(SHARED))
    here.paperwork["pharmacist"].add("letter", 30.0)
    own = here.paperwork["pharmacist"]
    letter = here.office.who_does["letter"]
    u = next(n / 100 for n in range(100) if letter.pick(n / 100) == "pharmacist")
    assert here.pile_for("letter", u) is own
    here.end_day()
    assert here.pile_for("letter", u) is own
    here.paperwork["hca"].add("recall", 5.0)
    here.end_day()
    assert here.pile_for("letter", u) is here.paperwork["gp"]
    assert here.pile_for("fit_note", 0.0) is here.paperwork["gp"]
    here.end_day()
    minutes = small_practice().backoffice.items["letter"].minutes
    assert pen.rows(log.PAPERWORK_PASSED_ON) == [(log.PAPERWORK_PASSED_ON, "pharmacist", "letter", minutes)]
    here.paperwork["gp"].add("letter", 1.0)
    here.end_day()
    here.end_day()
    assert here.pile_for("letter", u) is own, "all who may are behind themselves"


def test_no_paper_is_handed_over_where_nobody_does_so() -> None:
    nobody: dict[str, object] = {"backoffice.items.letter.may": ("gp",), "backoffice.hand_over_after_days": None}
    here = office(Pen(), small_practice(PLAIN | nobody))
    here.paperwork["pharmacist"].add("letter", 30.0)
    for _ in range(9):
        here.end_day()
    letter = here.office.who_does["letter"]
    u = next(n / 100 for n in range(100) if letter.pick(n / 100) == "pharmacist")
    assert here.pile_for("letter", u) is here.paperwork["pharmacist"]


def test_what_a_session_has_left_goes_to_the_roles_lists_and_nobody_stays_on_for_them() -> None:
    lists: dict[str, object] = {
        "role.gp.list_work": {"records": 20.0},
        "role.gp.overtime": {"may_wait_days": 0, "most_min": 40},
    }
    here = office(pen := Pen(ENDS), small_practice(PLAIN | lists))
    waiting = here.list_work["gp"].waiting["records"]
    assert waiting == 40.0
    here.paperwork["gp"].add("letter", 30.0)
    assert here.stays_on(session(), 90.0, STARTS) == pytest.approx(20.0)
    here.session_ended(session(), STARTS, 50.0)
    spent = account(pen)
    assert (spent[log.BACK_OFFICE], spent[log.LIST_WORK], spent[log.IDLE]) == (30.0, 20.0, 0.0)
    assert pen.rows(log.LIST_WORK_DONE) == [(log.LIST_WORK_DONE, "gp.1", "records", 20.0)]
