"""Pictures of a study's measures, each with its table: both are made from the same rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pcqa_sim.report.webpage import drawing
from pcqa_sim.report.webpage.parts import Cell, Picture, Table, View
from pcqa_sim.report.webpage.wording import likely, mean
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.clock import clock_time

_CURVES = {
    "waiting": "Callers waiting on the line",
    "busy": "Call handlers busy",
    "given_up": "Callers who have given up since 08:00",
}
_SHORTER = ("waiting", "busy", "given up")
Named = tuple[str, Cell]
"""What a row is called, and which measure it shows."""


def bars(view: View, key: str, caption: str, rows: Sequence[Named], share: bool = True, digits: int = 1) -> Picture:
    """Return bars of some measures on every side, those left out that nobody measured."""
    known = [(label, found) for label, cell in rows if any(found := view.intervals(cell))]
    drawn = [(label, found, [mean(one, share, digits) for one in found]) for label, found in known]
    sides = [side.name for side in view.sides]
    alt = f"Bars: {caption}. " + "; ".join(f"{label} {' / '.join(said)}" for label, _, said in drawn) + "."
    ranges = any(one is not None and one.replications > 1 for _, found in known for one in found)
    return Picture(
        caption,
        alt,
        drawing.bars(drawn, sides, alt, key),
        Table(
            ("", *(head for name in sides for head in _heads(name, len(sides), ranges))),
            tuple(
                (label, *(text for one in found for text in _cells(one, share, digits, ranges)))
                for label, found in known
            ),
        ),
    )


def _heads(name: str, sides: int, ranges: bool) -> tuple[str, ...]:
    mine = (name if sides > 1 else "mean", f"{name}: likely range" if sides > 1 else "likely range")
    return mine if ranges else mine[:1]


def _cells(one: ConfidenceInterval | None, share: bool, digits: int, ranges: bool) -> tuple[str, ...]:
    both = (mean(one, share, digits), likely(one, share, digits))
    return both if ranges else both[:1]


def day(view: View, key: str) -> Picture | None:
    """Return the day minute by minute on every side, None where no days were kept."""
    kept = [(side.name, side.day) for side in view.sides if side.day is not None]
    if not kept:
        return None
    minutes = [float(one) for one in kept[0][1].minutes]
    panels = []
    for name, title in _CURVES.items():
        grids = [getattr(one, name) for _, one in kept]
        lines = [np.mean(grid, axis=0).tolist() for grid in grids]
        bands = [tuple(np.percentile(grid, [10, 90], axis=0).tolist()) for grid in grids]
        panels.append((title, lines, bands))
    caption = "The day, minute by minute: the mean of all working days, and what 8 days in 10 lie between"
    sides = [side for side, _ in kept]
    peaks = [
        f"{title.lower()} at most {' / '.join(f'{max(line):.1f}' for line in lines)}" for title, lines, _ in panels
    ]
    alt = f"Curves over the day: {'; '.join(peaks)}, on average."
    heads = ("at", *(_head(title, side, len(sides)) for title in _SHORTER for side in sides))
    rows = [
        (clock_time(minutes[at]), *(f"{line[at]:.1f}" for _, lines, _ in panels for line in lines))
        for at in _moments(minutes)
    ]
    return Picture(caption, alt, drawing.curves(minutes, panels, sides, alt, key), Table(heads, tuple(rows)))


def _head(title: str, side: str, sides: int) -> str:
    return title if sides < 2 else f"{title}, {side}"


def _moments(minutes: Sequence[float]) -> list[int]:
    """Return where in a day the table looks: soon after eight, every hour to ten, then every two hours."""
    return [at for at, now in enumerate(minutes) if now in (480, 490, 510, 540, 600) or (now > 600 and not now % 120)]
