"""Metrics of appointments: who is turned away, how long people wait, who does not come, how full the day is.

Appointments are counted as the published series counts them: attended and not attended, on the day they stand for.
"""

from __future__ import annotations

import pandas as pd

from pcqa_sim import eventlog as log
from pcqa_sim.metrics.base import Counted, Ratio, metric
from pcqa_sim.needs import RING_ANOTHER_DAY
from pcqa_sim.rota import clinic_minutes


@metric("told to ring another day", "share of requests decided", "less")
def told_another_day_share(c: Counted) -> Ratio:
    """Share of decided requests that were told to ring another day."""
    decided = c.tables.rows(log.DECIDED)
    told = decided.time[decided.code == RING_ANOTHER_DAY]
    return Ratio(c.by_day(told), c.by_day(decided.time))


@metric("told to ring another day", "people per working day", "less")
def told_another_day_per_working_day(c: Counted) -> Ratio:
    """People told to ring another day, per working day."""
    decided = c.tables.rows(log.DECIDED)
    return Ratio(c.by_day(decided.time[decided.code == RING_ANOTHER_DAY]), c.working_days)


@metric("days on which nobody is turned away", "share of working days", "more")
def nobody_turned_away_share(c: Counted) -> Ratio:
    """Share of working days on which nobody was told to ring another day."""
    decided = c.tables.rows(log.DECIDED)
    told = c.by_day(decided.time[decided.code == RING_ANOTHER_DAY])
    return Ratio((told == 0) * c.working_days, c.working_days)


def _held(c: Counted) -> pd.DataFrame:
    appointments = c.tables.appointments
    return appointments[appointments["status"] != "open"]


@metric("appointments with a GP", "appointments per 1,000 patients per working day")
def appointments_per_1000_working_day(c: Counted) -> Ratio:
    """Appointments attended or missed, per 1,000 patients per working day."""
    return Ratio(c.by_day(_held(c)["start"]), c.working_days * c.patients_in_1000())


@metric("appointments on the day they are asked for", "share of appointments")
def same_day_share(c: Counted) -> Ratio:
    """Share of appointments with a lead time of 0 days."""
    held = _held(c)
    return Ratio(c.by_day(held.loc[held["lead_days"] == 0, "start"]), c.by_day(held["start"]))


@metric("mean days between booking and appointment", "days", "less")
def lead_time_days(c: Counted) -> Ratio:
    """Mean lead time in calendar days."""
    held = _held(c)
    return Ratio(c.by_day(held["start"], held["lead_days"]), c.by_day(held["start"]))


@metric("appointments missed by the patient", "share of appointments", "less")
def dna_share(c: Counted) -> Ratio:
    """Share of appointments not attended."""
    held = _held(c)
    return Ratio(c.by_day(held.loc[held["status"] == "dna", "start"]), c.by_day(held["start"]))


@metric("GPs busy with patients", "share of session time")
def gp_consulting_share(c: Counted) -> Ratio:
    """Consultation minutes by session minutes."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    rostered = c.working_days.copy()
    for day in range(c.days):
        if rostered[day]:
            rostered[day] = clinic_minutes(c.scenario.in_force(c.key, day // 7), day % 7)
    return Ratio(c.by_day(ended.time, ended.amount), rostered)


@metric("slots left unused", "slots per working day", "less")
def slots_unused_per_working_day(c: Counted) -> Ratio:
    """Slots nobody booked, per working day."""
    rows = c.tables.rows(log.SLOTS_UNUSED)
    return Ratio(c.by_day(rows.time - 1e-6, rows.amount), c.working_days)
