"""Metrics of demand: needs and contacts, value demand and failure demand, by cause, in contacts, minutes and pounds.

Failure demand is counted from what happened. Its share is of the contacts people made (calls that the recorded
message did not answer, online forms, the desk, the app); what the practice initiates is left out of both sides. It is
also given as a share of calls.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcqa_sim.results.metrics.base import Counted, Daily, Ratio, metric
from pcqa_sim.results.tables import role_of
from pcqa_sim.scenario.groups import NEXT_ACTIONS
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import ASKED_THROUGH, CALL_ANOTHER_DAY, FAILURE_CAUSES, NEED_ENDINGS, ONLINE, REDIAL
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

RECEPTION = (CALL_HANDLER, FRONT_DESK)
_EIGHT, _TEN, _SATURDAY = 8 * 60, 10 * 60, 5


@metric("needs people have", "needs per working day")
def needs_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Count needs that arose, weekends included, per working day: in all, and by where they come from."""
    needs = c.tables.needs
    groups = {"": Ratio(c.by_day(needs.loc[needs["origin"] != "practice", "arose"]), c.working_days)}
    for origin in ("patient", "hospital", "social_care", "practice"):
        arose = needs.loc[needs["origin"] == origin, "arose"]
        groups[f"origin={origin}"] = Ratio(c.by_day(arose), c.working_days)
    return groups


@metric("contacts through each channel", "contacts per 1,000 patients per working day")
def contacts_per_1000_working_day(c: Counted) -> dict[str, Ratio]:
    """Contacts people made, per 1,000 patients per working day, by channel."""
    contacts = c.tables.contacts
    below = c.working_days * c.patients_in_1000()
    contacts = contacts[contacts["ending"] != log.FORM_REFUSED]  # never sent, so that no statistic sees it
    return {
        f"channel={name}": Ratio(c.by_day(contacts.loc[contacts["channel"] == name, "opened"]), below)
        for name in ASKED_THROUGH
    }


@metric("online forms with a clinical question", "share of online forms")
def online_clinical_share(c: Counted) -> Ratio:
    """Share of online forms that are about a need with a clinical question."""
    sent = _forms(c)
    return Ratio(c.by_day(sent.loc[sent["clinical"], "opened"]), c.by_day(sent["opened"]))


