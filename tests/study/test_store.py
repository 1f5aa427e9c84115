"""The store: what is there is whole; what is damaged is named and counts as missing."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import fakeunits
import pytest
import yaml
from fakeunits import plan_of
from shortruns import composed

from pcqa_sim.study.store import Entry, Store, Survey
from pcqa_sim.study.task import Task
from pcqa_sim.study.unit import Damaged, Unit, checksum
from pcqa_sim.values.wholefile import put_bytes


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    for name in plan_of(2, 3).units():
        made.put(fakeunits.quick(Task("", name, fakeunits.quick)), "code")
    return made


def test_what_is_there_is_whole(store: Store) -> None:
    found = store.survey(plan_of(2, 5).units())
    assert found.whole == 6
    assert [name.replication for name in found.missing] == [3, 3, 4, 4]
    assert found.damaged == {}
    assert store.count() == 6


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "swapped"])
def test_what_is_damaged_is_named_and_missing(damage: str, store: Store) -> None:
    first, second, *_ = plan_of(2, 3).units()
    path = store.path(first)
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        content[len(content) // 3] ^= 4
        path.write_bytes(content)
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(store.path(second).read_bytes())
    found = store.survey(plan_of(2, 3).units())
    assert list(found.damaged) == [first]
    assert found.missing == [first]
    assert found.whole == 5
    with pytest.raises(Damaged):
        store.entry(first)


def test_a_unit_put_twice_is_the_same_file(store: Store) -> None:
    name = next(plan_of(2, 3).units())
    before = store.path(name).read_bytes()
    entry = store.put(fakeunits.quick(Task("", name, fakeunits.quick)), "code")
    assert store.path(name).read_bytes() == before
    assert entry == store.entry(name)


def test_drafts_are_no_units_and_old_ones_go(store: Store) -> None:
    folder = store.folder / "units"
    young, old = folder / ".a.parquet.1.tmp", folder / ".b.parquet.2.tmp"
    young.write_bytes(b"x")
    old.write_bytes(b"x")
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    assert store.survey(plan_of(2, 3).units()).whole == 6
    assert young.exists()
    assert not old.exists()


def test_a_scenario_is_kept_and_checked(tmp_path: Path) -> None:
    store, scenario = Store(tmp_path), composed("practice=small", "run=quick")
    name = scenario.hash()
    told = store.put_scenario(name, scenario)
    assert store.scenario(name) == scenario
    path = tmp_path / "scenarios" / f"{name}.yaml"
    assert store.scenario(name, told) == store.scenario(name, told) == scenario
    path.write_text(path.read_text().replace("list_size: 2000", "list_size: 2001"))
    with pytest.raises(Damaged, match="has been changed since it was written"):
        store.scenario(name, told)
    with pytest.raises(Damaged, match="other settings"):
        store.scenario(name)
    path.write_text("a: [")
    with pytest.raises(Damaged, match="cannot be read"):
        store.scenario(name)


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert Store(tmp_path).survey([Unit("0123456789ab", 1, 0)]).whole == 0
    assert Store(tmp_path).count() == 0


def test_what_is_put_is_told_with_its_checksum_and_size(store: Store) -> None:
    name = next(plan_of(2, 3).units())
    content = store.path(name).read_bytes()
    assert store.path(name) == store.folder / "units" / f"{name}.parquet"
    assert store.entry(name) == Entry(checksum(content, str(name)), len(content))


def test_looking_is_told_every_hundred_units(tmp_path: Path) -> None:
    told: list[int] = []
    found = Store(tmp_path).survey(plan_of(1, 250).units(), told.append)
    assert told == [0, 100, 200]
    assert len(found.missing) == 250


def test_a_unit_that_goes_while_it_is_looked_at_is_missing_and_not_damaged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = plan_of(2, 3).units()
    there = {str(name) for name in (first, *others)}
    store.path(first).unlink()
    monkeypatch.setattr(store, "_there", lambda: there)
    found = store.survey([first, *others])
    assert (found.missing, found.damaged, found.whole) == ([first], {}, 5)


def test_drafts_go_when_they_are_older_than_a_quarter_of_an_hour_even_if_somebody_else_removes_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    for age in (899.5, 900.0, 900.5):
        draft = store.folder / "units" / f".{age}.tmp"
        draft.write_bytes(b"x")
        os.utime(draft, (2_000_000_000.0 - age,) * 2)
    other = store.folder / "units" / "notes.txt"
    other.write_bytes(b"x")
    os.utime(other, (0, 0))
    assert store.count() == 6
    assert sorted(path.name for path in (store.folder / "units").glob(".*")) == [".899.5.tmp", ".900.0.tmp"]
    assert other.exists()
    plainly = Path.unlink

    def unlinked(path: Path, missing_ok: bool = False) -> None:
        plainly(path)
        plainly(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlinked)
    monkeypatch.setattr(time, "time", lambda: 2_000_001_000.0)
    assert store.count() == 6


def test_a_file_is_whole_on_the_disk_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sizes = tmp_path / "a" / "b" / "file", []

    def synced(number: int) -> None:
        sizes.append((os.fstat(number).st_size, path.exists()))

    monkeypatch.setattr(os, "fsync", synced)
    put_bytes(path, b"x" * 1000)
    put_bytes(path, b"y" * 10)
    assert sizes == [(1000, False), (10, True)]
    assert path.read_bytes() == b"y" * 10
    assert list(path.parent.iterdir()) == [path]


def test_a_scenario_is_written_once_in_order_and_in_its_own_letters(tmp_path: Path) -> None:
    store, scenario = Store(tmp_path), composed("practice=small", "run=quick", "practice.name='Zoë Lane'")
    name = scenario.hash()
    store.put_scenario(name, scenario)
    path = tmp_path / "scenarios" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert "Zoë Lane" in text
    settings = [key for key in scenario.model_dump() if f"{key}:" in text]
    assert ["schema", "pcqa_sim", *settings] == list(yaml.safe_load(text))
    assert store.scenario(name) == scenario
    path.write_text("mine", encoding="utf-8")
    assert store.put_scenario(name, scenario) == hashlib.sha256(b"mine").hexdigest()
    assert path.read_text() == "mine"


def test_what_a_survey_does_not_find_is_nothing() -> None:
    assert Survey() == Survey(whole=0, missing=[], damaged={})
