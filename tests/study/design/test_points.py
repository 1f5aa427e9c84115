from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from shortruns import composed

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.design.points import read_points
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.values.faults import BadInput

QUICK = ("practice=small", "run=quick")
MISSED = Yardstick("missed_share", "practice")
LINES = (3, 5, 8)


def swept(folder: Path, scenarios: dict[str, Scenario], values: dict[str, list[float]]) -> Path:
    """A folder as a sweep leaves it: scenarios, and metrics of some replications."""
    (folder / "scenarios").mkdir()
    rows = []
    for name, scenario in scenarios.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(yaml.safe_dump(scenario.model_dump(mode="json")))
        for number, value in enumerate(values[name]):
            for period, there in (("all", value), ("w01", 99.0)):
                rows.append((name, number, "practice", period, "", "missed_share", there, "share of calls"))
    columns = ["scenario", "replication", "practice", "period", "group", "metric", "value", "unit"]
    pd.DataFrame(rows, columns=columns).to_parquet(folder / "metrics.parquet")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scenarios = {f"s{n}": composed(*QUICK, f"phones.lines={n}", f"practice.demand_level={1 + n / 10}") for n in LINES}
    scenarios["s9"] = composed(*QUICK, "phones.lines=3", "practice.demand_level=1.8")
    return swept(tmp_path, scenarios, {"s3": [0.1, 0.3], "s5": [0.1], "s8": [0.05], "s9": [0.4]})


def test_scenarios_become_points(folder: Path) -> None:
    found = read_points(folder, MISSED)
    assert sorted(found.keys) == ["phones.lines", "practice.demand_level"]
    at = found.keys.index("phones.lines")
    assert (found.low[at], found.high[at]) == (3, 8)
    assert found.places[:, at] == pytest.approx([0, 0.4, 1, 0])
    assert found.values == pytest.approx([0.2, 0.1, 0.05, 0.4])


def test_the_practice_need_not_be_named(folder: Path) -> None:
    assert read_points(folder, Yardstick("missed_share", "")).values == pytest.approx([0.2, 0.1, 0.05, 0.4])


def test_settings_that_always_move_together_are_one(tmp_path: Path) -> None:
    scenarios = {f"s{n}": composed(*QUICK, f"phones.lines={n}", f"practice.demand_level={1 + n / 10}") for n in LINES}
    found = read_points(swept(tmp_path, scenarios, {name: [0.1] for name in scenarios}), MISSED)
    assert len(found.keys) == 1


def test_an_intervention_shows_in_what_it_changes(tmp_path: Path) -> None:
    handlers = composed(*QUICK, "intervention=[more_call_handlers]")
    found = read_points(swept(tmp_path, {"a": composed(*QUICK), "b": handlers}, {"a": [0.1], "b": [0.05]}), MISSED)
    assert found.keys == ("rota.extra_call_handlers",)
    assert np.asarray(found.places)[:, 0].tolist() == [0, 1]


def test_folders_without_a_study_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"has no metrics\.parquet"):
        read_points(tmp_path, MISSED)
    (tmp_path / "metrics.parquet").write_bytes(b"torn")
    with pytest.raises(BadInput, match=r"metrics\.parquet: is damaged: .*; `pcqa rerun .*run\.json` makes it again"):
        read_points(tmp_path, MISSED)


def test_a_study_in_which_nothing_differs_is_refused(tmp_path: Path) -> None:
    one = composed(*QUICK)
    with pytest.raises(BadInput, match="differ in no single number"):
        read_points(swept(tmp_path, {"a": one, "b": one}, {"a": [0.1], "b": [0.1]}), MISSED)


def test_a_metric_or_a_scenario_that_is_missing_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match="no value of that metric"):
        read_points(folder, Yardstick("answered_share", "practice"))
    for name in ("s3", "s5", "s8"):
        (folder / "scenarios" / f"{name}.yaml").unlink()
    with pytest.raises(BadInput, match="fewer than two scenarios"):
        read_points(folder, MISSED)


def test_a_damaged_scenario_is_named(folder: Path) -> None:
    (folder / "scenarios" / "s3.yaml").write_text("[1")
    with pytest.raises(BadInput, match=r"s3\.yaml: cannot be read as YAML; `pcqa "):
        read_points(folder, MISSED)
