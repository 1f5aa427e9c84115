"""`pcqa sweep`, `replay` and `part` as people use them, with real replications of a small practice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa, started

from pcqa_sim.study import origin, record
from pcqa_sim.study.design import plan as plans
from pcqa_sim.study.design.plan import read_plan
from pcqa_sim.study.folderlock import locked

pytestmark = pytest.mark.usefixtures("elsewhere")
SMALL = ("practice=small", "run=quick")
LINES = ("sweep", *SMALL, "phones.lines=4,8", "--out", "out")
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals or limits")

Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that was finished, made once."""
    folder = tmp_path_factory.mktemp("finished") / "out"
    assert pcqa(*LINES[:-1], str(folder), "--workers", "1") == 0
    return folder


@pytest.fixture
def out(finished: Path, elsewhere: Path) -> Path:
    """A copy of that study in ./out."""
    return Path(shutil.copytree(finished, elsewhere / "out"))


def one_line(said: Said) -> str:
    out, err = said.readouterr()
    assert out == ""
    assert "Traceback" not in err
    (line,) = err.strip().splitlines()
    return line


@pytest.mark.slow
def test_a_sweep_says_what_it_found_and_where_it_is(capsys: Said, elsewhere: Path) -> None:
    assert pcqa(*LINES, "intervention=[],[more_call_handlers]", "--metric", "missed_share", "--workers", "1") == 0
    said = capsys.readouterr().out
    assert "4 scenarios x 2 replications = 8 units" in said
    assert "missed_share: missed, share of calls" in said
    assert "[more_call_handlers]" in said
    out = elsewhere / "out"
    metrics = pd.read_parquet(out / "metrics.parquet")
    assert list(metrics.columns) == [
        "scenario", "replication", "practice", "period", "group", "metric", "value", "unit",
    ]  # fmt: skip
    assert metrics.groupby(["scenario", "replication"]).ngroups == 8
    points = pd.read_parquet(out / "points.parquet")
    assert points["phones.lines"].tolist() == [4, 4, 8, 8]
    assert points["intervention"].tolist() == ["[]", "[more_call_handlers]"] * 2
    assert len(list((out / "units").glob("*.parquet"))) == 8
    plain = json.loads((out / "run.json").read_text())
    assert plain["command"][0] == "sweep"
    assert (plain["kind"], plain["replications"]) == ("sweep", 2)
    assert plain["finished"]["units"] == 8
    assert list(plain["results"]) == ["metrics.parquet"]


@pytest.mark.slow
def test_the_luck_is_the_same_at_all_points(elsewhere: Path) -> None:
    """What settings do not touch is the same to the last bit at every point."""
    assert pcqa("sweep", *SMALL, "phones.lines=40,60", "--out", "out", "--workers", "1") == 0
    metrics = pd.read_parquet(elsewhere / "out" / "metrics.parquet").drop(columns="scenario")
    two = [frame.drop(columns="replication").reset_index(drop=True) for _, frame in metrics.groupby("replication")]
    assert not two[0].equals(two[1])
    for frame in two:
        half = len(frame) // 2
        first, second = frame.iloc[:half].reset_index(drop=True), frame.iloc[half:].reset_index(drop=True)
        pd.testing.assert_frame_equal(first, second, check_exact=True)


@pytest.mark.slow
def test_a_designed_sample(elsewhere: Path) -> None:
    words = ("--vary", "phones.lines=3..6", "--vary", "practice.demand_level=0.8..1.2", "--design", "lhs")
    assert pcqa("sweep", *SMALL, *words, "--points", "4", "--reps", "1", "--out", "out", "--workers", "1") == 0
    points = pd.read_parquet(elsewhere / "out" / "points.parquet")
    assert sorted(points["phones.lines"]) == [3, 4, 5, 6]
    assert points["practice.demand_level"].between(0.8, 1.2).all()
    (scenario,) = (elsewhere / "out" / "scenarios").glob(f"{points['scenario'][0]}.yaml")
    assert f"demand_level: {points['practice.demand_level'][0]}" in scenario.read_text()


