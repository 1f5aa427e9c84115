"""How much of the demand is failure demand, from what."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.values.needs import FAILURE_CAUSES

ORDER = 20
MOST = 8
_METRIC = "failure_contacts_per_working_day"


def ask(view: View, key: str) -> Question | None:
    """Answer it, where anybody asked for anything."""
    n = view.n
    if not n.has("failure_share"):
        return None
    causes = [(group, FAILURE_CAUSES[group.removeprefix("cause=")]) for group in n.groups(_METRIC)]
    named = [
        (f"the person {words}", (_METRIC, group))
        for group, words in causes
        if any(side.numbers.mean(_METRIC, group) > 0 for side in view.sides)
    ]
    why = f"; most often because {named[0][0]}" if named else ""
    sentence = (
        f"{in_hundred(n.mean('failure_share'))} contacts are failure demand: they need not have been made{why}. "
        f"They cost £{n.mean('failure_gbp_per_working_day'):,.0f} a working day in extra work."
    )
    pictures = (bars(view, key, "Failure contacts a working day, by what went before", named[:MOST], share=False),)
    return Question(
        "How much of it is failure demand, and from what?",
        sentence,
        ("failure_share", ""),
        pictures if named else (),
        ("phones", "triage", "outcome"),
    )
