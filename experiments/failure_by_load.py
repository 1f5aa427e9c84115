"""Which failure demand follows load, and which comes of fixed chances whatever the load is?

Sweeps demand (`practice.demand_level`) and, by itself, staff (every role's `practice.fte_level`, and reception's rotas
as written for a longer or shorter list), the same people with the same luck. Counts failure contacts by cause: as a
share of contacts, and for each 100 needs asked about. What is for each need the same at the lightest and the heaviest
load is a fixed chance; the rest responds. Intervals are over replications, 95 %.
Run it from the project's folder: python experiments/failure_by_load.py [--reps 3] [--weeks 6] [--warm-up 6]
[--picture docs/failure_by_load.png] [--write docs/validation.md] [settings, such as practice=small]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pcqa_sim import load_scenario, replicate
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values.needs import FAILURE_CAUSES

LEVELS = (0.6, 0.75, 0.9, 1.0, 1.2, 1.4, 1.6)
DEMAND, STAFF = "demand", "staff"
LIGHTEST = {DEMAND: min(LEVELS), STAFF: max(LEVELS)}
HEAVIEST = {DEMAND: max(LEVELS), STAFF: min(LEVELS)}
FIXED_WITHIN = (
    1.25  # times; assumption: what grows by a quarter or less from the lightest to the heaviest load is a fixed chance
)
RARE = 0.2  # contacts for each 100 needs; assumption: of what is rarer at every load nothing is said
SMALL = ("practice.list_size=4000",)  # so that a laptop does it in minutes


@dataclass(frozen=True)
class Asked:
    """What is asked of every run: settings, weeks and replications."""

    settings: Sequence[str]
    replications: int
    weeks: int
    warm_up: int

    def scenario(self, axis: str, level: float) -> Scenario:
        """Return the practice at a level of demand, or with so many times the staff."""
        weeks = (f"run.warm_up_weeks={self.warm_up}", f"run.measured_weeks={self.weeks}")
        base = load_scenario(SMALL, self.settings, weeks)
        practice = next(iter(base.practices.values()))
        if axis == DEMAND:
            return load_scenario(SMALL, self.settings, weeks, [f"practice.demand_level={level}"])
        written_for = practice.rota.written_for_list_size or practice.list_size
        rotas = [f"rota.written_for_list_size={round(written_for / level)}"]
        staff = [f"practice.fte_level.{role}={level}" for role in practice.role]
        return load_scenario(SMALL, self.settings, weeks, staff, rotas)


def counted(axis: str, level: float, asked: Asked) -> pd.DataFrame:
    """Return axis, level, replication, cause, share of contacts and contacts for each 100 needs at one level.

    The cause "" is all of them.
    """
    metrics = replicate(asked.scenario(axis, level), asked.replications).metrics
    metrics = metrics[metrics["period"] == "all"]
    value = metrics.set_index(["metric", "group", "replication"])["value"]
    rows = []
    for number in range(asked.replications):
        share_of_all = value["failure_share", "", number]
        a_need = value["contacts_per_need", "", number]
        for cause in ("", *FAILURE_CAUSES):
            share = share_of_all if not cause else value["failure_share_by_cause", f"cause={cause}", number]
            rows.append((axis, level, number, cause, share, 100 * share * a_need))
    return pd.DataFrame(rows, columns=["axis", "level", "replication", "cause", "share", "per_100"])


def by_replication(table: pd.DataFrame, axis: str, level: float, cause: str, column: str) -> list[float]:
    """Return one number of each replication, in order."""
    mine = table[(table["axis"] == axis) & (table["level"] == level) & (table["cause"] == cause)]
    return mine.sort_values("replication")[column].tolist()


def growth(table: pd.DataFrame, axis: str, cause: str) -> tuple[float, float, ConfidenceInterval]:
    """Return contacts for each 100 needs at the lightest and heaviest load, and the paired interval of the change."""
    light, heavy = (by_replication(table, axis, ends[axis], cause, "per_100") for ends in (LIGHTEST, HEAVIEST))
    return float(np.mean(light)), float(np.mean(heavy)), interval([b - a for a, b in zip(light, heavy, strict=True)])


def verdict(light: float, heavy: float, apart: ConfidenceInterval) -> str:
    """Return what a cause does between the lightest and the heaviest load."""
    if max(light, heavy) < RARE:
        return "rare"
    if max(light, heavy) <= FIXED_WITHIN * min(light, heavy):
        return "fixed chance"
    if apart.low <= 0 <= apart.high:
        return "not clear"
    return "responds" if heavy > light else "falls with load"


def lines(table: pd.DataFrame) -> list[str]:
    """Return the tables in Markdown: failure shares by level, then causes with what they respond to."""
    made = ["| | " + " | ".join(f"{level:g}" for level in LEVELS) + " |", "|---|" + "---|" * len(LEVELS)]
    for axis in (DEMAND, STAFF):
        shares = [interval(by_replication(table, axis, level, "", "share")) for level in LEVELS]
        cells = [f"{100 * one.mean:.1f} % ({100 * one.low:.1f} to {100 * one.high:.1f})" for one in shares]
        made.append(f"| failure demand, share of contacts, by {axis} | " + " | ".join(cells) + " |")
    made += ["", "| failure contacts for each 100 needs | " + " | ".join(_heads()) + " |", "|---|---|---|---|---|"]
    for cause in _order(table):
        cells = [cell for axis in (DEMAND, STAFF) for cell in _cells(table, axis, cause)]
        made.append(f"| {FAILURE_CAUSES[cause].rstrip(',') if cause else '**all**'} | " + " | ".join(cells) + " |")
    return made


def _heads() -> list[str]:
    return [head for axis in (DEMAND, STAFF) for head in (f"{axis} {LIGHTEST[axis]:g} -> {HEAVIEST[axis]:g}", "")]


def _cells(table: pd.DataFrame, axis: str, cause: str) -> tuple[str, str]:
    light, heavy, apart = growth(table, axis, cause)
    numbers = f"{light:.1f} -> {heavy:.1f} ({apart.low:+.1f} to {apart.high:+.1f})"
    return numbers, verdict(light, heavy, apart)


def _order(table: pd.DataFrame) -> list[str]:
    """Return the causes that ever happen, the most frequent at the heaviest demand first, all of them before."""
    mean = table[table["axis"] == DEMAND].groupby("cause")["per_100"].max()
    return [str(cause) for cause in mean[mean > 0].sort_values(ascending=False).index]


def draw(table: pd.DataFrame, out: Path) -> None:
    """Draw shares of contacts by cause over demand and over staff, what responds in colours and the fixed in greys."""
    figure = Figure(figsize=(12, 5.6), layout="constrained")
    for axes, axis in zip(figure.subplots(1, 2, sharey=True), (DEMAND, STAFF), strict=True):
        _stack(axes, table, axis)
    figure.legend(
        *figure.axes[0].get_legend_handles_labels(), loc="outside right center", frameon=False, fontsize=8, reverse=True
    )
    figure.suptitle(
        "Failure demand, share of contacts, by what happened before: colours grow with needs, greys do not",
        x=0.01,
        ha="left",
        fontsize=11,
    )
    figure.savefig(out, dpi=110)


COLOURS = ("#a8203a", "#c25e00", "#e0a030", "#1f5fa8", "#4fa3c7", "#6b4fa0", "#3d8a4f")
SHOWN = 0.01  # share of contacts; assumption: a cause that never reaches one in a hundred is drawn with the rest


def _stack(axes: Axes, table: pd.DataFrame, axis: str) -> None:
    mean = table[table["axis"] == axis].pivot_table(index="level", columns="cause", values="share", aggfunc="mean")
    everywhere = table.groupby(["axis", "level", "cause"])["share"].mean().groupby("cause").max()
    shown = [cause for cause in _order(table) if cause and everywhere[cause] >= SHOWN]
    fixed = [cause for cause in shown if verdict(*growth(table, DEMAND, cause)) != "responds"]
    order = [*fixed, *(cause for cause in reversed(shown) if cause not in fixed)]
    greys = [str(0.45 + 0.4 * place / max(1, len(fixed) - 1)) for place in range(len(fixed))]
    colours = [*greys, *reversed(COLOURS[: len(order) - len(fixed)])]
    rest = mean[""] - mean[order].sum(axis=1)
    parts = [mean[cause].to_numpy() for cause in order]
    labels = [FAILURE_CAUSES[cause].rstrip(",") for cause in order]
    axes.stackplot(
        mean.index,
        rest,
        *parts,
        labels=["all other causes", *labels],
        colors=["#eeeeee", *colours],
        lw=0.4,
        edgecolor="white",
    )
    axes.set_xlim(mean.index.min(), mean.index.max())
    axes.set_xlabel("needs against the average practice" if axis == DEMAND else "staff against the average practice")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}".replace("%", " %"))
    axes.set_title(
        "More needs, the same staff" if axis == DEMAND else "More staff, the same needs", loc="left", fontsize=10
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.axvline(1, color="#333333", ls=":", lw=1)


def write(rows: Sequence[str], path: Path) -> None:
    """Write the tables between their marks in a document."""
    start, _, rest = path.read_text(encoding="utf-8").partition("<!-- failure by load -->")
    end = rest.partition("<!-- end of failure by load -->")[2]
    text = "\n".join(("<!-- failure by load -->", *rows, "<!-- end of failure by load -->"))
    path.write_text(start + text + end, encoding="utf-8")


def main() -> None:
    """Sweep both axes, print and write the tables, draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("settings", nargs="*", help="settings such as practice=small")
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=6)
    parser.add_argument("--warm-up", type=int, default=6)
    parser.add_argument("--kept", type=Path, help="a CSV to write what was counted to, or to read it from")
    parser.add_argument("--picture", type=Path, default=Path("failure_by_load.png"))
    parser.add_argument("--write", type=Path, help="a document with the tables' marks")
    chosen = parser.parse_args()
    if chosen.kept and chosen.kept.exists():
        table = pd.read_csv(chosen.kept, keep_default_na=False)
    else:
        asked = Asked(chosen.settings, chosen.reps, chosen.weeks, chosen.warm_up)
        table = pd.concat(counted(axis, level, asked) for axis in (DEMAND, STAFF) for level in LEVELS)
        if chosen.kept:
            table.to_csv(chosen.kept, index=False)
    made = lines(table)
    print("\n".join(made))
    if chosen.write:
        write(made, chosen.write)
    draw(table, chosen.picture)


if __name__ == "__main__":
    main()
