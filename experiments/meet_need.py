"""Needs are met, and what people lived through moves them or not: from which value does demand then go down?

A need that is refused, late, sent back, lost or given up multiplies its person's hazard of becoming unsettled
(`people.state.responds`); no published study says by how much, so the values are tried. At each of them the practice as
it is stands beside the same practice with clinicians and call handlers enough, and a next step for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from pcqa_sim.report.experiments import Arms, Experiment, Measure, Results
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.stability import FAILING
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values.needs import NO_NEXT_STEP

TRIED: Final = (1, 2, 4, 8)
FALL: Final = 0.03  # share; a claim holds if needs fall by this or more, with the interval below 0
STAFF, HANDLERS = 1.6, 2  # times, and call handlers more; assumption: enough that few are turned away or seen late
ROLES: Final = ("gp", "practice_nurse", "other", "pharmacist", "hca")
NEEDS = Measure("needs that arise a week, of 1,000 people", "needs_per_1000_week")
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
MET = Measure("needs met", "needs_met_share", per_cent=True)
MINUTES = Measure("GPs' minutes with patients a day", "patient_min_per_working_day", "role=gp", digits=0)
FAILURE = Measure("failure demand, of contacts", "failure_share", per_cent=True)
MEASURES = (NEEDS, TOLD, MET, MINUTES, FAILURE)
BASE: Final = "failing moves nobody, as it is"


def as_it_is(times: int) -> str:
    """Return what the arm is called in which failing multiplies the hazard so many times and little is met."""
    return BASE if times == 1 else f"failing unsettles {times} times as fast, as it is"


def need_met(times: int) -> str:
    """Return what the arm beside it is called, in which need is met."""
    return ("failing moves nobody" if times == 1 else f"failing unsettles {times} times as fast") + ", need met"


def meeting(practice: Practice) -> Iterator[str]:
    """Yield the settings that meet need: clinicians and call handlers enough, and a next step for everybody heard."""
    for role in ROLES:
        if practice.works(role):
            yield f"practice.fte_level.{role}={practice.fte_level.get(role, 1.0) * STAFF:.6g}"
    yield f"rota.extra_call_handlers={practice.rota.extra_call_handlers + HANDLERS}"
    for kind, row in practice.triage.places.items():
        left_without = row.get(NO_NEXT_STEP, 0.0)
        if left_without:
            place = max(row, key=lambda name: row[name] if name != NO_NEXT_STEP else -1.0)
            yield f"triage.places.{kind}.{place}={row[place] + left_without:.10g}"
            yield f"triage.places.{kind}.{NO_NEXT_STEP}=0"


def arms(base: Scenario) -> Arms:
    """Return both arms of every value tried, but for the base."""
    practice = next(iter(base.practices.values()))
    meets = tuple(meeting(practice))
    made: dict[str, tuple[str, ...]] = {}
    for times in TRIED:
        moves = tuple(f"people.state.responds.{what.value}.unsettles={times}" for what in FAILING)
        if times > 1:
            made[as_it_is(times)] = moves
        made[need_met(times)] = (*(moves if times > 1 else ()), *meets)
    return made


def fall(found: Results, times: int, measure: Measure = NEEDS) -> ConfidenceInterval:
    """Return by which share a measure changes where need is met, replication by replication."""
    pairs = zip(found.values(as_it_is(times), measure), found.values(need_met(times), measure), strict=True)
    return interval([met / before - 1 if before else float("nan") for before, met in pairs])


def holds(change: ConfidenceInterval) -> bool:
    """Tell whether needs fall by enough, clear of chance."""
    return change.mean <= -FALL and change.high < 0


def read(found: Results) -> list[str]:
    """Say what meeting need does to needs at each value, and from which on the claim holds."""
    said = [f"The claim: if we meet need, needs that arise fall by {100 * FALL:g} % or more, clear of chance."]
    for times in TRIED:
        change, minutes = fall(found, times), fall(found, times, MINUTES)
        moved = "Where failing moves nobody" if times == 1 else f"Where failing unsettles {times} times as fast"
        told = f"needs change by {_per_cent(change)}, GPs' minutes with patients by {_per_cent(minutes)}"
        said.append(f"{moved}: {told}; the claim {'holds' if holds(change) else 'does not hold'}.")
    which = [times for times in TRIED if all(holds(fall(found, more)) for more in TRIED if more >= times)]
    if which:
        said.append(f"So it holds from {which[0]} times on, of {', '.join(map(str, TRIED))} tried.")
    else:
        said.append(f"So it holds at none of {', '.join(map(str, TRIED))} times.")
    return said


def _per_cent(change: ConfidenceInterval) -> str:
    bounds = "" if np.isnan(change.low) else f" ({100 * change.low:+.1f} to {100 * change.high:+.1f})"
    return f"{100 * change.mean:+.1f} %{bounds}"


def draw(found: Results) -> bytes:
    """Return the picture: by how much needs and GPs' minutes change where need is met, at each value."""
    from pcqa_sim.results.figures import lines_figure

    rows = []
    for words, measure in (("needs that arise", NEEDS), ("GPs' minutes with patients", MINUTES)):
        for times in TRIED:
            change = fall(found, times, measure)
            numbers = {"mean": 100 * change.mean, "low": 100 * change.low, "high": 100 * change.high}
            rows.append({"measure": f"change in {words}", "unit": "%", "arm": str(times), "amount": times, **numbers})
    across = "times as fast that failing unsettles people (1: not at all)"
    return lines_figure(pd.DataFrame(rows), across, "Need is met: what becomes of demand?")


EXPERIMENT = Experiment(
    question="If we meet need, does demand go down?",
    arms=arms,
    measures=MEASURES,
    read=read,
    base=BASE,
    draw=draw,
    notes=(
        "No trial has shown what a failed need does to a person: the times are an assumption to be tried, with a "
        "half-life of 13 weeks.",
    ),
)
