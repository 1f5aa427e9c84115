"""What a need costs from end to end, and who pays."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars

ORDER = 90
_PAYERS = (("the practice", "practice"), ("the network", "network"), ("the NHS elsewhere", "nhs_elsewhere"))


def ask(view: View, key: str) -> Question | None:
    """Answer it, where a need was met."""
    n = view.n
    if not n.has("cost_per_need_met"):
        return None
    sentence = (
        f"A need met costs £{n.mean('cost_per_need_met'):,.0f} from end to end, of which "
        f"£{n.mean('cost_per_need_met', 'payer=nhs_elsewhere'):,.0f} falls on the NHS elsewhere; extra work that need "
        f"not have been done takes £{n.mean('failure_gbp_per_working_day'):,.0f} a working day."
    )
    rows = [(f"paid by {name}", ("cost_per_need_met", f"payer={payer}")) for name, payer in _PAYERS]
    work = [
        ("contacts in vain, consultations repeated", ("failure_gbp_per_working_day", "")),
        ("appointments missed by the patient", ("missed_gbp_per_working_day", "")),
        ("appointments moved", ("moved_gbp_per_working_day", "")),
    ]
    return Question(
        "What does it cost, end to end?",
        sentence,
        ("cost_per_need_met", ""),
        (
            bars(view, key, "Pounds for each need met", rows, share=False),
            bars(view, f"{key}w", "Pounds a working day that bring nobody anything", work, share=False),
        ),
        ("costs", "role"),
    )
