from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pcqa_sim.inputs.practice_file import default_user_folder, open_practice_file, write_whole
from pcqa_sim.values.faults import BadInput

BODIES = {
    "name": "name: Practice A11111\n",
    "list_size": "list_size: 8000  # people; register of 1 January 2026, a.csv\n",
    "demand_level": "demand_level: 1.0  # times; assumption: national mean\n",
    "start_belief": "start_belief: 0.2  # share; assumption\n",
}


def test_the_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    assert default_user_folder() == Path("pcqa_conf")
    monkeypatch.setenv("PCQA_CONFIG_DIR", "elsewhere")
    assert default_user_folder() == Path("elsewhere")


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    file = open_practice_file(tmp_path / "conf", "a11111")
    assert (file.list_size, file.list_size_date, file.has("name")) == (None, None, False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_and_read_back(tmp_path: Path) -> None:
    written = open_practice_file(tmp_path / "new" / "conf", "a11111").written_with(BODIES)
    assert written.path == tmp_path / "new" / "conf" / "practice" / "a11111.yaml"
    again = open_practice_file(tmp_path / "new" / "conf", "A11111")
    assert again == written
    assert (again.list_size, again.list_size_date) == (8000, dt.date(2026, 1, 1))
    assert [path.name for path in written.path.parent.iterdir()] == ["a11111.yaml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{list_size: 5}\n", "an import cannot add to it: not written one key after another"),
        ("name: [\n", "an import cannot add to it: not YAML"),
        ("name: x\nname: y\n", "each once"),
    ],
)
def test_a_file_it_cannot_add_to_stays(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "practice" / "a11111.yaml"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        open_practice_file(tmp_path, "A11111")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_text() == text


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    path = tmp_path / "practice" / "a11111.yaml"
    path.parent.mkdir()
    path.write_bytes(b"name: \xff\n")
    with pytest.raises(BadInput, match="not UTF-8"):
        open_practice_file(tmp_path, "A11111")


def test_settings_that_are_wrong_are_not_written(tmp_path: Path) -> None:
    written = open_practice_file(tmp_path, "A11111").written_with(BODIES)
    before = written.path.read_text()
    with pytest.raises(BadInput) as caught:
        written.written_with({"list_size": "list_size: 0\n", "colour": "colour: red\n"})
    assert len(caught.value.faults) == 2
    assert "list_size: 0:" in str(caught.value)
    with pytest.raises(BadInput, match="cannot add"):
        written.written_with({"list_size": "list_size: [\n"})
    assert written.path.read_text() == before


def test_what_extends_another_practice_may_stay(tmp_path: Path) -> None:
    path = tmp_path / "practice" / "a11111.yaml"
    path.parent.mkdir()
    path.write_text("defaults:\n  - average@_here_\n  - _self_\nname: Ours\n")
    open_practice_file(tmp_path, "A11111").written_with({k: v for k, v in BODIES.items() if k != "name"})
    assert path.read_text().startswith(
        "schema: 2  # version; of the form of this file\n"
        "defaults:\n  - average@_here_\n  - _self_\nname: Ours\nlist_size: 8000"
    )


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "conf").write_text("")
    with pytest.raises(BadInput, match="not a folder"):
        open_practice_file(tmp_path / "conf", "A11111").written_with(BODIES)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "practice").write_text("")
    with pytest.raises(BadInput, match="not a folder"):
        open_practice_file(tmp_path / "other", "A11111").written_with(BODIES)


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_disk_that_refuses_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "a.yaml"
    write_whole(path, "old\n")

    def refuse(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(step, refuse)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, "new\n")
    assert path.read_text() == "old\n"
    assert [other.name for other in tmp_path.iterdir()] == ["a.yaml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("symbolic links need no rights only on POSIX systems")
    (tmp_path / "real.yaml").write_text("old\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    write_whole(tmp_path / "link.yaml", "new\n")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "new\n"


def test_a_killed_import_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    texts = ("a" * 300_000, "b" * 300_000)
    code = (
        "import sys; from pathlib import Path; from pcqa_sim.inputs.practice_file import write_whole\n"
        "while True:\n    for letter in 'ab':\n        write_whole(Path(sys.argv[1]), letter * 300_000)"
    )
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2])
        started = time.monotonic()
        while not path.exists() and time.monotonic() - started < 30:
            time.sleep(0.01)
        time.sleep(0.05)
        child.kill()
        child.wait()
        assert path.read_text() in texts
        path.unlink()
