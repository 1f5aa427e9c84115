from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from shortruns import composed

from pcqa_sim import replicate
from pcqa_sim.commands.run import asked_of
from pcqa_sim.commands.studying import begin
from pcqa_sim.commands.studyoptions import Options
from pcqa_sim.commands.workplaces import Workplace
from pcqa_sim.study.files import Filling, Finding
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.scenariofile import read_scenario

OVERRIDES = ("practice=small", "run=quick")


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(composed(*OVERRIDES), 2, workers=1, keep_log=True)


def written(study: Study, folder: Path, command: str) -> Path:
    """The same study, done into a folder."""
    asked = asked_of(study.scenario, list(OVERRIDES), {"replications": 2, "events": True}, None, None)
    with pytest.MonkeyPatch.context() as then:
        then.setattr("sys.argv", ["pcqa", command, "practice=small"])
        assert begin(asked, Options(folder, place=Workplace(workers=1))) == folder
    return folder


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(study, tmp_path_factory.mktemp("study") / "out", "run")


def test_the_files_of_a_study(study: Study, folder: Path) -> None:
    name = study.scenario.hash()
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {
        "run.json",
        "metrics.parquet",
        "summary.csv",
        "answers.md",
        "report.html",
        "key.csv",
        "trust-card.md",
        "stress-des.md",
        "figures/morning-practice.png",
        "figures/appointments-practice.png",
        f"scenarios/{name}.yaml",
        f"units/{name}-1-0.parquet",
        f"units/{name}-1-1.parquet",
        *(f"mornings/{name}-1-{number}.parquet" for number in (0, 1)),
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
    written(study, tmp_path / "again", "x")
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in ("run.json", "trust-card.md", "stress-des.md", "report.html"):
            twin = tmp_path / "again" / path.relative_to(folder)
            assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(twin.read_bytes()).digest(), path


def test_what_a_study_of_many_scenarios_leaves(study: Study, tmp_path: Path) -> None:
    table = pd.DataFrame({"value": [1.0], "mean": [0.123456789]})
    files = Filling(tmp_path)
    Finding({"size": b"png"}, {"size": table}, study.metrics).fill(files)
    found = [str(path.relative_to(tmp_path)) for path in files.written]
    assert found == ["figures/size.png", "size.csv", "metrics.parquet"]
    assert (tmp_path / "size.csv").read_text() == "value,mean\n1,0.123457\n"
    assert list(files.results) == ["metrics.parquet"]
