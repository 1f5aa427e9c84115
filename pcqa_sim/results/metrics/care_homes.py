"""Metrics of care homes: what residents ask, who visits them, how often they go to hospital, what the round takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.community.care_homes import ADMISSION, ATTENDANCE, CLOSED, NOBODY_IN
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import HOME_VISIT
from pcqa_sim.values.words import Service

_DAYS = 365.25


@metric("contacts about residents of care homes", "contacts per resident and year")
def care_home_contacts_per_resident_year(c: Counted) -> dict[str, Ratio]:
    """Contacts that staff make about residents: in all, and those flagged as urgent; only where there are residents."""
    made, flagged = c.made, c.tables.rows(log.FLAGGED)
    mine = made.where(_lives_there(c)[made["person"]])
    urgent = flagged.where(_lives_there(c)[flagged.person])
    found = {"": mine["opened"], "flagged=yes": urgent.time}
    return {group: _per_year(c, times) for group, times in found.items()} if _many(c) else {}


@metric("visits to residents of care homes", "visits per resident and year")
def care_home_visits_per_resident_year(c: Counted) -> dict[str, Ratio]:
    """Home visits that staff asked for and that were made; planned care and the weekly round are left out."""
    seen, asked = c.tables.appointment_columns, c.is_asked_about[c.tables.needs_of(log.BOOKED)]
    seen = seen.where(asked & (seen.words("mode") == HOME_VISIT) & (seen.words("status") == "attended"))
    return {"": _per_year(c, seen["start"][_lives_there(c)[seen["person"]]])} if _many(c) else {}


@metric("residents of care homes who go to hospital", "times per resident and year", "less")
def care_home_hospital_per_resident_year(c: Counted) -> dict[str, Ratio]:
    """Attendances at A&E and emergency admissions among them: those of the homes, and needs that end in A&E beside.

    What is published is the first two together with the third; a home's own rate has no cause in the model.
    """
    if not _many(c):
        return {}
    trips = c.tables.rows(log.CARE_HOME_HOSPITAL)
    needs = c.tables.need_columns
    ended = needs.where((needs.words("ending") == Service.EMERGENCY_DEPARTMENT) & _lives_there(c)[needs["person"]])
    went = trips.code.isin((ATTENDANCE, ADMISSION))
    times = {
        "what=attendance": trips.time[went],
        "what=admission": trips.time[trips.code == ADMISSION],
        "what=need": ended["closed"],
    }
    return {group: _per_year(c, at) for group, at in times.items()}


@metric("calls of care homes' staff while the practice is closed", "calls per resident and year", "less")
def care_home_calls_when_closed_per_resident_year(c: Counted) -> dict[str, Ratio]:
    """Calls to NHS 111 or for an ambulance about what could not wait until the practice opened: in all, and each."""
    called = c.tables.rows(log.CARE_HOME_CALLED)
    found = {"": called.time}
    for whom in (Service.NHS_111, Service.EMERGENCY_DEPARTMENT):
        found[f"to={whom}"] = called.time[called.code == whom]
    return {group: _per_year(c, times) for group, times in found.items()} if _many(c) else {}


@metric("weekly rounds of care homes that nobody made", "share of rounds due", "less")
def care_home_rounds_missed_share(c: Counted) -> dict[str, Ratio]:
    """Weeks whose round nobody made, on its day or later: in all, and by why not on its day (closed, or nobody in)."""
    made, missed = c.tables.rows(log.CARE_HOME_ROUND), c.tables.rows(log.CARE_HOME_ROUND_MISSED)
    due = c.by_day(made.time) + c.by_day(missed.time)
    if not len(made) and not len(missed):
        return {}
    found = {"": Ratio(c.by_day(missed.time), due)}
    for why in (CLOSED, NOBODY_IN):
        found[f"why={why}"] = Ratio(c.by_day(missed.time[missed.code == why]), due)
    return found


@metric("time that rounds of care homes take", "minutes per week")
def care_home_round_min_per_week(c: Counted) -> Ratio:
    """Minutes of weekly rounds, ways between homes included."""
    rounds = c.tables.rows(log.CARE_HOME_ROUND)
    return Ratio(c.by_day(rounds.time, rounds.amount), np.full(c.days, 1 / 7))


def _lives_there(c: Counted) -> NDArray[np.bool_]:
    code = c.people.segments.index(CARE_HOME) if CARE_HOME in c.people.segments else -1
    found: NDArray[np.bool_] = c.people.segment == code
    return found


def _many(c: Counted) -> int:
    return int(_lives_there(c).sum())


def _per_year(c: Counted, minutes: NDArray[np.float64]) -> Ratio:
    return Ratio(c.by_day(minutes), np.full(c.days, _many(c) / _DAYS))
