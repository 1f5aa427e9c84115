"""Targets: published figures a practice is held against, which of them it is fitted to, and how near it came."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pcqa_sim.results.metrics import METRICS, unknown_metric
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.formats import as_of_today
from pcqa_sim.values.outside import markdown, shown
from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.reading import read_yaml

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


def read_targets(folder: Path, name: str, own: Path | None = None) -> Targets:
    """Return the targets file `name` of a settings folder, or of the user's own; raise BadInput where it is wrong."""
    folders = [one / FOLDER for one in (folder, own) if one is not None]
    paths = {path.stem: path for one in reversed(folders) for path in sorted(one.glob("*.yaml"))}
    if name not in paths:
        known = sorted(paths)
        raise BadInput(Fault("--targets", f"must be one of: {', '.join(known)}", name, nearest(name, known)))
    where = f"{FOLDER}/{name}.yaml"
    targets = _read(paths[name], where)
    for target in targets.targets:
        if target.metric not in METRICS:
            raise BadInput(unknown_metric(where, target.metric))
    return targets


def _read(path: Path, where: str) -> Targets:
    """Return what a targets file holds; raise BadInput naming every fault of it."""
    try:
        plain = read_yaml(read_plain(path), where)
        content = plain if isinstance(plain, dict) else {}
        return Targets.model_validate(as_of_today("targets", content, where))
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        if isinstance(error, ValidationError):
            found = error.errors()
            keys = [".".join(str(part) for part in one["loc"]) for one in found]
            raise BadInput(
                Fault(f"{where} {key}", shown(one["msg"]), shown(one["input"], 80))
                for key, one in zip(keys, found, strict=True)
            ) from None
        raise BadInput(Fault(where, f"cannot be read: {shown(error, 160)}")) from None


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
