"""Queueing cases: situations whose answer is known, run through the practice's own phone and pool.

Each case has at least 20 replications with fixed seeds, and holds if their mean is within three standard errors of
what theory says. A replication observes the callers who arrive in a window after a warm-up, and runs on until all of
them have been served or have left. The mean is adjusted for how many happened to call and how long they happened to
talk, both known on average (control variates: Lavenberg & Welch 1981); that makes the checks about twice as sharp.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.values import eventlog as log
from pcqa_sim.values.distributions import Deterministic, Distribution, Exponential, LogNormal
from pcqa_sim.values.luck import stream
from pcqa_sim.verification.bench import BenchResult, phone, pool
from pcqa_sim.verification.callers import Profile
from pcqa_sim.verification.theory import Queue, erlang_a, erlang_b, gg_c_waits, mg1, mmc, mmck, priority_mmc

Values = Mapping[str, float]
Bench = Callable[..., BenchResult]
Floats = NDArray[np.float64]

REPLICATIONS = 24
STANDARD_ERRORS = 3.0
QUICK = 0.05  # share of the full window that the quick cases observe
ROUNDING = 1e-4  # minutes; the log keeps waits in single precision

WAIT, GIVE_UP, ENGAGED = "share who wait", "share who give up", "share engaged"
MEAN_WAIT, BUSY, LITTLE = "mean wait, min", "staff busy", "queue less calls x wait"
URGENT_WAIT, OTHER_WAIT = "mean wait of urgent, min", "mean wait of others, min"
OFF_BY, CUT_SHORT = "most a wait is off, min", "most a talk is cut, min"


@dataclass(frozen=True)
class Shown:
    """What one replication shows: its values by quantity, and controls, numbers whose true mean is 0."""

    values: Values
    controls: tuple[float, ...] = ()


@dataclass(frozen=True)
class Case:
    """A situation with a known answer.

    `measured` returns what one replication shows: it takes the number of the replication and the share of the full
    window to observe. A case with `within` is exact: every replication must be that close to what is expected.
    """

    name: str
    expected: Values
    measured: Callable[[int, float], Shown]
    replications: int = REPLICATIONS
    within: float | None = None


@dataclass(frozen=True)
class Finding:
    """One quantity of a case: theory, the mean over replications, its standard error, and how many of those apart."""

    case: str
    quantity: str
    theory: float
    measured: float
    error: float
    apart: float
    holds: bool


def check(case: Case, part: float = 1.0, errors: float = STANDARD_ERRORS) -> list[Finding]:
    """Run a case and hold each of its quantities against theory; `part` shortens the observed window."""
    shown = [case.measured(replication, part) for replication in range(case.replications)]
    return [_finding(case, name, shown, errors) for name in case.expected]


def _finding(case: Case, quantity: str, shown: Sequence[Shown], errors: float) -> Finding:
    theory = case.expected[quantity]
    values = np.array([one.values[quantity] for one in shown])
    mean, error = adjusted_mean(values, np.array([one.controls for one in shown]))
    if case.within is not None:
        holds = bool((np.abs(values - theory) <= case.within).all())
        return Finding(case.name, quantity, theory, mean, error, math.nan, holds)
    apart = (mean - theory) / error if error > 0 else math.inf
    return Finding(case.name, quantity, theory, mean, error, apart, abs(apart) <= errors)


def adjusted_mean(values: Floats, controls: Floats) -> tuple[float, float]:
    """Return the mean of replications and its standard error, after regression on controls whose true mean is 0.

    `values` has shape (n,), `controls` shape (n, q); a control that never varies is left out.
    """
    varying = controls[:, np.ptp(controls, axis=0) > 0]
    design = np.column_stack([np.ones(len(values)), varying])
    inverse = np.linalg.inv(design.T @ design)
    fitted = inverse @ design.T @ values
    rest = values - design @ fitted
    variance = float(rest @ rest) / (len(values) - design.shape[1]) * float(inverse[0, 0])
    return float(fitted[0]), math.sqrt(variance)


@dataclass(frozen=True)
class _Seen:
    """What a replication observed in its window of so many minutes: every call, time averages, and controls.

    Shares and means are by the number of calls expected, not that seen: so they are right on average.
    """

    calls: pd.DataFrame
    expected_calls: float
    minutes: float
    mean_waiting: float
    mean_busy: float
    controls: tuple[float, float]

    def share(self, which: pd.Series) -> float:
        """Return the share of all callers that some calls are."""
        return float(which.sum()) / self.expected_calls


@dataclass(frozen=True)
class _Steady:
    """One queue in its steady state: its bench, the full window, arrivals a minute, service, staff, what to measure.

    Times are in minutes. `settle` is the warm-up, several times as long as the queue remembers its empty start.
    """

    bench: Bench
    window: float
    rate: float
    service: Distribution
    staff: int
    quantities: tuple[str, ...]
    patience: Distribution | None = None
    lines: float = math.inf
    seed: int = 1
    settle: float = 60.0

    def __call__(self, replication: int, part: float) -> Shown:
        """Return what one replication shows."""
        seen = self.observe(replication, part)
        return Shown({name: _MEASURES[name](self, seen) for name in self.quantities}, seen.controls)

    def observe(self, replication: int, part: float, **more: object) -> _Seen:
        """Run one replication; raise RuntimeError if an observed call has not ended when the run does."""
        start, end = self.settle, self.settle + self.window * part
        if self.lines < math.inf:
            more["lines"] = self.lines
        result = self.bench(
            Profile.constant(self.rate),
            self.service,
            self.staff,
            patience=self.patience,
            until=end + 20 * self.service.mean,
            intervals=[(start, end)],
            seed=self.seed,
            replication=replication,
            **more,
        )
        calls = result.calls[result.calls["arrival"].between(start, end, inclusive="left")]
        if calls["ended"].isna().any():
            raise RuntimeError("the run ended before the observed calls did")
        average = result.intervals.iloc[0]
        talk = float((calls["ended"] - calls["answered"]).mean())
        expected = self.rate * (end - start)
        controls = (len(calls) - expected, talk - self.service.mean)
        return _Seen(calls, expected, end - start, average["mean_waiting"], average["mean_busy"], controls)


_MEASURES: dict[str, Callable[[_Steady, _Seen], float]] = {
    WAIT: lambda _, seen: seen.share(seen.calls["wait"] > 0),
    GIVE_UP: lambda _, seen: seen.share(seen.calls["ending"] == log.MISSED),
    ENGAGED: lambda _, seen: seen.share(seen.calls["ending"] == log.ENGAGED),
    MEAN_WAIT: lambda _, seen: float(seen.calls["wait"].sum()) / seen.expected_calls,
    BUSY: lambda queue, seen: seen.mean_busy / queue.staff,
    LITTLE: lambda _, seen: seen.mean_waiting - float(seen.calls["wait"].sum()) / seen.minutes,
}


@dataclass(frozen=True)
class _TwoClasses:
    """A queue in which a share of the callers go first."""

    queue: _Steady
    urgent_share: float

    def __call__(self, replication: int, part: float) -> Shown:
        """Return the mean wait of each class in one replication."""
        queue = self.queue
        most = int(2 * queue.rate * (queue.window + 2 * queue.settle))
        luck = stream(queue.seed, replication, "priority class").random(most)
        priorities = np.where(luck < self.urgent_share, 0.0, 1.0).tolist()
        seen = queue.observe(replication, part, priorities=priorities)
        urgent, others = (seen.calls.loc[seen.calls["priority"] == rank, "wait"] for rank in (0.0, 1.0))
        share = self.urgent_share
        values = {
            URGENT_WAIT: float(urgent.sum()) / (share * seen.expected_calls),
            OTHER_WAIT: float(others.sum()) / ((1 - share) * seen.expected_calls),
        }
        controls = (len(urgent) - share * seen.expected_calls, *seen.controls)
        return Shown(values, controls)


def _expected(queue: Queue, quantities: Sequence[str]) -> Values:
    """Return what theory says of some quantities, of all callers; hearing the engaged tone is no wait."""
    enter = 1 - queue.p_blocked
    known = {
        WAIT: enter * queue.p_wait,
        GIVE_UP: queue.p_renege,
        ENGAGED: queue.p_blocked,
        MEAN_WAIT: enter * queue.mean_wait,
        BUSY: queue.utilisation,
        LITTLE: 0.0,
    }
    return {name: known[name] for name in quantities}


def _case(name: str, queue: Queue, measured: _Steady) -> Case:
    return Case(name, _expected(queue, measured.quantities), measured)


BENCHES: dict[str, Bench] = {"phone": phone, "pool": pool}
_ALL = (WAIT, GIVE_UP, MEAN_WAIT, BUSY)
_QUEUEING = (WAIT, MEAN_WAIT, BUSY, LITTLE)


def _impatient() -> list[Case]:
    """Erlang-A: the published practice-scale values of theory.py's tests, and a large call centre."""
    rows = (
        ("60 calls an hour, 3 call handlers, patience 26.5 min", 1.0, 3.0, 3, 26.5, 2000.0, 90.0),
        ("120 calls an hour, 6 call handlers, patience 26.5 min", 2.0, 3.0, 6, 26.5, 1500.0, 90.0),
        ("48 calls a minute, 50 call handlers, patience 2 min", 48.0, 1.0, 50, 2.0, 220.0, 8.0),
    )
    return [
        _case(
            f"{text} ({place})",
            erlang_a(rate, service, staff, patience),
            _Steady(
                bench, window, rate, Exponential(service), staff, _ALL, Exponential(patience), math.inf, seed, settle
            ),
        )
        for text, rate, service, staff, patience, window, settle in rows
        for seed, (place, bench) in enumerate(BENCHES.items(), start=1)
    ]


