"""Work that another could do is taken from the GPs, one sort after the other: what is left with them, and who waits."""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results

MOVES = {
    "prescriptions to the pharmacists": ("pharmacist_prescriptions",),
    "joints and backs to those who treat them": ("fcp_direct",),
    "letters to an administrator": ("administrator_letters",),
    "results to the pharmacists": ("move_paperwork",),
    "reception trained to send people on": ("care_navigation_training",),
}
ALL = "all five"
NEEDED = Measure("GP consultations that needed a GP", "needed_gp_share", per_cent=True)
MINUTES = Measure("GPs' minutes with patients, a day", "patient_min_per_working_day", "role=gp", digits=0)
PAPER = Measure("GPs' paperwork made, minutes a day", "paperwork_made_min_per_working_day", "role=gp", digits=0)
OVERTIME = Measure("GPs' overtime, minutes a day", "overtime_min_per_working_day", "role=gp", digits=0)
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
MET = Measure("needs met", "needs_met_share", per_cent=True)
MEASURES = (NEEDED, MINUTES, PAPER, OVERTIME, TOLD, MET)


def read(found: Results) -> list[str]:
    """Say how much of it is GPs' work, what each move changes of that, and what all do together."""
    said = [f"As it is, {found.said(AS_IT_IS, NEEDED)}."]
    said += [f"With {arm}: {found.all_went(arm, (NEEDED, PAPER))}." for arm in MOVES]
    return [*said, f"With {ALL}: {found.all_went(ALL, MEASURES)}."]


EXPERIMENT = Experiment(
    question="Is GPs' time spent on GPs' work, and what would move the rest?",
    arms={
        **{name: (f"intervention=[{','.join(moves)}]",) for name, moves in MOVES.items()},
        ALL: (f"intervention=[{','.join(name for moves in MOVES.values() for name in moves)}]",),
    },
    measures=MEASURES,
    read=read,
    notes=("What needed a GP is judged by a scope for each kind of need, an assumption; GPs differ in that.",),
)
