"""What the benches share: the clock, the callers, the log of their calls, and what is kept of the state by time.

Every call is a need of its own in the log, however often one caller calls: so their number has no end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from pcqa_sim.frontdoor.phone import Pen, Phone
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.kernel.process import Steps, follow, seldom_collecting
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.luck import Luck, world_key
from pcqa_sim.values.needs import AFTER_RENEGING, NEW, PHONE, Contact, Need
from pcqa_sim.verification.arguments import above_zero, whole
from pcqa_sim.verification.callers import Arrivals, arrival_times

Floats = npt.NDArray[np.float64]

_AFTER_THE_LAST = 400 * DAY  # minutes after the last arrival at which a run without an end is ended all the same
_COUNTED = {"answered": log.ANSWERED, "engaged": log.ENGAGED, "missed": log.MISSED}


@dataclass(frozen=True)
class BenchResult:
    """What a bench saw.

    `calls` has one row a call: caller, attempt, arrival, answered, ended (minutes, NaN where not), ending
    (answered, missed, engaged or in_progress), wait (minutes), priority.
    `states` has one row each time something changed: time, waiting, busy, and of a phone lines_in_use and
    waiting_to_redial (callers who will call again); it holds until the next row. Empty without `watch`.
    `intervals` has one row an interval: start, end, time averages of what `states` has (mean_waiting, mean_busy, ...),
    and counts: arrivals (first calls), again (later ones), answered, engaged, missed.
    `events` is the number of rows logged. Of a network each table has a column `station` as well.
    """

    calls: pd.DataFrame
    intervals: pd.DataFrame
    states: pd.DataFrame
    events: int


class Watch:
    """Keeps what a pool, its phone if it has one, and callers who will call again look like after every change."""

    def __init__(self, env: Environment, keep: bool) -> None:
        self._env = env
        self._keep = keep
        self._rows: list[tuple[float, ...]] = [(0.0, 0, 0, 0, 0)]
        self.phone: Phone | None = None
        self.pool = Pool(env, watch=self._changed if keep else None)
        self.away = 0

    def _changed(self, now: float, busy: int, waiting: int) -> None:
        lines = 0 if self.phone is None else self.phone.lines_in_use
        self._rows.append((now, waiting, busy, lines, self.away))

    def look(self) -> None:
        """Keep the state as it is now; the pool's own changes are kept without."""
        if self._keep:
            self._changed(self._env.now, self.pool.busy, self.pool.waiting)

    def leaves(self, by: int) -> None:
        """Count callers who went away and will call again: one more, or one less."""
        self.away += by
        self.look()

    def states(self) -> pd.DataFrame:
        """Return the state after each minute at which something changed."""
        names = ["time", "waiting", "busy", "lines_in_use", "waiting_to_redial"]
        if not self._keep:
            return pd.DataFrame(columns=names[: 3 if self.phone is None else 5], dtype=float)
        rows = np.array(self._rows, dtype=np.float64)
        last = np.append(np.diff(rows[:, 0]) > 0, True)
        frame = pd.DataFrame(rows[last], columns=names).astype(dict.fromkeys(names[1:], np.int64))
        return frame[names[:3]] if self.phone is None else frame


