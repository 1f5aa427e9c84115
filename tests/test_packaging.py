"""The wheel, installed alone into an empty environment in another folder, runs; so does an editable install."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(*words: object, cwd: Path) -> str:
    done = subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path) -> Path:
    """Make an empty environment; return the folder of its programs."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, root, cwd=out)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_settings_and_experiments_and_nothing_of_the_workshop(wheel: Path, root: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name.removeprefix("pcqa_sim/configs/") for name in names if name.startswith("pcqa_sim/configs/")}
    there = {str(path.relative_to(root / "configs")) for path in (root / "configs").rglob("*.yaml")}
    assert shipped == there
    scripts = {str(path.relative_to(root)) for path in (root / "experiments").rglob("*.py")}
    assert scripts == {name.removeprefix("pcqa_sim/") for name in names if name.startswith("pcqa_sim/experiments/")}
    assert not [name for name in names if name.startswith(("tests/", "configs/", "experiments/"))]


def test_the_wheel_alone_runs_elsewhere(wheel: Path, root: Path, tmp_path: Path) -> None:
    programs = environment(tmp_path / "env")
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", root / "constraints.txt", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    (tmp_path / "elsewhere").mkdir()
    said = run(programs / "pcqa", "run", "practice=small", "run=quick", "--out", "out", cwd=tmp_path / "elsewhere")
    assert "contacts with the practice need not have been made" in said
    assert (tmp_path / "elsewhere" / "out" / "run.json").is_file()
    assert "cancellation_list" in run(programs / "pcqa", "experiment", cwd=tmp_path / "elsewhere")


def test_the_editable_install_finds_the_repositorys_settings(root: Path, tmp_path: Path) -> None:
    code = "from pcqa_sim.configuration import config_folder; print(config_folder())"
    assert Path(run(sys.executable, "-c", code, cwd=tmp_path).strip()) == root / "configs"
