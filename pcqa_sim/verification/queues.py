"""The practice's own telephone and pool, alone or one after the other, with callers and staff of the user's choosing.

`phone` drives `frontdoor.phone.Phone` and `pool` drives `kernel.pool.Pool`: the same code a practice uses. `network`
puts stations in a row, the first a phone; who has been seen to may come back. All times are in minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import pandas as pd
from simpy import Event

from pcqa_sim.frontdoor.next_action import RedialChance, Redials, cause_of_failed_call
from pcqa_sim.frontdoor.phone import PATIENCE, TALK, Phone, PhoneRules
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic, Distribution
from pcqa_sim.values.luck import Luck, activity, join
from pcqa_sim.values.needs import AFTER_ENGAGED, AFTER_RENEGING, Contact
from pcqa_sim.verification import arguments
from pcqa_sim.verification.arguments import Durations, Intervals, Redial, Staffing
from pcqa_sim.verification.bench import BenchResult, BenchRun, Watch, averages, counts
from pcqa_sim.verification.callers import Arrivals, caller_luck

_GOES_ON = activity("bench_goes_on")
_COMES_BACK = activity("bench_comes_back")
_BACK_AFTER = activity("bench_back_after")

Chance = float | Callable[[float], float]
Served = Generator[Event, Any, tuple[str, float]]


@dataclass(frozen=True)
class Station:
    """One station of a network: how long it sees to somebody, its staff, and who of them goes on to the next.

    `service`, `patience`, `staffing` are as for `phone`. `goes_on` is the share of those seen to who go on to the
    next station (of the last one it means nothing); the others are done. `lines` limits the first station alone.
    """

    service: Durations
    staffing: Staffing
    patience: Durations | None = None
    goes_on: float = 1.0
    lines: float = math.inf


def phone(
    arrivals: Arrivals,
    service: Durations,
    staffing: Staffing,
    *,
    patience: Durations | None = None,
    lines: float = math.inf,
    priorities: npt.ArrayLike | None = None,
    redial_after_engaged: Redial | None = None,
    redial_after_reneging: Redial | None = None,
    redial_until: float = math.inf,
    at_start: int = 0,
    until: float | None = None,
    period: float = DAY,
    intervals: Intervals = (),
    seed: int = 1,
    replication: int = 0,
    watch: bool = True,
) -> BenchResult:
    """Run the practice's phone with given callers and staff; return every call, states and time averages.

    `arrivals`: a `Profile` (needs `until`) or a list or vector of minutes, in order; `at_start` more callers are there
    at minute 0, before them. `service`, `patience`: a distribution, one value a caller (list or vector), or one
    number; no patience means waiting for ever. `staffing`: a number, or (minute of the period, people) steps repeated
    every `period`. `lines`: calls in queue and talk at the most. `priorities`: one a caller, small first. Redials:
    (probability, delay distribution); one that would come at or after `redial_until` (minute of the period) is not
    made. `until`: the end; without it everybody is served to the end. `intervals`: (start, end) pairs to average over;
    they need `watch` and end with the run at the latest. Raises BadInput, one line that names the argument.
    """
    desk = Station(service, staffing, patience, lines=lines)
    again = _redials(redial_after_engaged, redial_after_reneging)
    until_minute = arguments.minutes("redial_until", redial_until, finite=False)
    run = BenchRun(arrivals, until=until, at_start=at_start, seed=seed, replication=replication)
    queues = _Queues(run, [("phone", desk)], period, priorities, watch)
    queues.redials, queues.redial_until = again, until_minute
    return queues.result(intervals, named=False)


def pool(
    arrivals: Arrivals,
    service: Durations,
    staffing: Staffing,
    *,
    patience: Durations | None = None,
    priorities: npt.ArrayLike | None = None,
    at_start: int = 0,
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
    run = BenchRun(arrivals, until=until, at_start=at_start, seed=seed, replication=replication)
    queues = _Queues(run, [("pool", Station(service, staffing, patience))], period, priorities, watch)
    return queues.result(intervals, named=False)


def network(
    arrivals: Arrivals,
    stations: Sequence[Station],
    *,
    comes_back: Chance = 0.0,
    comes_back_after: Durations | None = None,
    redial_after_engaged: Redial | None = None,
    redial_after_reneging: Redial | None = None,
    priorities: npt.ArrayLike | None = None,
    at_start: int = 0,
    until: float | None = None,
    period: float = DAY,
    intervals: Intervals = (),
    seed: int = 1,
    replication: int = 0,
    watch: bool = True,
) -> BenchResult:
    """Run stations in a row: the practice's phone, then pools; who is done may come back and begin again.

    `comes_back`: the probability of coming back to the phone after the last station one goes to, a number or a
    function of the minutes waited this time (at all stations); `comes_back_after`: the delay, none without it. Whoever
    finds the phone engaged or gives up anywhere may redial, and begins at the phone. The rest as for `phone`; tables
    have a column `station` (phone, station_2, ...), and a caller's `attempt` counts their calls of the phone.
    """
    if not stations:
        raise arguments.refuse("stations", "none", "one station at least")
    if any(station.lines < math.inf for station in stations[1:]):
        raise arguments.refuse("stations", "lines of a later station", "those of the first alone: others have no lines")
    run = BenchRun(arrivals, until=until, at_start=at_start, seed=seed, replication=replication)
    names = ["phone", *(f"station_{number}" for number in range(2, len(stations) + 1))]
    queues = _Queues(run, list(zip(names, stations, strict=True)), period, priorities, watch)
    queues.redials = _redials(redial_after_engaged, redial_after_reneging)
    queues.comes_back = arguments.chance("comes_back", comes_back)
    if comes_back_after is not None:
        queues.back_after = arguments.distribution("comes_back_after", comes_back_after, len(run.times))
    elif comes_back != 0 and not queues.stations[0].service.mean > 0:
        raise arguments.refuse("comes_back_after", "none", "a delay, where the first station takes no time")
    return queues.result(intervals, named=True)


def _redials(after_engaged: Redial | None, after_reneging: Redial | None) -> Redials:
    chances = {}
    for cause, name, given in (
        (AFTER_ENGAGED, "redial_after_engaged", after_engaged),
        (AFTER_RENEGING, "redial_after_reneging", after_reneging),
    ):
        if (redial := arguments.redial(name, given)) is not None:
            chances[cause] = RedialChance(redial[0], redial[0], redial[1])
    return Redials(chances, math.inf)


class _PoolStation:
    """A station where people wait for somebody free, with or without patience."""

    def __init__(self, run: BenchRun, name: str, given: Station, period: float, watch: bool) -> None:
        callers = len(run.times)
        at = "" if name in ("phone", "pool") else f"{name}."
        self.run = run
        self.name = name
        self.service = arguments.distribution(f"{at}service", given.service, callers)
        patient = Deterministic(math.inf) if given.patience is None else given.patience
        self.patience = arguments.distribution(f"{at}patience", patient, callers, finite=False)
        self.goes_on = arguments.share(f"{at}goes_on", given.goes_on)
        self.watch = Watch(run.env, watch)
        self.listed: dict[int, Distribution] = {TALK: self.service, PATIENCE: self.patience}
        run.roster(self.watch.pool, arguments.staffing(f"{at}staffing", given.staffing, period), period)

    def serve(self, contact: Contact, priority: float) -> Served:
        """See to one request; return why it came to nothing ("" if it did not) and the minutes waited."""
        people, now = self.watch.pool, self.run.env.now
        request = people.ask(priority)
        if not request.granted:
            yield from people.wait(request, self.patience.quantile(contact.need.luck.u(PATIENCE)))
        waited = self.run.env.now - now
        if not request.granted:
            self.run.note(contact, log.MISSED, amount=waited)
            return AFTER_RENEGING, waited
        self.run.note(contact, log.ANSWERED, amount=waited)
        minutes = self.service.quantile(contact.need.luck.u(TALK))
        yield self.run.env.timeout(minutes)
        self.run.note(contact, log.TALK_ENDED, amount=minutes)
        people.release(request)
        return "", waited


class _PhoneStation(_PoolStation):
    """A station that is the practice's telephone."""

    def __init__(self, run: BenchRun, name: str, given: Station, period: float, watch: bool) -> None:
        super().__init__(run, name, given, period, watch)
        rules = PhoneRules(lines=arguments.lines(given.lines), patience=self.patience, talk=self.service)
        self.desk = self.watch.phone = Phone(run.env, self.watch.pool, run.note, rules, lambda _: True)

    def serve(self, contact: Contact, priority: float) -> Served:
        """Answer one call; return why it came to nothing ("" if it did not) and the minutes waited."""
        now = self.run.env.now
        call = yield from self.desk.call(contact, priority)
        waited = self.run.env.now - now
        if not call.reached:
            self.watch.look()
            return cause_of_failed_call(call.ending, call.why), waited
        yield from self.desk.talk(call)
        self.desk.wrap_up(call)
        return "", waited