def _patient() -> list[Case]:
    """Everybody waits: M/M/c with Little's law, M/G/1 with the practice's own length of talk, and two classes."""
    talk = LogNormal.from_median(1.7, 0.745)
    spread = math.sqrt(math.exp(talk.sigma**2) - 1)
    cases = []
    for seed, (place, bench) in enumerate(BENCHES.items(), start=1):
        mmc_queue = _Steady(bench, 6000.0, 1.0, Exponential(2.0), 3, _QUEUEING, seed=seed)
        cases.append(_case(f"nobody gives up, 3 call handlers ({place})", mmc(1.0, 2.0, 3), mmc_queue))
        one = _Steady(bench, 16_000.0, 0.22, talk, 1, (WAIT, MEAN_WAIT, BUSY), seed=seed)
        cases.append(_case(f"log-normal talk, 1 call handler ({place})", mg1(0.22, talk.mean, spread), one))
        waits = dict(zip((URGENT_WAIT, OTHER_WAIT), priority_mmc((0.3, 0.7), 2.0, 3), strict=True))
        classes = _TwoClasses(_Steady(bench, 6000.0, 1.0, Exponential(2.0), 3, (), seed=seed + 2), 0.3)
        cases.append(Case(f"urgent callers first, 3 call handlers ({place})", waits, classes))
    return cases


