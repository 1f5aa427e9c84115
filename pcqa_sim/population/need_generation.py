"""Which needs arise, for whom and when: a Poisson random measure with a key for every candidate.

Each (person, kind, week, strip) has its own keyed candidates. A strip is as thick as the person's base rate; a
candidate in strip k stands at a height in [k, k + 1) and is accepted when that is below the person's current rate
divided by their base rate. So a change of anybody's rate (their state, the season, how well they know their doctor)
accepts or drops candidates of theirs, moves none, and touches nobody else.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.population.people import People
from pcqa_sim.scenario.groups import Channels, Demand, Kind
from pcqa_sim.values.clock import DAY, WEEK, WEEKDAYS
from pcqa_sim.values.luck import NATIVE, Keys, activity, join_array, uniforms
from pcqa_sim.values.needs import APP, ASKED_THROUGH, ONLINE, PHONE, need_numbers

if TYPE_CHECKING:  # only the compiled form has what it takes
    from pcqa_sim.population.native_candidates import Columns, NativeCandidates

_COUNT: Final = activity("need_count")
_HEIGHT: Final = activity("need_height")
_TIME: Final = activity("need_time")
_SEEKS: Final = activity("seeks_help")
_TODAY: Final = activity("wants_today")
_CHANNEL: Final = activity("first_channel")
_MOST_A_WEEK: Final = 99
_YEAR: Final = 365.25

Floats = NDArray[np.float64]

AT_ONCE: Final = 0
LATE: Final = 1
NEVER: Final = 2


@dataclass(frozen=True)
class Candidates:
    """Accepted needs of one week, in order of time; arrays of equal length.

    `minute` is minutes since the week began, `kind` an index into the demand's kinds, `seeks` AT_ONCE, LATE or NEVER,
    `today` whether help is wanted the same day, `channel` an index into ASKED_THROUGH, `height` a share of the rate
    below which it was accepted: one that has fallen since, below that, drops it.
    """

    minute: Floats
    person: NDArray[np.int64]
    kind: NDArray[np.int64]
    number: NDArray[np.int64]
    key: Keys
    seeks: NDArray[np.int64]
    today: NDArray[np.bool_]
    channel: NDArray[np.int64]
    height: Floats

    def of_day(self, day: int) -> slice:
        """Return where the needs of a weekday stand."""
        low, high = self.minute.searchsorted([day * DAY, (day + 1) * DAY])
        return slice(int(low), int(high))


class Appetite:
    """How often people need what, and how they seek help: what a week's needs are drawn from.

    `base` (kinds, people) are needs a week before state, season and continuity, `none` the chance of no candidate
    in a strip, `keys` the luck of each person's needs of a kind; `never` and `late` (kinds, people) the chances of
    asking never, and never or late.
    """

    def __init__(self, people: People, demand: Demand, channels: Channels) -> None:
        kinds = demand.kinds.values()
        self.people, self.kinds = people, demand.kinds
        self.profile = WeekProfile(demand)
        self.base = np.stack([_base_rate(people, demand, kind) for kind in kinds])
        self.keys = [join_array(people.key, name) for name in demand.kinds]
        self.none = np.exp(-self.base)
        self._native: NativeCandidates | None = None
        seeking = demand.seeking
        named = (seeking.never_factor_by_age, seeking.never_factor_by_segment, seeking.never_factor_by_deprivation)
        times = people.factor(*named) / max(people.expected_factor(*named), 1e-12)
        self.never = np.stack([np.clip(kind.never_asked_share * times, 0.0, 1.0) for kind in kinds])
        late = np.array([kind.asked_late_share for kind in kinds])
        self.late = np.minimum(self.never + late[:, None], 1.0)
        self.today = np.array([kind.today_share for kind in kinds])
        self.level = np.array([kind.level for kind in kinds])
        self.winter = np.array([kind.winter_rise for kind in kinds])
        self.winter_peak = demand.winter_peak
        self.channels = FirstChannels(people, channels)
        self.administrative = np.array([kind.administrative for kind in kinds], dtype=np.int64)

    def native(self) -> NativeCandidates:
        """Return what draws a week's candidates person by person; made once."""
        if self._native is None:
            from pcqa_sim.population.native_candidates import NativeCandidates

            kinds = list(self.kinds)
            self._native = NativeCandidates(self.people.key, kinds, self.base, self.none, _COUNT, _HEIGHT)
        return self._native

    def season(self, day_of_year: float) -> Floats:
        """Return what each kind's rate is multiplied by on a day of the year (0 is 1 January)."""
        return 1 + self.winter * math.cos(2 * math.pi * (day_of_year / _YEAR - self.winter_peak))


