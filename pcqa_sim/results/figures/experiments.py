"""Pictures of experiments: arms beside each other as dots, along an amount, or week by week, with their intervals."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pcqa_sim.results.figures.results import _BLUE, _GREY, _ORANGE, _RED, png
from pcqa_sim.values.outside import shown

COLOURS = (_RED, _BLUE, _ORANGE, "#2f7d4f", "#6a4c93", _GREY)
_WIDTH, _COLUMNS = 10.0, 2
_ENDS = (("change_low", "change_high"), ("low", "high"))
_ONE_COLUMN, _WIDER = 3, 1.3  # panels that stand below each other; times as wide where there are two columns


def dots_figure(table: pd.DataFrame, title: str) -> bytes:
    """Return a PNG with a panel for each measure and a dot for the mean of each arm, the first row on top.

    A bar is the interval of the paired difference from the first arm, which a dashed line marks: intervals of the means
    overlap where differences on common luck are clear. The table has measure, arm, unit, mean,
    low, high, change_low, change_high; where the first arm has nothing, a bar is an arm's own interval.
    """
    measures, arms = list(table["measure"].unique()), list(table["arm"].unique())
    labels = ["\n".join(textwrap.wrap(shown(arm), 38)) for arm in arms]
    lines = sum(label.count("\n") + 1 for label in labels)
    figure, panels = _grid(len(measures), 0.75 + 0.24 * lines, title)
    for at, (axes, measure) in enumerate(zip(panels, measures, strict=True)):
        _dots(axes, table[table["measure"] == measure].set_index("arm").loc[arms], labels if at % _COLUMNS == 0 else [])
    first = f"the difference from {shown(arms[0])!r}, dashed"
    figure.supxlabel(f"dots are means; bars are 95 % intervals of {first}, with the same people and luck", fontsize=9)
    return png(figure)


def _dots(axes: Axes, mine: pd.DataFrame, labels: Sequence[str]) -> None:
    places = np.arange(len(mine))[::-1]
    means = mine["mean"].astype(float).tolist()
    axes.axvline(means[0], color=_GREY, ls="--", lw=1)
    for at, (place, mean, bar) in enumerate(zip(places.tolist(), means, _ends(mine), strict=True)):
        colour = _BLUE if at else _GREY
        axes.plot(bar, [place, place], color=colour, lw=2.2, solid_capstyle="butt")
        axes.plot([mean], [place], "o", color=colour, ms=6)
    axes.set_yticks(places, labels or [""] * len(mine), fontsize=9)
    axes.set_ylim(-0.6, len(mine) - 0.4)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.margins(x=0.12)
    _name(axes, mine)
    axes.grid(axis="x", alpha=0.25)


def _ends(mine: pd.DataFrame) -> list[list[float]]:
    """Return both ends of each arm's bar: of its difference from the first, or its own where the first has nothing."""
    first = float(mine["mean"].iloc[0])
    own = math.isnan(first)
    lows, highs = (mine[name].astype(float) + (0.0 if own else first) for name in _ENDS[own])
    return [[max(0.0, low), max(0.0, high)] for low, high in zip(lows, highs, strict=True)]  # no measure is below 0


def lines_figure(table: pd.DataFrame, label: str, title: str) -> bytes:
    """Return a PNG with a panel for each measure: means with their intervals along `amount`, a column of the table."""
    measures = list(table["measure"].unique())
    figure, panels = _grid(len(measures), 2.4, title)
    for axes, measure, colour in zip(panels, measures, _cycle(len(measures)), strict=True):
        mine = table[table["measure"] == measure].sort_values("amount")
        axes.fill_between(mine["amount"], mine["low"], mine["high"], color=colour, alpha=0.2, lw=0)
        axes.plot(mine["amount"], mine["mean"], color=colour, marker="o", ms=4, lw=1.8)
        _name(axes, mine)
        axes.margins(y=0.15)
        axes.grid(axis="y", alpha=0.25)
    figure.supxlabel(f"{shown(label)}; bands are 95 % intervals over replications", fontsize=9)
    return png(figure)


def threshold_figure(table: pd.DataFrame, bound: float, words: str, label: str, title: str) -> bytes:
    """Return a PNG of changes along an amount that doubles, a panel for each measure, with their intervals.

    In the first panel a dashed line marks the `bound` that a change has to reach, downwards, with its words; a dot is
    full where it does (`reached`, a column beside measure, unit, amount, mean, low, high).
    """
    measures = list(table["measure"].unique())
    figure, panels = _grid(len(measures), 3.4, title)
    for axes, measure, colour in zip(panels, measures, _cycle(len(measures)), strict=True):
        mine = table[table["measure"] == measure].sort_values("amount")
        _changes(axes, mine, colour)
        _name(axes, mine)
    _bound(panels[0], bound, words)
    figure.supxlabel(f"{shown(label)}; bars are 95 % intervals of the difference, same people and luck", fontsize=9)
    return png(figure)


def _changes(axes: Axes, mine: pd.DataFrame, colour: str) -> None:
    amounts, means = mine["amount"].astype(float).tolist(), mine["mean"].astype(float).tolist()
    axes.axhline(0, color=_GREY, lw=1)
    axes.plot(amounts, means, color=colour, lw=1.2, alpha=0.6)
    for amount, mean, low, high, full in zip(amounts, means, mine["low"], mine["high"], mine["reached"], strict=True):
        axes.plot([amount, amount], [low, high], color=colour, lw=2.2, solid_capstyle="butt")
        axes.plot([amount], [mean], "o", color=colour, ms=7, mfc=colour if full else "white")
    axes.set_xscale("log", base=2)
    axes.set_xticks(amounts, [f"{one:g}" for one in amounts])
    axes.minorticks_off()
    axes.margins(x=0.08, y=0.15)
    axes.grid(axis="y", alpha=0.25)