def _limited() -> list[Case]:
    """A limit on lines: M/M/c/K, and Erlang's loss formula, indifferent to the distribution of the service."""
    lines = _Steady(phone, 3000.0, 1.0, Exponential(3.0), 3, (WAIT, ENGAGED, MEAN_WAIT, BUSY), lines=6)
    cases = [_case("6 lines, 3 call handlers (phone)", mmck(1.0, 3.0, 3, 6), lines)]
    distributions: tuple[tuple[str, Distribution], ...] = (
        ("exponential", Exponential(3.0)),
        ("fixed", Deterministic(3.0)),
        ("log-normal", LogNormal.from_mean(3.0, 0.86)),
    )
    loss = erlang_b(1.0, 3.0, 4)
    for seed, (distribution, service) in enumerate(distributions, start=1):
        as_lines = _Steady(phone, 2000.0, 1.0, service, 4, (ENGAGED, BUSY), lines=4, seed=seed)
        cases.append(_case(f"4 lines, 4 call handlers, {distribution} talk (phone)", loss, as_lines))
        leave = _Steady(pool, 2000.0, 1.0, service, 4, (GIVE_UP, BUSY), Deterministic(0.0), seed=seed + 3)
        expected = {GIVE_UP: loss.p_blocked, BUSY: loss.utilisation}
        cases.append(Case(f"nobody waits at all, 4 people, {distribution} work (pool)", expected, leave))
    return cases


