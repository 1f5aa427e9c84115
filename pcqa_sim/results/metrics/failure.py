"""Metrics of demand: needs and contacts, value demand and failure demand, by cause, in contacts.

Failure demand is counted from what happened. Its share is of the contacts people made (calls that the recorded
message did not answer, online forms, the desk, the app); what the practice initiates is left out of both sides. It is
also given as a share of calls. What it costs is counted otherwise: metrics/costs.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.scenario.groups import NEXT_ACTIONS
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import ASKED_THROUGH, BEFORE, CALL_ANOTHER_DAY, FAILURE_CAUSES, NEED_ENDINGS, ONLINE, REDIAL

_EIGHT, _TEN, _SATURDAY = 8 * 60, 10 * 60, 5


@metric("needs people have", "needs per working day")
def needs_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Count needs that arose, weekends included, per working day: in all, and by where they come from."""
    needs = c.tables.need_columns
    origin, arose = needs.words("origin"), needs["arose"]
    groups = {"": Ratio(c.by_day(arose[origin != "practice"]), c.working_days)}
    for name, count in c.by_word(origin, ("patient", "hospital", "social_care", "practice"), arose).items():
        groups[f"origin={name}"] = Ratio(count, c.working_days)
    return groups


@metric("contacts through each channel", "contacts per 1,000 patients per working day")
def contacts_per_1000_working_day(c: Counted) -> dict[str, Ratio]:
    """Contacts people made, per 1,000 patients per working day, by channel."""
    contacts = c.tables.contact_columns
    below = c.working_days * c.patients_in_1000()
    contacts = contacts.where(contacts.words("ending") != log.FORM_REFUSED)  # never sent, so that no statistic sees it
    of_channel = c.by_word(contacts.words("channel"), ASKED_THROUGH, contacts["opened"])
    return {f"channel={name}": Ratio(count, below) for name, count in of_channel.items()}


@metric("online forms with a clinical question", "share of online forms")
def online_clinical_share(c: Counted) -> Ratio:
    """Share of online forms that are about a need with a clinical question."""
    sent = _forms(c)
    return Ratio(c.by_day(sent["opened"][sent["clinical"]]), c.by_day(sent["opened"]))


