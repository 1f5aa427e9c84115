"""Cases of several queues and of the diary: networks with feedback, backlogs that breed no-shows, and two regimes.

Cases as in cases.py, run through the practice's own phone, pool and diary and held against chains.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from pcqa_sim.values.distributions import Deterministic, Exponential
from pcqa_sim.verification.appointments import DiaryResult, diary
from pcqa_sim.verification.callers import Profile
from pcqa_sim.verification.cases import BUSY, Case, Shown
from pcqa_sim.verification.chains import Backlog, balances, jackson
from pcqa_sim.verification.clinics import Clinic
from pcqa_sim.verification.queues import network
from pcqa_sim.verification.stations import Station

SLOT = 10.0  # minutes; one slot after the other, day and night, so that a day is 144 of them
ALL_DAY = Clinic([(144, "ahead")], starts=0.0, minutes=SLOT, weekdays=range(7))
AT_ONCE = (1.0, Deterministic(0.0))
SETTLE = 1440.0

BACKLOG, MISSED, ENGAGED = "mean backlog", "missed a slot", "engaged a minute"


@dataclass(frozen=True)
class _Feedback:
    """Two stations in a row whose people come back: what one replication shows."""

    rate: float = 0.6
    services: tuple[float, float] = (3.0, 5.0)
    staff: tuple[int, int] = (4, 4)
    goes_on: float = 0.7
    comes_back: float = 0.25
    window: float = 1500.0

    def expected(self) -> Mapping[str, float]:
        """Return the busy share and queue of each station, by Jackson's theorem."""
        g, p = self.goes_on, self.comes_back
        stations = jackson([self.rate, 0.0], [[(1 - g) * p, g], [p, 0.0]], self.services, self.staff)
        busy = {f"busy at station {n}": queue.utilisation for n, queue in enumerate(stations, start=1)}
        return busy | {f"queue at station {n}": queue.mean_queue for n, queue in enumerate(stations, start=1)}

    def __call__(self, replication: int, part: float) -> Shown:
        start, end = 300.0, 300.0 + self.window * part
        stations = [
            Station(Exponential(service), staff, goes_on=self.goes_on)
            for service, staff in zip(self.services, self.staff, strict=True)
        ]
        seen = network(
            Profile.constant(self.rate),
            stations,
            comes_back=self.comes_back,
            comes_back_after=Exponential(30.0),
            until=end,
            intervals=[(start, end)],
            replication=replication,
        ).intervals
        values: dict[str, float] = {}
        for n, staff in enumerate(self.staff, start=1):
            row = seen.iloc[n - 1]
            values |= {f"busy at station {n}": row["mean_busy"] / staff, f"queue at station {n}": row["mean_waiting"]}
        return Shown(values, (seen["arrivals"][0] - self.rate * (end - start),))


