"""Metrics of who comes often and who never comes: the tenth that comes most, who stays so, and who is seen by nobody.

Each is of the measured weeks as a whole: a week of its own has no frequent attenders.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pcqa_sim.population.frequent import most as top
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.metrics.people import adults, never_asked
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.needs import PRACTICE
from pcqa_sim.values.words import GP

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

TOPS = (1, 3, 5, 10)  # of a hundred people: fa_top1_share, fa_top3_share, fa_top10_share_of_contacts_review
OFTEN_A_MONTH = 3  # contacts; pcqa_frequent_attender_rule: more than that is often
WEEKS_A_MONTH = 365.25 / 12 / 7
HALF_YEAR, YEAR = 26, 52  # weeks
AFTER = (HALF_YEAR, YEAR, 2 * YEAR)
"""After how many weeks it is asked who still comes often; `weeks_needed` says how long a run it takes."""


def weeks_needed(after: int) -> int:
    """Return how many measured weeks it takes to say who still comes often after so many weeks."""
    return 3 * YEAR if after > YEAR else 2 * after


def first_week(c: Counted) -> int:
    """Return the first measured week."""
    return c.scenario.run.warm_up_weeks


def whole(c: Counted, above: float, below: float) -> Ratio:
    """Return a ratio of the measured weeks as a whole."""
    up, down = np.zeros(c.days), np.zeros(c.days)
    up[first_week(c) * 7], down[first_week(c) * 7] = above, below
    return Ratio(up, down, whole=True)


def each(c: Counted, time: ArrayLike, person: ArrayLike, start: int, end: int) -> Counts:
    """Return how many of some dated things each person has between two weeks of the run."""
    at = np.asarray(time)
    inside = (at >= start * WEEK) & (at < end * WEEK)
    return np.bincount(np.asarray(person)[inside], minlength=len(c.people)).astype(np.int64)


def consultations(c: Counted, start: int | None = None, end: int | None = None, gps: bool = False) -> Counts:
    """Return each person's consultations with any clinician, or a GP, measured or between two weeks of the run."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    mine = role_of(ended.who) == GP if gps else np.ones(len(ended.time), dtype=bool)
    return each(
        c, ended.time[mine], ended.person[mine], first_week(c) if start is None else start, end or c.scenario.weeks
    )


def contacts(c: Counted, start: int | None = None, end: int | None = None) -> Counts:
    """Return the contacts each person made in the measured weeks, or between two weeks of the run."""
    first, last = first_week(c) if start is None else start, c.scenario.weeks if end is None else end
    return each(c, c.made["opened"], c.made["person"], first, last)


def _of_top(c: Counted, counts: Counts) -> dict[str, Ratio]:
    return {
        f"top={share}": whole(c, float(counts[top(counts, share / 100)].sum()), float(counts.sum())) for share in TOPS
    }


@metric("consultations of the people who come most", "share of consultations")
def frequent_consultation_share(c: Counted) -> dict[str, Ratio]:
    """Share of consultations with any clinician that go to the 1, 3, 5 and 10 in 100 people who have most of them.

    They are chosen by the consultations they are judged on, as published shares are.
    """
    return _of_top(c, consultations(c))


@metric("contacts of the people who ask most", "share of contacts")
def frequent_contact_share(c: Counted) -> dict[str, Ratio]:
    """Share of the contacts people make that the 1, 3, 5 and 10 in 100 people make who make most of them."""
    return _of_top(c, contacts(c))


def _groups(c: Counted) -> Iterator[tuple[str, Mask]]:
    """Yield everybody, and the people of each sex, segment, age band and fifth of deprivation."""
    people = c.people
    yield "", np.ones(len(people), dtype=bool)
    yield from (("sex=women", people.female), ("sex=men", ~people.female))
    for word, names, number in (
        ("segment", people.segments, people.segment),
        ("age", people.ages, people.age),
        ("deprivation", people.fifths, people.deprivation - 1),
    ):
        for place, name in enumerate(names):
            yield f"{word}={name.removeprefix(f'{word}_').removeprefix('fifth_')}", number == place


def _share_of_people(c: Counted, which: Mask, among: Mask | None = None) -> dict[str, Ratio]:
    """Return the share of people for whom something holds, in all and in every group of theirs."""
    there = np.ones(len(which), dtype=bool) if among is None else among
    return {
        group: whole(c, float((which & there & of).sum()), float((there & of).sum()))
        for group, of in _groups(c)
        if (there & of).any()
    }


