"""Bank holidays of England from 1978, by rule and by proclamation; the package `holidays` knows the years before.

The package takes as long to import, with every country there is, as everything else that a run needs: these are its
dates, and a test holds them against it. A newly proclaimed holiday is a line in `_ONCE` (gov.uk/bank-holidays).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final

FIRST_YEAR: Final = 1978  # the first with a holiday in early May
_DAY: Final = dt.timedelta(days=1)
_ONCE: Final = (
    (1981, 7, 29), (1999, 12, 31), (2002, 6, 3), (2011, 4, 29), (2012, 6, 5), (2022, 6, 3), (2022, 9, 19), (2023, 5, 8),
)  # fmt: skip
"""Weddings, jubilees, a millennium, a funeral and a coronation."""
_MOVED: Final = {
    (1995, "early May"): (5, 8), (2020, "early May"): (5, 8),
    (2002, "spring"): (6, 4), (2012, "spring"): (6, 4), (2022, "spring"): (6, 2),
}  # fmt: skip


def is_bank_holiday(date: dt.date) -> bool:
    """Tell whether a date is a bank holiday of England, or one of the days it stands for."""
    return date in _of_year(date.year)


@cache
def _of_year(year: int) -> frozenset[dt.date]:
    """Return the bank holidays of a year."""
    if year < FIRST_YEAR:
        import holidays

        return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
    easter = _easter(year)
    found = {easter - 2 * _DAY, easter + _DAY, *(dt.date(*date) for date in _ONCE if date[0] == year)}
    found |= {_moved(year, "early May", _monday(year, 5, 1)), _moved(year, "spring", _monday(year, 5, 25))}
    found |= {_monday(year, 8, 25), *_with_substitutes(dt.date(year, 1, 1))}
    return frozenset(found | _with_substitutes(dt.date(year, 12, 25), dt.date(year, 12, 26)))


def _monday(year: int, month: int, day: int) -> dt.date:
    """Return the first Monday from a day on."""
    first = dt.date(year, month, day)
    return first + (-first.weekday() % 7) * _DAY


def _moved(year: int, name: str, date: dt.date) -> dt.date:
    """Return a holiday's date, or that to which it was moved for once."""
    return dt.date(year, *_MOVED[year, name]) if (year, name) in _MOVED else date


def _with_substitutes(*dates: dt.date) -> set[dt.date]:
    """Return days and, for each at a weekend, the next weekday that is no holiday yet."""
    found = set(dates)
    for date in dates:
        instead = date
        while date.weekday() >= 5 and (instead.weekday() >= 5 or instead in found):
            instead += _DAY
        found.add(instead)
    return found


def _easter(year: int) -> dt.date:
    """Return Easter Sunday (Gauss, as Meeus, Jones and Butcher wrote it down)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