@dataclass(frozen=True)
class _Diary:
    """A diary in its long run: slots day and night, `demand` requests a slot, on lists together or apart."""

    demand: float
    lists: int = 1
    pooled: bool = True
    misses: float = 0.0
    more_a_booking: float = 0.0
    most: float = 0.0
    window: float = 7 * 1440.0

    def missed(self, booked: float) -> float:
        """Return the share who miss with so many booked: a little more with each, up to a most."""
        return min(self.misses + self.more_a_booking * booked, max(self.most, self.misses))

    @property
    def chain(self) -> Backlog:
        """Return its theory; of lists apart that of each."""
        apart = 1 if self.pooled else self.lists
        return Backlog(self.demand / apart, self.missed, clinicians=self.lists // apart)

    def expected(self) -> Mapping[str, float]:
        """Return the mean backlog of all lists, and how many appointments are missed a slot."""
        apart = 1 if self.pooled else self.lists
        backlog = {BACKLOG: self.chain.mean_over_time * apart}
        missed = self.chain.missed_share * self.chain.called * apart
        return backlog | {MISSED: missed} if missed else backlog

    def __call__(self, replication: int, part: float) -> Shown:
        start, end = SETTLE, SETTLE + self.window * part
        seen = diary(
            Profile.constant(self.demand / SLOT),
            {f"list {n}": ALL_DAY for n in range(self.lists)},
            horizon_days=5,
            pooled=self.pooled,
            no_show=self.missed,
            no_show_by="backlog",
            rebook=AT_ONCE,
            until=end,
            intervals=[(start, end)],
            replication=replication,
        )
        row, slots = seen.intervals.iloc[0], (end - start) / SLOT
        values = {BACKLOG: row["mean_backlog"], MISSED: row["missed"] / slots}
        first = ((seen.requests["attempt"] == 1) & (seen.requests["asked"] >= start)).sum()
        return Shown(values, (first - self.demand * slots,))


@dataclass(frozen=True)
class TwoRegimes:
    """A diary where few miss a short backlog and many a long one, and all who miss book again: the past decides.

    `demand` requests a slot; up to `long_from` booked a share `short` misses, from there on `long`.
    """

    demand: float = 0.7
    short: float = 0.02
    long: float = 0.5
    long_from: int = 40
    slots: int = 288

    def missed(self, booked: float) -> float:
        """Return the share who miss with so many booked."""
        return self.short if booked < self.long_from else self.long

    def net(self, backlog: float) -> float:
        """Return requests less appointments kept, a slot, with so many booked: the fluid view."""
        return self.demand - (1 - self.missed(backlog))

    def expected(self, at_start: int) -> float:
        """Return the mean backlog after `slots` slots, from a backlog at the start."""
        chain = Backlog(self.demand, self.missed, most=400)
        return chain.mean(chain.after(self.slots, at_start))

    def run(self, at_start: int, replication: int) -> DiaryResult:
        """Run the diary from a backlog at the start."""
        return diary(
            Profile.constant(self.demand / SLOT),
            {"list": ALL_DAY},
            horizon_days=3,
            no_show=self.missed,
            no_show_by="backlog",
            rebook=AT_ONCE,
            at_start=at_start,
            until=self.slots * SLOT,
            replication=replication,
        )

    def backlog(self, at_start: int, replication: int, _: float) -> Shown:
        """Return the backlog just before the last slot begins."""
        seen = self.run(at_start, replication)
        before = seen.states["time"] < self.slots * SLOT
        arrived = (seen.requests["attempt"] == 1).sum() - at_start - self.demand * self.slots
        return Shown({BACKLOG: float(seen.states.loc[before, "backlog"].iloc[-1])}, (float(arrived),))


@dataclass(frozen=True)
class TwoRegimesByPhone:
    """A phone whose callers come back the more often the longer they waited: short waits last, and so do long ones.

    `rate` calls a minute, `staff` with a mean `service`, `lines`; a share `short` comes back, `long` of those who
    waited `long_from` minutes or more.
    """

    rate: float = 0.75
    staff: int = 5
    service: float = 4.0
    lines: int = 100
    short: float = 0.1
    long: float = 0.6
    long_from: float = 30.0
    window: float = 800.0

    def again(self, waited: float) -> float:
        """Return the share of those answered who come back, by the minutes they waited."""
        return self.short if waited < self.long_from else self.long

    def net(self, waiting: float) -> float:
        """Return calls less calls answered, a minute, with so many waiting: the fluid view."""
        most = self.staff / self.service
        back = self.again(waiting / most)
        return self.rate - (1 - back) * most

    def expected(self, at_start: int) -> Mapping[str, float]:
        """Return the busy share and calls engaged a minute: M/M/c with feedback, or every line taken for good."""
        if at_start < self.long_from * self.staff / self.service:
            (queue,) = jackson([self.rate], [[self.short]], [self.service], [self.staff])
            return {BUSY: queue.utilisation}
        return {ENGAGED: self.net(self.lines)}

    def shown(self, at_start: int, replication: int, part: float) -> Shown:
        """Return what one replication shows, from so many callers at the start."""
        start, end = 600.0, 600.0 + self.window * part
        seen = network(
            Profile.constant(self.rate),
            [Station(Exponential(self.service), self.staff, lines=self.lines)],
            comes_back=self.again,
            comes_back_after=Exponential(5.0),
            at_start=at_start,
            until=end,
            intervals=[(start, end)],
            replication=replication,
        ).intervals.iloc[0]
        values = {BUSY: seen["mean_busy"] / self.staff, ENGAGED: seen["engaged"] / (end - start)}
        return Shown(values, (seen["arrivals"] - self.rate * (end - start),))


def _diaries() -> list[Case]:
    named = {
        "slots day and night, all come (diary)": _Diary(0.8),
        "no-shows by backlog, booked again (diary)": _Diary(0.6, misses=0.05, more_a_booking=0.02, most=0.3),
        "two lists, anybody on either (diary)": _Diary(1.6, lists=2),
        "two lists, each its own people (diary)": _Diary(1.6, lists=2, pooled=False),
    }
    return [Case(name, queue.expected(), queue) for name, queue in named.items()]


def _regimes() -> list[Case]:
    by_diary, by_phone = TwoRegimes(), TwoRegimesByPhone()
    assert sum(one.stable for one in balances(by_diary.net, 0.0, 400.0)) == 2
    assert sum(one.stable for one in balances(by_phone.net, 0.0, float(by_phone.lines))) == 2
    return [
        Case(
            f"no-shows breed no-shows, {booked} booked (diary)",
            {BACKLOG: by_diary.expected(booked)},
            partial(by_diary.backlog, booked),
        )
        for booked in (0, 120)
    ] + [
        Case(
            f"waits breed calls, {calling} calling (phone)",
            by_phone.expected(calling),
            partial(by_phone.shown, calling),
        )
        for calling in (0, 100)
    ]


SYSTEMS: tuple[Case, ...] = (
    Case("two stations, one in four comes back (network)", _Feedback().expected(), _Feedback()),
    *_diaries(),
    *_regimes(),
)
__all__ = ["SYSTEMS", "TwoRegimes", "TwoRegimesByPhone"]
