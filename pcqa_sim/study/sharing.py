"""Runs that begin alike: scenarios which differ only from a later week are one run until a part can see a difference.

That is the midnight of the week from which settings differ; earlier where the diary is opened ahead by settings that
differ: a session more from week 8 stands in the diary as soon as that week can be booked. With a difference from week 0
nothing is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.study.unit import Unit

MOST_TOGETHER = 8
"""Units that share their beginning at the most: an eighth of its cost is left to each."""
UNSEEN_AHEAD = frozenset(
    {"channels", "phones", "rota", "planned", "outcome", "backoffice", "costs", "start_belief", "name"}
)
"""What the diary, opened ahead of a day, does not ask of the settings that will hold on it."""
UNSEEN_WITHOUT_TRIAGE = frozenset({"demand", "demand_level", "triage"})
"""What it asks only to know how much of its time goes to clinician triage."""


def together(units: Sequence[Unit], beginning: Callable[[str], Hashable], hands: int) -> Iterator[tuple[Unit, ...]]:
    """Yield units, those together that may share their beginning: of one seed and replication, whose scenarios begin
    alike.

    Only whole rounds of `hands` processes are put together, so that none is idle while others have several units.
    """
    if hands < 1 or len({unit.scenario for unit in units}) < 2:
        yield from ((unit,) for unit in units)
        return
    alike: dict[Hashable, list[Unit]] = {}
    for unit in units:
        alike.setdefault((unit.seed, unit.replication, beginning(unit.scenario)), []).append(unit)
    groups = [part for mine in alike.values() for part in _parts(mine)]
    left = sum(len(group) > 1 for group in groups) // hands * hands
    for group in groups:
        if len(group) > 1 and left:
            left -= 1
            yield group
        else:
            yield from ((unit,) for unit in group)


def _parts(units: Sequence[Unit]) -> Iterator[tuple[Unit, ...]]:
    for first in range(0, len(units), MOST_TOGETHER):
        yield tuple(units[first : first + MOST_TOGETHER])


def week_apart(one: Scenario, other: Scenario) -> int:
    """Return the week of the run from which the settings of two scenarios differ, 0 where they begin otherwise.

    A phase counts as a difference, even where it changes nothing.
    """
    if (one.calendar, one.run, one.network) != (other.calendar, other.run, other.network):
        return 0
    if one.practices != other.practices:
        return 0
    if (one.network, one.mdt) != (other.network, other.mdt):
        return 0
    for mine, theirs in zip(one.phases, other.phases, strict=False):
        if mine != theirs:
            return min(mine.from_week, theirs.from_week)
    longer = max(one.phases, other.phases, key=len)
    shorter = min(len(one.phases), len(other.phases))
    return longer[shorter].from_week if len(longer) > shorter else one.weeks


def day_apart(one: Scenario, other: Scenario) -> int:
    """Return the first day of the run at whose beginning any part can tell one scenario from another."""
    week = week_apart(one, other)
    ahead = _first_day_that_opens_otherwise(one, other, week)
    day = min(week, one.weeks) * 7
    if ahead is None:
        return day
    opens = (today for today in range(day) if today + _horizon(one, today) >= ahead)
    return next(opens, day)


def _horizon(scenario: Scenario, today: int) -> int:
    """Return how many days ahead the diary is opened on a day, at the most."""
    return max(scenario.in_force(key, today // 7).appointments.horizon_days for key in scenario.practices)


def _first_day_that_opens_otherwise(one: Scenario, other: Scenario, week: int) -> int | None:
    """Return the first day on which a diary opened ahead would not be the same, None where there is none."""
    changes = sorted({phase.from_week for each in (one, other) for phase in each.phases if phase.from_week >= week})
    for since in changes:
        for key in one.practices:
            if not opens_alike(one.in_force(key, since), other.in_force(key, since)):
                return since * 7
    return None


def opens_alike(one: Practice, other: Practice) -> bool:
    """Tell whether a practice's diary is opened in the same way under two settings."""
    if one is other:
        return True
    no_triage = all(practice.triage.clinician_triage is None for practice in (one, other))
    unseen = UNSEEN_AHEAD | UNSEEN_WITHOUT_TRIAGE if no_triage else UNSEEN_AHEAD
    return all(getattr(one, name) == getattr(other, name) for name in type(one).model_fields if name not in unseen)


def of_one_beginning(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios with the first one's settings objects as far as they are alike: nothing then begins anew."""
    first = scenarios[0]
    return (first, *(_begun_as(first, other) for other in scenarios[1:]))


def _begun_as(first: Scenario, other: Scenario) -> Scenario:
    week = week_apart(first, other)
    if week == 0:
        return other
    phases = [phase for phase in first.phases if phase.from_week < week]
    return other.replaced(practices=first.practices, phases=(*phases, *other.phases[len(phases) :]))
