"""Benches that run the practice's own phone and pool alone, so that they can be held against theory.

`phone` drives `access.Phone` and `pool` drives `pool.Pool`: the same code a practice uses, with arrivals, service,
patience, staffing and redials of the caller's choosing. All times are in minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.frontdoor.next_action import RedialChance, Redials, cause_of_failed_call
from pcqa_sim.frontdoor.phone import PATIENCE, TALK, Pen, Phone, PhoneRules
from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool
from pcqa_sim.kernel.process import follow, seldom_collecting
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic, Distribution
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.luck import world_key
from pcqa_sim.values.needs import AFTER_ENGAGED, AFTER_RENEGING, NEW, PHONE, Contact, Need
from pcqa_sim.verification.callers import Arrivals, Durations, arrival_times, as_distribution, caller_luck

Staffing = int | Sequence[tuple[float, int]]
Redial = tuple[float, Distribution]
Intervals = Sequence[tuple[float, float]]
_NEVER = Deterministic(math.inf)


@dataclass(frozen=True)
class BenchResult:
    """What a bench saw.

    `calls` has one row a call: caller, attempt, arrival, answered, ended (minutes, NaN where not), ending
    (answered, missed, engaged, menu_ended, callback_requested or in_progress), wait (minutes), priority.
    `intervals` has one row an interval: start, end, mean_waiting, mean_busy (time averages).
    `events` is the number of rows logged.
    """

    calls: pd.DataFrame
    intervals: pd.DataFrame
    events: int


class _Watch:
    """Keeps how many wait and how many are busy after every change."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, int, int]] = [(0.0, 0, 0)]

    def __call__(self, now: float, busy: int, waiting: int) -> None:
        self._rows.append((now, busy, waiting))

    def averages(self, intervals: Intervals) -> pd.DataFrame:
        """Return time averages over intervals."""
        time, busy, waiting = (np.array(column, dtype=float) for column in zip(*self._rows, strict=True))
        rows = [
            (start, end, _average(time, waiting, start, end), _average(time, busy, start, end))
            for start, end in intervals
        ]
        return pd.DataFrame(rows, columns=["start", "end", "mean_waiting", "mean_busy"])


def _average(time: NDArray[np.float64], value: NDArray[np.float64], start: float, end: float) -> float:
    """Return the time average of a step function."""
    edges = np.clip(np.append(time, np.inf), start, end)
    return float(value @ np.diff(edges)) / (end - start)


def phone(
    arrivals: Arrivals,
    service: Durations,
    staffing: Staffing,
    *,
    patience: Durations | None = None,
    lines: float = math.inf,
    priorities: Sequence[float] | None = None,
    redial_after_engaged: Redial | None = None,
    redial_after_reneging: Redial | None = None,
    redial_until: float = math.inf,
    until: float | None = None,
    period: float = DAY,
    intervals: Intervals = (),
    seed: int = 1,
    replication: int = 0,
    watch: bool = True,
) -> BenchResult:
    """Run the practice's phone with given callers and staff; return every call and time averages.

    `arrivals`: a `Profile` (needs `until`) or a list of minutes. `service`, `patience`: any distribution, or one
    value a caller; no patience means waiting for ever. `staffing`: a number, or (minute of the period, people)
    steps repeated every `period`. `lines`: calls in queue and talk at the most. `priorities`: one a caller, small
    first. Redials: (probability, delay distribution); one that would come at or after `redial_until` (minute of
    the period) is not made. `until`: the end; without it everybody is served to the end.
    """
    bench = _Bench(arrivals, service, patience or _NEVER, priorities, until, seed, replication, watch)
    rules = PhoneRules(lines=lines, patience=bench.patience, talk=bench.service)
    desk = Phone(bench.env, bench.staff, bench, rules, lambda _: True)
    chances = {}
    for cause, redial in ((AFTER_ENGAGED, redial_after_engaged), (AFTER_RENEGING, redial_after_reneging)):
        if redial is not None:
            chances[cause] = RedialChance(redial[0], redial[0], redial[1])
    again = Redials(chances, math.inf)

    def story(need: Need, parent: Contact | None) -> Generator[Event, Any, None]:
        contact = bench.open(need, parent)
        call = yield from desk.call(contact, bench.priority(need))
        if call.reached:
            yield from desk.talk(call, 1.0)
            desk.wrap_up(call)
            return
        delay = again.delay(cause_of_failed_call(call.ending, call.why), contact.tries, need.luck)
        if delay is not None and bench.env.now % period + delay < redial_until:
            timer = bench.env.timeout(delay)
            timer.callbacks.append(lambda _: follow(story(need, contact)))

    return bench.run(story, staffing, period, intervals)


def pool(
    arrivals: Arrivals,
    service: Durations,
    staffing: Staffing,
    *,
    patience: Durations | None = None,
    priorities: Sequence[float] | None = None,
    until: float | None = None,
    period: float = DAY,
    intervals: Intervals = (),
    seed: int = 1,
    replication: int = 0,
    watch: bool = True,
) -> BenchResult:
    """Run the practice's pool alone: requests arrive, wait by priority, are served, or give up.

    Arguments and result as for `phone`; a request that gives up ends as missed.
    """
    bench = _Bench(arrivals, service, patience or _NEVER, priorities, until, seed, replication, watch)

    def story(need: Need, parent: Contact | None) -> Generator[Event, Any, None]:
        contact = bench.open(need, parent)
        request = bench.staff.ask(bench.priority(need))
        if not request.granted:
            yield from bench.staff.wait(request, bench.patience.quantile(need.luck.u(PATIENCE)))
        waited = bench.env.now - contact.opened
        if not request.granted:
            bench.note(contact, log.MISSED, amount=waited)
            return
        bench.note(contact, log.ANSWERED, amount=waited)
        minutes = bench.service.quantile(need.luck.u(TALK))
        yield bench.env.timeout(minutes)
        bench.note(contact, log.TALK_ENDED, amount=minutes)
        bench.staff.release(request)

    return bench.run(story, staffing, period, intervals)


