"""Targets: published figures a practice is held against, which of them it is fitted to, and how near it came."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from pcqa_sim.results.metrics import METRICS, unknown_metric
from pcqa_sim.study.intervals import ConfidenceInterval
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.formats import as_of_today
from pcqa_sim.values.outside import markdown

Seen = Mapping[tuple[str, str], ConfidenceInterval]
FOLDER = "targets"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Target(_Strict):
    """One published figure: the metric (and group) it is laid beside, and between what it counts as reached."""

    words: str
    metric: str
    group: str = ""
    published: float
    low: float = Field(alias="from")
    high: float = Field(alias="to")
    how: Literal["fitted", "predicted", "assumed"]

    def reached(self, value: float) -> bool:
        """Tell whether a simulated value counts as reached."""
        return self.low <= value <= self.high


class Targets(_Strict):
    """All targets of one practice, and the published profiles (shares that need not sum to 1) by name."""

    targets: Annotated[tuple[Target, ...], Field(min_length=1)]
    profiles: dict[str, dict[str, float]] = {}

    def published(self, metric: str, group: str = "") -> float:
        """Return the published figure for a metric; raise KeyError where there is none."""
        for target in self.targets:
            if (target.metric, target.group) == (metric, group):
                return target.published
        raise KeyError(f"{metric} {group}")

    def has(self, metric: str, group: str = "") -> bool:
        """Tell whether there is a target for a metric."""
        return any((target.metric, target.group) == (metric, group) for target in self.targets)


def read_targets(folder: Path, name: str) -> Targets:
    """Return the targets file `name` of a settings folder; raise BadInput when it is missing or wrong."""
    known = sorted(path.stem for path in (folder / FOLDER).glob("*.yaml"))
    if name not in known:
        raise BadInput(Fault("--targets", f"must be one of: {', '.join(known)}", name, nearest(name, known)))
    path = folder / FOLDER / f"{name}.yaml"
    plain = as_of_today("targets", yaml.safe_load(path.read_text(encoding="utf-8")), f"{FOLDER}/{path.name}")
    targets = Targets.model_validate(plain)
    for target in targets.targets:
        if target.metric not in METRICS:
            raise BadInput(unknown_metric(f"{FOLDER}/{name}.yaml", target.metric))
    return targets


def table(targets: Targets, seen: Seen) -> str:
    """Return "published / simulated" as a Markdown table, one row a target; what is not reached is said so."""
    rows = ["| | published | simulated | |", "|---|---|---|---|"]
    for target in targets.targets:
        interval = seen.get((target.metric, target.group))
        if interval is None:
            rows.append(f"| {markdown(target.words)} | {_number(target, target.published)} | - | {target.how} |")
            continue
        note: str = target.how
        if not target.reached(interval.mean):
            note += f": **not within {_number(target, target.low)} to {_number(target, target.high)}**"
        simulated = (
            f"{_number(target, interval.mean)} ({_number(target, interval.low)} to {_number(target, interval.high)})"
        )
        rows.append(f"| {markdown(target.words)} | {_number(target, target.published)} | {simulated} | {note} |")
    return "\n".join(rows)


def _number(target: Target, value: float) -> str:
    """Return a value as the target's unit wants it: shares in per cent."""
    if math.isnan(value):
        return "-"
    share = METRICS[target.metric].unit.startswith("share")
    return f"{value * 100:.1f} %" if share else f"{value:.2f}"