def _base_rate(people: People, demand: Demand, kind: Kind) -> Floats:
    """Return a kind's needs a week for each person: the people it is for have more of it, and its total stays."""
    whom = people.factor(kind.for_ages, kind.for_segments)
    everybody = people.expected_factor(kind.for_ages, kind.for_segments)
    if everybody == 0:
        return np.zeros(len(people))
    return people.rate * whom * (demand.needs_per_1000_week / 1000 * kind.share / everybody)


class FirstChannels:
    """Through which channel people ask first: by what they need, who they are, and the hour at which they need it.

    People who use neither form nor app ask by phone or at the desk; those who do make up for them.
    """

    def __init__(self, people: People, channels: Channels) -> None:
        first = channels.first
        by_hour = (first.form_by_hour.clinical, first.form_by_hour.administrative)
        self._people = people
        self._times = np.array(sorted({time for steps in by_hour for time in steps}), dtype=np.float64)
        named = first.online_by_segment
        everybody = max(people.expected_factor(None, named), 1e-12)
        segment = np.array([named.get(name, 1.0) for name in people.segments]) / everybody
        rows = [
            [
                _edges(shares, people.digital_share, segment, steps[max(t for t in steps if t <= time)])
                for time in self._times
            ]
            for shares, steps in zip((first.clinical, first.administrative), by_hour, strict=True)
        ]
        self._edges = np.array(rows)  # administrative or not, time of day, digital or not, segment, channel

    def pick(
        self, administrative: NDArray[np.int64], person: NDArray[np.int64], minute: Floats, u: Floats
    ) -> NDArray[np.int64]:
        """Return the index into ASKED_THROUGH for each need, at the share `u` of people like these at that minute."""
        edges = self.cumulative(administrative, person, minute)
        channel: NDArray[np.int64] = np.minimum((u[:, None] >= edges).sum(axis=1), len(ASKED_THROUGH) - 1)
        return channel

    def cumulative(self, administrative: NDArray[np.int64], person: NDArray[np.int64], minute: Floats) -> Floats:
        """Return for each need the cumulative shares of the channels, in the order of ASKED_THROUGH."""
        band = np.searchsorted(self._times, minute % DAY, side="right") - 1
        digital = self._people.digital[person].astype(np.int64)
        edges: Floats = self._edges[administrative, band, digital, self._people.segment[person]]
        return edges


def _edges(shares: Mapping[str, float], digital_share: float, segment: Floats, form_times: float) -> Floats:
    """Return, for who is not and who is digital and for every segment, the cumulative shares of the channels."""
    wanted = np.array([shares[name] for name in ASKED_THROUGH])
    online = np.array([name in (ONLINE, APP) for name in ASKED_THROUGH])
    rest = np.where(online, 0.0, wanted)
    rest = rest / rest.sum() if rest.sum() else np.where(np.array(ASKED_THROUGH) == PHONE, 1.0, 0.0)
    digital = np.where(online, wanted / max(digital_share, 1e-9), 0.0)
    digital = digital / max(1.0, digital.sum())
    times = np.where(np.array(ASKED_THROUGH) == ONLINE, form_times, 1.0)
    likely = digital * times * segment[:, None] + rest * (1 - digital.sum())
    total = likely.sum(axis=1, keepdims=True)
    likely = np.where(total > 0, likely / np.where(total > 0, total, 1.0), rest)
    return np.cumsum(np.stack([np.broadcast_to(rest, likely.shape), likely]), axis=2)


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
        self._shares: dict[int, float] = {}  # before the times of opening and closing that were asked for

    def minute(self, opens: int, closes: int, u: float) -> float:
        """Return a minute of the day between opening and closing, at a share `u` of those who ask then."""
        low, high = self._share_once(opens), self._share_once(closes)
        if high <= low:
            return opens + u * (closes - opens)
        return min(max(self._minute_at(low + u * (high - low)), float(opens)), closes - 1e-6)

    def _share_once(self, minute: int) -> float:
        share = self._shares.get(minute)
        if share is None:
            share = self._shares[minute] = self._share_before(minute)
        return share

    def _share_before(self, minute: float) -> float:
        step = min(bisect_right(self._edges, minute), len(self._edges) - 1)
        part = (minute - self._edges[step - 1]) / (self._edges[step] - self._edges[step - 1])
        return self._cumulative[step - 1] + part * (self._cumulative[step] - self._cumulative[step - 1])

    def _minute_at(self, share: float) -> float:
        step = min(bisect_right(self._cumulative, share), len(self._cumulative) - 1)
        width = self._cumulative[step] - self._cumulative[step - 1]
        part = (share - self._cumulative[step - 1]) / width if width > 0 else 0.0
        return self._edges[step - 1] + part * (self._edges[step] - self._edges[step - 1])


