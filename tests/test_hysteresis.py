"""Hysteresis: where long waits breed missed appointments, one practice has a good and a bad regime.

A practice of one GP with 100 appointments a week, stripped of everything but the diary: everybody takes whatever day
there is, one in fifty does not come after a short wait and half after a long one, and all who missed their appointment
ask for another. Short waits keep themselves short up to 98 requests a week; long waits keep themselves long from 50
on. In between it is the past that decides.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.clock import WEEKDAYS
from pcqa_sim.run import Run
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.groups import Appointments, Kind, Release, Role, Session, SlotBlock

HORIZON = 150
WEEKS = 60
SLOTS_A_WEEK = 100
NEEDS_PER_1000_WEEK = 100
SHORT_WAIT, LONG_WAIT = 0.02, 0.5
BELOW, MIDDLE, ABOVE = 300, 750, 1150  # people: 30, 75 and 115 requests a week
EMPTY, BACKLOG = 0, 60  # days booked before the run, all full


def _changed(model: object, **parts: object) -> object:
    """A frozen group of settings with parts replaced, checked again."""
    fields = {name: getattr(model, name) for name in type(model).model_fields}  # type: ignore[attr-defined]
    return type(model).model_validate(fields | parts)  # type: ignore[attr-defined]


def _kind(practice: Practice) -> Kind:
    plain = dict.fromkeys(("today_share", "accepts_later_share", "wanted_mean_days", "home_visit_share"), 0.0)
    plain |= dict.fromkeys(
        ("follow_up_share", "test_share", "never_asked_share", "asked_late_share", "winter_rise"), 0.0
    )
    own = {"share": 1.0, "latest_days": HORIZON, "relational": False, "rushes": False, "recovery_mean_days": 3650.0}
    given = practice.demand.kinds["acute_minor"].model_dump()
    return Kind.model_validate(given | plain | own | {"for_ages": {}, "for_segments": {}})


def _gp(practice: Practice, list_size: int) -> Role:
    """One GP, ten sessions of ten appointments a week whatever the list, never away."""
    gp = practice.role["gp"]
    days = {day: float(day in WEEKDAYS[:5]) for day in WEEKDAYS}
    absence = gp.absence.model_copy(update={"leave_share": 0.0, "sickness_share": 0.0})
    sessions = [
        Session.model_validate(times)
        for times in ({"starts": "09:00", "ends": "11:30"}, {"starts": "14:00", "ends": "16:30"})
    ]
    return gp.model_copy(
        update={
            "fte_per_10000": 10_000 / list_size,
            "sessions_per_fte": 10.0,
            "sessions_per_clinician": 10.0,
            "sessions": sessions,
            "weekday_factor": days,
            "template": [SlotBlock(slots=10, minutes=15.0, mode="face_to_face", release="routine")],
            "absence": absence,
            "scope": {"any": 1.0},
            "makes": {},
            "differences": gp.differences.model_copy(update={"pace_cv": 0.0, "skill_sd": 0.0, "follow_up_cv": 0.0}),
        }
    )


def _appointments(practice: Practice, booked_days: int) -> Appointments:
    given = practice.appointments
    short = dict.fromkeys(("same_day", "days_1", "days_2_7", "days_8_14"), SHORT_WAIT)
    long = dict.fromkeys(("days_15_21", "days_22_28", "days_over_28"), LONG_WAIT)
    missing = given.not_attending.model_copy(
        update={
            "lead": type(given.not_attending.lead)(**short, **long),
            "mode_factor": dict.fromkeys(given.not_attending.mode_factor, 1.0),
            "age_factor": {},
            "deprivation_factor": {},
        }
    )
    return given.model_copy(
        update={
            "releases": {
                "routine": Release(days_before=HORIZON),
                "on_the_day": Release(days_before=0),
            },
            "horizon_days": HORIZON,
            "booked_at_start_days": booked_days,
            "booked_at_start_share": 1.0,
            "booked_at_start_mean_days": 10_000.0,  # full days, one like the other
            "not_attending": missing,
            "cancelling": given.cancelling.model_copy(update={"share": 0.0}),
            "squeeze": given.squeeze.model_copy(update={"resolve_factor": 1.0}),
        }
    )


def stripped(practice: Practice, list_size: int, booked_days: int) -> Practice:
    """The default practice with nothing left but one GP's diary."""
    kinds = practice.demand.model_copy(
        update={"kinds": {"any": _kind(practice)}, "needs_per_1000_week": float(NEEDS_PER_1000_WEEK)}
    )
    menu = practice.phones.menu.model_copy(update={"informed_share": 0.0, "put_off_share": 0.0})
    patience = practice.phones.patience.model_copy(update={"early_share": 0.0, "mean_min": 10_000.0})
    closed = practice.phones.closed_message.model_copy(update={"ring_at_opening_share": 1.0})
    fates = dict.fromkeys(practice.channels.fates, 0.0) | {"gave_up": 1.0}
    waiting = practice.outcome.waiting.model_copy(update={"share": 0.0})
    state = practice.people.state.model_copy(update={"unsettled_share": 0.0})
    office = {"items": {"result": practice.backoffice.items["result"]}, "requests": {}}
    found = _changed(
        practice,
        list_size=list_size,
        fte_level={},
        people=practice.people.model_copy(update={"trait_shape": 100.0, "state": state}),
        demand=kinds,
        phones=practice.phones.model_copy(update={"menu": menu, "patience": patience, "closed_message": closed}),
        channels=practice.channels.model_copy(update={"fates": fates}),
        triage=practice.triage.model_copy(update={"places": {"any": {"gp": 1.0}}}),
        rota=practice.rota.model_copy(update={"phone_level": 5.0}),
        role={"gp": _gp(practice, list_size)},
        planned=practice.planned.model_copy(update={"programmes": {}}),
        appointments=_appointments(practice, booked_days),
        backoffice=practice.backoffice.model_copy(update=office),
        outcome=practice.outcome.model_copy(update={"dna_rebook_share": 1.0, "waiting": waiting}),
    )
    assert isinstance(found, Practice)
    return found