@pytest.mark.slow
def test_resume_does_what_is_missing_and_no_more(capsys: Said, out: Path) -> None:
    before = (out / "metrics.parquet").read_bytes()
    units = sorted((out / "units").iterdir())
    units[0].unlink()
    units[1].write_bytes(units[1].read_bytes()[:1000])
    kept = units[2].stat().st_mtime_ns
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 0
    said, err = capsys.readouterr()
    assert "4 units, 2 of them there already" in said
    assert f"unit {units[1].stem} was damaged and is done again" in err
    assert (out / "metrics.parquet").read_bytes() == before
    assert units[2].stat().st_mtime_ns == kept
    assert pcqa(*LINES, "--resume", "--workers", "1") == 0
    assert "4 of them there already" in capsys.readouterr().out


def test_resume_may_add_replications_but_not_hide_them(capsys: Said, out: Path) -> None:
    assert pcqa("sweep", "--out", "out", "--resume", "--reps", "3", "--workers", "1") == 0
    assert "6 units, 4 of them there already" in capsys.readouterr().out
    assert pcqa("sweep", "--out", "out", "--resume", "--reps", "2") == 2
    assert "--reps: 2: at least the 3 the study has" in capsys.readouterr().err


def test_resume_on_a_folder_that_is_not_there_begins(capsys: Said) -> None:
    assert pcqa(*LINES, "--resume", "--workers", "1") == 0
    assert "4 units;" in capsys.readouterr().out


def test_resume_goes_on_after_a_driver_that_was_stopped_while_it_planned(elsewhere: Path) -> None:
    (elsewhere / "out" / "scenarios").mkdir(parents=True)
    (elsewhere / "out" / ".lock").touch()
    assert pcqa(*LINES, "--resume", "--workers", "1") == 0


def test_what_is_left_of_a_killed_planning_is_not_mixed_with_the_next(elsewhere: Path) -> None:
    scenarios = elsewhere / "out" / "scenarios"
    scenarios.mkdir(parents=True)
    for path in (scenarios / "0123456789ab.yaml", elsewhere / "out" / "points.parquet", elsewhere / "out" / ".a.tmp"):
        path.write_text("half")
    assert pcqa("sweep", *SMALL, "phones.lines=4", "--reps", "1", "--out", "out", "--resume", "--workers", "1") == 0
    assert [path.stem for path in scenarios.iterdir()] == list(read_plan(elsewhere / "out").scenarios)
    assert not list((elsewhere / "out").glob(".*"))


def test_a_folder_of_somebody_elses_scenarios_is_left_alone(capsys: Said, elsewhere: Path) -> None:
    mine = elsewhere / "out" / "scenarios" / "mine.yaml"
    mine.parent.mkdir(parents=True)
    mine.touch()
    assert pcqa(*LINES, "--resume") == 2
    assert "an empty or a new folder" in one_line(capsys)
    assert mine.exists()


@UNIX
def test_a_driver_killed_before_its_plan_was_written_left_nothing_to_go_on_with(capsys: Said, elsewhere: Path) -> None:
    words = ("sweep", *SMALL, "phones.lines=range(1,900)", "--out", "out")
    with started(*words) as process:
        for _ in range(600):
            if list((elsewhere / "out").glob("scenarios/*.yaml")):
                break
            time.sleep(0.1)
        process.kill()
        process.wait()
    before = {path for path in (elsewhere / "out").rglob("*") if path.name != ".lock"}
    assert not (elsewhere / "out" / "run.json").exists()
    assert len(before) > 1
    assert pcqa("sweep", "--out", "out", "--resume") == 2
    assert "--resume: out: it was stopped before its plan was written" in one_line(capsys)
    assert set((elsewhere / "out").rglob("*")) == before


@pytest.mark.parametrize("more", [(), ("--reps", "3", "--seed", "2", "--keep", "all")])
def test_resume_without_settings_asks_for_a_study_that_exists(
    more: tuple[str, ...], capsys: Said, elsewhere: Path
) -> None:
    (elsewhere / "lines").mkdir()
    (elsewhere / "lines" / "run.json").write_text("{}")
    for out in ("line", "empty"):
        (elsewhere / "empty").mkdir(exist_ok=True)
        assert pcqa("sweep", "--out", out, "--resume", *more) == 2
        line = one_line(capsys)
        assert f"--resume: {out}: no study is there, so there is nothing to go on with: name the settings too" in line
        assert ("did you mean lines?" in line) == (out == "line")
    assert sorted(path.name for path in elsewhere.iterdir()) == ["empty", "lines"]


