"""`pcqa events`: a kept log as a file for other programs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from commandline import pcqa

SMALL = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1", "--workers", "1")


def test_a_log_is_written_for_others(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL, "--reps", "2", "--events", "--out", "out") == 0
    capsys.readouterr()
    assert pcqa("events", "out") == 0
    assert pcqa("events", "out", "--to", "vidigi", "--replication", "1", "--out", "mine.csv") == 0
    said = capsys.readouterr().out.splitlines()
    heads = []
    for told, name in zip(said, (str(Path("out") / "activities.csv"), "mine.csv"), strict=True):
        assert told.endswith(f"needs in {name}")
        with (elsewhere / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        heads.append(rows[0])
        assert told.startswith(f"{len(rows) - 1:,} rows")
        assert all(len(row) == len(rows[0]) for row in rows)
    assert heads[0] == ["case", "activity", "time", "resource", "detail"]
    assert heads[1] == ["entity_id", "event_type", "event", "time", "resource_id", "run_number", "pathway"]
    assert pcqa("events", "out", "--replication", "2") == 2
    assert "no log of this replication was kept" in capsys.readouterr().err
    assert pcqa("events", "out", "--practice", "practise") == 2
    assert "did you mean practice?" in capsys.readouterr().err


def test_a_run_without_logs_is_told_how_to_keep_them(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SMALL, "--reps", "2", "--out", "out") == 0
    capsys.readouterr()
    assert pcqa("events", "out") == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "--events" in err
