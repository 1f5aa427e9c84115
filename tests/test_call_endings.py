"""Cells of how calls end, published beside simulated, and the three mornings: what the two experiments work out."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from pcqa_sim.calibration import Targets, read_targets
from pcqa_sim.configuration import config_folder, options
from pcqa_sim.results.metrics import METRICS

FOLDER = Path(__file__).parents[1] / "experiments"
ANSWERED = "ending=tue-fri:0800_0959:answered"


def experiment(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def endings() -> ModuleType:
    return experiment("call_endings")


@pytest.fixture(scope="module")
def targets() -> Targets:
    return read_targets(config_folder(), "mornings")


def means(endings: ModuleType, targets: Targets, more: float, calls: float) -> dict[tuple[str, str], float]:
    """What a practice shows whose cells are all so far above the published ones."""
    found = {(endings.CELLS, one.group): one.published + more for one in targets.targets if one.metric == endings.CELLS}
    steps = {
        (endings.HALF_HOURS, f"from={d}:{h:02d}{m}"): 0.1 for d in endings.DAYS for h in range(24) for m in ("00", "30")
    }
    return found | steps | {(endings.CALLS, ""): calls}


def test_the_panel_is_spread_as_published(endings: ModuleType) -> None:
    practices = [next(iter(scenario.practices.values())) for scenario in endings.panel()]
    assert sorted({practice.list_size for practice in practices}) == list(endings.LISTS)
    menus = [practice.phones.menu.balking_share for practice in practices]
    assert len(set(menus)) == len(endings.MENUS)
    assert max(menus) / min(menus) == pytest.approx(max(endings.MENUS) / min(endings.MENUS), rel=0.01)
    assert len({practice.name for practice in practices}) == len(endings.PEOPLE)
    assert all(practice.rota.phone.whole_blocks for practice in practices)


def test_a_cell_of_the_panel_is_of_all_its_calls_together(endings: ModuleType, targets: Targets) -> None:
    few, many = means(endings, targets, 0.0, 20.0), means(endings, targets, 0.1, 30.0)
    published = targets.published(endings.CELLS, ANSWERED)
    alike = endings.pooled([(1000, few), (1000, many)], ANSWERED)
    assert alike == pytest.approx(published + 0.1 * 30 / 50)
    assert endings.pooled([(3000, few), (1000, many)], ANSWERED) == pytest.approx(published + 0.1 * 30 / 90)


def test_errors_are_means_over_the_cells_of_a_day(endings: ModuleType, targets: Targets) -> None:
    exact, off = means(endings, targets, 0.0, 27.0), means(endings, targets, -0.04, 27.0)
    cells = endings.table(targets, off, [(1000, exact)])
    assert len(cells) == 4 * (
        6 + 5
    )  # Tuesday to Friday six bands; of Mondays the one that was a bank holiday's is absent
    found = endings.errors(cells)
    assert found["mean"]["default"].tolist() == pytest.approx([0.04, 0.04])
    assert found["largest"]["panel"].tolist() == pytest.approx([0.0, 0.0], abs=1e-9)
    told = endings.lines(cells)
    assert "| Tuesday to Friday 08:00-09:59 | 59.8 / 55.8 / 59.8 |" in told[2]
    assert told[-4:] == [
        "| Tuesday to Friday, mean | 4.0 | 0.0 |",
        "| Tuesday to Friday, largest | 4.0 | 0.0 |",
        "| Monday, mean | 4.0 | 0.0 |",
        "| Monday, largest | 4.0 | 0.0 |",
    ]


def test_the_answers_under_three_mornings_are_metrics_and_the_mornings_are_shipped() -> None:
    shapes = experiment("morning_shapes")
    assert set(shapes.SHAPES) == {name for name in options()["demand"] if name != "flood"}
    assert all(metric in METRICS for metric, _, _ in shapes.ANSWERS.values())
    row = pd.Series({"mean": 0.5, "low": 0.4, "high": 0.6})
    assert shapes.told(row, 100) == "50.0 (40.0 to 60.0)"
