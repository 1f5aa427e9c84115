"""A worker gets a scenario as data: it composes nothing and draws nothing, and loads nothing for that."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml
from shortruns import composed

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.task import Task, perform, simulated
from pcqa_sim.study.unit import Unit

NOT_NEEDED = {
    "hydra",
    "omegaconf",
    "pandas",
    "matplotlib",
    "typer",
    "rich",
    "pcqa_sim.configuration",
    "pcqa_sim.report",
}


def shortest() -> Scenario:
    return composed("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=1")


def in_a_worker(work: object, *given: object) -> set[str]:
    """Have a fresh process do something; return the modules that it has loaded then."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(work, *given).result()  # type: ignore[arg-type]
        return set(pool.submit(eval, "list(__import__('sys').modules)").result())


def test_a_replication_in_another_process() -> None:
    scenario = shortest()
    loaded = in_a_worker(perform, Task("", Unit(scenario.hash(), 1, 0), simulated, scenario=scenario))
    assert "pcqa_sim.simulation" in loaded
    assert not loaded & NOT_NEEDED


def test_a_unit_of_a_study(tmp_path: Path) -> None:
    scenario = shortest()
    file = tmp_path / "scenarios" / f"{scenario.hash()}.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(scenario.model_dump(mode="json"), sort_keys=False), encoding="utf-8")
    loaded = in_a_worker(perform, Task(str(tmp_path), Unit(scenario.hash(), 1, 0), simulated))
    assert list((tmp_path / "units").rglob("*.parquet"))
    assert not loaded & NOT_NEEDED
