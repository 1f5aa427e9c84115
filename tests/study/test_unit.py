"""A unit's file: read by anybody, and any byte that is not what was written shows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import fakeunits
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pcqa_sim.study.task import Task
from pcqa_sim.study.unit import Damaged, Unit, checksum, read_unit, table_of, unit_bytes

NAME = Unit("0123456789ab", 1, 7)


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return fakeunits.small_table(Task("", NAME, fakeunits.quick))


@pytest.fixture(scope="module")
def content(table: pa.Table) -> bytes:
    return unit_bytes(table, str(NAME), "code-1")


def test_the_same_table_gives_the_same_bytes(table: pa.Table, content: bytes) -> None:
    assert unit_bytes(table, str(NAME), "code-1") == content
    assert unit_bytes(table, str(NAME), "code-2") != content
    assert table_of(content).equals(table)
    about = pq.read_metadata(pa.BufferReader(content)).metadata
    assert (about[b"pcqa.code"], about[b"pcqa.schema"]) == (b"code-1", b"1")


def test_pandas_and_duckdb_read_it_as_it_is(table: pa.Table, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.parquet"
    path.write_bytes(content)
    assert len(pd.read_parquet(path)) == table.num_rows
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(table.num_rows,)]
    assert read_unit(path).equals(table)


def test_every_flipped_bit_is_detected(content: bytes) -> None:
    assert checksum(content, str(NAME))
    rng = np.random.default_rng(20261125)
    for at in range(len(content)):
        flipped = bytearray(content)
        flipped[at] ^= 1 << int(rng.integers(8))
        with pytest.raises(Damaged):
            checksum(bytes(flipped), str(NAME))


def test_every_truncation_is_detected(content: bytes) -> None:
    for length in range(len(content)):
        with pytest.raises(Damaged):
            checksum(content[:length], str(NAME))


@pytest.mark.parametrize("size", [512, 4096])
def test_a_torn_write_is_detected(size: int, content: bytes) -> None:
    """Whole blocks of zeros, as a crashed machine leaves them."""
    for at in range(0, len(content), size):
        torn = content[:at] + bytes(min(size, len(content) - at)) + content[at + size :]
        with pytest.raises(Damaged):
            checksum(torn, str(NAME))


def test_bytes_added_are_detected(content: bytes) -> None:
    with pytest.raises(Damaged):
        checksum(content + b"PAR1", str(NAME))


def test_a_unit_under_another_name_is_detected(content: bytes) -> None:
    with pytest.raises(Damaged, match="another unit"):
        checksum(content, "0123456789ab-1-8")


def test_a_parquet_file_of_somebody_else_has_no_checksum(table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.parquet"
    table.to_pandas().to_parquet(path)
    with pytest.raises(Damaged, match="no checksum"):
        read_unit(path)


@pytest.mark.parametrize("text", ["", "x", "0123456789ab-1", "0123456789AB-1-7", "0123456789ab-1-7-2", "../x-1-1"])
def test_what_is_no_name(text: str) -> None:
    assert Unit.parsed(text) is None


def test_a_name_is_read_as_it_is_written() -> None:
    assert Unit.parsed(str(NAME)) == NAME
