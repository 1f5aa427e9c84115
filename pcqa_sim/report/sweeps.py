"""The results of a sweep as a table on the terminal: what varies, and a metric with its interval at each point."""

from __future__ import annotations

import math
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd

from pcqa_sim.report.contract import TOLD, any_point
from pcqa_sim.report.numbers import is_share_of_a_whole
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.driver import Outcome
from pcqa_sim.study.gathering import METRICS as METRICS_FILE
from pcqa_sim.study.gathering import SUMMARY
from pcqa_sim.study.ledger import UNITS
from pcqa_sim.study.plan import POINTS, Plan
from pcqa_sim.study.scenariofile import SCENARIOS
from pcqa_sim.values.outside import shown

MOST_ROWS = 30
_WIDEST = 40


def print_sweep(folder: Path, plan: Plan, outcome: Outcome, metrics: list[str], where: str) -> None:
    """Print what was done, a table for each metric, and where the files are."""
    print(what_was_done(plan, outcome, where))
    if (folder / SUMMARY).is_file():
        summary = pd.read_csv(folder / SUMMARY, keep_default_na=False, na_values=[""])
        for metric in metrics:
            print("\n" + "\n".join(table(summary, plan, metric)))
        told = summary[(summary["metric"] == TOLD) & summary["group"].isna()]
        print("".join(f"\n{said}\n" for said in filter(None, [any_point(told["mean"])])), end="")
    print(f"\nFiles in {shown(folder)}:")
    for name, what in (
        (SUMMARY, "every metric of every point over the measured weeks, with its interval"),
        (METRICS_FILE, "all units together, tidy"),
        (POINTS, "what each scenario has of what varies"),
        (f"{UNITS}/, {SCENARIOS}/", "one file a unit, and every setting as used"),
    ):
        print(f"  {name:<18} {what}")


def what_was_done(plan: Plan, outcome: Outcome, where: str) -> str:
    """Return in a line what a study was, and what of it was done now."""
    scenarios = f"{len(plan.scenarios):,} scenario{'s' if len(plan.scenarios) > 1 else ''}"
    times = f"{plan.replications} replication{'s' if plan.replications > 1 else ''}"
    there = f", {outcome.found:,} of them there already" if outcome.found else ""
    return f"{scenarios} x {times} = {plan.size:,} units{there}; {outcome.seconds:,.0f} s on {where}."


def table(summary: pd.DataFrame, plan: Plan, metric: str) -> list[str]:
    """Return the lines of a table: one point and practice a line."""
    about = METRICS[metric]
    rows = summary[(summary["metric"] == metric) & summary["group"].isna()]
    head = f"{metric}: {about.words}, {about.unit}; in brackets the 95 % confidence interval over replications"
    if rows.empty:
        return [head, "  nothing to measure at any point"]
    practices = ["practice"] if rows["practice"].nunique() > 1 else []
    lines = [["point", *plan.points[0].values, *practices, metric]]
    for row in rows.head(MOST_ROWS).to_dict("records"):
        varied = plan.points[int(row["point"])].values.values()
        lines.append([str(row["point"]), *varied, *(str(row[p]) for p in practices), _said(row)])
    more = [f"  ... and {len(rows) - MOST_ROWS:,} more in {SUMMARY}"] if len(rows) > MOST_ROWS else []
    return [head, *_aligned(lines), *more]


def _said(row: dict[Hashable, Any]) -> str:
    """Return "23.8 % (18.2 to 29.4)"."""
    share = str(row["unit"]).startswith("share")
    top = 1.0 if is_share_of_a_whole(str(row["unit"])) else math.inf
    row = row | {"low": max(0.0, row["low"]), "high": min(top, row["high"])}
    mean, low, high = (float(row[name]) * (100 if share else 1) for name in ("mean", "low", "high"))
    digits = 1 if share or abs(mean) >= 10 else 2
    said = f"{mean:,.{digits}f}{' %' if share else ''}"
    return said if row["replications"] < 2 else f"{said} ({low:,.{digits}f} to {high:,.{digits}f})"


def _aligned(lines: list[list[str]]) -> list[str]:
    """Return cells in columns: numbers to the right, words to the left, long words cut."""
    cells = [[shown(text, _WIDEST) for text in line] for line in lines]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    numbers = [all(_number(text) for text in column[1:]) for column in columns]
    shapes = list(zip(widths, numbers, strict=True))
    return [
        "  "
        + "  ".join(t.rjust(w) if number else t.ljust(w) for t, (w, number) in zip(line, shapes, strict=True)).rstrip()
        for line in cells
    ]


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
