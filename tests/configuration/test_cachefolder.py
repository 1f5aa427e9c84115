"""The cache folder: whose it is and how large, and that nobody hears of it when it cannot be used."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from pcqa_sim.configuration import cachefolder, keeping, load_scenario

pytestmark = pytest.mark.usefixtures("composed_afresh")
KEYS = [f"{number:064x}" for number in range(9)]


def folder() -> Path:
    found = cachefolder.cache_folder()
    assert found is not None
    return found


def test_what_is_written_can_be_read_by_its_user_alone() -> None:
    before = os.umask(0)
    try:
        cachefolder.write(KEYS[0], b"some")
    finally:
        os.umask(before)
    assert cachefolder.read(KEYS[0]) == b"some"
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder().iterdir()] == [0o600]
    assert cachefolder.read(KEYS[1]) is None


def test_a_folder_that_others_can_write_to_is_not_used() -> None:
    cachefolder.write(KEYS[0], b"some")
    folder().chmod(0o777)
    assert cachefolder.read(KEYS[0]) is None
    cachefolder.write(KEYS[1], b"some")
    assert not (folder() / f"{KEYS[1]}.json").exists()


def test_somebody_else_s_folder_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    cachefolder.write(KEYS[0], b"some")
    monkeypatch.setattr(os, "geteuid", lambda: folder().stat().st_uid + 1)
    assert cachefolder.read(KEYS[0]) is None


def test_the_oldest_make_room_and_what_is_not_ours_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefolder, "MOST_BYTES", 3000)
    folder().mkdir(mode=0o700, parents=True)
    (folder() / "theirs.json").write_bytes(b"x" * 9000)
    for age, key in enumerate(KEYS):
        cachefolder.write(key, b"x" * 1000)
        path = folder() / f"{key}.json"
        if path.exists():
            os.utime(path, (1000.0 + age, 1000.0 + age))
    left = sorted(path.name for path in folder().iterdir())
    assert left == [*(f"{key}.json" for key in KEYS[-3:]), "theirs.json"]


def test_drafts_that_were_left_behind_are_removed() -> None:
    cachefolder.write(KEYS[0], b"some")
    old, new = folder() / ".draft-old.tmp", folder() / ".draft-new.tmp"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    cachefolder.write(KEYS[1], b"some")
    assert not old.exists()
    assert new.exists()


def test_too_much_for_one_file_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefolder, "LARGEST_FILE", 100)
    cachefolder.write(KEYS[0], b"x" * 101)
    assert not folder().exists()


def test_what_is_too_large_is_not_remembered_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefolder, "LARGEST_FILE", 1000)
    for size in (500, 2000):
        keeping.keep(KEYS[0], ["x" * size])
    assert keeping.recall(KEYS[0]) == ["x" * 500]


def test_nothing_is_kept_where_that_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCQA_CACHE", "0")
    cachefolder.write(KEYS[0], b"some")
    assert cachefolder.cache_folder() is None
    monkeypatch.delenv("PCQA_CACHE")
    assert not folder().exists()


def test_a_process_composes_once_also_where_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCQA_CACHE", "0")
    first = load_scenario("run=quick")
    monkeypatch.setattr("pcqa_sim.configuration.composing._composed", None)
    assert load_scenario("run=quick") == first


@pytest.mark.parametrize("place", ["file", "under a file", "read-only", "\udcff", "x" * 300])
def test_a_folder_that_cannot_be_used_is_done_without(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / place.removeprefix("under a ")
    if "file" in place:
        where.write_text("in the way")
    if place == "read-only":
        where.mkdir(mode=0o500)
        monkeypatch.setattr(cachefolder.tempfile, "mkstemp", _refusing)  # the superuser may write anywhere
    monkeypatch.setenv("PCQA_CACHE_DIR", str(where / "deeper" if "under" in place else where))
    assert load_scenario("run=quick").run.measured_weeks == 2
    assert capfd.readouterr() == ("", "")


def _refusing(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_the_system_s_place_for_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PCQA_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    places = {
        "linux": tmp_path / "xdg",
        "darwin": tmp_path / "home" / "Library" / "Caches",
        "win32": tmp_path / "local",
    }
    for system, place in places.items():
        monkeypatch.setattr(cachefolder.sys, "platform", system)
        assert cachefolder.cache_folder() == place / "pcqa_sim" / "compositions"
    monkeypatch.setattr(cachefolder.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert folder() == tmp_path / "home" / ".cache" / "pcqa_sim" / "compositions"


def test_nobody_s_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PCQA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", _homeless)
    assert cachefolder.cache_folder() is None
    assert keeping.recall("0" * 64) is None
    assert load_scenario("run=quick").run.measured_weeks == 2


def _homeless() -> Path:
    raise RuntimeError("Could not determine home directory.")
