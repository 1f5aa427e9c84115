"""Telephone first: everybody who wants a GP speaks to one by telephone before anybody is brought in.

An observational study of 147 practices (Newbould et al., BMJ 2017;358:j4197), before and after, consultations of 59 of
them. Here GPs see people face to face before, as they then did, and a GP calls everybody with a clinical request after.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import Beside, Experiment, Measure, Results

BEFORE, AFTER = "before", "telephone first"
FACE = Measure("face to face, for each need", "consultations_per_need", "mode=face_to_face", digits=3)
PHONE = Measure("by telephone, for each need", "consultations_per_need", "mode=telephone", digits=3)
MINUTES = Measure("GPs' minutes with patients, a day", "patient_min_per_working_day", "role=gp", digits=0)
OVERTIME = Measure("GPs' overtime, minutes a day", "overtime_min_per_working_day", "role=gp", digits=0)
DAYS = Measure("days to a clinician", "days_to_clinician")
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
BMJ = "Newbould et al., BMJ 2017;358:j4197"


def read(found: Results) -> list[str]:
    """Say what calling everybody first does to the GPs' day and to people's wait."""
    return [f"With {AFTER}: {found.all_went(AFTER, (FACE, PHONE, MINUTES, OVERTIME, DAYS, TOLD))}."]


EXPERIMENT = Experiment(
    question="Telephone first: what becomes of consultations and of GPs' time when a GP calls everybody first?",
    base=BEFORE,
    arms={AFTER: ("triage=gp_phone_first",)},
    measures=(FACE, PHONE, MINUTES, OVERTIME, DAYS, TOLD),
    read=read,
    beside=(
        Beside("Face-to-face consultations, after by before", (0.62, 0.55, 0.71), lambda f: f.ratio(AFTER, FACE), BMJ),
        Beside(
            "Telephone consultations, after by before",
            (12.04, 6.33, 22.90),
            lambda f: f.ratio(AFTER, PHONE),
            BMJ,
            digits=1,
        ),
        Beside("GPs' time consulting, after by before", (1.08, 0.99, 1.17), lambda f: f.ratio(AFTER, MINUTES), BMJ),
    ),
    notes=(
        "Differs: the study counts GPs' consultations, here those of all clinicians count, planned care apart; how "
        "much a call settles comes of ESTEEM's minutes and not of these practices; how well a change is managed is no "
        "setting.",
    ),
)
