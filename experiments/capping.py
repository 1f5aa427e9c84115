"""A cap on a session's appointments protects clinicians; the others are told to call again, or seen by a duty team.

What a session may hold falls; the access model says what becomes of whoever does not fit.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results

NAME = "cap_contacts_per_session"
MILD, HARD = "at most 13 a session, the others call again", "at most 11 a session, the others call again"
DUTY = "at most 11 a session, a duty team sees the others"
BUSY = Measure("full days of GPs over the safe number of contacts", "days_over_safe_contacts_share", "role=gp", True)
OVERTIME = Measure("GPs' overtime, minutes a day", "overtime_min_per_working_day", "role=gp", digits=0)
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
FAILURE = Measure("failure demand", "failure_share", per_cent=True, of="contacts")
CALLS = Measure("calls a working day", "calls_per_working_day", digits=0)
MET = Measure("needs met", "needs_met_share", per_cent=True)
ELSEWHERE = Measure("cost of care elsewhere, pounds a day", "elsewhere_gbp_per_working_day", digits=0)
COST = Measure("cost for each need met, pounds", "cost_per_need_met")


def cap(most: int) -> tuple[str, str]:
    """Return the settings of a cap."""
    return f"intervention=[{NAME}]", f"intervention.{NAME}.most={most}"


def read(found: Results) -> list[str]:
    """Say what the clinicians gain, what people and reception pay, and what a duty team changes of it."""
    return [
        f"As it is, {found.said(AS_IT_IS, BUSY)}; {found.said(AS_IT_IS, TOLD)}.",
        f"The team, with {HARD}: {found.all_went(HARD, (BUSY, OVERTIME))}.",
        f"People and reception: {found.all_went(HARD, (TOLD, FAILURE, CALLS, MET))}.",
        f"Others who pay: {found.all_went(HARD, (ELSEWHERE, COST))}.",
        f"With {DUTY}: {found.all_went(DUTY, (OVERTIME, TOLD, FAILURE, MET))}.",
    ]


EXPERIMENT = Experiment(
    question="Capping a session's appointments and telling the others to call again: who gains?",
    arms={MILD: cap(13), HARD: cap(11), DUTY: (*cap(11), "triage=duty_team")},
    measures=(BUSY, OVERTIME, TOLD, FAILURE, CALLS, MET, ELSEWHERE, COST),
    read=read,
)
