"""Access models twice: with the same staff, and with the staff that each of them needs.

A model that keeps its promises by overtime looks good beside one that does not. So each is run with the practice's own
staff first. Then all clinicians who see what comes up are made more or fewer together (`practice.fte_level`), until
hardly anybody is told to call another day and the GPs together stay on for no more than some minutes a day per 1,000
patients: the fewest on a grid of twentieths ("not enough" where the most on the grid do not do). Nothing else changes;
the people and their luck are the same.
Run it from the project's folder: python experiments/access_models_and_staff.py [--reps 5] [--weeks 8] [--warm-up 4]
[--told 1.0] [--overtime 5] [--out access_models_and_staff.csv] [settings, such as practice=small]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pcqa_sim import load_scenario, replicate
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.scenario import Scenario

BASE = "reception_led"
ROLES = ("gp", "practice_nurse", "other")
LEVELS = tuple(round(0.8 + 0.05 * step, 2) for step in range(15))
COLUMNS: dict[str, tuple[str, str, float]] = {
    "told another day, %": ("told_another_day_share", "", 100),
    "days to a clinician": ("days_to_clinician", "", 1),
    "triage wait today, min": ("clinician_triage_wait_min", "wanted=today", 1),
    "triage wait others, min": ("clinician_triage_wait_min", "wanted=later", 1),
    "forms per 1,000 a day": ("contacts_per_1000_working_day", "channel=online", 1),
    "GP minutes a day": ("patient_min_per_working_day", "role=gp", 1),
    "nurse minutes a day": ("patient_min_per_working_day", "role=practice_nurse", 1),
    "GP overtime, min a day": ("overtime_min_per_working_day", "role=gp", 1),
    "needs met, %": ("needs_met_share", "", 100),
    "cost per need met, GBP": ("cost_per_need_met", "", 1),
}
TOLD, OVERTIME = "told another day, %", "GP overtime, min a day"


@dataclass(frozen=True)
class Asked:
    """What is asked of every run: settings, weeks and replications."""

    settings: Sequence[str]
    replications: int
    weeks: int
    warm_up: int

    def scenario(self, model: str, level: float) -> Scenario:
        """Return a model's scenario with so many times the staff."""
        weeks = (f"run.warm_up_weeks={self.warm_up}", f"run.measured_weeks={self.weeks}")
        staff = [f"practice.fte_level.{role}={level}" for role in ROLES] if level != 1 else []
        return load_scenario(weeks, self.settings, [f"triage={model}"], staff)

    def row(self, model: str, level: float) -> dict[str, float]:
        """Run a model with so many times the staff and return its row of the table."""
        summary = replicate(self.scenario(model, level), self.replications).summary
        means = summary[summary["period"] == "all"].set_index(["metric", "group"])["mean"]
        found = {name: float(means.get((metric, group), float("nan"))) for name, (metric, group, _) in COLUMNS.items()}
        return {"staff": level} | {name: found[name] * times for name, (_, _, times) in COLUMNS.items()}


def needed(asked: Asked, model: str, same: dict[str, float], told: float, overtime: float) -> dict[str, float]:
    """Return the row of the fewest staff with which a model keeps its promise; the most there is where none does."""

    def keeps(row: dict[str, float]) -> bool:
        return row[TOLD] <= told and row[OVERTIME] <= overtime

    low, high, rows = 0, len(LEVELS) - 1, {1.0: same}
    while low < high:  # more staff never turn more people away, on average
        middle = (low + high) // 2
        level = LEVELS[middle]
        rows[level] = rows.get(level) or asked.row(model, level)
        low, high = (low, middle) if keeps(rows[level]) else (middle + 1, high)
    return rows.get(LEVELS[low]) or asked.row(model, LEVELS[low])


def table(asked: Asked, models: Sequence[str], told: float, overtime_per_1000: float) -> pd.DataFrame:
    """Return the table: two rows a model, with the same staff and with the staff it needs."""
    rows: dict[tuple[str, str], dict[str, float]] = {}
    overtime = overtime_per_1000 * next(iter(asked.scenario(BASE, 1.0).practices.values())).list_size / 1000
    for model in (BASE, *(name for name in models if name != BASE)):
        same = rows[model, "same"] = asked.row(model, 1.0)
        fewest = needed(asked, model, same, told, overtime)
        enough = fewest[TOLD] <= told and fewest[OVERTIME] <= overtime
        rows[model, "needed" if enough else "not enough"] = fewest
        print(pd.DataFrame(rows).T.tail(2).round(1).to_string(), flush=True)
    return pd.DataFrame(rows).T


def main() -> None:
    """Run every model twice and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("settings", nargs="*")
    parser.add_argument("--models", nargs="+", default=list(TRIAGE), choices=list(TRIAGE), metavar="MODEL")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--warm-up", type=int, default=4)
    parser.add_argument("--told", type=float, default=1.0, help="per cent of requests that may be told another day")
    parser.add_argument("--overtime", type=float, default=5.0, help="minutes a day of all GPs, per 1,000 patients")
    parser.add_argument("--out", type=Path, default=Path("access_models_and_staff.csv"))
    chosen = parser.parse_args()
    asked = Asked(chosen.settings, chosen.reps, chosen.weeks, chosen.warm_up)
    found = table(asked, chosen.models, chosen.told, chosen.overtime)
    found.round(3).to_csv(chosen.out, index_label=["model", "staff"])
    print(f"\n{found.round(1).T.to_string()}\n\nwritten: {chosen.out}")


if __name__ == "__main__":
    main()