def test_the_plan_is_there_whole_when_its_record_is(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """run.json comes last of the plan and before any unit, so that it may be killed at any moment."""
    put, seen = plans.put_bytes, []

    def watched(path: Path, content: bytes) -> None:
        out = elsewhere / "out"
        seen.append((path.name, len(list(out.glob("scenarios/*.yaml"))), (out / "units").exists()))
        put(path, content)

    monkeypatch.setattr(plans, "put_bytes", watched)
    monkeypatch.setattr(record, "put_bytes", watched)
    assert pcqa("sweep", *SMALL, "phones.lines=4,8", "--out", "out", "--write-sbatch", "x.sbatch") == 0
    assert seen == [("points.parquet", 2, False), ("run.json", 2, False)]


def test_points_and_scenarios_that_were_removed_are_written_again(capsys: Said, out: Path) -> None:
    """Which is the way out of a file that was damaged."""
    scenario = sorted((out / "scenarios").iterdir())[0]
    before = {path: path.read_bytes() for path in (out / "points.parquet", scenario)}
    for path in before:
        path.unlink()
    capsys.readouterr()
    assert pcqa("replay", "out", "--unit", "x") == 2
    line = one_line(capsys)
    assert line == "out/points.parquet: is not there; `pcqa sweep --out out --resume` writes it again"
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 0
    assert "4 of them there already" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in before} == before


def test_half_of_a_changed_plan_shows(capsys: Said, out: Path) -> None:
    points = (out / "points.parquet").read_bytes()
    assert pcqa(*LINES[:-3], "phones.lines=4,8,16", "--out", "other", "--write-sbatch", "x.sbatch") == 0
    (out / "points.parquet").write_bytes((out.parent / "other" / "points.parquet").read_bytes())
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume") == 2
    assert "points.parquet: is damaged: it is not what was written with run.json; remove it" in one_line(capsys)
    (out / "points.parquet").unlink()
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 0
    assert (out / "points.parquet").read_bytes() == points


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("phones.lines=4,8", "run.measured_weeks=3"), "phones.lines=4: run.measured_weeks was 2, is 3"),
        (("phones.lines=4,9"), "a point was phones.lines=8, is phones.lines=9"),
        (("phones.lines=4,8,16"), "there were 2 points, are 3"),
        (("phones.lines=4,8", "--seed", "2"), "the seed was 1, is 2"),
        (("phones.lines=4,8", "--keep", "weeks"), "--keep was days, is weeks"),
    ],
)
def test_other_settings_on_resume_are_refused_by_name(
    words: tuple[str, ...] | str, said: str, capsys: Said, out: Path
) -> None:
    more = (words,) if isinstance(words, str) else words
    assert pcqa("sweep", *SMALL, *more, "--out", "out", "--resume") == 2
    line = one_line(capsys)
    assert said in line
    assert "--accept-version" in line


def test_other_code_on_resume_is_refused_by_name(capsys: Said, monkeypatch: pytest.MonkeyPatch, out: Path) -> None:
    path = out / "run.json"
    plain = json.loads(path.read_text())
    plain["modules"]["journey.py"] = "0" * 12
    plain["libraries"]["numpy"] = "1.99"
    path.write_text(json.dumps(plain))
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume") == 2
    line = one_line(capsys)
    assert "code changed in journey.py" in line
    assert f"numpy was 1.99, is {origin.origin().libraries['numpy']}" in line
    assert pcqa("sweep", "--out", "out", "--resume", "--accept-version", "--workers", "1") == 0
    said, err = capsys.readouterr()
    assert "accepted: code changed in journey.py" in err
    assert "4 of them there already" in said
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 0, "accepted once and for all"


