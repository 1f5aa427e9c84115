"""The door changes: by form alone, a form that closes at noon, half the people on the telephone. Who gives up?"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results

DIGITAL, NOON, DUTY = "a form for everybody", "a form that closes at noon", "a duty team for those left over"
ALL = Measure("gave up", "gave_up_share", per_cent=True, of="all needs")
YOUNG = Measure("aged 18 to 34", "gave_up_share", "age=18_34", True)
OLD = Measure("aged 75 to 84", "gave_up_share", "age=75_84", True)
DEPRIVED = Measure("the most deprived fifth", "gave_up_share", "deprivation=1", True)
LEAST = Measure("the least deprived fifth", "gave_up_share", "deprivation=5", True)
FRAIL = Measure("frail or with complex needs", "gave_up_share", "segment=frail_or_complex", True)
NEVER = Measure("never asked", "never_asked_share", per_cent=True, of="needs")
MET = Measure("needs met", "needs_met_share", per_cent=True)
GROUPS = (ALL, DEPRIVED, LEAST, YOUNG, OLD, FRAIL)


def read(found: Results) -> list[str]:
    """Say who gives up now, and for whom each door changes that."""
    said = [f"As it is, {'; '.join(found.said(AS_IT_IS, one) for one in (ALL, DEPRIVED, LEAST, OLD))}."]
    for arm in found.others:
        changed = [found.went(arm, one) for one in GROUPS if found.clear(arm, one)]
        told = "; ".join(changed) if changed else "no group's share is clear of chance"
        said.append(f"With {arm}: {told}; {found.went(arm, MET)}.")
    return said


EXPERIMENT = Experiment(
    question="Who gives up when the door changes?",
    arms={
        DIGITAL: ("intervention=[switch_to_digital]",),
        NOON: ("intervention=[online_hours_or_cap]",),
        DUTY: ("triage=duty_team",),
    },
    measures=(*GROUPS, NEVER, MET),
    read=read,
    notes=("Differences between groups are what the settings say of channels and patience by age and deprivation.",),
)
