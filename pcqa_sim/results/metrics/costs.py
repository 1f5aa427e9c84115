"""Metrics of money: what work that need not have been done takes and costs, what a need costs, and who pays.

Time that people are paid for costs what an hour worked costs, whatever it is spent on. A consultation by itself costs
what an hour with patients costs, which carries the hours without (the Unit Costs of Health and Social Care give both).
What others are paid when the practice sends somebody on, or when somebody goes elsewhere having got nowhere, is in
`costs.elsewhere_gbp`; sessions at places in the community cost what the place says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.clinic.staff import is_locum
from pcqa_sim.results.columns import Columns, Words
from pcqa_sim.results.extrawork import FAILURE, MISSED, MOVED
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.community import resource_of, session_pounds
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.results.metrics.mdt import outside_pounds
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import role_of
from pcqa_sim.scenario.groups.community import COMMUNITY, LOCAL_GOVERNMENT, NHS, THIRD_SECTOR
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import FAILURE_CAUSES, NETWORK_HUB, SENT_ON, SIGNPOSTED, WENT_ELSEWHERE
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

RECEPTION = (CALL_HANDLER, FRONT_DESK)
PRACTICE, NETWORK, NHS_ELSEWHERE = "practice", "network", "nhs_elsewhere"
PAYERS = (PRACTICE, NETWORK, NHS_ELSEWHERE)


@metric("staff time spent on failure demand", "minutes per working day", "less")
def failure_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of contacts that came to nothing and of consultations that repeat one: in all, by cause, and by role.

    The first consultation of a need is never among them. They belong to the day on which they are known to be extra.
    """
    mine = _of_line(c, FAILURE)
    return _in_all(c, mine, mine["minutes"], {"cause": tuple(FAILURE_CAUSES), "role": _workers(c)})


@metric("what failure demand costs", "pounds per working day", "less")
def failure_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of the staff time spent on failure demand, per working day: in all, by cause, and by who pays for it."""
    mine = _of_line(c, FAILURE)
    payers = dict.fromkeys(RECEPTION, PRACTICE) | {name: role.paid_by for name, role in c.practice.role.items()}
    payer = mine.words("role").mapped(lambda role: payers.get(role, ""))
    groups = {"cause": tuple(FAILURE_CAUSES), "payer": (PRACTICE, NETWORK)}
    return _in_all(c, mine.joined_by(payer=payer), _worth(c, mine), groups)


@metric("staff time on appointments that the practice moves", "minutes per working day", "less")
def moved_min_per_working_day(c: Counted) -> Ratio:
    """Minutes that reception spends on putting another appointment in the place of one the practice cancelled."""
    return Ratio(_minutes(_of_line(c, MOVED), c), c.working_days)


@metric("what moving appointments costs", "pounds per working day", "less")
def moved_gbp_per_working_day(c: Counted) -> Ratio:
    """Cost of the staff time on appointments that the practice moves, per working day."""
    mine = _of_line(c, MOVED)
    return Ratio(c.by_day(mine["time"], _worth(c, mine)), c.working_days)


@metric("staff time kept for people who do not come", "minutes per working day", "less")
def missed_min_per_working_day(c: Counted) -> Ratio:
    """Minutes of the slots of appointments that were missed, and of reception's booking another.

    Clinicians do other work in such a gap where they have any, so this is time kept and not all of it time lost.
    """
    return Ratio(_minutes(_of_line(c, MISSED), c), c.working_days)


@metric("what time kept for people who do not come costs", "pounds per working day", "less")
def missed_gbp_per_working_day(c: Counted) -> Ratio:
    """Cost of the time kept for appointments that were missed and of booking others, per working day."""
    mine = _of_line(c, MISSED)
    return Ratio(c.by_day(mine["time"], _worth(c, mine)), c.working_days)


@metric("what care elsewhere costs", "pounds per working day", "less")
def elsewhere_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of visits elsewhere that the practice sent people on, or made having got nowhere: in all, and by place."""
    time, place, pounds = _elsewhere(c)
    names = dict.fromkeys((*WENT_ELSEWHERE, NETWORK_HUB, *c.practice.community))
    of_place = c.by_word(place, tuple(names), time, pounds)
    found = {"": Ratio(c.by_day(time, pounds), c.working_days)}
    return found | {f"place={name}": Ratio(daily, c.working_days) for name, daily in of_place.items()}