@pytest.mark.slow
def test_a_users_setting_that_changed_is_noticed_without_being_named(capsys: Said, elsewhere: Path) -> None:
    mine = elsewhere / "pcqa_conf" / "practice" / "mine.yaml"
    mine.parent.mkdir(parents=True)
    text = "defaults: [small@_here_, _self_]\nlist_size: {}\n"
    mine.write_text(text.format(1500))
    words = ("sweep", "practice=mine", "run=quick", "phones.lines=4,8", "--reps", "1", "--out", "out", "--workers", "1")
    assert pcqa(*words) == 0
    mine.write_text(text.format(1600))
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume") == 2
    assert "practices.practice.list_size was 1500, is 1600" in one_line(capsys)
    mine.write_text("# a comment\n" + text.format(1500))
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 0


def test_a_second_driver_stops_naming_the_first(capsys: Said, out: Path) -> None:
    with locked(out, ["sweep", "phones.lines=1,2"]):
        for words in (LINES, ("sweep", "--out", "out", "--resume")):
            assert pcqa(*words) == 2
            line = one_line(capsys)
            assert f"process {os.getpid()}" in line
            assert "pcqa sweep phones.lines=1,2" in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("phones.lines=4,8", "--metric", "mised_share"), "did you mean missed_share?"),
        (("phones.linez=4,8"), "phones.linez: 4: is not a setting; did you mean phones.lines?"),
        (("phones.lines=4,0"), "phones.lines: 0: must be a whole number from 1 to"),
        (("practice=small,smal"), "did you mean small?"),
        (("phones.lines=range(4,4)"), "is empty"),
        (("--vary", "phones.lines=12..3"), "did you mean phones.lines=3..12?"),
        (("--vary", "phones.linez=3..4"), "did you mean phones.lines?"),
        (("phones.lines=1,2", "--vary", "phones.lines=3..4"), "is varied by an override too"),
        (("--vary", "run.seed=1..4"), "--seed"),
        (("--vary", "phones.lines=3..4", "--design", "sobol"), "needs --points"),
        (("--vary", "phones.lines=3..4", "--design", "halton"), "halton"),
        (("phones.lines=1,2", "--engine", "dask"), "needs --scheduler ADDRESS or --cluster YAML"),
        (("phones.lines=1,2", "--scheduler", "x", "--cluster", "y"), "give one of them"),
        (("phones.lines=1,2", "--cluster", "none.yaml"), "none.yaml"),
        (("phones.lines=1,2", "--seed", "-1"), "--seed"),
        (("phones.lines=1,2", "--reps", "0"), "--reps"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    words: tuple[str, ...] | str, said: str, capsys: Said, elsewhere: Path
) -> None:
    more = (words,) if isinstance(words, str) else words
    assert pcqa("sweep", "run=quick", *more, "--out", "out") == 2
    assert said in one_line(capsys)
    assert list(elsewhere.iterdir()) == []


def test_resume_needs_a_folder(capsys: Said) -> None:
    assert pcqa("sweep", "--resume") == 2
    assert "--resume: needs --out DIR" in one_line(capsys)


def test_ten_million_scenarios_by_mistake(capsys: Said, elsewhere: Path) -> None:
    begun = time.process_time()
    assert pcqa("sweep", "phones.lines=range(1,10001)", "practice.demand_level=range(0.5,1.5,0.001)") == 2
    line = one_line(capsys)
    assert line.startswith("10,000,000 scenarios x 5 replications = 50,000,000 units: about ")
    assert " days on " in line
    assert "--yes" in line
    assert time.process_time() - begun < 15
    assert list(elsewhere.iterdir()) == []


def test_no_design_is_drawn_that_does_not_fit_into_memory(capsys: Said, elsewhere: Path) -> None:
    assert pcqa("sweep", "--vary", "phones.lines=1..1000000000", "--yes") == 2
    assert one_line(capsys) == "--vary: 1,000,000,000: at most 1,000,000 combinations of ranges; sample them"
    sampled = ("--vary", "phones.lines=1..9", "--design", "sobol", "--yes")
    assert pcqa("sweep", *sampled, "--points", "1000000000") == 2
    assert "less than or equal to 100000" in one_line(capsys)
    assert list(elsewhere.iterdir()) == []


