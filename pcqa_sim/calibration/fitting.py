"""The fit: run the practice, move every fitted setting a step towards its target, and again."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pcqa_sim.calibration.adjustments import Move, Tree, moved
from pcqa_sim.calibration.mornings import MOVES
from pcqa_sim.calibration.own import own_moves
from pcqa_sim.calibration.targets import Seen, Targets
from pcqa_sim.scenario import PRACTICE_GROUPS, Practice, Scenario
from pcqa_sim.study.methods.replicate import Study, replicate
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

Replicate = Callable[[Scenario, int], Study]


@dataclass(frozen=True)
class Round:
    """One round: what was seen, and the settings it was seen with (value and target's row by dotted key)."""

    number: int
    seen: Seen
    fitted: dict[str, tuple[float, str]]
    scenario: Scenario


def measure(study: Study) -> Seen:
    """Return every metric of the measured weeks with its interval over replications, by (metric, group)."""
    summary = study.summary
    whole = summary[summary["period"] == "all"]
    columns = (whole[name].tolist() for name in ("metric", "group", "mean", "low", "high", "replications"))
    return {
        (metric, group): ConfidenceInterval(mean, low, high, count)
        for metric, group, mean, low, high, count in zip(*columns, strict=True)
    }


def fit(
    scenario: Scenario, name: str, targets: Targets, rounds: int, replications: int, run: Replicate = replicate
) -> Iterator[Round]:
    """Yield each round of a fit of a scenario's only practice with the moves of that name; the last moves nothing."""
    (key, practice), *_ = scenario.practices.items()
    tree = tree_of(practice)
    fitted: dict[str, tuple[float, str]] = {}
    for number in range(rounds):
        here = scenario.replaced(practices={key: practice_of(tree)})
        seen = measure(run(here, replications))
        yield Round(number, seen, dict(fitted), here)
        for setting, value, towards in moved(copy.deepcopy(tree), moves_of(name, targets), targets, seen):
            fitted[setting] = (value, towards)
            put(tree, setting, value)


def moves_of(name: str, targets: Targets) -> tuple[Move, ...]:
    """Return what is fitted to targets of a name: what was declared for it, else what a practice's own counts say."""
    return MOVES.get(name) or own_moves(targets)


def tree_of(practice: Practice) -> Tree:
    """Return a practice's settings as users write them: groups at the top, the rest under `practice`."""
    dump = practice.model_dump(mode="json")
    own = {name: value for name, value in dump.items() if name not in PRACTICE_GROUPS}
    return {name: dump[name] for name in PRACTICE_GROUPS} | {"practice": own}


def practice_of(tree: Tree) -> Practice:
    """Return the practice that such settings describe, checked as a whole."""
    return Practice.model_validate({name: tree[name] for name in PRACTICE_GROUPS} | tree["practice"])


def put(tree: Tree, key: str, value: float) -> None:
    """Set what stands at a dotted key that is there already."""
    *path, last = key.split(".")
    here = tree
    for part in path:
        here = here[part]
    if last not in here:
        raise KeyError(key)
    here[last] = value
