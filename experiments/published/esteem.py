"""ESTEEM: requests for a same-day consultation, seen as before, or called first by a GP or by a nurse.

A cluster-randomised trial in 42 practices, 2011 to 2013 (Campbell et al., Lancet 2014; minutes from Holt et al., BJGP
2016). Its patients asked by telephone for a same-day appointment with a GP. Here people want every need seen to the
same day, there is no planned care, and as many clinicians as it takes.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import Beside, Experiment, Measure, Results

USUAL, GP, NURSE = "usual care", "a GP calls first", "a nurse calls first"
CONTACTS = Measure("consultations for each need", "consultations_per_need", digits=2)
MINUTES = Measure("clinicians' minutes for each need", "clinician_min_per_need")
GP_MINUTES = Measure("GPs' minutes for each need", "clinician_min_per_need", "role=gp")
FACE = Measure("face to face, for each need", "consultations_per_need", "mode=face_to_face", digits=2)
PHONE = Measure("by telephone, for each need", "consultations_per_need", "mode=telephone", digits=2)
COST = Measure("cost for each need met, pounds", "cost_per_need_met")
LANCET, BJGP = "Campbell et al., Lancet 2014;384:1859, from memory", "Holt et al., BJGP 2016: esteem_overall_time_*"
DERIVED = "the share settled by telephone is derived from it"


def read(found: Results) -> list[str]:
    """Say what calling first does to contacts, minutes and cost."""
    return [f"With {arm}: {found.all_went(arm, (CONTACTS, FACE, MINUTES, GP_MINUTES, COST))}." for arm in (GP, NURSE)]


EXPERIMENT = Experiment(
    question="ESTEEM: does calling same-day requests first save contacts or time?",
    base=USUAL,
    arms={GP: ("triage=gp_phone_first", "triage.clinician_triage.applies_to=today"), NURSE: ("triage=nurse_triage",)},
    measures=(CONTACTS, FACE, PHONE, MINUTES, GP_MINUTES, COST),
    read=read,
    beside=(
        Beside("Contacts, GP triage by usual care", (1.33, 1.30, 1.36), lambda f: f.ratio(GP, CONTACTS), LANCET),
        Beside("Contacts, nurse triage by usual care", (1.48, 1.44, 1.52), lambda f: f.ratio(NURSE, CONTACTS), LANCET),
        Beside(
            "Clinicians' minutes, GP triage by usual care (10.3 by 9.6)", (10.3 / 9.6, None, None),
            lambda f: f.ratio(GP, MINUTES), BJGP, standing=DERIVED,
        ),
        Beside(
            "Clinicians' minutes, nurse triage by usual care (14.8 by 9.6)", (14.8 / 9.6, None, None),
            lambda f: f.ratio(NURSE, MINUTES), BJGP, standing=DERIVED,
        ),
    ),
    notes=(
        "Differs: the trial counts contacts in 28 days, A&E's too, and minutes of the first day alone; here all "
        "consultations about a need count, and others than GPs see some people in usual care already.",
    ),
)  # fmt: skip