@cache
def settled(list_size: int, booked_days: int) -> Run:
    base: Scenario = composed("run.warm_up_weeks=0", f"run.measured_weeks={WEEKS}", "calendar.bank_holidays=none")
    mine = stripped(base.practices["practice"], list_size, booked_days)
    return simulate(base.replaced(practices={"practice": mine}))


def last_waits(run: Run) -> np.ndarray:
    """Days from booking to appointment, of what was booked in the last eight weeks."""
    booked = run.appointments
    return booked.loc[booked["booked"] >= (WEEKS - 8) * 7 * 1440, "lead_days"].to_numpy()


def missed_share(run: Run) -> float:
    over = run.appointments[run.appointments["start"] >= (WEEKS - 8) * 7 * 1440]
    over = over[over["status"] != "open"]
    return float((over["status"] == "dna").mean())


def is_good(run: Run) -> bool:
    """Short waits and few missed appointments, or long waits and many; nothing in between counts as settled."""
    waits, missed = np.median(last_waits(run)), missed_share(run)
    assert waits <= 7 or waits >= 21, f"half of all wait {waits} days: neither regime"
    assert (missed < 0.1) == (waits <= 7)
    return bool(waits <= 7)


def test_the_practice_is_what_it_is_meant_to_be() -> None:
    run = settled(MIDDLE, EMPTY)
    a_week = len(run.needs) / WEEKS
    assert a_week == pytest.approx(MIDDLE * NEEDS_PER_1000_WEEK / 1000, rel=0.1)
    opened = sum(run.happened.end["practice"].slots_opened.values())
    assert opened == pytest.approx(SLOTS_A_WEEK / 7 * (WEEKS * 7 + HORIZON), rel=0.02)
    backlog = (settled(MIDDLE, BACKLOG).appointments["booked"] < 0).sum()
    assert backlog == pytest.approx(60 * SLOTS_A_WEEK / 7, rel=0.05)


@pytest.mark.parametrize(
    ("list_size", "good_from_empty", "good_from_backlog"),
    [(BELOW, True, True), (MIDDLE, True, False), (ABOVE, False, False)],
)
def test_the_past_decides_in_a_middle_range_of_list_sizes_and_nowhere_else(
    list_size: int, good_from_empty: bool, good_from_backlog: bool
) -> None:
    assert is_good(settled(list_size, EMPTY)) == good_from_empty
    assert is_good(settled(list_size, BACKLOG)) == good_from_backlog
