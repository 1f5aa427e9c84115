"""The files of a study. Each is written whole under a temporary name and then renamed: whole or absent."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pcqa_sim import __version__
from pcqa_sim.eventlog import write_log
from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.figures import comparison_figure, morning_figure
from pcqa_sim.morning import Morning
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.pair import Comparison
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
    _probe(folder)
    return folder


def _probe(folder: Path) -> None:
    """Find out before anything runs whether a folder can be written to; leave no trace. Raises OSError if not."""
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        draft = folder / f".probe.{os.getpid()}"
        draft.touch()
        draft.unlink()
    finally:
        if new:
            folder.rmdir()


def default_folder(scenario: Scenario) -> Path:
    """Return ./pcqa_runs/<time>-<hash>."""
    return Path("pcqa_runs") / f"{time.strftime('%Y%m%d-%H%M%S')}-{scenario.hash()}"


class _Folder:
    """A study's folder being filled: puts every file there whole, and remembers which."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written: list[Path] = []

    def put(self, name: str, write: Callable[[Path], object]) -> None:
        """Write one file."""
        whole(self._folder / name, write)
        self.written.append(self._folder / name)

    def put_bytes(self, name: str, content: bytes) -> None:
        """Write one file's bytes."""
        self.put(name, lambda path: path.write_bytes(content))

    def put_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table for people, to six significant digits."""
        self.put(name, lambda path: frame.to_csv(path, index=False, float_format="%.6g"))

    def put_parquet(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table for programs, exactly."""
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        self.put(name, lambda path: pq.write_table(table, path, compression="zstd", version="2.6"))

    def put_scenario(self, scenario: Scenario) -> None:
        """Write every setting as used."""
        text = yaml.safe_dump(scenario.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        self.put_bytes(f"scenarios/{scenario.hash()}.yaml", text.encode())

    def put_unit(self, unit: Unit) -> None:
        """Write the metrics of one replication, and its event log where it was kept."""
        name = f"{unit.scenario}-{unit.seed}-{unit.replication}.parquet"
        self.put_parquet(f"units/{name}", unit.metrics)
        if unit.log is not None:
            events = unit.log
            self.put(f"events/{name}", lambda path: write_log(events, path))

    def put_record(self, record: dict[str, Any]) -> None:
        """Write run.json."""
        self.put_bytes("run.json", json.dumps(record, indent=2).encode())


def write_study(study: Study, folder: Path, command: list[str], seconds: float) -> list[Path]:
    """Write every file of a study into a folder; return their paths, in order of interest to a reader."""
    files = _Folder(folder)
    for key, practice in study.scenario.practices.items():
        together = Morning.together([unit.mornings[key] for unit in study.units])
        files.put_bytes(f"figures/morning-{key}.png", morning_figure(together, practice.name))
    files.put_csv("summary.csv", study.summary)
    files.put_parquet("metrics.parquet", study.metrics)
    files.put_scenario(study.scenario)
    for unit in study.units:
        files.put_unit(unit)
    files.put_record(provenance(study, command, seconds))
    return files.written


def write_comparison(comparison: Comparison, folder: Path, command: list[str], seconds: float) -> list[Path]:
    """Write every file of a paired comparison into a folder; return their paths, in order of interest to a reader."""
    files = _Folder(folder)
    for key, practice in comparison.base.scenario.practices.items():
        panels = {name: comparison.primary(name, key) for name in comparison.others}
        files.put_bytes(f"figures/compare-{key}.png", comparison_figure(panels, practice.name))
    files.put_csv("comparison.csv", comparison.differences)
    files.put_parquet("comparison.parquet", comparison.differences)
    studies = comparison.distinct
    for study in studies:
        files.put_scenario(study.scenario)
    for study in studies:
        for unit in study.units:
            files.put_unit(unit)
    files.put_record(comparison_provenance(comparison, command, seconds))
    return files.written


def provenance(study: Study, command: list[str], seconds: float) -> dict[str, Any]:
    """Return what it takes to know where results come from and to make them again."""
    about = {"scenario": study.scenario.hash(), "interventions": list(study.scenario.interventions)}
    return {"command": command} | about | _made(study.units, len(study.units), seconds)


def comparison_provenance(comparison: Comparison, command: list[str], seconds: float) -> dict[str, Any]:
    """Return where a comparison comes from: which scenario was the base, and which others stood beside it."""
    scenarios = {name: study.scenario for name, study in comparison.others.items()}
    about = {
        "base": comparison.base.scenario.hash(),
        "others": {name: scenario.hash() for name, scenario in scenarios.items()},
        "interventions": {name: list(scenario.interventions) for name, scenario in scenarios.items()},
    }
    units = [unit for study in comparison.distinct for unit in study.units]
    return {"command": command} | about | _made(units, len(comparison.base.units), seconds)


def _made(units: Sequence[Unit], replications: int, seconds: float) -> dict[str, Any]:
    """Return by what, where and when results were made."""
    return {
        "seed": units[0].seed,
        "replications": replications,
        "pcqa_sim": __version__,
        "git_commit": git_commit(),
        "python": sys.version.split()[0],
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": round(seconds, 2),
        "events_logged": sum(unit.rows for unit in units),
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
