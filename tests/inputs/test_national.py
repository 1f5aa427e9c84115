from __future__ import annotations

import datetime as dt

import pytest

from pcqa_sim.inputs import national
from pcqa_sim.values.faults import BadInput


def test_a_monday_is_busier_than_the_mean_weekday() -> None:
    assert national.weekday_ratio(0) == pytest.approx(1.295)
    assert national.mean_weekday_calls(415, 0) == pytest.approx(320.46, abs=0.01)
    assert national.mean_weekday_calls(415, 4) > 415


def test_a_whole_week_converts_to_its_mean() -> None:
    ratios = [national.weekday_ratio(weekday) for weekday in range(5)]
    assert sum(ratios) == pytest.approx(5, rel=1e-3)


@pytest.mark.parametrize("weekday", [5, 6, 7, -1])
def test_weekends_are_no_basis(weekday: int) -> None:
    with pytest.raises(BadInput, match="from a Monday to Friday"):
        national.mean_weekday_calls(100, weekday)


@pytest.mark.parametrize(
    ("date", "why"),
    [
        (dt.date(2026, 6, 1), ""),
        (dt.date(2026, 6, 6), "a Saturday"),
        (dt.date(2026, 6, 7), "a Sunday"),
        (dt.date(2026, 5, 25), "a bank holiday (Spring Bank Holiday)"),
        (dt.date(2026, 5, 26), "the first working day after a bank holiday (Spring Bank Holiday)"),
        (dt.date(2026, 5, 29), "the fourth working day after a bank holiday (Spring Bank Holiday)"),
        (dt.date(2026, 4, 1), "in the week of a bank holiday (Good Friday)"),
        (dt.date(2026, 4, 13), ""),
        (dt.date(2021, 12, 24), "Christmas Eve"),
        (dt.date(2024, 12, 27), "the first working day after a bank holiday (Boxing Day)"),
        (dt.date(2027, 1, 4), "the first working day after a bank holiday (New Year's Day)"),
        (dt.date(2027, 1, 7), "the fourth working day after a bank holiday (New Year's Day)"),
        (dt.date(2027, 1, 8), ""),
        (dt.date(2022, 9, 20), "the first working day after a bank holiday (State Funeral of Queen Elizabeth II)"),
    ],
)
def test_ordinary_days(date: dt.date, why: str) -> None:
    assert national.why_not_ordinary(date) == why


def test_a_day_that_is_not_ordinary_is_refused_in_one_line() -> None:
    national.refuse_unless_ordinary(dt.date(2026, 6, 1), "a.csv")
    with pytest.raises(BadInput) as caught:
        national.refuse_unless_ordinary(dt.date(2026, 6, 6), "a.csv")
    assert str(caught.value) == (
        "a.csv: 6 June 2026 is a Saturday; demand is worked out from an ordinary Monday to Friday; "
        "use another day's file, or a whole month's"
    )


def test_endings_are_nearly_all_of_inbound() -> None:
    shares = (
        national.ANSWERED_SHARE,
        national.MENU_SHARE,
        national.MISSED_SHARE,
        national.CALLBACK_SHARE,
    )
    assert sum(shares) == pytest.approx(1, abs=0.002)