def _bound(axes: Axes, bound: float, words: str) -> None:
    least, most = axes.get_ylim()
    axes.set_ylim(min(least, bound * 1.6), max(most, -bound * 0.4))
    axes.axhline(bound, color=_GREY, ls="--", lw=1.2)
    axes.axhspan(axes.get_ylim()[0], bound, color=_GREY, alpha=0.08, lw=0)
    axes.text(0.02, 0.03, shown(words), transform=axes.transAxes, fontsize=8, color=_GREY)


def ways_figure(table: pd.DataFrame, truth: float, label: str, title: str) -> bytes:
    """Return a PNG of what several ways of looking say of each arm: a panel an arm, a dot and its interval a way.

    A dashed line marks where nothing has changed. The table has arm, way, mean, low, high, the first row on top.
    """
    arms, ways = list(table["arm"].unique()), list(table["way"].unique())
    figure = Figure(figsize=(_WIDTH, 0.9 + len(arms) * (0.6 + 0.3 * len(ways))), layout="constrained")
    every = figure.subplots(len(arms), 1, sharex=True, squeeze=False)[:, 0]
    for axes, arm in zip(every, arms, strict=True):
        mine = table[table["arm"] == arm].set_index("way").loc[ways]
        rows = zip(range(len(ways), 0, -1), _cycle(len(ways)), mine["mean"], mine["low"], mine["high"], strict=True)
        for place, colour, mean, low, high in rows:
            axes.plot([low, high], [place, place], color=colour, lw=2.2, solid_capstyle="butt")
            axes.plot([mean], [place], "o", color=colour, ms=6)
        axes.axvline(truth, color=_GREY, ls="--", lw=1)
        axes.set_yticks(range(len(ways), 0, -1), [shown(way) for way in ways], fontsize=9)
        axes.set_ylim(0.4, len(ways) + 0.6)
        axes.set_title(shown(arm), loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="x", alpha=0.25)
    figure.supxlabel(f"{shown(label)}; bars are 95 % intervals", fontsize=9)
    figure.suptitle(shown(title), x=0.01, ha="left", fontsize=12)
    return png(figure)


def weeks_figure(
    panels: Mapping[str, Mapping[str, pd.DataFrame]], title: str, changes: Mapping[int, str] | None = None
) -> bytes:
    """Return a PNG with a panel for each measure and a line for each arm: week, mean, low, high.

    Dashed lines mark the weeks from which something changes, with the words of `changes` in the first panel. A panel's
    name says its unit. More than three panels stand in two columns.
    """
    columns = 1 if len(panels) <= _ONE_COLUMN else _COLUMNS
    rows = math.ceil(len(panels) / columns)
    figure = Figure(figsize=(_WIDTH * (1 if columns == 1 else _WIDER), 1.0 + 2.6 * rows), layout="constrained")
    every = list(figure.subplots(rows, columns, sharex=True, squeeze=False).flat)
    for axes in every[len(panels) :]:
        axes.remove()
    for axes, (measure, arms) in zip(every, panels.items(), strict=False):
        _weeks(axes, arms)
        axes.set_title(shown(measure), loc="left", fontsize=10)
        for week in changes or {}:
            if any((mine["week"] >= week).any() for mine in arms.values()):
                axes.axvline(week, color=_GREY, ls="--", lw=1)
    every[0].legend(frameon=False, fontsize=9, loc="lower right")
    for week, words in (changes or {}).items():
        every[0].annotate(
            shown(words), (week, 1), (3, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
            va="top", fontsize=8, color=_GREY,
        )  # fmt: skip
    figure.supxlabel("week of the run; bands are 95 % intervals over replications; arms have the same luck", fontsize=9)
    figure.suptitle(shown(title), x=0.01, ha="left", fontsize=12)
    return png(figure)


def _weeks(axes: Axes, arms: Mapping[str, pd.DataFrame]) -> None:
    for colour, (arm, mine) in zip(_cycle(len(arms)), arms.items(), strict=True):
        axes.fill_between(mine["week"], mine["low"], mine["high"], color=colour, alpha=0.1, lw=0)
        axes.plot(mine["week"], mine["mean"], color=colour, lw=1.8, label=shown(arm))
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25)


def _grid(many: int, height: float, title: str) -> tuple[Figure, list[Axes]]:
    columns = min(many, _COLUMNS)
    rows = math.ceil(many / columns)
    figure = Figure(figsize=(_WIDTH, 0.9 + rows * height), layout="constrained")
    every = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes in every[many:]:
        axes.remove()
    figure.suptitle("\n".join(textwrap.wrap(shown(title), 90)), x=0.01, ha="left", fontsize=12)
    return figure, every[:many]


def _name(axes: Axes, mine: pd.DataFrame) -> None:
    unit = str(mine["unit"].iloc[0])
    text = f"{mine['measure'].iloc[0]}{f' ({unit})' if unit else ''}"
    axes.set_title("\n".join(textwrap.wrap(shown(text), 48)), loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)


def _cycle(many: int) -> list[str]:
    return [COLOURS[at % len(COLOURS)] for at in range(many)]
