"""How the telephone was answered half hour by half hour, on each weekday: what a rota by half hour is judged by.

A call belongs to the half hour in which it joins the queue, where a call handler is or is not there for it. Weeks with
a bank holiday are left out: their days are not staffed, nor asked for, as others are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.metrics.counted import Counted
from pcqa_sim.scenario.fields import HALF_HOUR
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY

if TYPE_CHECKING:
    import pyarrow as pa

STEPS = DAY // HALF_HOUR
WEEKDAYS = 5
COLUMNS = ("days", "ended", "answered", "missed", "within_2_min", "waited_min")
"""Days counted; calls that ended, were answered, missed, answered within two minutes; minutes the answered waited."""


def half_hours(counted: Counted) -> pa.Table:
    """Return a row for each weekday (0 is Monday) and half hour of one practice, with COLUMNS as numbers."""
    import pyarrow as pa

    calls = counted.calls.known("ended")
    waited = np.nan_to_num(calls["waited"])
    joined = calls["ended"] - waited
    ending = calls.words("ending")
    answered, missed = ending == log.ANSWERED, ending == log.MISSED
    days = _measured(counted)
    weights = {
        "ended": np.ones(len(joined)),
        "answered": answered.astype(float),
        "missed": missed.astype(float),
        "within_2_min": (answered & (waited <= 2)).astype(float),
        "waited_min": np.where(answered, waited, 0.0),
    }
    sums = {name: _by_half_hour(joined, weight, days) for name, weight in weights.items()}
    many = np.bincount(np.flatnonzero(days) % 7, minlength=7)[:WEEKDAYS].astype(float)
    columns = {"days": np.repeat(many, STEPS)} | {name: grid.ravel() for name, grid in sums.items()}
    place = np.arange(WEEKDAYS * STEPS)
    keys = pa.array([counted.key] * len(place), pa.string())
    return pa.table({"practice": keys, "weekday": place // STEPS, "step": place % STEPS, **columns})


def _measured(counted: Counted) -> NDArray[np.bool_]:
    """Tell of each day whether it is a measured working day, Monday to Friday, of an ordinary week."""
    days = np.arange(counted.days)
    first = counted.scenario.run.warm_up_weeks * 7
    return (counted.ordinary_days > 0) & (days >= first) & (days % 7 < WEEKDAYS)


def _by_half_hour(
    minutes: NDArray[np.float64], weights: NDArray[np.float64], days: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return weights summed by weekday and half hour over the days that count."""
    day = (minutes // DAY).astype(np.int64)
    here = (day >= 0) & (day < len(days))
    here[here] &= days[day[here]]
    place = day[here] % 7 * STEPS + (minutes[here] % DAY // HALF_HOUR).astype(np.int64)
    sums = np.bincount(place, weights[here], WEEKDAYS * STEPS).astype(np.float64)
    return sums.reshape(WEEKDAYS, STEPS)
