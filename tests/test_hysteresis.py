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
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.needs import MODES

HORIZON = 150
WEEKS = 60
SLOTS_A_WEEK = 100
NEEDS_PER_1000_WEEK = 100
SHORT_WAIT, LONG_WAIT = 0.02, 0.5
BELOW, MIDDLE, ABOVE = 300, 750, 1150  # people: 30, 75 and 115 requests a week
EMPTY, BACKLOG = 0, 60  # days booked before the run, all full


ANY_NEED = {
    "share": 1.0,
    "today_share": 0.0,
    "accepts_later_share": 0.0,
    "wanted_mean_days": 0.0,
    "latest_days": HORIZON,
    "home_visit_share": 0.0,
    "relational": False,
    "rushes": False,
    "follow_up_share": 0.0,
    "test_share": 0.0,
    "never_asked_share": 0.0,
    "asked_late_share": 0.0,
    "winter_rise": 0.0,
    "recovery_mean_days": 3650.0,
    "for_ages": {},
    "for_segments": {},
}
MISSED = dict.fromkeys(("same_day", "days_1", "days_2_7", "days_8_14"), SHORT_WAIT) | dict.fromkeys(
    ("days_15_21", "days_22_28", "days_over_28"), LONG_WAIT
)


def settings(practice: Practice, list_size: int, booked_days: int) -> dict[str, object]:
    """What makes of the default practice one with nothing left but one GP's diary."""
    return {
        "list_size": list_size,
        "fte_level": {},
        "people.trait_shape": 100.0,
        "people.state.unsettled_share": 0.0,
        "demand.needs_per_1000_week": float(NEEDS_PER_1000_WEEK),
        "demand.kinds": {"any": practice.demand.kinds["acute_minor"]},
        **{f"demand.kinds.any.{key}": value for key, value in ANY_NEED.items()},
        "phones.menu.informed_share": 0.0,
        "phones.menu.balking_share": 0.0,
        "phones.menu.late": None,
        "phones.patience.early_share": 0.0,
        "phones.patience.mean_min": 10_000.0,
        "phones.closed_message.call_at_opening_share": 1.0,
        "channels.next_actions": dict.fromkeys(practice.channels.next_actions, 0.0) | {"gave_up": 1.0},
        "triage.places": {"any": {"gp": 1.0}},
        "triage.cover": {},
        "triage.recognition": {},
        "channels.after_failure": None,
        "demand.days_differ.day_cv": 0.0,
        "demand.days_differ.week_cv": 0.0,
        "demand.days_differ.by_month": {},
        "phones.patience.misdial_share": 0.0,
        "phones.extended_hours": {},
        "outcome.hand_offs": None,
        "appointments.convert_before_min": None,
        "appointments.double_booking": None,
        "appointments.home_visits": None,
        "appointments.travel_min": 0.0,
        "appointments.waiting_list": None,
        "rota.phone_level": 5.0,
        "role": {"gp": practice.role["gp"]},
        # One GP, ten sessions of ten appointments a week whatever the list, never away, like any other.
        "role.gp.fte_per_10000": 10_000 / list_size,
        "role.gp.sessions_per_fte": 10.0,
        "role.gp.sessions_per_clinician": 10.0,
        "role.gp.sessions": [{"starts": "09:00", "ends": "11:30"}, {"starts": "14:00", "ends": "16:30"}],
        "role.gp.weekday_factor": {day: float(day in WEEKDAYS[:5]) for day in WEEKDAYS},
        "role.gp.template": [{"slots": 10, "minutes": 15.0, "mode": "face_to_face", "release": "routine"}],
        "role.gp.absence.leave_share": 0.0,
        "role.gp.absence.sickness_share": 0.0,
        "role.gp.scope": {"any": 1.0},
        "role.gp.makes": {},
        "role.gp.differences.pace_cv": 0.0,
        "role.gp.differences.skill_sd": 0.0,
        "role.gp.differences.follow_up_cv": 0.0,
        "planned.programmes": {},
        "appointments.releases": {"routine": {"days_before": HORIZON}, "on_the_day": {"days_before": 0}},
        "appointments.horizon_days": HORIZON,
        "appointments.booked_at_start_days": booked_days,
        "appointments.booked_at_start_share": 1.0,
        "appointments.booked_at_start_mean_days": 10_000.0,  # full days, one like the other
        "appointments.not_attending.lead": MISSED,
        "appointments.not_attending.mode_factor": dict.fromkeys(MODES, 1.0),
        "appointments.not_attending.age_factor": {},
        "appointments.not_attending.deprivation_factor": {},
        "appointments.cancelling.share": 0.0,
        "appointments.squeeze.resolve_factor": 1.0,
        "backoffice.items": {"result": practice.backoffice.items["result"]},
        "backoffice.requests": {},
        "outcome.dna_rebook_share": 1.0,
        "outcome.waiting.share": 0.0,
    }


def scenario_of(list_size: int, booked_days: int) -> Scenario:
    base = composed("run.warm_up_weeks=0", f"run.measured_weeks={WEEKS}", "calendar.bank_holidays=none")
    return base.changed(lambda practice: with_settings(practice, settings(practice, list_size, booked_days)))


@cache
def settled(list_size: int, booked_days: int) -> Run:
    return simulate(scenario_of(list_size, booked_days))


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
