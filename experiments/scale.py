"""What scale for what work: the same needs at community, locality and borough scale.

The same practices, people and luck: a community has a practice or two, a locality a PCN's, a borough 35. What work is
shared is shared by as many practices as the scale has. Every list is a tenth of its size unless asked otherwise: then
practices are so small that sharing shows more than it would. `python experiments/scale.py --whole` runs a borough of
350,000 in this process, which takes hours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from pcqa_sim import load_scenario, simulate
from pcqa_sim.report.experiments import Measure
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import NETWORK
from pcqa_sim.study.statistics.intervals import interval

KINDS = ("average", "suburban", "urban_deprived", "rural_older", "small", "average", "student")
"""Profiles of practices, in turn: as unlike as those of a borough."""
EACH = 10_000  # people of a practice
SCALES = {"community": 14_000, "locality": 50_000, "borough": 350_000}
"""People at each scale, as in the model of scale: what is done at the lowest scale that can do it, and no higher."""
WORK: Mapping[str, tuple[str, ...]] = {
    "nothing shared": (),
    "one telephone queue": ("intervention=[shared_reception]",),
    "visiting pharmacists": ("intervention=[shared_pharmacists]",),
    "the same day at a neighbour's": ("intervention=[same_day_elsewhere]",),
    "a central hub": ("intervention=[economies_of_scale]", "intervention.economies_of_scale.rooms=200"),
}
COST = Measure("pounds for each need met", "cost_per_need_met", digits=2)
ANSWERED = Measure("calls answered", "attempts_answered_share", per_cent=True)
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
FAILURE = Measure("failure demand", "failure_share", per_cent=True)
MEASURES = (COST, ANSWERED, TOLD, FAILURE)


def members(people: int, tenth: bool) -> str:
    """Return the practices of a scale, as overrides; each a tenth of its size where `tenth` says so.

    Whoever has above 14,000 people holds several communities: none here has.
    """
    many = max(2, round(people / EACH))
    size = people // many // (10 if tenth else 1)
    each = (f"p{n}:['practice={KINDS[n % len(KINDS)]}','practice.list_size={size}']" for n in range(many))
    return f"network.members={{{','.join(each)}}}"


def runs(scale: str, work: str, replications: int, tenth: bool, weeks: int) -> Iterator[Run]:
    """Yield the replications of one kind of work at one scale."""
    length = (f"run.warm_up_weeks={min(4, weeks)}", f"run.measured_weeks={weeks}")
    scenario = load_scenario([members(SCALES[scale], tenth), *length, *WORK[work]])
    for replication in range(replications):
        yield simulate(scenario, replication=replication)


def values(run: Run) -> dict[str, float]:
    """Return the measures of a network in one run."""
    rows = run.metrics().query(
        "practice == @NETWORK and period == 'all' and group == ''", local_dict={"NETWORK": NETWORK}
    )
    known = dict(zip(rows["metric"], rows["value"], strict=True))
    return {measure.metric: float(known[measure.metric]) for measure in MEASURES}


def main() -> None:
    """Print, for each scale and kind of work, the paired change against nothing shared."""
    tenth, small = "--whole" not in sys.argv, "--tiny" in sys.argv
    replications, weeks = (2, 1) if small else (5, 6)
    for scale in list(SCALES)[: 1 if small else None]:
        base = [values(run) for run in runs(scale, "nothing shared", replications, tenth, weeks)]
        print(f"{scale}, {SCALES[scale]:,} people{' at a tenth of the size' if tenth else ''}:")
        for work in list(WORK)[1:]:
            mine = [values(run) for run in runs(scale, work, replications, tenth, weeks)]
            print(f"  {work}: {'; '.join(_said(measure, base, mine) for measure in MEASURES)}", flush=True)


def _said(measure: Measure, base: list[dict[str, float]], mine: list[dict[str, float]]) -> str:
    found = interval([m[measure.metric] - b[measure.metric] for b, m in zip(base, mine, strict=True)])
    return f"{measure.words} {measure.said(found)}"


if __name__ == "__main__":
    main()
