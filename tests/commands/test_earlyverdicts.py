"""What a comparison says while its pairs come: only of pairs, not too early, and marked as early."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from shortruns import composed

from pcqa_sim.commands.earlyverdicts import WORDS, EarlyVerdicts
from pcqa_sim.commands.firstanswers import METRICS
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.result import Result
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Unit

BASE = composed("practice=small")
OTHER = composed("practice=small", "phones.lines=9")


def put(store: Store, scenario: Scenario, replication: int, missed: float) -> Unit:
    unit = Unit(scenario.hash(), 1, replication)
    row = {
        "scenario": unit.scenario,
        "replication": replication,
        "practice": "practice",
        "period": "all",
        "group": "",
        "metric": "missed_share",
        "value": missed,
        "unit": "share of calls",
    }
    store.put(Result(unit, pa.table({key: [value] for key, value in row.items()})), "")
    return unit


def told(folder: Path, differences: list[float]) -> list[str]:
    """Return the line after each pair; the base differs widely from pair to pair."""
    store, early = Store(folder), EarlyVerdicts(BASE, {"phones.lines=9": OTHER}, 10)
    lines = []
    for number, apart in enumerate(differences):
        base = 0.1 + 0.05 * number
        early.take(store, put(store, BASE, number, base))
        (line,) = early.take(store, put(store, OTHER, number, base + apart))
        lines.append(line)
    return lines


def test_what_is_clear_is_told_from_five_pairs_on_and_marked_as_early(tmp_path: Path) -> None:
    *before, fifth = told(tmp_path, [-0.02, -0.021, -0.019, -0.02, -0.022])
    assert all(line.endswith("nothing is told of fewer than 5") for line in before)
    assert fifth == "so far, 5 of 10 pairs, with phones.lines=9: calls missed lower (early and exploratory)"
    assert set(WORDS) == set(METRICS)


@pytest.mark.parametrize("differences", [[-0.02, 0.03, -0.05, 0.04, 0.01], [-0.02, -0.01, -0.05, -0.03, 0.00]])
def test_what_could_be_chance_is_not_clear(differences: list[float], tmp_path: Path) -> None:
    """The second would be below zero at 95 %: looked at again with every pair, that is not enough."""
    assert told(tmp_path, differences)[-1].endswith("nothing is clear yet")


def test_a_replication_of_one_side_is_no_pair(tmp_path: Path) -> None:
    store, early = Store(tmp_path), EarlyVerdicts(BASE, {"phones.lines=9": OTHER}, 10)
    for number in range(6):
        (line,) = early.take(store, put(store, BASE, number, 0.1))
    assert line.startswith("so far, 0 of 10 pairs")