def _exact() -> list[Case]:
    """Lists of callers whose every wait is known."""
    return [
        case
        for place, bench in BENCHES.items()
        for case in (
            Case(
                f"a list of 200 callers, 3 call handlers ({place})", {OFF_BY: 0.0}, partial(_list, bench), 20, ROUNDING
            ),
            Case(
                f"a list of 200 callers, 5 call handlers, 2 from 01:00 ({place})",
                {OFF_BY: 0.0, CUT_SHORT: 0.0},
                partial(_fewer, bench),
                20,
                ROUNDING,
            ),
        )
    ]


def _list_of_callers(replication: int) -> tuple[list[float], list[float]]:
    """Return arrivals (ascending, some at the same minute) and talk times of 200 callers."""
    luck = stream(1, replication, "list of callers")
    arrivals = np.sort(np.round(luck.uniform(0, 240, 200)))
    return arrivals.tolist(), luck.exponential(3.0, 200).tolist()


def _list(bench: Bench, replication: int, _: float) -> Shown:
    """Return how far the waits of a list are from the recursion of Kiefer and Wolfowitz."""
    arrivals, services = _list_of_callers(replication)
    waits = bench(arrivals, services, 3).calls.sort_values("caller")["wait"].to_numpy()
    return Shown({OFF_BY: float(np.abs(waits - gg_c_waits(arrivals, services, 3)).max())})


def _fewer(bench: Bench, replication: int, _: float) -> Shown:
    """Return how far waits and talks are from those in which people leave only after the call they are in."""
    arrivals, services = _list_of_callers(replication)
    calls = bench(arrivals, services, [(0.0, 5), (60.0, 2)], period=100_000.0).calls.sort_values("caller")
    talks = (calls["ended"] - calls["answered"]).to_numpy()
    off = calls["wait"].to_numpy() - waits_with_fewer(arrivals, services, 5, 60.0, 2)
    return Shown({OFF_BY: float(np.abs(off).max()), CUT_SHORT: float(np.abs(talks - services).max())})


def waits_with_fewer(
    arrivals: Sequence[float], services: Sequence[float], staff: int, minute: float, stay: int
) -> list[float]:
    """Return each caller's wait when all but `stay` of the staff go home at a minute, finishing their call first.

    Those who are free at that minute go at once, then those who become free first.
    """
    free_at = [0.0] * staff
    waits = []
    for arrival, service in zip(arrivals, services, strict=True):
        while len(free_at) > stay and max(arrival, free_at[0]) >= minute:
            heappop(free_at)
        start = max(arrival, heappop(free_at))
        heappush(free_at, start + service)
        waits.append(start - arrival)
    return waits


CASES: tuple[Case, ...] = (*_impatient(), *_patient(), *_limited(), *_exact())
QUICK_CASES = tuple(case for case in CASES if case.name.endswith("(phone)") and " 50 " not in case.name)
