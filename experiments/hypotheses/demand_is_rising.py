"""Contacts rise though people need no more: does the practice's own failure make what it sees as rising demand?

Nothing in the model makes people's needs rise, but for the season. What can rise by itself are contacts for each need.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis, Turning

CONTACTS = Measure("contacts for each need", "contacts_per_need")


def rise(found: Results) -> list[float]:
    """Return by what share contacts for each need rise from the first half of the measured weeks to the second."""
    run = found.scenario.run
    first, half = run.warm_up_weeks, run.measured_weeks // 2

    def mean(start: int) -> list[float]:
        weeks = [found.values(AS_IT_IS, CONTACTS, f"w{week:02d}") for week in range(start, start + half)]
        return [sum(one) / len(weeks) for one in zip(*weeks, strict=True)]

    return [after / before - 1 for before, after in zip(mean(first), mean(first + half), strict=True)]


HYPOTHESIS = Hypothesis(
    claim="Demand is rising",
    what="more contacts for each need in the second half than in the first",
    definition=(
        "Compared: the second half of the measured weeks with the first, the practice as it is. Measured: "
        "contacts for each need people ask about. It holds where they rise by more than 3 in 100 with no more"
        " need."
    ),
    measured=rise,
    bound=0.03,
    turning=Turning(
        "needs against those of the practice (times)", (1.0, 1.1, 1.2), lambda x: (f"practice.demand_level={x}",)
    ),
)
