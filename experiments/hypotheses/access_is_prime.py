"""Does getting through do more for people's needs than the same pounds for clinicians who see them?"""

from __future__ import annotations

from pcqa_sim.report.experiments import Measure, Results
from pcqa_sim.report.hypotheses import Hypothesis
from pcqa_sim.scenario import Scenario

HANDLERS, HOURS_A_WEEK, SESSION_HOURS = 3, 52.5, 4.17  # people; core hours; hours of a half day (assumption)
THROUGH, SEEN = "more call handlers", "the same pounds for GP sessions"
MET = Measure("needs met, by all that arise", "needs_met_of_arisen_share")


def arms(base: Scenario) -> dict[str, tuple[str, ...]]:
    """Return three more call handlers all day, and GP sessions for what they cost."""
    practice = next(iter(base.practices.values()))
    pounds = HANDLERS * HOURS_A_WEEK * practice.rota.cost_per_hour_gbp
    sessions = pounds / (practice.role["gp"].cost_per_hour_gbp * SESSION_HOURS)
    return {
        THROUGH: (f"rota.extra_call_handlers={HANDLERS}",),
        SEEN: ("intervention=[add_session]", f"intervention.add_session.sessions={sessions:.2f}"),
    }


def ahead(found: Results) -> list[float]:
    """Return by how much more needs met rise with call handlers than with sessions, as a share of needs."""
    pairs = zip(found.values(THROUGH, MET), found.values(SEEN, MET), strict=True)
    return [through - seen for through, seen in pairs]


HYPOTHESIS = Hypothesis(
    claim="Access is prime",
    what="more needs met by call handlers than by GP sessions for the same pounds",
    definition=(
        "Compared: three more call handlers all day with GP sessions for the same pounds. Measured: needs "
        "met, by all that arise. It holds where getting through meets more needs than being seen does."
    ),
    measured=ahead,
    bound=0.0,
    arms=arms,
)
