from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from pcqa_sim.inputs.register import RegisterCount, read_register
from pcqa_sim.values.faults import BadInput

Write = Callable[..., Path]
Row = Callable[..., str]
NEWER = (
    "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,"
    "NUMBER_OF_PATIENTS"
)


def refusal(path: Path, practice: str = "A11111") -> str:
    with pytest.raises(BadInput) as caught:
        read_register(path, practice)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("header", [{}, {"header": NEWER}])
def test_the_list_size_is_read_from_either_layout(
    register_file: Write, register_row: Row, header: dict[str, str]
) -> None:
    path = register_file(register_row("B22222", 5000), register_row("A11111", 8000), **header)
    assert read_register(path, "a11111") == RegisterCount("A11111", 8000, dt.date(2026, 1, 1), "register.csv")


def test_other_sexes_are_other_rows(register_file: Write, register_row: Row) -> None:
    path = register_file(register_row(people=4000, sex="MALE"), register_row(people=8000))
    assert read_register(path, "A11111").list_size == 8000
    path = register_file(register_row(people=4000, sex="MALE"))
    assert "no row TYPE GP, SEX ALL, AGE ALL" in refusal(path)


def test_the_postcode_is_not_kept() -> None:
    assert "postcode" not in {field.name for field in fields(RegisterCount)}


def test_an_unknown_practice_names_the_nearest(register_file: Write, register_row: Row) -> None:
    said = refusal(register_file(register_row("A11112"), register_row("Z99999")))
    assert said == ("register.csv: A11111: no row TYPE GP, SEX ALL, AGE ALL for this practice; did you mean A11112?")


def test_a_doubled_row_names_both_lines(register_file: Write, register_row: Row) -> None:
    said = refusal(register_file(register_row(people=1), register_row(people=2)))
    assert said.startswith("register.csv, line 3, column CODE: A11111: a second row")
    assert said.endswith("already on line 2")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"people": "many"}, "line 2, column NUMBER_OF_PATIENTS: many: not a number"),
        ({"people": ""}, "column NUMBER_OF_PATIENTS: (empty): no number here"),
        ({"people": -5}, "-5: negative"),
        ({"people": "nan"}, "nan: no number here"),
        ({"people": 80.5}, "80.5: not whole"),
        ({"people": 0}, "0: nobody is registered; at least 1 is expected"),
        ({"people": 2_000_000}, "too large; at most 1,000,000"),
        ({"date": "01/01/2026"}, "line 2, column EXTRACT_DATE: 01/01/2026: a date such as"),
    ],
)
def test_bad_cells(register_file: Write, register_row: Row, row: dict[str, object], said: str) -> None:
    assert said in refusal(register_file(register_row(**row)))


def test_bad_cells_of_others_do_not_matter(register_file: Write, register_row: Row) -> None:
    path = register_file(register_row("B22222", "many"), register_row("A11111", 8000))
    assert read_register(path, "A11111").list_size == 8000


def test_the_published_register(published: Callable[[str], Path]) -> None:
    count = read_register(published("gp-reg-pat-prac-all_2021-01.csv"), "J81009")
    assert (count.list_size, count.date) == (12_349, dt.date(2021, 1, 1))
