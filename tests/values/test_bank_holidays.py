"""England's bank holidays, held against the package that keeps the calendars of the world."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import holidays
import pytest

from pcqa_sim.values.bank_holidays import FIRST_YEAR, is_bank_holiday

LAST_YEAR = 2100


def of_year(year: int) -> set[dt.date]:
    first = dt.date(year, 1, 1)
    days = (first + dt.timedelta(days=number) for number in range(366))
    return {day for day in days if day.year == year and is_bank_holiday(day)}


def published(year: int) -> set[dt.date]:
    return {day for day in holidays.country_holidays("GB", subdiv="ENG", years=year) if day.year == year}


def test_they_are_those_of_the_package() -> None:
    wrong = [year for year in range(FIRST_YEAR - 3, LAST_YEAR + 1) if of_year(year) != published(year)]
    assert wrong == []


@pytest.mark.parametrize("date", ["2022-09-19", "2023-05-08", "2020-05-08", "2022-06-02", "2021-12-28", "2026-04-06"])
def test_proclaimed_moved_and_substituted_days_are_holidays(date: str) -> None:
    assert is_bank_holiday(dt.date.fromisoformat(date))


@pytest.mark.parametrize("date", ["2020-05-04", "2022-05-30", "2026-04-05", "2022-09-20"])
def test_the_days_beside_them_are_not(date: str) -> None:
    assert not is_bank_holiday(dt.date.fromisoformat(date))


def test_a_run_of_today_needs_no_package_of_every_country() -> None:
    code = (
        "import sys, datetime as dt; from pcqa_sim.values.bank_holidays import is_bank_holiday as h; "
        "print(h(dt.date(2026, 12, 25)), 'holidays' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["True", "False"]
