"""What the people of a practice cost a year by its rota, at the hourly costs of its settings, by who pays for them.

Hours by the rota and not those of a run: what a change of staff costs is then the same whatever luck brings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain, islice, pairwise

from pcqa_sim.clinic.reception_rota import call_handlers, front_desk
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.groups import Role
from pcqa_sim.scenario.team import weekly_sessions
from pcqa_sim.values.clock import DAY, WEEKDAYS

WEEKS_A_YEAR = 50.6
"""Weeks of five working days a year: 253 days, eight bank holidays being left out."""
PRACTICE = "practice"


def staff_gbp_a_year(practice: Practice) -> dict[str, float]:
    """Return what clinicians' sessions and reception cost a year, by who pays; what is worked over time is left out."""
    hours = {name: _hours_a_week(practice, name) for name in practice.role}
    found: dict[str, float] = defaultdict(float)
    for name, role in practice.role.items():
        found[role.paid_by] += hours[name] * role.cost_per_hour_gbp * WEEKS_A_YEAR
    found[PRACTICE] += _reception_hours(practice) * practice.rota.cost_per_hour_gbp * WEEKS_A_YEAR
    return dict(found)


def _hours_a_week(practice: Practice, name: str) -> float:
    """Return the hours a week that a role works, leave and sickness taken off, and those of extra lists."""
    role = practice.role[name]
    lengths = [session.ends - session.starts for session in role.sessions]
    there = (1 - role.absence.leave_share) * (1 - role.absence.sickness_share)
    hours = weekly_sessions(practice, name) * sum(lengths) / max(1, len(lengths)) / 60 * there
    if name == practice.appointments.extra_role:
        days = sum(1 for day in WEEKDAYS if role.weekday_factor[day])
        hours += days * _extra_minutes(role, practice.appointments.extra_on_the_day_slots) / 60
    return hours


def _extra_minutes(role: Role, slots: int) -> float:
    """Return the minutes a day of so many extra slots: whole sessions, and the beginning of one more."""
    minutes, half = 0.0, 0
    while slots > 0:
        session, blocks = role.sessions[half % len(role.sessions)], role.blocks(half % len(role.sessions))
        each = list(chain.from_iterable([block.minutes] * block.slots for block in blocks))
        minutes += session.ends - session.starts if slots >= len(each) else sum(islice(each, slots))
        slots -= max(1, len(each))
        half += 1
    return minutes


def _reception_hours(practice: Practice) -> float:
    """Return the hours a week of people on the telephone, at the desk and at the inbox."""
    days = range(len(WEEKDAYS))
    return sum(_hours(call_handlers(practice, day)) + _hours(front_desk(practice, day)) for day in days)


def _hours(people: Mapping[int, int]) -> float:
    steps = [*sorted(people.items()), (DAY, 0)]
    return sum((until - since) * here for (since, here), (until, _) in pairwise(steps)) / 60
