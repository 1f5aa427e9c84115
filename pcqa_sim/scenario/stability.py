"""Whether a state that responds holds: how many failing needs follow from one that fails, by way of the person's state.

A need that fails makes its person unsettled more often, and for longer; unsettled people have more needs, and some of
those fail. Where one failing need brings on one more or more, nothing settles: people go up to the most there is.

The share that fails as a practice begins understates it where capacity is full: every further need then makes one fail,
and what counts is the number with every need failing.
"""

from __future__ import annotations

import math

from pcqa_sim.scenario.groups import Response
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.values.words import Happening

FAILING = (Happening.REFUSED, Happening.LATE, Happening.BOUNCED, Happening.LOST, Happening.GIVEN_UP)
_TERMS = 40  # of a series whose terms fall faster than any power


def reproduction(practice: PracticeGroups, failing_share: float) -> float:
    """Return R, how many needs fail because one failed, of the mean person, where so large a share of needs fails.

    R = phi r0 q (D lambda0 U + V): needs a week while unsettled (phi r0), times the share that fails (q), times the
    weeks unsettled that one failing need adds. lambda0 U is how many bad patches it begins, by the integral of
    exp(b 2^(-t/H)) - 1, each of D weeks; V is by how much it draws one out. The strongest response counts, as if
    every failing need were of that kind.
    """
    state = practice.people.state
    share, weeks = state.unsettled_share, state.unsettled_mean_weeks
    if share in (0.0, 1.0):
        return 0.0
    becomes = share / ((1 - share) * weeks)
    mean_factor = 1 - share + share * state.needs_factor
    usual_needs = practice.demand.needs_per_1000_week / 1000 * practice.demand_level
    added = [
        weeks * becomes * _begun(response) + _drawn_out(response, weeks)
        for happening, response in state.responds.items()
        if happening in FAILING and response.moves
    ]
    return usual_needs * state.needs_factor / mean_factor * failing_share * max(added, default=0.0)


def _begun(response: Response) -> float:
    """Return the integral over weeks of the hazard of becoming unsettled, in times of what it is, less 1."""
    strength = math.log(response.unsettles)
    series = sum(strength**n / (n * math.factorial(n)) for n in range(1, _TERMS))
    return response.half_life_weeks / math.log(2) * series


def _drawn_out(response: Response, weeks: float) -> float:
    """Return by how many weeks an unsettled spell of a mean length is drawn out, by the first order."""
    strength, steps = math.log(response.settles), 2000
    if strength == 0:
        return 0.0
    step = 20 * weeks / steps
    times = ((i + 0.5) * step for i in range(steps))
    return step * sum(
        (1 - math.exp(strength * 2 ** (-t / response.half_life_weeks))) * math.exp(-t / weeks) for t in times
    )


def refusal(practice: PracticeGroups) -> str:
    """Return why a state that responds so strongly is refused, "" where it is not."""
    found = reproduction(practice, practice.failing_share)
    if found < 1:
        return ""
    return (
        f"people.state.responds: one failing need brings on {found:.2f} more (below 1 is allowed; failing_share "
        f"{practice.failing_share:g}), so that everybody comes to be unsettled: choose smaller times or half-lives"
    )


def warning(practice: PracticeGroups) -> str:
    """Return a warning where a state that responds would not hold if every need failed, "" where it would."""
    found = reproduction(practice, 1.0)
    if found < 1:
        return ""
    return (
        f"people.state.responds: if every need failed, each would bring on {found:.2f} more; in a practice without "
        "capacity to spare every further need makes one fail, so that needs rise year by year and results depend on "
        "how long the run is"
    )
