"""Metrics of what practices of a network share: who gets how much of it, and how often people are handed over."""

from __future__ import annotations

import numpy as np

from pcqa_sim.clinic.staff import is_shared
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.costs import NETWORK, PRACTICE, cost_gbp_per_working_day
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import role_of
from pcqa_sim.scenario.sharing import weighted_list
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import HANDED_OVER, HUB_RULE, SENT_ON, SIGNPOSTED


def _shares(c: Counted) -> bool:
    network = c.scenario.network
    return bool(network.shared_roles) or network.sees_elsewhere


def _received(c: Counted) -> Rows:
    """Return the consultations of a practice's people with somebody who is not the practice's own alone."""
    rows = c.tables.rows(log.CONSULT_ENDED)
    return rows.where(rows.who.where(is_shared))


@metric("consultations of what practices share", "minutes per week per 1,000 of the list weighted by its needs")
def shared_min_per_1000_weighted_week(c: Counted) -> dict[str, Ratio]:
    """Minutes of consultations with people of shared roles, in the hub or at another practice: in all, and by role.

    The same for all practices is fair by need. Less is not better: it may be that others need it more.
    """
    if not _shares(c):
        return {}
    rows = _received(c)
    weeks = np.full(c.days, weighted_list(c.practice) / 1000 / 7)
    found = {"": Ratio(c.by_day(rows.time, rows.amount), weeks)}
    for name, minutes in c.by_word(role_of(rows.who), c.seeing, rows.time, rows.amount).items():
        found[f"role={name}"] = Ratio(minutes, weeks)
    return found


@metric("own people's consultations with other practices' patients", "minutes per week per 1,000 of the weighted list")
def lent_min_per_1000_weighted_week(c: Counted) -> dict[str, Ratio]:
    """Minutes that a practice's own clinicians see patients of other practices of the network."""
    if not c.scenario.network.same_day_overflow:
        return {}
    rows = c.tables.rows(log.SESSION_ENDED)
    rows = rows.where(rows.code == log.LENT)
    weeks = np.full(c.days, weighted_list(c.practice) / 1000 / 7)
    return {"": Ratio(c.by_day(rows.time - 1e-6, rows.amount), weeks)}


@metric("appointments of the hub that are used", "share of appointments", "more")
def hub_used_share(c: Counted) -> dict[str, Ratio]:
    """Appointments in the hub that people come to, over those there were; of those nobody booked each has its share."""
    if c.scenario.network.hub is None:
        return {}
    booked, unused = c.tables.appointment_columns, c.tables.rows(log.SLOTS_UNUSED)
    mine = booked.where((booked.words("release") == HUB_RULE) & booked.words("status").isin(("attended", "dna")))
    came = mine.words("status") == "attended"
    empty = unused.where(unused.code == HUB_RULE)
    there = c.by_day(mine["start"]) + c.by_day(empty.time - 1e-6, empty.amount)
    return {"": Ratio(c.by_day(mine["start"][came]), there)}


@metric("needs handed over", "hand-offs per need asked about", "less")
def hand_offs_per_need(c: Counted) -> dict[str, Ratio]:
    """Times that a need is passed from one organisation, or one team without its context, to another.

    An appointment in the hub or at another practice, being sent on or signposted, a referral to a place, and what is
    lost on the way each are one; by needs asked about. Who visits the own practice is none. Of networks alone.
    """
    if len(c.scenario.practices) == 1:
        return {}
    decided, sent = c.tables.rows(log.DECIDED), c.tables.rows(log.PLACE_SENT)
    booked = c.tables.rows(log.BOOKED)
    on = decided.code.where(lambda word: word == HANDED_OVER or word.startswith((SENT_ON, SIGNPOSTED)))
    elsewhere = tuple(f".{key}_" for key in c.scenario.practices)
    away = booked.code.where(lambda code: code.startswith(f"{HUB_RULE}."))
    away |= booked.who.where(lambda who: any(site in who for site in elsewhere))
    times = c.by_day(decided.time[on]) + c.by_day(booked.time[away])
    referred = sent.code.where(lambda route: route == "referred")
    times = times + c.by_day(sent.time[referred])
    return {"": Ratio(times, c.by_day(c.asked_about["asked"]))}


@metric("staff cost of a consultation", "pounds per consultation")
def unit_cost_gbp(c: Counted) -> dict[str, Ratio]:
    """Pounds for everybody's time in practice and network by consultations held: what a unit costs, whatever it met.

    Less of it is not better by itself: the cheapest consultation is the one that meets nothing and comes back. Of
    networks alone.
    """
    if len(c.scenario.practices) == 1:
        return {}
    cost = cost_gbp_per_working_day(c)
    assert isinstance(cost, dict)
    paid = cost[f"payer={PRACTICE}"].numerator + cost[f"payer={NETWORK}"].numerator
    return {"": Ratio(paid, c.by_day(c.tables.rows(log.CONSULT_ENDED).time))}
