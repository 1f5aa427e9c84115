"""What becomes of needs: met, gone elsewhere, given up, never asked about."""

from __future__ import annotations

from pcqa_sim.report.names import words
from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.values.words import NeedEnding

ORDER = 70
GAVE_UP = f"ending={NeedEnding.GAVE_UP}"
_ENDINGS: dict[str, str] = {
    NeedEnding.RESOLVED: "met by a clinician",
    NeedEnding.INFORMED: "met by information or paper",
    NeedEnding.RECOVERED: "went by itself",
    NeedEnding.SELF_TREATED: "treated by the person",
    NeedEnding.GAVE_UP: "given up",
    NeedEnding.NEVER_ASKED: "never asked about",
    NeedEnding.NOT_OFFERED: "planned care not offered",
    NeedEnding.PHARMACY: "ended at a pharmacy",
    NeedEnding.NHS_111: "ended with NHS 111",
    NeedEnding.URGENT_TREATMENT_CENTRE: "ended at an urgent treatment centre",
    NeedEnding.EMERGENCY_DEPARTMENT: "ended in A&E",
    NeedEnding.NETWORK_HUB: "ended at the network's hub",
    NeedEnding.COMMUNITY: "met in the community",
}


def ask(view: View, key: str) -> Question | None:
    """Answer it, where a need ended."""
    n = view.n
    if not n.has("needs_met_share"):
        return None
    ends = [
        (_ENDINGS.get(name := group.removeprefix("ending="), words(name)), ("need_endings_share", group))
        for group in n.groups("need_endings_share")
        if any(side.numbers.mean("need_endings_share", group) > 0 for side in view.sides)
    ]
    sentence = (
        f"{in_hundred(n.mean('needs_met_share'))} needs that end are met, {n.mean('days_to_resolution'):.1f} days "
        f"after first asking on average; "
        f"{in_hundred(n.mean('need_endings_share', GAVE_UP), 'none')} are given up, and "
        f"{in_hundred(n.mean('never_asked_share'), 'none')} are never asked about."
    )
    return Question(
        "What becomes of people's needs?",
        sentence,
        ("needs_met_share", ""),
        (bars(view, key, "How needs end", ends),),
        ("demand", "outcome", "channels"),
    )
