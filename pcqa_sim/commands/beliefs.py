"""`pcqa trust --ranges`: what several people's ranges for the assumptions, all together, make of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pcqa_sim.commands.watching import progress
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from pcqa_sim.inputs.ranges import Pools
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.statistics.criterion import Yardstick

FEWEST = 8


def joint_lines(
    scenarios: Mapping[str, Scenario], pools: Pools, yardstick: Yardstick, draws: int, workers: int
) -> list[str]:
    """Return what so many joint draws of the ranges make of a metric, and of what each change does to it.

    `scenarios` are the study's, the base first. A draw has luck of its own, the same for all scenarios.
    """
    from pcqa_sim.calibration.matching import scenario_with
    from pcqa_sim.inputs.ranges import samples
    from pcqa_sim.study.methods.trials import Trials

    names = list(scenarios)
    drawn: list[Mapping[str, float]] = []
    made: list[list[Scenario]] = []
    faults: list[Fault] = []
    for values in samples(pools, draws, next(iter(scenarios.values())).run.seed):
        try:
            made.append([scenario_with(one, values) for one in scenarios.values()])
            drawn.append(values)
        except BadInput as bad:
            faults += bad.faults
    if len(made) < max(FEWEST, draws // 2):
        raise BadInput(faults[:3] or [Fault("--draws", f"at least {FEWEST} are needed", str(draws))])
    flat = [one for row in made for one in row]
    trials = Trials(lambda point: flat[int(point[0])], [yardstick], flat[0].run.seed, workers=workers)
    wanted = [((float(at * len(names) + place),), at) for at in range(len(made)) for place in range(len(names))]
    with progress(f"{flat[0].weeks} weeks, {len(wanted)} runs", len(wanted)):
        found = np.array(trials(wanted)).reshape(len(made), len(names))
    return told(found, names, drawn, pools, yardstick, len(faults))


def told(
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    names: Sequence[str],
    drawn: Sequence[Mapping[str, float]],
    pools: Pools,
    yardstick: Yardstick,
    outside: int,
) -> list[str]:
    """Return in lines: the metric over all draws, what each change does, and which range it depends on most."""
    from scipy.stats import spearmanr

    people = {one.who for ranges in pools.values() for one in ranges}
    whose = "1 file" if len(people) == 1 else f"{len(people)} files"
    lines = [
        "",
        "## With the ranges that people gave, all together",
        "",
        f"{len(found)} draws of {len(pools)} settings from {whose} (80 % intervals, pooled), each with its luck.",
        f"{yardstick.words}: {_spread(found[:, 0], yardstick)}.",
    ]
    for place, name in enumerate(names[1:], 1):
        change = found[:, place] - found[:, 0]
        up = float((change > 0).mean())
        lines.append(f"With {name}: it changes by {_spread(change, yardstick)}; up in {100 * up:.0f} % of draws.")
    answer = found[:, -1] - found[:, 0] if len(names) > 1 else found[:, 0]
    if np.isfinite(answer).all() and np.ptp(answer) > 0:
        ties = {}
        for key in pools:
            column = [values[key] for values in drawn]
            ties[key] = float(spearmanr(column, answer).statistic) if np.ptp(column) > 0 else 0.0
        first = sorted(ties, key=lambda key: -abs(ties[key]))[:5]
        lines.append(
            "It depends most on: " + ", ".join(f"{key} (rank correlation {ties[key]:+.2f})" for key in first) + "."
        )
    if outside:
        lines.append(f"{outside} draws were of values that a setting may not have, and were left out.")
    return lines


def _spread(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], yardstick: Yardstick) -> str:
    good = values[np.isfinite(values)]
    if not len(good):
        return "nothing to divide by"
    low, middle, high = np.percentile(good, [10, 50, 90])
    by, unit = (100.0, " %") if yardstick.is_share else (1.0, "")
    return f"{by * middle:.3g}{unit} in the middle, 8 in 10 from {by * low:.3g} to {by * high:.3g}{unit}"
