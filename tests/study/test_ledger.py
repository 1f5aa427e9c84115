"""The ledger: what is there is whole; what is damaged is named and counts as missing."""

from __future__ import annotations

import os
import time
from pathlib import Path

import fakeunits
import pytest
from fakeunits import plan_of
from shortruns import composed

from pcqa_sim.study.ledger import Ledger
from pcqa_sim.study.task import Task
from pcqa_sim.study.unitfile import Damaged, UnitName


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path)
    for name in plan_of(2, 3).units():
        made.put(name, fakeunits.quick(Task("", name, fakeunits.quick)), "code")
    return made


def test_what_is_there_is_whole(ledger: Ledger) -> None:
    found = ledger.survey(plan_of(2, 5).units())
    assert found.whole == 6
    assert [name.replication for name in found.missing] == [3, 3, 4, 4]
    assert found.damaged == {}
    assert ledger.count() == 6


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "swapped"])
def test_what_is_damaged_is_named_and_missing(damage: str, ledger: Ledger) -> None:
    first, second, *_ = plan_of(2, 3).units()
    path = ledger.path(first)
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        content[len(content) // 3] ^= 4
        path.write_bytes(content)
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(ledger.path(second).read_bytes())
    found = ledger.survey(plan_of(2, 3).units())
    assert list(found.damaged) == [first]
    assert found.missing == [first]
    assert found.whole == 5
    with pytest.raises(Damaged):
        ledger.entry(first)


def test_a_unit_put_twice_is_the_same_file(ledger: Ledger) -> None:
    name = next(plan_of(2, 3).units())
    before = ledger.path(name).read_bytes()
    entry = ledger.put(name, fakeunits.quick(Task("", name, fakeunits.quick)), "code")
    assert ledger.path(name).read_bytes() == before
    assert entry == ledger.entry(name)


def test_drafts_are_no_units_and_old_ones_go(ledger: Ledger) -> None:
    folder = ledger.folder / "units"
    young, old = folder / ".a.parquet.1.tmp", folder / ".b.parquet.2.tmp"
    young.write_bytes(b"x")
    old.write_bytes(b"x")
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    assert ledger.survey(plan_of(2, 3).units()).whole == 6
    assert young.exists()
    assert not old.exists()


def test_a_scenario_is_kept_and_checked(tmp_path: Path) -> None:
    ledger, scenario = Ledger(tmp_path), composed("practice=small", "run=quick")
    name = ledger.put_scenario(scenario)
    assert ledger.scenario(name) == scenario
    path = tmp_path / "scenarios" / f"{name}.yaml"
    path.write_text(path.read_text().replace("list_size: 2000", "list_size: 2001"))
    with pytest.raises(Damaged, match="other settings"):
        ledger.scenario(name)
    path.write_text("a: [")
    with pytest.raises(Damaged, match="cannot be read"):
        ledger.scenario(name)


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert Ledger(tmp_path).survey([UnitName("0123456789ab", 1, 0)]).whole == 0
    assert Ledger(tmp_path).count() == 0
