"""Economies of scale or working at scale: what does a need cost from end to end, and what does each hand-off cost?

The same people and the same luck. The hub is as quick and as cheap by the unit as is claimed for it; what is lost by
handing over is swept, as hardly anybody has measured it, and where the hub stops paying is read off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results, crossing
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

LOST = {0.0: 0, 0.1: 1, 0.2: 2, 0.4: 3}
"""Share of what would be resolved that is not, for lack of context, and minutes for which the story is told again."""
TEAMS = "working at scale, without an MDT"
WITH_MDT = "working at scale"
COST = Measure("pounds for each need met, end to end", "cost_per_need_met", digits=2)
UNIT = Measure("pounds a consultation", "unit_cost_gbp", digits=2)
HAND_OFFS = Measure("hand-offs for each need", "hand_offs_per_need", digits=3)
TOUCHPOINTS = Measure("contacts with services for each person and year", "touchpoints_per_person_year", digits=2)
CONTACTS = Measure("contacts for each need", "contacts_per_need", digits=3)
FAILURE = Measure("failure demand", "failure_share", per_cent=True, of="contacts")
MINUTES = Measure("clinicians' minutes for each need", "clinician_min_per_need", digits=2)
LATE = Measure("needs that cannot wait seen late", "seen_later_than_safe_share", per_cent=True)
DAYS = Measure("days from asking to a clinician", "days_waited_for_clinician", digits=2)
MET = Measure("needs met", "needs_met_share", per_cent=True)
MEASURES = (COST, UNIT, HAND_OFFS, CONTACTS, TOUCHPOINTS, FAILURE, MINUTES, MET, LATE, DAYS)


def hub(lost: float) -> str:
    """Return what the hub is called that loses so much by handing over."""
    return f"economies of scale, {lost * 100:.0f} % lost by handing over"


LEVELS = {hub(lost): lost for lost in LOST}


def level(arm: str) -> float:
    """Return the share lost by handing over in an arm; nothing is handed over in the others."""
    return LEVELS.get(arm, 0.0)


def _settings(lost: float, minutes: int) -> tuple[str, ...]:
    under = "intervention.economies_of_scale.hand_off"
    return (
        "intervention=[economies_of_scale]",
        f"{under}.resolves_factor={1 - lost:g}",
        f"{under}.retold_min={minutes}",
    )


def break_even(found: Results, measure: Measure, against: str) -> ConfidenceInterval | None:
    """Return the share lost by handing over from which the hub costs more than an arm; None if not in the range."""
    base = found.values(against, measure)
    runs = zip(*(found.values(hub(lost), measure) for lost in LOST), strict=True)
    apart = [[value - of_base for value in values] for values, of_base in zip(runs, base, strict=True)]
    points = [crossing(list(LOST), values, 0.0) for values in apart]
    return None if any(map(math.isnan, points)) else interval(points)


def _means_cross(found: Results, measure: Measure, against: str) -> float:
    base = found.level(against, measure).mean
    return crossing(list(LOST), [found.level(hub(lost), measure).mean - base for lost in LOST], 0.0)


def _said(found: Results, measure: Measure, against: str) -> str:
    """Say from what share lost the hub costs more than something else, or that none in the range does that."""
    at, mean = break_even(found, measure, against), _means_cross(found, measure, against)
    first = found.level(hub(0.0), measure).mean - found.level(against, measure).mean
    if at is not None:
        bounds = f"({max(0.0, at.low) * 100:.0f} to {at.high * 100:.0f})"
        return f"from {at.mean * 100:.0f} % lost by handing over {bounds} the hub costs more"
    if not math.isnan(mean):
        return f"by the means from {mean * 100:.0f} % on, but not in every replication"
    return "none in the range: the hub costs more " + (
        "whatever is lost" if first > 0 else "at none of the shares tried"
    )


def read(found: Results) -> Sequence[str]:
    """Say what each way does by the unit and from end to end, and from where the hub stops paying."""
    usual = hub(0.1)
    return [
        f"Working at scale: {found.all_went(WITH_MDT, MEASURES)}.",
        f"The same without its MDT: {found.all_went(TEAMS, MEASURES)}.",
        f"Economies of scale, a tenth lost by handing over: {found.all_went(usual, MEASURES)}.",
        f"Break-even against the practices as they are, for each need met: {_said(found, COST, AS_IT_IS)}.",
        f"Break-even against working at scale, for each need met: {_said(found, COST, WITH_MDT)}; "
        f"without its MDT: {_said(found, COST, TEAMS)}.",
        f"By the unit alone, against the practices as they are: {_said(found, UNIT, AS_IT_IS)}.",
    ]


def draw(found: Results) -> bytes:
    """Return the picture: what the hub costs and does by what is lost, with nothing shared beside it."""
    from pcqa_sim.results.figures import lines_figure  # slow to import, as all that draw

    table = found.table((COST, UNIT, FAILURE, MET))
    mine = table[table["arm"].isin(list(LEVELS))]
    label = "share lost by handing over, of what the hub would resolve"
    return lines_figure(mine.assign(amount=mine["arm"].map(level)), label, EXPERIMENT.question)


EXPERIMENT = Experiment(
    question="Economies of scale or working at scale: what does a need cost from end to end?",
    arms={hub(lost): _settings(lost, minutes) for lost, minutes in LOST.items()}
    | {
        WITH_MDT: ("intervention=[working_at_scale]",),
        TEAMS: ("intervention=[working_at_scale]", "intervention.working_at_scale.mdt.frail=null"),
    },
    measures=MEASURES,
    read=read,
    draw=draw,
    notes=(
        "That a hub's people are a tenth quicker and cheaper is what is claimed for it, without a source; what a "
        "hand-off loses is swept.",
        "Working at scale is shared lists, specialists who visit, and a frailty MDT that by itself saves nothing.",
    ),
)
