"""How much demand there is, and through which door it comes."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars

ORDER = 10
_DOORS = (("by phone", "phone"), ("by online form", "online"), ("at the desk", "desk"), ("in the NHS App", "app"))


def ask(view: View, key: str) -> Question | None:
    """Answer it, where a need arose."""
    n = view.n
    if not n.has("contacts_per_need"):
        return None
    doors = [(name, ("contacts_per_1000_working_day", f"channel={channel}")) for name, channel in _DOORS]
    sentence = (
        f"{n.mean('needs_per_working_day'):,.0f} needs a working day bring {n.mean('calls_per_working_day'):,.0f} "
        f"calls and other contacts: {n.mean('contacts_per_need'):.2f} contacts for each need that people ask about."
    )
    return Question(
        "How much demand is there?",
        sentence,
        ("contacts_per_need", ""),
        (bars(view, key, "Contacts a working day for every 1,000 patients", doors, share=False),),
        ("demand", "people", "channels"),
    )
