"""More and more is asked of the same team, until it tells more people to call another day than the nation's practices.

A list longer by a tenth is taken for the same people asking, and being invited, a tenth more: then people and luck stay
the same. Team, telephone lines and rotas stay as they are.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Arms, Experiment, Measure, Results, crossing
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import interval

MORE = {"2.5 % more": 1.025, "5 % more": 1.05, "7.5 % more": 1.075, "10 % more": 1.1, "15 % more": 1.15}
BOUND = 0.07
"""Share of requests told to contact the practice another day; told_to_contact_another_day."""

TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
DAYS = Measure("days to a clinician", "days_to_clinician")
MISSED = Measure("calls missed", "missed_share", per_cent=True)
OVERTIME = Measure("GPs' overtime, minutes a day", "overtime_min_per_working_day", "role=gp", digits=0)


def amount(arm: str) -> float:
    """Return how much more is asked, in per cent."""
    return 100 * (MORE.get(arm, 1.0) - 1)


def arms(base: Scenario) -> Arms:
    """Return the arms: so much more of what people bring, and of what the practice invites them to."""
    now = next(iter(base.practices.values()))
    level, planned = now.demand_level, now.planned.level
    return {
        name: (f"practice.demand_level={level * times:.6g}", f"planned.level={planned * times:.6g}")
        for name, times in MORE.items()
    }


def read(found: Results) -> list[str]:
    """Say at how much more the bound is passed, and what becomes of people there."""
    amounts = [amount(arm) for arm in found.arms]
    runs = zip(*(found.values(arm, TOLD) for arm in found.arms), strict=True)
    points = [crossing(amounts, values, BOUND) for values in runs]
    known = [point for point in points if point == point]
    size = found.scenario.practices[found.practice].list_size
    here = f"Now {found.said(AS_IT_IS, TOLD)}."
    most = found.arms[-1]
    if found.level(AS_IT_IS, TOLD).mean >= BOUND:
        said = f"None: more than {BOUND:.0%} of requests are told to call another day already.".replace("%", " %")
    elif len(known) < len(points):
        passed = f"in {len(known)} of {len(points)} replications that share passes {BOUND * 100:.0f} %"
        said = f"At least as many as were tried, {amounts[-1]:.0f} % more: {passed}."
    else:
        found_at = interval(known)
        people = [round(size * value / 100, -1) for value in (found_at.mean, found_at.low, found_at.high)]
        said = (
            f"About {people[0]:,.0f} more patients ({people[1]:,.0f} to {people[2]:,.0f}) on a list of {size:,}, or "
            f"{found_at.mean:.1f} %: then more than {BOUND * 100:.0f} % of requests are told to call another day, "
            "as in the nation's practices."
        )
    return [said, here, f"With {most}: {found.all_went(most, (TOLD, DAYS, MISSED, OVERTIME))}."]


EXPERIMENT = Experiment(
    question="How many more patients could the same team look after?",
    arms=arms,
    measures=(TOLD, DAYS, MISSED, OVERTIME),
    read=read,
    across=("more asked of the same team, %", amount),
)