class _Queues:
    """Stations in a row, who comes to them, and who comes back."""

    def __init__(
        self,
        run: BenchRun,
        stations: Sequence[tuple[str, Station]],
        period: float,
        priorities: npt.ArrayLike | None,
        watch: bool,
    ) -> None:
        arguments.above_zero("period", period)
        self._run, self._period, self._watching = run, period, watch
        kinds = {"phone": _PhoneStation}
        self.stations = [kinds.get(name, _PoolStation)(run, name, given, period, watch) for name, given in stations]
        self._priorities = arguments.priorities(priorities, len(run.times))
        self._luck: dict[int, list[Luck]] = {}
        self.redials = Redials({}, math.inf)
        self.redial_until = math.inf
        self.comes_back: Callable[[float], float] = lambda _: 0.0
        self.back_after: Distribution = Deterministic(0.0)

    def result(self, intervals: Intervals, named: bool) -> BenchResult:
        """Run, and return what was seen; `named` keeps the column `station`."""
        spans = arguments.intervals(intervals, self._run.end, self._watching)
        self._run.run(lambda caller: self._call(caller, 1))
        calls, events = self._run.calls()
        calls["priority"] = 0.0 if self._priorities is None else self._priorities[calls["caller"].to_numpy()]
        states = [station.watch.states() for station in self.stations]
        tables = [
            pd.concat([averages(seen, spans), counts(calls[calls["station"] == station.name], spans)], axis=1)
            for seen, station in zip(states, self.stations, strict=True)
        ]
        if named:
            return BenchResult(calls, self._by_station(tables), self._by_station(states), events)
        return BenchResult(calls.drop(columns="station"), tables[0], states[0], events)

    def _by_station(self, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        names = [station.name for station in self.stations]
        return (
            pd.concat(dict(zip(names, tables, strict=True)), names=["station"])
            .reset_index("station")
            .reset_index(drop=True)
        )

    def _lucks(self, caller: int) -> list[Luck]:
        """Return a caller's luck at each station, and that of where they go."""
        if caller not in self._luck:
            world = self._run.world
            worlds = [world, *(join(world, station.name) for station in self.stations[1:])]
            lucks = [caller_luck(key, caller, s.listed) for key, s in zip(worlds, self.stations, strict=True)]
            self._luck[caller] = [*lucks, Luck(join(world, "routing", caller))]
        return self._luck[caller]

    def _call(self, caller: int, attempt: int) -> Steps:
        """Go through the stations, as far as one gets; then perhaps come back."""
        lucks, waited = self._lucks(caller), 0.0
        priority = 0.0 if self._priorities is None else float(self._priorities[caller])
        for station, luck in zip(self.stations, lucks, strict=False):
            contact = self._run.open(caller, attempt, luck, station.name)
            failed, minutes = yield from station.serve(contact, priority)
            if failed:
                self._redial(caller, attempt, self.redials.delay(failed, attempt, lucks[0]))
                return
            waited += minutes
            if station.goes_on < 1 and lucks[-1].u(_GOES_ON) >= station.goes_on:
                break
        if lucks[-1].u(_COMES_BACK) < self.comes_back(waited):
            self._return(caller, attempt, self.back_after.quantile(lucks[-1].u(_BACK_AFTER)))

    def _redial(self, caller: int, attempt: int, delay: float | None) -> None:
        if delay is not None and self._run.env.now % self._period + delay < self.redial_until:
            self._return(caller, attempt, delay)

    def _return(self, caller: int, attempt: int, delay: float) -> None:
        """Begin again at the first station after some minutes."""
        watch = self.stations[0].watch
        watch.leaves(+1)

        def again(_: Event) -> None:
            watch.leaves(-1)
            follow(self._call(caller, attempt + 1))

        timer = self._run.env.timeout(delay)
        timer.callbacks.append(again)
