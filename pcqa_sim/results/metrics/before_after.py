"""Metrics that show regression to the mean: how much less often people come who were picked for coming often."""

from __future__ import annotations

from pcqa_sim.population.frequent import given, most
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.metrics.often import WEEKS_A_MONTH, contacts, first_week, whole

TENTH = 0.1


@metric("contacts afterwards of people picked for coming often", "times their contacts before")
def picked_before_after_ratio(c: Counted) -> dict[str, Ratio]:
    """Contacts in the second half of the measured weeks by those in the first, of the tenth who made most in the first.

    `who=picked`, and `who=everybody` beside it. Nothing is done to the one group more than to the other: what those who
    were picked fall by more is regression to the mean.
    """
    first, half = first_week(c), c.scenario.run.measured_weeks // 2
    before, after = contacts(c, first, first + half), contacts(c, first + half, first + 2 * half)
    picked = most(before, TENTH)
    return {
        "who=picked": whole(c, float(after[picked].sum()), float(before[picked].sum())),
        "who=everybody": whole(c, float(after.sum()), float(before.sum())),
    }


Picked = dict[str, tuple[float, float, float]]
"""Of those given the programme and of the others picked: how many they are, contacts a week before, and after."""


def _picked(c: Counted) -> Picked:
    """Return what is counted of people picked for a programme, nothing without one."""
    rules = c.practice.people.frequent_programme
    if rules is None or rules.from_week >= c.scenario.weeks:
        return {}
    start, since, end = rules.from_week - rules.looks_back_weeks, rules.from_week, c.scenario.weeks
    before, after = contacts(c, start, since), contacts(c, since, end)
    picked = most(before, rules.share)
    those = given(c.people.key, picked, rules.given_share)
    return {
        name: (float(of.sum()), float(before[of].sum()) / (since - start), float(after[of].sum()) / (end - since))
        for name, of in (("given", those), ("others", picked & ~those))
    }


@metric("contacts of frequent attenders before and after a programme", "contacts per person per month")
def programme_contacts_per_month(c: Counted) -> dict[str, Ratio]:
    """Contacts a month of frequent attenders picked for a programme: those given it and the others, before and after.

    Without a programme (`people.frequent_programme`) there is no value.
    """
    found = {}
    for name, (many, before, after) in _picked(c).items():
        found[f"{name}=before"] = whole(c, before * WEEKS_A_MONTH, many)
        found[f"{name}=after"] = whole(c, after * WEEKS_A_MONTH, many)
    return found


@metric("contacts of frequent attenders after a programme", "times those before")
def programme_ratio(c: Counted) -> dict[str, Ratio]:
    """Contacts after a programme began by those before: of those given it, of the others picked, and one by the other.

    `times=given` is all that a practice sees that looks at before and after alone; `times=controlled` is what is left
    of it against the others.
    """
    found = {name: after / before if before else 0.0 for name, (_, before, after) in _picked(c).items()}
    if not found:
        return {}
    ratios = {f"times={name}": whole(c, after, before) for name, (_, before, after) in _picked(c).items()}
    return ratios | {"times=controlled": whole(c, found["given"], found["others"])}