def week_candidates(
    appetite: Appetite,
    level: float,
    week: int,
    day_of_year: float = 0.0,
    continuity: Floats | None = None,
    busy: Floats | None = None,
    never_times: Floats | None = None,
    state: Floats | None = None,
) -> Candidates:
    """Return the needs that arise in a week, in order of time.

    `level` multiplies everybody's rate; `day_of_year` sets the season; `continuity` (people) is what each person's
    rate is multiplied by for having seen their usual clinician, or not; `busy` (7) is what everybody's is multiplied by
    on each day of the week; `never_times` (people) what their chance never to ask is, for what they expect; `state`
    (people) the most that their state may multiply their rate by within the week: who comes to less is to be left out
    by `height`.
    """
    people = appetite.people
    own = level * people.rate_factor if continuity is None else level * people.rate_factor * continuity
    own = own if state is None else own * state
    tallest = own
    if busy is not None:
        tallest = tallest * busy.max()
    times = appetite.level * appetite.season(day_of_year)
    drawn = (
        appetite.native().of_week(week, tallest, times) if NATIVE else strips_of_week(appetite, week, tallest, times)
    )
    person, kinds, number, key, height = drawn
    minute = appetite.profile.minutes(uniforms(key, _TIME))
    rate = own[person] * times[kinds]
    if busy is not None:
        rate = rate * busy[(minute // DAY).astype(np.int64)]
    order = np.flatnonzero(height < rate)
    order = order[np.lexsort((number[order], minute[order]))]
    person, kinds, key = person[order], kinds[order], key[order]
    u = uniforms(key, _SEEKS)
    never, late = appetite.never[kinds, person], appetite.late[kinds, person]
    if never_times is not None:
        expected = np.clip(never * never_times[person], 0.0, 1.0)
        never, late = expected, np.minimum(late - never + expected, 1.0)
    seeks = (u < late).astype(np.int64) + (u < never)
    today = uniforms(key, _TODAY) < appetite.today[kinds]
    minute = minute[order]
    channel = appetite.channels.pick(appetite.administrative[kinds], person, minute, uniforms(key, _CHANNEL))
    return Candidates(minute, person, kinds, number[order], key, seeks, today, channel, height[order] / rate[order])


def strips_of_week(appetite: Appetite, week: int, tallest: Floats, times: Floats) -> Columns:
    """Return person, kind, number, key and height of the candidates in a week, as `NativeCandidates.of_week` does."""
    parts = []
    for index in range(len(appetite.kinds)):
        keys = join_array(appetite.keys[index], week)
        for strip in range(max(1, int(np.ceil(tallest.max(initial=0.0) * times[index])))):
            tall_enough = np.flatnonzero((tallest * times[index] > strip) & (appetite.base[index] > 0))
            parts.append(_strip(appetite, tall_enough, keys[tall_enough], index, week, strip))
    person, kinds, number, key, height = (np.concatenate(column) for column in zip(*parts, strict=True))
    return person, kinds, number, key, height


def _strip(appetite: Appetite, members: NDArray[np.int64], keys: Keys, kind: int, week: int, strip: int) -> Columns:
    """Return person, kind, number, key and height of the candidates of one kind and strip."""
    keys = join_array(keys, strip)
    u = uniforms(keys, _COUNT)
    some = np.flatnonzero(u > appetite.none[kind, members])
    members, keys, mean = members[some], keys[some], appetite.base[kind, members[some]]
    counts = poisson_quantiles(u[some], mean)
    person = np.repeat(members, counts)
    index: NDArray[np.int64] = np.arange(len(person), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    key = join_array(np.repeat(keys, counts), index)
    number = need_numbers(person, kind, week, strip, index)
    kind_column = np.full(len(person), kind, dtype=np.int64)
    return person, kind_column, number, key, strip + uniforms(key, _HEIGHT)


def poisson_quantiles(u: Floats, mean: Floats) -> NDArray[np.int64]:
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
