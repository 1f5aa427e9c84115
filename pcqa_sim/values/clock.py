"""Simulated time: minutes since Monday 00:00 of day 0, in local clock time.

Every day has 1,440 minutes, also on the two days a year when the clocks change: 8am stays 8am, because the
practice, its staff and its patients follow the clock on the wall.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Final

from pcqa_sim.values.bank_holidays import is_bank_holiday
from pcqa_sim.values.form import mypyc_attr

HOUR: Final = 60
DAY: Final = 1440
WEEK: Final = 7 * DAY
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_CLOCK_TIME: Final = re.compile(r"^([01][0-9]|2[0-3]):([0-5][0-9])$|^24:00$")


def parse_clock_time(text: str) -> int:
    """Return the minute of the day (0 to 1440) that a quoted "HH:MM" names; raise ValueError otherwise."""
    if not isinstance(text, str) or not _CLOCK_TIME.match(text):
        raise ValueError('a time of day is written "HH:MM", in quotes, from "00:00" to "24:00"')
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes)


def clock_time(minute: float) -> str:
    """Return "HH:MM" for a simulated minute, of whatever day; minutes are cut, not rounded."""
    whole = int(minute % DAY)
    return f"{whole // HOUR:02d}:{whole % HOUR:02d}"


def day_of(minute: float) -> int:
    """Return the day number (day 0 is the first Monday) of a simulated minute."""
    return int(minute // DAY)


def week_of(minute: float) -> int:
    """Return the week number (week 0 is the first) of a simulated minute."""
    return int(minute // WEEK)


def month_of_week(start: dt.date, week: int) -> str:
    """Return the month that most days of a week are in; `start` is the Monday of week 0."""
    return MONTHS[(start + dt.timedelta(days=7 * week + 3)).month - 1]


@lru_cache(maxsize=64)
def _weeks_by_month(start: dt.date, weights: tuple[tuple[str, float], ...], weeks: int) -> tuple[float, ...]:
    of = dict(weights)
    mean = sum(of.get(month, 1.0) for month in MONTHS) / len(MONTHS)
    counted = [of.get(month_of_week(start, week), 1.0) / mean for week in range(weeks)]
    return (0.0, *accumulate(counted))


def weeks_gone(start: dt.date, week: int, by_month: Mapping[str, float]) -> float:
    """Return the weeks that have gone by before a week, each counted by its month: a year has as many as it has.

    `by_month` are weights, 1 where not named; with none of them it is the week itself.
    """
    if not by_month:
        return float(week)
    ahead = (week // 520 + 1) * 520
    return _weeks_by_month(start, tuple(sorted(by_month.items())), ahead)[week]


def judge_months(names: Iterable[str]) -> None:
    """Raise ValueError where a name is no month."""
    for name in names:
        if name not in MONTHS:
            raise ValueError(f"{name} is no month; the months are {', '.join(MONTHS)}")


@dataclass(frozen=True)
class Hours:
    """One day's opening hours, in minutes of the day; `opens` comes before `closes`."""

    opens: int
    closes: int


@mypyc_attr(allow_interpreted_subclasses=True)
@dataclass(frozen=True)
class WorkingCalendar:
    """Which days the practice works and when it is open, from a start date that is a Monday.

    `hours` has one entry a weekday, Monday first, `None` where the practice is shut all day. `bank_holidays`
    names the holiday calendar ("England", or "" for none); nobody works on them.
    """

    start: dt.date
    hours: tuple[Hours | None, ...]
    bank_holidays: str = "England"

    _days: dict[int, Hours | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def date(self, day: int) -> dt.date:
        """Return the calendar date of a day number."""
        return self.start + dt.timedelta(days=day)

    def is_bank_holiday(self, day: int) -> bool:
        """Tell whether a day is a bank holiday."""
        return bool(self.bank_holidays) and is_bank_holiday(self.date(day))

    def hours_of(self, day: int) -> Hours | None:
        """Return the opening hours of a day, or None when the practice is shut."""
        try:
            return self._days[day]
        except KeyError:
            hours = None if self.is_bank_holiday(day) else self.hours[day % 7]
            self._days[day] = hours
            return hours

    def first_after_closure(self, day: int) -> bool:
        """Tell whether a day is the first working day after a bank holiday that took a working day away."""
        closed = False
        for before in range(day - 1, day - 16, -1):
            if self.hours_of(before) is not None:
                break
            closed = closed or self.hours[before % 7] is not None
        return closed and self.hours_of(day) is not None

    def is_open(self, minute: float) -> bool:
        """Tell whether the practice is open at a simulated minute (closing time itself is shut)."""
        hours = self.hours_of(day_of(minute))
        return hours is not None and hours.opens <= minute % DAY < hours.closes

    def next_opening(self, minute: float) -> float:
        """Return the first opening time at or after a minute; raise ValueError if there is none in 15 days."""
        for day in range(day_of(minute), day_of(minute) + 16):
            hours = self.hours_of(day)
            if hours is not None and day * DAY + hours.opens >= minute:
                return float(day * DAY + hours.opens)
        raise ValueError(f"the practice does not open in the 15 days after {self.date(day_of(minute))}")
