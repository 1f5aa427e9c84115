"""What a metric is: a ratio of two daily counts, with a unit and the direction that is better.

Any period is then a sum over its days, so one pass over a run's tables serves days, weeks and the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from pcqa_sim.clock import DAY, WorkingCalendar
from pcqa_sim.needs import MODES, ONLINE_MESSAGE, VIDEO
from pcqa_sim.people import People
from pcqa_sim.rota import usual_clinicians
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.tables import Tables

Daily = NDArray[np.float64]
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

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Return the calls as the published statistics see them: engaged attempts are left out."""
        calls = self.tables.calls
        return calls[calls["ending"] != "engaged"]

    def groups_of(self, person: ArrayLike) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        """Yield (group, which of the persons belong to it) for every segment, age band and fifth of deprivation."""
        who = np.asarray(person, dtype=np.int64)
        people = self.people
        for word, names, index in (
            ("segment", people.segments, people.segment),
            ("age", people.ages, people.age),
            ("deprivation", people.fifths, people.deprivation - 1),
        ):
            of_person = index[who]
            for number, name in enumerate(names):
                yield f"{word}={name.removeprefix(f'{word}_').removeprefix('fifth_')}", of_person == number

    @cached_property
    def people_in(self) -> dict[str, int]:
        """Return how many people belong to each segment, age band and fifth of deprivation."""
        everybody = np.arange(len(self.people))
        return {group: int(mine.sum()) for group, mine in self.groups_of(everybody)}

    def by_group(
        self, above: ArrayLike, who_above: ArrayLike, below: ArrayLike, who_below: ArrayLike
    ) -> dict[str, Ratio]:
        """Return the ratio of two counts of minutes, in all and for every group of the persons they belong to."""
        up, down = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
        found = {"": Ratio(self.by_day(up), self.by_day(down))}
        for (group, mine), (_, all_mine) in zip(self.groups_of(who_above), self.groups_of(who_below), strict=True):
            if self.people_in[group]:
                found[group] = Ratio(self.by_day(up[mine]), self.by_day(down[all_mine]))
        return found

    def share_by_group(self, minutes: ArrayLike, person: ArrayLike, which: ArrayLike) -> dict[str, Ratio]:
        """Return the share of some minutes for which `which` holds, in all and for every group of their persons."""
        times, who, mine = np.asarray(minutes, dtype=float), np.asarray(person), np.asarray(which, dtype=bool)
        return self.by_group(times[mine], who[mine], times, who)

    @cached_property
    def usual(self) -> list[str]:
        """Return each person's usual GP, "" where there is none."""
        return usual_clinicians(self.practice, self.people)

    def by_day(self, minutes: ArrayLike, weights: ArrayLike | None = None) -> Daily:
        """Return counts (or sums of weights) by the day in which each minute falls."""
        day = (np.asarray(minutes, dtype=float) // DAY).astype(np.int64)
        weight = None if weights is None else np.asarray(weights, dtype=float)
        return np.bincount(day, weight, self.days)[: self.days].astype(float)

    def patients_in_1000(self) -> float:
        """Return the list size in thousands."""
        return self.practice.list_size / 1000


def by_mode(modes: ArrayLike) -> dict[str, NDArray[np.bool_]]:
    """Return which appointments belong to each mode, and to the published one that is two here."""
    of_each = np.asarray(modes, dtype=object)
    found = {f"mode={mode}": of_each == mode for mode in MODES}
    return found | {f"mode={VIDEO_ONLINE}": found[f"mode={VIDEO}"] | found[f"mode={ONLINE_MESSAGE}"]}


@dataclass(frozen=True)
class Ratio:
    """A number for every period: the numerator summed over its days by the denominator summed over them."""

    numerator: Daily
    denominator: Daily

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
    for one in METRICS.values():
        measured = one.measure(counted)
        if isinstance(measured, Ratio):
            yield one, "", measured
        else:
            for group, ratio in measured.items():
                yield one, group, ratio
