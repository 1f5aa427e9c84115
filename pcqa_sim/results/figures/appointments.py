"""The appointments of a run: the week with whom, how soon people are seen, and how clinicians' sessions are spent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pcqa_sim.results.figures.results import png
from pcqa_sim.results.metrics.appointments import LEAD_BANDS
from pcqa_sim.values.outside import shown
from pcqa_sim.values.words import GP

_ROLES = ("#1f5fa8", "#5b9bd5", "#9dc3e6", "#7a9e3c", "#c9a227", "#8a6bb0", "#8c8c8c")
_SPENT = {
    "consulting_share": ("with patients", "#1f5fa8"),
    "back_office_share": ("paperwork", "#c9a227"),
    "idle_share": ("neither", "#d9d9d9"),
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RED = "#a8203a"


def _in_words(band: str) -> str:
    """Return "2 to 7 days" of 2_7_days."""
    first, *rest = band.split("_")
    return (
        " to ".join([first, rest[0]]) + f" {rest[1]}" if first.isdigit() and len(rest) > 1 else " ".join([first, *rest])
    )


def appointments_figure(metrics: pd.DataFrame, roles: Mapping[str, str], title: str) -> bytes:
    """Return a PNG of a practice's appointments.

    `metrics` are the tidy metrics of all replications of one practice, days included; `roles` names each role's key.
    """
    figure = Figure(figsize=(10, 9), layout="constrained")
    week, lead, spent = figure.subplots(3, 1, height_ratios=(1.15, 1, 0.22 * len(roles) + 0.25))
    _week(week, metrics, roles)
    _lead_times(lead, metrics)
    _sessions(spent, metrics, roles)
    for axes in (week, lead, spent):
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
    figure.suptitle(f"{shown(title)}: appointments", fontsize=13, x=0.01, ha="left", parse_math=False)
    figure.supxlabel("means of the measured weeks over all replications", fontsize=9)
    return png(figure)


def _of_period(metrics: pd.DataFrame, metric: str) -> pd.Series:
    """Return a metric's means of the measured weeks by group."""
    of_metric = metrics[(metrics["metric"] == metric) & (metrics["period"] == "all")]
    return of_metric.groupby("group")["value"].mean()


def _by_weekday(metrics: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return a metric's means by group and weekday (0 is Monday), over single days."""
    of_metric = metrics[(metrics["metric"] == metric) & metrics["period"].str.startswith("d")]
    weekday = of_metric["period"].str[1:].astype(int) % 7
    return of_metric.assign(weekday=weekday).pivot_table(
        index="group", columns="weekday", values="value", aggfunc="mean"
    )


def _week(axes: Axes, metrics: pd.DataFrame, roles: Mapping[str, str]) -> None:
    """Draw appointments by weekday and role, and how many are told to call another day."""
    table = _by_weekday(metrics, "appointments_per_1000_working_day")
    table = table.loc[:, table.notna().any()]
    days = list(table.columns)
    foot = np.zeros(len(days))
    for colour, (key, name) in zip(_ROLES * len(roles), roles.items(), strict=False):
        if f"role={key}" in table.index:
            height = table.loc[f"role={key}"].fillna(0.0).to_numpy(dtype=float)
            axes.bar(range(len(days)), height, 0.62, bottom=foot, color=colour, label=name)
            foot = foot + height
    axes.set_xticks(range(len(days)), [_WEEKDAYS[int(day)] for day in days])
    axes.set_title("Appointments per 1,000 patients by weekday, with whom", loc="left", fontsize=10)
    axes.grid(axis="y", alpha=0.25)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9, reverse=True)


def _lead_times(axes: Axes, metrics: pd.DataFrame) -> None:
    """Draw the share of appointments in each band of days from booking, for GPs and for other staff."""
    shares = _of_period(metrics, "lead_time_share")
    places = np.arange(len(LEAD_BANDS))
    for shift, (who, name, colour) in zip(
        (-0.2, 0.2), ((GP, "GPs", _ROLES[0]), ("other_staff", "other staff", _ROLES[3])), strict=True
    ):
        height = [100 * float(shares.get(f"lead={who}:{band}", 0.0)) for band in LEAD_BANDS]
        bars = axes.bar(places + shift, height, 0.38, color=colour, label=name)
        axes.bar_label(bars, fmt="%.0f", fontsize=8, padding=1)
    axes.set_xticks(places, [_in_words(band) for band in LEAD_BANDS], fontsize=8.5)
    axes.margins(y=0.12)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.set_title("Days from booking to appointment, share of appointments", loc="left", fontsize=10)
    axes.grid(axis="y", alpha=0.25)
    axes.legend(loc="upper right", frameon=False, fontsize=9)


def _sessions(axes: Axes, metrics: pd.DataFrame, roles: Mapping[str, str]) -> None:
    """Draw how each role's session time is spent; what lies beyond 100 % is overtime."""
    spent = {metric: _of_period(metrics, metric) for metric in _SPENT}
    keys = [key for key in roles if f"role={key}" in spent["consulting_share"].index]
    foot = np.zeros(len(keys))
    for metric, (name, colour) in _SPENT.items():
        width = np.array([100 * float(spent[metric].get(f"role={key}", 0.0)) for key in keys])
        bars = axes.barh(range(len(keys)), width, 0.66, left=foot, color=colour, label=name)
        ink = "white" if metric == "consulting_share" else "black"
        axes.bar_label(
            bars, [f"{w:.0f} %" if w >= 6 else "" for w in width], label_type="center", fontsize=8, color=ink
        )
        foot = foot + width
    axes.axvline(100, color=_RED, lw=1.2, ls="--")
    axes.set_yticks(range(len(keys)), [roles[key] for key in keys])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, max(105.0, float(foot.max(initial=0.0)) * 1.03))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.set_title(
        "How sessions are spent, in % of rostered time; beyond the dashed line is overtime", loc="left", fontsize=10
    )
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
