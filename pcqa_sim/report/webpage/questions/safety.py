"""Whether needs that cannot wait are seen in time."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.results.metrics.themes import SAFETY

ORDER = 45


def ask(view: View, key: str) -> Question | None:
    """Answer it, where there was such a need."""
    n = view.n
    shares = [(one.words, (one.metric, one.group)) for one in SAFETY.entries if one.metric.endswith("_share")]
    known = [(words, cell) for words, cell in shares if n.has(*cell)]
    if not known:
        return None
    said = [f"{in_hundred(n.mean(*cell))} {words}" for words, cell in known[:2]]
    sentence = (
        f"{'; '.join(said)}; {n.mean('emergency_per_1000_week'):.1f} needs for every 1,000 patients a week end in A&E."
    )
    return Question(
        "Is it safe: does what cannot wait wait?",
        sentence,
        known[0][1],
        (bars(view, key, "Harms, as shares of what each is about", known),),
        ("demand", "triage"),
    )
