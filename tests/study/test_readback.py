"""Files read back: every damage is one line with the file's name and the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pcqa_sim.study.readback import read_metrics, read_settings, read_table
from pcqa_sim.study.record import read_record
from pcqa_sim.values.faults import BadInput

TIDY = {"scenario": "a", "replication": 0, "practice": "p", "period": "all", "group": "", "metric": "m", "unit": "u"}


def tidy(folder: Path, rows: int = 5000) -> Path:
    path = folder / "metrics.parquet"
    pd.DataFrame([TIDY | {"value": n / 7} for n in range(rows)]).to_parquet(path, compression="zstd")
    return path


def refused(path: Path, read: Callable[[Path, str], object], said: str) -> None:
    with pytest.raises(BadInput) as fault:
        read(path, "do it again")
    (line,) = str(fault.value).splitlines()
    assert line.startswith(f"{path}: {said}")
    assert line.endswith("; do it again")
    assert len(line) < 400


def metrics(path: Path, way_out: str) -> object:
    return read_metrics(path, way_out, [("period", "=", "all")])


def test_what_was_written_is_read(tmp_path: Path) -> None:
    frame = read_metrics(tidy(tmp_path), "", [("period", "=", "all"), ("scenario", "=", "a")])
    assert frame["value"].tolist() == [n / 7 for n in range(5000)]
    assert read_metrics(tmp_path / "metrics.parquet", "", [("scenario", "=", "b")]).empty


def test_a_table_torn_flipped_or_absent(tmp_path: Path) -> None:
    whole = tidy(tmp_path).read_bytes()
    path = tmp_path / "metrics.parquet"
    for size in (0, 4, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path, metrics, "is damaged: ")
    path.write_bytes(whole[:40] + bytes(len(whole) - 900) + whole[len(whole) - 860 :])
    refused(path, metrics, "is damaged: ")
    path.unlink()
    refused(path, metrics, "is not there")
    path.mkdir()
    refused(path, metrics, "cannot be read: Is a directory")


def test_other_tables_are_no_metrics(tmp_path: Path) -> None:
    path = tmp_path / "metrics.parquet"
    pd.DataFrame({"period": ["all"], "value": [1.0]}).to_parquet(path)
    refused(path, metrics, "is damaged: it has no column scenario, replication, practice")
    pd.DataFrame([TIDY | {"value": "many"}]).to_parquet(path)
    refused(path, metrics, "is damaged: could not convert string to float")
    refused(path, lambda at, way: read_table(at, way, ("p_holm",)), "is damaged: it has no column p_holm")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "cannot be read as JSON"),
        (b"\xff", "is not UTF-8 text (byte 0)"),
        (b"[" * 100_000, "is nested more than 40 deep"),
        (b"[]", ""),
    ],
)
def test_a_record_that_is_none(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(BadInput) as fault:
        read_record(path)
    (line,) = str(fault.value).splitlines()
    assert line.startswith(f"{path}: is not a run.json{': it ' if said else ''}{said}")
    assert line.endswith("; put a copy of it back, or do the study again in another folder")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: [", "cannot be read as YAML"),
        (b"\xff", "is not UTF-8 text (byte 0)"),
        (b"- a", "is damaged: it is not a scenario"),
    ],
)
def test_settings_that_are_none(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    refused(path, read_settings, said)
