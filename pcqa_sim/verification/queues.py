"""The practice's own telephone and pool, alone or one after the other, with callers and staff of the user's choosing.

`phone` drives `frontdoor.phone.Phone` and `pool` drives `kernel.pool.Pool`: the same code a practice uses. `network`
puts stations in a row, the first a phone; who has been seen to may come back. All times are in minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy.typing as npt
import pandas as pd

from pcqa_sim.frontdoor.next_action import RedialChance, Redials
from pcqa_sim.kernel.environment import Event
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic, Distribution
from pcqa_sim.values.luck import Luck, activity, join
from pcqa_sim.values.needs import AFTER_ENGAGED, AFTER_RENEGING
from pcqa_sim.verification import arguments
from pcqa_sim.verification.arguments import Durations, Intervals, Redial, Staffing
from pcqa_sim.verification.bench import BenchResult, BenchRun, averages, counts
from pcqa_sim.verification.callers import Arrivals, caller_luck
from pcqa_sim.verification.stations import PhoneStation, PoolStation, Station

_GOES_ON = activity("bench_goes_on")
_COMES_BACK = activity("bench_comes_back")
_BACK_AFTER = activity("bench_back_after")

Chance = float | Callable[[float], float]


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
    queues = _Queues(run, list(zip(names, stations, strict=True)), period, priorities, watch, routes=True)
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


class _Queues:
    """Stations in a row, who comes to them, and who comes back."""

    def __init__(
        self,
        run: BenchRun,
        stations: Sequence[tuple[str, Station]],
        period: float,
        priorities: npt.ArrayLike | None,
        watch: bool,
        routes: bool = False,
    ) -> None:
        arguments.above_zero("period", period)
        self._run, self._period, self._watching = run, period, watch
        kinds = {"phone": PhoneStation}
        self.stations = [kinds.get(name, PoolStation)(run, name, given, period, watch) for name, given in stations]
        self._priorities = arguments.priorities(priorities, len(run.times))
        self._worlds = [run.world, *(join(run.world, station.name) for station in self.stations[1:])]
        self._routing, self._routes = join(run.world, "routing"), routes
        self.redials = Redials({}, math.inf)
        self.redial_until = math.inf
        self.comes_back: Callable[[float], float] = lambda _: 0.0
        self.back_after: Distribution = Deterministic(0.0)

    def result(self, intervals: Intervals, named: bool) -> BenchResult:
        """Run, and return what was seen; `named` keeps the column `station`."""
        spans = arguments.intervals(intervals, self._run.end, self._watching)
        self._run.run(self._begin)
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

    def _begin(self, caller: int) -> Steps:
        """Draw a caller's luck at each station, and that of where they go, and let them call for the first time."""
        own = [
            caller_luck(world, caller, station.listed)
            for world, station in zip(self._worlds, self.stations, strict=True)
        ]
        return self._call(caller, 1, own, Luck(join(self._routing, caller)) if self._routes else None)

    def _call(self, caller: int, attempt: int, own: list[Luck], routes: Luck | None) -> Steps:
        """Go through the stations, as far as one gets; then perhaps come back."""
        waited = 0.0
        priority = 0.0 if self._priorities is None else float(self._priorities[caller])
        again = partial(self._call, caller, attempt + 1, own, routes)
        for station, luck in zip(self.stations, own, strict=True):
            contact = self._run.open(caller, attempt, luck, station.name)
            failed, minutes = yield from station.serve(contact, priority)
            if failed:
                self._redial(again, self.redials.delay(failed, attempt, own[0]))
                return
            waited += minutes
            if routes is not None and station.goes_on < 1 and routes.u(_GOES_ON) >= station.goes_on:
                break
        if routes is not None and routes.u(_COMES_BACK) < self.comes_back(waited):
            self._return(again, self.back_after.quantile(routes.u(_BACK_AFTER)))

    def _redial(self, again: Callable[[], Steps], delay: float | None) -> None:
        if delay is not None and self._run.env.now % self._period + delay < self.redial_until:
            self._return(again, delay)

    def _return(self, again: Callable[[], Steps], delay: float) -> None:
        """Begin again at the first station after some minutes."""
        watch = self.stations[0].watch
        watch.leaves(+1)

        def begin(_: Event) -> None:
            watch.leaves(-1)
            follow(again())

        timer = self._run.env.timeout(delay)
        timer.callbacks.append(begin)
