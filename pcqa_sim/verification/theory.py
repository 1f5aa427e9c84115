"""Closed-form and exact results from queueing theory, as yardsticks for the simulation.

Every time in a call is in one unit of the caller's choice (say minutes) and every rate is per that unit;
results come back in it. Arrivals are Poisson and service is exponential unless a function says otherwise.
Nothing here simulates.

Sources: Erlang 1917 (loss and delay formulas); Pollaczek 1930 and Khinchine 1932 (M/G/1); Lindley 1952;
Cobham 1954 (priorities); Kiefer & Wolfowitz 1955 (G/G/c); Palm 1957 and Garnett, Mandelbaum & Reiman 2002
(Erlang-A).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LARGEST_CHAIN = 4_000_000  # states; about 30 MB a vector, far beyond any practice's queue
NEGLIGIBLE = -60.0  # natural log of a weight, relative to the largest, below which the tail is cut (1e-26)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue in steady state, as an arriving caller and the person who runs it would see it.

    Shares lie in [0, 1] and times are in the unit of the call. `p_blocked` is a share of all arrivals.
    `p_wait`, `p_renege` and `mean_wait` are over all who enter, those who give up included;
    `mean_wait_served` is over those who are served. `mean_queue` counts those who wait and not those in
    service. A model that cannot block or renege has 0 there; NaN marks what is not defined.
    """

    p_wait: float
    p_renege: float
    p_blocked: float
    mean_wait: float
    mean_wait_served: float
    mean_queue: float
    utilisation: float


def erlang_a(arrival_rate: float, mean_service: float, servers: int, mean_patience: float) -> Queue:
    """Return the exact M/M/c+M queue: callers wait in turn and give up after an exponential patience.

    Args: arrivals per unit time, mean service time, servers, mean patience. It is stable for any load. With k
    ahead in the queue a caller is served with probability c m / (c m + (k+1) t), m the service and t the
    reneging rate, and the k+1 steps to the front last 1 / (c m + j t) on average, j = 1..k+1, whether or
    not they end in service. Raises ValueError for invalid input or a queue too long to enumerate (heavy
    overload with almost endless patience). Source: Palm 1957; Garnett, Mandelbaum & Reiman 2002.
    """
    _check(arrival_rate, mean_service, servers)
    if not mean_patience > 0:
        raise ValueError(f"mean_patience must be above 0, got {mean_patience}")
    if math.isinf(mean_patience):
        return mmc(arrival_rate, mean_service, servers)
    states = _erlang_a_chain(arrival_rate, mean_service, servers, mean_patience)
    busy = states[servers:]  # entry k: probability that an arrival finds all servers busy and k waiting
    ahead = np.arange(busy.size)
    step_rates = servers / mean_service + (ahead + 1) / mean_patience
    p_served = servers / mean_service / step_rates
    p_renege = float(busy @ ((ahead + 1) / mean_patience / step_rates))
    served = float(states[:servers].sum() + busy @ p_served)
    mean_wait = p_renege * mean_patience
    return Queue(
        p_wait=float(busy.sum()),
        p_renege=p_renege,
        p_blocked=0.0,
        mean_wait=mean_wait,
        mean_wait_served=float(busy @ (p_served * np.cumsum(1 / step_rates))) / served,
        mean_queue=arrival_rate * mean_wait,
        utilisation=arrival_rate * served * mean_service / servers,
    )


def mmc(arrival_rate: float, mean_service: float, servers: int) -> Queue:
    """Return the M/M/c queue (Erlang C): everyone waits in turn for as long as it takes.

    Args: arrivals per unit time, mean service time, servers. Raises ValueError for invalid input or a load
    that the servers cannot carry. Source: Erlang 1917.
    """
    _check(arrival_rate, mean_service, servers)
    load = _stable_load(arrival_rate * mean_service, servers)
    loss = _loss(load, servers)
    p_wait = loss / (1 - load / servers * (1 - loss))
    return _patient(p_wait, p_wait * mean_service / (servers - load), arrival_rate, load / servers)


