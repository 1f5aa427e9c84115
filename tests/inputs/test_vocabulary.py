"""Columns that are not what they are taken for are refused by name: words, order of moments, years, names, counts."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from inputs.awkward import BASES, csv_text, said
from inputs.spoiling import BOOK, CALLS, book_rows, call_rows, text_of

from pcqa_sim.commands.look import looked
from pcqa_sim.inputs.identifiers import names_people
from pcqa_sim.values.faults import BadInput

Row = list[str]
_NAMES = (
    "Zoë Brontë,Łukasz Żak,José Núñez,Chloé Dupré,Siân Llŷr,Renée Müller,Björn Åström,Noël Ferré,Jürgen Groß,"
    "Andrée Côté,Måns Öberg,Naïma Çelik,Şule Öztürk"
)
ACCENTS = _NAMES.split(",")


def faults_of(folder: Path, head: Row, rows: list[Row], mapping: str = "") -> list[str]:
    """What is said of a file; nothing where it is read."""
    path, own = folder / "x.csv", folder / "c.yaml"
    path.write_text(text_of([head, *rows]), encoding="utf-8")
    own.write_text(mapping)
    try:
        looked([path], own if mapping else None, False, 5)
    except BadInput as bad:
        return [str(fault) for fault in bad.faults]
    return []


def swapped(one: int, two: int) -> Callable[[Row], Row]:
    def swap(row: Row) -> Row:
        row = list(row)
        row[one], row[two] = row[two], row[one]
        return row

    return swap


def book(change: Callable[[Row], Row]) -> list[Row]:
    return [change(row) for row in book_rows(random.Random(5), 40)]


@pytest.mark.parametrize(
    ("one", "two", "said_of"),
    [(2, 3, "column Status: none of its words"), (3, 4, "column Mode: none of its words"), (0, 1, "columns swapped?")],
)
def test_swapped_columns_of_a_book_are_noticed(one: int, two: int, said_of: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, BOOK, book(list)) == []
    (fault,) = faults_of(tmp_path, BOOK, book(swapped(one, two)))
    assert said_of in fault


def test_swapped_columns_of_a_call_log_are_noticed(tmp_path: Path) -> None:
    rows = [swapped(1, 5)(row) for row in call_rows(random.Random(5), 40)]
    (fault,) = faults_of(tmp_path, CALLS, rows)
    assert "column Outcome: none of its words is known as how the call ended" in fault


def test_formulas_for_words_are_no_words(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, BOOK, book(lambda row: [*row[:2], "=1+1", *row[3:]]))
    assert "column Status" in fault
    assert "1+1" not in fault


def test_names_of_any_alphabet_are_names(tmp_path: Path) -> None:
    assert names_people(ACCENTS)
    assert not names_people([f"Room {n}" for n in range(20)])
    luck = random.Random(1)
    (fault,) = faults_of(tmp_path, BOOK, book(lambda row: [*row[:3], luck.choice(ACCENTS), *row[4:]]))
    assert "column Role: seems to hold a name" in fault
    assert not any(one in fault for one in ACCENTS)


@pytest.mark.parametrize(
    ("cell", "born"),
    [("12/03/54", True), ("12/03/1954", True), ("1954-03-12", True), ("12 Mar 54", True), ("13/06/2126 09:00", False)],
)
def test_years_of_the_last_century_are_births_and_far_ones_no_dates(cell: str, born: bool, tmp_path: Path) -> None:
    fault, *_ = faults_of(tmp_path, BOOK, book(lambda row: [row[0], cell, *row[2:]]))
    assert ("birth date" in fault) == born
    assert cell not in fault


def test_a_mapping_says_known_words_and_headings_that_are_there(tmp_path: Path) -> None:
    rows = call_rows(random.Random(5), 20)
    (fault,) = faults_of(tmp_path, CALLS, rows, "kind: calls\ncolumns: {started: Call Start, ending: Ended How}\n")
    assert "has no line with all the headings of" in fault
    assert fault.endswith("c.yaml: Call Start, Ended How")
    assert faults_of(tmp_path, CALLS, rows, "kind: calls\ncolumns: {started: Call Start, ending: Outcome}\n") == []
    text = "kind: calls\ncolumns: {started: Call Start, ending: Outcome}\nwords: {ending: {Lost: hungup}}\n"
    (fault,) = faults_of(tmp_path, CALLS, rows, text)
    assert "c.yaml words ending: hungup" in fault
    assert "did you mean hung_up" in fault


def test_a_column_of_times_is_no_count_of_nothing(tmp_path: Path) -> None:
    """Times such as 08-10 were taken for a count kept back, and the sum of none of them for no forms at all."""
    head, *rows = BASES["online"]()
    path = tmp_path / "x.csv"
    path.write_text(csv_text([[*head[:-2], head[-1], head[-2]], *rows]))
    with pytest.raises(BadInput, match="no number in the column VALUE"):
        said("online", path, tmp_path / "a")
    path.write_text(csv_text([head, *([*row[:-1], "*"] for row in rows)]))
    with pytest.raises(BadInput, match="none of its counts for this code is known"):
        said("online", path, tmp_path / "b")
