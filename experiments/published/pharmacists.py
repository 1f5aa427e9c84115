"""Pharmacists take over prescribing work: sixteen practices in Inverclyde, 2016 to 2017 (Maskrey et al., BJGP 2018).

GPs there spent 4.9 hours a week and practice less on key prescribing tasks.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Beside, Experiment, Measure, Results
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

TAKEN = "pharmacists do most prescriptions"
MINUTES = Measure("GPs' minutes with patients, a day", "patient_min_per_working_day", "role=gp", digits=0)
PAPER = Measure("GPs' paperwork made, minutes a day", "paperwork_made_min_per_working_day", "role=gp", digits=0)
THEIRS = Measure("pharmacists' overtime, minutes a day", "overtime_min_per_working_day", "role=pharmacist", digits=0)
WAITING = Measure("days that paperwork waits", "paper_wait_days", digits=2)
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)


def hours_saved(found: Results) -> ConfidenceInterval:
    """Return the hours a week that GPs spend less, with patients and on paper."""
    days = [
        [other - base for base, other in zip(found.values(AS_IT_IS, one), found.values(TAKEN, one), strict=True)]
        for one in (MINUTES, PAPER)
    ]
    return interval([-(seen + paper) * 5 / 60 for seen, paper in zip(*days, strict=True)])


def read(found: Results) -> list[str]:
    """Say what GPs have less of, and what pharmacists have more of."""
    return [f"With {TAKEN}: {found.all_went(TAKEN, (MINUTES, PAPER, THEIRS, WAITING, TOLD))}."]


EXPERIMENT = Experiment(
    question="Pharmacists in practices: how many hours of GPs' time does prescribing work free?",
    arms={TAKEN: ("intervention=[pharmacist_prescriptions]",)},
    measures=(MINUTES, PAPER, THEIRS, WAITING, TOLD),
    read=read,
    beside=(
        Beside(
            "GPs' hours freed, a week and practice", (4.9, 3.4, 6.4), hours_saved,
            "Maskrey et al., BJGP 2018: pharmacist_gp_time_saved", unit="hours", digits=1,
        ),
    ),
    notes=(
        "Differs: Inverclyde's practices got pharmacists on top; here those who are there take six tenths of medicine "
        "requests and of prescriptions to sign (an assumption).",
    ),
)  # fmt: skip
