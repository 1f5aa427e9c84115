"""The plan of a study: which scenarios, how many replications, with which luck, by which code. Kept in run.json."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pcqa_sim.study.ledger import Ledger
from pcqa_sim.study.origin import Origin
from pcqa_sim.study.readback import read_back, read_object, resume_command
from pcqa_sim.study.recorded import checked_files, checked_plan, checked_points
from pcqa_sim.study.task import Periods
from pcqa_sim.study.unitfile import Damaged, UnitName
from pcqa_sim.study.wholefile import put_bytes
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.formats import as_of_today, stamp
from pcqa_sim.values.outside import shown
from pcqa_sim.values.reading import read_json

RECORD, POINTS = "run.json", "points.parquet"
_TAKEN = ("point", "scenario", "replication", "practice", "period", "group", "metric", "value", "unit")
_MOST_NAMED = 3
_COPY = "put a copy of it back, or do the study again in another folder"


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
    """A whole study, but for its scenarios, which are in the ledger. `settings` is a fingerprint of settings files.

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

    def units(self) -> Iterator[UnitName]:
        """Yield every unit: the first replication of all scenarios, then the second, so that all have some early."""
        scenarios = self.scenarios
        for replication in range(self.replications):
            for scenario in scenarios:
                yield UnitName(scenario, self.seed, replication)

    def points_of(self, scenario: str) -> list[tuple[int, Point]]:
        """Return the numbered points that have a scenario."""
        return self._sharing[scenario]

    @cached_property
    def _sharing(self) -> dict[str, list[tuple[int, Point]]]:
        found: dict[str, list[tuple[int, Point]]] = {}
        for number, point in enumerate(self.points):
            found.setdefault(point.scenario, []).append((number, point))
        return found


def write_plan(folder: Path, plan: Plan, about: Mapping[str, Any]) -> None:
    """Write run.json, after points.parquet: who finds the first finds the second. `about` is the rest of the record.

    run.json has the checksum of the points it was written with, so that half of a changed plan shows.
    """
    points = _points_bytes(plan.points)
    put_bytes(folder / POINTS, points)
    study = {
        "asked": asdict(plan.asked),
        "points": len(plan.points),
        "points_sha256": hashlib.sha256(points).hexdigest(),
        "scenarios": len(plan.scenarios),
        "seed": plan.seed,
        "replications": plan.replications,
        "periods": plan.periods,
        "settings": plan.settings,
        "origin": plan.origin.as_dict(),
    }
    whole = stamp("record") | dict(about) | {"study": study, "scenario_files": dict(plan.scenario_files)}
    put_bytes(folder / RECORD, json.dumps(whole, indent=2).encode())


def read_plan(folder: Path, points_lost: bool = False) -> Plan:
    """Return the plan in a folder; raise BadInput where there is none, or it cannot be read.

    With `points_lost` a plan whose points.parquet is not there has no points, for a driver to find them again.
    """
    record = read_record(folder)
    study = record.get("study")
    if not isinstance(study, dict):
        raise BadInput(Fault(str(folder), "holds results of another command, not of `pcqa sweep`"))
    with read_back(folder / RECORD, _COPY):
        read = checked_plan(study, folder / RECORD)
        files = checked_files(record, folder / RECORD)
    asked = read.asked
    plan = Plan(
        asked=Asked(tuple(asked.overrides), tuple(asked.vary), asked.design, asked.points),
        points=(),
        seed=read.seed,
        replications=read.replications,
        periods=read.periods,
        settings=read.settings,
        origin=Origin.from_dict(read.origin.model_dump()),
        scenario_files=files,
    )
    if points_lost and not (folder / POINTS).exists():
        return plan
    return replace(plan, points=_read_points(folder, study))


def read_record(folder: Path) -> dict[str, Any]:
    """Return run.json of a folder in today's form; raise BadInput where there is none, or it cannot be read."""
    if not (folder / RECORD).exists():
        raise BadInput(Fault(str(folder), "holds no study: there is no run.json"))
    told = read_object(folder / RECORD, _COPY)
    return stamp("record") | as_of_today("record", told, str(folder / RECORD))


def has_plan(folder: Path) -> bool:
    """Tell whether a study was planned in a folder."""
    return (folder / RECORD).is_file()


def differences(was: Plan, now: Plan, ledger: Ledger) -> list[str]:
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
            keys = _changed_keys(before.scenario, after.scenario, ledger, files)
            return [*found, f"{after}: {', '.join(keys)}"]
    return found


def _changed_keys(before: str, after: str, ledger: Ledger, files: Mapping[str, str]) -> list[str]:
    try:
        both = (ledger.scenario(name, files.get(name, "")) for name in (before, after))
        was, now = (_flat(scenario.model_dump(mode="json")) for scenario in both)
    except (Damaged, FileNotFoundError):
        return [f"the settings were those of {before}, which cannot be read any more, and are those of {after}"]
    keys = [key for key in (*was, *(k for k in now if k not in was)) if was.get(key) != now.get(key)]
    said = [f"{key} was {was.get(key, 'absent')}, is {now.get(key, 'absent')}" for key in keys[:_MOST_NAMED]]
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
