"""Slots are added on every day until nobody is turned away: on how many days that is so, and what it costs."""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results

MORE = (5, 10, 20, 40)
NOBODY = Measure("days on which nobody is turned away", "nobody_turned_away_share", per_cent=True, digits=0)
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
UNUSED = Measure("slots unused a day", "slots_unused_per_working_day")
EARLY = Measure("calls 08:00-08:30", "share_0800_0830", per_cent=True, of="a day's calls")
MET = Measure("needs met", "needs_met_share", per_cent=True)
COST = Measure("cost for each need met, pounds", "cost_per_need_met")
MEASURES = (NOBODY, TOLD, UNUSED, EARLY, MET, COST)


def named(slots: int) -> str:
    """Return what an arm is called."""
    return f"{slots} more slots a day"


def read(found: Results) -> list[str]:
    """Say on how many days nobody is turned away, with each number of slots."""
    rows = [f"{arm} {NOBODY.said(found.level(arm, NOBODY))}" for arm in found.others]
    said = [f"As it is, {found.said(AS_IT_IS, NOBODY)}, {found.said(AS_IT_IS, TOLD)}.", f"With {'; '.join(rows)}."]
    return [*said, f"With {found.arms[-1]}: {found.all_went(found.arms[-1], (TOLD, UNUSED, EARLY, COST))}."]


EXPERIMENT = Experiment(
    question="How many more slots until nobody is turned away?",
    arms={named(slots): (f"appointments.extra_on_the_day_slots={slots}",) for slots in MORE},
    measures=MEASURES,
    read=read,
    across=(
        "more slots a working day, with clinicians",
        lambda arm: float(arm.split()[0]) if arm[0].isdigit() else 0.0,
    ),
    notes=("The slots come with clinicians, who are paid: the cost says so.",),
)
