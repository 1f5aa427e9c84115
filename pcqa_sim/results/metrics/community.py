"""Metrics of the community: who is sent to its places, who waits, who is helped, and whose minutes and pounds it takes.

A referral is one person sent to one place, whoever sent them: reception, an access model, a clinician, or nobody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.scenario.groups.community import NHS, RESOURCES, CommunityPlace
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.words import PlaceEnding, PlaceRoute

HELPED = PlaceEnding.COMPLETED
BEFORE_AND_AFTER_WEEKS = 8


@metric("people sent to places in the community", "referrals per 1,000 people and week")
def community_sent_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Referrals to places in the community: in all, by place, and by how people came there."""
    referrals = c.referrals
    found = {"": _per_1000_week(c, c.by_day(referrals["sent"]))}
    for word, names in (("place", tuple(c.practice.community)), ("route", tuple(PlaceRoute))):
        for name, daily in c.by_word(referrals.words(word), names, referrals["sent"]).items():
            found[f"{word}={name}"] = _per_1000_week(c, daily)
    return found


@metric("needs met in the community", "needs per 1,000 people and week", "more")
def community_met_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Referrals whose person stayed to the end and was helped: in all, and by place."""
    helped = _ended(c, HELPED)
    found = {"": _per_1000_week(c, c.by_day(helped["ended"]))}
    for name, daily in _by_place(c, helped, helped["ended"]).items():
        found[f"place={name}"] = _per_1000_week(c, daily)
    return found


@metric("how referrals to the community end", "share of referrals that end")
def community_ending_share(c: Counted) -> dict[str, Ratio]:
    """Of referrals that end, the share that end in each way: of all places, and of each."""
    over = c.referrals.known("ended")
    found = _endings(c, over, "")
    for name in c.practice.community:
        found |= _endings(c, over.where(over.words("place") == name), f"place={name} ")
    return found


@metric("needs that do not arise because of places in the community", "share of needs", "more")
def needs_kept_away_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that having been at places keeps away, week by week: in all, and by place whose effect it is.

    Of everybody's needs, and with "of=those_there" of the needs of people who have been there. It is the true effect,
    by everybody's rates with and without it on the same luck; nothing where no place has any.
    """
    rows = c.tables.rows(log.NEEDS_KEPT_AWAY)
    if not len(rows):
        return {}
    found = {}
    for name in ("", *c.practice.community):
        for code, whose in ((log.OF_EVERYBODY, ""), (log.OF_THOSE_THERE, "of=those_there")):
            mine = rows.where((rows.who == name) & (rows.code == code))
            of_days = [(mine.time + day * DAY, mine.amount) for day in range(7)]
            many = np.sum([c.by_day(time) for time, _ in of_days], axis=0)
            daily = np.sum([c.by_day(*of_day) for of_day in of_days], axis=0)
            group = " ".join(part for part in (f"place={name}" if name else "", whose) if part)
            found[group] = Ratio(daily, many if whose else np.ones(c.days))
    return found


@metric("contacts of people whom a clinician referred, before and after", "contacts per person and four weeks")
def referred_contacts_per_4_weeks(c: Counted) -> dict[str, Ratio]:
    """Contacts that people make in the eight weeks before a referral to the community, and in the eight weeks after.

    A fall is no effect of having been there: people are referred when things are bad, and most of it passes by itself
    (regression to the mean). `needs_kept_away_share` is what places do. Referrals with eight weeks on either side.
    """
    referrals, span = c.referrals, BEFORE_AND_AFTER_WEEKS * WEEK
    mine = referrals.where(referrals.words("route") == PlaceRoute.REFERRED)
    mine = mine.where((mine["sent"] >= span) & (mine["sent"] + span <= c.days * DAY))
    if not len(mine):
        return {}
    made = c.made
    order = np.lexsort((made["opened"], made["person"]))
    whole = c.days * DAY + 1.0
    asked = made["person"][order] * whole + made["opened"][order]
    at = mine["person"] * whole + mine["sent"]
    edges = [np.searchsorted(asked, at + moved, side="right") for moved in (-span, 0.0, span)]
    people = c.by_day(mine["sent"]) * (BEFORE_AND_AFTER_WEEKS / 4)
    return {
        f"when={when}": Ratio(c.by_day(mine["sent"], until - since), people)
        for when, since, until in (("before", edges[0], edges[1]), ("after", edges[1], edges[2]))
    }


@metric("people waiting for a place in the community", "people per 1,000", "less")
def community_waiting_per_1000(c: Counted) -> dict[str, Ratio]:
    """People on the lists, at the end of each day, by 1,000 of the practice's people: in all, and by place."""
    referrals = c.referrals
    return _at_midnights(c, referrals, referrals["sent"], np.fmin(referrals["began"], referrals["ended"]))


@metric("days waited for a place in the community", "days", "less")
def community_wait_days(c: Counted) -> dict[str, Ratio]:
    """Mean days on the list, those included who never get a place: in all, and by place."""
    referrals, found = c.referrals, {}
    for group, mine in _of_each(c, referrals):
        until = np.fmin(mine["began"], mine["ended"])
        order = np.argsort(until[~np.isnan(until)], kind="stable")
        over = (until[~np.isnan(until)][order], mine["person"][~np.isnan(until)][order])
        waited = c.waiting((mine["sent"], mine["person"]), over)[""]
        found[group] = Ratio(waited.numerator / DAY, waited.denominator)
    return found


