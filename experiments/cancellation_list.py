"""People who would come sooner are told what comes free: no such list, one as usual, and one with more people on it.

On it are people who were told to call another day and people booked far ahead; they are asked by text, one after the
other, and some do not answer in time.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import Experiment, Measure, Results

LIST = "appointments.waiting_list"
WITHOUT, USED, WIDE = "no list", "a list as usual", "most join, most answer"
USUAL = "{told_share:0.6,booked_share:0.3,from_days:3,notice_min:45,answers_share:0.5,answer_min:15}"
MORE = "{told_share:0.9,booked_share:0.6,from_days:3,notice_min:45,answers_share:0.8,answer_min:15}"
UNUSED = Measure("slots unused a day", "slots_unused_per_working_day")
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
DAYS = Measure("days to a clinician", "days_to_clinician")
MISSED = Measure("appointments not attended", "dna_share", per_cent=True)
FAILURE = Measure("failure contacts a day", "failure_contacts_per_working_day")
OVERTIME = Measure("GPs' overtime, minutes a day", "overtime_min_per_working_day", "role=gp", digits=0)
MEASURES = (UNUSED, TOLD, DAYS, MISSED, FAILURE, OVERTIME)


def read(found: Results) -> list[str]:
    """Say what a list fills, and for whom."""
    return [
        f"Without a list, {found.said(WITHOUT, UNUSED)}; {found.said(WITHOUT, DAYS)}.",
        *(f"With {arm}: {found.all_went(arm, MEASURES)}." for arm in (USED, WIDE)),
    ]


EXPERIMENT = Experiment(
    question="What does a cancellation list do, and for whom?",
    base=WITHOUT,
    arms={USED: (f"{LIST}={USUAL}",), WIDE: (f"{LIST}={MORE}",)},
    measures=MEASURES,
    read=read,
    notes=("How many join and how many answer in time are assumptions: give your own with appointments.waiting_list.",),
)
