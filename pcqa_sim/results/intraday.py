"""The day minute by minute: callers waiting, call handlers busy, callers given up, on every working day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.metrics.counted import Counted
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import CLOSED
from pcqa_sim.values.words import CALL_HANDLER

FROM, TO = 450, 1110
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Morning:
    """Minute by minute from 07:30 to 18:30 on the measured working days; each array is (days, minutes).

    `waiting` counts callers on hold, `busy` call handlers talking or writing up, `rostered` call handlers on the
    rota, `given_up` callers who gave up since 08:00.
    """

    waiting: Grid
    busy: Grid
    rostered: Grid
    given_up: Grid

    @property
    def minutes(self) -> Grid:
        """Return the minutes of the day."""
        return np.arange(FROM, FROM + self.waiting.shape[1], dtype=float)  # those kept before today end at noon

    @classmethod
    def together(cls, mornings: list[Morning]) -> Morning:
        """Return the days of several replications as one."""
        kept = min(one.waiting.shape[1] for one in mornings)
        columns = ([getattr(one, name)[:, :kept] for one in mornings] for name in cls.__dataclass_fields__)
        return cls(*(np.concatenate(column) for column in columns))


def morning(counted: Counted) -> Morning:
    """Return the mornings of the measured working days of one run."""
    tables = counted.tables
    answered, missed = tables.rows(log.ANSWERED), tables.rows(log.MISSED)
    gave_up = missed.time[missed.code != CLOSED]
    held = Rows.together([answered, missed])
    held_wait = np.where(held.code == CLOSED, 0.0, held.amount)
    wrap_up = counted.practice.phones.talk.wrap_up_min
    talked = tables.rows(log.TALK_ENDED)
    days = _measured_working_days(counted)
    return Morning(
        waiting=_present(counted, held.time - held_wait, held.time)[days],
        busy=_present(counted, talked.time - talked.amount, talked.time + wrap_up)[days],
        rostered=_rostered(counted, tables)[days],
        given_up=_so_far(counted, gave_up)[days],
    )


def _measured_working_days(counted: Counted) -> NDArray[np.int64]:
    first = counted.scenario.run.warm_up_weeks * 7
    return np.array([day for day in range(first, counted.days) if counted.working_days[day]], dtype=np.int64)


def _by_minute(counted: Counted, time: Grid) -> NDArray[np.int64]:
    """Return the index of the first whole minute at or after each time."""
    return np.clip(np.ceil(time).astype(np.int64), 0, counted.days * DAY)


def _present(counted: Counted, begin: Grid, end: Grid) -> Grid:
    """Return how many intervals cover each whole minute, as (days, minutes from 07:30)."""
    begun, ended = (np.bincount(_by_minute(counted, at), minlength=counted.days * DAY + 1) for at in (begin, end))
    return np.cumsum((begun - ended).astype(float))[:-1].reshape(counted.days, DAY)[:, FROM:TO]


def _rostered(counted: Counted, tables: Tables) -> Grid:
    """Return call handlers on the rota at each minute."""
    rows = tables.rows(log.ROSTER)
    mine = rows.who == CALL_HANDLER
    more = np.diff(rows.amount[mine], prepend=0.0)
    steps = np.bincount(_by_minute(counted, rows.time[mine]), more, counted.days * DAY + 1).astype(float)
    return np.cumsum(steps)[:-1].reshape(counted.days, DAY)[:, FROM:TO]


def _so_far(counted: Counted, time: Grid) -> Grid:
    """Return how many have given up since 08:00 at each minute."""
    counts = np.bincount(_by_minute(counted, time), minlength=counted.days * DAY)[: counted.days * DAY]
    grid = counts.reshape(counted.days, DAY).astype(float)
    grid[:, :480] = 0
    return np.cumsum(grid, axis=1)[:, FROM:TO]
