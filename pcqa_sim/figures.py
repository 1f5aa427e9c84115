"""Figures, drawn from results and never from a running simulation."""

from __future__ import annotations

from io import BytesIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pcqa_sim.clock import clock_time
from pcqa_sim.morning import Grid, Morning

_BLUE, _ORANGE, _RED, _GREY = "#1f5fa8", "#c25e00", "#a8203a", "#555555"
mpl.rcParams["font.family"] = ["DejaVu Sans"]


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
    figure.suptitle(f"{title}: the morning, minute by minute", fontsize=13, x=0.01, ha="left")
    figure.supxlabel(f"time of day; {len(mornings.waiting)} working days over all replications", fontsize=9)
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=110, metadata={"Software": None})
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
