"""Demand rises with the same team: from what level do a day's failures no longer clear?

The load is bookings and refusals by the appointments there are; where it passes 1 more is asked for than there is, and
what fails today comes back tomorrow.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Arms, Experiment, Measure, Results, crossing
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import interval

LEVELS = {f"{times:g} times the demand": times for times in (0.7, 0.85, 1.1, 1.2, 1.3)}
LOAD = Measure("load: asked for, by the appointments there are", "tipping_point_share", per_cent=True)
FAILURE = Measure("failure demand", "failure_share", per_cent=True, of="contacts")
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
AGAIN = Measure("asked again within a week", "contact_again_share", "within=7_days", per_cent=True, of="contacts")
MEASURES = (LOAD, FAILURE, TOLD, AGAIN)


def level(arm: str) -> float:
    """Return the level of demand of an arm."""
    return LEVELS.get(arm, 1.0)


def arms(base: Scenario) -> Arms:
    """Return the arms: so many times what people bring."""
    now = next(iter(base.practices.values())).demand_level
    return {name: (f"practice.demand_level={now * times:.6g}",) for name, times in LEVELS.items()}


def read(found: Results) -> list[str]:
    """Say where the load passes 1, and what failure demand is before and after."""
    ordered = sorted(found.arms, key=level)
    runs = zip(*(found.values(arm, LOAD) for arm in ordered), strict=True)
    points = [crossing([level(arm) for arm in ordered], values, 1.0) for values in runs]
    if any(point != point for point in points):
        said = "The load does not pass 100 % in every replication at the levels tried."
    else:
        at = interval(points)
        said = f"At {at.mean:.2f} times the demand ({at.low:.2f} to {at.high:.2f}) the load passes 100 %."
    rows = [f"{level(arm):g} times {FAILURE.said(found.level(arm, FAILURE))}" for arm in ordered]
    return [f"{said} As it is, {found.said(AS_IT_IS, LOAD)}.", f"Failure demand: {'; '.join(rows)}."]


EXPERIMENT = Experiment(
    question="At what level of demand do a day's failures no longer clear?",
    arms=arms,
    measures=MEASURES,
    read=read,
    across=("level of demand; 1 is the practice as it is", level),
)
