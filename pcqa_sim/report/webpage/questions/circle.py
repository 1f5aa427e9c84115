"""The wider circle: what a person touches across services, what the practice need not do, and whose work it is."""

from __future__ import annotations

from pcqa_sim.report.names import words
from pcqa_sim.report.webpage.parts import Cell, Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.values.words import Service

ORDER = 95
MOST = 12
_CALLED = {
    "practice_contacts": "contacts with the practice",
    "practice_consultations": "consultations at the practice",
    Service.NHS_111: "NHS 111",
    Service.EMERGENCY_DEPARTMENT: "A&E",
}
_OF = {
    "nhs": "the NHS",
    "local_government": "local government",
    "third_sector": "charities",
    "community": "people and volunteers",
}
_MINUTES, _TOUCHED = "resource_min_per_working_day", "touchpoints_per_person_year"
_SEEN = 0.005  # times a person and year; fewer round to nothing


def ask(view: View, key: str) -> Question | None:
    """Answer it, where there is a community at all."""
    n = view.n
    if not n.has(_TOUCHED) or not view.practice.community:
        return None
    spared = n.mean("spared_per_working_day")
    paid, themselves = (
        sum(n.mean(_MINUTES, f"of={name}") for name in names)
        for names in (("local_government", "third_sector"), ("community",))
    )
    sentence = (
        f"A person touches a service {n.mean(_TOUCHED):,.1f} times a year, "
        f"{n.mean(_TOUCHED, 'service=practice_consultations'):,.1f} of them a consultation at the "
        f"practice. The practice did not have to see {spared:,.1f} needs a working day that were met elsewhere. "
        f"Local government and charities spent {paid:,.0f} minutes a working day on them, people themselves and "
        f"volunteers {themselves:,.0f}."
    )
    minutes, pounds = (
        [(called, (f"resource_{what}_per_working_day", f"of={name}")) for name, called in _OF.items()]
        for what in ("min", "gbp")
    )
    return Question(
        "Who else carries it?",
        sentence,
        (_TOUCHED, ""),
        (
            bars(view, key, "Times a year that a person touches each service", _services(view), share=False, digits=2),
            bars(view, f"{key}m", "Minutes a working day, by whose they are", minutes, share=False, digits=0),
            bars(view, f"{key}p", "Pounds a working day, by whose they are", pounds, share=False, digits=0),
        ),
        ("community", "costs"),
    )


def _services(view: View) -> list[tuple[str, Cell]]:
    """Return the services that people touch on any side, what is touched most first."""
    titles = {name: place.title for name, place in view.practice.community.items()}
    groups = {group for side in view.sides for group in side.numbers.groups(_TOUCHED)}
    most = {group: max(side.numbers.mean(_TOUCHED, group) for side in view.sides) for group in groups}
    return [
        (_CALLED.get(name) or titles.get(name, words(name)), (_TOUCHED, group))
        for group in sorted(groups, key=lambda group: (-most[group], group))[:MOST]
        if most[group] >= _SEEN and (name := group.removeprefix("service="))
    ]