@metric("what care costs", "pounds per working day")
def cost_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of everybody's time and of care elsewhere, per working day: in all, and by who pays.

    Less of it is not better by itself: people turned away cost nothing.
    """
    return {group: Ratio(pounds, c.working_days) for group, pounds in _by_payer(c).items()}


@metric("what care costs for each need met", "pounds per need met")
def cost_per_need_met(c: Counted) -> dict[str, Ratio]:
    """Cost of everybody's time and of care elsewhere, unmet needs' included, by needs and reviews met: by payer too.

    Met is what the practice resolved, what its message answered, and what was met where the practice sent the person.
    Less of it is not better by itself: a practice with more to do than it can spreads the same people's pay over more.
    """
    needs = c.tables.need_columns
    met = c.by_day(needs["closed"][needs["met"]])
    return {group: Ratio(pounds, met) for group, pounds in _by_payer(c).items()}


@metric("what care costs for each need asked about", "pounds per need asked about")
def cost_per_need_asked(c: Counted) -> dict[str, Ratio]:
    """Cost of everybody's time and of care elsewhere, by needs first asked about, met or not: by payer too.

    Neither more nor less of it is better by itself: whoever asks and is not helped makes it less.
    """
    asked = c.by_day(c.asked_about["asked"])
    return {group: Ratio(pounds, asked) for group, pounds in _by_payer(c).items()}


@metric("what locums cost", "pounds per working day", "less")
def locum_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Fees of the sessions that locums work, per working day, by role; only where such a fee is given."""
    rows = c.tables.rows(log.SESSION_ENDED)
    rows = rows.where((rows.code == log.ROSTERED) & rows.who.where(is_locum))
    fees = c.practice.costs.locum_session_gbp
    sessions = c.by_word(role_of(rows.who), tuple(fees), rows.time - 1e-6)
    return {f"role={role}": Ratio(sessions[role] * fee, c.working_days) for role, fee in fees.items()}


def _of_line(c: Counted, line: str) -> Columns:
    return c.extra_work.where(c.extra_work.words("line") == line)


def _minutes(mine: Columns, c: Counted) -> Daily:
    return c.by_day(mine["time"], mine["minutes"])


def _in_all(
    c: Counted, mine: Columns, amount: NDArray[np.float64], groups: dict[str, tuple[str, ...]]
) -> dict[str, Ratio]:
    """Return sums of an amount per working day: in all, and for each of the words of some columns."""
    found = {"": Ratio(c.by_day(mine["time"], amount), c.working_days)}
    for column, words in groups.items():
        for word, daily in c.by_word(mine.words(column), words, mine["time"], amount).items():
            found[f"{column}={word}"] = Ratio(daily, c.working_days)
    return found


def _workers(c: Counted) -> tuple[str, ...]:
    return (*RECEPTION, *c.seeing)


def _worth(c: Counted, mine: Columns) -> NDArray[np.float64]:
    """Return what each piece of work costs in pounds."""
    paid = {role: one.cost_per_hour_gbp for role, one in c.practice.role.items()}
    paid |= dict.fromkeys(RECEPTION, c.practice.rota.cost_per_hour_gbp)
    seen = {role: one.contact_hour_gbp for role, one in c.practice.role.items()}
    hour = np.empty(len(mine))
    for which, price in ((mine["contact_time"], seen), (~mine["contact_time"], paid)):
        hour[which] = mine.words("role")[which].worth(price.__getitem__)
    pounds: NDArray[np.float64] = mine["minutes"] / 60 * hour
    return pounds