@metric("people with more than 3 contacts a month", "share of people")
def over_3_contacts_a_month_share(c: Counted) -> dict[str, Ratio]:
    """Share of people who make more than 3 contacts a month over the measured weeks, in all and by group."""
    months = c.scenario.run.measured_weeks / WEEKS_A_MONTH
    return _share_of_people(c, contacts(c) > OFTEN_A_MONTH * months)


@metric("people with more than 3 contacts in the month before", "share of people")
def over_3_contacts_in_month_share(c: Counted) -> dict[str, Ratio]:
    """Share of people who made more than 3 contacts in the month that ends with each week; the mean of those weeks.

    So it can be followed week by week; the first weeks of a run have no month behind them.
    """
    up, down = np.zeros(c.days), np.zeros(c.days)
    opened, person = np.asarray(c.made["opened"]), np.asarray(c.made["person"])
    for week in range(math.ceil(WEEKS_A_MONTH) - 1, c.scenario.weeks):
        end = (week + 1) * WEEK
        inside = (opened >= end - WEEKS_A_MONTH * WEEK) & (opened < end)
        many = np.bincount(person[inside], minlength=len(c.people))
        up[week * 7], down[week * 7] = float((many > OFTEN_A_MONTH).sum()), float(len(c.people))
    return {"": Ratio(up, down)}


@metric("who comes often", "share of the tenth of people with most consultations")
def frequent_people_share(c: Counted) -> dict[str, Ratio]:
    """Of the tenth of people with most consultations, the share of each sex, segment, age band and fifth.

    And the share of their time in which they are unsettled, `state=unsettled`, beside everybody's, `state=of_all`.
    """
    often = top(consultations(c), 0.1)
    among, weeks = float(often.sum()), unsettled_weeks(c)
    long = float(c.scenario.run.measured_weeks)
    found = {group: whole(c, float((often & of).sum()), among) for group, of in _groups(c) if group and of.any()}
    found["state=unsettled"] = whole(c, float(weeks[often].sum()), among * long)
    return found | {"state=of_all": whole(c, float(weeks.sum()), len(weeks) * long)}


def unsettled_weeks(c: Counted) -> NDArray[np.float64]:
    """Return for how many of the measured weeks each person is unsettled."""
    first, end = first_week(c) * WEEK, c.scenario.weeks * WEEK
    turns = c.tables.rows(log.STATE)
    left = end - np.clip(turns.time, first, end)  # from a change on, to the end of the run
    sign = np.where(turns.code == log.UNSETTLED, 1.0, -1.0)
    weeks: NDArray[np.float64] = np.bincount(turns.person, sign * left, len(c.people)) / WEEK
    return weeks


@metric("what those need who come often", "share of needs of the tenth of people with most consultations")
def frequent_needs_share(c: Counted) -> dict[str, Ratio]:
    """Of the needs of the tenth of people with most consultations, the share of each kind; planned care left out."""
    often = top(consultations(c), 0.1)
    needs = c.tables.need_columns
    needs = needs.where((needs.words("origin") != PRACTICE) & (needs["arose"] >= first_week(c) * WEEK))
    kinds = needs.words("kind")[often[needs["person"]]]
    many = np.bincount(kinds.codes, minlength=len(kinds.words))
    return {
        f"kind={kind}": whole(c, float(many[kinds.words.index(kind)]) if kind in kinds.words else 0.0, len(kinds))
        for kind in c.practice.demand.kinds
    }


@metric("people who come often and still do later", "share of the tenth of people with most consultations")
def still_frequent_share(c: Counted) -> dict[str, Ratio]:
    """Of the tenth with most consultations, the share who are in it again: after half a year, a year, two years.

    Of the first 26 measured weeks in the next 26; of the first year in the second; of the first year in the second and
    in the third. What takes a longer run has no value. Groups `gp:after=...` count consultations with GPs alone, as
    most studies do (`fa_still_fa_next_year`): care that is planned, mostly with nurses, comes back every year. Those
    that begin with `by_age_and_sex:` pick the tenth of adults of each age band and sex, as most studies do as well
    (Smits et al, BMC Public Health 2009): of everybody together the tenth is of the old, who stay old.
    """
    return {
        f"{picked}{whom}after={after}_weeks": _still(c, after, gps=bool(whom), alike=bool(picked))
        for picked in ("", "by_age_and_sex:")
        for whom in ("", "gp:")
        for after in AFTER
    }


