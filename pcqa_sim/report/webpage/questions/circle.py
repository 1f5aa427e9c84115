"""The wider circle: what a person touches across services, what the practice need not do, and whose work it is."""

from __future__ import annotations

from pcqa_sim.report.names import words
from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.values.words import Service

ORDER = 95
MOST = 9
_CALLED = {
    "practice_contacts": "contacts with the practice",
    "practice_consultations": "consultations at the practice",
    Service.NHS_111: "NHS 111",
    Service.EMERGENCY_DEPARTMENT: "A&E",
}
_OF = {"nhs": "the NHS", "local_government": "local government", "third_sector": "charities", "community": "volunteers"}


def ask(view: View, key: str) -> Question | None:
    """Answer it, where there is a community at all."""
    n = view.n
    if not n.has("touchpoints_per_person_year") or not view.practice.community:
        return None
    spared = n.mean("spared_per_working_day")
    others = sum(n.mean("resource_min_per_working_day", f"of={name}") for name in _OF if name != "nhs")
    sentence = (
        f"A person touches a service {n.mean('touchpoints_per_person_year'):,.1f} times a year, "
        f"{n.mean('touchpoints_per_person_year', 'service=practice_consultations'):,.1f} of them a consultation at the "
        f"practice. The practice did not have to see {spared:,.1f} needs a working day that were met elsewhere; local "
        f"government, charities and volunteers spent {others:,.0f} minutes a working day."
    )
    services = [
        (_CALLED.get(name, words(name)), ("touchpoints_per_person_year", group))
        for group in n.groups("touchpoints_per_person_year")
        if (name := group.removeprefix("service="))
        and any(side.numbers.mean("touchpoints_per_person_year", group) >= 0.005 for side in view.sides)
    ]
    minutes, pounds = (
        [(called, (f"resource_{what}_per_working_day", f"of={name}")) for name, called in _OF.items()]
        for what in ("min", "gbp")
    )
    return Question(
        "Who else carries it?",
        sentence,
        ("touchpoints_per_person_year", ""),
        (
            bars(view, key, "Times a year that a person touches each service", services[:MOST], share=False, digits=2),
            bars(view, f"{key}m", "Minutes a working day, by whose they are", minutes, share=False, digits=0),
            bars(view, f"{key}p", "Pounds a working day, by whose they are", pounds, share=False, digits=0),
        ),
        ("community", "costs"),
    )
