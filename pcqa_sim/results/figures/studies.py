"""Figures of studies: what is enough, what cost buys, what matters most, and how well a surface predicts."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pcqa_sim.results.figures.results import png

_BLUE, _ORANGE, _GREY, _DARK = "#1f5fa8", "#c25e00", "#7a7a7a", "#222222"
_VERDICTS = {"meets": _BLUE, "misses": _ORANGE, "not told apart": _GREY, "": "#b9b9b9"}
_MEANING = {
    "meets": "meets the target",
    "misses": "misses it",
    "not told apart": "not told apart from it",
    "": "tried for direction only",
}


def size_figure(tried: pd.DataFrame, labels: dict[str, str], bound: float, answer: float | None) -> bytes:
    """Return a PNG of a metric at each value tried, with the target and the answer.

    `tried` has value, mean, low, high and verdict ("" for none); `labels` has title, x and y (y begins "share" for
    shares, which are drawn in per cent).
    """
    figure, axes = _one_panel(labels)
    axes.axhline(bound, color=_DARK, lw=1, ls="--")
    axes.annotate("target", (1, bound), xycoords=axes.get_yaxis_transform(), xytext=(-4, 3), textcoords="offset points",
                  ha="right", fontsize=9, color=_DARK)  # fmt: skip
    if answer is not None:
        axes.axvline(answer, color=_BLUE, lw=8, alpha=0.15)
    axes.plot(tried["value"], tried["mean"], color="#cccccc", lw=1, zorder=1)
    _bars(axes, tried, tried["value"])
    if (tried["value"] == tried["value"].round()).all():
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _legend(figure, axes)
    return png(figure)


def frontier_figure(combinations: pd.DataFrame, labels: dict[str, str], bound: float) -> bytes:
    """Return a PNG of what each combination costs and gives, with the frontier that nothing beats.

    `combinations` has cost, mean, low, high, verdict, on_frontier and name; `labels` as for `size_figure`.
    """
    figure, axes = _one_panel(labels)
    axes.axhline(bound, color=_DARK, lw=1, ls="--")
    axes.annotate("target", (0, bound), xycoords=axes.get_yaxis_transform(), xytext=(4, 3), textcoords="offset points",
                  fontsize=9, color=_DARK)  # fmt: skip
    edge = combinations[combinations["on_frontier"]].sort_values("cost")
    axes.step(edge["cost"], edge["mean"], where="post", color=_BLUE, lw=1.4, alpha=0.6, label="nothing beats these")
    _bars(axes, combinations, combinations["cost"])
    for row in edge.to_dict("records"):
        place = (float(row["cost"]), float(row["mean"]))
        note = axes.annotate(str(row["name"]), place, xytext=(6, 4), textcoords="offset points", fontsize=8, zorder=5)
        note.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    _legend(figure, axes)
    return png(figure)


def influence_figure(ranked: pd.DataFrame, labels: dict[str, str]) -> bytes:
    """Return a PNG of how much each parameter matters, the most on top, with intervals.

    `ranked` has name, and one or more triples NAME, NAME_low, NAME_high named in labels["series"], separated by "|"
    with their legends in labels["legends"]; `labels` has title and x.
    """
    series = list(zip(labels["series"].split("|"), labels["legends"].split("|"), strict=True))
    figure = Figure(figsize=(9, 1.7 + 0.42 * len(ranked)), layout="constrained")
    axes = figure.subplots()
    rows = np.arange(len(ranked), dtype=float)
    for at, (name, legend) in enumerate(series):
        shift = (at - (len(series) - 1) / 2) * 0.26
        colour = (_BLUE, _ORANGE)[at % 2]
        axes.hlines(rows + shift, ranked[f"{name}_low"], ranked[f"{name}_high"], color=colour, lw=2.2)
        axes.plot(ranked[name], rows + shift, "o", color=colour, ms=6, label=legend)
    axes.set_yticks(rows, [textwrap.fill(str(name), 44) for name in ranked["name"]], fontsize=9)
    axes.set_ylim(len(ranked) - 0.4, -0.6)
    axes.axvline(0, color=_GREY, lw=1)
    _plain(axes, labels, share_on_x=labels["x"].startswith("share"))
    if labels["x"].startswith("share of"):
        axes.set_xlim(-0.03, 1.05)
    if len(series) > 1:
        figure.legend(loc="outside lower right", ncols=len(series), frameon=False, fontsize=9)
    figure.suptitle(labels["title"], fontsize=12, x=0.01, ha="left", parse_math=False)
    return png(figure)


def surface_figure(points: pd.DataFrame, labels: dict[str, str]) -> bytes:
    """Return a PNG of what a surface predicts for points left out of its fit against what was simulated there.

    `points` has simulated and predicted; `labels` has title, x and y.
    """
    figure, axes = _one_panel(labels)
    ends = [
        float(points[["simulated", "predicted"]].min().min()),
        float(points[["simulated", "predicted"]].max().max()),
    ]
    axes.plot(ends, ends, color=_GREY, lw=1, ls="--", label="predicted = simulated")
    axes.plot(points["simulated"], points["predicted"], "o", color=_BLUE, ms=5, alpha=0.7, label="left out in turn")
    if labels["y"].startswith("share"):
        axes.xaxis.set_major_formatter(FuncFormatter(_per_cent))
    _legend(figure, axes)
    return png(figure)


def _one_panel(labels: dict[str, str]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(8.5, 5), layout="constrained")
    axes = figure.subplots()
    _plain(axes, labels)
    axes.set_ylabel(labels["y"], fontsize=9)
    if labels["y"].startswith("share"):
        axes.yaxis.set_major_formatter(FuncFormatter(_per_cent))
    figure.suptitle(labels["title"], fontsize=12, x=0.01, ha="left", parse_math=False)
    return figure, axes


def _plain(axes: Axes, labels: dict[str, str], share_on_x: bool = False) -> None:
    axes.set_xlabel(labels["x"], fontsize=9)
    if share_on_x:
        axes.xaxis.set_major_formatter(FuncFormatter(_per_cent))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)


def _bars(axes: Axes, table: pd.DataFrame, across: pd.Series) -> None:
    """Draw means with their intervals, coloured by verdict."""
    for verdict, colour in _VERDICTS.items():
        of_verdict = table["verdict"] == verdict
        if of_verdict.any():
            axes.vlines(
                across[of_verdict], table.loc[of_verdict, "low"], table.loc[of_verdict, "high"], color=colour, lw=2.2
            )
            axes.plot(
                across[of_verdict], table.loc[of_verdict, "mean"], "o", color=colour, ms=6, label=_MEANING[verdict]
            )


def _legend(figure: Figure, axes: Axes) -> None:
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside lower right", ncols=4, frameon=False, fontsize=9)


def _per_cent(value: float, _: int | None) -> str:
    text = f"{100 * value:.2f}".rstrip("0").rstrip(".")
    return f"{text} %"
