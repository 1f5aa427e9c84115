"""How much demand there is, and through which door it comes."""

from __future__ import annotations

from collections.abc import Iterator

from pcqa_sim.report.webpage.flows import can_flow, flows
from pcqa_sim.report.webpage.parts import Picture, Question, View
from pcqa_sim.report.webpage.pictures import Named, bars

ORDER = 10
_MANY: tuple[Named, ...] = (
    ("one contact", ("contacts_for_one_need_share", "contacts=1")),
    ("two", ("contacts_for_one_need_share", "contacts=2")),
    ("three", ("contacts_for_one_need_share", "contacts=3")),
    ("four", ("contacts_for_one_need_share", "contacts=4")),
    ("five or more", ("contacts_for_one_need_share", "contacts=5_up")),
)
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
        tuple(_pictures(view, key, doors)),
        ("demand", "people", "channels"),
    )


def _pictures(view: View, key: str, doors: list[Named]) -> Iterator[Picture]:
    if all(map(can_flow, view.sides)):
        yield from flows(view, key)
    yield bars(view, key, "Contacts a working day for every 1,000 patients", doors, share=False)
    if any(view.n.has(*cell) for _, cell in _MANY):
        yield bars(view, f"{key}n", "Needs by how many contacts they take", _MANY)
