"""A regular doctor: would people come less if more of them saw their own?

Kajaria-Montag et al., Management Science 2024, from ten million consultations of 381 practices: up to 5.2 % fewer
consultations, were every practice's continuity that of the best tenth. Here more people ask for their
usual GP, and wait longer for it.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Beside, Experiment, Measure, Results

KEPT = "all want their own GP and wait 10 days longer"
NAME = "protect_continuity"
USUAL = Measure("GP appointments with the usual GP", "usual_gp_share", per_cent=True)
VISITS = Measure("consultations per 1,000 people a week", "consultations_per_1000_week")
NEED = Measure("consultations for each need", "consultations_per_need", digits=3)
DAYS = Measure("days to a clinician", "days_to_clinician")
BETWEEN = Measure("interval after the usual GP, times that after another", "usual_gp_interval_ratio", digits=2)
PAPER = "Kajaria-Montag et al., Management Science 2024: continuity_demand_reduction_top_decile"


def read(found: Results) -> list[str]:
    """Say what more continuity does to how often people come."""
    return [
        f"With {KEPT}: {found.all_went(KEPT, (USUAL, VISITS, NEED, DAYS))}.",
        f"As it is, {found.said(AS_IT_IS, BETWEEN)}.",
    ]


EXPERIMENT = Experiment(
    question="A regular doctor: do people come less if more of them see their own GP?",
    arms={
        KEPT: (
            f"intervention=[{NAME}]",
            f"intervention.{NAME}.prefer_share=1.0",
            f"intervention.{NAME}.extra_days=10",
        )
    },
    measures=(USUAL, VISITS, NEED, DAYS),
    read=read,
    beside=(
        Beside(
            "Consultations, with more continuity", (0.948, None, None), lambda f: f.ratio(KEPT, VISITS), PAPER, digits=3
        ),
        Beside(
            "Interval to the next visit, after the usual GP by another", (1.181, 1.169, 1.192),
            lambda f: f.level(AS_IT_IS, BETWEEN), "the same: continuity_revisit_interval", digits=3,
            standing="an input: outcome.continuity.interval_rise",
        ),
    ),
    notes=(
        "Differs: the published reduction is up to that much, over years; a run of weeks sees only intervals shorter "
        "than itself, and what a doctor learns of a person is no part of the model.",
    ),
)  # fmt: skip
