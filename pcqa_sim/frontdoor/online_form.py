"""The online form: when it takes requests, and how many a day."""

from __future__ import annotations

import math

from pcqa_sim.scenario.groups import OnlineForm
from pcqa_sim.values.clock import DAY, WorkingCalendar, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import CLOSED, FULL


@mypyc_attr(allow_interpreted_subclasses=True)
class Form:
    """One practice's online form; `rules` may be replaced between requests."""

    def __init__(self, rules: OnlineForm, list_size: int, calendar: WorkingCalendar) -> None:
        self.rules = rules
        self._list_size = list_size
        self._calendar = calendar
        self._day = -1
        self._taken = 0

    def refuses(self, now: float) -> str:
        """Return why a request made now is refused, CLOSED or FULL, or "": then it is taken and counted."""
        rules, day = self.rules, day_of(now)
        if rules.hours is None:
            return ""
        if not self._is_open(now):
            return CLOSED
        if day != self._day:
            self._day, self._taken = day, 0
        if self._taken >= self._most():
            return FULL
        self._taken += 1
        return ""

    def opens_with_the_practice(self, now: float) -> bool:
        """Tell whether it is closed because the practice is: people wait for both to open, and nobody is refused."""
        return self.rules.hours is not None and not self._is_open(now) and not self._calendar.is_open(now)

    def is_there(self, now: float) -> bool:
        """Tell whether a form sent now would be taken, or kept until the practice opens: it is not closed by itself."""
        return self.rules.hours is None or self._is_open(now) or not self._calendar.is_open(now)

    def next_opening(self, now: float) -> float:
        """Return the minute at which it opens next, after now."""
        hours = self.rules.hours
        assert hours is not None
        day = day_of(now)
        if self._works(day) and now < day * DAY + hours.opens:
            return float(day * DAY + hours.opens)
        day += 1
        while not self._works(day):
            day += 1
        return float(day * DAY + hours.opens)

    def _is_open(self, now: float) -> bool:
        hours, day = self.rules.hours, day_of(now)
        assert hours is not None
        return self._works(day) and hours.opens <= now - day * DAY < hours.closes

    def _works(self, day: int) -> bool:
        return self._calendar.hours_of(day) is not None

    def _most(self) -> float:
        most = self.rules.most_per_1000_day
        return math.inf if most is None else most * self._list_size / 1000
