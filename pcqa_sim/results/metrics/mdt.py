"""Metrics of MDTs: who waits and how long, which meetings are held, what members spend and what it costs whom.

Only where there are MDTs. A meeting belongs to the practice whose turn it is, a person to their own practice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.mdt import FIRST_REVIEW
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.scenario.groups.mdt import LEVELS
from pcqa_sim.scenario.meetings import served
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.words import MdtEnding, MdtMeeting

WITHIN_DAYS = 14.0
CONTACT = "contact"
WHAT = ("meeting", "prepare", "actions", CONTACT)


@metric("people whom an MDT discusses within 14 days", "share of people on a list", "more")
def mdt_reviewed_within_14_days(c: Counted) -> dict[str, Ratio]:
    """Share of those who came on a list 14 days ago who have been discussed since; those who left are left out."""
    found = {}
    for group, mine in _of_each(c):
        due = mine["selected"] + WITHIN_DAYS * DAY
        there = ~((mine.words("ending") == MdtEnding.LEFT) & (mine["ended"] < due))
        in_time = mine["reviewed"] <= due
        found[group] = Ratio(c.by_day(due[there & in_time]), c.by_day(due[there]))
    return found


@metric("days until an MDT discusses somebody", "days", "less")
def mdt_wait_days(c: Counted) -> dict[str, Ratio]:
    """Mean days on the list, those included whom no meeting has come to yet: in all, and by MDT."""
    found = {}
    for group, mine in _of_each(c):
        until = np.fmin(mine["reviewed"], mine["ended"])
        over = np.flatnonzero(~np.isnan(until))
        over = over[np.argsort(until[over], kind="stable")]
        waited = c.waiting((mine["selected"], mine["person"]), (until[over], mine["person"][over]))[""]
        found[group] = Ratio(waited.numerator / DAY, waited.denominator)
    return found


@metric("people waiting for an MDT", "people per 1,000", "less")
def mdt_waiting_per_1000(c: Counted) -> dict[str, Ratio]:
    """People on the lists at the end of each day, by 1,000 of the practice's people: in all, and by MDT."""
    return _present(c, lambda mine: mine["selected"], lambda mine: np.fmin(mine["reviewed"], mine["ended"]))


@metric("people with a plan of an MDT", "people per 1,000")
def mdt_planned_per_1000(c: Counted) -> dict[str, Ratio]:
    """People whose plan has begun and not ended, at the end of each day, by 1,000 people: in all, and by MDT."""
    return _present(c, lambda mine: mine["planned"], _plan_ended)


@metric("people who come on the list of an MDT", "people per week")
def mdt_selected_per_week(c: Counted) -> dict[str, Ratio]:
    """People found, or named by a clinician, per week: in all, by MDT, and by how."""
    found = {group: _per_week(c, mine["selected"]) for group, mine in _of_each(c)}
    for how, daily in c.by_word(c.mdt_cases.words("how"), ("found", "nominated"), c.mdt_cases["selected"]).items():
        if found:
            found[f"how={how}"] = Ratio(daily, _weeks(c))
    return found


@metric("people discussed at MDTs", "people per week")
def mdt_reviewed_per_week(c: Counted) -> dict[str, Ratio]:
    """People discussed per week: in all, by MDT, by severity, and for the first time or again."""
    rows = c.tables.rows(log.MDT_REVIEWED)
    found = {group: _per_week(c, mine.time) for group, mine in _rows_of_each(c, rows)}
    if not found:
        return {}
    level = rows.code.mapped(lambda word: word.partition(".")[0])
    for name, daily in c.by_word(level, LEVELS, rows.time).items():
        found[f"level={name}"] = Ratio(daily, _weeks(c))
    first = rows.code.where(lambda word: word.endswith(FIRST_REVIEW))
    return found | {"which=first": _per_week(c, rows.time[first]), "which=again": _per_week(c, rows.time[~first])}


