"""A flood practice manages its on-the-day demand from week 5 on, with the team it has: what four months change."""

from pcqa_sim.report.months import FROM_WEEK, MANAGED, months_of

EXPERIMENT = months_of(
    question="What do four months of managing on-the-day demand change, with the same team?",
    arm="on-the-day demand managed",
    since=dict.fromkeys(MANAGED, FROM_WEEK),
    note=(
        "Practices of the Academy report that the rush at eight spreads over the day within about four months: a "
        "prediction that stands beside this, to which nothing is fitted."
    ),
)
