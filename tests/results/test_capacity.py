"""How capacity is used, counted from logs written by hand."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.results.metrics import Counted, capacity, value
from pcqa_sim.results.tables import Tables
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, HOUR
from pcqa_sim.values.eventlog import EventLog, Row

CLOSES = 18 * HOUR + 30.0
ANY = "face_to_face+online_message+telephone+video"
LOGGED = "appointments.empty_slots_logged=true"


NO_FEES = {"practices.practice.costs.locum_session_gbp": {}}
ROLES = ("gp", "practice_nurse", "hca", "pharmacist", "other", "administrator")
NO_LISTS = {f"practices.practice.role.{role}.list_work": {} for role in ROLES}
NOT_LOGGED = {"practices.practice.appointments.empty_slots_logged": False}


def counted(*rows: Row, changes: dict[str, object] | None = None) -> Counted:
    """A week of the small practice in which nothing happens but some rows, in order of time."""
    scenario = composed("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=1", LOGGED)
    scenario = with_settings(scenario, changes or {})
    written = EventLog(("practice",))
    for row in sorted(rows, key=lambda row: row[0]):
        written.add(row)
    return Counted(Tables(written.table(), "practice"), scenario, "practice", None, 0)  # type: ignore[arg-type]


def world(time: float, event: str, who: str, code: str = "", amount: float = 0.0) -> Row:
    return (time, 0, -1, -1, -1, event, who, code, amount)


def refused(minute: float, kind: str = "acute_minor", modes: str = ANY, wrong: str = "", days: float = 0) -> list[Row]:
    """Somebody who is told to call another day, at a minute of the first Monday."""
    need = int(minute * 100)
    return [
        (minute - 1, 0, 1, need, -1, log.NEED_AROSE, "patient", kind, 0.0),
        (minute - 1, 0, 1, need, 0, log.CONTACT_OPENED, "phone", "new", -1.0),
        (minute, 0, 1, need, 0, log.NOTHING_FREE, wrong, modes, days),
    ]


def empty(start: float, who: str = "gp.1", holds: str = "face_to_face", freed: str = "", day: int = 0) -> list[Row]:
    """A slot left empty, with its line in the day's account."""
    at = day * DAY + CLOSES
    role = who.partition(".")[0]
    return [
        world(at, log.SLOT_EMPTY, who, f"{holds}.{freed}", start),
        world(at, log.SLOTS_UNUSED, role, "routine", 1.0),
    ]


def share(*rows: Row, group: str = "") -> float:
    return value(counted(*rows), "empty_after_refusal_share", group)


TEN = 10.0 * HOUR


@pytest.mark.parametrize(("start", "counts"), [(TEN + 29.9, 0), (TEN + 30, 1), (TEN - 60, 0)])
def test_a_slot_counts_that_begins_half_an_hour_after_a_refusal_or_later(start: float, counts: int) -> None:
    others = [row for _ in range(3) for row in empty(8 * HOUR)]
    assert share(*refused(TEN), *empty(start), *others) == counts / 4


@pytest.mark.parametrize(
    ("slot", "refusal", "counts"),
    [
        ({}, {}, True),
        ({"who": "hca.1"}, {}, False),
        ({}, {"wrong": "gp"}, False),
        ({"holds": "telephone"}, {"modes": "face_to_face"}, False),
        ({"holds": "telephone+face_to_face"}, {"modes": "face_to_face"}, True),
        ({"day": 1}, {}, False),
        ({}, {"days": 2}, False),
        ({"who": "practice_nurse.1"}, {"kind": "long_term_review"}, True),
        ({}, {"kind": "long_term_review"}, False),
    ],
)
def test_a_slot_counts_that_could_have_met_the_need(
    slot: dict[str, object], refusal: dict[str, object], counts: bool
) -> None:
    """Role in the row of the kind and not the wrong one before, a mode that will do, and on the day it was wanted."""
    base = [*refused(9 * HOUR, modes="home_visit"), *empty(8 * HOUR)]
    found = share(*base, *refused(TEN, **refusal), *empty(15 * HOUR, **slot))  # type: ignore[arg-type]
    on_the_day = 1 if slot.get("day") else 2
    assert found == (1 if counts else 0) / on_the_day