@metric("meetings of MDTs", "meetings per week")
def mdt_meetings_per_week(c: Counted) -> dict[str, Ratio]:
    """Meetings held per week, and those moved and lost: in all, and by MDT."""
    found = {}
    for group, mine in _rows_of_each(c, c.tables.rows(log.MDT_MEETING)):
        for what in ("held", "moved", "lost"):
            found[_joined(group, f"what={what}")] = _per_week(c, mine.time[_is(mine.code, what)])
    return found


@metric("meetings of MDTs that are lost", "share of meetings due", "less")
def mdt_lost_share(c: Counted) -> dict[str, Ratio]:
    """Of meetings that were held or lost, the share lost: in all, by MDT, and by what kept them from being held."""
    found = {}
    for group, mine in _rows_of_each(c, c.tables.rows(log.MDT_MEETING)):
        lost = _is(mine.code, "lost")
        due = c.by_day(mine.time[lost | _is(mine.code, "held")])
        found[group] = Ratio(c.by_day(mine.time[lost]), due)
        for ending in (MdtMeeting.LOST_HOLIDAY, MdtMeeting.LOST_AWAY, MdtMeeting.LOST_MISSING):
            why = ending.value.partition(".")[2]
            found[_joined(group, f"why={why}")] = Ratio(c.by_day(mine.time[mine.code == ending.value]), due)
    return found


@metric("people discussed at one meeting", "people per meeting held")
def mdt_cases_per_meeting(c: Counted) -> dict[str, Ratio]:
    """People discussed at a meeting that is held: in all, and by MDT."""
    found = {}
    for group, mine in _rows_of_each(c, c.tables.rows(log.MDT_MEETING)):
        held = mine.where(_is(mine.code, "held"))
        found[group] = Ratio(c.by_day(held.time, held.amount), c.by_day(held.time))
    return found


@metric("hours that MDTs take", "hours per week")
def mdt_hours_per_week(c: Counted) -> dict[str, Ratio]:
    """Hours of members and leads: in all, by MDT, by profession, and for what: the meeting, around it, contacts."""
    found = {}
    for group, mine in _spent_of_each(c):
        found[group] = _hours(c, mine)
        professions = mine.words("profession")
        for name in _professions(c, group):
            found[_joined(group, f"profession={name}")] = _hours(c, mine.where(professions == name))
        for what in WHAT:
            found[_joined(group, f"what={what}")] = _hours(c, mine.where(mine.words("what") == what))
    return found


@metric("what MDTs cost", "pounds per week")
def mdt_gbp_per_week(c: Counted) -> dict[str, Ratio]:
    """Pounds of members' and leads' hours, whether they are the practice's anyway: in all, by MDT, by who pays."""
    found = {}
    for group, mine in _spent_of_each(c):
        payer, pounds = _priced(c, mine)
        found[group] = Ratio(c.by_day(mine["time"], pounds), _weeks(c))
        for name in dict.fromkeys(payer for payer, _ in _rates(c).values()):
            here = payer == name
            found[_joined(group, f"payer={name}")] = Ratio(c.by_day(mine["time"][here], pounds[here]), _weeks(c))
    return found


@metric("how time with an MDT ends", "share of people whose time with an MDT ends")
def mdt_ending_share(c: Counted) -> dict[str, Ratio]:
    """Of people whose time with an MDT ends, the share that ends in each way: of all MDTs, and of each."""
    found = {}
    for group, mine in _of_each(c):
        over = mine.known("ended")
        every = c.by_day(over["ended"])
        for name in MdtEnding:
            ended = over["ended"][over.words("ending") == name.value]
            found[_joined(group, f"ending={name.value}")] = Ratio(c.by_day(ended), every)
    return found


def outside_pounds(c: Counted) -> tuple[Words, Daily, Daily]:
    """Return payer, minute and pounds of every piece of work of somebody who is in no rota of the practice."""
    own = set(c.practice.role) - {
        name for mdt in c.scenario.mdt.values() for name, one in mdt.members.items() if one.external
    }
    outside = c.mdt_spent.where(~c.mdt_spent.words("profession").isin(own))
    payer, pounds = _priced(c, outside)
    return payer, outside["time"], pounds