def mmck(arrival_rate: float, mean_service: float, servers: int, places: int) -> Queue:
    """Return the M/M/c/K queue: an arrival that finds every place taken is turned away.

    Args: arrivals per unit time, mean service time, servers, places in the whole system (in service plus
    waiting). It is stable for any load. Raises ValueError for invalid input or fewer places than servers.
    Source: Erlang 1917 for K = c; the general case is the birth-death chain of any textbook, e.g. Gross &
    Harris 1998, section 2.4.
    """
    _check(arrival_rate, mean_service, servers)
    if places < servers:
        raise ValueError(f"places must be at least the number of servers ({servers}), got {places}")
    states = _stationary(arrival_rate, np.minimum(np.arange(1, places + 1), servers) / mean_service)
    entered = float(states[:-1].sum())
    waits = states[servers:-1]  # entry k: an arrival finds all servers busy, k waiting and a place free
    steps = np.arange(1, waits.size + 1)
    mean_wait = float(waits @ steps) * mean_service / servers / entered
    return Queue(
        p_wait=float(waits.sum()) / entered,
        p_renege=0.0,
        p_blocked=float(states[-1]),
        mean_wait=mean_wait,
        mean_wait_served=mean_wait,
        mean_queue=float(states[servers:] @ np.arange(states.size - servers)),
        utilisation=arrival_rate * entered * mean_service / servers,
    )


def erlang_b(arrival_rate: float, mean_service: float, servers: int) -> Queue:
    """Return the M/G/c/c loss queue (Erlang B): an arrival that finds every server busy is turned away.

    Args: arrivals per unit time, mean service time (any distribution), servers. Raises ValueError for invalid
    input. Source: Erlang 1917.
    """
    _check(arrival_rate, mean_service, servers)
    load = arrival_rate * mean_service
    p_blocked = _loss(load, servers)
    return Queue(0.0, 0.0, p_blocked, 0.0, 0.0, 0.0, load * (1 - p_blocked) / servers)


def batches(arrival_rate: float, every: float, most: int) -> Queue:
    """Return the queue that a meeting sees to: every so often it takes all who wait, or the most it has time for.

    Args: arrivals per unit time, time from one meeting to the next, people a meeting takes at the most. With X left
    waiting after a meeting, the next leaves max(X + A - most, 0), A Poisson; whoever comes waits half of `every` and
    for those left: `mean_wait` is every / 2 + E[X] / arrival_rate (Little). `p_wait` is the share not seen to at the
    first meeting after they came. Raises ValueError for invalid input or more arrivals than meetings take.
    Source: Bailey 1954 (bulk service at fixed times).
    """
    _check(arrival_rate, every, most)
    load = _stable_load(arrival_rate * every, most)
    if load == 0:
        return Queue(0.0, 0.0, 0.0, every / 2, every / 2, 0.0, 0.0)
    states = 8 * most + 64
    while True:
        left = _left_after_meetings(load, most, states)
        if left[-1] < math.exp(NEGLIGIBLE / 2) or states > LARGEST_CHAIN // 1000:
            break
        states *= 2
    mean_left = float(left @ np.arange(left.size))
    wait = every / 2 + mean_left / arrival_rate
    share = min(1.0, mean_left / load)
    return Queue(share, 0.0, 0.0, wait, wait, mean_left + load / 2, load / most)


def _left_after_meetings(load: float, most: int, states: int) -> Floats:
    """Return the distribution of how many are left waiting after a meeting, shape (states,)."""
    arrivals = np.arange(states + most)
    logs = arrivals * math.log(load) - load - np.cumsum(np.log(np.maximum(arrivals, 1)))
    chance = np.exp(logs)
    steps = np.zeros((states, states))
    for before in range(states):
        after = np.maximum(before + arrivals - most, 0)
        kept = after < states
        np.add.at(steps[before], after[kept], chance[kept])
        steps[before, -1] += max(0.0, 1.0 - steps[before].sum())
    equations = np.vstack([steps.T - np.eye(states), np.ones(states)])
    left: Floats = np.linalg.lstsq(equations, np.append(np.zeros(states), 1.0), rcond=None)[0]
    return np.maximum(left, 0.0)


def mg1(arrival_rate: float, mean_service: float, cv_service: float) -> Queue:
    """Return the M/G/1 queue: one server and any distribution of service time.

    Args: arrivals per unit time, mean service time, its coefficient of variation (0 fixed, 1 exponential).
    Raises ValueError for invalid input or a load of 1 or more. Source: Pollaczek 1930; Khinchine 1932.
    """
    _check(arrival_rate, mean_service, 1)
    if not 0 <= cv_service < math.inf:
        raise ValueError(f"cv_service must be 0 or more and finite, got {cv_service}")
    load = _stable_load(arrival_rate * mean_service, 1)
    mean_wait = load * mean_service * (1 + cv_service**2) / (2 * (1 - load))
    return _patient(load, mean_wait, arrival_rate, load)


