"""How do missed calls move with the wait, when only the number of call handlers changes? A prediction, with its table.

Seven rotas of whole people, from one fewer to five more than the believable practice has, with the same people
and the same luck: the mean wait of answered calls, the share missed of answered and missed calls, and the slope of the
one on the other through the origin. Queueing theory with one exponential patience says 1 / patience, so the slope is
told as the patience it looks like; nothing of it was fitted.
Run it from the project's folder: python experiments/missed_by_wait.py [--reps 4] [--weeks 13] [--list-size 10000]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence

import pandas as pd

from pcqa_sim import load_scenario, replicate
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.values.clock import clock_time

MORE = (-1, 0, 1, 2, 3, 4, 5)  # people more than the practice's own rota, all day, at least one being there
METRICS = ("answered_wait_min", "answered_share", "missed_share")


def rotas(base: Scenario) -> dict[int, Scenario]:
    """Return the scenario of each rota, by how many people more it has."""
    (key, practice), *_ = base.practices.items()
    own = practice.rota.phone.tuesday_friday
    found = {}
    for more in MORE:
        roster = {clock_time(at): max(1, people + more) if people else 0 for at, people in own.items()}
        changed = with_settings(practice, {"rota.phone.tuesday_friday": roster})
        found[more] = base.replaced(practices={key: changed})
    return found


def measured(scenario: Scenario, replications: int, workers: int | None) -> dict[str, float]:
    """Return the mean of each metric over replications."""
    summary = replicate(scenario, replications, workers=workers).summary
    whole = summary[(summary["period"] == "all") & (summary["group"] == "")].set_index("metric")["mean"]
    return {metric: float(whole[metric]) for metric in METRICS}


def table(scenarios: dict[int, Scenario], replications: int, workers: int | None = None) -> pd.DataFrame:
    """Return a row for each rota: people more, mean wait of answered calls, share missed of answered and missed."""
    rows = []
    for more, scenario in scenarios.items():
        seen = measured(scenario, replications, workers)
        missed = seen["missed_share"] / (seen["missed_share"] + seen["answered_share"])
        rows.append({"more": more, "wait_min": seen["answered_wait_min"], "missed": missed})
    return pd.DataFrame(rows)


def slope(waits: Iterable[float], missed: Iterable[float]) -> float:
    """Return the slope of the share missed on the mean wait, a line through the origin by least squares."""
    pairs = list(zip(waits, missed, strict=True))
    return sum(wait * share for wait, share in pairs) / sum(wait * wait for wait, _ in pairs)


def lines(found: pd.DataFrame) -> Sequence[str]:
    """Return the table and the slope in words."""
    told = ["people more   mean wait of answered   missed of answered and missed"]
    told += [f"{row.more:+11d}   {row.wait_min:17.2f} min   {row.missed:28.1%}" for row in found.itertuples()]
    steep = slope(found["wait_min"], found["missed"])
    return [*told, f"slope through the origin: {steep:.2%} a minute, as one patience of {1 / steep:.1f} minutes"]


def main() -> None:
    """Run the seven rotas and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reps", type=int, default=4)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--list-size", type=int, default=10_000)
    chosen = parser.parse_args()
    base = load_scenario(
        f"practice.list_size={chosen.list_size}",
        "run.warm_up_weeks=4",
        f"run.measured_weeks={chosen.weeks}",
    )
    print("\n".join(lines(table(rotas(base), chosen.reps, os.cpu_count()))))


if __name__ == "__main__":
    main()
