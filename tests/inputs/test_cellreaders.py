"""Columns read cell by cell: dates that are never guessed, durations, counts, words, people by a hash."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pcqa_sim.inputs import cellreaders as cells
from pcqa_sim.inputs import moments


def seconds(text: str) -> int:
    return int((dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1)).total_seconds())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-06-01", "2026-06-01"),
        ("2026-06-01 08:30:15", "2026-06-01 08:30:15"),
        ("2026-06-01T08:30:15", "2026-06-01 08:30:15"),
        ("01JUN2026", "2026-06-01"),
        ("01 Jun 2026", "2026-06-01"),
        ("1 June 2026 11:02", "2026-06-01 11:02"),
        ("01-Dec-21", "2021-12-01"),
        ("Feb-21", "2021-02-01"),
        ("2026-06", "2026-06-01"),
        ("20260601", "2026-06-01"),
        ("30/06/2026 9:05 PM", "2026-06-30 21:05"),
    ],
)
def test_a_date_that_is_certain_is_read(text: str, said: str) -> None:
    column = moments.Moments()
    assert column.add([text]) == []
    assert not column.ambiguous
    assert column.done().tolist() == [seconds(said)]


@pytest.mark.parametrize("text", ["32/01/2026", "2026-13-01", "1 Smarch 2026", "01/01/1961", "today", "9434765919"])
def test_what_is_no_date_is_said(text: str) -> None:
    column = moments.Moments(day_first=True)
    failed = column.add([text])
    assert failed == [0] or column.resolved()[1].tolist() == [True]


def test_day_and_month_are_never_guessed() -> None:
    column = moments.Moments()
    column.add(["01/02/2026", "03/04/2026"])
    assert column.ambiguous
    declared = moments.Moments(day_first=True)
    declared.add(["01/02/2026"])
    assert declared.done().tolist() == [seconds("2026-02-01")]
    shown = moments.Moments()
    shown.add(["01/02/2026", "25/02/2026"])
    assert not shown.ambiguous
    assert shown.done()[0] == seconds("2026-02-01")
    american = moments.Moments()
    american.add(["01/02/2026", "02/25/2026"])
    assert american.done()[0] == seconds("2026-01-02")
    mixed = moments.Moments()
    mixed.add(["25/02/2026", "02/25/2026"])
    assert mixed.ambiguous


def test_numbers_durations_and_what_is_suppressed() -> None:
    column = cells.Numbers()
    assert column.add(["415", "415.0", "1,234", "*", "<5", "1-7", "NA", "", "-3", "0161", "x", "9434765919"]) == [
        8,
        9,
        10,
        11,
    ]
    found = column.done()
    assert found[:3].tolist() == [415, 415, 1234]
    assert np.isnan(found[3:8].astype(float)).all()
    assert column.suppressed == 3
    waits = cells.Numbers(seconds=True)
    assert waits.add(["00:01:23", "1:23", "83", "1m 23s", "2 min", "half an hour"]) == [5]
    assert waits.done()[:5].tolist() == [83, 83, 83, 83, 120]


def test_the_same_person_is_the_same_in_two_files_and_nobody_in_the_next_command() -> None:
    salt = cells.Salt()
    one, two, later = cells.People(salt), cells.People(salt), cells.People(cells.Salt())
    one.add(["+44 161 496 0123", "", "Anonymous"])
    two.add(["0161 4960123"])
    later.add(["0161 4960123"])
    assert one.done()[0] == two.done()[0] != later.done()[0]
    assert one.done()[1:].tolist() == [cells.MISSING, cells.MISSING]


def test_yes_and_no_and_times_of_day() -> None:
    column = cells.Yes()
    assert column.add(["Yes", "n", "", "perhaps"]) == [3]
    clock = moments.Clocks()
    assert clock.add(["08:30", "8:30 pm", "25:00", ""]) == [2]
    assert clock.done().tolist() == [30600, 73800, cells.BAD, cells.MISSING]
