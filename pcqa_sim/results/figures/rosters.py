"""Figures of rosters: who answers calls by half hour, as it is and as it is needed, over the calls that come."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pcqa_sim.results.figures.results import png

_BLUE, _GREY, _PALE = "#1f5fa8", "#7a7a7a", "#e3e7ec"


def roster_figure(table: pd.DataFrame, titles: Mapping[str, str], title: str) -> bytes:
    """Return a PNG with a panel for each sort of day; `table` has days, from, calls, now and needs."""
    figure = Figure(figsize=(8.5, 1.2 + 2.6 * len(titles)), layout="constrained")
    panels = figure.subplots(len(titles), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    top = float(table["calls"].max()) * 1.1
    for panel, (sort, name) in zip(panels, titles.items(), strict=True):
        _panel(panel, table[table["days"] == sort], name, top)
    panels[0].legend(loc="lower right", bbox_to_anchor=(1, 1), fontsize=9, frameon=False, ncols=3, borderaxespad=0)
    panels[-1].set_xlabel("time of day", fontsize=9)
    figure.suptitle(title, fontsize=12, x=0.01, ha="left", parse_math=False)
    return png(figure)


def _panel(axes: Axes, rows: pd.DataFrame, name: str, top: float) -> None:
    hours = np.array([int(text[:2]) + int(text[3:]) / 60 for text in rows["from"]])
    calls = axes.twinx()
    calls.bar(hours + 0.25, rows["calls"], width=0.46, color=_PALE, zorder=0)
    calls.set_ylim(0, top)
    calls.set_ylabel("calls in the half hour", fontsize=9, color=_GREY)
    calls.spines[["top"]].set_visible(False)
    axes.bar([0], [0], color=_PALE, label="calls")
    edges = np.append(hours, hours[-1] + 0.5)
    for column, label, look in (("now", "people now", (_GREY, "--")), ("needs", "people needed", (_BLUE, "-"))):
        people = rows[column].to_numpy(dtype=float)
        axes.step(edges, np.append(people, people[-1]), where="post", color=look[0], ls=look[1], lw=2, label=label)
    axes.set_zorder(calls.get_zorder() + 1)
    axes.patch.set_visible(False)
    axes.set_xlim(hours[0] - 0.2, edges[-1] + 0.2)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(lambda hour, _: f"{int(hour):02d}:{round(hour % 1 * 60):02d}")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("people answering", fontsize=9)
    axes.set_title(name, fontsize=10, loc="left")
    axes.spines[["top"]].set_visible(False)
