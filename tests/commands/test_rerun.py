from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commandline import pcqa

pytestmark = pytest.mark.usefixtures("elsewhere")
QUICK = (
    "practice=small",
    "practice.list_size=800",
    "run.warm_up_weeks=0",
    "run.measured_weeks=1",
    "run.replications=2",
)
HANDLERS = "intervention=[more_call_handlers]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, made once."""
    folder = tmp_path_factory.mktemp("run") / "first"
    assert pcqa("run", *QUICK, "--seed", "7", "--workers", "1", "--out", str(folder)) == 0
    return folder


@pytest.fixture
def run(made: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A copy of that run in ./first."""
    capsys.readouterr()
    return Path(shutil.copytree(made, elsewhere / "first"))


def test_a_rerun_gives_the_same_bytes(run: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From another folder, on two processes, under another hash seed for nothing: the same metrics.parquet."""
    assert pcqa("rerun", "first/run.json", "--workers", "2", "--out", "second") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out
    names = ("metrics.parquet", *(f"units/{path.name}" for path in (run / "units").iterdir()))
    for name in names:
        assert (run / name).read_bytes() == (elsewhere / "second" / name).read_bytes()
    assert pcqa("rerun", "second", "--workers", "1", "--out", "third") == 0, "a rerun can be done again itself"


def test_run_json_alone_is_enough(run: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(run / "run.json", elsewhere / "alone.json")
    shutil.rmtree(run)
    assert pcqa("rerun", "alone.json", "--workers", "1", "--out", "second") == 0
    assert "the same to the last byte" in capsys.readouterr().out


def test_a_result_that_was_tampered_with_is_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads((run / "run.json").read_text())
    record["results"]["metrics.parquet"] = "0" * 64
    record["python"] = "3.1"
    (run / "run.json").write_text(json.dumps(record))
    assert pcqa("rerun", "first", "--workers", "1", "--out", "second") == 1
    said = capsys.readouterr().out
    assert "metrics.parquet: differs" in said
    assert "Other version: Python was 3.1" in said


def test_a_comparison_is_done_again(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = f"{HANDLERS} intervention.more_call_handlers.extra=2"
    words = ("compare", *QUICK, "--with", HANDLERS, "--with", two, "--reps", "2", "--workers", "1", "--out", "first")
    assert pcqa(*words) == 0
    capsys.readouterr()
    shutil.rmtree(elsewhere / "first" / "scenarios")
    assert pcqa("rerun", "first", "--workers", "1", "--out", "second") == 0
    said = capsys.readouterr().out
    assert "comparison.parquet: the same to the last byte" in said
    assert "metrics.parquet: the same to the last byte" in said


def test_a_sizing_is_done_again(capsys: pytest.CaptureFixture[str]) -> None:
    vary = ("--target", "missed_share<=0.3", "--vary", "intervention.more_call_handlers.extra=0..1")
    assert pcqa("size", *QUICK, *vary, "--seed", "3", "--workers", "1", "--out", "first") == 0
    assert pcqa("rerun", "first", "--workers", "1", "--out", "second") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out


def test_bad_records_are_told_in_a_line(run: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads((run / "run.json").read_text())
    changes = {"kind": "swoop"}, {"parameters": {}}, {"scenario": "000000000000"}, {"overrides": 3}
    for number, change in enumerate(changes):
        (elsewhere / f"{number}.json").write_text(json.dumps(record | change))
    for number in range(len(changes)):
        assert pcqa("rerun", f"{number}.json", "--workers", "1", "--out", "second") == 2
        out, err = capsys.readouterr()
        assert len(err.strip().splitlines()) == 1
        assert out == ""
        assert not (elsewhere / "second").exists()
    assert pcqa("rerun", "nowhere.json") == 2
    assert "no such file" in capsys.readouterr().err
