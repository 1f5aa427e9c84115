"""How long a study will take, before it is begun; and whether it is so large that it may be a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from pcqa_sim.commands.workplaces import Workplace
    from pcqa_sim.scenario import Scenario

SECONDS_A_PERSON_WEEK = 8e-6
"""Seconds one person of a list costs for one simulated week, measured on a common server core (results included)."""
MOST_UNASKED, MOST_HOURS_UNASKED = 100_000, 24.0
_UNIT_SECONDS = 0.05


def hours_of(first: Scenario, units: int, processes: int) -> float:
    """Return how many hours some units like those of a scenario take on so many processes."""
    people = sum(practice.list_size for practice in first.practices.values())
    return units * (_UNIT_SECONDS + people * first.weeks * SECONDS_A_PERSON_WEEK) / processes / 3600


def estimate(first: Scenario, units: int, place: Workplace, many: str = "") -> str:
    """Return what a study would take, in a line."""
    took = _time(hours_of(first, units, place.processes))
    return f"{many or f'At most {units:,} units'}: about {took} on {_where(place.processes)}. Nothing was run."


def refuse_by_mistake(first: Scenario, units: int, place: Workplace, many: str = "") -> None:
    """Raise BadInput for a study so large that it may be a mistake, with its size and the time it would take."""
    hours = hours_of(first, units, place.processes)
    if units > MOST_UNASKED or hours > MOST_HOURS_UNASKED:
        rule = f"about {_time(hours)} on {_where(place.processes)}; if that is meant, add --yes"
        raise BadInput(Fault(many or f"at most {units:,} units", rule))


def _where(processes: int) -> str:
    return "one process" if processes == 1 else f"{processes:,} processes"


def _time(hours: float) -> str:
    from pcqa_sim.report.names import many

    if hours > 24 * 365 * 2:
        return f"{hours / 24 / 365:,.0f} years"
    if hours > 48:
        return f"{hours / 24:,.0f} days"
    if hours >= 1:
        return many(round(hours), "hour")
    minutes = hours * 60 >= 1
    return many(max(1, round(hours * (60 if minutes else 3600))), "minute" if minutes else "second")
