"""Metrics of what a need takes: clinicians' minutes, consultations, days until somebody looks at it, and money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcqa_sim import eventlog as log
from pcqa_sim.clock import DAY
from pcqa_sim.metrics.base import Counted, Daily, Ratio, by_mode, metric
from pcqa_sim.needs import GAVE_UP, RESOLVED
from pcqa_sim.rota import CALL_HANDLER, FRONT_DESK
from pcqa_sim.tables import role_of


def _asked(c: Counted) -> pd.DataFrame:
    """Return the needs that people asked about."""
    needs = c.tables.needs
    return needs[(needs["origin"] != "practice") & needs["asked"].notna()]


@metric("clinicians' time with patients for one need", "minutes per need asked about", "less")
def clinician_min_per_need(c: Counted) -> dict[str, Ratio]:
    """Minutes of consultations about needs that people brought, by needs asked about: in all, and by role."""
    needs, ended = _asked(c), c.tables.rows(log.CONSULT_ENDED)
    ended = ended.where(np.isin(ended.need, needs.index.to_numpy()))
    role, asked = role_of(ended.who), c.by_day(needs["asked"])
    found = {"": Ratio(c.by_day(ended.time, ended.amount), asked)}
    for name in c.seeing:
        mine = role == name
        found[f"role={name}"] = Ratio(c.by_day(ended.time[mine], ended.amount[mine]), asked)
    return found


@metric("consultations for one need", "consultations per need asked about")
def consultations_per_need(c: Counted) -> dict[str, Ratio]:
    """Consultations about needs that people brought, by needs asked about: in all, and by mode."""
    needs, seen = _asked(c), c.tables.appointments
    seen = seen[(seen["status"] == "attended") & seen["need"].isin(needs.index)]
    asked = c.by_day(needs["asked"])
    found = {"": Ratio(c.by_day(seen["start"]), asked)}
    for group, mine in by_mode(seen["mode"]).items():
        found[group] = Ratio(c.by_day(seen.loc[mine, "start"]), asked)
    return found


@metric("days from asking to a clinician", "days", "less")
def days_to_clinician(c: Counted) -> dict[str, Ratio]:
    """Mean days from first asking to the end of the first consultation, by its day: in all and by persons' groups."""
    needs, ended = _asked(c), c.tables.rows(log.CONSULT_ENDED)
    first = pd.Series(ended.time, index=ended.need).groupby(level=0).min()
    seen = needs.assign(seen=first.reindex(needs.index)).dropna(subset="seen")
    at, person = seen["seen"].to_numpy(), seen["person"].to_numpy()
    days = (at - seen["asked"].to_numpy()) / DAY
    found = {"": Ratio(c.by_day(at, days), c.by_day(at))}
    for group, mine in c.groups_of(person):
        if c.people_in[group]:
            found[group] = Ratio(c.by_day(at[mine], days[mine]), c.by_day(at[mine]))
    return found


@metric("needs that end with the person giving up", "share of needs asked about that end", "less")
def gave_up_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs asked about that ended unmet because the person gave up: in all and by the persons' groups."""
    over = _asked(c)
    over = over[over["closed"].notna()]
    return c.share_by_group(over["closed"], over["person"], over["ending"] == GAVE_UP)


@metric("what staff cost for each need resolved", "pounds per need resolved", "less")
def cost_per_resolved_need(c: Counted) -> Ratio:
    """Cost of clinicians' sessions with overtime and of reception's rostered time, by needs and reviews resolved."""
    needs = c.tables.needs
    return Ratio(_clinicians_cost(c) + _reception_cost(c), c.by_day(needs.loc[needs["ending"] == RESOLVED, "closed"]))


def _clinicians_cost(c: Counted) -> Daily:
    """Return what clinicians' rostered time and overtime cost by day, in pounds."""
    rows = c.tables.rows(log.SESSION_ENDED)
    rows = rows.where(np.isin(rows.code, (log.ROSTERED, log.OVERTIME)))
    rate = {name: role.cost_per_hour_gbp / 60 for name, role in c.practice.role.items()}
    pounds = rows.amount * np.array([rate[role] for role in role_of(rows.who).tolist()], dtype=np.float64)
    return c.by_day(rows.time - 1e-6, pounds)


def _reception_cost(c: Counted) -> Daily:
    """Return what people rostered for calls, desk and inbox cost by day, in pounds."""
    cost = np.zeros(c.days)
    rows = c.tables.rows(log.ROSTER)
    for duty in (CALL_HANDLER, FRONT_DESK):
        mine = rows.who == duty
        time, people = rows.time[mine], rows.amount[mine]
        hours = (np.append(time[1:], c.scenario.end) - time) / 60
        cost = cost + c.by_day(time, people * hours * c.practice.rota.cost_per_hour_gbp)
    return cost
