"""`pcqa calibrate --fit` and `pcqa trust --ranges` at the command, on a list of three hundred."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
import yaml
from commandline import pcqa

from pcqa_sim.study import task
from pcqa_sim.study.engines.serial import Serial
from pcqa_sim.study.task import Receipt, Task

SHORT = ("run.warm_up_weeks=1", "run.measured_weeks=2")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "pcqa_conf" / "practice"
    folder.mkdir(parents=True)
    path = folder / "mine.yaml"
    text = (
        "defaults: [small@_here_, _self_]\nname: Mine\nlist_size: 300\ncounts:\n  calls_a_day: 12  # calls; calls.csv\n"
    )
    path.write_text(text)
    return path


@pytest.mark.slow
def test_a_setting_is_found_written_with_its_source_and_carried_on(
    own: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sought = ("--fit", "practice.demand_level=0.5..3.0", "--fit", "outcome.dna_rebook_share=0.1..0.5")
    words = ("calibrate", "practice=mine", "--targets", "own", *sought, *SHORT, "--reps", "2", "--points", "8")
    assert pcqa(*words, "--write", "--workers", "1", "--out", "found") == 0
    said = capsys.readouterr().out
    assert "outcome.dna_rebook_share: not identified by these targets" in said
    text = own.read_text()
    assert "calibrated to calls.csv on 20" in text
    assert 0.5 < yaml.safe_load(text)["demand_level"] < 3
    assert yaml.safe_load((tmp_path / "pcqa_conf" / "ranges" / "mine.yaml").read_text())
    found = pd.read_csv(tmp_path / "found" / "fitted.csv")
    assert found["identified"].tolist() == [True, False]
    assert pcqa("calibrate", "--resume", "--out", "found", "--workers", "1") == 0  # all there: nothing is run again
    capsys.readouterr()
    assert pcqa("run", "practice=mine", *SHORT, "--reps", "2", "--workers", "1", "--out", "ran") == 0
    capsys.readouterr()
    (tmp_path / "ann.yaml").write_text("practice.demand_level: [0.8, 2.5]\n")
    files = ("--ranges", "ann.yaml", "--ranges", "pcqa_conf/ranges/mine.yaml")
    ask = ("--metric", "calls_per_working_day", "--draws", "8", "--workers", "1")
    assert pcqa("trust", "ran", *files, *ask) == 0
    said = capsys.readouterr().out
    assert "8 draws of 2 settings from 2 files" in said
    assert "It depends most on: practice.demand_level (rank correlation +" in said


def call_log(path: Path) -> Path:
    """Four weeks of a log: answered calls last two minutes in the middle."""
    luck, rows = random.Random(1), ["Call Start,Outcome,Caller,Wait Time,Talk Time,Direction"]
    for day in range(28):
        date = dt.date(2026, 6, 8) + dt.timedelta(days=day)
        for number in range(12 if date.weekday() < 5 else 0):
            rows.append(
                f"{date} 10:{number:02d}:00,Answered,0770090{number:04d},5,{luck.lognormvariate(4.787, 0.6):.0f},In"
            )
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.slow
def test_what_a_log_shows_is_read_from_it_and_only_the_rest_is_searched(
    own: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_log(tmp_path / "calls.csv")
    sought = ("--fit", "phones.talk.median_min=0.5..4.0", "--fit", "planned.level=0.2..3.0")
    short = ("run.warm_up_weeks=0", "run.measured_weeks=1", "--reps", "2", "--points", "8", "--workers", "1")
    words = ("calibrate", "practice=mine", "--targets", "own", "--from", "calls.csv", *sought, *short)
    assert pcqa(*words, "--write", "--out", "found") == 0
    said = capsys.readouterr().out
    assert "phones.talk.median_min is read directly from your files, and not searched for" in said
    assert pd.read_csv(tmp_path / "found" / "fitted.csv")["setting"].tolist() == ["planned.level"]
    direct = pd.read_csv(tmp_path / "found" / "direct.csv").set_index("setting")
    talk = direct.loc["phones.talk.median_min"]
    assert talk["low"] < 2.0 / 0.97 < talk["high"]
    text = own.read_text()
    assert f"read directly from calls.csv on {dt.date.today():%Y-%m-%d}, 95 % {talk['low']:g} to" in text
    assert yaml.safe_load(text)["phones"]["talk"]["median_min"] == pytest.approx(talk["value"])
    assert "0770090" not in "".join(path.read_text(errors="replace") for path in (tmp_path / "found").rglob("*.json"))
    assert pcqa("calibrate", "practice=mine", "--targets", "own", "--from", "calls.csv", "--rounds", "2") == 2
    assert "--from: finds values by itself" in capsys.readouterr().err
    (tmp_path / "few.csv").write_text("\n".join((tmp_path / "calls.csv").read_text().splitlines()[:20]))
    assert pcqa("calibrate", "practice=mine", "--targets", "own", "--from", "few.csv") == 2
    assert "--from: few.csv: show no setting" in capsys.readouterr().err


@pytest.mark.slow
def test_an_interrupted_fit_goes_on_to_the_same_bytes(
    own: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = ("run.warm_up_weeks=0", "run.measured_weeks=1", "--reps", "2", "--points", "6", "--workers", "1")
    fit = ("--targets", "own", "--fit", "practice.demand_level=0.5..3.0", "--weight", "calls_per_working_day=2")
    words = ("calibrate", "practice=mine", *fit, *short)
    done = count()

    def stopping(_: Serial, tasks: Iterable[Task]) -> Iterator[Receipt]:
        for one in tasks:
            if next(done) == 25:  # in the second wave, whose points depend on what the first found
                raise KeyboardInterrupt
            yield task.perform(one)

    with monkeypatch.context() as then:
        then.setattr(Serial, "receipts", stopping)
        assert pcqa(*words, "--out", "broken") == 130
    there = {path: path.stat().st_mtime_ns for path in (tmp_path / "broken" / "units").iterdir()}
    assert len(there) >= 24
    assert pcqa("calibrate", "--out", "broken", "--resume", "--workers", "1") == 0
    assert {path: path.stat().st_mtime_ns for path in there} == there
    assert pcqa(*words, "--out", "whole") == 0
    for name in ("fitted.csv", "fits.csv", "published.md", "metrics.parquet"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


SAME_COMMAND = {
    "default": ("--targets", "england", "--fit", "demand.needs_per_1000_week=90..190"),
    "panel": ("practice=flood_8am", "--targets", "flood_8am", "--fit", "practice.fte_level.gp=0.5..1.1"),
    "area": (
        "practice=small",
        "--targets",
        "published_00l",
        "--fit",
        "appointments.not_attending.lead.days_2_7=0.02..0.24",
    ),
}


def import_an_area(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_ONS_CODE,SUB_ICB_LOCATION_NAME,ICB_ONS_CODE,REGION_ONS_CODE,"
    head += "Appointment_Date,APPT_STATUS,HCP_TYPE,APPT_MODE,TIME_BETWEEN_BOOK_AND_APPT,COUNT_OF_APPOINTMENTS"
    row = "00L,E38,An area,E54,E40,03MAY2024"
    rows = [f"{row},Attended,GP,Telephone,Same Day,500", f"{row},Attended,GP,Face-to-Face,2 to 7 Days,440"]
    rows += [f"{row},DNA,GP,Telephone,2 to 7 Days,40", f"{row},DNA,Other Practice staff,Telephone,15  to 21 Days,20"]
    (folder / "area.csv").write_text("\n".join([head, *rows]) + "\n")
    assert pcqa("import", "appointments", "area.csv", "--area", "00L") == 0
    assert "pcqa calibrate --targets published_00l" in capsys.readouterr().out


@pytest.mark.parametrize("what", SAME_COMMAND)
def test_the_same_command_is_for_the_default_the_panel_and_an_area(
    own: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, what: str
) -> None:
    import_an_area(tmp_path, capsys)
    assert pcqa("calibrate", *SAME_COMMAND[what], "--reps", "2", "--points", "6", "--workers", "1", "--dry-run") == 0
    # Two waves of six points and the last, two runs each, and ten for luck.
    assert "At most 36 units" in capsys.readouterr().out


@pytest.mark.soak
@pytest.mark.parametrize("what", SAME_COMMAND)
def test_the_same_command_fits_the_default_the_panel_and_an_area(
    own: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, what: str
) -> None:
    import_an_area(tmp_path, capsys)
    short = ("run.warm_up_weeks=2", "run.measured_weeks=3", "practice.list_size=800")
    words = ("calibrate", *SAME_COMMAND[what], *short, "--reps", "2", "--points", "6", "--workers", "1", "--out", "fit")
    assert pcqa(*words) == 0
    print(said := capsys.readouterr().out)
    found = pd.read_csv(tmp_path / "fit" / "fitted.csv").iloc[0]
    assert found["range_low"] <= found["low"] <= found["value"] <= found["high"] <= found["range_high"]
    assert ("not identified by these targets" in said or "nearest at" in said) == (not found["identified"])
    fits = pd.read_csv(tmp_path / "fit" / "fits.csv")
    assert len(fits) >= 1
    assert fits["fitted"].notna().all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fit", "practice.demand_level"), "--fit: practice.demand_level: must be KEY=a..b"),
        (("--fit", "practice.demnd=1..2"), "is no setting that is a number in this practice"),
        (("--fit", "practice.demand_level=0.5..2.0", "--points", "2"), "for 1 settings at least"),
        (("--fit", "practice.demand_level=0.5..2.0", "--weight", "calls=2"), "--weight: calls=2: METRIC=N"),
        (("--fit", "practice.demand_level=0.5..2.0", "--rounds", "2"), "leave --rounds out"),
    ],
)
def test_bad_asking_is_told_in_a_line(
    own: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert pcqa("calibrate", "practice=mine", "--targets", "own", *words) == 2
    err = capsys.readouterr().err.strip()
    assert said in err
    assert "\n" not in err
