"""Who are the tenth of people with most consultations: all of them people with several diseases?"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis

SEVERAL = ("frail_or_complex", "mental_and_physical", "care_home")


def ill(found: Results) -> list[float]:
    """Return the share of the tenth with most consultations who are of the segments with more than one disease."""
    shares = [found.values(AS_IT_IS, Measure("", "frequent_people_share", f"segment={segment}")) for segment in SEVERAL]
    return [sum(x for x in one if x == x) for one in zip(*shares, strict=True)]


HYPOTHESIS = Hypothesis(
    claim="Frequent attenders all have more than one chronic disease",
    what="of the tenth who come most, those with several diseases",
    definition=(
        "The practice as it is. Measured: of the tenth of people with most consultations, the share who are "
        "frail or complex, have mental and physical needs together, or live in a care home. It holds above 90"
        " in 100."
    ),
    measured=ill,
    bound=0.9,
    note=(
        "Which segments come often rests on factors that are assumptions; a longer run shows more of those who stay so."
    ),
)
