"""Is more asked for than there are appointments, or are they not where and when people ask?"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis, Turning

LOAD = Measure("bookings and refusals of the appointments there are", "tipping_point_share")


def load(found: Results) -> list[float]:
    """Return bookings and refusals together, as a share of the appointments there are."""
    return found.values(AS_IT_IS, LOAD)


HYPOTHESIS = Hypothesis(
    claim="We have not enough capacity",
    what="bookings and refusals, of the appointments there are",
    definition=(
        "The practice as it is. Measured: bookings and refusals together, as a share of the appointments "
        "there are. It holds above 100 in 100: then more is asked for than there is, whatever hours and slots"
        " it is put into."
    ),
    measured=load,
    bound=1.0,
    turning=Turning(
        "needs against the average practice (times)", (1.0, 1.2, 1.4), lambda x: (f"practice.demand_level={x}",)
    ),
)
