"""Metrics of people: who needs, who asks, who attends often, whose need is met and how soon."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY, WEEK
from pcqa_sim.metrics.base import Counted, Ratio, metric
from pcqa_sim.needs import FACE_TO_FACE, INFORMED, NEVER_ASKED, RESOLVED

GP = "gp"
CHILDREN = ("age_0_4", "age_5_17")


@metric("consultations of the tenth of adults who attend most", "share of face-to-face GP consultations of adults")
def top_tenth_consultation_share(c: Counted) -> Ratio:
    """Share of adults' face-to-face GP consultations that go to the tenth of adults with most in the measured weeks."""
    seen = c.tables.appointments
    seen = seen[(seen["status"] == "attended") & (seen["role"] == GP) & (seen["mode"] == FACE_TO_FACE)]
    child = [number for number, name in enumerate(c.people.ages) if name in CHILDREN]
    adult = ~np.isin(c.people.age, child)
    person, start = seen["person"].to_numpy(), seen["start"].to_numpy()
    grown = adult[person]
    person, start = person[grown], start[grown]
    counts = np.bincount(person[start >= c.scenario.run.warm_up_weeks * WEEK], minlength=len(c.people))
    order = np.argsort(-counts, kind="stable")
    top = order[adult[order]][: int(adult.sum()) // 10]
    return Ratio(c.by_day(start[np.isin(person, top)]), c.by_day(start))


@metric("needs people have", "needs per 1,000 people per week")
def needs_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Needs per 1,000 people and week, planned care left out: in all, and by segment, age and deprivation."""
    needs = c.tables.needs
    needs = needs[needs["origin"] != "practice"]
    arose = needs["arose"].to_numpy()
    groups = {"": Ratio(c.by_day(arose), np.full(c.days, len(c.people) / 7000))}
    for group, mine in c.groups_of(needs["person"]):
        if c.people_in[group]:
            groups[group] = Ratio(c.by_day(arose[mine]), np.full(c.days, c.people_in[group] / 7000))
    return groups


@metric("needs nobody ever asks about", "share of needs", "less")
def never_asked_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that are never asked about: in all, and by segment, age and deprivation."""
    needs = _brought(c)
    return c.share_by_group(needs["arose"], needs["person"], needs["ending"] == NEVER_ASKED)


def _brought(c: Counted) -> pd.DataFrame:
    needs = c.tables.needs
    return needs[needs["origin"] != "practice"]


@metric("needs met", "share of needs that end", "more")
def needs_met_share(c: Counted) -> dict[str, Ratio]:
    """Share of ended needs that the practice resolved or its message answered, those never asked about included.

    In all, and by segment, age and deprivation; planned care is left out.
    """
    needs = _brought(c)
    ended = needs[needs["ending"] != "open"]
    return c.share_by_group(ended["closed"], ended["person"], ended["ending"].isin((RESOLVED, INFORMED)))


@metric("days from asking to the need being resolved", "days, mean of needs the practice resolves", "less")
def days_to_resolution(c: Counted) -> dict[str, Ratio]:
    """Mean days from the first contact to the end of needs that the practice resolved, by the day they end."""
    needs = _brought(c)
    needs = needs[(needs["ending"] == RESOLVED) & needs["asked"].notna()]
    closed, person = needs["closed"].to_numpy(), needs["person"]
    days = (closed - needs["asked"].to_numpy()) / DAY
    groups = {"": Ratio(c.by_day(closed, days), c.by_day(closed))}
    for group, mine in c.groups_of(person):
        if c.people_in[group]:
            groups[group] = Ratio(c.by_day(closed[mine], days[mine]), c.by_day(closed[mine]))
    return groups


@metric("consultations by person's group", "consultations per 1,000 people per week")
def consultations_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Consultations per 1,000 people and week: in all, and by segment, age and deprivation."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    groups = {"": Ratio(c.by_day(ended.time), np.full(c.days, len(c.people) / 7000))}
    for group, mine in c.groups_of(ended.person):
        if c.people_in[group]:
            groups[group] = Ratio(c.by_day(ended.time[mine]), np.full(c.days, c.people_in[group] / 7000))
    return groups