def priority_mmc(arrival_rates: Sequence[float], mean_service: float, servers: int) -> tuple[float, ...]:
    """Return the mean wait of each class of an M/M/c queue where urgent calls go first but interrupt none.

    Args: arrivals per unit time by class, most urgent first; the mean service time that all share; servers.
    The result has one wait per class, in the same order. Raises ValueError for invalid input or a total load
    that the servers cannot carry. Source: Cobham 1954.
    """
    if not arrival_rates:
        raise ValueError("arrival_rates must name at least one class")
    for rate in arrival_rates:
        _check(rate, mean_service, servers)
    residual = mmc(sum(arrival_rates), mean_service, servers).p_wait * mean_service / servers
    taken = list(accumulate((rate * mean_service / servers for rate in arrival_rates), initial=0.0))
    return tuple(residual / ((1 - above) * (1 - upto)) for above, upto in pairwise(taken))


def gg_c_waits(arrivals: npt.ArrayLike, services: npt.ArrayLike, servers: int) -> Floats:
    """Return each caller's wait when several servers take callers in order of arrival.

    Args: `arrivals[i]` is the time of arrival i, in order; `services[i]` its service time; the servers, all
    free at first. Both vectors and the result have shape (n,). The heap holds when each server will be free:
    the workload vector of Kiefer & Wolfowitz with the clock added. Raises ValueError for unequal lengths, a
    value below 0, arrivals out of order or no server. Source: Kiefer & Wolfowitz 1955.
    """
    _check(0.0, 1.0, servers)
    times, works = _times(arrivals, "arrivals"), _times(services, "services")
    _same_length(times, works)
    if np.any(np.diff(times) < 0):
        raise ValueError("arrivals must be in order of time")
    free_at = [0.0] * servers
    waits = np.zeros(times.size)
    for i, (arrival, service) in enumerate(zip(times.tolist(), works.tolist(), strict=True)):
        start = max(arrival, free_at[0])
        waits[i] = start - arrival
        heapq.heapreplace(free_at, start + service)
    return waits


def _patient(p_wait: float, mean_wait: float, arrival_rate: float, utilisation: float) -> Queue:
    """Return a queue in which nobody is turned away or gives up; its length follows from Little's law."""
    return Queue(p_wait, 0.0, 0.0, mean_wait, mean_wait, arrival_rate * mean_wait, utilisation)


def _loss(load: float, servers: int) -> float:
    """Return Erlang's loss probability by the recursion on the number of servers, which cannot overflow."""
    loss = 1.0
    for n in range(1, servers + 1):
        loss = load * loss / (n + load * loss)
    return loss


def _erlang_a_chain(arrival_rate: float, mean_service: float, servers: int, mean_patience: float) -> Floats:
    """Return the probability of each number in system, cut where the tail no longer matters."""
    waiting = 64
    while waiting <= LARGEST_CHAIN:
        n = np.arange(1, servers + waiting + 1)
        rates = np.minimum(n, servers) / mean_service + np.maximum(n - servers, 0) / mean_patience
        states = _stationary(arrival_rate, rates)
        if arrival_rate < rates[-1] and states[-1] <= math.exp(NEGLIGIBLE) * states.max():
            return states
        waiting *= 2
    raise ValueError("the queue is too long to enumerate: overload with almost endless patience")


def _stationary(arrival_rate: float, departure_rates: Floats) -> Floats:
    """Return the distribution of a birth-death chain, shape (n+1,), by way of logarithms to avoid overflow."""
    if arrival_rate == 0:
        return np.eye(1, departure_rates.size + 1, dtype=np.float64).ravel()
    logs = np.concatenate(([0.0], np.cumsum(np.log(arrival_rate / departure_rates))))
    weights = np.exp(logs - logs.max())
    distribution: Floats = weights / weights.sum()
    return distribution


def _check(arrival_rate: float, mean_service: float, servers: int) -> None:
    """Raise ValueError unless the three numbers describe a queue."""
    if not 0 <= arrival_rate < math.inf:
        raise ValueError(f"arrival rate must be 0 or more and finite, got {arrival_rate}")
    if not 0 < mean_service < math.inf:
        raise ValueError(f"mean_service must be above 0 and finite, got {mean_service}")
    if servers < 1:
        raise ValueError(f"servers must be at least 1, got {servers}")


def _stable_load(load: float, servers: int) -> float:
    """Return the load unless the servers cannot carry it."""
    if load >= servers:
        raise ValueError(f"unstable queue: load {load:g} is not below the number of servers {servers}")
    return load


def _times(values: npt.ArrayLike, name: str) -> Floats:
    """Return a vector of finite times of 0 or more."""
    times = np.asarray(values, dtype=np.float64)
    if times.ndim != 1 or not np.all((times >= 0) & np.isfinite(times)):
        raise ValueError(f"{name} must be a vector of finite times of 0 or more")
    return times


def _same_length(first: Floats, second: Floats) -> None:
    """Raise ValueError unless each arrival has its service time."""
    if first.size != second.size:
        raise ValueError(f"one service time is needed per arrival, got {second.size} for {first.size}")