@metric("online forms sent between 08:00 and 10:00", "share of a weekday's online forms")
def online_0800_1000_share(c: Counted) -> dict[str, Ratio]:
    """Share of the forms of Monday to Friday that come in the first two hours: clinical and administrative."""
    sent = _forms(c)
    sent = sent[sent["opened"] // DAY % 7 < _SATURDAY]
    early = sent["opened"] % DAY
    first = sent[(early >= _EIGHT) & (early < _TEN)]
    shares = {}
    for group, is_clinical in (("clinical", True), ("administrative", False)):
        above, below = (part.loc[part["clinical"] == is_clinical, "opened"] for part in (first, sent))
        shares[f"need={group}"] = Ratio(c.by_day(above), c.by_day(below))
    return shares


@metric("online forms refused, closed or full", "share of those who want to send one", "less")
def form_refused_share(c: Counted) -> Ratio:
    """Share of attempts to send a form that found it closed or full."""
    wanted = c.tables.contacts
    wanted = wanted[wanted["channel"] == ONLINE]
    refused = wanted["ending"] == log.FORM_REFUSED
    return Ratio(c.by_day(wanted.loc[refused, "opened"]), c.by_day(wanted["opened"]))


def _forms(c: Counted) -> pd.DataFrame:
    """Return the online forms that were sent, with whether they are about a clinical question."""
    contacts = c.tables.contacts
    sent = contacts[(contacts["channel"] == ONLINE) & (contacts["ending"] != log.FORM_REFUSED)]
    paperwork = [name for name, kind in c.practice.demand.kinds.items() if kind.administrative]
    return sent.assign(clinical=~c.tables.needs["kind"].reindex(sent["need"]).isin(paperwork).to_numpy())


@metric("contacts for one need", "contacts per need asked about", "less")
def contacts_per_need(c: Counted) -> dict[str, Ratio]:
    """Contacts people made in the period by needs first asked about in it, in all and by the persons' groups."""
    contacts, needs = c.made, c.tables.needs
    needs = needs[(needs["origin"] != "practice") & needs["asked"].notna()]
    return c.by_group(contacts["opened"], contacts["person"], needs["asked"], needs["person"])


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
    return c.by_word(c.asked["cause"], tuple(FAILURE_CAUSES), c.asked["opened"])


@metric("failure demand among calls", "share of calls", "less")
def failure_share_of_calls(c: Counted) -> Ratio:
    """Failure contacts by phone over all calls, engaged attempts included in both."""
    calls = c.tables.calls
    return Ratio(c.by_day(calls.loc[calls["failure"], "opened"]), c.by_day(calls["opened"]))


@metric("failure contacts", "contacts per working day", "less")
def failure_contacts_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Failure contacts people made per working day, in all and by cause."""
    return _in_all_and_by_cause(c, _by_cause(c))


def _in_all_and_by_cause(c: Counted, of_cause: dict[str, Daily]) -> dict[str, Ratio]:
    """Return what is counted of each cause, per working day, with the sum of them under ""."""
    groups = {"": Ratio(np.sum(list(of_cause.values()), axis=0), c.working_days)}
    return groups | {f"cause={cause}": Ratio(daily, c.working_days) for cause, daily in of_cause.items()}


@metric("staff time spent on failure demand", "minutes per working day", "less")
def failure_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of reception and clinicians spent on failure contacts, per working day: in all, and by cause.

    They belong to the day on which they are worked, whenever the contact was made.
    """
    return _in_all_and_by_cause(c, _spent(c, dict.fromkeys((*RECEPTION, *c.practice.role), 1.0)))


@metric("what failure demand costs", "pounds per working day", "less")
def failure_gbp_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Cost of the staff time spent on failure contacts, per working day: in all, and by cause."""
    clinicians = {name: role.cost_per_hour_gbp / 60 for name, role in c.practice.role.items()}
    reception = dict.fromkeys(RECEPTION, c.practice.rota.cost_per_hour_gbp / 60)
    return _in_all_and_by_cause(c, _spent(c, reception | clinicians))


def _spent(c: Counted, per_min: Mapping[str, float]) -> dict[str, Daily]:
    """Return minutes that failure contacts took, by cause and the day worked, times what one is worth by role."""
    of_cause = {cause: np.zeros(c.days) for cause in FAILURE_CAUSES}
    causes = c.tables.contacts["cause"].to_numpy()
    for event in (log.TALK_ENDED, log.FRONT_SEEN, log.CONSULT_ENDED):
        rows = c.tables.rows(event)
        worth = rows.amount * np.array([per_min[role] for role in role_of(rows.who).tolist()], dtype=np.float64)
        spent = c.by_word(causes[c.tables.contact_rows(rows.key)], tuple(FAILURE_CAUSES), rows.time, worth)
        of_cause = {cause: daily + spent[cause] for cause, daily in of_cause.items()}
    return of_cause


@metric("contacts followed by another for the same need", "share of contacts", "less")
def contact_again_share(c: Counted) -> dict[str, Ratio]:
    """Share of contacts followed by another for the same need within 7, 14 and 28 days, whatever its cause.

    Only contacts whose 7, 14 or 28 days lie inside the run are counted, above and below the line: the last weeks of a
    run have no value. People who give up make no other contact, and lower the share.
    """
    need, opened = c.asked["need"].to_numpy(), c.asked["opened"].to_numpy()
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
    that somebody could have booked: used, missed or left unused. People who are refused twice count twice. By role the
    refusals are left out. Left out is who is never heard (`requests_heard_share`): they ask for nothing yet.
    """
    decided = c.tables.rows(log.DECIDED)
    refused = c.by_day(decided.time[decided.code == CALL_ANOTHER_DAY])
    booked = c.tables.appointments
    kept = booked[booked["status"] != "cancelled"]
    there = _slots_there(c)
    groups = {"": Ratio(c.by_day(kept["start"]) + refused, there[""])}
    for role in c.seeing:
        starts = kept.loc[kept["role"] == role, "start"]
        groups[f"role={role}"] = Ratio(c.by_day(starts), there[f"role={role}"])
    return groups


def _slots_there(c: Counted) -> dict[str, NDArray[np.float64]]:
    """Return the slots of each day that somebody could have booked: used, missed or left unused."""
    unused = c.tables.rows(log.SLOTS_UNUSED)
    kept = c.tables.appointments
    kept = kept[kept["status"] != "cancelled"]
    slots = {"": c.by_day(kept["start"]) + c.by_day(unused.time - 1e-6, unused.amount)}
    for role in c.seeing:
        of_role = unused.who == role
        left = c.by_day(unused.time[of_role] - 1e-6, unused.amount[of_role])
        slots[f"role={role}"] = c.by_day(kept.loc[kept["role"] == role, "start"]) + left
    return slots


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
