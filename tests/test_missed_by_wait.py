"""The prediction of missed calls by the wait: seven rotas of whole people, and a slope that is what its line says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from shortruns import composed

FILE = Path(__file__).parents[1] / "experiments" / "missed_by_wait.py"
SMALL = ("practice.list_size=4000", "run.warm_up_weeks=0", "run.measured_weeks=2")


@pytest.fixture(scope="module")
def experiment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("missed_by_wait", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rotas_differ_in_people_alone_and_stay_whole(experiment: ModuleType) -> None:
    rotas = experiment.rotas(composed(*SMALL))
    own = rotas[0].practices["practice"].rota.phone.tuesday_friday
    assert rotas[0] == composed(*SMALL)
    assert list(rotas) == list(range(-1, 6))
    for more, scenario in rotas.items():
        phone = scenario.practices["practice"].rota.phone
        assert phone.whole_blocks
        assert phone.tuesday_friday == {at: max(1, people + more) if people else 0 for at, people in own.items()}


def test_the_slope_of_a_line_through_the_origin_is_its_own(experiment: ModuleType) -> None:
    found = pd.DataFrame({"more": [0, 1], "wait_min": [2.0, 4.0], "missed": [0.08, 0.16]})
    assert experiment.slope(found["wait_min"], found["missed"]) == pytest.approx(0.04)
    assert experiment.lines(found)[-1] == "slope through the origin: 4.00% a minute, as one patience of 25.0 minutes"


@pytest.mark.slow
def test_with_more_people_calls_wait_less_and_fewer_are_missed(experiment: ModuleType) -> None:
    rotas = experiment.rotas(composed(*SMALL))
    found = experiment.table({more: rotas[more] for more in (0, 4)}, 2, 1)
    assert found["wait_min"].is_monotonic_decreasing
    assert found["missed"].is_monotonic_decreasing
