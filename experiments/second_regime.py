"""Does the past decide? One practice from an empty diary and from sixty days behind, at several levels of demand.

Runs each level twice with the same people and the same luck: from `experiment=from_empty` and from
`experiment=from_backlog`. A second regime is where the two sides stay apart for good; where there is one regime only,
what is left of the past fades. Says, for the last weeks of the run, the paired difference (from behind less from
empty) with its 95 % interval, and in which week the two sides first come within a bound and stay there.
Run it from the project's folder: python experiments/second_regime.py [--reps 4] [--weeks 40] [--last 8]
[--picture docs/second_regime.png] [--write docs/validation.md] [settings, such as practice=small]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from pcqa_sim import load_scenario, replicate
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

LEVELS = (0.8, 1.0, 1.2, 1.4, 1.6)
EMPTY, BEHIND = "from_empty", "from_backlog"
SMALL = ("practice.list_size=2500",)  # so that a laptop does it in minutes
MEASURES = {
    "failure_share": ("failure demand, share of contacts", 0.02),
    "told_another_day_share": ("told to call another day", 0.02),
    "lead_time_days": ("days between booking and appointment", 2.0),
}
"""What is looked at, and what is no difference to anybody (assumptions): two points, two days."""


def weekly(start: str, level: float, settings: Sequence[str], replications: int, weeks: int) -> pd.DataFrame:
    """Return start, level, replication, week, metric, value of one side at one level."""
    span = ("run.warm_up_weeks=0", f"run.measured_weeks={weeks}")
    scenario = load_scenario(SMALL, settings, span, [f"experiment={start}", f"practice.demand_level={level}"])
    metrics = replicate(scenario, replications).metrics
    mine = metrics["period"].str.startswith("w") & (metrics["group"] == "") & metrics["metric"].isin(MEASURES)
    found = metrics.loc[mine, ["replication", "period", "metric", "value"]]
    return found.assign(start=start, level=level, week=found["period"].str[1:].astype(int)).drop(columns="period")


def apart(table: pd.DataFrame, level: float, metric: str, weeks: range) -> ConfidenceInterval:
    """Return the paired difference over some weeks, from behind less from empty."""
    mine = table[(table["level"] == level) & (table["metric"] == metric) & table["week"].isin(weeks)]
    mean = mine.groupby(["replication", "start"])["value"].mean().unstack()
    return interval((mean[BEHIND] - mean[EMPTY]).tolist())


def meets_in(table: pd.DataFrame, level: float, metric: str, bound: float) -> int | None:
    """Return the first week from which the mean difference of four weeks stays within a bound; None: never."""
    mine = table[(table["level"] == level) & (table["metric"] == metric)]
    mean = mine.groupby(["week", "start"])["value"].mean().unstack()
    smooth = (mean[BEHIND] - mean[EMPTY]).rolling(4, min_periods=1).mean().abs()
    outside = np.flatnonzero(smooth.to_numpy() > bound)
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < len(smooth) else None


def lines(table: pd.DataFrame, last: int) -> list[str]:
    """Return the table in Markdown: by level and measure, the last weeks of both sides, and when they meet."""
    weeks = int(table["week"].max()) + 1
    tail = range(weeks - last, weeks)
    heads = (
        "needs",
        "measure",
        f"from empty, weeks {tail[0] + 1}-{weeks}",
        "from behind",
        "difference (95 % interval)",
    )
    made = [f"| {' | '.join(heads)} | apart until |"]
    made.append("|---|---|---|---|---|---|")
    for level in sorted(table["level"].unique()):
        for metric, (words, bound) in MEASURES.items():
            mine = table[(table["level"] == level) & (table["metric"] == metric) & table["week"].isin(tail)]
            side = mine.groupby("start")["value"].mean()
            share = metric.endswith("share")
            times, unit = (100, " %") if share else (1, "")
            found = apart(table, level, metric, tail)
            numbers = [times * one for one in (found.mean, found.low, found.high)]
            met = meets_in(table, level, metric, bound)
            made.append(
                f"| {level:g} | {words} | {times * side[EMPTY]:.1f}{unit} | {times * side[BEHIND]:.1f}{unit} | "
                f"{numbers[0]:+.1f}{' points' if share else ''} ({numbers[1]:+.1f} to {numbers[2]:+.1f}) | "
                f"{'the end' if met is None else f'week {met}'} |"
            )
    return made


def draw(table: pd.DataFrame, out: Path) -> None:
    """Draw failure demand and lead time by week, from both sides, a column for each level."""
    levels = sorted(table["level"].unique())
    shown = ("failure_share", "lead_time_days")
    figure = Figure(figsize=(2.3 * len(levels) + 0.6, 5), layout="constrained")
    axes = figure.subplots(len(shown), len(levels), sharex=True, sharey="row", squeeze=False)
    for row, metric in enumerate(shown):
        whole = table[table["metric"] == metric].groupby(["level", "start", "week"])["value"].mean()
        for column, level in enumerate(levels):
            one = axes[row][column]
            for start, colour, words in (
                (BEHIND, "#a8203a", "from sixty days behind"),
                (EMPTY, "#1f5fa8", "from empty"),
            ):
                mine = table[(table["level"] == level) & (table["metric"] == metric) & (table["start"] == start)]
                mean = mine.groupby("week")["value"].mean()
                one.plot(mean.index + 1, mean, color=colour, lw=1.6, label=words)
            one.spines[["top", "right"]].set_visible(False)
            one.set_ylim(0, 1.08 * float(whole.max()))
            if row == 0:
                one.set_title(f"needs x {level:g}", loc="left", fontsize=9)
                one.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}".replace("%", " %"))
            else:
                one.set_xlabel("week")
        axes[row][0].set_ylabel(
            "failure demand, share" if metric == "failure_share" else "days to appointment", fontsize=9
        )
    axes[0][0].legend(frameon=False, fontsize=8)
    figure.savefig(out, dpi=110)


def write(rows: Sequence[str], path: Path) -> None:
    """Write the table between its marks in a document."""
    start, _, rest = path.read_text(encoding="utf-8").partition("<!-- second regime -->")
    end = rest.partition("<!-- end of second regime -->")[2]
    text = "\n".join(("<!-- second regime -->", *rows, "<!-- end of second regime -->"))
    path.write_text(start + text + end, encoding="utf-8")


def main() -> None:
    """Run both sides at every level, print and write the table, draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("settings", nargs="*", help="settings such as practice=small")
    parser.add_argument("--levels", type=float, nargs="*", default=LEVELS)
    parser.add_argument("--reps", type=int, default=4)
    parser.add_argument("--weeks", type=int, default=40)
    parser.add_argument("--last", type=int, default=8)
    parser.add_argument("--kept", type=Path, help="a CSV to write what was counted to, or to read it from")
    parser.add_argument("--picture", type=Path, default=Path("second_regime.png"))
    parser.add_argument("--write", type=Path, help="a document with the table's marks")
    chosen = parser.parse_args()
    if chosen.kept and chosen.kept.exists():
        table = pd.read_csv(chosen.kept)
    else:
        sides = ((level, start) for level in chosen.levels for start in (EMPTY, BEHIND))
        table = pd.concat(weekly(start, level, chosen.settings, chosen.reps, chosen.weeks) for level, start in sides)
        if chosen.kept:
            table.to_csv(chosen.kept, index=False)
    made = lines(table, chosen.last)
    print("\n".join(made))
    if chosen.write:
        write(made, chosen.write)
    draw(table, chosen.picture)


if __name__ == "__main__":
    main()