def tenth_of_alike(c: Counted, counts: Counts) -> Mask:
    """Return which adults are in the tenth with most of those of their age band and sex."""
    people, chosen, adult = c.people, np.zeros(len(counts), dtype=bool), adults(c)
    for sex in (people.female, ~people.female):
        for band in range(len(people.ages)):
            those = np.flatnonzero(adult & sex & (people.age == band))
            chosen[those[top(counts[those], 0.1)]] = True
    return chosen


def _still(c: Counted, after: int, gps: bool, alike: bool) -> Ratio:
    first, long = first_week(c), weeks_needed(after)
    if c.scenario.run.measured_weeks < long:
        return whole(c, 0.0, 0.0)
    window = min(after, YEAR)
    years = [consultations(c, at, at + window, gps) for at in range(first, first + long, window)]
    tenths = [tenth_of_alike(c, counts) if alike else top(counts, 0.1) for counts in years]
    return whole(c, float(np.logical_and.reduce(tenths).sum()), float(tenths[0].sum()))


def _last_year(c: Counted) -> tuple[int, int] | None:
    """Return the weeks of the last year of a run, None where less than a year is measured."""
    weeks = c.scenario.weeks
    return (weeks - YEAR, weeks) if c.scenario.run.measured_weeks >= YEAR else None


@metric("people seen by nobody in a year", "share of people")
def not_seen_in_a_year_share(c: Counted) -> dict[str, Ratio]:
    """Share of people without a consultation in the last 52 weeks, in all and by group; shorter runs have no value."""
    year = _last_year(c)
    if year is None:
        return {}
    return _share_of_people(c, consultations(c, *year) == 0)


@metric("adults not seen by a GP in a year", "share of adults")
def not_seen_by_gp_in_a_year_share(c: Counted) -> dict[str, Ratio]:
    """Share of adults without a consultation with a GP, in any mode, in the last 52 weeks; by sex, and age by sex.

    As the Health Survey asks (`not_seen_gp_12m_men`); shorter runs have no value.
    """
    year = _last_year(c)
    if year is None:
        return {}
    ended = c.tables.rows(log.CONSULT_ENDED)
    by_gp = ended.where(role_of(ended.who) == GP)
    unseen, adult, people = each(c, by_gp.time, by_gp.person, *year) == 0, adults(c), c.people
    found: dict[str, Ratio] = {}
    for sex, of_sex in (("men", ~people.female), ("women", people.female)):
        groups = [(f"sex={sex}", of_sex & adult)]
        groups += [
            (f"{sex}={name.removeprefix('age_')}", of_sex & adult & (people.age == at))
            for at, name in enumerate(people.ages)
        ]
        found |= {group: whole(c, float((unseen & of).sum()), float(of.sum())) for group, of in groups if of.any()}
    return found


@metric("people who have needs and ask about none", "share of people with needs")
def asks_for_nothing_share(c: Counted) -> dict[str, Ratio]:
    """Of people with a need in the measured weeks, the share who never ask about any of them, in all and by group."""
    needs = c.tables.need_columns
    needs = needs.where((needs.words("origin") != PRACTICE) & (needs["arose"] >= first_week(c) * WEEK))
    known = needs.where(never_asked(c, needs) | ~np.isnan(needs["asked"]))
    some = np.bincount(known["person"], minlength=len(c.people)) > 0
    asked = np.bincount(known["person"][~np.isnan(known["asked"])], minlength=len(c.people)) > 0
    return _share_of_people(c, ~asked, some)


@metric("clinicians' minutes of those who need and who ask most", "share of clinicians' minutes with patients")
def minutes_of_tenth_share(c: Counted) -> dict[str, Ratio]:
    """Share of clinicians' minutes with patients that go to the tenth with most needs, and to that with most contacts.

    Needs are those people have, asked about or not; contacts those they make.
    """
    needs = c.tables.need_columns
    needs = needs.where(needs.words("origin") != PRACTICE)
    need = each(c, needs["arose"], needs["person"], first_week(c), c.scenario.weeks)
    ended = c.tables.rows(log.CONSULT_ENDED)
    late = ended.time >= first_week(c) * WEEK
    minutes = np.bincount(ended.person[late], ended.amount[late], len(c.people))
    every = float(minutes.sum())
    return {
        f"tenth={name}": whole(c, float(minutes[top(counts, 0.1)].sum()), every)
        for name, counts in (("need", need), ("contacts", contacts(c)))
    }
