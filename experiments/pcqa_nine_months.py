"""A flood practice manages its on-the-day demand, and from week 20 on turns to people: what nine months change."""

from pcqa_sim.report.months import FROM_WEEK, MANAGED, PEOPLE, PEOPLE_FROM, months_of

EXPERIMENT = months_of(
    question="What do nine months change, in which on-the-day demand is managed and then people are met?",
    arm="demand managed, then people met",
    since=dict.fromkeys(MANAGED, FROM_WEEK) | dict.fromkeys(PEOPLE, PEOPLE_FROM),
    note=(
        "Practices of the Academy report that work with people and the community shows after six to nine months: a "
        "prediction that stands beside this. Here nothing that is done for people makes them need less, unless "
        "people.state.responds says so, since no trial has shown it."
    ),
)
