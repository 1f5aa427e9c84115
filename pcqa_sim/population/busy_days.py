"""How busy days are: some bring more needs than others, beyond what chance alone does with independent people.

A day's factor multiplies everybody's rate of new needs; it accepts or drops candidates of `need_generation` and moves
none. It is luck of the practice (in part of all practices together) and of the date, so that another start, a longer
run or another scenario has the same busy days.
"""

from __future__ import annotations

import datetime as dt
import math
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.scenario.groups import DaysDiffer
from pcqa_sim.values.clock import MONTHS
from pcqa_sim.values.luck import Luck, activity, join, world_key

_DAY: Final = activity("day_is_busy")
_WEEK: Final = activity("week_is_busy")

ALL_PRACTICES: Final = "network:days"  # no practice's key, which has no colon
_FORGOTTEN: Final = 1e-6  # of a week's weight in later ones

Floats = NDArray[np.float64]


class BusyDays:
    """The factors of one practice's days, mean 1 but for the months: log-normal, and from week to week a memory.

    A week's logarithm is a moving average of independent normals, each of which counts `week_memory` times less a week
    later: an autoregression of the first order that needs no beginning. `shared` is the luck of all practices.
    """

    def __init__(self, own: int, shared: int, settings: DaysDiffer) -> None:
        self._own, self._shared = own, shared
        self._settings = settings
        variance = math.log1p(settings.day_cv**2)
        self._sd_shared = math.sqrt(variance * settings.shared_share)
        self._sd_own = math.sqrt(variance * (1 - settings.shared_share))
        self._sd_week = math.sqrt(math.log1p(settings.week_cv**2))
        memory = settings.week_memory
        weeks = 1 if memory == 0 else math.ceil(math.log(_FORGOTTEN) / math.log(memory))
        weights = memory ** np.arange(weeks)
        self._weights = weights / math.sqrt(float((weights**2).sum()))

    @classmethod
    def of(cls, seed: int, replication: int, own: int, settings: DaysDiffer) -> BusyDays:
        """Return the days of the practice whose world has the key `own`."""
        return cls(own, world_key(seed, replication, ALL_PRACTICES), settings)

    def week(self, monday: dt.date) -> Floats | None:
        """Return the factors of a week's seven days; None where every day is like any other."""
        if not (self._settings.day_cv or self._settings.week_cv or self._settings.by_month):
            return None
        of_week = math.exp(self._sd_week * self._week_score(monday) - self._sd_week**2 / 2)
        return np.array([of_week * self._day(monday + dt.timedelta(days=day)) for day in range(7)])

    def _day(self, date: dt.date) -> float:
        score = self._sd_own * _score(self._own, _DAY, date) + self._sd_shared * _score(self._shared, _DAY, date)
        month = self._settings.by_month.get(MONTHS[date.month - 1], 1.0)
        return month * math.exp(score - (self._sd_own**2 + self._sd_shared**2) / 2)

    def _week_score(self, monday: dt.date) -> float:
        if self._sd_week == 0:
            return 0.0
        scores = [_score(self._own, _WEEK, monday - dt.timedelta(weeks=before)) for before in range(len(self._weights))]
        return float(self._weights @ np.array(scores))


def _score(world: int, activity_key: int, date: dt.date) -> float:
    """Return a standard normal number that belongs to a world and a date."""
    return NormalDist().inv_cdf(Luck(join(world, date.toordinal())).u(activity_key))
