"""More people are kept for their usual GP, and wait longer for it: what that costs in days and saves in contacts.

What continuity does in the model: a little more is resolved, people come back later (continuity_revisit_interval), and
nobody tells their story twice. What it does to trust or to diagnosis is not modelled.
"""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results

NAME = "protect_continuity"
OFFERS = {
    "a quarter more ask for their own, and wait 2 days more": (0.25, 2),
    "half of the others ask for their own, and wait 5 days more": (0.5, 5),
    "all ask for their own, and wait 10 days more": (1.0, 10),
}
USUAL = Measure("GP appointments with the usual GP", "usual_gp_share", per_cent=True)
DAYS = Measure("days to a clinician", "days_to_clinician")
LEAD = Measure("days booked ahead, GP", "lead_time_days", "role=gp")
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
CONTACTS = Measure("contacts for each need", "contacts_per_need", digits=2)
MINUTES = Measure("GP minutes for each need", "clinician_min_per_need", "role=gp", digits=2)
MET = Measure("needs met", "needs_met_share", per_cent=True)
MISSED = Measure("appointments not attended", "dna_share", per_cent=True)


def offer(share: float, days: int) -> tuple[str, ...]:
    """Return the settings by which so many of those without a preference get one, and wait so much longer."""
    return (
        f"intervention=[{NAME}]",
        f"intervention.{NAME}.prefer_share={share}",
        f"intervention.{NAME}.extra_days={days}",
    )


def read(found: Results) -> list[str]:
    """Say what is gained and what it costs, at the middle and at the most."""
    middle, most = found.others[1], found.others[-1]
    said = [f"As it is, {found.said(AS_IT_IS, USUAL)}, and {found.said(AS_IT_IS, DAYS)}."]
    for arm in (middle, most):
        said.append(f"With {arm}: {found.all_went(arm, (USUAL, DAYS, TOLD, CONTACTS, MINUTES, MET))}.")
    gained, paid = found.change(most, USUAL).mean * 100, found.change(most, LEAD).mean
    if found.clear(most, USUAL) and found.clear(most, LEAD):
        verb = "more" if paid > 0 else "less"
        said.append(
            f"At the most, {gained:.0f} points of continuity come with {abs(paid):.1f} days {verb} ahead with GPs."
        )
    return said


EXPERIMENT = Experiment(
    question="Continuity against speed: what does keeping people with their own GP cost and save?",
    arms={name: offer(*terms) for name, terms in OFFERS.items()},
    measures=(USUAL, DAYS, LEAD, TOLD, CONTACTS, MINUTES, MET, MISSED),
    read=read,
)
