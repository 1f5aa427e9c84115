"""At what level of demand do a day's failures no longer clear?

Sweeps `practice.demand_level` with the same people and the same luck. Draws failure demand as a share of contacts, the
load (bookings and refusals by the appointments there are), and the share of working days on which more was asked for
than there was; marks where the mean load passes 1. Bands are 95 % intervals over replications.
Run it from the project's folder: python experiments/tipping_point.py [--reps 3] [--weeks 8] [--out tipping_point.png]
"""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from pcqa_sim import load_scenario, replicate
from pcqa_sim.study.statistics.intervals import interval

LEVELS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
METRICS = ("failure_share", "tipping_point_share", "told_another_day_share")
OVERFULL = "days_overfull"
PANELS = {
    "failure_share": ("Failure demand, share of contacts", "#c25e00"),
    "tipping_point_share": ("Load: bookings and refusals by the appointments there are", "#1f5fa8"),
    OVERFULL: ("Working days on which more is asked for than there is", "#a8203a"),
}


def at_level(level: float, replications: int, weeks: int, overrides: list[str]) -> list[dict[str, float | str]]:
    """Return level, metric, mean, low, high of one level of demand."""
    settings = (f"practice.demand_level={level}", "run.warm_up_weeks=4", f"run.measured_weeks={weeks}")
    metrics = replicate(load_scenario(overrides, settings), replications, workers=os.cpu_count()).metrics
    metrics = metrics[metrics["group"] == ""]
    whole = metrics[metrics["period"] == "all"]
    values = {name: whole.loc[whole["metric"] == name, "value"].tolist() for name in METRICS}
    days = metrics[(metrics["metric"] == "tipping_point_share") & metrics["period"].str.startswith("d")]
    values[OVERFULL] = (days["value"] > 1).groupby(days["replication"]).mean().tolist()
    rows: list[dict[str, float | str]] = []
    for name, mine in values.items():
        found = interval(mine)
        rows.append({"level": level, "metric": name, "mean": found.mean, "low": found.low, "high": found.high})
    return rows


def tipping_point(table: pd.DataFrame) -> float:
    """Return the level at which the mean load passes 1, between the levels tried; NaN where it does not."""
    load = table[table["metric"] == "tipping_point_share"].sort_values("level")
    level, mean = load["level"].to_numpy(dtype=float), load["mean"].to_numpy(dtype=float)
    passes = np.flatnonzero((mean[:-1] < 1) & (mean[1:] >= 1))
    if not len(passes):
        return math.nan
    at = int(passes[0])
    return float(level[at] + (1 - mean[at]) / (mean[at + 1] - mean[at]) * (level[at + 1] - level[at]))


def draw(table: pd.DataFrame, point: float, out: Path) -> None:
    """Draw one panel for each quantity and write the PNG."""
    figure = Figure(figsize=(8, 8.5), layout="constrained")
    for axes, (name, (title, colour)) in zip(figure.subplots(len(PANELS), 1, sharex=True), PANELS.items(), strict=True):
        mine = table[table["metric"] == name].sort_values("level")
        axes.fill_between(mine["level"], mine["low"], mine["high"], color=colour, alpha=0.2, lw=0)
        axes.plot(mine["level"], mine["mean"], color=colour, marker="o", ms=4, lw=1.8)
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_ylim(0, max(1.05 if name == OVERFULL else 0.0, float(mine["mean"].max()) * 1.15))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}".replace("%", " %"))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", alpha=0.25)
        if name == "tipping_point_share":
            axes.axhline(1, color="#555555", ls="--", lw=1)
        if math.isfinite(point):
            axes.axvline(point, color="#555555", ls=":", lw=1.2)
    axes.set_xlabel("level of demand; 1 is the default practice; dotted: the load passes 100 %")
    figure.suptitle("Where a day's failures no longer clear", x=0.01, ha="left")
    figure.savefig(out, dpi=110)


def main() -> None:
    """Sweep, say what was found, and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("overrides", nargs="*", help="settings such as practice=small")
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--levels", type=float, nargs="+", default=list(LEVELS))
    parser.add_argument("--out", type=Path, default=Path("tipping_point.png"))
    chosen = parser.parse_args()
    rows = [
        row for level in sorted(chosen.levels) for row in at_level(level, chosen.reps, chosen.weeks, chosen.overrides)
    ]
    table = pd.DataFrame(rows)
    print(table.pivot_table(index="level", columns="metric", values="mean").round(3).to_string())
    point = tipping_point(table)
    found = f"the mean load passes 1 at a demand level of {point:.2f}"
    print(found if math.isfinite(point) else "the mean load does not pass 1 at the levels tried")
    draw(table, point, chosen.out)
    print(f"written: {chosen.out}")


if __name__ == "__main__":
    main()