@metric("online forms sent between 08:00 and 10:00", "share of a weekday's online forms")
def online_0800_1000_share(c: Counted) -> dict[str, Ratio]:
    """Share of the forms of Monday to Friday that come in the first two hours: clinical and administrative."""
    sent = _forms(c)
    sent = sent.where(sent["opened"] // DAY % 7 < _SATURDAY)
    early = sent["opened"] % DAY
    first = sent.where((early >= _EIGHT) & (early < _TEN))
    found = {}
    for group, is_clinical in (("clinical", True), ("administrative", False)):
        above, below = (part["opened"][part["clinical"] == is_clinical] for part in (first, sent))
        found[f"need={group}"] = Ratio(c.by_day(above), c.by_day(below))
    return found


@metric("online forms refused, closed or full", "share of those who want to send one", "less")
def form_refused_share(c: Counted) -> Ratio:
    """Share of attempts to send a form that found it closed or full."""
    wanted = c.tables.contact_columns
    wanted = wanted.where(wanted.words("channel") == ONLINE)
    refused = wanted.words("ending") == log.FORM_REFUSED
    return Ratio(c.by_day(wanted["opened"][refused]), c.by_day(wanted["opened"]))


def _forms(c: Counted) -> Columns:
    """Return the online forms that were sent, with whether they are about a clinical question."""
    contacts = c.contacts
    sent = contacts.where((contacts.words("channel") == ONLINE) & (contacts.words("ending") != log.FORM_REFUSED))
    return sent.joined_by(clinical=~sent.words("kind").isin(c.administrative))


@metric("contacts for one need", "contacts per need asked about", "less")
def contacts_per_need(c: Counted) -> dict[str, Ratio]:
    """Contacts people made in the period by needs first asked about in it, in all and by the persons' groups."""
    contacts, needs = c.made, c.asked_about
    return c.by_group(contacts["opened"], contacts["person"], needs["asked"], needs["person"])


MANY_CONTACTS = 5


@metric("needs by how many contacts they take", "share of needs asked about that end")
def contacts_for_one_need_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs asked about that took one contact to their end, two, and so on.

    Needs that are still open are left out, and so are those first asked about before the run.
    """
    about = c.tables.needs_of(log.CONTACT_OPENED)
    made, before = (np.bincount(about[which], minlength=len(c.is_asked_about)) for which in (c.is_made, _before(c)))
    new = c.is_asked_about & (made > 0) & (before == 0)
    needs = c.tables.need_columns.joined_by(made=made).where(new).known("closed")
    every, most = c.by_day(needs["closed"]), np.minimum(needs["made"], MANY_CONTACTS)
    names = {number: f"contacts={number}" for number in range(1, MANY_CONTACTS)} | {MANY_CONTACTS: "contacts=5_up"}
    return {name: Ratio(c.by_day(needs["closed"][most == number]), every) for number, name in names.items()}


def _before(c: Counted) -> NDArray[np.bool_]:
    return c.contacts.words("channel") == BEFORE


@metric("failure demand", "share of contacts", "less")
def failure_share(c: Counted) -> dict[str, Ratio]:
    """Failure contacts over contacts people made, in all and by the persons' groups."""
    contacts = c.asked
    return c.share_by_group(contacts["opened"], contacts["person"], contacts["failure"])


@metric("failure demand by cause", "share of contacts", "less")
def failure_share_by_cause(c: Counted) -> dict[str, Ratio]:
    """Failure contacts of each cause over contacts people made."""
    every = c.by_day(c.asked["opened"])
    return {f"cause={cause}": Ratio(contacts, every) for cause, contacts in _by_cause(c).items()}


def _by_cause(c: Counted) -> dict[str, Daily]:
    return c.by_word(c.asked.words("cause"), tuple(FAILURE_CAUSES), c.asked["opened"])


@metric("failure demand among calls", "share of calls", "less")
def failure_share_of_calls(c: Counted) -> Ratio:
    """Failure contacts by phone over all calls, engaged attempts included in both."""
    calls = c.tables.call_columns
    return Ratio(c.by_day(calls["opened"][calls["failure"]]), c.by_day(calls["opened"]))


@metric("failure contacts", "contacts per working day", "less")
def failure_contacts_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Failure contacts people made per working day, in all and by cause."""
    return _in_all_and_by_cause(c, _by_cause(c))


def _in_all_and_by_cause(c: Counted, of_cause: dict[str, Daily]) -> dict[str, Ratio]:
    """Return what is counted of each cause, per working day, with the sum of them under ""."""
    groups = {"": Ratio(np.sum(list(of_cause.values()), axis=0), c.working_days)}
    return groups | {f"cause={cause}": Ratio(daily, c.working_days) for cause, daily in of_cause.items()}


@metric("contacts followed by another for the same need", "share of contacts", "less")
def contact_again_share(c: Counted) -> dict[str, Ratio]:
    """Share of contacts followed by another for the same need within 7, 14 and 28 days, whatever its cause.

    Only contacts whose 7, 14 or 28 days lie inside the run are counted, above and below the line: the last weeks of a
    run have no value. People who give up make no other contact, and lower the share.
    """
    need, opened = c.asked["need"], c.asked["opened"]
    order = np.argsort(need, kind="stable")  # contacts are in order of time
    need, opened = need[order], opened[order]
    gap = np.append(np.where(need[1:] == need[:-1], np.diff(opened), np.inf), np.inf)[: len(need)]
    shares = {}
    for days in (7, 14, 28):
        known = opened < c.scenario.end - days * DAY
        again = known & (gap <= days * DAY)
        shares[f"within={days}_days"] = Ratio(c.by_day(opened[again]), c.by_day(opened[known]))
    return shares


@metric("load against the tipping point", "share", "less")
def tipping_point_share(c: Counted) -> dict[str, Ratio]:
    """Appointments asked for by appointments there are: from 1 on, a day's failures no longer clear.

    Asked for are the appointments kept, on the day they stand for, and the refusals of the day; there are the slots
    that somebody could have booked: used, missed or left unused. People who are refused twice count twice. Left out is
    who is never heard (`requests_heard_share`): they ask for nothing yet.
    """
    decided = c.tables.rows(log.DECIDED)
    refused = c.by_day(decided.time[decided.code == CALL_ANOTHER_DAY])
    return {"": Ratio(c.by_day(_kept(c)["start"]) + refused, _slots_there(c)[""])}


@metric("appointments taken", "share of appointments", "neither")
def appointments_taken_share(c: Counted) -> dict[str, Ratio]:
    """Share of the appointments that somebody could have booked that were: kept or missed, and not left unused."""
    kept, there = _kept(c), _slots_there(c)
    by_role = c.by_word(kept.words("role"), c.seeing, kept["start"])
    return {f"role={role}": Ratio(count, there[f"role={role}"]) for role, count in by_role.items()}


def _kept(c: Counted) -> Columns:
    """Return the appointments that were not cancelled."""
    booked = c.tables.appointment_columns
    return booked.where(booked.words("status") != "cancelled")


def _slots_there(c: Counted) -> dict[str, NDArray[np.float64]]:
    """Return the slots of each day that somebody could have booked: used, missed or left unused."""
    unused, kept = c.tables.rows(log.SLOTS_UNUSED), _kept(c)
    found = {"": c.by_day(kept["start"]) + c.by_day(unused.time - 1e-6, unused.amount)}
    used = c.by_word(kept.words("role"), c.seeing, kept["start"])
    left = c.by_word(unused.who, c.seeing, unused.time - 1e-6, unused.amount)
    return found | {f"role={role}": used[role] + left[role] for role in c.seeing}


@metric("how needs end", "share of needs that end")
def need_endings_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that end in each way, by the day they end."""
    closed = c.tables.rows(log.NEED_CLOSED)
    every = c.by_day(closed.time)
    ended = c.by_word(closed.code, NEED_ENDINGS, closed.time)
    return {f"ending={ending}": Ratio(daily, every) for ending, daily in ended.items()}


@metric("what people do who get nowhere", "share of failed contacts")
def next_action_share(c: Counted) -> dict[str, Ratio]:
    """Share of failed contacts followed by each next action."""
    next_actions = c.tables.rows(log.NEXT_ACTION)
    every = c.by_day(next_actions.time)
    return {
        f"next_action={f}": Ratio(daily, every)
        for f, daily in c.by_word(next_actions.code, (REDIAL, *NEXT_ACTIONS), next_actions.time).items()
    }


@metric("what becomes of people told to call another day", "share of those told")
def next_action_of_turned_away_share(c: Counted) -> dict[str, Ratio]:
    """Share of people told to call another day who then do each thing, by the day they are told."""
    decided, next_actions = c.tables.rows(log.DECIDED), c.tables.rows(log.NEXT_ACTION)
    told = decided.where(decided.code == CALL_ANOTHER_DAY)
    every = c.by_day(told.time)
    followed = next_actions.where(np.isin(next_actions.key, told.key))
    return {
        f"next_action={f}": Ratio(daily, every)
        for f, daily in c.by_word(followed.code, NEXT_ACTIONS, followed.time).items()
    }


@metric("what patients expect to be refused", "share of late same-day requests", "less")
def belief(c: Counted) -> Ratio:
    """Mean belief at the end of working days."""
    rows = c.tables.rows(log.BELIEF)
    return Ratio(c.by_day(rows.time - 1e-6, rows.amount), c.by_day(rows.time - 1e-6))
