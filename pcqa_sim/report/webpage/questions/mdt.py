"""MDTs: how soon people are discussed, which meetings are held, and whose hours and pounds it takes."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.values.words import GP

ORDER = 88
MOST = 8
_PAYERS = (
    ("the practice", "practice"),
    ("the network", "network"),
    ("the NHS elsewhere", "nhs_elsewhere"),
    ("local government", "local_government"),
    ("charities", "third_sector"),
)
_NOTE = (
    "That a plan changes how often somebody comes is put in and not found: by default it does not, as in the trials."
)


def ask(view: View, key: str) -> Question | None:
    """Answer it, where there is an MDT."""
    n = view.n
    if not n.has("mdt_meetings_per_week", "what=held"):
        return None
    professions = [group for group in n.groups("mdt_hours_per_week") if group.startswith("profession=")]
    hours = [(_word(group), ("mdt_hours_per_week", group)) for group in professions[:MOST]]
    waits = [
        ("discussed within 14 days", ("mdt_reviewed_within_14_days", "")),
        ("meetings due that are lost", ("mdt_lost_share", "")),
    ]
    pounds = [(who, ("mdt_gbp_per_week", f"payer={payer}")) for who, payer in _PAYERS]
    return Question(
        "How soon do MDTs discuss people, and what does it take?",
        f"{_reached(view)} {_taken(view)}",
        ("mdt_reviewed_within_14_days", "") if n.has("mdt_reviewed_within_14_days") else ("mdt_hours_per_week", ""),
        (
            bars(view, key, "People in time, and meetings that fall through", waits),
            bars(view, f"{key}h", "Hours a week, by profession", hours, share=False),
            bars(view, f"{key}p", "Pounds a week, by who pays", pounds, share=False, digits=0),
        ),
        ("mdt",),
        (_NOTE,),
    )


def _reached(view: View) -> str:
    """Say how many come on the lists, and how soon they are discussed."""
    n = view.n
    said = f"{n.mean('mdt_selected_per_week'):,.1f} people a week come on the lists"
    if n.has("mdt_reviewed_within_14_days"):
        said += f"; {in_hundred(n.mean('mdt_reviewed_within_14_days'))} are discussed within 14 days"
    if n.has("mdt_wait_days"):
        said += f", after {n.mean('mdt_wait_days'):,.1f} days on average"
    return f"{said}."


def _taken(view: View) -> str:
    """Say which meetings are held, and what they take."""
    n = view.n
    lost = in_hundred(n.mean("mdt_lost_share"), "none") if n.has("mdt_lost_share") else "none"
    return (
        f"Of the meetings due {lost} {'is' if lost == 'none' else 'are'} lost; those held, "
        f"{n.mean('mdt_meetings_per_week', 'what=held'):,.1f} a week, take "
        f"{n.mean('mdt_hours_per_week'):,.0f} hours a week of their members with what is done around them, worth "
        f"£{n.mean('mdt_gbp_per_week'):,.0f}."
    )


def _word(group: str) -> str:
    name = group.removeprefix("profession=")
    return "GP" if name == GP else name.replace("_", " ")
