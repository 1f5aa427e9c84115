"""Which needs arise, for whom and when: a Poisson random measure with a key for every candidate.

Each (person, kind, week, strip) has its own keyed candidates. A strip is as thick as the person's base rate; a
candidate in strip k stands at a height in [k, k + 1) and is accepted when that is below the person's current rate
divided by their base rate. So a change of anybody's rate accepts or drops candidates of theirs, moves none, and
touches nobody else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.clock import DAY, WEEK, WEEKDAYS
from pcqa_sim.luck import Keys, activity, join_array, uniforms
from pcqa_sim.needs import need_number
from pcqa_sim.people import People
from pcqa_sim.scenario.groups import Demand

_COUNT = activity("need_count")
_HEIGHT = activity("need_height")
_TIME = activity("need_time")
_MOST_A_WEEK = 99

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """Accepted needs of one week, in order of time; arrays of equal length.

    `minute` is minutes since the week began, `kind` an index into the demand's kinds.
    """

    minute: Floats
    person: NDArray[np.int64]
    kind: NDArray[np.int64]
    number: NDArray[np.int64]
    key: Keys


class WeekProfile:
    """When in the week people ask, as a piecewise constant density."""

    def __init__(self, demand: Demand) -> None:
        edges, shares = [0.0], []
        for day, name in enumerate(WEEKDAYS):
            steps = list(demand.asking_profile.of_weekday(day).items())
            for i, (start, share) in enumerate(steps):
                end = steps[i + 1][0] if i + 1 < len(steps) else DAY
                edges.append(day * DAY + float(end))
                shares.append(demand.weekday_share[name] * share)
                assert start < end
        self._edges = np.array(edges)
        self._cumulative = np.concatenate([[0.0], np.cumsum(shares)])
        self._cumulative /= self._cumulative[-1]

    def minutes(self, u: Floats) -> Floats:
        """Return minutes of the week for uniforms."""
        return np.asarray(np.interp(u, self._cumulative, self._edges), dtype=np.float64)


class AskingTimes:
    """When within one day's opening hours people ask, from the day's asking profile."""

    def __init__(self, profile: Mapping[int, float]) -> None:
        self._edges = [*map(float, profile), float(DAY)]
        self._cumulative = [0.0, *accumulate(profile.values())]

    def minute(self, opens: int, closes: int, u: float) -> float:
        """Return a minute of the day between opening and closing, at a share `u` of those who ask then."""
        low, high = self._share_before(opens), self._share_before(closes)
        if high <= low:
            return opens + u * (closes - opens)
        return min(max(self._minute_at(low + u * (high - low)), float(opens)), closes - 1e-6)

    def _share_before(self, minute: float) -> float:
        step = min(bisect_right(self._edges, minute), len(self._edges) - 1)
        part = (minute - self._edges[step - 1]) / (self._edges[step] - self._edges[step - 1])
        return self._cumulative[step - 1] + part * (self._cumulative[step] - self._cumulative[step - 1])

    def _minute_at(self, share: float) -> float:
        step = min(bisect_right(self._cumulative, share), len(self._cumulative) - 1)
        width = self._cumulative[step] - self._cumulative[step - 1]
        part = (share - self._cumulative[step - 1]) / width if width > 0 else 0.0
        return self._edges[step - 1] + part * (self._edges[step] - self._edges[step - 1])


def week_candidates(people: People, demand: Demand, demand_level: float, week: int, profile: WeekProfile) -> Candidates:
    """Return the needs that arise in a week, in order of time."""
    parts = []
    level = demand_level * people.rate_factor
    start = week_start(week)
    tallest = level * people.most_state_factor(start, start + WEEK)
    for index, (name, kind) in enumerate(demand.kinds.items()):
        base = demand.needs_per_1000_week / 1000 * kind.share * people.rate
        for strip in range(int(np.ceil(tallest.max(initial=0.0)))):
            tall_enough = np.flatnonzero((tallest > strip) & (base > 0))
            parts.append(_strip(people, tall_enough, base, name, index, week, strip))
    if not parts:
        parts = [_strip(people, np.array([], dtype=np.int64), np.zeros(0), "", 0, week, 0)]
    person, kinds, number, key, height = (np.concatenate(column) for column in zip(*parts, strict=True))
    minute = profile.minutes(uniforms(key, _TIME))
    accepted = height < level[person] * people.state_factor(person, start + minute)
    order = np.flatnonzero(accepted)
    order = order[np.lexsort((number[order], minute[order]))]
    return Candidates(minute[order], person[order], kinds[order], number[order], key[order])


def _strip(
    people: People,
    members: NDArray[np.int64],
    base: Floats,
    kind: str,
    kind_index: int,
    week: int,
    strip: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Keys, Floats]:
    """Return person, kind, number, key and height of the candidates of one kind and strip."""
    keys = join_array(join_array(join_array(people.key[members], kind), week), strip)
    counts = _poisson_quantiles(uniforms(keys, _COUNT), base[members])
    person = np.repeat(members, counts)
    index: NDArray[np.int64] = np.arange(len(person), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    key = join_array(np.repeat(keys, counts), index)
    number = need_number(person, kind_index, week, strip, index)
    kind_column = np.full(len(person), kind_index, dtype=np.int64)
    return person, kind_column, number, key, strip + uniforms(key, _HEIGHT)


def _poisson_quantiles(u: Floats, mean: Floats) -> NDArray[np.int64]:
    """Return Poisson quantiles by adding up the probabilities, at most 99."""
    probability = np.exp(-mean)
    cumulative = probability.copy()
    counts = np.zeros(len(u), dtype=np.int64)
    for n in range(1, _MOST_A_WEEK + 1):
        more = np.flatnonzero(u > cumulative)
        if not len(more):
            break
        counts[more] += 1
        probability[more] *= mean[more] / n
        cumulative[more] += probability[more]
    return counts


def week_start(week: int) -> float:
    """Return the minute at which a week begins."""
    return float(week * WEEK)
