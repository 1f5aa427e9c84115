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

from pcqa_sim.report.experiments import Arms, Experiment, Measure, Results, crossing
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.stability import FAILING
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values.needs import NO_NEXT_STEP

TRIED: Final = (1, 2, 4, 8)
FALL: Final = 0.03  # share; a claim holds if needs fall by this or more, with the interval below 0
STAFF, HANDLERS = 1.6, 2  # times, and call handlers more; assumption: enough that few are turned away or seen late
ROLES: Final = ("gp", "practice_nurse", "other", "pharmacist", "hca")
NEEDS = Measure("needs that arise a week among 1,000 people", "needs_per_1000_week")
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True, of="requests heard")
MET = Measure("needs met", "needs_met_share", per_cent=True, of="needs that ended")
MINUTES = Measure("GPs' minutes with patients a day", "patient_min_per_working_day", "role=gp", digits=0)
FAILURE = Measure("failure demand", "failure_share", per_cent=True, of="contacts")
MEASURES = (NEEDS, TOLD, MET, MINUTES, FAILURE)
BASE: Final = "as it is: what fails moves nobody"


def moved(times: int) -> str:
    """Return how strongly people are moved by a need that fails."""
    return "what fails moves nobody" if times == 1 else f"what fails makes a bad patch {times} times as likely"


def as_it_is(times: int) -> str:
    """Return what the arm is called in which failing multiplies the hazard so many times and little is met."""
    return f"as it is: {moved(times)}"


def need_met(times: int) -> str:
    """Return what the arm beside it is called, in which need is met."""
    return f"need met: {moved(times)}"


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
    said = [
        f"The claim: if we meet need, needs that arise fall by {100 * FALL:g} % or more, clear of chance. Met is here: "
        f"{STAFF:g} times the clinicians, {HANDLERS} more call handlers, a next step for everybody who is heard."
    ]
    for times in TRIED:
        change, minutes = fall(found, times), fall(found, times, MINUTES)
        verdict = "holds" if holds(change) else "does not hold"
        said.append(
            f"- Where {moved(times)}: needs change by {_per_cent(change)}, GPs' minutes with patients by "
            f"{_per_cent(minutes)}; the claim {verdict}."
        )
    return [*said, from_where(found)]


def from_where(found: Results) -> str:
    """Return from which of the values tried the claim holds, and where between them the mean passes its bound."""
    tried = ", ".join(map(str, TRIED))
    which = [times for times in TRIED if all(holds(fall(found, more)) for more in TRIED if more >= times)]
    if not which:
        return f"So the claim holds at none of {tried} times."
    passed = crossing(TRIED, [-fall(found, times).mean for times in TRIED], FALL)
    between = (
        "" if np.isnan(passed) else f"; between those the mean passes {100 * FALL:g} % at about {passed:.1f} times"
    )
    return f"So the claim holds from {which[0]} times on, of {tried} tried{between}."


def _per_cent(change: ConfidenceInterval) -> str:
    bounds = "" if np.isnan(change.low) else f" ({100 * change.low:+.1f} to {100 * change.high:+.1f})"
    return f"{100 * change.mean:+.1f} %{bounds}"


def draw(found: Results) -> bytes:
    """Return the picture: what becomes of needs and GPs' minutes where need is met, and where the claim holds."""
    from pcqa_sim.results.figures import threshold_figure

    rows = []
    for words, measure in (("needs that arise", NEEDS), ("GPs' minutes with patients", MINUTES)):
        for times in TRIED:
            change = fall(found, times, measure)
            numbers = {"mean": 100 * change.mean, "low": 100 * change.low, "high": 100 * change.high}
            reached = measure is not NEEDS or holds(change)
            told = {"measure": f"change in {words} where need is met", "unit": "%", "amount": times}
            rows.append({**told, **numbers, "reached": reached})
    return threshold_figure(
        pd.DataFrame(rows),
        -100 * FALL,
        f"below the dashed line {100 * FALL:g} % fewer needs arise; full dots: the claim holds",
        "times as likely that a bad patch begins after a need fails (1: what fails moves nobody)",
        EXPERIMENT.question,
    )


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
        "Where what fails moves nobody, more see their own GP all the same, which lengthens the time to the next need.",
    ),
)
