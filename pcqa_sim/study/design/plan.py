"""The plan of a sweep: its points, how many replications, with which luck, by which code; in run.json and a table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.origin import Origin
from pcqa_sim.study.readback import read_back, resume_command
from pcqa_sim.study.record import read_record, write_record
from pcqa_sim.study.result import Periods
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Damaged, Unit
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown
from pcqa_sim.values.reading import read_json
from pcqa_sim.values.wholefile import put_bytes

POINTS = "points.parquet"
SWEEP = "sweep"
_TAKEN = ("point", "scenario", "replication", "practice", "period", "group", "metric", "value", "unit")
_MOST_NAMED = 3


@dataclass(frozen=True)
class Asked:
    """What was asked for, in the words of the command: overrides, ranges, and the design over the ranges."""

    overrides: tuple[str, ...] = ()
    vary: tuple[str, ...] = ()
    design: str = ""
    points: int = 0

    def __bool__(self) -> bool:
        return self != Asked()


@dataclass(frozen=True)
class Point:
    """One point of a study: the values of what varies, and the hash of its scenario (which points may share)."""

    values: dict[str, str]
    scenario: str

    def __str__(self) -> str:
        return shown(" ".join(f"{key}={value}" for key, value in self.values.items())) or "the scenario"


@dataclass(frozen=True)
class Plan:
    """A whole study, but for its scenarios, which are in the store. `settings` is a fingerprint of settings files.

    `scenario_files` has the SHA-256 of each scenario's file; it is empty in a plan from before plans had it.
    """

    asked: Asked
    points: tuple[Point, ...]
    seed: int
    replications: int
    periods: Periods
    settings: str
    origin: Origin
    scenario_files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Return the hashes of the scenarios, each once, in the order of the points."""
        return tuple(dict.fromkeys(point.scenario for point in self.points))

    @property
    def size(self) -> int:
        """Return the number of units."""
        return len(self.scenarios) * self.replications

    def units(self) -> Iterator[Unit]:
        """Yield every unit: the first replication of all scenarios, then the second, so that all have some early."""
        scenarios = self.scenarios
        for replication in range(self.replications):
            for scenario in scenarios:
                yield Unit(scenario, self.seed, replication)

    def values_of(self, scenario: str) -> list[dict[str, str]]:
        """Return what varies at the points that have a scenario."""
        return [point.values for _, point in self._sharing.get(scenario, ())]

    def points_of(self, scenario: str) -> list[tuple[int, Point]]:
        """Return the numbered points that have a scenario."""
        return self._sharing[scenario]

    @cached_property
    def _sharing(self) -> dict[str, list[tuple[int, Point]]]:
        found: dict[str, list[tuple[int, Point]]] = {}
        for number, point in enumerate(self.points):
            found.setdefault(point.scenario, []).append((number, point))
        return found


def put_points(folder: Path, plan: Plan) -> dict[str, Any]:
    """Write points.parquet and return what run.json, written next, says of a plan: who finds it finds the points.

    run.json has the checksum of the points it was written with, so that half of a changed plan shows.
    """
    points = _points_bytes(plan.points)
    put_bytes(folder / POINTS, points)
    return {
        "kind": SWEEP,
        "parameters": asdict(plan.asked),
        "points_sha256": hashlib.sha256(points).hexdigest(),
        "seed": plan.seed,
        "replications": plan.replications,
        "periods": plan.periods,
        "settings": plan.settings,
        "scenario_files": dict(plan.scenario_files),
        **plan.origin.as_dict(),
    }


def write_plan(folder: Path, plan: Plan) -> None:
    """Write a plan: its points, then run.json."""
    write_record(folder, {"overrides": {}, "results": {}} | put_points(folder, plan))


def read_plan(folder: Path, points_lost: bool = False) -> Plan:
    """Return the plan in a folder; raise BadInput where there is none, or it cannot be read.

    With `points_lost` a plan whose points.parquet is not there has no points, for a driver to find them again.
    """
    record = read_record(folder)
    if record.kind != SWEEP:
        raise BadInput(Fault(str(folder), f"holds results of another command, `pcqa {record.kind}`"))
    asked = record.parameters
    plan = Plan(
        asked=Asked(tuple(asked["overrides"]), tuple(asked["vary"]), asked["design"], asked["points"]),
        points=(),
        seed=record.seed,
        replications=record.plain["replications"],
        periods=record.periods,
        settings=record.plain.get("settings", ""),
        origin=record.origin,
        scenario_files=record.files,
    )
    if points_lost and not (folder / POINTS).exists():
        return plan
    return replace(plan, points=_read_points(folder, record.plain))


