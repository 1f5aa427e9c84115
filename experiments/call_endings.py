"""How do calls end, band by band: published cells beside the default practice and beside a panel of practices.

Published figures are sums over thousands of practices, so that one practice need not meet them. The panel is nine
practices: lists of the 10th, 50th and 90th centile of England's, each with a recorded menu that ends the 10th, 50th
and 90th centile of calls, and people of the shipped profiles in turn; its cells are of all its calls together. Cells
of Tuesday to Friday in core hours are what the default was fitted to; Mondays' are predictions, their rota a rule.
Run it from the project's folder: python experiments/call_endings.py [--reps 3] [--weeks 13]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from itertools import cycle, product

import pandas as pd

from pcqa_sim import load_scenario, replicate
from pcqa_sim.calibration import Targets, read_targets
from pcqa_sim.configuration import config_folder
from pcqa_sim.scenario import Scenario, with_settings

CELLS = "call_endings_by_band_share"
HALF_HOURS = "call_half_hour_share"
CALLS = "calls_per_1000_working_day"
LISTS = (3388, 7930, 15756)  # people; practice_list_size_quantiles
MENUS = (0.136, 0.227, 0.343)  # share of calls that end in the menu; practice_ivr_share_distribution
MEAN_MENU = 0.235  # share; mean over practices, cbt_practice_outcome_spread_2026-08
PEOPLE = ("average", "suburban", "urban_deprived", "rural_older", "student")
DAYS = {"tue-fri": "Tuesday to Friday", "mon": "Monday"}
Means = Mapping[tuple[str, str], float]


def panel(*settings: str) -> list[Scenario]:
    """Return the scenarios of the nine practices."""
    found = []
    for (people, menu), profile in zip(product(LISTS, MENUS), cycle(PEOPLE), strict=False):
        scenario = load_scenario(f"practice={profile}", f"practice.list_size={people}", *settings)
        (key, practice), *_ = scenario.practices.items()
        own, times = practice.phones.menu, menu / MEAN_MENU
        shares = {name: getattr(own, name) * times for name in ("balking_share", "informed_share")}
        changed = with_settings(practice, {f"phones.menu.{name}": share for name, share in shares.items()})
        found.append(scenario.replaced(practices={key: changed}))
    return found


def measured(scenario: Scenario, replications: int, workers: int | None) -> Means:
    """Return the mean of every metric and group over replications."""
    summary = replicate(scenario, replications, workers=workers).summary
    return summary[summary["period"] == "all"].set_index(["metric", "group"])["mean"].to_dict()


def pooled(practices: Sequence[tuple[int, Means]], group: str) -> float:
    """Return a cell's share of the calls of all practices together, each given with its list."""
    days, band, _ = group.removeprefix("ending=").split(":")
    start, end = band.split("_")
    ended, every = 0.0, 0.0
    for people, means in practices:
        steps = [name for name in means if name[0] == HALF_HOURS and name[1].startswith(f"from={days}:")]
        share = sum(means[step] for step in steps if start <= step[1][-4:] <= end)
        calls = people * means[CALLS, ""] * share
        ended, every = ended + calls * means[CELLS, group], every + calls
    return ended / every


def table(targets: Targets, default: Means, practices: Sequence[tuple[int, Means]]) -> pd.DataFrame:
    """Return a row for each published cell: day, band, ending, and what was published and simulated."""
    rows = []
    for target in targets.targets:
        if target.metric == CELLS:
            days, band, ending = target.group.removeprefix("ending=").split(":")
            rows.append(
                {
                    "day": DAYS[days], "band": f"{band[:2]}:{band[2:4]}-{band[5:7]}:{band[7:]}",
                    "ending": ending.replace("_", " "), "published": target.published,
                    "default": default[CELLS, target.group], "panel": pooled(practices, target.group),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def errors(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the mean and the largest absolute error of cells, by day, for the default and the panel."""
    off = cells[["default", "panel"]].sub(cells["published"], axis=0).abs()
    by_day = off.groupby(cells["day"], sort=False)
    return pd.concat({"mean": by_day.mean(), "largest": by_day.max()}, axis=1)


def lines(cells: pd.DataFrame) -> list[str]:
    """Return both tables in Markdown, shares in per cent: a row for each band, and the errors in points."""
    endings = list(cells["ending"].unique())
    told = ["| published / default / panel, % | " + " | ".join(endings) + " |", "|---" * (len(endings) + 1) + "|"]
    for (day, band), of in cells.groupby(["day", "band"], sort=False):
        shares = of.set_index("ending")[["published", "default", "panel"]] * 100
        told.append(
            f"| {day} {band} | " + " | ".join(" / ".join(f"{v:.1f}" for v in shares.loc[e]) for e in endings) + " |"
        )
    told += ["", "| absolute error of a cell, points | default | panel |", "|---|---|---|"]
    for day, row in errors(cells).iterrows():
        for which in ("mean", "largest"):
            told.append(f"| {day}, {which} | {row[which, 'default'] * 100:.1f} | {row[which, 'panel'] * 100:.1f} |")
    return told


def main() -> None:
    """Run the default and the panel, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=13)
    chosen = parser.parse_args()
    weeks = ("run.warm_up_weeks=4", f"run.measured_weeks={chosen.weeks}")
    scenarios = [load_scenario(*weeks), *panel(*weeks)]
    default, *others = [measured(scenario, chosen.reps, os.cpu_count()) for scenario in scenarios]
    lists = [next(iter(scenario.practices.values())).list_size for scenario in scenarios[1:]]
    targets = read_targets(config_folder(), "mornings")
    print("\n".join(lines(table(targets, default, list(zip(lists, others, strict=True))))))


if __name__ == "__main__":
    main()
