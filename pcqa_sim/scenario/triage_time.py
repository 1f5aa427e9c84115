"""How much time is made for clinician triage: as much as the requests expected take, or the share that is set.

The requests expected are those of an ordinary week: needs that people ask about, of those to whom clinician triage
applies, less what reception deals with. What comes back is in the allowance.
"""

from __future__ import annotations

from collections.abc import Sequence

from pcqa_sim.scenario.groups import ClinicianTriage, Kind
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.needs import NO_NEXT_STEP, PLACES

_DEALT_WITH = tuple(place for place in PLACES if place != NO_NEXT_STEP)


def patient_minutes(practice: PracticeGroups, name: str) -> float:
    """Return the minutes of a role's session that are for patients: those of its appointments, on average."""
    templates = practice.role[name].templates.values()
    return sum(block.slots * block.minutes for blocks in templates for block in blocks) / max(1, len(templates))


def triage_minutes_by_day(practice: PracticeGroups, sessions: Sequence[int]) -> tuple[float, ...]:
    """Return the minutes made for clinician triage on each weekday, of so many sessions of the role that does it."""
    triage = practice.triage.clinician_triage
    if triage is None:
        return (0.0,) * len(WEEKDAYS)
    there = [count * patient_minutes(practice, triage.role) for count in sessions]
    if triage.sessions_share is not None:
        return tuple(triage.sessions_share * minutes for minutes in there)
    each = triage.mean_min * triage.time_allowance
    wanted = (requests * each for requests in requests_by_day(practice, triage, sessions))
    return tuple(min(need, triage.most_sessions_share * have) for need, have in zip(wanted, there, strict=True))


def requests_by_day(practice: PracticeGroups, triage: ClinicianTriage, sessions: Sequence[int]) -> tuple[float, ...]:
    """Return the requests expected on each weekday; those of days without a session of the role come on the next."""
    demand = practice.demand
    a_week = sum(
        demand.needs_per_1000_week * kind.share * kind.level * _share(practice, name, kind, triage)
        for name, kind in demand.kinds.items()
    )
    a_week *= practice.list_size / 1000 * practice.demand_level
    by_day, waiting = [0.0] * len(WEEKDAYS), 0.0
    for day in (*range(len(WEEKDAYS)), *range(len(WEEKDAYS))):  # twice round: the weekend's come on Monday
        today = demand.weekday_share[WEEKDAYS[day]] * a_week
        if sessions[day]:
            by_day[day], waiting = today + waiting, 0.0
        else:
            waiting += today
    return tuple(by_day)


def _share(practice: PracticeGroups, name: str, kind: Kind, triage: ClinicianTriage) -> float:
    """Return the share of a kind's needs for which clinician triage is asked."""
    row = practice.triage.places[name]
    asked = (1 - kind.never_asked_share) * (1 - sum(row.get(place, 0.0) for place in _DEALT_WITH))
    if triage.applies_to == "today":
        return asked * kind.today_share
    return 0.0 if triage.applies_to == "clinical" and kind.administrative else asked
