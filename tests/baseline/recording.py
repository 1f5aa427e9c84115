"""What a dozen short runs give: a hash of each event log, its rows by event, and the metrics of the whole period.

A change that only moves or renames code leaves all of it equal. Metrics and words of the log that were renamed stand in
`pcqa_sim.values.renamed`, for users and for the baseline alike: a new log is read back in the words of the baseline
before it is compared. `renamed.yaml` has those that the baseline is written in already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.results.run import Run
from pcqa_sim.values import renamed

FOLDER = Path(__file__).parent
BASELINE, RENAMED, LUCK = (FOLDER / name for name in ("baseline.yaml", "renamed.yaml", "luck_keys.yaml"))

SHORT = ("practice.list_size=2500", "run.warm_up_weeks=1", "run.measured_weeks=2")
SCENARIOS: dict[str, tuple[str, ...]] = {
    "average": ("practice=average",),
    "flood": ("practice=flood_8am", "triage=duty_team"),
    "rural": ("practice=rural_older", "triage=gp_phone_first"),
    "small": ("practice=small", "triage=care_navigation"),
    "student": ("practice=student", "triage=total_digital"),
    "suburban": ("practice=suburban", "triage=nurse_triage"),
    "urban": ("practice=urban_deprived", "triage=open_access"),
    "network": (
        "network.members={north:['practice=small','practice.list_size=1500'],"
        "south:['practice=average','practice.list_size=2000','triage=duty_team']}",
    ),
    "from a week on": (
        "intervention=[switch_to_phone_first,more_on_the_day_slots,more_call_handlers,callback_from_queue]",
        "intervention.switch_to_phone_first.from_week=1",
        "intervention.more_on_the_day_slots.from_week=2",
        "intervention.more_call_handlers.from_week=1",
    ),
    "phase": ("phases=[{from_week:1,overrides:['phones.lines=4','rota.helps_phone_from=2']}]",),
    "named roles": ("experiment=named_roles", "intervention=[fcp_direct,move_paperwork,protect_continuity]"),
    "perfect": ("experiment=perfect_service",),
}

Record = dict[str, Any]


def since() -> dict[str, str]:
    """Return what was renamed since the baseline was written, `old: new`."""
    known = stored(RENAMED)
    return {old: new for old, new in (renamed.METRICS | renamed.WORDS).items() if known.get(old) != new}


def record(name: str, since: Mapping[str, str] | None = None) -> Record:
    """Return what one scenario gives, in the words of before a renaming."""
    back = {new: old for old, new in (since or {}).items()}
    run = simulate(composed(*SCENARIOS[name], *(SHORT if name != "network" else SHORT[1:])))
    return {
        "log": log_hash(run.log, back),
        "rows": {back.get(event, event): rows for event, rows in _rows(run.log).items()},
        "metrics": {_before(metric, back): value for metric, value in _metrics(run).items()},
    }


def _before(metric: str, back: Mapping[str, str]) -> str:
    """Return a metric's name of before a renaming; of several practices each has its own, "north: missed_share"."""
    practice, colon, name = metric.rpartition(": ")
    return f"{practice}{colon}{back.get(name, name)}"


def log_hash(log: pa.Table, back: Mapping[str, str] | None = None) -> str:
    """Return the SHA-256 of every value of a log, whatever codes its words have."""
    back = back or {}
    whole = hashlib.sha256()
    for column in log.columns:
        values = column.combine_chunks()
        if not pa.types.is_dictionary(values.type):
            whole.update(np.ascontiguousarray(values.to_numpy()).tobytes())
            continue
        words = [".".join(back.get(part, part) for part in word.split(".")) for word in values.dictionary.to_pylist()]
        order = sorted(set(words))
        place = np.array([order.index(word) for word in words], dtype=np.int32)
        used = place[values.indices.to_numpy()]
        whole.update("\n".join(order[code] for code in np.unique(used)).encode())
        whole.update(np.unique(used, return_inverse=True)[1].astype(np.int32).tobytes())
    return whole.hexdigest()


def _rows(log: pa.Table) -> dict[str, int]:
    counts = log.column("event").combine_chunks().value_counts()
    return {row["values"]: row["counts"] for row in sorted(counts.to_pylist(), key=lambda row: row["values"])}


def _metrics(run: Run) -> dict[str, float]:
    """Return each metric of the practices as a whole, to nine digits; one without a value is left out."""
    frame = run.metrics()
    whole = frame[(frame["group"] == "") & frame["value"].notna()]
    many = whole["practice"].nunique() > 1
    names = whole["practice"] + ": " + whole["metric"] if many else whole["metric"]
    return {name: float(f"{value:.9g}") for name, value in sorted(zip(names, whole["value"], strict=True))}


def stored(path: Path) -> Record:
    """Return what a file of the baseline holds."""
    return yaml.safe_load(path.read_text()) or {}