def test_results_of_another_command_are_left_alone(capsys: Said) -> None:
    assert pcqa("run", *SMALL, "--out", "out", "--workers", "1") == 0
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume") == 2
    assert "holds a study of another command, not of `pcqa sweep`" in one_line(capsys)
    assert pcqa(*LINES) == 2
    assert "an empty or a new folder" in one_line(capsys)


@pytest.mark.parametrize("name", ["run.json", "points.parquet"])
def test_a_damaged_plan_is_told(name: str, capsys: Said, out: Path) -> None:
    path = out / name
    path.write_bytes(path.read_bytes()[:50])
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume") == 2
    assert name in one_line(capsys)


def test_a_damaged_scenario_fails_its_units_and_no_others(capsys: Said, out: Path) -> None:
    plan = read_plan(out)
    (out / "scenarios" / f"{plan.scenarios[0]}.yaml").write_text("a: [")
    for path in (out / "units").iterdir():
        path.unlink()
    capsys.readouterr()
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 1
    said, err = capsys.readouterr()
    assert "4 units" in said
    failed = [line for line in err.splitlines() if line.startswith("failed: phones.lines=4")]
    assert len(failed) == 2
    assert f"pcqa replay out --unit {plan.scenarios[0]}-1-0" in failed[0]
    assert "2 of 4 units failed" in err
    assert len(json.loads((out / "failures.json").read_text())) == 2
    assert pcqa("replay", "out", "--unit", f"{plan.scenarios[0]}-1-0") == 1
    assert "fails: Damaged" in capsys.readouterr().err


def test_replay_gives_the_bytes_of_the_study(capsys: Said, out: Path) -> None:
    unit = sorted((out / "units").iterdir())[1].stem
    capsys.readouterr()
    assert pcqa("replay", "out", "--unit", unit) == 0
    said = capsys.readouterr().out
    assert f"Unit {unit}: phones.lines=" in said
    assert "the same bytes as the study has" in said
    (out / "units" / f"{unit}.parquet").unlink()
    assert pcqa("replay", "out", "--unit", unit) == 0
    assert "--resume adds it" in capsys.readouterr().out
    assert not (out / "units" / f"{unit}.parquet").exists()


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("x", "must be scenario-seed-replication"),
        ("0123456789ab-1-0", "not of a scenario"),
        ("{}-1-9", "replications 0 to 1"),
    ],
)
def test_replay_of_what_is_no_unit(unit: str, said: str, capsys: Said, out: Path) -> None:
    scenario = read_plan(out).scenarios[0]
    assert pcqa("replay", "out", "--unit", unit.format(scenario)) == 2
    assert said in one_line(capsys)
    assert pcqa("replay", "nowhere", "--unit", "x") == 2
    assert "holds no study" in one_line(capsys)


@pytest.mark.slow
def test_parts_together_are_the_study(capsys: Said, elsewhere: Path, out: Path) -> None:
    whole = (out / "metrics.parquet").read_bytes()
    words = ("sweep", *SMALL, "phones.lines=4,8", "--out", "parts", "--write-sbatch", "sweep.sbatch", "--parts", "3")
    assert pcqa(*words) == 0
    said = capsys.readouterr().out
    assert "Planned 4 units in parts; none of them was run." in said
    assert "sbatch sweep.sbatch" in said
    assert (elsewhere / "sweep.sbatch").read_text().startswith("#!/bin/bash")
    for number in ("0", "1", "2"):
        assert pcqa("part", "parts", "--part", number, "--of", "3") == 0
    assert "1 done, 0 failed" in capsys.readouterr().out
    assert pcqa("part", "parts", "--part", "0", "--of", "3") == 0
    assert "2 units were there, 0 done" in capsys.readouterr().out
    assert pcqa("part", "parts", "--part", "3", "--of", "3") == 2
    assert pcqa("sweep", "--out", "parts", "--resume", "--workers", "1") == 0
    assert (elsewhere / "parts" / "metrics.parquet").read_bytes() == whole


