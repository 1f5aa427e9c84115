"""What a page asks of a network besides what it asks of a practice: how its practices compare, harms included."""

from __future__ import annotations

from collections.abc import Mapping

from pcqa_sim.report.network import HARMS, SERVICE, SHARED, Column, fairness, furthest_apart, short_name
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.parts import Picture, Question, Table
from pcqa_sim.report.webpage.wording import likely, mean
from pcqa_sim.scenario import NETWORK, Scenario

Sides = Mapping[str, Mapping[str, Numbers]]
"""By side ("as it is", "with ..."), the numbers of the network and of each practice."""
PICTURED = (*HARMS[:3], *SERVICE[:3])
NOBODY_TOLD = "No practice tells anybody to call another day."


def practices_beside(scenario: Scenario, sides: Sides, key: str) -> Question:
    """Return how the practices compare, harms first, on every side."""
    return Question(
        "How do the practices compare?",
        furthest_apart(scenario, next(iter(sides.values()))) or NOBODY_TOLD,
        (HARMS[0].metric, ""),
        tuple(_by_practice(scenario, sides, column, f"{key}-{number}") for number, column in enumerate(PICTURED)),
        ("practice", "people", "role"),
    )


def shared_out(scenario: Scenario, sides: Sides, key: str) -> Question | None:
    """Return what practices share and how fairly, on every side; None where nothing is shared on any."""
    last = list(sides.values())[-1]
    said = fairness(scenario, last)
    columns = [one for one in SHARED if any(mine[NETWORK].has(one.metric) for mine in sides.values())]
    if not said or not columns:
        return None
    pictures = tuple(_by_practice(scenario, sides, column, f"{key}-{number}") for number, column in enumerate(columns))
    return Question("What is shared, and how fairly?", said, (SHARED[0].metric, ""), pictures, ("practice", "role"))


def _by_practice(scenario: Scenario, sides: Sides, column: Column, key: str) -> Picture:
    """Return bars of one measure, a row for each practice."""
    names, rows = list(sides), []
    for practice in scenario.practices:
        times = 1000 / scenario.people_of(practice) if column.per_1000 else 1.0
        found = [mine[practice].interval(column.metric, column.group) for mine in sides.values()]
        scaled = [None if one is None else one.times(times) for one in found]
        if any(scaled):
            rows.append((short_name(practice), scaled, [mean(one, column.share) for one in scaled]))
    caption = column.words[:1].upper() + column.words[1:]
    alt = f"Bars: {caption}. " + "; ".join(f"{label} {' / '.join(said)}" for label, _, said in rows) + "."
    heads = [
        head
        for name in names
        for head in ((name, f"{name}: likely range") if len(names) > 1 else ("mean", "likely range"))
    ]
    lines = (
        (label, *(cell for one in found for cell in (mean(one, column.share), likely(one, column.share))))
        for label, found, _ in rows
    )
    return Picture(caption, alt, drawing.bars(rows, names, alt, key), Table(("", *heads), tuple(lines)))