@metric("people looked after by places in the community", "people per 1,000")
def community_present_per_1000(c: Counted) -> dict[str, Ratio]:
    """People between their first and last session, at the end of each day: in all, and by place."""
    begun = c.referrals.known("began")
    return _at_midnights(c, begun, begun["began"], begun["ended"])


@metric("places in the community in use", "share of places")
def community_in_use_share(c: Counted) -> dict[str, Ratio]:
    """People looked after, by the places there are, at the end of each day: of each place with a limit."""
    begun, rows, found = c.referrals.known("began"), c.tables.rows(log.PLACE_CAPACITY), {}
    ends = np.arange(1, c.days + 1) * DAY
    for name in c.practice.community:
        mine, of_place = begun.where(begun.words("place") == name), rows.where(rows.who == name)
        if not len(of_place) or (of_place.amount < 0).any():
            continue
        at = np.maximum(np.searchsorted(of_place.time, ends, side="left") - 1, 0)
        found[f"place={name}"] = Ratio(_present(c, mine["began"], mine["ended"]), of_place.amount[at].astype(float))
    return found


@metric("who waited for what", "share of people who begin at a place")
def community_waited_for_share(c: Counted) -> dict[str, Ratio]:
    """What people waited for before their first session: nothing, a place, a session or a minute that was free."""
    begun, found = c.referrals.known("began"), {}
    limited = {name for name, place in c.practice.community.items() if _has_a_limit(place)}
    for group, mine in _of_each(c, begun):
        if group and group.removeprefix("place=") not in limited:
            continue
        every = c.by_day(mine["began"])
        for what in ("nothing", "places", "sessions", "minutes"):
            waited = mine.where(mine.words("waited_for") == what)
            found[f"{group} waited_for={what}".strip()] = Ratio(c.by_day(waited["began"]), every)
    return found


@metric("time that places in the community give", "minutes per working day")
def community_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of sessions: in all, by place, and by whose they are: volunteers', the NHS's, the council's, others'."""
    return _by_resource(c, _sessions(c).amount)


@metric("what places in the community cost", "pounds per working day")
def community_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Pounds of sessions, those in the practice's own rota left out: in all, by place, and by whose they are."""
    _, pounds = session_pounds(c)
    return _by_resource(c, pounds)


def session_pounds(c: Counted) -> tuple[Words, NDArray[np.float64]]:
    """Return the place and the pounds of every session, 0 for one in the rota of a role of the practice."""
    rows = _sessions(c)
    price = {name: place.gbp_per_session for name, place in c.practice.community.items()}
    return rows.who, np.where(rows.code == "", rows.who.worth(lambda name: price.get(name, 0.0)), 0.0)


def resource_of(c: Counted, place: str) -> str:
    """Return whose a place is."""
    return c.practice.community[place].run_by if place in c.practice.community else NHS


def _has_a_limit(place: CommunityPlace) -> bool:
    limits = (place.places_per_10000, place.sessions_per_10000_day, place.minutes_per_10000_day, place.champions)
    return any(limit is not None for limit in limits)


def _sessions(c: Counted) -> Rows:
    return c.tables.rows(log.PLACE_SESSION)


def _by_resource(c: Counted, amount: NDArray[np.float64]) -> dict[str, Ratio]:
    rows = _sessions(c)
    found = {"": Ratio(c.by_day(rows.time, amount), c.working_days)}
    of_resource = rows.who.mapped(lambda place: resource_of(c, place))
    for word, names, column in (("place", tuple(c.practice.community), rows.who), ("of", RESOURCES, of_resource)):
        for name, daily in c.by_word(column, names, rows.time, amount).items():
            found[f"{word}={name}"] = Ratio(daily, c.working_days)
    return found


def _ended(c: Counted, ending: str) -> Columns:
    over = c.referrals
    return over.where(over.words("ending") == ending)


def _endings(c: Counted, over: Columns, prefix: str) -> dict[str, Ratio]:
    every = c.by_day(over["ended"])
    daily = c.by_word(over.words("ending"), tuple(PlaceEnding), over["ended"])
    return {f"{prefix}ending={name}": Ratio(daily[name], every) for name in PlaceEnding}


def _of_each(c: Counted, referrals: Columns) -> list[tuple[str, Columns]]:
    place = referrals.words("place")
    return [("", referrals), *((f"place={name}", referrals.where(place == name)) for name in c.practice.community)]


def _by_place(c: Counted, referrals: Columns, at: NDArray[np.float64]) -> dict[str, Daily]:
    return c.by_word(referrals.words("place"), tuple(c.practice.community), at)


def _at_midnights(
    c: Counted, referrals: Columns, since: NDArray[np.float64], until: NDArray[np.float64]
) -> dict[str, Ratio]:
    found = {}
    for name in ("", *c.practice.community):
        mine = slice(None) if not name else np.flatnonzero(referrals.words("place") == name)
        there = _present(c, since[mine], until[mine])
        found[f"place={name}" if name else ""] = Ratio(there, np.full(c.days, c.patients_in_1000()))
    return found


def _present(c: Counted, since: NDArray[np.float64], until: NDArray[np.float64]) -> Daily:
    """Return how many are there at the end of each day, since a minute each and until another (NaN: still there)."""
    return np.cumsum(c.by_day(since) - c.by_day(until[~np.isnan(until)]))


def _per_1000_week(c: Counted, daily: Daily) -> Ratio:
    return Ratio(daily, np.full(c.days, c.patients_in_1000() / 7))
