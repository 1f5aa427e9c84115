"""Metrics of demand: needs and contacts, value demand and failure demand, by cause.

Failure demand is counted from what happened. Its share is of the contacts people made, calls that the menu's message
answered left out of both sides; it is also given as a share of calls.
"""

from __future__ import annotations

from pcqa_sim import eventlog as log
from pcqa_sim.metrics.base import Counted, Ratio, metric
from pcqa_sim.needs import FAILURE_CAUSES, INFORMED, NEED_ENDINGS, REDIAL
from pcqa_sim.scenario.groups import FATES


@metric("needs people bring", "needs per working day")
def needs_per_working_day(c: Counted) -> Ratio:
    """Count needs that arose, weekends included, per working day."""
    return Ratio(c.by_day(c.tables.needs["arose"]), c.working_days)


@metric("contacts for one need", "contacts per need", "less")
def contacts_per_need(c: Counted) -> Ratio:
    """Contacts made in the period by needs that arose in it."""
    return Ratio(c.by_day(c.tables.contacts["opened"]), c.by_day(c.tables.needs["arose"]))


@metric("failure demand", "share of contacts", "less")
def failure_share(c: Counted) -> Ratio:
    """Failure contacts over contacts, calls that the menu's message answered left out of both."""
    contacts = c.tables.contacts
    asked = contacts[contacts["why"] != INFORMED]
    return Ratio(c.by_day(asked.loc[asked["failure"], "opened"]), c.by_day(asked["opened"]))


@metric("failure demand among calls", "share of calls", "less")
def failure_share_of_calls(c: Counted) -> Ratio:
    """Failure contacts by phone over all calls, engaged attempts included in both."""
    calls = c.tables.calls
    return Ratio(c.by_day(calls.loc[calls["failure"], "opened"]), c.by_day(calls["opened"]))


@metric("failure contacts", "contacts per working day", "less")
def failure_contacts_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Failure contacts per working day, in all and by cause."""
    contacts = c.tables.contacts
    groups = {"": Ratio(c.by_day(contacts.loc[contacts["failure"], "opened"]), c.working_days)}
    for cause in FAILURE_CAUSES:
        mine = contacts.loc[contacts["cause"] == cause, "opened"]
        groups[f"cause={cause}"] = Ratio(c.by_day(mine), c.working_days)
    return groups


@metric("how needs end", "share of needs that end")
def need_endings_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that end in each way, by the day they end."""
    closed = c.tables.rows(log.NEED_CLOSED)
    every = c.by_day(closed.time)
    return {f"ending={e}": Ratio(c.by_day(closed.time[closed.code == e]), every) for e in NEED_ENDINGS}


@metric("what people do who get nowhere", "share of failed contacts")
def fate_share(c: Counted) -> dict[str, Ratio]:
    """Share of failed contacts followed by each fate."""
    fates = c.tables.rows(log.FATE)
    every = c.by_day(fates.time)
    return {f"fate={f}": Ratio(c.by_day(fates.time[fates.code == f]), every) for f in (REDIAL, *FATES)}


@metric("what patients expect to be refused", "share of late same-day requests", "less")
def belief(c: Counted) -> Ratio:
    """Mean belief at the end of working days."""
    rows = c.tables.rows(log.BELIEF)
    return Ratio(c.by_day(rows.time - 1e-6, rows.amount), c.by_day(rows.time - 1e-6))
