"""Figures of runs and of comparisons: the morning minute by minute, and what differs from the base."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from io import BytesIO

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pcqa_sim.results.intraday import Grid, Morning
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.outside import shown

_BLUE, _ORANGE, _RED, _GREY = "#1f5fa8", "#c25e00", "#a8203a", "#555555"
_COLOURS = {"better": _BLUE, "worse": _ORANGE, "changed": "#222222", "no clear difference": "#7a7a7a"}
_WIDEST = 150.0  # per cent; what lies beyond is an arrow at the edge and is read from the numbers beside it
mpl.rcParams["font.family"] = ["DejaVu Sans"]
mpl.rcParams["text.parse_math"] = False  # titles and labels hold names from outside, and a $ in one is a dollar


def morning_figure(mornings: Morning, title: str) -> bytes:
    """Return a PNG of the morning minute by minute: the median day and the range over days."""
    figure = Figure(figsize=(9, 8.2), layout="constrained")
    panels = figure.subplots(3, 1, sharex=True)
    _panel(panels[0], mornings.minutes, mornings.waiting, _BLUE, "Callers waiting on the line")
    _panel(panels[1], mornings.minutes, mornings.busy, _ORANGE, "Call handlers busy")
    rostered = np.median(mornings.rostered, axis=0)
    panels[1].yaxis.set_major_locator(MaxNLocator(integer=True))
    panels[1].step(mornings.minutes, rostered, where="post", color=_GREY, lw=1.2, ls="--", label="on the rota (median)")
    panels[1].legend(loc="upper right", frameon=False, fontsize=9)
    _panel(panels[2], mornings.minutes, mornings.given_up, _RED, "Callers who have given up since 08:00")
    panels[0].legend(loc="upper right", frameon=False, fontsize=9)
    ticks = np.arange(450, 721, 30)
    panels[2].set_xticks(ticks, [clock_time(float(tick)) for tick in ticks])
    panels[2].set_xlim(450, 720)
    figure.suptitle(f"{shown(title)}: the morning, minute by minute", fontsize=13, x=0.01, ha="left")
    figure.supxlabel(f"time of day; {len(mornings.waiting)} working days over all replications", fontsize=9)
    return png(figure)


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG whose bytes depend on what is drawn alone (`savefig` would draw it twice)."""
    picture = BytesIO()
    figure.set_dpi(110)
    FigureCanvasAgg(figure).print_png(picture, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return picture.getvalue()


def _panel(axes: Axes, minutes: Grid, days: Grid, colour: str, title: str) -> None:
    """Draw one quantity: median, the middle 80 % of days, and the whole range."""
    low, tenth, median, ninetieth, high = np.percentile(days, [0, 10, 50, 90, 100], axis=0)
    axes.fill_between(minutes, low, high, step="post", color=colour, alpha=0.13, lw=0, label="all days")
    axes.fill_between(minutes, tenth, ninetieth, step="post", color=colour, alpha=0.3, lw=0, label="8 days in 10")
    axes.step(minutes, median, where="post", color=colour, lw=1.8, label="median day")
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_ylim(0, max(1.0, float(high.max()) * 1.08))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25)


def comparison_figure(panels: Mapping[str, pd.DataFrame], title: str) -> bytes:
    """Return a PNG of differences to the base in per cent of the base, with their intervals, one panel a scenario.

    A panel is a table with words, unit, base, other_mean, difference, low, high and verdict, the first row on top.
    """
    rows = [max(1, len(panel)) for panel in panels.values()]
    figure = Figure(figsize=(10, 1.5 + sum(0.3 * count + 0.5 for count in rows)), layout="constrained")
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False, height_ratios=rows)[:, 0]
    for panel, (name, table) in zip(axes, panels.items(), strict=True):
        _differences(panel, table)
        shown_as = textwrap.shorten(f"with {shown(name)}", 80, placeholder=" ...")
        panel.set_title(shown_as, loc="left", fontsize=10, parse_math=False)
    axes[-1].set_xlim(*_reach(panels))
    axes[-1].xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes[-1].xaxis.set_major_formatter(lambda value, _: f"{value:+.0f} %" if round(value) else "as the base")
    figure.suptitle(f"{shown(title)}: what differs from the base", fontsize=13, x=0.01, ha="left", parse_math=False)
    seen = {verdict for table in panels.values() for verdict in table["verdict"]}
    marks = [Line2D([], [], color=c, marker="o", lw=2.4, label=v) for v, c in _COLOURS.items() if v in seen]
    figure.legend(handles=marks, loc="outside lower right", ncols=4, frameon=False, fontsize=9)
    figure.supxlabel("difference in % of the base, with its 95 % confidence interval", fontsize=9, x=0.01, ha="left")
    return png(figure)


def _differences(axes: Axes, table: pd.DataFrame) -> None:
    """Draw one scenario's differences, one line a metric, the means before and after at the right."""
    axes.axvline(0, color=_GREY, lw=1)
    for row, line in enumerate(table.to_dict("records")):
        colour = _COLOURS[line["verdict"]]
        if line["base"]:
            middle, low, high = (100 * line[name] / line["base"] for name in ("difference", "low", "high"))
            axes.plot([low, high], [row, row], color=colour, lw=2.4, solid_capstyle="butt")
            mark = ">" if middle > _WIDEST else "<" if middle < -_WIDEST else "o"
            axes.plot(float(np.clip(middle, -_WIDEST, _WIDEST)), row, mark, color=colour, ms=5)
        amounts = f"{_amount(line['base'], line['unit'])} → {_amount(line['other_mean'], line['unit'])}"
        axes.text(1.01, row, amounts, transform=axes.get_yaxis_transform(), va="center", fontsize=9, color=colour)
    axes.set_yticks(range(len(table)), list(table["words"]), fontsize=9)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, pad=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)


def _amount(value: float, unit: str) -> str:
    """Return a mean as it is read: shares in per cent, counts to three digits."""
    if unit.startswith("share"):
        return f"{value:.1%}".replace("%", " %")
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _reach(panels: Mapping[str, pd.DataFrame]) -> tuple[float, float]:
    """Return the ends of the axis: all intervals and zero, with a margin, up to the widest that can be read."""
    every = pd.concat(panels.values())
    every = every[every["base"] != 0]
    ends = np.concatenate([[0.0], *(100 * every[name] / every["base"] for name in ("low", "high"))])
    low, high = max(float(np.nanmin(ends)), -_WIDEST), min(float(np.nanmax(ends)), _WIDEST)
    margin = max(0.05 * (high - low), 1.0)
    return low - margin, high + margin
