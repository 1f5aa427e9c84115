from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from shortruns import composed

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.record import read_record, unlike
from pcqa_sim.values.faults import BadInput

QUICK = ("practice=small", "run=quick")


def compose(overrides: list[str]) -> Scenario:
    return composed(*overrides)


@pytest.fixture
def plain() -> dict[str, Any]:
    name = composed(*QUICK).hash()
    parts = {"parameters": {"replications": 2}, "overrides": {name: list(QUICK)}, "results": {"metrics.parquet": "ab"}}
    return {"form": 1, "kind": "run", "seed": 7, "scenario": name, **parts}


def written(folder: Path, content: object) -> Path:
    path = folder / "run.json"
    path.write_text(json.dumps(content))
    return path


def test_a_record_is_read_back(tmp_path: Path, plain: dict[str, Any]) -> None:
    written(tmp_path, plain)
    for given in (tmp_path, tmp_path / "run.json"):
        record = read_record(given)
        assert (record.kind, record.seed, record.parameters) == ("run", 7, {"replications": 2})
        assert record.overrides(plain["scenario"]) == list(QUICK)


def test_a_scenario_comes_from_its_file_where_it_is_there(tmp_path: Path, plain: dict[str, Any]) -> None:
    scenario = composed(*QUICK)
    (tmp_path / "scenarios").mkdir()
    file = tmp_path / "scenarios" / f"{scenario.hash()}.yaml"
    file.write_text(yaml.safe_dump(scenario.model_dump(mode="json"), sort_keys=False))

    def never(_: list[str]) -> Scenario:
        raise AssertionError("nothing needs composing")

    found = read_record(written(tmp_path, plain)).scenario(scenario.hash(), never)
    assert found.run.seed == 7
    assert found.practices == scenario.practices


def test_else_it_is_composed_from_its_overrides(tmp_path: Path, plain: dict[str, Any]) -> None:
    found = read_record(written(tmp_path, plain)).scenario(plain["scenario"], compose)
    assert (found.hash(), found.run.seed) == (plain["scenario"], 7)


def test_settings_that_are_not_what_they_were_are_refused(tmp_path: Path, plain: dict[str, Any]) -> None:
    other = composed(*QUICK, "phones.lines=3")
    record = read_record(written(tmp_path, plain))
    with pytest.raises(BadInput, match="its overrides now give other settings"):
        record.scenario(plain["scenario"], lambda _: other)
    (tmp_path / "scenarios").mkdir()
    file = tmp_path / "scenarios" / f"{plain['scenario']}.yaml"
    file.write_text(yaml.safe_dump(other.model_dump(mode="json"), sort_keys=False))
    with pytest.raises(BadInput, match="has been changed"):
        record.scenario(plain["scenario"], compose)
    file.write_text("practices: [")
    with pytest.raises(BadInput, match=r"\.yaml: cannot be read as YAML$"):
        record.scenario(plain["scenario"], compose)
    for text in ("a list: []", "- 1"):
        file.write_text(text)
        with pytest.raises(BadInput, match="is damaged, or is not a scenario of this version"):
            record.scenario(plain["scenario"], compose)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "swoop"}, "swoop: is no record of a study that this version knows"),
        ({"kind": "sweep"}, "parameters.overrides: is missing or damaged"),
        ({"form": 99}, "is damaged: form 99"),
        ({"schema": 99}, r"was written by a later version of pcqa_sim, which this one \(.*\) cannot read; use that"),
        ({"schema": 99, "pcqa_sim": "9.8.7"}, "was written by version 9.8.7 of pcqa_sim"),
        ({"schema": "1"}, "schema: 1: must be the version of the file"),
        ({"seed": "7"}, "seed: 7: is missing or damaged"),
        ({"results": None}, "results: is missing or damaged"),
        ({"overrides": []}, "overrides: is missing or damaged"),
    ],
)
def test_damaged_records_are_refused(tmp_path: Path, plain: dict[str, Any], change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_record(written(tmp_path, plain | change))


@pytest.mark.parametrize("text", ["", "{", "[]", '"run"', "\x00"])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(BadInput, match=r"is not a run\.json"):
        read_record(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_record(tmp_path / "run.json")


def test_results_are_compared_by_their_checksums(tmp_path: Path, plain: dict[str, Any]) -> None:
    record = read_record(written(tmp_path, plain))
    assert unlike(record, {"metrics.parquet": "ab"}) == []
    assert unlike(record, {"metrics.parquet": "cd"}) == ["metrics.parquet"]
    assert unlike(record, {}) == ["metrics.parquet"]
    assert unlike(record, {"metrics.parquet": "ab", "more": "x"}) == ["more"]
