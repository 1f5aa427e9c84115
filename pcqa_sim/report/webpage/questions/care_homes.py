"""Care homes: what their staff ask, who visits, how often residents go to hospital, what the weekly round takes."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred

ORDER = 85
_HOSPITAL = "care_home_hospital_per_resident_year"
_CLOSED = "care_home_calls_when_closed_per_resident_year"
_NOTE = (
    "Planned visits come beside these. How often residents go to hospital is a published rate, and what alignment does "
    "to it is one study's."
)


def ask(view: View, key: str) -> Question | None:
    """Answer it, where the practice has residents of care homes."""
    n = view.n
    if not n.has("care_home_contacts_per_resident_year"):
        return None
    asks, urgent = (n.mean("care_home_contacts_per_resident_year", group) for group in ("", "flagged=yes"))
    attended, admitted = (n.mean(_HOSPITAL, f"what={what}") for what in ("attendance", "admission"))
    visits = n.mean("care_home_visits_per_resident_year")
    sentence = (
        f"Staff ask about a resident {asks:,.0f} times a year, {urgent:,.1f} times about something taken for urgent; a "
        f"resident is visited at their asking {visits:,.1f} times and goes to A&E "
        f"{attended:,.2f} times a year, {admitted:,.2f} of these to be admitted."
    )
    if (nights := n.mean(_CLOSED)) > 0:
        sentence += (
            f" When the practice is closed, staff call NHS 111 or an ambulance about what cannot wait, {nights:,.1f} "
            "times a resident and year."
        )
    if n.mean("care_home_round_min_per_week") > 0:
        missed = n.mean("care_home_rounds_missed_share")
        sentence += (
            f" The weekly round takes {n.mean('care_home_round_min_per_week'):,.0f} minutes; "
            f"{in_hundred(missed, 'none')} of the rounds due {'is' if missed == 0 else 'are'} missed."
        )
    asked = [
        ("asked about", ("care_home_contacts_per_resident_year", "")),
        ("taken for urgent", ("care_home_contacts_per_resident_year", "flagged=yes")),
        ("visited at their asking", ("care_home_visits_per_resident_year", "")),
    ]
    hospital = [
        ("attendances at A&E", (_HOSPITAL, "what=attendance")),
        ("emergency admissions among them", (_HOSPITAL, "what=admission")),
    ]
    return Question(
        "How are people in care homes looked after?",
        sentence,
        ("care_home_contacts_per_resident_year", ""),
        (
            bars(view, key, "Times a resident and year", asked, share=False),
            bars(view, f"{key}h", "Hospital, times a resident and year", hospital, share=False, digits=2),
        ),
        ("care_homes",),
        (_NOTE,),
    )
