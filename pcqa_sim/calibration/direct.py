"""Settings that a practice's own files show directly, each with its interval; nothing is searched for them.

Lengths of calls and consultations are what the files say. All others are multiplied by what was counted over what the
model gives of the same count, twice: calls repeat, rush at eight and come back, so that no count is a setting itself,
but each of these counts goes with one setting. What comes before ten, when people respond to scarcity, is moved as one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pcqa_sim.calibration.adjustments import Tree
from pcqa_sim.calibration.asked_for import half_hours, level, online, weekdays
from pcqa_sim.calibration.booked import missed, visited
from pcqa_sim.calibration.fitting import Replicate, measure, practice_of, put, tree_of
from pcqa_sim.calibration.lengths import straight
from pcqa_sim.calibration.statistics import ANSWERED, MINUTES, TALK, Direct, Model, Named, Rule, Statistic
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.values.faults import BadInput, Fault

ROUNDS = 2
RULES: Sequence[Rule] = (level, online, weekdays, half_hours, missed, visited)


@dataclass(frozen=True)
class Directly:
    """A scenario with all that files show directly, and what that is, with intervals."""

    scenario: Scenario
    found: tuple[Direct, ...]


def directly(scenario: Scenario, statistics: Iterable[Statistic], run: Replicate, replications: int) -> Directly:
    """Return a scenario's only practice with the settings that statistics of its files show, from runs in two rounds.

    Raises BadInput where none is shown, or the practice cannot be so.
    """
    by = {one.name: one for one in statistics}
    (name, practice), *_ = scenario.practices.items()
    tree = tree_of(practice)
    found = {one.key: one for one in straight(tree, by)}
    _lay(tree, found.values())
    here = scenario.replaced(practices={name: _checked(tree)})
    for _ in range(ROUNDS if _needs_runs(by) else 0):
        model = Model(measure(run(here, replications)), practice.list_size, _luck(by, scenario, replications))
        moved = {one.key: one for rule in RULES for one in rule(tree, by, model)}
        _lay(tree, moved.values())
        found |= moved
        here = scenario.replaced(practices={name: _checked(tree)})
    if not found:
        rule = "show none of the settings directly: too few calls, forms or appointments, or not three weeks of them"
        raise BadInput(Fault("--from", rule))
    return Directly(here, tuple(found.values()))


def _luck(by: Named, scenario: Scenario, replications: int) -> float:
    """Return the model's own luck against the files': by the root of weeks counted over weeks simulated."""
    weeks = by[ANSWERED].rows / by[ANSWERED].value / 5 if ANSWERED in by else scenario.run.measured_weeks
    return math.sqrt(weeks / scenario.run.measured_weeks / replications)


def _needs_runs(by: Named) -> bool:
    return any(not name.startswith((TALK, MINUTES)) for name in by)


def units_of(statistics: Sequence[Statistic], replications: int) -> int:
    """Return how many runs `directly` takes at the most."""
    return ROUNDS * replications if _needs_runs({one.name: one for one in statistics}) else 0


def _lay(tree: Tree, found: Iterable[Direct]) -> None:
    for one in found:
        put(tree, one.key, one.value)


def _checked(tree: Tree) -> Practice:
    try:
        return practice_of(tree)
    except ValueError as error:
        raise BadInput(Fault("--from", f"the practice cannot be as its files show: {str(error)[:200]}")) from None
