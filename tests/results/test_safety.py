"""Measures of safety on a log of a few needs written by hand, and on runs with and without what is urgent."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, cast

import pytest
from shortruns import composed, run_of

from pcqa_sim import simulate
from pcqa_sim.results.metrics import METRICS, Counted
from pcqa_sim.results.metrics.themes import SAFETY
from pcqa_sim.results.tables import Tables
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, HOUR
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.needs import (
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    EMERGENCY,
    EMERGENCY_DEPARTMENT,
    GAVE_UP,
    LEVELS,
    RECOVERED,
    RESOLVED,
    SENT_ON,
    TODAY,
)

NINE = 9 * HOUR
SHORT = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")


class Need:
    """One need and what happened to it, days counted from its first contact on the first Monday at nine."""

    def __init__(self, number: int, urgency: str, kind: str = "acute_urgent") -> None:
        self.number = number
        self.rows = [self._row(0.0, log.NEED_AROSE, "patient", kind, LEVELS.index(urgency), -1)]
        self.rows.append(self._row(0.0, log.CONTACT_OPENED, "phone", "new", -1))

    def _row(self, days: float, event: str, who: str, code: str, amount: float, contact: int = 0) -> tuple[Any, ...]:
        return NINE + days * DAY, 0, self.number, self.number, contact, event, who, code, float(amount)

    def decided(self, disposition: str, flagged: str = "") -> Need:
        if flagged:
            self.rows.append(self._row(0.001, log.FLAGGED, "call_handler", flagged, 0))
        self.rows.append(self._row(0.001, log.DECIDED, "call_handler", disposition, 0))
        return self

    def seen(self, days: float) -> Need:
        self.rows.append(self._row(days, log.BOOKED, "gp.1", "on_the_day.telephone", 0))
        self.rows.append(self._row(days, log.CONSULT_ENDED, "gp.1", RESOLVED, 5))
        return self

    def ended(self, days: float, ending: str) -> Need:
        self.rows.append(self._row(days, log.NEED_CLOSED, "", ending, 0))
        return self


def counted(*needs: Need) -> Counted:
    written = EventLog(["practice"])
    for row in sorted((row for need in needs for row in need.rows), key=lambda row: row[0]):
        written.add(cast(Any, row))
    return replace(run_of(*SHORT).counted["practice"], tables=Tables(written.table(), "practice"))


def share(metric: str, *needs: Need, group: str = "") -> float:
    found = cast(Any, METRICS[metric].measure(counted(*needs)))
    return float(found[group].over(slice(None)))


@pytest.mark.parametrize(
    ("urgency", "days", "late"),
    [
        ("emergency", 0.9 / 24, False),
        ("emergency", 1.1 / 24, True),
        ("today", 0.6, False),
        ("today", 0.7, True),
        ("days", 3.6, False),
        ("days", 3.7, True),
    ],
)
def test_a_need_is_late_that_no_clinician_sees_in_time(urgency: str, days: float, late: bool) -> None:
    need = Need(1, urgency).decided(BOOKED_TODAY).seen(days)
    assert share("seen_later_than_safe_share", need) == late
    assert share("seen_later_than_safe_share", Need(1, urgency).decided(CALL_ANOTHER_DAY)) == 1


def test_kinds_say_how_long_routine_needs_can_wait() -> None:
    for days, late in ((1.6, 0.0), (1.7, 1.0)):  # an urgent illness within a day, as its file says
        need = Need(1, "routine").decided(BOOKED_TODAY).seen(days)
        assert share("seen_later_than_safe_share", need, group="urgency=routine") == late
        assert math.isnan(share("seen_later_than_safe_share", need)), "routine needs are left out of the whole"


@pytest.mark.parametrize(
    ("urgency", "ending", "late"),
    [
        ("today", EMERGENCY_DEPARTMENT, False),
        ("today", RECOVERED, False),
        ("today", RESOLVED, True),
        ("days", RESOLVED, False),
        ("days", GAVE_UP, True),
    ],
)
def test_who_is_seen_elsewhere_or_well_in_time_is_safe(urgency: str, ending: str, late: bool) -> None:
    """What is urgent takes a clinician; what can wait some days may be met without one."""
    need = Need(1, urgency).decided("settled_by_reception").ended(0.01, ending)
    assert share("seen_later_than_safe_share", need) == late
    assert share("seen_later_than_safe_share", Need(1, urgency).decided(BOOKED_TODAY).ended(4, ending)) == 1


def _five() -> list[Need]:
    """Two emergencies, one taken for less; one urgent need missed; one false alarm; one that can wait."""
    return [
        Need(1, "emergency").decided(SENT_ON + EMERGENCY_DEPARTMENT, EMERGENCY),
        Need(2, "emergency").decided(BOOKED_TODAY, TODAY),
        Need(3, "today").decided(CALL_ANOTHER_DAY),
        Need(4, "days", "acute_minor").decided(SENT_ON + EMERGENCY_DEPARTMENT, TODAY),
        Need(5, "routine", "acute_minor").decided(CALL_ANOTHER_DAY),
    ]


@pytest.mark.parametrize(
    ("metric", "group", "value"),
    [
        ("urgent_missed_share", "", 1 / 3),
        ("under_triage_share", "", 2 / 3),
        ("over_triage_share", "", 1 / 3),
        ("sent_on_share", "", 1 / 3),
        ("sent_on_share", f"place={EMERGENCY_DEPARTMENT}", 1 / 3),
        ("refused_share", "kind=acute_urgent", 1 / 3),
        ("refused_share", "urgency=routine", 1.0),
        ("refused_share", "flagged=yes", 0.0),
        ("flagged_disposition_share", f"disposition={BOOKED_TODAY}", 1 / 2),
        ("missed_disposition_share", f"disposition={CALL_ANOTHER_DAY}", 1.0),
    ],
)
def test_what_was_taken_for_what_is_counted(metric: str, group: str, value: float) -> None:
    """An emergency that belongs in A&E is not sent on for want of time."""
    assert share(metric, *_five(), group=group) == pytest.approx(value)


def test_a_practice_without_urgency_has_no_safety_to_speak_of() -> None:
    usual = composed(*SHORT)
    kinds = usual.practices["practice"].demand.kinds
    without: dict[str, object] = {f"practices.practice.demand.kinds.{kind}.urgency": {} for kind in kinds}
    run = simulate(with_settings(usual, without | {"practices.practice.triage.recognition": {}}))
    found = run.metrics().set_index(["metric", "group"])["value"].to_dict()
    for name in ("seen_later_than_safe_share", "urgent_missed_share", "sent_on_share", "flagged_share"):
        assert (name, "") not in found
    assert ("seen_later_than_safe_share", "urgency=routine") in found


def test_harms_of_triage_come_first() -> None:
    assert [entry.metric for entry in SAFETY.entries[:4]] == [
        "seen_later_than_safe_share",
        "deteriorated_share",
        "urgent_missed_share",
        "sent_on_share",
    ]
