"""What a sweep's page shows: what varies, the points that were computed, and their answers. Nothing in between."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.base import is_share_of_a_whole
from pcqa_sim.results.metrics.themes import headlines
from pcqa_sim.study.design.plan import Plan, read_plan
from pcqa_sim.study.gathering import SUMMARY
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, within_reach
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

MOST_POINTS = 5_000
Cell = list[float] | None
"""A mean with the ends of its interval; None where there was nothing to measure."""


@dataclass(frozen=True)
class Varied:
    """What varies: its key and its values in order, numbers by size, as they were written."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Explored:
    """A sweep: what varies, each point by the places of its values, and each measure at each point."""

    varied: tuple[Varied, ...]
    points: tuple[tuple[int, ...], ...]
    measures: tuple[Mapping[str, Any], ...]
    practices: tuple[str, ...]
    replications: int
    seed: int


def explored(folder: Path) -> Explored:
    """Return what a sweep found; raise BadInput for a folder that has no finished sweep."""
    plan = read_plan(folder)
    path = folder / SUMMARY
    if not path.is_file():
        raise BadInput(Fault(str(path), "is not there: the sweep has not ended; `pcqa sweep --resume` goes on"))
    if len(plan.points) > MOST_POINTS:
        raise BadInput(Fault(str(folder), f"at most {MOST_POINTS:,} points fit a page", f"{len(plan.points):,}"))
    summary = pd.read_csv(path, keep_default_na=False, na_values=[""])
    whole = summary[summary["group"].isna()]
    practices = tuple(str(one) for one in whole["practice"].unique())
    varied = _varied(plan)
    places = tuple(tuple(one.values.index(point.values.get(one.key, "")) for one in varied) for point in plan.points)
    measures = tuple(_measures(whole, practices, len(plan.points)))
    return Explored(varied, places, measures, practices, plan.replications, plan.seed)


def _varied(plan: Plan) -> tuple[Varied, ...]:
    keys = list(dict.fromkeys(key for point in plan.points for key in point.values))
    each = ((key, {point.values.get(key, "") for point in plan.points}) for key in keys)
    return tuple(Varied(key, tuple(sorted(values, key=_order))) for key, values in each)


def _order(text: str) -> tuple[int, float, str]:
    try:
        number = float(text)
    except ValueError:
        return 1, 0.0, text
    return (0, number, text) if math.isfinite(number) else (1, 0.0, text)


def _measures(whole: pd.DataFrame, practices: Sequence[str], points: int) -> list[dict[str, Any]]:
    """Return the measures that comparisons tell first, then all others that are of everybody, in alphabetical order."""
    there = set(whole["metric"])
    first = [name for name in headlines() if name in there]
    names = [*first, *sorted(there - set(first))]
    found = []
    by_metric = dict(list(whole.groupby("metric", sort=False)))
    for name in names:
        about = METRICS.get(str(name))
        if about is None:
            continue
        rows = by_metric[name]
        share = is_share_of_a_whole(about.unit)
        cells: list[list[Cell]] = [[None] * points for _ in practices]
        for row in rows.to_dict("records"):
            cells[practices.index(str(row["practice"]))][int(row["point"])] = _cell(row, about.unit)
        told = {"name": name, "words": shown(about.words), "unit": "%" if share else about.unit, "share": share}
        found.append({**told, "better": about.better, "cells": cells})
    return found


def _cell(row: Mapping[Any, Any], unit: str) -> Cell:
    mean, low, high = (float(row[name]) for name in ("mean", "low", "high"))
    if not math.isfinite(mean):
        return None
    if not math.isfinite(low):
        return [_short(mean), _short(mean), _short(mean), 0]
    within = within_reach(ConfidenceInterval(mean, low, high, int(row.get("replications", 2))), unit)
    return [_short(mean), _short(within.low), _short(within.high), 1]


def _short(value: float) -> float:
    return float(f"{value:.5g}")