def test_a_place_that_cannot_be_written_is_exit_3(capsys: Said) -> None:
    assert pcqa("sweep", *SMALL, "phones.lines=4,8", "--out", "/proc/none/out") == 3
    assert "/proc/none" in one_line(capsys)


LIMITED = """
import resource, signal, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from pcqa_sim import cli
sys.argv = ["pcqa", *sys.argv[2:]]
cli.main()
"""


@pytest.mark.slow
@UNIX
def test_a_full_disk_is_exit_3_and_resume_goes_on(capsys: Said, elsewhere: Path) -> None:
    """The limit lets the plan be written and the units of one scenario, whose run is shorter, but no longer one."""
    weeks = ("run.warm_up_weeks=1", "run.measured_weeks=2,12")
    words = ("sweep", "practice=small", "practice.list_size=500", *weeks, "--reps", "2", "--out")
    assert pcqa(*words, "whole", "--workers", "1") == 0
    sizes = sorted(path.stat().st_size for path in (elsewhere / "whole" / "units").iterdir())
    others = [path for path in (elsewhere / "whole").rglob("*") if path.is_file() and path.parent.name != "units"]
    plan = max(path.stat().st_size for path in others if path.name not in ("metrics.parquet", "summary.csv"))
    limit = (max(sizes[1], plan) + sizes[2]) // 2
    assert max(sizes[1], plan) < limit < sizes[2]
    command = [sys.executable, "-c", LIMITED, str(limit), *words, "out", "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    (line,) = done.stderr.strip().splitlines()
    assert "File too large" in line
    assert "1 of 4 units are whole; go on with: pcqa sweep --out out --resume" in line
    assert len(list((elsewhere / "out" / "units").iterdir())) == 1, "the earlier unit, and no trace of the other"
    assert pcqa("sweep", "--out", "out", "--resume", "--workers", "1") == 0
    for name in ("metrics.parquet", "summary.csv"):
        assert (elsewhere / "out" / name).read_bytes() == (elsewhere / "whole" / name).read_bytes()


@pytest.mark.slow
@UNIX
def test_a_full_file_system_is_exit_3_and_resume_goes_on(capsys: Said, elsewhere: Path) -> None:
    small = elsewhere / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(small)], check=False)
    if mounted.returncode:
        pytest.skip("a small file system can be mounted only by root")
    try:
        small_list = ("practice.list_size=500", "phones.lines=4,8,16,32")
        words = ("sweep", *SMALL, *small_list, "--workers", "1", "--out")
        assert pcqa(*words, "small/out") == 3
        line = one_line(capsys)
        assert "No space left on device" in line
        there = len(list((small / "out" / "units").glob("*.parquet")))
        assert 0 < there < 8
        assert f"{there} of 8 units are whole" in line
        subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
        assert pcqa("sweep", "--out", "small/out", "--resume", "--workers", "1") == 0
        assert f"{there} of them there already" in capsys.readouterr().out
        assert pcqa(*words, "whole") == 0
        assert (small / "out" / "metrics.parquet").read_bytes() == (
            elsewhere / "whole" / "metrics.parquet"
        ).read_bytes()
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.slow
@UNIX
@pytest.mark.parametrize("after", [1.0, 8.0])
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(after: float, elsewhere: Path) -> None:
    words = ("sweep", "run=year", "phones.lines=4,8,16", "--reps", "20", "--workers", "2", "--out", "out")
    with (elsewhere / "err").open("w") as err, started(*words, stderr=err) as process:
        time.sleep(after)
        begun = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert time.monotonic() - begun < 5
    said = (elsewhere / "err").read_text()
    assert said.strip().splitlines()[-1] == "stopped"
    assert "Traceback" not in said
    if (elsewhere / "out" / "run.json").exists():
        assert "of 60 units are there; go on with: pcqa sweep --out out --resume" in said
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("a process was left behind")


def test_help_has_examples(capsys: Said) -> None:
    for command in ("sweep", "replay", "part", "run"):
        assert pcqa(command, "--help") == 0
        assert "Example: pcqa" in capsys.readouterr().out