def _by_payer(c: Counted) -> dict[str, Daily]:
    """Return what everything costs by day, in pounds: in all, and by who pays."""
    time, _, pounds = _elsewhere(c)
    found = {f"payer={NHS_ELSEWHERE}": c.by_day(time, pounds)}
    for payer in (PRACTICE, NETWORK):
        found[f"payer={payer}"] = _clinicians_cost(c, payer)
    found[f"payer={PRACTICE}"] = found[f"payer={PRACTICE}"] + _reception_cost(c)
    for whose in (COMMUNITY, LOCAL_GOVERNMENT, THIRD_SECTOR):
        if any(place.run_by == whose for place in c.practice.community.values()):
            _, at, paid = _community(c, whose)
            found[f"payer={whose}"] = c.by_day(at, paid)
    outside, at, paid = outside_pounds(c)
    for payer in outside.distinct():
        here = outside == payer
        cell = f"payer={payer}"
        found[cell] = found.get(cell, np.zeros(c.days)) + c.by_day(at[here], paid[here])
    return {"": np.sum(list(found.values()), axis=0)} | found


def _clinicians_cost(c: Counted, payer: str) -> Daily:
    """Return what the rostered time and overtime of the roles that somebody pays for cost by day."""
    rows = c.tables.rows(log.SESSION_ENDED)
    rows = rows.where(rows.code.isin((log.ROSTERED, log.OVERTIME)))
    rate = {
        name: role.cost_per_hour_gbp / 60 if role.paid_by == payer else 0.0 for name, role in c.practice.role.items()
    }
    pounds = rows.amount * role_of(rows.who).worth(rate.__getitem__)
    fees = {role: fee for role, fee in c.practice.costs.locum_session_gbp.items() if rate[role]}
    if fees:
        by_fee = (rows.code == log.ROSTERED) & rows.who.where(
            lambda key: is_locum(key) and key.partition(".")[0] in fees
        )
        pounds[by_fee] = role_of(rows.who)[by_fee].worth(fees.__getitem__)
    return c.by_day(rows.time - 1e-6, pounds)


def _reception_cost(c: Counted) -> Daily:
    """Return what people rostered for calls, desk and inbox cost by day."""
    minutes = c.rostered_min(CALL_HANDLER) + c.rostered_min(FRONT_DESK)
    return minutes / 60 * c.practice.rota.cost_per_hour_gbp


def _elsewhere(c: Counted) -> tuple[Daily, Words, Daily]:
    """Return when people went elsewhere, where to, and what it cost: sent, having got nowhere, or called by a home.

    A place of the community that is the NHS's costs what its sessions cost, and not the way there.
    """
    decided = c.tables.rows(log.DECIDED)
    own_way = Rows.together([c.tables.rows(log.NEXT_ACTION), c.tables.rows(log.CARE_HOME_CALLED)])
    places = [place for place in (*WENT_ELSEWHERE, NETWORK_HUB) if place not in c.practice.community]
    sent = [f"{how}{place}" for how in (SIGNPOSTED, SENT_ON) for place in places]
    there = decided.where(decided.code.isin(sent))
    went = own_way.where(own_way.code.isin(WENT_ELSEWHERE))
    place = Words.joined(there.code.mapped(lambda word: word.removeprefix(SIGNPOSTED).removeprefix(SENT_ON)), went.code)
    prices = c.practice.costs.elsewhere_gbp
    pounds = place.worth(lambda word: prices.get(word, 0.0))
    session, at, paid = _community(c, NHS)
    time = np.concatenate([there.time, went.time, at])
    return time, Words.joined(place, session), np.concatenate([pounds, paid])


def _community(c: Counted, whose: str) -> tuple[Words, Daily, Daily]:
    """Return the place, the minute and the pounds of each session at places of the community that are somebody's."""
    place, pounds = session_pounds(c)
    mine = place.where(lambda name: resource_of(c, name) == whose)
    return place[mine], c.tables.rows(log.PLACE_SESSION).time[mine], pounds[mine]
