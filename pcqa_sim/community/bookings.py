"""The days of a place: when it is open, and what is left of its sessions and minutes on each day."""

from __future__ import annotations

from typing import Final

from pcqa_sim.scenario.groups.community import CommunityPlace
from pcqa_sim.values.clock import DAY, WEEKDAYS, WorkingCalendar, day_of
from pcqa_sim.values.form import mypyc_attr

MOST_AHEAD: Final = 730  # days; nobody is given a time later than that
_NEVER: Final = -1.0
ROOM: Final = 1e-9  # minutes


@mypyc_attr(allow_interpreted_subclasses=True)
class Bookings:
    """Sessions given out by day, first come first served: `earliest` finds a time, `book` takes it."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._sessions: dict[int, float] = {}
        self._minutes: dict[int, float] = {}
        self._full_until, self._full_of = 0, ""  # days before this one are full, and of what
        self.binds = ""  # what made somebody wait whom `earliest` found a time for: "sessions", "minutes" or ""

    def use(self, settings: CommunityPlace, people: float) -> None:
        """Let settings take effect for so many people; what is given out stays."""
        self._hours = settings.hours
        self._open = [name in settings.hours.days for name in WEEKDAYS]
        self._always = all(self._open) and settings.hours.closes - settings.hours.opens == DAY
        self._length = settings.session_min
        tens = people / 10_000
        sessions, minutes = settings.sessions_per_10000_day, settings.minutes_per_10000_day
        self._most_sessions = None if sessions is None else sessions * tens
        self._most_minutes = None if minutes is None else minutes * tens
        self._full_until, self._full_of = 0, ""

    def earliest(self, at: float) -> float:
        """Return the first time at or after a minute at which a session can begin; less than 0 where there is none."""
        self.binds = ""
        if self._always and self._most_sessions is None and self._most_minutes is None:
            return at
        today = day_of(at)
        if self._full_until > today:
            self.binds = self._full_of
        for day in range(max(today, self._full_until), today + MOST_AHEAD):
            if not self._open[day % 7] or self._calendar.is_bank_holiday(day):
                continue
            if not self._has_room(day):
                if day == self._full_until:
                    self._full_until, self._full_of = day + 1, self.binds
                continue
            begins = max(at, day * DAY + self._hours.opens + self._used(day))
            if begins + self._length <= day * DAY + self._hours.closes + ROOM:
                return begins
        return _NEVER

    def _used(self, day: int) -> float:
        """Return the minutes after opening at which the next session can begin, spread over the hours."""
        given = self._sessions.get(day, 0.0)
        most = self._a_day()
        if given == 0 or most is None:
            return 0.0
        open_min = self._hours.closes - self._hours.opens - self._length
        return max(0.0, min(given / most, 1.0)) * open_min if most >= 1 else 0.0

    def _a_day(self) -> float | None:
        """Return how many sessions a day has room for, None for no limit."""
        by_minutes = None if self._most_minutes is None else self._most_minutes / self._length
        if self._most_sessions is None:
            return by_minutes
        return self._most_sessions if by_minutes is None else min(self._most_sessions, by_minutes)

    def _has_room(self, day: int) -> bool:
        """Tell whether a day has sessions and minutes left; parts of a session are carried on from day to day."""
        given = self._sessions.get(day, 0.0)
        if self._most_sessions is not None and given + 1 > self._whole(self._most_sessions, day) + ROOM:
            self.binds = "sessions"
            return False
        if self._most_minutes is not None:
            whole = self._whole(self._most_minutes / self._length, day)
            if given + 1 > whole + ROOM:
                self.binds = "minutes"
                return False
        return True

    def _whole(self, a_day: float, day: int) -> float:
        """Return the whole sessions of a day, what is over being carried on to the next."""
        return float(int((day + 1) * a_day + ROOM) - int(day * a_day + ROOM))

    def book(self, begins: float) -> None:
        """Give out a session that begins at a minute."""
        day = day_of(begins)
        self._sessions[day] = self._sessions.get(day, 0.0) + 1

    def tidy(self, today: int) -> None:
        """Forget days that are over."""
        self._full_until = max(self._full_until, today)
        for day in [day for day in self._sessions if day < today]:
            del self._sessions[day]
