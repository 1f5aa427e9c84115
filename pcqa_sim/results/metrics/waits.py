"""Metrics of waits, each with everybody who waits: people who are never served have waited until the end of the run.

A mean over those who were served looks better the fewer are served. Here minutes spent waiting are divided by how many
begin to wait (`Counted.waiting`). Minutes and days are those of the calendar, nights and weekends included.
"""

from __future__ import annotations

import numpy as np

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Dated, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    APP,
    AWAITING_TEST,
    DESK,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    TRIAGE_RULE,
    TRIAGE_RULES,
    TRIAGE_TODAY_RULE,
)


def _dated(*events: Rows) -> Dated:
    """Return the minutes and persons of rows of one or several events."""
    return np.concatenate([rows.time for rows in events]), np.concatenate([rows.person for rows in events])


def _in_days(minutes: dict[str, Ratio]) -> dict[str, Ratio]:
    return {group: Ratio(ratio.numerator / DAY, ratio.denominator) for group, ratio in minutes.items()}


@metric("callbacks made", "share, by callbacks asked for meanwhile", "more")
def callback_made_share(c: Counted) -> Ratio:
    """Callbacks made in a period by callbacks asked for in it (published: callback_made_of_requested)."""
    made, asked = c.tables.rows(log.CALLED_BACK), c.tables.rows(log.CALLBACK_REQUESTED)
    return Ratio(c.by_day(made.time), c.by_day(asked.time))


@metric("minutes until a callback, of those made", "minutes", "less")
def callback_after_min(c: Counted) -> Ratio:
    """Mean minutes from asking for a callback to it, by its day; callbacks never made are left out."""
    made = c.tables.rows(log.CALLED_BACK)
    return Ratio(c.by_day(made.time, made.amount), c.by_day(made.time))


@metric("minutes waited for a callback, made or not", "minutes", "less")
def callback_wait_min(c: Counted) -> Ratio:
    """Mean minutes that people wait for a callback, those never called back included until they wait no longer."""
    over = [c.tables.rows(event) for event in (log.CALLED_BACK, log.CALLBACK_LAPSED)]
    return c.waiting(_dated(c.tables.rows(log.CALLBACK_REQUESTED)), _dated(*over))[""]


@metric("minutes waited at the desk and in the inbox", "minutes", "less")
def front_wait_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes that people wait at the desk, and forms and messages in the inbox, those never seen to included.

    People who come to a closed desk or find the form closed do not wait there and are left out.
    """
    return {f"place={place}": c.waiting(*_at(part))[""] for place, part in _front(c).items()}


@metric("people at the desk and messages seen to", "share, by those that come meanwhile", "more")
def front_seen_share(c: Counted) -> dict[str, Ratio]:
    """People at the desk, and forms and messages, seen to in a period by those that came in it."""
    shares = {}
    for place, part in _front(c).items():
        (came, _), (seen, _) = _at(part)
        shares[f"place={place}"] = Ratio(c.by_day(seen), c.by_day(came))
    return shares


def _front(c: Counted) -> dict[str, Columns]:
    """Return the contacts that wait for somebody: at the open desk, and in the inbox."""
    made = c.made.where(c.made.words("channel") != PHONE)
    channel, opened = made.words("channel"), made["opened"]
    desk = np.flatnonzero(channel == DESK)
    sent = (channel == ONLINE) & (made.words("ending") != log.FORM_REFUSED)
    asked_in_app = (channel == APP) & made.words("kind").isin(c.administrative)
    return {"desk": made.where(desk[c.is_open(opened[desk])]), "inbox": made.where(sent | asked_in_app)}


def _at(part: Columns) -> tuple[Dated, Dated]:
    """Return when contacts come to desk or inbox, and when they are seen to."""
    seen = part.known("front_at")
    seen = seen.where(np.argsort(seen["front_at"], kind="stable"))
    return (part["opened"], part["person"]), (seen["front_at"], seen["person"])


@metric("minutes waited for clinician triage", "minutes", "less")
def clinician_triage_wait_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes from being promised clinician triage to its end, had or not; cancelling ends a wait too.

    In all, and of people who want help today and of those who can wait.
    """
    booked = c.tables.rows(log.BOOKED)
    rule = booked.code.mapped(lambda code: code.partition(".")[0])
    groups = {
        "": TRIAGE_RULES,
        "wanted=today": (TRIAGE_TODAY_RULE,),
        "wanted=later": (TRIAGE_RULE,),
    }
    return {group: _promised(c, booked.where(rule.isin(rules))) for group, rules in groups.items()}


def _promised(c: Counted, promised: Rows) -> Ratio:
    """Return the minutes that people wait for clinician triage they were promised."""
    over = [
        rows.where(np.isin(rows.key, promised.key))
        for rows in map(c.tables.rows, (log.CONSULT_ENDED, log.DID_NOT_ATTEND, log.CANCELLED))
    ]
    return c.waiting(_dated(promised), _dated(*over))[""]


@metric("days waited for a clinician or a place, or until the need ends", "days", "less")
def days_waited_for_clinician(c: Counted) -> dict[str, Ratio]:
    """Mean days from first asking until a clinician has seen it, a place has begun or it ends, in all and by groups.

    Advice to treat oneself is no place that begins. Needs that nobody sees to and that do not end are included. What
    reception settles, the message answers, goes by itself or is given up ends the wait, too.
    """
    needs = c.asked_about
    until = np.fmin(needs["closed"], needs["helped"])
    return _in_days(c.waiting(*_from_asking(needs, until)))


def _from_asking(needs: Columns, until: Daily) -> tuple[Dated, Dated]:
    """Return when needs are first asked about, and when the waits that are over (not NaN) were."""
    person, over = needs["person"], np.flatnonzero(np.isfinite(until))
    over = over[np.argsort(until[over], kind="stable")]
    return (needs["asked"], person), (until[over], person[over])


@metric("days that needs asked about stay open", "days", "less")
def days_open_of_asked(c: Counted) -> dict[str, Ratio]:
    """Mean days from first asking until the need ends, however it ends, in all and by persons' groups.

    Needs that do not end are included.
    """
    needs = c.asked_about
    return _in_days(c.waiting(*_from_asking(needs, needs["closed"])))


@metric("days waited for results, prescriptions, letters", "days", "less")
def paper_wait_days(c: Counted) -> Ratio:
    """Mean days that people wait for a result, or for what reception passed on to be written.

    Who still waits is included.
    """
    ended, decided = c.tables.rows(log.CONSULT_ENDED), c.tables.rows(log.DECIDED)
    awaited = (ended.where(ended.code == AWAITING_TEST), decided.where(decided.code == PAPERWORK_TO_DO))
    return _in_days(c.waiting(_dated(*awaited), _dated(c.tables.rows(log.RESULT_BACK))))[""]
