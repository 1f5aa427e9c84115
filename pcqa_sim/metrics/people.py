"""Metrics of people: who needs, who attends often, whose need is met, by segment."""

from __future__ import annotations

import numpy as np

from pcqa_sim import eventlog as log
from pcqa_sim.metrics.base import Counted, Ratio, metric
from pcqa_sim.needs import INFORMED, RESOLVED


@metric("consultations of the tenth of people who attend most", "share of consultations")
def top_tenth_consultation_share(c: Counted) -> Ratio:
    """Share of consultations that go to the tenth of people with most of them in the measured weeks."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    measured = ended.time >= c.scenario.run.warm_up_weeks * 10080
    counts = np.bincount(ended.person[measured], minlength=len(c.people))
    top = np.argsort(-counts, kind="stable")[: len(c.people) // 10]
    often = np.isin(ended.person, top)
    return Ratio(c.by_day(ended.time[often]), c.by_day(ended.time))


@metric("needs by segment", "needs per 1,000 people of the segment per week")
def needs_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Needs brought per 1,000 people of each segment and week."""
    needs = c.tables.needs
    segment = c.segment_of(needs["person"])
    groups = {}
    for index, name in enumerate(c.people.segments):
        thousands = (c.people.segment == index).sum() / 1000
        if thousands:
            weeks = np.full(c.days, thousands / 7)
            groups[f"segment={name}"] = Ratio(c.by_day(needs["arose"].to_numpy()[segment == name]), weeks)
    return groups


@metric("needs met, by segment", "share of needs that end", "more")
def needs_met_share(c: Counted) -> dict[str, Ratio]:
    """Share of ended needs that the practice resolved or its message answered, in all, by segment and deprivation."""
    closed = c.tables.rows(log.NEED_CLOSED)
    met = np.isin(closed.code, (RESOLVED, INFORMED))
    groups = {"": Ratio(c.by_day(closed.time[met]), c.by_day(closed.time))}
    segment = c.segment_of(closed.person)
    for name in c.people.segments:
        mine = segment == name
        groups[f"segment={name}"] = Ratio(c.by_day(closed.time[met & mine]), c.by_day(closed.time[mine]))
    fifth = c.people.deprivation[closed.person]
    for number in range(1, int(c.people.deprivation.max(initial=0)) + 1):
        mine = fifth == number
        groups[f"deprivation={number}"] = Ratio(c.by_day(closed.time[met & mine]), c.by_day(closed.time[mine]))
    return groups


@metric("contacts for one need, by segment", "contacts per need", "less")
def contacts_per_need_by_segment(c: Counted) -> dict[str, Ratio]:
    """Contacts made by needs that arose, by segment."""
    needs, opened = c.tables.needs, c.tables.rows(log.CONTACT_OPENED)
    arose, who = c.segment_of(needs["person"]), c.segment_of(opened.person)
    return {
        f"segment={name}": Ratio(c.by_day(opened.time[who == name]), c.by_day(needs["arose"].to_numpy()[arose == name]))
        for name in c.people.segments
    }
