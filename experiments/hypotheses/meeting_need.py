"""More people to answer and to see: do fewer needs arise afterwards?

By how much a need that fails unsettles people is not known; without it (the default) needs arise as they did, and only
failure demand falls. `pcqa experiment meet_need` says from what value on the claim holds over a year.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis, Turning

MET = "a fifth more GPs, and three more call handlers"
NEEDS = Measure("needs", "needs_per_1000_week")


def fewer(found: Results) -> list[float]:
    """Return by what share fewer needs arise."""
    pairs = zip(found.values(AS_IT_IS, NEEDS), found.values(MET, NEEDS), strict=True)
    return [1 - met / now for now, met in pairs]


def unsettles(times: float) -> tuple[str, ...]:
    """Return the settings in which each sort of failure multiplies the hazard of becoming unsettled."""
    failures = ("refused", "late", "bounced", "lost", "given_up")
    return tuple(f"people.state.responds.{name}.unsettles={times}" for name in failures)


HYPOTHESIS = Hypothesis(
    claim="If we meet need, demand goes down",
    what="fewer needs with more GPs and call handlers",
    definition=(
        "Compared: a fifth more GPs and three more call handlers with the practice as it is. Measured: needs "
        "that arise. It holds where they fall by more than 3 in 100 within the measured weeks."
    ),
    measured=fewer,
    bound=0.03,
    arms={MET: ("practice.fte_level={gp: 1.2}", "rota.extra_call_handlers=3")},
    turning=Turning("how much a failure multiplies the hazard of a bad patch (times)", (1.0, 2.0, 4.0), unsettles),
    note="Nothing is known of this link: by default no failure changes what people need; seeing one's own GP does.",
)
