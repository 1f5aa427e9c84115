"""Whether a file of a study was touched is told by its bytes, and never by hashing its settings with other code.

A setting with a default that was added since is no change; one byte is. The studies here are those of before: their
scenarios have names that today's schema would not give them, and files without a setting that has a default.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commandline import pcqa

from pcqa_sim.scenario import Scenario

SHORT = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")
ONE_HERE = ("--workers", "1", "--out")
SWEEP = ("sweep", *SHORT, "phones.lines=3,4", "--reps", "1", "--seed", "7", *ONE_HERE)
STUDIES = {
    "run": ("run", *SHORT, "--seed", "7", "--reps", "1", *ONE_HERE),
    "compare": ("compare", *SHORT, "--with", "phones.lines=3", "--reps", "2", *ONE_HERE),
    "sweep": SWEEP,
}
TOUCHED = "has been changed since it was written: its SHA-256 is not that in run.json"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Studies of before a setting was added, one in each folder."""
    made, digits = tmp_path_factory.mktemp("before"), Scenario.digits
    with pytest.MonkeyPatch.context() as then:
        then.chdir(made)
        then.delenv("PCQA_CONFIG_DIR", raising=False)
        then.setattr(Scenario, "digits", lambda self: hashlib.sha256(digits(self).encode()).hexdigest()[:12])
        for name, words in STUDIES.items():
            assert pcqa(*words, name) == 0
            without_the_setting(made / name)
    return made


@pytest.fixture
def studies(before: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    for name in STUDIES:
        shutil.copytree(before / name, elsewhere / name)
    capsys.readouterr()
    return elsewhere


def without_the_setting(folder: Path) -> None:
    """Make the files of a study those of before: scenarios without the setting, and the record of what was written."""
    record: dict[str, Any] = json.loads((folder / "run.json").read_text())
    for path in (folder / "scenarios").iterdir():
        lines = path.read_text().splitlines(keepends=True)
        kept = [line for line in lines if "ahead_too:" not in line]
        assert len(kept) == len(lines) - 1
        path.write_text("".join(kept))
        record["scenario_files"][path.stem] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps(record))


def touch(folder: Path) -> Path:
    """Change one byte of a scenario's file, so that it still is one."""
    path = sorted((folder / "scenarios").iterdir())[0]
    text = path.read_text()
    assert text.count("list_size: 1000\n") == 1
    path.write_text(text.replace("list_size: 1000\n", "list_size: 1001\n"))
    return path


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_a_setting_added_since_is_no_change(studies: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted(path.name for path in (studies / kind / "scenarios").iterdir())
    assert pcqa("rerun", kind, *ONE_HERE, "second") == 0
    said = capsys.readouterr().out
    assert "metrics.parquet: the same to the last byte" in said
    assert "differs" not in said
    assert sorted(path.name for path in (studies / "second" / "scenarios").iterdir()) == names
    assert pcqa("trust", kind) == 0
    assert pcqa("trust", "second") == 0, "under its own name it goes on"


def test_a_setting_added_since_is_no_change_for_a_sweep(studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = studies / "sweep"
    units = {path: path.read_bytes() for path in sorted((folder / "units").iterdir())}
    first = next(iter(units))
    assert pcqa("replay", "sweep", "--unit", first.stem) == 0
    assert "the same bytes" in capsys.readouterr().out
    in_other_words = ("sweep", *reversed(SHORT), *SWEEP[len(SHORT) + 1 :])
    for words in ((*SWEEP, "sweep", "--resume"), (*in_other_words, "sweep", "--resume")):
        first.unlink()
        assert pcqa(*words) == 0
        assert {path: path.read_bytes() for path in sorted((folder / "units").iterdir())} == units
    pcqa("surface", "sweep", "--metric", "missed_share")
    assert "changed" not in capsys.readouterr().err


def test_one_byte_is_told_of_a_run(studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = touch(studies / "run")
    for words in (("rerun", "run", *ONE_HERE, "second"), ("trust", "run")):
        assert pcqa(*words) == 2
        assert capsys.readouterr().err == f"{Path('run') / 'scenarios' / path.name}: {TOUCHED}\n"
        assert not (studies / "second").exists()


def test_one_byte_is_told_of_a_sweep(studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = touch(studies / "sweep")
    (unit,) = (studies / "sweep" / "units").glob(f"{path.stem}-*")
    commands = (
        (("sweep", "--out", "sweep", "--resume", "--workers", "1"), 0),
        (("surface", "sweep", "--metric", "missed_share"), 2),
        (("replay", "sweep", "--unit", unit.stem), 1),
    )
    for words, code in commands:
        assert pcqa(*words) == code
        said = capsys.readouterr().err.strip()
        assert f"{TOUCHED}; remove it, and" in said
        assert path.name in said
        assert "\n" not in said


def test_the_way_out_that_is_named(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa(*SWEEP, "sweep") == 0
    path = touch(elsewhere / "sweep")
    for unit in (elsewhere / "sweep" / "units").iterdir():
        unit.unlink()
    assert pcqa("sweep", "--out", "sweep", "--resume", "--workers", "1") == 1, "its units fail, and no others"
    assert len(list((elsewhere / "sweep" / "units").iterdir())) == 1
    path.unlink()
    assert pcqa("sweep", "--out", "sweep", "--resume") == 0
    assert "list_size: 1000\n" in path.read_text()


def test_checksums_of_another_form_are_refused(studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads((studies / "run" / "run.json").read_text())
    for wrong in ([], {"../x": "0" * 64}, {"0" * 12: "no"}, {"0" * 12: 3}):
        (studies / "run" / "run.json").write_text(json.dumps(record | {"scenario_files": wrong}))
        assert pcqa("rerun", "run", *ONE_HERE, "second") == 2
        assert "scenario_files" in capsys.readouterr().err
