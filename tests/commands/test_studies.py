"""What holds for every study command: it goes on after whatever stopped it, anywhere, and gives the same files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from clusters import dask_cluster
from commandline import pcqa, started

from pcqa_sim.study import task
from pcqa_sim.study.engines.serial import Serial
from pcqa_sim.study.task import Receipt, Task

pytestmark = pytest.mark.usefixtures("elsewhere")
Said = pytest.CaptureFixture[str]
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
TINY = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")
VARY = ("--vary", "phones.lines=3..4", "--vary", "rota.extra_call_handlers=0..1")
STUDIES = {
    "run": (*TINY, "--reps", "3", "--events"),
    "compare": (*TINY, "--with", "phones.lines=3", "--reps", "2", "--why"),
    "size": (*TINY, "--target", "missed_share<=0.9", "--vary", "phones.lines=3..4", "--reps", "5"),
    "sensitivity": (*TINY, "--metric", "missed_share", *VARY, "--points", "2", "--reps", "1"),
    "sweep": (*TINY, "phones.lines=3,4", "--reps", "2"),
    "calibrate": (*TINY, "--rounds", "1", "--reps", "2"),
}
TOLD = ("run.json", "trust-card.md", "stress-des.md", "report.html")  # which have the command, and the time
each_study = pytest.mark.parametrize(
    "kind", ["run", *(pytest.param(kind, marks=pytest.mark.slow) for kind in list(STUDIES)[1:])]
)


def study(kind: str, out: str, *more: str) -> int:
    return pcqa(kind, *STUDIES[kind], "--out", out, *(more or ("--workers", "1")))


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in TOLD)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if "slurm" not in path.parts}


def units(folder: Path) -> int:
    return len(list(folder.glob("units/*.parquet")))


def stopping_after(units: int) -> object:
    def receipts(_: Serial, tasks: Iterable[Task]) -> Iterator[Receipt]:
        for number, one in enumerate(tasks):
            if number == units:
                raise KeyboardInterrupt
            yield task.perform(one)

    return receipts


@each_study
def test_an_interrupted_study_ends_as_an_undisturbed_one(
    kind: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    with monkeypatch.context() as then:
        then.setattr(Serial, "receipts", stopping_after(1))
        assert study(kind, "broken") == 130
    said = capsys.readouterr().err
    assert f"units are there; go on with: pcqa {kind} --out broken --resume" in said
    assert pcqa("trust", "broken") == 2
    assert "has not come to its end; go on with: " in capsys.readouterr().err
    there = {path: path.stat().st_mtime_ns for path in (elsewhere / "broken" / "units").iterdir()}
    assert there
    assert pcqa(kind, "--out", "broken", "--resume", "--workers", "1") == 0
    assert {path: path.stat().st_mtime_ns for path in there} == there, "what was there is not done again"
    assert study(kind, "whole") == 0
    assert files(elsewhere / "broken") == files(elsewhere / "whole")
    assert not {".lock"} & {path.name for path in (elsewhere / "broken").iterdir()}
    one, other = (json.loads((elsewhere / name / "run.json").read_text()) for name in ("broken", "whole"))
    assert one["results"] == other["results"] != {}
    assert one["parameters"] == other["parameters"]


@pytest.mark.slow
@UNIX
@pytest.mark.parametrize("kind", ["compare", "size"])
def test_a_killed_study_goes_on_with_its_settings_named_or_not(kind: str, elsewhere: Path) -> None:
    with started(kind, *STUDIES[kind], "--out", "broken", "--workers", "2") as process:
        for _ in range(1200):
            if units(elsewhere / "broken") or process.poll() is not None:
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    shutil.copytree(elsewhere / "broken", elsewhere / "again")
    assert pcqa(kind, "--out", "broken", "--resume", "--workers", "1") == 0
    assert study(kind, "again", "--resume", "--workers", "1") == 0
    assert files(elsewhere / "broken") == files(elsewhere / "again")


@pytest.mark.slow
@UNIX
def test_every_engine_gives_the_same_bytes(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert study("compare", "serial") == 0
    whole = files(elsewhere / "serial")
    assert study("compare", "local", "--workers", "2") == 0
    assert study("compare", "array", "--engine", "array", "--parts", "2") == 0
    for part in ("0", "1"):
        assert pcqa("part", "array", "--part", part, "--of", "2") == 0
    assert pcqa("compare", "--out", "array", "--resume", "--engine", "array") == 0
    with dask_cluster(tmp_path_factory.mktemp("dask")) as cluster:
        assert study("compare", "dask", "--scheduler", cluster.address) == 0
    for name in ("local", "array", "dask"):
        assert files(elsewhere / name) == whole, name


@pytest.mark.slow
def test_a_search_on_a_job_array_writes_one_round_after_another(elsewhere: Path, capsys: Said) -> None:
    words = (*TINY, "--target", "missed_share<=0.02", "--vary", "rota.extra_call_handlers=0..1", "--reps", "10")
    assert pcqa("size", *words, "--out", "array", "--engine", "array", "--parts", "2") == 0
    rounds = 0
    while not (elsewhere / "array" / "metrics.parquet").exists():
        rounds += 1
        said = capsys.readouterr().out
        assert f"sbatch {elsewhere.resolve()}/array/slurm/round-{rounds}.sbatch" in said
        assert "together: pcqa size --out array --resume --engine array --parts 2" in said
        for part in ("0", "1"):
            assert pcqa("part", "array", "--part", part, "--of", "2") == 0
        capsys.readouterr()
        assert pcqa("size", "--out", "array", "--resume", "--engine", "array", "--parts", "2") == 0
    assert rounds > 1
    assert pcqa("size", *words, "--out", "here", "--workers", "1") == 0
    assert files(elsewhere / "array") == files(elsewhere / "here")


@pytest.mark.parametrize("kind", STUDIES)
def test_a_dry_run_does_nothing(kind: str, elsewhere: Path, capsys: Said) -> None:
    assert study(kind, "out", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "units: about " in said
    assert said.endswith("Nothing was run.\n")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("kind", STUDIES)
def test_going_on_needs_a_folder_with_a_study(kind: str, elsewhere: Path, capsys: Said) -> None:
    assert pcqa(kind, "--resume") == 2
    assert "--resume: needs --out DIR" in capsys.readouterr().err
    assert pcqa(kind, "--resume", "--out", "none") == 2
    assert "--resume: none: no study is there" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, made once."""
    folder = tmp_path_factory.mktemp("run") / "ran"
    assert pcqa("run", *TINY, "--reps", "1", "--out", str(folder), "--workers", "1") == 0
    return folder


