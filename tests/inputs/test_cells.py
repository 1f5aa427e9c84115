from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim.inputs.cells import long_date, ods_code, published_date, read_long_date, whole_number
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.outside import shown


@pytest.mark.parametrize("text", ["J81009", "j81009", " j81009 ", "Y0A1B2"])
def test_an_ods_code_is_given_in_any_case(text: str) -> None:
    assert ods_code(text) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "J8100", "J810099", "181009", "J81-09", "../../x", "J81009\nX", "Ｊ81009"])
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="a letter and five letters or digits") as caught:
        ods_code(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "count"), [("415", 415), ("415.0", 415), (" 0.0 ", 0), ("1e3", 1000), ("7.", 7)])
def test_a_count_is_read(text: str, count: int) -> None:
    assert whole_number(text, 10_000) == count


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "missing value"),
        ("nan", "missing value"),
        ("NA", "missing value"),
        ("x", "not a number"),
        ("*", "not a number"),
        ("12,34", "not a number"),
        ("1_000", "not a number"),
        ("१२", "not a number"),
        ("inf", "not a number"),
        ("-97", "negative"),
        ("1.5", "not whole"),
        ("1e9", "too large"),
        ("1e999", "too large"),
    ],
)
def test_what_is_no_count_is_refused(text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        whole_number(text, 10_000)


@pytest.mark.parametrize("text", ["2026-06-01", "01JUN2026", "01jun2026"])
def test_published_dates_are_read(text: str) -> None:
    assert published_date(text) == dt.date(2026, 6, 1)


@pytest.mark.parametrize("text", ["", "01/06/2026", "2026-13-01", "31FEB2026", "01XXX2026", "2026-6-1", "1926-06-01"])
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is expected"):
        published_date(text)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_date_in_words_is_read_back(date: dt.date) -> None:
    assert read_long_date(f"people; register of {long_date(date)}, a.csv") == date


def test_no_date_in_words() -> None:
    assert read_long_date("people; assumption: small") is None
    assert read_long_date("31 February 2026") is None


@given(st.text())
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    assert shown(text, 80).isprintable()
    assert len(shown(text, 80)) <= 80
