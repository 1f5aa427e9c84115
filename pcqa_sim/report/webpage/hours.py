"""Who is turned away, by the clock: a grid of hours and urgency for each side of a study."""

from __future__ import annotations

from collections.abc import Iterator

from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.webpage.grid import grid
from pcqa_sim.report.webpage.parts import Picture, Table, View
from pcqa_sim.results.metrics.hours import HOURS, begins
from pcqa_sim.values.words import Urgency

MOST_SIDES = 2
_METRIC = "refused_hour_share"
Rows = list[tuple[str, list[float | None]]]


def by_hour(view: View, key: str, caption: str) -> Iterator[Picture]:
    """Yield the grid of each side in which anybody is turned away, of the first few."""
    for number, side in enumerate(view.sides[:MOST_SIDES]):
        rows = _rows(side.numbers)
        if not any(value for _, values in rows for value in values):
            continue
        mine = f"{caption}: {side.name}" if len(view.sides) > 1 else caption
        hours = [f"{minute // 60:02d}" for minute in HOURS]
        worst, at, level = max(
            (value, hour, label) for label, values in rows for hour, value in zip(hours, values, strict=True) if value
        )
        alt = f"Grid: {mine}. Most from {at}:00, of what {level}: {100 * worst:.0f} in 100."
        body = tuple((f"{hour}:00", *(_said(values[place]) for _, values in rows)) for place, hour in enumerate(hours))
        yield Picture(mine, alt, grid(rows, hours, alt, f"{key}{number}"), Table(("from", *(w for w, _ in rows)), body))


def _rows(n: Numbers) -> Rows:
    """Return each urgency that was asked with, and its share turned away in each hour.

    It is None where nothing was decided, or in fewer than half of the runs: a share of one or two requests.
    """
    found: Rows = []
    cells = {(level, at): n.interval(_METRIC, f"from={begins(at)}:{level.value}") for level in Urgency for at in HOURS}
    often = max((one.replications for one in cells.values() if one is not None), default=0) / 2
    for level in Urgency:
        known = [cells[level, minute] for minute in HOURS]
        values = [None if one is None or one.replications < often else one.mean for one in known]
        if any(value is not None for value in values):
            found.append((level.phrase, values))
    return found


def _said(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"