def averages(states: pd.DataFrame, intervals: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """Return time averages over intervals of step functions: a column `time`, and one for each of them."""
    time = states["time"].to_numpy()
    names = [name for name in states.columns if name != "time"]
    rows = []
    for start, end in intervals:
        lasts = np.diff(np.clip(np.append(time, np.inf), start, end)) / (end - start)
        rows.append([start, end, *(float(states[name].to_numpy() @ lasts) for name in names)])
    return pd.DataFrame(rows, columns=["start", "end", *(f"mean_{name}" for name in names)])


def counts(calls: pd.DataFrame, intervals: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """Return how many called for the first time, again, were answered, heard the engaged tone and gave up, each."""
    begun, over = calls["arrival"].to_numpy(), calls["answered"].fillna(calls["ended"]).to_numpy()
    first, ending = (calls["attempt"] == 1).to_numpy(), calls["ending"].to_numpy()
    rows = []
    for start, end in intervals:
        here, then = (begun >= start) & (begun < end), (over >= start) & (over < end)
        rows.append(
            [(here & first).sum(), (here & ~first).sum(), *((then & (ending == e)).sum() for e in _COUNTED.values())]
        )
    return pd.DataFrame(rows, columns=["arrivals", "again", *_COUNTED], dtype=np.int64)


class BenchRun(Pen):
    """One run of a bench: when callers come, the clock, and the log of their calls."""

    def __init__(self, arrivals: Arrivals, *, until: float | None, at_start: int, seed: int, replication: int) -> None:
        self.until = None if until is None else above_zero("until", until)
        times = arrival_times(arrivals, self.until, whole("at_start", at_start), seed, replication)
        self.times = times
        self.world = world_key(seed, replication, "verification")
        self.env = Environment()
        self._log = EventLog(("phone",))
        self._caller: list[int] = []
        self._attempt: list[int] = []
        self._station: list[str] = []

    @property
    def end(self) -> float:
        """Return the minute at which the run ends at the latest."""
        return self._last + _AFTER_THE_LAST if self.until is None else self.until

    @property
    def _last(self) -> float:
        return self.times[-1] if self.times else 0.0

    def open(self, caller: int, attempt: int, luck: Luck, station: str = "") -> Contact:
        """Open one call."""
        now, number = self.env.now, len(self._caller)
        self._caller.append(caller)
        self._attempt.append(attempt)
        self._station.append(station)
        contact = Contact(
            Need(caller, number, "call", luck, now),
            0,
            -1,
            NEW if attempt == 1 else AFTER_RENEGING,
            PHONE,
            now,
            attempt,
        )
        self.note(contact, log.CONTACT_OPENED, PHONE, contact.cause, contact.parent)
        return contact

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about a call."""
        need = contact.need
        self._log.add((self.env.now, 0, need.person, need.number, contact.ordinal, event, who, code, amount))

    def roster(self, pool: Pool, steps: Sequence[tuple[float, int]], period: float) -> None:
        """Schedule a pool's people before any call, so that they come first within their minute."""
        once = len(steps) == 1 and steps[0][0] == 0
        last = self.until if self.until is not None else self._last + 10 * period
        for turn in range(1 if once else int(np.ceil(last / period))):
            for minute, people in steps:
                timer = self.env.timeout(turn * period + minute)
                timer.callbacks.append(partial(_resize, pool, people))

    def run(self, story: Callable[[int], Steps]) -> None:
        """Let every caller begin their story at their time, and run to the end."""
        follow(self._begin_all(story))
        with seldom_collecting():
            while self.env.now < self.end and self.env.peek() < math.inf:
                self.env.run(until=min(self.end, self.env.now + 20 * DAY))
                self._log.tidy()

    def _begin_all(self, story: Callable[[int], Steps]) -> Steps:
        for caller, at in enumerate(self.times):
            yield self.env.timeout(at - self.env.now)  # also of none: after what else happens at that minute
            follow(story(caller))

    def calls(self) -> tuple[pd.DataFrame, int]:
        """Return one row a call from the log, with its station, and how many rows the log has."""
        table = self._log.table()
        contacts = Tables(table, "phone").contacts
        answered = contacts["ending"] == log.ANSWERED
        calls = pd.DataFrame(
            {
                "caller": np.array(self._caller, dtype=np.int64),
                "attempt": np.array(self._attempt, dtype=np.int64),
                "station": self._station,
                "arrival": contacts["opened"],
                "answered": np.where(answered, contacts["opened"] + contacts["waited"], np.nan),
                "ending": contacts["ending"],
                "wait": contacts["waited"],
            }
        )
        left = (contacts["opened"] + contacts["waited"].fillna(0.0)).where(contacts["ending"] != "in_progress")
        calls["ended"] = (calls["answered"] + contacts["talk_min"]).where(answered, left)
        return calls, len(table)


def _resize(pool: Pool, people: int, _: Event) -> None:
    pool.resize(people)