def mdts_of(c: Counted) -> tuple[str, ...]:
    """Return the MDTs that are for people of the practice."""
    return tuple(name for name, mdt in c.scenario.mdt.items() if c.key in served(mdt, c.scenario.practices))


def _professions(c: Counted, group: str) -> tuple[str, ...]:
    """Return the members and leads of all MDTs, or of the one that a group names."""
    names = [name for name in mdts_of(c) if group in ("", f"mdt={name}")]
    found = [who for name in names for who in c.scenario.mdt[name].members]
    found += [level.lead for name in names for level in c.scenario.mdt[name].levels.values()]
    return tuple(dict.fromkeys(found))


def _rates(c: Counted) -> dict[str, tuple[str, float]]:
    """Return who pays for each profession, and pounds an hour."""
    outside: dict[str, tuple[str, float]] = {}
    for mdt in c.scenario.mdt.values():
        outside |= {name: (one.paid_by, one.gbp_per_hour) for name, one in mdt.members.items() if one.external}
    return {name: (role.paid_by, role.cost_per_hour_gbp) for name, role in c.practice.role.items()} | outside


def _priced(c: Counted, spent: Columns) -> tuple[Words, NDArray[np.float64]]:
    """Return who pays for each piece of work, and the pounds."""
    rates = _rates(c)
    professions = spent.words("profession")
    pounds: NDArray[np.float64] = spent["minutes"] / 60 * professions.worth(lambda name: rates.get(name, ("", 0.0))[1])
    return professions.mapped(lambda name: rates.get(name, ("", 0.0))[0]), pounds


def _of_each(c: Counted) -> Iterator[tuple[str, Columns]]:
    """Yield people at MDTs, of all of them and of each; nothing where there is no MDT."""
    names = mdts_of(c)
    if names:
        yield "", c.mdt_cases
        for name in names:
            yield f"mdt={name}", c.mdt_cases.where(c.mdt_cases.words("mdt") == name)


def _spent_of_each(c: Counted) -> Iterator[tuple[str, Columns]]:
    """Yield the work of members and leads, of all MDTs and of each; nothing where there is no MDT."""
    names = mdts_of(c)
    if names:
        yield "", c.mdt_spent
        for name in names:
            yield f"mdt={name}", c.mdt_spent.where(c.mdt_spent.words("mdt") == name)


def _rows_of_each(c: Counted, rows: Rows) -> Iterator[tuple[str, Rows]]:
    names = mdts_of(c)
    if names:
        yield "", rows
        for name in names:
            yield f"mdt={name}", rows.where(rows.who == name)


def _present(
    c: Counted, since: Callable[[Columns], NDArray[np.float64]], until: Callable[[Columns], NDArray[np.float64]]
) -> dict[str, Ratio]:
    found = {}
    for group, mine in _of_each(c):
        begun, over = since(mine), until(mine)
        there = np.cumsum(c.by_day(begun[~np.isnan(begun)]) - c.by_day(over[~np.isnan(over)]))
        found[group] = Ratio(there, np.full(c.days, c.patients_in_1000()))
    return found


def _plan_ended(mine: Columns) -> NDArray[np.float64]:
    return np.where(np.isnan(mine["planned"]), np.nan, mine["ended"])


def _is(code: Words, what: str) -> NDArray[np.bool_]:
    return code.where(lambda word: word.partition(".")[0] == what)


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)


def _weeks(c: Counted) -> Daily:
    return np.full(c.days, 1 / 7)


def _per_week(c: Counted, minutes: NDArray[np.float64]) -> Ratio:
    return Ratio(c.by_day(minutes), _weeks(c))


def _hours(c: Counted, spent: Columns) -> Ratio:
    return Ratio(c.by_day(spent["time"], spent["minutes"] / 60), _weeks(c))
