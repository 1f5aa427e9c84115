"""A practice beside one with a quarter of its list and staff: what does a need met cost?

Whoever says so means what is shared out under one roof: queues, cover and sessions that come out whole.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Arms, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis
from pcqa_sim.scenario import Scenario

SMALL = "a quarter of the list and the staff"
COST = Measure("pounds for each need met", "cost_per_need_met", digits=2)


def smaller(base: Scenario) -> Arms:
    """Return the arm beside a base: a quarter of the list of its first practice, which staff follow."""
    first = next(iter(base.practices.values()))
    return {SMALL: (f"practice.list_size={max(first.list_size // 4, 1)}",)}


def less(found: Results) -> list[float]:
    """Return by what share a need met costs less in the practice as it is than in the smaller one."""
    pairs = zip(found.values(SMALL, COST), found.values(AS_IT_IS, COST), strict=True)
    return [1 - big / small for small, big in pairs]


HYPOTHESIS = Hypothesis(
    claim="A bigger practice is more efficient",
    what="less cost of a need met than in a practice of a quarter of the list",
    definition=(
        "Compared: the practice as it is with one of a quarter of its list, with as many staff for each patient. "
        "Measured: what everybody's time and care elsewhere cost for each need met. It holds where that is less."
    ),
    measured=less,
    bound=0.0,
    arms=smaller,
    note="Above 14,000 people a practice is several communities; that people are known less there is not modelled.",
)
