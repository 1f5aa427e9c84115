"""A folder of results as points: which numbers differ between its scenarios, and a metric at each of them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.interventions import flat
from pcqa_sim.scenario import PRACTICE_GROUPS
from pcqa_sim.study.methods.sensitivity import Sensitivity
from pcqa_sim.study.readback import read_back, read_metrics, read_settings, rerun_command, resume_command
from pcqa_sim.study.record import has_record, read_record
from pcqa_sim.study.scenariofile import SCENARIOS
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.store import UNITS
from pcqa_sim.values.faults import BadInput, Fault

Grid = NDArray[np.float64]
_METRICS = "metrics.parquet"
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,300}")


@dataclass(frozen=True)
class Points:
    """Scenarios as points: the dotted keys of the numbers that differ, their lowest and highest values, and places.

    `places` has one row a scenario in the unit cube, `values` the metric's mean over its replications.
    """

    keys: tuple[str, ...]
    low: Grid
    high: Grid
    places: Grid
    values: Grid


def points_of_design(keys: Sequence[str], ends: Sequence[tuple[float, float]], found: Sensitivity) -> Points:
    """Return the different points of a sensitivity study's design, with the mean over their replications."""
    places, first = np.unique(found.used, axis=0, return_index=True)
    low, high = (np.array(end) for end in zip(*ends, strict=True))
    return Points(tuple(keys), low, high, places, found.values[first].mean(axis=1))


def points_of(keys: tuple[str, ...], settings: Grid, values: Grid) -> Points:
    """Return points from settings, one row a scenario and one column a key."""
    low, high = settings.min(axis=0), settings.max(axis=0)
    return Points(keys, low, high, (settings - low) / np.where(high > low, high - low, 1.0), values)


def read_points(folder: Path, yardstick: Yardstick) -> Points:
    """Return a study's scenarios as points; raise BadInput where a folder has no study, or nothing differs in it."""
    means = _means(folder, yardstick)
    scenarios = {path.stem: path for path in sorted((folder / SCENARIOS).glob("*.yaml"))}
    known = [name for name in sorted(means) if name in scenarios]
    if len(known) < 2:
        raise BadInput(Fault(str(folder), "has fewer than two scenarios with that metric", str(len(known))))
    files = _checksums(folder)
    numbers = [_numbers(scenarios[name], files.get(name, "")) for name in known]
    keys = _differing(numbers)
    if not keys:
        raise BadInput(Fault(str(folder), "its scenarios differ in no single number"))
    settings = np.array([[mine[key] for key in keys] for mine in numbers])
    return points_of(tuple(_plain(key) for key in keys), settings, np.array([means[name] for name in known]))


def _means(folder: Path, yardstick: Yardstick) -> dict[str, float]:
    """Return the metric's mean over the replications of each scenario."""
    path = folder / _METRICS
    if not path.is_file():
        raise BadInput(Fault(str(folder), f"has no {_METRICS}: name the folder of a study that came to its end"))
    frame = read_metrics(path, _way_out(folder), [("metric", "=", yardstick.metric), ("period", "=", "all")])
    practice = yardstick.practice or next(iter(frame["practice"]), "")
    asked = Yardstick(yardstick.metric, practice, yardstick.group)
    found = {
        name: [asked.value(one) for _, one in mine.groupby("replication")] for name, mine in frame.groupby("scenario")
    }
    means = {str(name): float(np.nanmean(values)) for name, values in found.items() if not np.isnan(values).all()}
    if not means:
        raise BadInput(Fault(str(folder), "has no value of that metric", yardstick.name))
    return means


def _way_out(folder: Path, scenario: str = "") -> str:
    """Return how a study's results are made again: gathered from its units, or done again where it has none."""
    if not (folder / UNITS).is_dir():
        return f"`{rerun_command(folder)}` makes it again, in another folder"
    return f"{'remove it, and ' if scenario else ''}`{resume_command(folder)}` writes it again"


def _checksums(folder: Path) -> dict[str, str]:
    """Return the checksums that a study's record has of its scenarios' files; none where it has none, or is lost."""
    return read_record(folder).files if has_record(folder) else {}


def _numbers(path: Path, told: str) -> dict[str, float]:
    tree = read_settings(path, _way_out(path.parents[1], path.name), told)
    with read_back(path, _way_out(path.parents[1], path.name)):
        numbers = {key: value for key, value in flat(tree).items() if isinstance(value, int | float)}
        values = {key: float(value) for key, value in numbers.items() if not isinstance(value, bool)}
        if not all(_KEY.fullmatch(key) and math.isfinite(value) for key, value in values.items()):
            raise ValueError("it is not a scenario as a study writes it")
    return values


def _differing(numbers: list[dict[str, float]]) -> list[str]:
    """Return the keys that every scenario has and that differ, one only of those that always move together."""
    shared = set.intersection(*(set(mine) for mine in numbers))
    found: dict[tuple[float, ...], str] = {}
    for key in numbers[0]:
        if key not in shared or key.startswith("run."):
            continue
        column = np.array([mine[key] for mine in numbers])
        if np.ptp(column) > 0:
            places = (column - column.min()) / np.ptp(column)
            found.setdefault(tuple(np.round(places, 9)), key)
    return list(found.values())


def _plain(key: str) -> str:
    """Return a key as a user writes it: without the one practice it stands in."""
    own = key.removeprefix("practices.practice.")
    return own if own == key or own.partition(".")[0] in PRACTICE_GROUPS else f"practice.{own}"