Story = Callable[[Need, Contact | None], Generator[Event, Any, None]]


class _Bench(Pen):
    """What both benches share: the environment, the staff, the callers and the log."""

    def __init__(
        self,
        arrivals: Arrivals,
        service: Durations,
        patience: Durations,
        priorities: Sequence[float] | None,
        until: float | None,
        seed: int,
        rep: int,
        watch: bool,
    ) -> None:
        if until is None and not isinstance(arrivals, Sequence):
            raise ValueError("until: a profile of arrivals needs an end")
        self.until = until
        self.times = arrival_times(arrivals, math.inf if until is None else until, seed, rep)
        self.service = as_distribution(service, len(self.times), "service")
        self.patience = as_distribution(patience, len(self.times), "patience")
        if priorities is not None and len(priorities) < len(self.times):
            raise ValueError(
                f"priorities: {len(priorities)} values for {len(self.times)} callers; one a caller is needed"
            )
        self._priorities = priorities
        self._distributions = {TALK: self.service, PATIENCE: self.patience}
        self._world = world_key(seed, rep, "verification")
        self.env = Environment()
        self._watch = _Watch()
        self.staff = Pool(self.env, watch=self._watch if watch else None)
        self._log = EventLog(("phone",))

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about a call."""
        need = contact.need
        self._log.add((self.env.now, 0, need.person, need.number, contact.ordinal, event, who, code, amount))

    def priority(self, need: Need) -> float:
        """Return a caller's priority, small first."""
        return self._priority_of(need.number)

    def _priority_of(self, caller: int) -> float:
        return 0.0 if self._priorities is None else float(self._priorities[caller])

    def open(self, need: Need, parent: Contact | None) -> Contact:
        """Open one call."""
        tries = 1 if parent is None else parent.tries + 1
        cause = NEW if parent is None else AFTER_RENEGING
        contact = Contact(need, need.contacts, tries - 2, cause, PHONE, self.env.now, tries)
        need.contacts += 1
        self.note(contact, log.CONTACT_OPENED, PHONE, cause, contact.parent)
        return contact

    def run(self, story: Story, staffing: Staffing, period: float, intervals: Intervals) -> BenchResult:
        """Let the callers call and return what was seen."""
        self._schedule(staffing, period)
        follow(self._call_all(story))
        with seldom_collecting():
            self._advance()
        table = self._log.table()
        calls = _call_rows(Tables(table, "phone"))
        calls["priority"] = [self._priority_of(caller) for caller in calls["caller"]]
        return BenchResult(calls, self._watch.averages(intervals), len(table))

    def _advance(self) -> None:
        """Run to the end, now and then moving the log into columns."""
        end = self._end() if self.until is None else self.until
        while self.env.now < end and self.env.peek() < math.inf:
            self.env.run(until=min(end, self.env.now + 20 * DAY))
            self._log.tidy()

    def _end(self) -> float:
        return (self.times[-1] if self.times else 0.0) + 400 * DAY

    def _schedule(self, staffing: Staffing, period: float) -> None:
        """Schedule the staff before any call, so that it comes first within its minute."""
        steps = [(0.0, staffing)] if isinstance(staffing, int) else list(staffing)
        last = self.until if self.until is not None else (self.times[-1] if self.times else 0.0) + 10 * period
        repeats = 1 if isinstance(staffing, int) else int(np.ceil(last / period))
        for number in range(repeats):
            for minute, people in steps:
                timer = self.env.timeout(number * period + minute)
                timer.callbacks.append(partial(self._resize, people))

    def _resize(self, people: int, _: Event) -> None:
        self.staff.resize(people)

    def _call_all(self, story: Story) -> Generator[Event, Any, None]:
        """Start every caller's story at their time."""
        for caller, at in enumerate(self.times):
            yield self.env.timeout(at - self.env.now)
            luck = caller_luck(self._world, caller, self._distributions)
            follow(story(Need(caller, caller, "call", luck, at), None))


def _call_rows(tables: Tables) -> pd.DataFrame:
    """Return one row a call from the log."""
    contacts = tables.contacts
    calls = pd.DataFrame(
        {
            "caller": contacts["need"],
            "attempt": contacts["contact"] + 1,
            "arrival": contacts["opened"],
            "answered": np.where(contacts["ending"] == log.ANSWERED, contacts["opened"] + contacts["waited"], np.nan),
            "ending": contacts["ending"],
            "wait": contacts["waited"],
        }
    )
    given_up = contacts["opened"] + contacts["waited"].fillna(0.0)
    talked = calls["answered"] + contacts["talk_min"]
    calls["ended"] = talked.where(contacts["ending"] == log.ANSWERED, given_up)
    calls.loc[calls["ending"] == "in_progress", "ended"] = np.nan
    return calls
