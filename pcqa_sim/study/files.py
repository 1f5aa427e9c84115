"""The files of a study. Each is written whole under a temporary name and then renamed: whole or absent."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pcqa_sim import __version__
from pcqa_sim.eventlog import write_log
from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.figures import morning_figure
from pcqa_sim.morning import Morning
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.replicate import Study, Unit

_LIBRARIES = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "hydra-core", "holidays")


def whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a file under a temporary name, then put it in place; nothing half-written stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(draft)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def new_folder(folder: Path) -> Path:
    """Return a folder that is new or empty; raise BadInput for one that holds anything, or is a file."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Fault("--out", "an empty or a new folder, so that no earlier result is lost", str(folder)))
    return folder


def default_folder(scenario: Scenario) -> Path:
    """Return ./pcqa_runs/<time>-<hash>."""
    return Path("pcqa_runs") / f"{time.strftime('%Y%m%d-%H%M%S')}-{scenario.hash()}"


def write_study(study: Study, folder: Path, command: list[str], seconds: float) -> list[Path]:
    """Write every file of a study into a folder; return their paths, in order of interest to a reader."""
    name = study.scenario.hash()
    written: list[Path] = []

    def put(path: Path, write: Callable[[Path], object]) -> None:
        whole(path, write)
        written.append(path)

    for key, practice in study.scenario.practices.items():
        together = Morning.together([unit.mornings[key] for unit in study.units])
        picture = morning_figure(together, practice.name)
        put(folder / "figures" / f"morning-{key}.png", _bytes(picture))
    put(folder / "summary.csv", lambda path: study.summary.to_csv(path, index=False, float_format="%.6g"))
    put(
        folder / "metrics.parquet",
        lambda path: _parquet(pa.Table.from_pandas(study.metrics, preserve_index=False), path),
    )
    settings = study.scenario.model_dump(mode="json")
    text = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
    put(folder / "scenarios" / f"{name}.yaml", _bytes(text.encode()))
    for unit in study.units:
        _write_unit(unit, folder, put)
    record = json.dumps(provenance(study, command, seconds), indent=2)
    put(folder / "run.json", _bytes(record.encode()))
    return written


def _write_unit(unit: Unit, folder: Path, put: Callable[[Path, Callable[[Path], object]], None]) -> None:
    name = f"{unit.scenario}-{unit.seed}-{unit.replication}.parquet"
    table = pa.Table.from_pandas(unit.metrics, preserve_index=False)
    put(folder / "units" / name, lambda path: _parquet(table, path))
    if unit.log is not None:
        events = unit.log
        put(folder / "events" / name, lambda path: write_log(events, path))


def provenance(study: Study, command: list[str], seconds: float) -> dict[str, Any]:
    """Return what it takes to know where results come from and to make them again."""
    return {
        "command": command,
        "scenario": study.scenario.hash(),
        "interventions": list(study.scenario.interventions),
        "seed": study.units[0].seed,
        "replications": len(study.units),
        "pcqa_sim": __version__,
        "git_commit": git_commit(),
        "python": sys.version.split()[0],
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": round(seconds, 2),
        "events_logged": sum(unit.rows for unit in study.units),
    }


def git_commit() -> str | None:
    """Return the commit of a source checkout, read from its files, or None for an installed package."""
    git = Path(__file__).resolve().parents[2] / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        loose = git / head[5:]
        if loose.exists():
            return loose.read_text().strip()
        packed = (git / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(" " + head[5:])), None)
    except OSError:
        return None


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd", version="2.6")
