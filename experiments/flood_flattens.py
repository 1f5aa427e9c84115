"""Does an 8am flood flatten when every request gets an answer, and how fast?

The flood practice as it is, and with 30 more slots a day from week 5: same people, same luck. Draws the share of calls
between 08:00 and 10:00 and the patients' belief, week by week, with 95 % intervals over replications.
Run it from the project's folder: python experiments/flood_flattens.py [--reps 6] [--out flood_flattens.png]
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pcqa_sim import load_scenario, replicate
from pcqa_sim.scenario import Scenario

FROM_WEEK, EXTRA, WEEKS = 5, 30, 28
PANELS = {
    "share_0800_1000": "Share of a working day's calls between 08:00 and 10:00",
    "belief": "What patients expect: share of late same-day requests refused",
}


def scenarios() -> dict[str, Scenario]:
    """Return the practice as it is and with more slots."""
    base = ("practice=flood_8am", f"run.measured_weeks={WEEKS}")
    name = "more_on_the_day_slots"
    more = (
        f"intervention=[{name}]",
        f"intervention.{name}.extra={EXTRA}",
        f"intervention.{name}.from_week={FROM_WEEK}",
    )
    return {"as it is": load_scenario(*base), f"{EXTRA} more slots a day": load_scenario(*base, *more)}


def weekly(scenario: Scenario, replications: int) -> pd.DataFrame:
    """Return week, metric, mean, low, high."""
    summary = replicate(scenario, replications, workers=os.cpu_count()).summary
    weeks = summary[summary["period"].str.startswith("w") & (summary["group"] == "")]
    return weeks.assign(week=weeks["period"].str[1:].astype(int))


def main() -> None:
    """Run both and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reps", type=int, default=6)
    parser.add_argument("--out", type=Path, default=Path("flood_flattens.png"))
    chosen = parser.parse_args()
    figure = Figure(figsize=(9, 6.5), layout="constrained")
    panels = dict(zip(PANELS, figure.subplots(2, 1, sharex=True), strict=True))
    for colour, (name, scenario) in zip(("#a8203a", "#1f5fa8"), scenarios().items(), strict=True):
        seen = weekly(scenario, chosen.reps)
        for metric, axes in panels.items():
            mine = seen[seen["metric"] == metric].sort_values("week")
            axes.fill_between(mine["week"], mine["low"], mine["high"], color=colour, alpha=0.2, lw=0)
            axes.plot(mine["week"], mine["mean"], color=colour, lw=1.8, label=name)
    for metric, axes in panels.items():
        axes.set_title(PANELS[metric], loc="left", fontsize=10)
        axes.axvline(FROM_WEEK, color="#555555", ls="--", lw=1)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", alpha=0.25)
    panels["belief"].legend(frameon=False)
    panels["belief"].set_xlabel(
        "week of the run; bands are 95 % intervals over replications; weeks with bank holidays left out above"
    )
    figure.suptitle("An 8am flood, and the same practice from week 5 with enough slots", x=0.01, ha="left")
    figure.savefig(chosen.out, dpi=110)
    print(f"written: {chosen.out}")


if __name__ == "__main__":
    main()
