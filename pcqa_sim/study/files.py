"""The files of a study. Each is written whole under a temporary name and then renamed: whole or absent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pcqa_sim.results.intraday import Morning
from pcqa_sim.scenario import Scenario, code_used
from pcqa_sim.study.pair import Comparison
from pcqa_sim.study.provenance import Request, record
from pcqa_sim.study.replicate import Study, Unit
from pcqa_sim.study.scenariofile import SCENARIOS, scenario_bytes, sha256
from pcqa_sim.study.spreadsheet import for_people
from pcqa_sim.study.unitfile import SCHEMA_KEY
from pcqa_sim.study.wholefile import whole_file
from pcqa_sim.values.doors import of_session
from pcqa_sim.values.eventlog import write_log
from pcqa_sim.values.formats import newest


class Filling:
    """A study's folder being filled: puts every file there whole, and remembers which."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written: list[Path] = []
        self._results: dict[str, str] = {}
        self._scenarios: dict[str, str] = {}

    def put(self, name: str, write: Callable[[Path], object]) -> None:
        """Write one file."""
        with whole_file(self._folder / name) as draft:
            write(draft)
        self.written.append(self._folder / name)

    def put_bytes(self, name: str, content: bytes) -> None:
        """Write one file's bytes."""
        self.put(name, lambda path: path.write_bytes(content))

    def put_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table for people, to six significant digits."""
        self.put(name, lambda path: for_people(frame).to_csv(path, index=False, float_format="%.6g"))

    def put_parquet(self, name: str, frame: pd.DataFrame, about: Mapping[str, str] | None = None) -> None:
        """Write a table for programs, exactly; `about` goes into its metadata."""
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(about)
        sink = pa.BufferOutputStream()  # and not the file's name: Arrow reads some names as addresses
        pq.write_table(table, sink, compression="zstd", version="2.6")
        self.put_bytes(name, sink.getvalue().to_pybytes())

    def put_result(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table of results; run.json tells its checksum, so that a second run can be held against it."""
        self.put_parquet(name, frame)
        self._results[name] = sha256((self._folder / name).read_bytes())

    def put_scenario(self, scenario: Scenario) -> None:
        """Write every setting as used; run.json tells the file's checksum, so that it shows when it is touched."""
        name, content = scenario.hash(), scenario_bytes(scenario)
        self.put_bytes(f"{SCENARIOS}/{name}.yaml", content)
        self._scenarios[name] = sha256(content)

    def put_unit(self, unit: Unit) -> None:
        """Write the metrics of one replication, and its event log where it was kept."""
        name = f"{unit.scenario}-{unit.seed}-{unit.replication}.parquet"
        self.put_parquet(f"units/{name}", unit.metrics, {SCHEMA_KEY: str(newest("unit"))})
        if unit.log is not None:
            events = unit.log
            self.put(f"events/{name}", lambda path: write_log(events, path))

    def put_record(self, made: dict[str, Any]) -> None:
        """Write run.json, with the checksums of the results and of the scenarios' files."""
        checksums = {"results": self._results, "scenario_files": self._scenarios}
        self.put_bytes("run.json", json.dumps(made | checksums, indent=2).encode())


def write_study(study: Study, folder: Path, request: Request, seconds: float) -> list[Path]:
    """Write every file of a study into a folder; return their paths, in order of interest to a reader."""
    from pcqa_sim.results.figures import appointments_figure, morning_figure  # slow, and not all who write draw

    files = Filling(folder)
    for key, practice in study.scenario.practices.items():
        together = Morning.together([unit.mornings[key] for unit in study.units])
        files.put_bytes(f"figures/morning-{key}.png", morning_figure(together, practice.name))
        mine = study.metrics[study.metrics["practice"] == key]
        roles = {name: role.title for name, role in practice.role.items()}
        files.put_bytes(f"figures/appointments-{key}.png", appointments_figure(mine, roles, practice.name))
    files.put_csv("summary.csv", study.summary)
    files.put_result("metrics.parquet", study.metrics)
    files.put_scenario(study.scenario)
    for unit in study.units:
        files.put_unit(unit)
    files.put_record(record_of_study(study, request, seconds))
    return files.written


def write_comparison(comparison: Comparison, folder: Path, request: Request, seconds: float) -> list[Path]:
    """Write every file of a paired comparison into a folder; return their paths, in order of interest to a reader."""
    from pcqa_sim.results.figures import comparison_figure

    files = Filling(folder)
    for key, practice in comparison.base.scenario.practices.items():
        panels = {name: comparison.primary(name, key) for name in comparison.others}
        files.put_bytes(f"figures/compare-{key}.png", comparison_figure(panels, practice.name))
    files.put_csv("comparison.csv", comparison.differences)
    files.put_result("comparison.parquet", comparison.differences)
    studies = comparison.distinct
    files.put_result("metrics.parquet", pd.concat([study.metrics for study in studies], ignore_index=True))
    for study in studies:
        files.put_scenario(study.scenario)
    for study in studies:
        for unit in study.units:
            files.put_unit(unit)
    files.put_record(record_of_comparison(comparison, request, seconds))
    return files.written


@dataclass(frozen=True)
class Finding:
    """What a study of many scenarios leaves: figures and tables by file name, all metrics, and the scenarios."""

    figures: Mapping[str, bytes]
    tables: Mapping[str, pd.DataFrame]
    metrics: pd.DataFrame
    scenarios: Sequence[Scenario]


def write_finding(finding: Finding, folder: Path, request: Request, seed: int, seconds: float) -> list[Path]:
    """Write every file of such a study into a folder; return their paths, in order of interest to a reader."""
    files = Filling(folder)
    for name, picture in finding.figures.items():
        files.put_bytes(f"figures/{name}.png", picture)
    for name, table in finding.tables.items():
        files.put_csv(f"{name}.csv", table)
    files.put_result("metrics.parquet", finding.metrics)
    for scenario in {scenario.hash(): scenario for scenario in finding.scenarios}.values():
        files.put_scenario(scenario)
    files.put_record(record(request, seed, None, seconds))
    return files.written


def record_of_study(study: Study, request: Request, seconds: float) -> dict[str, Any]:
    """Return what it takes to know where a study's results come from and to make them again."""
    about = {"scenario": study.scenario.hash(), "interventions": list(study.scenario.interventions)}
    made = record(request, study.units[0].seed, len(study.units), seconds)
    return made | about | {"events_logged": sum(unit.rows for unit in study.units)} | not_repeatable([study.scenario])


def record_of_comparison(comparison: Comparison, request: Request, seconds: float) -> dict[str, Any]:
    """Return where a comparison comes from: which scenario was the base, and which others stood beside it."""
    scenarios = {name: study.scenario for name, study in comparison.others.items()}
    about = {
        "base": comparison.base.scenario.hash(),
        "others": {name: scenario.hash() for name, scenario in scenarios.items()},
        "interventions": {name: list(scenario.interventions) for name, scenario in scenarios.items()},
    }
    units = [unit for study in comparison.distinct for unit in study.units]
    made = record(request, units[0].seed, len(comparison.base.units), seconds)
    held = not_repeatable(study.scenario for study in comparison.distinct)
    return made | about | {"events_logged": sum(unit.rows for unit in units)} | held


def not_repeatable(scenarios: Iterable[Scenario]) -> dict[str, list[str]]:
    """Return what a record says of scenarios that nobody can run again: own code that was never in a file."""
    held = [source for scenario in scenarios for source in of_session(code_used(scenario))]
    return {"not_repeatable": list(dict.fromkeys(held))} if held else {}
