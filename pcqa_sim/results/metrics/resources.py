"""Metrics of what a need takes: clinicians' minutes, consultations, days until somebody looks at it, and money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcqa_sim.results.metrics.base import Counted, Daily, Ratio, by_mode, metric
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import GAVE_UP, RESOLVED
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK


def asked_about(c: Counted) -> pd.DataFrame:
    """Return the needs that people asked about."""
    needs = c.tables.needs
    return needs[(needs["origin"] != "practice") & needs["asked"].notna()]


@metric("clinicians' time with patients for one need", "minutes per need asked about", "less")
def clinician_min_per_need(c: Counted) -> dict[str, Ratio]:
    """Minutes of consultations about needs that people brought, by needs asked about: in all, and by role."""
    needs, ended = asked_about(c), c.tables.rows(log.CONSULT_ENDED)
    ended = ended.where(np.isin(ended.need, needs.index.to_numpy()))
    role, asked = role_of(ended.who), c.by_day(needs["asked"])
    groups = {"": Ratio(c.by_day(ended.time, ended.amount), asked)}
    for name in c.seeing:
        of_role = role == name
        groups[f"role={name}"] = Ratio(c.by_day(ended.time[of_role], ended.amount[of_role]), asked)
    return groups


@metric("consultations for one need", "consultations per need asked about")
def consultations_per_need(c: Counted) -> dict[str, Ratio]:
    """Consultations about needs that people brought, by needs asked about: in all, and by mode."""
    needs, seen = asked_about(c), c.tables.appointments
    seen = seen[(seen["status"] == "attended") & seen["need"].isin(needs.index)]
    asked = c.by_day(needs["asked"])
    groups = {"": Ratio(c.by_day(seen["start"]), asked)}
    for group, in_mode in by_mode(seen["mode"]).items():
        groups[group] = Ratio(c.by_day(seen.loc[in_mode, "start"]), asked)
    return groups


@metric("days from asking to a clinician", "days", "less")
def days_to_clinician(c: Counted) -> dict[str, Ratio]:
    """Mean days from first asking to the end of the first consultation, by its day: in all and by persons' groups.

    Needs that no clinician has seen are left out; `days_waited_for_clinician` has them too.
    """
    needs = asked_about(c)
    first = c.first_seen.reindex(needs.index)
    seen = needs[first.notna()]
    at = first.dropna().to_numpy()
    return c.mean_by_group(at, seen["person"], (at - seen["asked"].to_numpy()) / DAY)


@metric("needs that end with the person giving up", "share of needs asked about that end", "less")
def gave_up_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs asked about that ended unmet because the person gave up: in all and by the persons' groups.

    Needs that are still open are left out.
    """
    over = asked_about(c)
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
    minutes = c.rostered_min(CALL_HANDLER) + c.rostered_min(FRONT_DESK)
    return minutes / 60 * c.practice.rota.cost_per_hour_gbp
