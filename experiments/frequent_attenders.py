"""Frequent attenders are picked as a practice picks them; half get a programme: what before and after would say of it.

In the base the programme truly does nothing. People were picked for a bad half year, and most fall back by themselves:
regression to the mean. The same people in the same run without it are what a change has to be held against.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import Experiment, Measure, Results

NOTHING, WORKS, STRONG = "it does nothing", "it takes 10 in 100 of their needs away", "it takes 30 in 100 away"
TIMES = "people.frequent_programme.needs_times"
MONTHLY, RATIO = "programme_contacts_per_month", "programme_ratio"
BEFORE = Measure("contacts a month before, of those given it", MONTHLY, "given=before")
AFTER = Measure("contacts a month after, of those given it", MONTHLY, "given=after")
GIVEN = Measure("contacts after, of those before: given it", RATIO, "times=given", per_cent=True)
OTHERS = Measure("contacts after, of those before: picked and not given it", RATIO, "times=others", per_cent=True)
CONTROLLED = Measure("the one by the other", RATIO, "times=controlled", per_cent=True)


def read(found: Results) -> list[str]:
    """Say what before and after shows of a programme that does nothing, and what is left against the others."""
    apart = found.level(NOTHING, CONTROLLED)
    clear = "luck alone" if apart.low > 1 or apart.high < 1 else "nothing clear of 100 %"
    said = [
        f"A programme that does nothing: those given it make {BEFORE.said(found.level(NOTHING, BEFORE))} contacts a "
        f"month before and {AFTER.said(found.level(NOTHING, AFTER))} after: {GIVEN.said(found.level(NOTHING, GIVEN))} "
        "of what it was.",
        f"Those who were picked and not given it come to {OTHERS.said(found.level(NOTHING, OTHERS))} as well: all were "
        "picked for a bad half year, and that passes. One by the other is "
        f"{CONTROLLED.said(apart)}: {clear}, with a practice's few people.",
    ]
    for arm in found.others:
        said.append(
            f"If {arm}: before and after alone shows {GIVEN.said(found.level(arm, GIVEN))}, against the others "
            f"{CONTROLLED.said(found.level(arm, CONTROLLED))}. What it truly does, against the same people in the same "
            f"run without it: {AFTER.words} {CONTROLLED.said(found.ratio(arm, AFTER))}."
        )
    return [*said, "Before and after alone is no evidence that a programme for frequent attenders works."]


EXPERIMENT = Experiment(
    question="Frequent attenders get a programme and come less often: did it work?",
    arms={WORKS: (f"{TIMES}=0.9",), STRONG: (f"{TIMES}=0.7",)},
    measures=(GIVEN, OTHERS, CONTROLLED, BEFORE, AFTER),
    read=read,
    base=NOTHING,
    notes=("A programme is needs that arise less often, by how much is an assumption; what it costs is not counted.",),
)
