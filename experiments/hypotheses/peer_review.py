"""Clinicians go through each other's follow-ups, tests and referrals: does less work come of it than it takes?

The mean of how readily they ask people back stays as it was: whoever asks many comes down, whoever asks few goes up.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis, Turning

REVIEW = "half an hour of peer review a week"
MINUTES = Measure("clinicians' minutes for each need", "clinician_min_per_need")


def less(found: Results) -> list[float]:
    """Return by what share clinicians' minutes for each need fall."""
    pairs = zip(found.values(AS_IT_IS, MINUTES), found.values(REVIEW, MINUTES), strict=True)
    return [1 - review / now for now, review in pairs]


HYPOTHESIS = Hypothesis(
    claim="Peer review across professions makes less work",
    what="less of clinicians' time for each need",
    definition=(
        "Compared: half an hour of peer review a week for each full-time GP, which halves how much they "
        "differ, with the practice as it is. Measured: clinicians' minutes with patients for each need. It "
        "holds where they fall."
    ),
    measured=less,
    bound=0.0,
    arms={REVIEW: ("intervention=[peer_review]",)},
    turning=Turning(
        "how much GPs differ in asking people back (coefficient of variation)",
        (0.2, 0.5, 0.8),
        lambda x: (f"role.gp.differences.follow_up_cv={x}",),
    ),
    note="What other professions would learn from each other is not modelled: only GPs' differences are narrowed.",
)