@pytest.fixture
def ran(made: Path, elsewhere: Path, capsys: Said) -> Path:
    """A copy of that run in ./ran."""
    capsys.readouterr()
    return Path(shutil.copytree(made, elsewhere / "ran"))


def test_another_question_is_not_the_same_study(ran: Path, capsys: Said) -> None:
    before = files(ran)
    for words, said in (
        (("phones.lines=3",), "practices.practice.phones.lines was 60, is 3"),
        (("--seed", "2"), "the seed was 1, is 2"),
        (("--events",), "events was None, is True"),
    ):
        assert pcqa("run", *TINY, *words, "--out", "ran", "--resume") == 2
        assert said in capsys.readouterr().err
    assert pcqa("compare", "--out", "ran", "--resume") == 2
    assert "holds a study of another command, not of `pcqa compare`; did you mean pcqa run?" in capsys.readouterr().err
    assert files(ran) == before


def test_replications_are_added_and_never_hidden(ran: Path, elsewhere: Path, capsys: Said) -> None:
    assert pcqa("run", "--out", "ran", "--resume", "--reps", "2", "--workers", "1") == 0
    assert "2 replications" in " ".join(capsys.readouterr().out.split())
    assert pcqa("run", *TINY, "--reps", "2", "--out", "two", "--workers", "1") == 0
    assert files(ran) == files(elsewhere / "two")
    assert pcqa("run", "--out", "ran", "--resume", "--reps", "1") == 2
    assert "--reps: 1: at least the 2 the study has" in capsys.readouterr().err


