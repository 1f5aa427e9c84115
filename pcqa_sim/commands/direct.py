"""What `pcqa calibrate --from FILE` reads from a practice's own exports: as statistics in, as settings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from pcqa_sim.calibration.statistics import Direct, Statistic

HEAD = ("setting", "value", "low", "high", "how", "source")


def rows_from(files: Sequence[Path], columns: Path | None, day_first: bool) -> list[dict[str, Any]]:
    """Return what files say that settings can be read from, as a record keeps it: sums, nothing of anybody."""
    from pcqa_sim.commands.look import looked
    from pcqa_sim.inputs.own_statistics import statistics_of

    read, _ = looked(list(files), columns, day_first, 1)
    found = [asdict(one) for one in statistics_of(read)]
    if not found:
        rule = "show no setting: too few calls, forms or appointments, or not three weeks of them"
        raise BadInput(Fault("--from", rule, ", ".join(path.name for path in files)))
    return found


def statistics_in(parameters: Mapping[str, Any]) -> list[Statistic]:
    """Return the statistics that a record keeps."""
    from pcqa_sim.calibration.statistics import Statistic

    return [Statistic(**row) for row in parameters.get("direct", [])]


def lines_of_direct(found: Iterable[Direct]) -> list[str]:
    """Return what files show, a setting a line; a day's half hours in one."""
    lines, profiles = [], dict[str, int]()
    for one in found:
        if one.shown and one.key.startswith("demand.asking_profile."):
            profile = one.key.rpartition(".")[0]
            profiles[profile] = profiles.get(profile, 0) + 1
        elif one.shown:
            lines.append(f"{one.key} = {one.value:g} ({one.low:g} to {one.high:g}), read directly from {one.source}")
    lines += [f"{key}: {many} steps of the day, read directly" for key, many in profiles.items()]
    return [*lines, ""] if lines else []


def table_rows(found: Iterable[Direct]) -> list[list[Any]]:
    """Return rows of a table with `HEAD`, what was kept for too few counts included."""
    return [[one.key, one.value, one.low, one.high, "direct" if one.shown else "kept", one.source] for one in found]


def to_write(found: Iterable[Direct]) -> dict[str, tuple[float, str]]:
    """Return values with their sources, as a practice's file is to have them."""
    on = f"on {dt.date.today():%Y-%m-%d}"
    return {
        one.key: (
            one.value,
            f"read directly from {one.source} {on}, 95 % {one.low:g} to {one.high:g}" if one.shown else one.source,
        )
        for one in found
    }
