"""What a metric is: a ratio of two daily counts, with a unit and the direction that is better.

Any period is then a sum over its days, so one pass over a run's tables serves days, weeks and the whole. Whatever is
counted is counted on the day on which it is known, and minutes on the day on which they are spent, so that a past day
or week does not change when the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from pcqa_sim.clinic.rota import usual_clinicians
from pcqa_sim.population.people import People
from pcqa_sim.results.tables import Tables
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WorkingCalendar
from pcqa_sim.values.faults import Fault, nearest
from pcqa_sim.values.needs import ASKED_THROUGH, INFORMED, MODES, ONLINE_MESSAGE, VIDEO
from pcqa_sim.values.renamed import is_now, new_metric

Daily = NDArray[np.float64]
Dated = tuple[NDArray[np.float64], NDArray[np.int32]]  # minutes of the run, and whose each is
Better = Literal["less", "more", "neither"]
VIDEO_ONLINE = "video_online"  # video and written answers together, as the published series count them


@dataclass(frozen=True)
class Counted:
    """One practice's run, ready to be counted by day: tables, settings, calendar, people, and their world's key."""

    tables: Tables
    scenario: Scenario
    key: str
    people: People
    world: int

    @property
    def days(self) -> int:
        """Return the number of days simulated."""
        return self.scenario.weeks * 7

    @property
    def practice(self) -> Practice:
        """Return the practice's settings at the start of the run."""
        return self.scenario.practices[self.key]

    @property
    def seeing(self) -> tuple[str, ...]:
        """Return the roles that have appointments."""
        return tuple(name for name, role in self.practice.role.items() if role.sees_patients)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Return the working calendar."""
        return self.scenario.calendar.working()

    @cached_property
    def working_days(self) -> Daily:
        """Return 1 for each working day, 0 for others."""
        return np.array([float(self.calendar.hours_of(day) is not None) for day in range(self.days)])

    @cached_property
    def ordinary_days(self) -> Daily:
        """Return 1 for each working day of a week without a bank holiday, 0 for others."""
        holiday_weeks = {day // 7 for day in range(self.days) if self.calendar.is_bank_holiday(day)}
        ordinary = [float(day // 7 not in holiday_weeks) for day in range(self.days)]
        return self.working_days * np.array(ordinary, dtype=np.float64)

    def is_open(self, minutes: ArrayLike) -> NDArray[np.bool_]:
        """Tell of minutes of the run whether the practice is open (closing time itself is shut)."""
        hours = [self.calendar.hours_of(day) for day in range(self.days)]
        opens, closes = (np.array([getattr(day_hours, end, 0) for day_hours in hours]) for end in ("opens", "closes"))
        at = np.asarray(minutes, dtype=float)
        day, minute = (at // DAY).astype(np.int64), at % DAY
        is_in_hours: NDArray[np.bool_] = (opens[day] <= minute) & (minute < closes[day])
        return is_in_hours

    @cached_property
    def made(self) -> pd.DataFrame:
        """Return the contacts people made, what the practice initiates left out."""
        return self.tables.contacts[self.is_made]

    @cached_property
    def is_made(self) -> NDArray[np.bool_]:
        """Return of every contact whether a person made it, and not the practice."""
        return self.tables.contacts["channel"].isin(ASKED_THROUGH).to_numpy()

    @cached_property
    def asked(self) -> pd.DataFrame:
        """Return the contacts people made, without calls that the recorded message answered."""
        return self.made[self.made["why"] != INFORMED]

    @cached_property
    def first_seen(self) -> pd.Series:
        """Return when the first consultation about each need ended, by need, for those that had one."""
        ended = self.tables.rows(log.CONSULT_ENDED)
        need, first = np.unique(ended.need, return_index=True)  # rows are in order of time
        return pd.Series(ended.time[first], index=need)

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Return the calls as the published statistics see them: engaged attempts are left out."""
        calls = self.tables.calls
        return calls[calls["ending"] != "engaged"]

    @cached_property
    def _attributes(self) -> tuple[tuple[tuple[str, ...], NDArray[np.int64]], ...]:
        """Return the groups of people by segment, age band and fifth of deprivation, with each person's number."""
        people = self.people
        return tuple(
            (
                tuple(f"{word}={name.removeprefix(f'{word}_').removeprefix('fifth_')}" for name in names),
                np.asarray(number, dtype=np.int64),
            )
            for word, names, number in (
                ("segment", people.segments, people.segment),
                ("age", people.ages, people.age),
                ("deprivation", people.fifths, people.deprivation - 1),
            )
        )

    @cached_property
    def people_in(self) -> dict[str, int]:
        """Return how many people belong to each segment, age band and fifth of deprivation."""
        return {
            name: int(count)
            for names, number in self._attributes
            for name, count in zip(names, np.bincount(number, minlength=len(names)), strict=True)
        }

    def counts_by_group(
        self, minutes: ArrayLike, person: ArrayLike, weights: ArrayLike | None = None
    ) -> dict[str, Daily]:
        """Return counts (or sums of weights) by day, in all and for every group that anybody belongs to."""
        times, who = np.asarray(minutes, dtype=float), np.asarray(person, dtype=np.int64)
        groups = {"": self.by_day(times, weights)}
        for names, number in self._attributes:
            counts = self._by_number(number[who], len(names), times, weights)
            groups |= {name: daily for name, daily in zip(names, counts, strict=True) if self.people_in[name]}
        return groups

    def by_word(
        self, words: ArrayLike, names: Sequence[str], minutes: ArrayLike, weights: ArrayLike | None = None
    ) -> dict[str, Daily]:
        """Return counts (or sums of weights) by day for each of some words; other words are left out."""
        number = pd.Index(names).get_indexer(pd.Index(np.asarray(words, dtype=object)))
        number = np.where(number < 0, len(names), number)
        counts = self._by_number(number, len(names) + 1, np.asarray(minutes, dtype=float), weights)
        return dict(zip(names, counts, strict=False))

    def _by_number(
        self, number: NDArray[np.int64], numbers: int, minutes: Daily, weights: ArrayLike | None
    ) -> NDArray[np.float64]:
        """Return counts by number and day; what falls after the run is left out."""
        day = np.minimum((minutes // DAY).astype(np.int64), self.days)
        weight = None if weights is None else np.asarray(weights, dtype=float)
        counts = np.bincount(number * (self.days + 1) + day, weight, numbers * (self.days + 1))
        return counts.astype(float).reshape(numbers, self.days + 1)[:, : self.days]

    def by_group(
        self, above: ArrayLike, who_above: ArrayLike, below: ArrayLike, who_below: ArrayLike
    ) -> dict[str, Ratio]:
        """Return the ratio of two counts of minutes, in all and for every group of the persons they belong to."""
        up, down = self.counts_by_group(above, who_above), self.counts_by_group(below, who_below)
        return {group: Ratio(up[group], down[group]) for group in down}

    def mean_by_group(self, minutes: ArrayLike, person: ArrayLike, amount: ArrayLike) -> dict[str, Ratio]:
        """Return the mean of an amount known at some minutes, in all and for every group of their persons."""
        up, down = self.counts_by_group(minutes, person, amount), self.counts_by_group(minutes, person)
        return {group: Ratio(up[group], down[group]) for group in down}

    def per_1000_week(self, minutes: ArrayLike, person: ArrayLike) -> dict[str, Ratio]:
        """Return counts per 1,000 people and week, in all and for every group of the persons they belong to."""
        size = {"": len(self.people), **self.people_in}
        counts = self.counts_by_group(minutes, person)
        return {group: Ratio(daily, np.full(self.days, size[group] / 7000)) for group, daily in counts.items()}

    def share_by_group(self, minutes: ArrayLike, person: ArrayLike, which: ArrayLike) -> dict[str, Ratio]:
        """Return the share of some minutes for which `which` holds, in all and for every group of their persons."""
        times, who, counted = np.asarray(minutes, dtype=float), np.asarray(person), np.asarray(which, dtype=bool)
        return self.by_group(times[counted], who[counted], times, who)

    @cached_property
    def usual(self) -> list[str]:
        """Return each person's usual GP, "" where there is none."""
        return usual_clinicians(self.practice, self.people)

    def by_day(self, minutes: ArrayLike, weights: ArrayLike | None = None) -> Daily:
        """Return counts (or sums of weights) by the day in which each minute falls."""
        day = (np.asarray(minutes, dtype=float) // DAY).astype(np.int64)
        weight = None if weights is None else np.asarray(weights, dtype=float)
        return np.bincount(day, weight, self.days)[: self.days].astype(float)

    def waiting(self, since: Dated, until: Dated) -> dict[str, Ratio]:
        """Return the minutes that people wait by how many begin to, in all and for every group of theirs.

        `since` are the minutes at which a wait begins, `until` those at which one is over, each with its persons.
        Minutes belong to the day on which they are spent waiting, and people who are never served go on waiting: so a
        wait that does not end lengthens the mean, and one that ends next week leaves this week's as it was. (Little:
        where as many begin to wait as are served, it is the mean wait.)
        """
        begun, over = self.counts_by_group(*since), self.counts_by_group(*until)
        rest, saved = (self.counts_by_group(at, who, DAY - np.asarray(at) % DAY) for at, who in (since, until))
        ratios = {}
        for group, joined in begun.items():
            there = np.cumsum(joined - over[group])  # how many still wait at midnight
            before = np.append(0.0, there[:-1])
            ratios[group] = Ratio(np.maximum(before * DAY + rest[group] - saved[group], 0.0), joined)
        return ratios

    def rostered_min(self, duty: str) -> Daily:
        """Return the person-minutes rostered for a duty of reception, by the day on which they are worked."""
        rows = self.tables.rows(log.ROSTER)
        of_duty = rows.where(rows.who == duty)
        at = np.append(of_duty.time, self.scenario.end)
        worked = np.append(0.0, np.cumsum(of_duty.amount * np.diff(at)))
        midnights = np.arange(self.days + 1, dtype=np.float64) * DAY
        return np.diff(np.interp(midnights, at, worked))

    def patients_in_1000(self) -> float:
        """Return the list size in thousands."""
        return self.practice.list_size / 1000


def by_mode(modes: ArrayLike) -> dict[str, NDArray[np.bool_]]:
    """Return which appointments belong to each mode, and to the published one that is two here."""
    of_each = np.asarray(modes, dtype=object)
    groups = {f"mode={mode}": of_each == mode for mode in MODES}
    return groups | {f"mode={VIDEO_ONLINE}": groups[f"mode={VIDEO}"] | groups[f"mode={ONLINE_MESSAGE}"]}


@dataclass(frozen=True)
class Ratio:
    """A number for every period: the numerator summed over its days by the denominator summed over them.

    `whole` says that it means something for the measured weeks as a whole alone, and not for a week or a day.
    """

    numerator: Daily
    denominator: Daily
    whole: bool = False

    def over(self, days: slice | NDArray[np.int64]) -> float:
        """Return the value over some days; NaN where the denominator is zero."""
        below = float(self.denominator[days].sum())
        return float(self.numerator[days].sum()) / below if below else float("nan")


Measured = Ratio | dict[str, Ratio]
Measure = Callable[[Counted], Measured]


@dataclass(frozen=True)
class Metric:
    """A named metric: what it says in words, its unit, and which direction is better."""

    name: str
    words: str
    unit: str
    better: Better
    measure: Measure


METRICS: dict[str, Metric] = {}


def metric(words: str, unit: str, better: Better = "neither") -> Callable[[Measure], Measure]:
    """Register a function as the metric of its name; it returns a Ratio, or Ratios by group."""

    def register(measure: Measure) -> Measure:
        name = measure.__name__
        if name in METRICS:
            raise ValueError(f"the metric {name!r} is registered already")
        METRICS[name] = Metric(name, words, unit, better, measure)
        return measure

    return register


def ratios(counted: Counted) -> Iterator[tuple[Metric, str, Ratio]]:
    """Yield every metric with its groups ("" for the practice as a whole)."""
    for metric in METRICS.values():
        measured = metric.measure(counted)
        if isinstance(measured, Ratio):
            yield metric, "", measured
        else:
            for group, ratio in measured.items():
                yield metric, group, ratio


def unknown_metric(where: str, name: str) -> Fault:
    """Return the fault of a metric that there is not, with its new name, or the nearest of all."""
    if now := new_metric(name):
        return Fault(where, is_now(now), name)
    rule = "is not a metric; all of them are in the summary.csv that `pcqa run` writes"
    return Fault(where, rule, name, nearest(name, METRICS) or _sharing_a_word(name))


def _sharing_a_word(name: str) -> str:
    """Return the first metric that shares a word with a name, "" for none."""
    words = set(name.lower().split("_")) - {"share", "per", "a", "of"}
    return next((known for known in METRICS if words & set(known.split("_"))), "")
