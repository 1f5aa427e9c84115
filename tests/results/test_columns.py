"""Columns of numbers and words, held against plain lists and against pandas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.rows import places

PROJECT = Path(__file__).resolve().parents[2]
TEXTS = ["gp.1", "", "nurse.2", "gp.1", "gp.3", "nurse.2"]


@pytest.fixture
def words() -> Words:
    return Words.of(TEXTS)


def table() -> Columns:
    return Columns(
        {"who": Words.of(TEXTS), "minute": np.array([3.0, np.nan, 1.0, 2.0, np.nan, 5.0]), "number": np.arange(6)}
    )


def test_a_column_of_words_reads_back_as_it_was_written(words: Words) -> None:
    assert words.tolist() == list(words) == np.asarray(words).tolist() == TEXTS
    assert len(words) == 6
    assert words.distinct() == ["gp.1", "", "nurse.2", "gp.3"]
    assert Words.of([]).tolist() == Words.of([]).distinct() == []


@pytest.mark.parametrize("word", ["gp.1", "", "nobody"])
def test_words_compare_as_texts_do(words: Words, word: str) -> None:
    assert (words == word).tolist() == [text == word for text in TEXTS]
    assert (words != word).tolist() == [text != word for text in TEXTS]
    assert words.isin((word, "gp.3")).tolist() == [text in (word, "gp.3") for text in TEXTS]


def test_words_are_asked_once_each(words: Words) -> None:
    asked: list[str] = []
    found = words.where(lambda word: not asked.append(word) and word.startswith("gp"))  # type: ignore[func-returns-value]
    assert found.tolist() == [text.startswith("gp") for text in TEXTS]
    assert sorted(asked) == sorted(set(TEXTS))


def test_words_that_no_row_has_are_worth_nothing_to_anybody(words: Words) -> None:
    some = words[np.array([0, 2])]
    prices = {"gp.1": 3.0, "nurse.2": 2.0}
    assert some.worth(prices.__getitem__).tolist() == [3.0, 2.0]
    with pytest.raises(KeyError):
        words.worth(prices.__getitem__)


def test_words_become_others(words: Words) -> None:
    roles = words.mapped(lambda word: word.partition(".")[0])
    assert roles.tolist() == ["gp", "", "nurse", "gp", "gp", "nurse"]
    assert len(roles.words) == 3
    assert words.over(("other", "gp.3")).tolist() == ["other"] * 4 + ["gp.3", "other"]


def test_columns_of_different_words_stand_one_after_the_other_and_side_by_side(words: Words) -> None:
    others = Words.of(["nurse.2", "", "nurse.2", "gp.9", "gp.3", "gp.1"])
    assert Words.joined(words, others, Words.same("x", 2)).tolist() == [*TEXTS, *others.tolist(), "x", "x"]
    assert words.same_as(others).tolist() == [one == other for one, other in zip(words, others, strict=True)]


def test_a_part_of_a_table_is_what_pandas_takes_out_of_it() -> None:
    whole, frame = table(), table().frame()
    which = np.array([True, False, True, False, True, True])
    part = whole.where(which).where(np.array([3, 0]))
    pd.testing.assert_frame_equal(part.frame(), frame[which].iloc[[3, 0]].reset_index(drop=True))
    assert part.words("who").tolist() == ["nurse.2", "gp.1"]
    assert len(part) == 2
    assert whole.known("minute")["number"].tolist() == frame.dropna()["number"].tolist()
    assert whole.joined_by(more=np.ones(6)).where(which)["more"].tolist() == [1.0] * 4


def test_a_part_reads_only_the_columns_that_are_asked_for() -> None:
    class Unread(Words):
        def __getitem__(self, which: object) -> Words:
            raise AssertionError("read")

    part = table().joined_by(other=Unread(np.zeros(6, dtype=np.int16), ("",))).where(np.array([1, 2]))
    assert part["number"].tolist() == [1, 2]
    with pytest.raises(AssertionError, match="read"):
        part.words("other")


def test_a_column_is_asked_for_as_what_it_is() -> None:
    with pytest.raises(TypeError, match="who is a column of words"):
        table()["who"]
    with pytest.raises(TypeError, match="minute is a column of numbers"):
        table().words("minute")


def test_a_table_can_name_its_rows() -> None:
    assert table().frame(index="number").index.name == "number"


def test_places_are_the_first_of_each_number() -> None:
    assert places(np.array([7, 9, 8, 7]), np.array([8, 7, 7])).tolist() == [1, -1, 0, 1]
    assert places(np.array([7]), np.array([], dtype=np.int64)).tolist() == [-1]


def test_a_run_begins_before_anything_is_imported_that_it_ends_with() -> None:
    code = """
import sys
from pcqa_sim import load_scenario, simulate
from pcqa_sim.values.eventlog import EventLog
def begun(self, *given, **named):
    print(*({"pandas", "pyarrow", "matplotlib", "holidays", "rich", "pcqa_sim.results.metrics"} & set(sys.modules)))
    raise SystemExit
EventLog.__init__ = begun
simulate(load_scenario("practice=small"))
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (said.stdout.split(), said.stderr) == ([], "")


def test_a_run_is_simulated_checked_and_measured_without_pandas() -> None:
    """Whoever works for a study sends tables of Arrow, and imports nothing that only people read with."""
    code = """
import sys
from pcqa_sim import load_scenario, simulate
short = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")
assert simulate(load_scenario(*short)).measured("all").num_rows > 100
print(*({"pandas", "matplotlib", "holidays"} & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (said.stdout.split(), said.stderr) == ([], "")