def differences(was: Plan, now: Plan, store: Store) -> list[str]:
    """Return in words what differs between the settings of two plans, the keys by name."""
    found = []
    if was.seed != now.seed:
        found.append(f"the seed was {was.seed}, is {now.seed}")
    if was.periods != now.periods:
        found.append(f"--keep was {was.periods}, is {now.periods}")
    if len(was.points) != len(now.points):
        found.append(f"there were {len(was.points):,} points, are {len(now.points):,}")
    for before, after in zip(was.points, now.points, strict=False):
        if before.values != after.values:
            return [*found, f"a point was {before}, is {after}"]
        if before.scenario != after.scenario:
            files = {**now.scenario_files, **was.scenario_files}
            keys = _changed_keys(before.scenario, after.scenario, store, files)
            return [*found, f"{after}: {', '.join(keys)}"]
    return found


def _changed_keys(before: str, after: str, store: Store, files: Mapping[str, str]) -> list[str]:
    try:
        now = store.scenario(after, files.get(after, ""))
    except (Damaged, FileNotFoundError):
        return [f"the settings were those of {before}, and are those of {after}, which cannot be read"]
    return changed_keys(before, now, store, files)


def changed_keys(before: str, now: Scenario, store: Store, files: Mapping[str, str]) -> list[str]:
    """Return in words what a scenario has otherwise than one of the store, nothing where they are the same."""
    try:
        then = store.scenario(before, files.get(before, ""))
    except (Damaged, FileNotFoundError):
        same = before == now.digits()
        return [] if same else [f"the settings were those of {before}, which cannot be read, and are {now.digits()}"]
    was, here = (_flat(scenario.model_dump(mode="json")) for scenario in (then, now))
    keys = [key for key in (*was, *(k for k in here if k not in was)) if was.get(key) != here.get(key)]
    said = [f"{key} was {was.get(key, 'absent')}, is {here.get(key, 'absent')}" for key in keys[:_MOST_NAMED]]
    return [*said, f"and {len(keys) - _MOST_NAMED} more"] if len(keys) > _MOST_NAMED else said


def _flat(tree: object, under: str = "") -> dict[str, object]:
    if isinstance(tree, dict):
        return {k: v for key, inside in tree.items() for k, v in _flat(inside, f"{under}{key}.").items()}
    if isinstance(tree, list):
        return {k: v for at, inside in enumerate(tree) for k, v in _flat(inside, f"{under}{at}.").items()}
    return {under.removesuffix("."): tree}


def column_of(key: str) -> str:
    """Return the name of a key's column beside those of the metrics, which has `practice` already."""
    return f"varied_{key}" if key in _TAKEN else key


def _points_bytes(points: Sequence[Point]) -> bytes:
    """Return points.parquet: number, scenario, and a column for each key, numbers as numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {"point": pa.array(range(len(points)), pa.int64())}
    columns["scenario"] = [point.scenario for point in points]
    for key in dict.fromkeys(key for point in points for key in point.values):
        columns[column_of(key)] = _typed([point.values.get(key) for point in points])
    keys = json.dumps({column_of(key): key for point in points[:1] for key in point.values})
    table = pa.table(columns).replace_schema_metadata({"keys": keys, "texts": _texts(points)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", version="2.6")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _texts(points: Sequence[Point]) -> str:
    """Return the values as they were written, which a column of numbers does not keep."""
    return json.dumps([list(point.values.values()) for point in points], separators=(",", ":"))


def _read_points(folder: Path, study: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return the points beside a run.json; raise BadInput where they are not those it was written with."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pcqa_sim.study.recorded import checked_points

    path = folder / POINTS
    with read_back(path, f"remove it, and `{resume_command(folder)}` writes it again"):
        content = path.read_bytes()
        if study.get("points_sha256", "") not in ("", hashlib.sha256(content).hexdigest()):
            raise ValueError("it is not what was written with run.json")
        table = pq.read_table(pa.BufferReader(content), columns=["scenario"])
        about = table.schema.metadata or {}
        keys, texts = (read_json(about[name].decode(), str(path)) for name in (b"keys", b"texts"))
        found = checked_points(list(keys.values()), texts, table["scenario"].to_pylist(), path)
    rows = zip(found.texts, found.scenarios, strict=True)
    return tuple(Point(dict(zip(found.keys, values, strict=True)), name) for values, name in rows)


def _typed(texts: list[str | None]) -> Any:
    """Return numbers where all values are numbers, else the texts, without the quotes they were typed in."""
    import pyarrow as pa

    for kind in (int, float):
        try:
            return pa.array([kind(text) for text in texts if text is not None])
        except (ValueError, OverflowError):
            continue
    return [text if text is None else _unquoted(text) for text in texts]


def _unquoted(text: str) -> str:
    """Return a word or a name as it is set: without quotes, or without the backslashes that stand for them."""
    if text[:1] in ("{", "["):
        return text
    if len(text) < 2 or text[0] not in "'\"" or text[-1] != text[0]:
        return re.sub(r"\\(.)", r"\1", text)
    return text[1:-1].replace(f"\\{text[0]}", text[0])
