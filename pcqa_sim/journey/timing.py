"""When people act: until a need goes by itself, after opening, on the next working day, at a usual asking time."""

from __future__ import annotations

from typing import Final

from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values.clock import DAY, HOUR, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import Need

_RECOVERY: Final = activity("recovery", often=True)
_AT_OPENING: Final = activity("rings_at_opening")
_AFTER_OPENING: Final = activity("after_opening")
_TIME_ANOTHER_DAY: Final = activity("time_another_day", often=True)


_UP: Final = 7 * HOUR
_TO_BED: Final = 22 * HOUR


def awake(minute: float) -> float:
    """Return when a person does what is due at a minute: what falls in the night is done in the hour after seven."""
    day = day_of(minute)
    of_day = minute - day * DAY
    if _UP <= of_day < _TO_BED:
        return minute
    into_night = of_day - _TO_BED if of_day >= _TO_BED else of_day + DAY - _TO_BED
    morning = (day + (of_day >= _TO_BED)) * DAY + _UP
    return morning + into_night / (DAY - _TO_BED + _UP) * HOUR


@mypyc_attr(allow_interpreted_subclasses=True)
class PatientTiming:
    """The times at which one practice's people act; all in minutes of the run."""

    def __init__(self, practice: OpenPractice) -> None:
        self._practice = practice
        self._env = practice.env

    def recovery(self, need: Need) -> float:
        """Return the minutes until a need still felt goes by itself: exponential, so it does not matter since when."""
        return self._practice.kinds[need.kind].recovery.quantile(need.luck.u(_RECOVERY)) * DAY

    def aims_at_opening(self, need: Need, share: float) -> bool:
        """Tell whether a person is among the share who then call at opening."""
        return need.luck.u(_AT_OPENING) < share

    def after_opening(self, need: Need) -> float:
        """Return the minutes after opening at which a person calls, of those who call at opening."""
        return self._practice.rush_delay.quantile(need.luck.u(_AFTER_OPENING))

    def another_day(self, need: Need) -> float:
        """Return when a person calls again on the next working day."""
        share = self._practice.settings.channels.another_day_at_opening_share
        tomorrow = (self._practice.today + 1) * DAY
        if self.aims_at_opening(need, share):
            return self._practice.calendar.next_opening(tomorrow) + self.after_opening(need)
        return self.working_time(need, tomorrow)

    def working_time(self, need: Need, earliest: float) -> float:
        """Return a usual asking time on the first working day at or after a minute."""
        day = day_of(self._practice.calendar.next_opening(day_of(earliest) * DAY))
        at = day * DAY + self._practice.asking_minute(day, need.luck.u(_TIME_ANOTHER_DAY))
        return at if at > self._env.now else self.working_time(need, (day + 1) * DAY)
