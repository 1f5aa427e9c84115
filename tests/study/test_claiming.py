"""A study's folder: claimed by one alone, and gone again where nothing came of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from shortruns import composed

from pcqa_sim.study.claiming import claimed, label_of
from pcqa_sim.study.folderlock import LOCK, locked
from pcqa_sim.values.faults import BadInput

pytestmark = pytest.mark.usefixtures("elsewhere")

CLAIM = """
import sys
from pcqa_sim.study.claiming import claimed
with claimed(None, "abc-1", []) as folder:
    (folder / "result").write_text(sys.argv[1])
    print(folder.name)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_the_name_says_when_which_settings_and_which_luck() -> None:
    scenario = composed("practice=small", "run=quick")
    assert label_of(scenario) == f"{scenario.hash()}-1"
    with claimed(None, label_of(scenario, 7), []) as folder:
        assert re.fullmatch(rf"pcqa_runs/\d{{8}}-\d{{6}}-{scenario.hash()}-7", folder.as_posix())


def test_two_of_the_same_second_have_a_folder_each(held: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.strftime", lambda _: "20261125-090000")
    found = [held.enter_context(claimed(None, "abc-1", [])).name for _ in range(3)]
    assert found == ["20261125-090000-abc-1", "20261125-090000-abc-1-2", "20261125-090000-abc-1-3"]


def test_processes_begun_together_lose_nothing(elsewhere: Path) -> None:
    command = [sys.executable, "-c", CLAIM]
    begun = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(4)]
    said = {(process.communicate()[0].strip(), str(n)) for n, process in enumerate(begun)}
    there = {(path.name, (path / "result").read_text()) for path in (elsewhere / "pcqa_runs").iterdir()}
    assert said == there
    assert len(there) == 4


def test_what_came_of_it_stays_and_the_lock_goes(elsewhere: Path) -> None:
    with claimed(Path("a/b"), "", []) as folder:
        assert names(folder) == [LOCK]
        (folder / "result").touch()
    assert names(elsewhere / "a" / "b") == ["result"]


@pytest.mark.parametrize("out", [None, Path("a/b")])
def test_nothing_stays_where_nothing_came_of_it(out: Path | None, elsewhere: Path) -> None:
    with pytest.raises(KeyboardInterrupt), claimed(out, "abc-1", []):
        raise KeyboardInterrupt
    assert names(elsewhere) == []


def test_an_empty_folder_that_was_there_stays(elsewhere: Path) -> None:
    (elsewhere / "out").mkdir()
    with pytest.raises(BadInput), claimed(Path("out"), "", []):
        raise BadInput(())
    assert names(elsewhere) == ["out"]
    assert names(elsewhere / "out") == []


def test_a_folder_with_anything_in_it_or_a_file_is_refused_and_left_alone(elsewhere: Path) -> None:
    (elsewhere / "out").mkdir()
    (elsewhere / "out" / "precious.txt").touch()
    for out in ("out", "out/precious.txt"):
        with pytest.raises(BadInput, match="an empty or a new folder"), claimed(Path(out), "", []):
            raise AssertionError
    assert names(elsewhere / "out") == ["precious.txt"]


def test_who_holds_a_folder_is_named(elsewhere: Path) -> None:
    with claimed(Path("out"), "", ["run", "first"]) as folder:
        for _ in range(2):
            with pytest.raises(BadInput, match=r"out: is in use by process .*\(pcqa run first\)"):
                held_twice()
            (folder / "half").touch()
    assert names(elsewhere / "out") == ["half"]


def held_twice() -> None:
    with claimed(Path("out"), "", ["run", "second"]):
        raise AssertionError


def test_a_killed_studys_lock_counts_as_nothing(elsewhere: Path) -> None:
    (elsewhere / "out").mkdir()
    (elsewhere / "out" / LOCK).write_text("{}")
    with claimed(Path("out"), "", []) as folder:
        (folder / "result").touch()
    assert names(elsewhere / "out") == ["result"]


def test_a_lock_taken_away_meanwhile_is_not_held(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening the file and locking it, its last holder may take it away: the next file is held then."""
    from pcqa_sim.study import folderlock

    take, times = folderlock._take, []

    def late(descriptor: int, shared: bool) -> bool:
        if not times:
            (elsewhere / LOCK).unlink()
        times.append(descriptor)
        return take(descriptor, shared)

    monkeypatch.setattr(folderlock, "_take", late)
    with locked(elsewhere, ["first"]):
        assert len(times) == 2
        with pytest.raises(BadInput, match="pcqa first"), locked(elsewhere, ["second"]):
            raise AssertionError
    assert names(elsewhere) == []
