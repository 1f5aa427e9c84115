"""A promise, such as nine in ten answered within two minutes, and how often it is kept: on days, and in half hours."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcqa_sim.study.statistics.criterion import Target, read_target
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

HALF_HOURS = {
    "answered_within_2_min_share": "answered_within_2_min_half_hour_share",
    "answered_share": "answered_half_hour_share",
    "missed_share": "missed_half_hour_share",
}
"""Metrics that are known half hour by half hour too, and as which."""
WHERE, MOST = "--promise", 5


@dataclass(frozen=True)
class Kept:
    """The share of days, and of half hours, in which a promise is kept, over replications; None where none was judged.

    Days and half hours with nothing to measure, in which nobody called, are left out.
    """

    promise: Target
    days: ConfidenceInterval | None
    half_hours: ConfidenceInterval | None


def read_promises(texts: Iterable[str], practice: str) -> tuple[Target, ...]:
    """Return promises; raise BadInput for one that cannot be read, is given twice, or nobody could break or keep."""
    found: list[Target] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            one = read_target(text, practice, WHERE)
        except BadInput as bad:
            faults += bad.faults
            continue
        if one in found:
            faults.append(Fault(WHERE, "is given twice", one.text))
        found.append(one)
    if len(found) > MOST:
        faults.append(Fault(WHERE, f"at most {MOST}: what is promised must be few things", str(len(found))))
    if faults:
        raise BadInput(faults)
    return tuple(found)


def kept(promise: Target, metrics: pd.DataFrame, days: range | None = None) -> Kept:
    """Return how often a promise is kept in tidy metrics by day of some replications; `days` are of the run."""
    yardstick = promise.yardstick
    mine = metrics[(metrics["practice"] == yardstick.practice) & metrics["period"].str.startswith("d")]
    if days is not None:
        mine = mine[mine["period"].isin([f"d{day:03d}" for day in days])]
    whole = mine[(mine["metric"] == yardstick.metric) & (mine["group"] == yardstick.group)]
    finer = HALF_HOURS.get(yardstick.metric) if not yardstick.group else None
    return Kept(promise, _share(promise, whole), _share(promise, mine[mine["metric"] == finer]) if finer else None)


def _share(promise: Target, rows: pd.DataFrame) -> ConfidenceInterval | None:
    """Return the share of rows that keep a promise: of each replication, then over them."""
    if rows.empty:
        return None
    slack = 1e-12  # 0.9 of ten calls is 0.9
    good = [promise.shortfall(value) <= slack for value in rows["value"]]
    shares = rows.assign(good=good).groupby("replication")["good"].mean()
    found = interval(shares.tolist())
    if math.isnan(found.low):
        return found
    return ConfidenceInterval(found.mean, max(0.0, found.low), min(1.0, found.high), found.replications)
