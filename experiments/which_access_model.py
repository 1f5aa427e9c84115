"""Which access model? Every model on the same practice, with the same people and the same luck.

Prints one table of means with 95 % intervals over replications, and writes it as a CSV file.
Run it from the project's folder: python experiments/which_access_model.py [--reps 10] [--out which_access_model.csv]
[settings, such as practice=flood_8am]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from pcqa_sim import load_scenario, replicate
from pcqa_sim.triage import TRIAGE

ROWS = {
    ("contacts_per_need", ""): ("contacts for each need", 1.0, 2),
    ("failure_share", ""): ("failure demand, % of contacts", 100.0, 1),
    ("calls_per_working_day", ""): ("calls a working day", 1.0, 0),
    ("share_0800_0830", ""): ("calls 08:00-08:30, %", 100.0, 1),
    ("told_another_day_per_working_day", ""): ("told to ring another day, a day", 1.0, 1),
    ("days_to_resolution", ""): ("days to resolution", 1.0, 1),
    ("needs_met_share", ""): ("needs met, %", 100.0, 1),
    ("consulting_share", "role=gp"): ("GP time with patients, %", 100.0, 1),
    ("overtime_min_per_working_day", "role=gp"): ("GP overtime, minutes a day", 1.0, 0),
    ("mode_share", "mode=face_to_face"): ("face to face, % of appointments", 100.0, 1),
    ("usual_gp_share", ""): ("with the usual GP, %", 100.0, 1),
    ("dna_share", ""): ("appointments missed, %", 100.0, 1),
}


def measured(model: str, settings: list[str], replications: int) -> dict[str, str]:
    """Return what one model gives, by row of the table."""
    summary = replicate(load_scenario(*settings, f"triage={model}"), replications).summary
    whole = summary[summary["period"] == "all"].set_index(["metric", "group"])
    found = {}
    for key, (words, times, digits) in ROWS.items():
        if key in whole.index:
            row = whole.loc[key]
            # No measure is below 0, and Student's interval of a few runs does not know it.
            mean, low, high = (f"{max(0.0, row[name]) * times:.{digits}f}" for name in ("mean", "low", "high"))
            found[words] = f"{mean} ({low} to {high})"
    return found


def main() -> None:
    """Run every model and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("settings", nargs="*")
    parser.add_argument("--reps", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("which_access_model.csv"))
    chosen = parser.parse_args()
    table = pd.DataFrame()
    for model in TRIAGE:
        table[model] = pd.Series(measured(model, chosen.settings, chosen.reps))
        print(f"done: {model}", flush=True)
    table.to_csv(chosen.out, index_label="measure")
    print("\n".join(_blocks(table)))
    print(f"written: {chosen.out}")


def _blocks(table: pd.DataFrame) -> list[str]:
    """Return the table as text, a block for each measure with a line for each model."""
    return [
        line
        for measure, row in table.iterrows()
        for line in ("", str(measure), *(f"  {model:<18}{value}" for model, value in row.items()))
    ]


if __name__ == "__main__":
    main()
