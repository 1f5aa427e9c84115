"""Whether GP time is spent on GP work, and how clinicians' sessions go."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred

ORDER = 60
_GP = "role=gp"
_DOES = (("with patients", "consulting_share"), ("paperwork", "back_office_share"), ("idle", "idle_share"))


def ask(view: View, key: str) -> Question | None:
    """Answer it, where a GP consulted."""
    n = view.n
    if not n.has("needed_gp_share"):
        return None
    sentence = (
        f"{in_hundred(n.mean('needed_gp_share'))} GP consultations needed a GP: in the others another role would have "
        f"done as well; {in_hundred(n.mean('consulting_share', _GP))} minutes of a GP's session are with patients, "
        f"{in_hundred(n.mean('back_office_share', _GP))} at paperwork."
    )
    rows = [
        ("GP consultations that needed a GP", ("needed_gp_share", "")),
        ("GP time on needs that gain from knowing the person", ("gp_work_share", "work=relational")),
    ]
    sessions = [
        (f"{role.title}: {name}", (metric, f"role={key_of}"))
        for key_of, role in view.practice.role.items()
        for name, metric in _DOES
        if n.has("consulting_share", f"role={key_of}")
    ]
    return Question(
        "Is GP time spent on GP work?",
        sentence,
        ("needed_gp_share", ""),
        (bars(view, key, "GP work", rows), bars(view, f"{key}s", "How sessions are spent", sessions)),
        ("role", "backoffice", "outcome"),
    )
