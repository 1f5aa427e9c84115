from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog
from pcqa_sim.values.eventlog import CATALOGUE, EventLog, write_log
from pcqa_sim.values.eventrows import ORDER, Rows, Words


def rows(count: int) -> list[eventlog.Row]:
    events = list(CATALOGUE)
    return [
        (i * 0.5, i % 2, i, i * 10**10, i % 5, events[i % len(events)], "gp" if i % 3 else "", f"code{i % 7}", float(i))
        for i in range(count)
    ]


def filled(count: int, chunk: int) -> EventLog:
    log = EventLog(("north", "south"), chunk=chunk)
    for row in rows(count):
        log.add(row)
        log.tidy()
    return log


def test_rows_come_back_as_they_were_added() -> None:
    table = filled(100, chunk=7).table()
    names = ("time_min", "practice", "person", "need", "contact", "event", "who", "code", "amount")
    back = list(zip(*(table[name].to_pylist() for name in names), strict=True))
    assert back == [(t, ("north", "south")[p], *rest) for t, p, *rest in rows(100)]


@pytest.mark.parametrize("spill_from", [0, 500, 10_000])
def test_how_often_rows_are_moved_and_where_they_are_kept_does_not_show(spill_from: int, tmp_path: Path) -> None:
    """Words are numbered when they are tidied: rows moved before, and columns in a file, give the same bytes."""
    log, plain = EventLog(("north", "south"), chunk=60, spill_from=spill_from), EventLog(("north", "south"), chunk=60)
    for number, row in enumerate(reversed(rows(1000))):
        for each in (log, plain):
            each.add(row)
            if number % 150 == 149:
                each.tidy()
        if number % 7 == 0:
            log.move()
    for name, each in (("one", log), ("two", plain)):
        write_log(each.table(), tmp_path / name)
        each.add(rows(1)[0])
        write_log(each.table(), tmp_path / f"{name} and a row")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one and a row").read_bytes() == (tmp_path / "two and a row").read_bytes()
    assert len(log) == len(plain) == pq.read_table(tmp_path / "one and a row").num_rows == 1001


def test_a_log_on_disk_takes_little_memory() -> None:
    """A process that was forked in the middle writes over what comes after, and this one over that."""
    log = EventLog(("north", "south"), chunk=10, spill_from=0)
    for row in rows(100):
        log.add(row)
    log.tidy()
    assert all(column._size == 0 for column in log._columns.values())
    if hasattr(os, "fork"):
        child = os.fork()
        if child == 0:
            for row in reversed(rows(50)):
                log.add(row)
            log.table()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    for row in rows(20):
        log.add(row)
    assert log.table()["time_min"].to_pylist() == [row[0] for row in rows(100) + rows(20)]


def test_columns_have_their_types() -> None:
    schema = filled(10, chunk=100).table().schema
    types = {field.name: str(field.type) for field in schema}
    assert types["time_min"] == "double"
    assert types["person"] == "int32"
    assert types["need"] == "int64"
    assert types["contact"] == "int16"
    assert types["amount"] == "float"
    assert types["practice"].startswith("dictionary<values=string, indices=int16")
    assert types["event"].startswith("dictionary<values=string, indices=int16")


def test_an_empty_log_is_a_table_too(tmp_path: Path) -> None:
    table = EventLog(("a",)).table()
    write_log(table, tmp_path / "log.parquet")
    assert len(pq.read_table(tmp_path / "log.parquet")) == 0


def test_the_length_counts_what_was_flushed_and_what_was_not() -> None:
    assert len(filled(100, chunk=30)) == 100


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_log(filled(1000, chunk=64).table(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert pq.read_table(tmp_path / "one").equals(filled(1000, chunk=64).table())


@pytest.mark.slow
def test_every_event_of_a_run_is_in_the_catalogue(average_run: Run) -> None:
    assert set(average_run.events["event"].unique()) <= set(CATALOGUE)


@pytest.mark.parametrize("event", sorted(CATALOGUE))
def test_columns_the_catalogue_leaves_empty_are_empty(event: str, average_run: Run) -> None:
    mine = average_run.events[average_run.events["event"] == event]
    meaning = CATALOGUE[event]
    assert meaning.who or (mine["who"] == "").all()
    assert meaning.code or (mine["code"] == "").all()
    assert meaning.amount or (mine["amount"] == 0).all()


def test_rows_in_buffers_are_the_rows_in_tuples() -> None:
    """What the compiled form writes, column by column, words numbered as they come or in any other order."""
    pytest.importorskip("librt.strings", reason="rows in buffers take librt, which comes with the compiler")
    from pcqa_sim.values.native_rows import NativeRows

    words: tuple[Words, Words] = {"event": {}, "who": {}, "code": {}}, {"event": {}, "who": {}, "code": {}}
    plain, native = Rows(words[0]), NativeRows(words[1])
    for start in (0, 300):  # the second time into buffers that were emptied, with words that are known
        for row in rows(300 + start)[start:]:
            plain.write(*row)
            native.write(*row)
        assert len(plain) == len(native) == 300
        theirs, mine = plain.take(), native.take()
        assert len(plain) == len(native) == 0
        assert list(theirs) == list(mine) == list(ORDER)
        for name, values in theirs.items():
            assert values.dtype == mine[name].dtype
            if name not in words[0]:
                assert (values == mine[name]).all()
            else:
                assert [list(words[0][name])[i] for i in values] == [list(words[1][name])[i] for i in mine[name]]


def test_rows_of_practices_that_write_in_turns_are_put_in_order_of_time() -> None:
    """Two practices, a day each in turn: of one instant the first of them comes first."""
    log = EventLog(("north", "south"), chunk=1, in_turns=True)
    for day in range(3):
        for practice in (0, 1):
            for number in range(4):
                log.add((day * 10 + number, practice, number, 1, 0, "booked", "", "", 0.0))
        log.move()
    table = log.table()
    order = list(zip(table["time_min"].to_pylist(), table["practice"].to_pylist(), strict=True))
    assert order == [(day * 10 + n, name) for day in range(3) for n in range(4) for name in ("north", "south")]
