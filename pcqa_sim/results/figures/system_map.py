"""A practice's map as a picture: boxes in columns, and arrows between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDE, _HIGH = 2.6, 0.8  # of a box, in inches
_APART = 1.1, 0.45


def system_map_figure(
    boxes: Sequence[tuple[str, int, str]], arrows: Sequence[tuple[str, str, str]], title: str
) -> Figure:
    """Return the picture of a map: `boxes` are key, column and text, `arrows` from, to and what is written on them."""
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    columns = sorted({column for _, column, _ in boxes})
    most = max(sum(column == one for _, column, _ in boxes) for one in columns)
    wide, high = len(columns) * (_WIDE + _APART[0]), most * (_HIGH + _APART[1])
    figure = Figure(figsize=(wide, high + 0.6), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(-_APART[0] / 2, wide - _APART[0] / 2), ylim=(0, high), title=title)
    axes.axis("off")
    places: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        inside = [(key, text) for key, one, text in boxes if one == column]
        for row, (key, text) in enumerate(inside):
            x, y = number * (_WIDE + _APART[0]), high * (1 - (row + 0.5) / len(inside)) - _HIGH / 2
            places[key] = (x, y)
            axes.add_patch(FancyBboxPatch((x, y), _WIDE, _HIGH, boxstyle="round,pad=0.04", fc="#eef3f8", ec="#34506b"))
            axes.text(x + _WIDE / 2, y + _HIGH / 2, text, ha="center", va="center", fontsize=8)
    for start, end, words in arrows:
        (x, y), (to_x, to_y) = places[start], places[end]
        begin, finish = (x + _WIDE + 0.05, y + _HIGH / 2), (to_x - 0.05, to_y + _HIGH / 2)
        axes.add_patch(FancyArrowPatch(begin, finish, arrowstyle="-|>", mutation_scale=9, color="#7a8a99", lw=0.8))
        axes.text(finish[0] - 0.1, finish[1] + 0.04, words, ha="right", va="bottom", fontsize=7, color="#34506b")
    return figure