def test_what_was_freed_in_the_last_hour_stands_apart() -> None:
    rows = [*refused(TEN), *empty(15 * HOUR), *empty(16 * HOUR, freed=log.FREED_LATE)]
    assert (share(*rows), share(*rows, group="freed=late")) == (0.5, 0.5)


def test_days_without_a_refusal_do_not_dilute_the_share() -> None:
    assert share(*refused(TEN), *empty(15 * HOUR), *(row for n in range(9) for row in empty(600.0 + n, day=2))) == 1.0


def test_nothing_is_said_where_empty_slots_are_not_logged() -> None:
    assert capacity.empty_after_refusal_share(counted(changes=NOT_LOGGED)) == {}


def test_contacts_are_counted_on_full_days_alone() -> None:
    """gp.1 works a morning and an afternoon on Monday, with 26 people, and a morning on Tuesday, with ten."""
    rows = [
        world(day * DAY + at, log.SESSION_ENDED, "gp.1", log.ROSTERED, 240.0)
        for day, at in ((0, 760), (0, 1080), (1, 760))
    ]
    rows += [
        (day * DAY + 540.0 + n, 0, 1, 1000 * day + n, 0, log.CONSULT_ENDED, "gp.1", "resolved", 9.0)
        for day, many in ((0, 26), (1, 10))
        for n in range(many)
    ]
    rows += [(0.0, 0, 1, int(row[3]), -1, log.NEED_AROSE, "patient", "acute_minor", 0.0) for row in rows if row[3] >= 0]
    rows += [
        (1.0, 0, 1, int(row[3]), 0, log.CONTACT_OPENED, "phone", "new", -1.0)
        for row in rows
        if row[5] == log.NEED_AROSE
    ]
    mine = counted(*rows)
    assert value(mine, "contacts_per_full_day", "role=gp") == 26
    assert value(mine, "days_over_safe_contacts_share", "role=gp") == 1.0


def test_overtime_and_idle_minutes_are_of_a_session_by_person() -> None:
    rows = [
        world(760.0, log.SESSION_ENDED, who, code, minutes)
        for who, spent in (("gp.1", (240.0, 10.0, 30.0)), ("gp.2", (240.0, 0.0, 50.0)))
        for code, minutes in zip((log.ROSTERED, log.OVERTIME, log.IDLE), spent, strict=True)
    ]
    mine = counted(*rows)
    assert value(mine, "overtime_min_per_session", "role=gp") == 5
    assert value(mine, "overtime_min_per_session", "clinician=gp.1") == 10
    assert value(mine, "idle_min_per_session", "clinician=gp.2") == 50


def test_a_locums_session_costs_its_fee_and_overtime_by_the_hour() -> None:
    rows = [
        world(760.0, log.SESSION_ENDED, who, code, minutes)
        for who, spent in (("gp.1", (240.0, 30.0)), ("gp.locum2", (240.0, 30.0)))
        for code, minutes in zip((log.ROSTERED, log.OVERTIME), spent, strict=True)
    ]
    fee = counted(*rows, changes={"practices.practice.costs.locum_session_gbp.gp": 400.0})
    plain = counted(*rows, changes=NO_FEES | NO_LISTS)
    hour = plain.practice.role["gp"].cost_per_hour_gbp
    paid = [value(mine, "cost_gbp_per_working_day", "payer=practice") * 5 for mine in (fee, plain)]
    assert value(fee, "locum_gbp_per_working_day", "role=gp") == 400 / 5
    assert paid[0] - paid[1] == pytest.approx(400 - 4 * hour)
    assert capacity.list_work_min_per_working_day(plain) == {}
