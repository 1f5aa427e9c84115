"""Who sees whom and how soon: lead times, shares by role, how full the diary is."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import Named, bars
from pcqa_sim.report.webpage.wording import in_hundred

ORDER = 50
_LEADS = (
    ("the same day", "same_day"), ("the next day", "1_day"), ("2 to 7 days later", "2_7_days"),
    ("8 to 14 days later", "8_14_days"), ("15 to 21 days later", "15_21_days"), ("22 to 28 days later", "22_28_days"),
    ("more than 28 days later", "over_28_days"),
)  # fmt: skip


def ask(view: View, key: str) -> Question | None:
    """Answer it, where anybody had an appointment."""
    n = view.n
    if not n.has("lead_time_days"):
        return None
    leads: list[Named] = [(name, ("lead_time_share", f"lead={lead}")) for name, lead in _LEADS]

    def by_role(metric: str) -> list[Named]:
        return [(role.title, (metric, f"role={name}")) for name, role in view.practice.role.items()]

    own = in_hundred(n.mean("usual_gp_share"))
    usual = f", and {own} of those with a GP are with the usual GP" if n.has("usual_gp_share") else ""
    sentence = (
        f"{in_hundred(n.mean('lead_time_share', 'lead=same_day'))} appointments are on the day they are asked for, "
        f"{in_hundred(n.mean('over_two_weeks_share'))} more than two weeks later; "
        f"{in_hundred(n.mean('dna_share'))} are missed by the patient"
        f"{usual}."
    )
    return Question(
        "Who sees whom, and how soon?",
        sentence,
        ("same_day_share", ""),
        (
            bars(view, key, "From booking to appointment", leads),
            bars(view, f"{key}r", "Who sees people: share of appointments", by_role("role_share")),
            bars(view, f"{key}s", "Slots that are booked, by who has them", by_role("booked_share")),
            bars(
                view,
                f"{key}b",
                "How full: share of the appointments there are that are taken",
                by_role("appointments_taken_share"),
            ),
        ),
        ("role", "appointments", "planned"),
    )
