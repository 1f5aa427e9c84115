"""Frequent attenders are picked as a practice picks them; half get a programme: what before and after would say of it.

In the base the programme truly does nothing. People were picked for a bad half year, and most fall back by themselves:
regression to the mean. The same people in the same run without it are what a change has to be held against.
"""

from __future__ import annotations

import math

import pandas as pd

from pcqa_sim.report.experiments import Experiment, Measure, Results

NOTHING, WORKS, STRONG = "it does nothing", "it takes 10 in 100 of their needs away", "it takes 30 in 100 away"
TIMES = "people.frequent_programme.needs_times"
MONTHLY, RATIO = "programme_contacts_per_month", "programme_ratio"
BEFORE = Measure("contacts a month before, those given it", MONTHLY, "given=before")
AFTER = Measure("contacts a month after, those given it", MONTHLY, "given=after")
GIVEN = Measure("contacts after: given it", RATIO, "times=given", per_cent=True, of="those before")
OTHERS = Measure("contacts after: picked, not given it", RATIO, "times=others", per_cent=True, of="those before")
CONTROLLED = Measure("given it, held against the others", RATIO, "times=controlled", per_cent=True, of="theirs")
_SAME = Measure("", RATIO, per_cent=True, of="what they were without it")
_LEVELS = (BEFORE, AFTER, GIVEN, OTHERS)


def read(found: Results) -> list[str]:
    """Say what before and after shows of a programme that does nothing, and what is left against the others."""
    levels = (found.level(NOTHING, one) for one in _LEVELS)
    before, after, given, others = (one.said(level) for one, level in zip(_LEVELS, levels, strict=True))
    said = [
        _who(found),
        f"A programme that does nothing: those given it make {before} contacts a month before and {after} after, "
        f"{given}. It looks as if it worked.",
        f"Those who were picked and not given it come to {others}, with nothing done for them: all were picked for a "
        f"bad half year, and that passes. {_beside_others(found)}",
    ]
    for arm in found.others:
        said.append(
            f"- If {arm}: before and after alone shows {GIVEN.said(found.level(arm, GIVEN))}; held against the others, "
            f"{CONTROLLED.said(found.level(arm, CONTROLLED))}. What it truly does, by the same people in the same run "
            f"without it: their contacts after come to {_SAME.said(found.ratio(arm, AFTER))}."
        )
    return [*said, "Before and after alone is no evidence that a programme for frequent attenders works."]


def _who(found: Results) -> str:
    """Say who is picked, and how many are given the programme."""
    rules = next(iter(found.scenario.practices.values())).people.frequent_programme
    assert rules is not None  # the settings of the experiment have one
    picked = int(found.scenario.people_of(found.practice) * rules.share)
    return (
        f"Picked are the {100 * rules.share:g} in 100 with most contacts in {rules.looks_back_weeks} weeks, {picked} "
        f"people; {100 * rules.given_share:g} in 100 of them, by lot, are given the programme."
    )


def _beside_others(found: Results) -> str:
    """Say what is left of a programme that does nothing when it is held against those not given it."""
    apart = found.level(NOTHING, CONTROLLED)
    held = f"Held against these, those given it come to {CONTROLLED.said(apart)}"
    if math.isnan(apart.low):
        return f"{held}."
    if apart.low <= 1 <= apart.high:
        return f"{held}: the fall is gone, and the interval holds 100 %."
    return (
        f"{held}, an interval that leaves out the 100 % which are true here: so few people differ by the lot alone, "
        "and one interval in twenty misses."
    )


def draw(found: Results) -> bytes:
    """Return the picture: what each way of looking says of a programme, beside what it truly does."""
    from pcqa_sim.results.figures import ways_figure

    rows = []
    for arm in found.arms:
        ways = {
            "those given it, before and after alone": found.level(arm, GIVEN),
            "those picked and not given it": found.level(arm, OTHERS),
            "the first held against the second": found.level(arm, CONTROLLED),
            "the truth: the same people without it": found.ratio(arm, AFTER),
        }
        rows += [
            {"arm": f"If {arm}", "way": way, "mean": 100 * one.mean, "low": 100 * one.low, "high": 100 * one.high}
            for way, one in ways.items()
        ]
    label = "contacts after the programme began, % of what they are held against (dashed: no change)"
    return ways_figure(pd.DataFrame(rows), 100, label, EXPERIMENT.question)


EXPERIMENT = Experiment(
    question="Frequent attenders get a programme and come less often: did it work?",
    arms={WORKS: (f"{TIMES}=0.9",), STRONG: (f"{TIMES}=0.7",)},
    measures=(GIVEN, OTHERS, CONTROLLED, BEFORE, AFTER),
    read=read,
    base=NOTHING,
    draw=draw,
    notes=("A programme is needs that arise less often, by how much is an assumption; what it costs is not counted.",),
)
