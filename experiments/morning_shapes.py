"""Does it matter how steep the morning is? The main answers under the three shapes that are shipped.

How calls fall within 08:00-10:00 is not published. Shipped are three shapes, in which 25, 32 (the default) and 41 %
of them come in the first half hour, with the same needs, people and luck; each was fitted to the same bands. What
differs between their answers is what that assumption carries.
Run it from the project's folder: python experiments/morning_shapes.py [--reps 5] [--weeks 13] [settings]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

import pandas as pd

from pcqa_sim import load_scenario, replicate

SHAPES = {"mornings_gentle": "gentle, 25 %", "england": "default, 32 %", "mornings_steep": "steep, 41 %"}
ANSWERS: dict[str, tuple[str, str, str]] = {
    "calls from 08:00 to 08:30, Tuesday to Friday, % of the day": ("call_half_hour_share", "from=tue-fri:0800", "%"),
    "calls answered, %": ("answered_share", "", "%"),
    "calls missed, %": ("missed_share", "", "%"),
    "answered within two minutes, %": ("answered_within_2_min_share", "", "%"),
    "mean wait of answered calls, minutes": ("answered_wait_min", "", ""),
    "calls answered from 08:00 to 10:00, Tuesday to Friday, %": (
        "call_endings_by_band_share", "ending=tue-fri:0800_0959:answered", "%"),
    "told to contact the practice another day, %": ("told_another_day_share", "", "%"),
    "failure demand, % of contacts": ("failure_share", "", "%"),
    "needs met, %": ("needs_met_share", "", "%"),
    "days to a clinician": ("days_to_clinician", "", ""),
}  # fmt: skip


def table(settings: Sequence[str], replications: int, workers: int | None = None) -> pd.DataFrame:
    """Return a row for each answer and a column for each shape, as "mean (interval)"."""
    columns = {}
    for shape, words in SHAPES.items():
        scenario = load_scenario(f"demand={shape}", *settings)
        summary = replicate(scenario, replications, workers=workers).summary
        whole = summary[summary["period"] == "all"].set_index(["metric", "group"])
        columns[words] = {
            answer: told(whole.loc[(metric, group)], 100 if unit else 1)
            for answer, (metric, group, unit) in ANSWERS.items()
        }
    return pd.DataFrame(columns)


def told(row: pd.Series[float], times: float) -> str:
    """Return a mean with its interval."""
    mean, low, high = (float(row[name]) * times for name in ("mean", "low", "high"))
    return f"{mean:.1f} ({low:.1f} to {high:.1f})"


def main() -> None:
    """Run the three shapes and print the table in Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("settings", nargs="*")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--weeks", type=int, default=13)
    chosen = parser.parse_args()
    settings = (*chosen.settings, "run.warm_up_weeks=4", f"run.measured_weeks={chosen.weeks}")
    found = table(settings, chosen.reps, os.cpu_count())
    print("| | " + " | ".join(found.columns) + " |\n" + "|---" * (len(found.columns) + 1) + "|")
    for answer, row in found.iterrows():
        print(f"| {answer} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