def test_other_code_is_refused_until_it_is_accepted(ran: Path, capsys: Said) -> None:
    plain = json.loads((ran / "run.json").read_text())
    plain["modules"]["journey/journey.py"] = "0" * 12
    (ran / "run.json").write_text(json.dumps(plain))
    assert pcqa("run", "--out", "ran", "--resume") == 2
    assert "code changed in journey/journey.py. Units of both would be mixed" in capsys.readouterr().err
    assert pcqa("run", "--out", "ran", "--resume", "--accept-version", "--workers", "1") == 0
    assert "accepted: code changed in journey/journey.py" in capsys.readouterr().err


def test_one_unit_of_a_run_is_done_again_alone(ran: Path, capsys: Said) -> None:
    (unit,) = (ran / "units").iterdir()
    assert pcqa("replay", "ran", "--unit", unit.stem) == 0
    assert "It runs, and gives the same bytes as the study has." in capsys.readouterr().out


def test_a_damaged_unit_is_named_and_done_again(ran: Path, capsys: Said) -> None:
    before = files(ran)
    (unit,) = (ran / "units").iterdir()
    unit.write_bytes(unit.read_bytes()[:1000])
    (ran / "mornings" / unit.name).unlink()
    assert pcqa("run", "--out", "ran", "--resume", "--workers", "1") == 0
    assert f"unit {unit.stem} was damaged and is done again: it is torn" in capsys.readouterr().err
    assert files(ran) == before


def test_a_unit_that_fails_is_recorded_and_told(elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    from pcqa_sim.results import run as runs

    def fails(*_: object) -> None:
        raise ValueError("need 7, contact 0: its call ended twice")

    with monkeypatch.context() as then:
        then.setattr(runs, "simulate", fails)
        assert pcqa("run", *TINY, "--reps", "2", "--out", "out", "--workers", "1") == 1
    err = capsys.readouterr().err
    assert "the run failed: 2 of 2 units failed: see out/failures.json; --resume tries them again" in err
    (first, _) = json.loads((elsewhere / "out" / "failures.json").read_text())
    assert first["fault"] == "ValueError: need 7, contact 0: its call ended twice"
    assert first["replay"].startswith("pcqa replay out --unit ")
    assert pcqa("run", "--out", "out", "--resume", "--workers", "1") == 0
    assert not (elsewhere / "out" / "failures.json").exists()


@pytest.mark.slow
def test_a_sweep_is_done_again(elsewhere: Path, capsys: Said) -> None:
    assert study("sweep", "first") == 0
    assert pcqa("rerun", "first", "--out", "second", "--workers", "1") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out
    assert files(elsewhere / "first") == files(elsewhere / "second")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["run", "sweep"])
def test_a_rerun_that_was_stopped_goes_on(
    kind: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    assert study(kind, "first") == 0
    with monkeypatch.context() as then:
        then.setattr(Serial, "receipts", stopping_after(1))
        assert pcqa("rerun", "first", "--out", "second", "--workers", "1") == 130
    assert units(elsewhere / "second") == 1
    assert pcqa("rerun", "first", "--out", "second", "--resume", "--workers", "1") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "serial", "--workers", "2"), "--workers: 2: more than 1 is for --engine local"),
        (("--engine", "local", "--write-sbatch", "x"), "one place at a time, not local and array"),
        (("--engine", "dask"), "needs --scheduler ADDRESS or --cluster YAML"),
    ],
)
def test_engines_that_do_not_go_together(words: tuple[str, ...], said: str, elsewhere: Path, capsys: Said) -> None:
    assert study("run", "out", *words) == 2
    assert said in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


def test_what_is_done_is_logged_when_it_is_asked_for() -> None:
    words = [sys.executable, "-m", "pcqa_sim.cli", "run", *TINY, "--reps", "1", "--workers", "1", "--out"]
    silent = subprocess.run([*words, "silent"], capture_output=True, text=True, check=True)
    told = subprocess.run([*words[:3], "-v", *words[3:], "told"], capture_output=True, text=True, check=True)
    assert silent.stderr == ""
    assert "INFO pcqa_sim.study.execute: 0 units whole, 1 to do on this process" in told.stderr
