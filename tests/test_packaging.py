"""The wheel, installed alone into an empty environment in another folder, runs; so does an editable install.

What is compiled beside the sources is compiled once of the same sources, where asked so.

`make soak` does the same with the wheel of the compiled model, which must give the bytes of the baseline.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from baseline.recording import BASELINE, stored

NAMED = ("average", "network")
BYTES = """
import json, sys
sys.path.insert(0, sys.argv[1])
import pcqa_sim
from baseline.recording import record
print(json.dumps([pcqa_sim.__file__, *(record(name)["log"] for name in sys.argv[2:])]))
"""


def run(*words: object, cwd: Path, **environment: str) -> str:
    """Run a program outside the repository; `PCQA_PURE` and the path to its modules are not handed down."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PCQA_PURE", "PYTHONPATH")}
    done = subprocess.run(
        [str(w) for w in words], cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path) -> Path:
    """Make an empty environment; return the folder of its programs."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


def installed(wheel: Path, root: Path, folder: Path) -> Path:
    """Install a wheel and what it needs into an empty environment; return the folder of its programs."""
    programs = environment(folder)
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", root / "constraints.txt", cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    return programs


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, root, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_settings_and_experiments_and_nothing_of_the_workshop(wheel: Path, root: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name.removeprefix("pcqa_sim/configs/") for name in names if name.startswith("pcqa_sim/configs/")}
    there = {str(path.relative_to(root / "configs")) for path in (root / "configs").rglob("*.yaml")}
    assert shipped == there
    scripts = {str(path.relative_to(root)) for path in (root / "experiments").rglob("*.py")}
    assert scripts == {name.removeprefix("pcqa_sim/") for name in names if name.startswith("pcqa_sim/experiments/")}
    assert not [name for name in names if name.startswith(("tests/", "configs/", "experiments/"))]


@pytest.mark.slow
def test_the_wheel_alone_runs_elsewhere(wheel: Path, root: Path, tmp_path: Path) -> None:
    programs = installed(wheel, root, tmp_path / "env")
    (tmp_path / "elsewhere").mkdir()
    said = run(programs / "pcqa", "run", "practice=small", "run=quick", "--out", "out", cwd=tmp_path / "elsewhere")
    assert "contacts with the practice need not have been made" in said
    assert (tmp_path / "elsewhere" / "out" / "run.json").is_file()
    assert "cancellation_list" in run(programs / "pcqa", "experiment", cwd=tmp_path / "elsewhere")


@pytest.mark.soak
def test_the_wheel_of_the_compiled_model_alone_gives_the_bytes_of_the_baseline(root: Path, tmp_path: Path) -> None:
    """It compiles: minutes of a processor. Which form ran is said by `pcqa --version` and in run.json."""
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, root)
    run(*build, cwd=tmp_path, PCQA_COMPILE="1")
    (built,) = tmp_path.glob("*.whl")
    assert not built.name.endswith("-none-any.whl")  # for this Python on this kind of machine
    programs = installed(built, root, tmp_path / "env")
    assert "(compiled)" in run(programs / "pcqa", "--version", cwd=tmp_path)
    assert "(interpreted)" in run(programs / "pcqa", "--version", cwd=tmp_path, PCQA_PURE="1")
    where, *logs = json.loads(run(programs / "python", "-c", BYTES, root / "tests", *NAMED, cwd=tmp_path))
    assert tmp_path in Path(where).parents
    assert logs == [stored(BASELINE)[name]["log"] for name in NAMED]
    run(programs / "pcqa", "run", "practice=small", "run=quick", "--reps", "1", "--out", "out", cwd=tmp_path)
    assert json.loads((tmp_path / "out" / "run.json").read_text())["machine"]["model"] == "compiled"


@pytest.mark.slow
def test_the_editable_install_finds_the_repositorys_settings(root: Path, tmp_path: Path) -> None:
    code = "from pcqa_sim.configuration import config_folder; print(config_folder())"
    assert Path(run(sys.executable, "-c", code, cwd=tmp_path).strip()) == root / "configs"


def test_what_was_compiled_of_these_very_sources_is_not_compiled_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless it is asked for; and what is compiled no more leaves no library behind, which Python would read first."""
    spec = importlib.util.spec_from_file_location("hatch_build", root / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    package, suffix = tmp_path / "pcqa_sim", str(sysconfig.get_config_var("EXT_SUFFIX"))
    for folder in (package, tmp_path / "build"):
        folder.mkdir()
    record, library, left = package / "compiled.txt", package / f"native__mypyc{suffix}", package / f"gone{suffix}"
    sources, compiled = ["first"], []

    def compile_into(folder: Path) -> None:
        compiled.append(sources[0])
        library.touch()

    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "_record", lambda: (record, sources[0]))
    monkeypatch.setattr(build, "compile_into", compile_into)
    left.touch()
    build.in_place(unless_made=True)
    build.in_place(unless_made=True)
    assert (compiled, record.read_text()) == (["first"], "first")
    assert not left.exists()
    sources[0] = "second"
    build.in_place(unless_made=True)
    library.unlink()
    build.in_place(unless_made=True)
    build.in_place()
    assert compiled == ["first", "second", "second", "second"]
