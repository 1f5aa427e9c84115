"""Hypotheses about what others pass on to the practice: how much less is asked of it if they pass on nothing?"""

from __future__ import annotations

from typing import Final

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis, Turning

NOTHING: Final = "nothing is passed on"
MINUTES: Final = Measure("GPs' minutes with patients", "patient_min_per_working_day", "role=gp")
COUNTS_FROM: Final = 0.05  # share of GPs' minutes; assumption: less than that nobody would call a burden
AMOUNTS: Final = (1.0, 3.0, 6.0)  # times what is passed on; tried where it is asked on what a hypothesis turns


def passed_on(claim: str, who: str, kind: str) -> Hypothesis:
    """Return the hypothesis that `who` passes on so much of a kind of need that a practice would notice it."""
    return Hypothesis(
        claim=claim,
        what=f"less of GPs' time with patients if {who} passed nothing on",
        definition=(
            f"Compared: the practice as it is with one to which {who} passes nothing on. Measured: GPs' minutes with "
            f"patients. It holds where more than {100 * COUNTS_FROM:g} in 100 of them go away."
        ),
        measured=_less,
        bound=COUNTS_FROM,
        arms={NOTHING: _times(kind, 0)},
        turning=Turning(f"what {who} passes on (times)", AMOUNTS, lambda times: _times(kind, times)),
    )


def _times(kind: str, times: float) -> tuple[str, ...]:
    return (f"demand.kinds.{kind}.level={times}",)


def _less(found: Results) -> list[float]:
    """Return by what share GPs' minutes with patients fall without what is passed on."""
    pairs = zip(found.values(AS_IT_IS, MINUTES), found.values(NOTHING, MINUTES), strict=True)
    return [1 - without / now for now, without in pairs]
