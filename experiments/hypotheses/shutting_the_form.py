"""The form closes at noon: is there less to do, or does it come by telephone?"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis

SHUT = "the form closes at noon"


def fewer(found: Results) -> list[float]:
    """Return by what share failure contacts a day fall with the form shut from noon."""
    failure = Measure("failure contacts a day", "failure_contacts_per_working_day")
    pairs = zip(found.values(AS_IT_IS, failure), found.values(SHUT, failure), strict=True)
    return [1 - shut / now for now, shut in pairs]


HYPOTHESIS = Hypothesis(
    claim="Shutting the online form protects us",
    what="fewer failure contacts with the form shut from noon",
    definition=(
        "Compared: a form that closes at noon with the form as it is. Measured: failure contacts a day. It "
        "holds where they fall: then what the form brought was work of its own making."
    ),
    measured=fewer,
    bound=0.0,
    arms={SHUT: ("intervention=[online_hours_or_cap]",)},
    note="The contract of 2025/26 asks practices to keep the form open in core hours.",
)
