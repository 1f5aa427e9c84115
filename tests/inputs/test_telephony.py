from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from pcqa_sim.inputs.telephony import read_telephony, reconcile
from pcqa_sim.values.faults import BadInput

Write = Callable[..., Path]
Day = Callable[..., list[str]]
SAMPLE = "cbt_by_durations_2026-06_Y58_sample.csv"


def refusal(path: Path, practice: str = "A11111") -> str:
    with pytest.raises(BadInput) as caught:
        read_telephony(path, practice)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_day_is_read_and_adds_up(telephony_file: Write, telephony_day: Day) -> None:
    (day,) = read_telephony(telephony_file(*telephony_day(), *telephony_day(code="B22222")), "a11111")
    assert (day.practice, day.date, day.file) == ("A11111", dt.date(2026, 6, 1), "telephony.csv")
    assert (day.inbound, day.menu, day.answered, day.missed, day.callback) == (100, 25, 60, 10, 5)
    assert day.callback_made == 5
    assert reconcile(day) == []


def test_bands_the_file_leaves_out_are_zero_and_all_ascend(telephony_file: Write, telephony_day: Day) -> None:
    (day,) = read_telephony(telephony_file(*telephony_day()), "A11111")
    assert [band.calls for band in day.answered_waits] == [0, 40, 0, 0, 0, 0, 0, 0, 20]
    for bands in (day.answered_waits, day.missed_waits, day.lengths):
        assert [band.from_s for band in bands] == sorted(band.from_s for band in bands)
    assert (day.answered_waits[-1].from_s, day.answered_waits[-1].to_s) == (301, None)


def test_several_days_come_in_order(telephony_file: Write, telephony_day: Day) -> None:
    path = telephony_file(*telephony_day("2026-06-02", times=2), *telephony_day("2026-06-01"))
    assert [(day.date.day, day.inbound) for day in read_telephony(path, "A11111")] == [(1, 100), (2, 200)]


def test_the_order_of_rows_does_not_matter(telephony_file: Write, telephony_day: Day) -> None:
    rows = telephony_day()
    assert read_telephony(telephony_file(*rows), "A11111") == read_telephony(telephony_file(*reversed(rows)), "A11111")


def test_an_unknown_practice(telephony_file: Write, telephony_day: Day) -> None:
    path = telephony_file(*telephony_day(code="A11112"), *telephony_day(code="Unassigned"))
    assert refusal(path) == (
        "telephony.csv: A11111: no rows for this practice (calls of telephone accounts that practices share "
        "are under Unassigned); did you mean A11112?"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "CBT002",
            "CBT02",
            "line 3, column Indicator: CBT02: one of CBT001 to CBT007 is expected; did you mean",
        ),
        ("1_30", "1-30", "line 4, column Duration: 1-30: CBT003 has 0, 1_30,"),
        ("1_30", "0_10", "line 4, column Duration: 0_10: CBT003 has"),
        ("CBT005,TOTAL", "CBT005,1_30", "line 8, column Duration: 1_30: CBT005 has TOTAL"),
        ("TOTAL,25", "TOTAL,x", "line 3, column Value: x: not a number"),
        ("TOTAL,25", "TOTAL,-1.0", "line 3, column Value: -1.0: negative"),
        ("TOTAL,25", "TOTAL,nan", "line 3, column Value: nan: no number here"),
        ("TOTAL,25", "TOTAL,2.5", "line 3, column Value: 2.5: not whole"),
        ("2026-06-01", "01/06/2026", "line 2, column Date: 01/06/2026: a date such as"),
        ("CBT004,0,", "CBT003,1_30,", "a second row for CBT003 1_30 on 1 June 2026, already on line 4"),
    ],
)
def test_bad_rows(telephony_file: Write, telephony_day: Day, old: str, new: str, said: str) -> None:
    rows = [row.replace(old, new) for row in telephony_day()]
    assert rows != telephony_day()
    assert said in refusal(telephony_file(*rows))


def test_inbound_calls_must_be_there(telephony_file: Write, telephony_day: Day) -> None:
    said = refusal(telephony_file(*telephony_day()[1:]))
    assert said == "telephony.csv: no CBT001 TOTAL row (inbound calls) for A11111 on 1 June 2026"


def test_sums_that_do_not_hold(telephony_file: Write, telephony_day: Day) -> None:
    rows = [row.replace("61_90,30", "61_90,31") for row in telephony_day(inbound=99)]
    (day,) = read_telephony(telephony_file(*rows), "A11111")
    endings, lengths = reconcile(day)
    assert "CBT002 25 + CBT003 60 + CBT004 10 + CBT005 5 = 100, but CBT001 (inbound) is 99" in str(endings)
    assert "CBT007 (answered, by length) sums to 61, but CBT003 (by wait) to 60" in str(lengths)


def test_the_published_sample_adds_up_but_for_one(published: Callable[[str], Path]) -> None:
    codes = [f"J810{number}" for number in ("02", "06", "09", 13, 14, 17, 18, 19, 20, 21)]
    days = [day for code in codes for day in read_telephony(published(SAMPLE), code)]
    assert [day.practice for day in days if reconcile(day)] == ["J81006"]
    (fault,) = reconcile(days[1])
    assert "= 755, but CBT001 (inbound) is 747" in str(fault)


def test_a_published_practice(published: Callable[[str], Path]) -> None:
    (day,) = read_telephony(published(SAMPLE), "J81009")
    assert (day.inbound, day.menu, day.answered, day.missed, day.callback) == (415, 110, 212, 31, 62)


def test_the_other_published_telephony_file_is_recognised(published: Callable[[str], Path]) -> None:
    assert "this is Cloud Based Telephony Calls Answered Metric" in refusal(
        published("cbt_calls_answered_2026-06_Y58_sample.csv"), "J81009"
    )
