from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from shortruns import composed

from pcqa_sim import replicate
from pcqa_sim.study.files import Finding, write_finding, write_study
from pcqa_sim.study.provenance import Request
from pcqa_sim.study.replicate import Study
from pcqa_sim.study.scenariofile import read_scenario


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(composed("practice=small", "run=quick"), 2, workers=1, keep_log=True)


@pytest.fixture
def folder(study: Study, tmp_path: Path) -> Path:
    write_study(study, tmp_path / "out", Request("run", ["run", "practice=small"]), 1.5)
    return tmp_path / "out"


def test_the_files_of_a_study(study: Study, folder: Path) -> None:
    name = study.scenario.hash()
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {
        "run.json",
        "metrics.parquet",
        "summary.csv",
        "figures/morning-practice.png",
        "figures/appointments-practice.png",
        f"scenarios/{name}.yaml",
        f"units/{name}-1-0.parquet",
        f"units/{name}-1-1.parquet",
        f"events/{name}-1-0.parquet",
        f"events/{name}-1-1.parquet",
    }


def test_metrics_are_tidy_and_are_the_units_together(study: Study, folder: Path) -> None:
    metrics = pd.read_parquet(folder / "metrics.parquet")
    columns = ["scenario", "replication", "practice", "period", "group", "metric", "value", "unit"]
    assert list(metrics.columns) == columns
    units = [pd.read_parquet(path) for path in sorted((folder / "units").iterdir())]
    pd.testing.assert_frame_equal(pd.concat(units, ignore_index=True), metrics)


def test_the_resolved_scenario_can_be_read_back(study: Study, folder: Path) -> None:
    name = study.scenario.hash()
    told = json.loads((folder / "run.json").read_text())["scenario_files"]
    assert list(told) == [name]
    assert read_scenario(folder / "scenarios" / f"{name}.yaml", name, told[name]) == study.scenario


def test_the_record_says_where_results_come_from(study: Study, folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text())
    assert record["command"] == ["run", "practice=small"]
    assert record["scenario"] == study.scenario.hash()
    assert record["seed"] == 1
    assert record["replications"] == 2
    assert record["libraries"]["simpy"]
    digest = hashlib.sha256((folder / "metrics.parquet").read_bytes()).hexdigest()
    assert record["results"] == {"metrics.parquet": digest}
    assert record["events_logged"] == sum(unit.rows for unit in study.units)


def test_logs_are_kept_when_asked_for(study: Study, folder: Path) -> None:
    log = pq.read_table(next((folder / "events").iterdir()))
    assert len(log) in [unit.rows for unit in study.units]


def test_the_same_study_gives_the_same_bytes(study: Study, folder: Path, tmp_path: Path) -> None:
    write_study(study, tmp_path / "again", Request("run", ["x"]), 2.0)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "run.json":
            twin = tmp_path / "again" / path.relative_to(folder)
            assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(twin.read_bytes()).digest(), path


def test_what_a_study_of_many_scenarios_leaves(study: Study, tmp_path: Path) -> None:
    table = pd.DataFrame({"value": [1.0], "mean": [0.123456789]})
    finding = Finding({"size": b"png"}, {"size": table}, study.metrics, [study.scenario, study.scenario])
    written = write_finding(finding, tmp_path, Request("size", ["size"], {"target": "x"}), 1, 2.0)
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "figures/size.png",
        "size.csv",
        "metrics.parquet",
        f"scenarios/{study.scenario.hash()}.yaml",
        "run.json",
    ]
    assert (tmp_path / "size.csv").read_text() == "value,mean\n1,0.123457\n"
    record = json.loads((tmp_path / "run.json").read_text())
    assert (record["kind"], record["parameters"], record["replications"]) == ("size", {"target": "x"}, None)
