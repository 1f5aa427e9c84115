"""One practice's run, ready to be counted by day, and what counts make: a ratio of two of them.

Whatever is counted is counted on the day on which it is known, and minutes on the day on which they are spent, so that
a past day or week does not change when the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pcqa_sim.clinic.staff import usual_clinicians
from pcqa_sim.population.people import People
from pcqa_sim.results.columns import Columns, Numbers, Words
from pcqa_sim.results.extrawork import extra_work
from pcqa_sim.results.mdt import mdt_columns, mdt_spent
from pcqa_sim.results.referrals import referral_columns
from pcqa_sim.results.tables import Tables
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WorkingCalendar
from pcqa_sim.values.needs import ASKED_THROUGH, INFORMED, LEVELS, MODES, ONLINE_MESSAGE, PRACTICE, VIDEO
from pcqa_sim.values.words import Place

Daily = NDArray[np.float64]
Dated = tuple[NDArray[np.float64], NDArray[np.int32]]  # minutes of the run, and whose each is
VIDEO_ONLINE = "video_online"  # video and written answers together, as the published series count them


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
    def made(self) -> Columns:
        """Return the contacts people made, what the practice initiates left out."""
        return self.contacts.where(self.is_made)

    @cached_property
    def is_made(self) -> NDArray[np.bool_]:
        """Return of every contact whether a person made it, and not the practice."""
        return self.contacts.words("channel").isin(ASKED_THROUGH)

    @cached_property
    def asked(self) -> Columns:
        """Return the contacts people made, without calls that the recorded message answered."""
        return self.made.where(self.made.words("why") != INFORMED)

    @cached_property
    def extra_work(self) -> Columns:
        """Return the work that need not have been done, a row a piece (`results.extrawork`)."""
        return extra_work(self.tables, self.practice)

    @cached_property
    def referrals(self) -> Columns:
        """Return the people sent to places in the community, a row each time (`results.referrals`)."""
        return referral_columns(self.tables)

    @cached_property
    def mdt_cases(self) -> Columns:
        """Return the people at MDTs, a row each time they come on a list (`results.mdt`)."""
        return mdt_columns(self.tables)

    @cached_property
    def mdt_spent(self) -> Columns:
        """Return the work of MDTs' members and leads, a row a piece (`results.mdt`)."""
        return mdt_spent(self.tables)

    @cached_property
    def contacts(self) -> Columns:
        """Return every contact, with the kind of the need it is about."""
        return self.tables.contact_columns.joined_by(kind=self.kind_of(log.CONTACT_OPENED))

    def kind_of(self, event: str) -> Words:
        """Return the kind of the need that each row of an event is about."""
        return self.tables.need_columns.words("kind")[self.tables.needs_of(event)]

    @cached_property
    def decisions(self) -> Columns:
        """Return every decision about what people asked: when, whose, the kind, what it was, and how urgent.

        `urgency` is the need's and `flagged` what it was taken for, as places in `LEVELS`; 0 for one not flagged.
        """
        decided, flagged = self.tables.rows(log.DECIDED), self.tables.rows(log.FLAGGED)
        at, need = self.tables.contacts_of(log.DECIDED), self.tables.needs_of(log.DECIDED)
        taken = np.zeros(len(self.is_made), dtype=np.int64)
        taken[self.tables.contacts_of(log.FLAGGED)] = flagged.code.worth(lambda word: float(LEVELS.index(word)))
        whole: dict[str, Numbers | Words] = {
            "time": decided.time,
            "need": decided.need,
            "person": decided.person,
            "kind": self.kind_of(log.DECIDED),
            "urgency": self.urgency[need],
            "flagged": taken[at],
            "disposition": decided.code,
        }
        return Columns(whole).where(self.is_made[at])

    @cached_property
    def urgency(self) -> NDArray[np.int64]:
        """Return of every need how urgent it was as it arose, as a place in `LEVELS`."""
        return self.tables.rows(log.NEED_AROSE).amount.astype(np.int64)

    @cached_property
    def asked_about(self) -> Columns:
        """Return the needs that people asked about, with when each was first `seen` by a clinician, and `helped`.

        That is by a clinician, or by a place that began with it; both are NaN for never.
        """
        columns = self.tables.need_columns.joined_by(seen=self.first_seen, helped=self.first_helped)
        return columns.where(self.is_asked_about)

    @cached_property
    def is_asked_about(self) -> NDArray[np.bool_]:
        """Return of every need whether people asked about it, and not the practice."""
        needs = self.tables.need_columns
        return (needs.words("origin") != PRACTICE) & ~np.isnan(needs["asked"])

    @cached_property
    def administrative(self) -> tuple[str, ...]:
        """Return the kinds of need that have no clinical question."""
        return tuple(name for name, kind in self.practice.demand.kinds.items() if kind.administrative)

    @cached_property
    def first_seen(self) -> NDArray[np.float64]:
        """Return of every need when the first consultation about it ended, NaN for one that had none."""
        return self._first(log.CONSULT_ENDED)

    @cached_property
    def first_helped(self) -> NDArray[np.float64]:
        """Return of every need when a clinician had first seen it or a place had begun with it, NaN for neither.

        Advice to treat oneself does not count: nobody is there, and sending more people to it would look like help.
        """
        there = self.tables.rows(log.PLACE_BEGAN).who != Place.SELF_CARE.value
        return np.fmin(self.first_seen, self._first(log.PLACE_BEGAN, there))

    def _first(self, event: str, which: NDArray[np.bool_] | slice = slice(None)) -> NDArray[np.float64]:
        """Return of every need when an event, one of those rows if they are given, first happened; NaN for never."""
        first = np.full(len(self.tables.need_columns), np.nan)
        needs, times = self.tables.needs_of(event)[which], self.tables.rows(event).time[which]
        first[needs[::-1]] = times[::-1]  # rows are in order of time
        return first

    @cached_property
    def calls(self) -> Columns:
        """Return the calls as the published statistics see them: engaged attempts are left out."""
        calls = self.tables.call_columns
        return calls.where(calls.words("ending") != log.ENGAGED)

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

    @cached_property
    def _kind_of_person(self) -> tuple[NDArray[np.int32], tuple[int, ...]]:
        """Return each person's segment, age band and fifth of deprivation as one number, and how many of each are."""
        shape = tuple(len(names) for names, _ in self._attributes)
        number = np.ravel_multi_index([number for _, number in self._attributes], shape)
        return number.astype(np.int32), shape

    def counts_by_group(
        self, minutes: ArrayLike, person: ArrayLike, weights: ArrayLike | None = None
    ) -> dict[str, Daily]:
        """Return counts (or sums of weights) by day, in all and for every group that anybody belongs to."""
        day, who = self._day(minutes), np.asarray(person)
        found = {"": self._by_number(None, 1, day, weights)[0]}
        for (names, _), counts in zip(self._attributes, self._by_attribute(who, day, weights), strict=True):
            found |= {name: daily for name, daily in zip(names, counts, strict=True) if self.people_in[name]}
        return found

    def _by_attribute(
        self, who: NDArray[Any], day: NDArray[np.int32], weights: ArrayLike | None
    ) -> Iterator[NDArray[np.float64]]:
        """Yield counts by group and day for each attribute of people; whole counts are all counted in one pass."""
        if weights is not None:  # sums depend on the order in which their parts are added
            for names, number in self._attributes:
                yield self._by_number(number[who], len(names), day, weights)
            return
        kind, shape = self._kind_of_person
        counts = self._by_number(kind[who], int(np.prod(shape)), day, None).reshape(*shape, self.days)
        for axis in range(len(shape)):
            yield counts.sum(axis=tuple(other for other in range(len(shape)) if other != axis))

    def by_word(
        self, words: Words, names: Sequence[str], minutes: ArrayLike, weights: ArrayLike | None = None
    ) -> dict[str, Daily]:
        """Return counts (or sums of weights) by day for each of some words; other words are left out."""
        place = {name: number for number, name in enumerate(names)}
        number = np.array([*(place.get(word, len(names)) for word in words.words), len(names)])[words.codes]
        counts = self._by_number(number, len(names) + 1, self._day(minutes), weights)
        return dict(zip(names, counts, strict=False))

    def _day(self, minutes: ArrayLike) -> NDArray[np.int32]:
        """Return the day of the run in which each minute falls; the day after the run for what comes later."""
        at = np.minimum(np.asarray(minutes, dtype=float), self.days * DAY)
        day: NDArray[np.int32] = np.floor(at / DAY).astype(np.int32)  # a tenth of what // takes, and never another day
        return day

    def _by_number(
        self, number: NDArray[Any] | None, numbers: int, day: NDArray[np.int32], weights: ArrayLike | None
    ) -> NDArray[np.float64]:
        """Return counts by number and day; what falls after the run is left out."""
        weight = None if weights is None else np.asarray(weights, dtype=float)
        at = day if number is None else number * (self.days + 1) + day
        counts = np.bincount(at, weight, numbers * (self.days + 1)).astype(np.float64)
        return counts.reshape(numbers, self.days + 1)[:, : self.days]

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
        counts: Daily = self._by_number(None, 1, self._day(minutes), weights)[0]
        return counts

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


def by_mode(modes: Words) -> dict[str, NDArray[np.bool_]]:
    """Return which appointments belong to each mode, and to the published one that is two here."""
    found = {f"mode={mode}": modes == mode for mode in MODES}
    return found | {f"mode={VIDEO_ONLINE}": found[f"mode={VIDEO}"] | found[f"mode={ONLINE_MESSAGE}"]}
