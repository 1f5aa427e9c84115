"""Metrics of the day's work: how full sessions are, overtime, gaps, paperwork, and work that needed a GP."""

from __future__ import annotations

import numpy as np

from pcqa_sim import eventlog as log
from pcqa_sim.metrics.base import Counted, Ratio, metric
from pcqa_sim.tables import role_of

GP = "gp"
NEARLY_AS_WELL = 0.85  # assumption: another role that resolves 85 % of what a GP does could have done it


def _sessions(c: Counted, code: str) -> dict[str, np.ndarray]:
    """Return minutes by day of one activity of sessions, by role, with "" for all roles."""
    rows = c.tables.rows(log.SESSION_ENDED)
    mine = rows.code == code
    time, amount, role = rows.time[mine] - 1e-6, rows.amount[mine], role_of(rows.who[mine])
    found = {"": c.by_day(time, amount)}
    for name in c.practice.role:
        here = role == name
        found[f"role={name}"] = c.by_day(time[here], amount[here])
    return found


def _of_rostered(c: Counted, code: str) -> dict[str, Ratio]:
    rostered = _sessions(c, log.ROSTERED)
    return {group: Ratio(minutes, rostered[group]) for group, minutes in _sessions(c, code).items()}


@metric("clinicians with patients", "share of session time")
def consulting_share(c: Counted) -> dict[str, Ratio]:
    """Minutes of consultations by minutes of sessions, in all and by role."""
    return _of_rostered(c, log.CONSULTING)


@metric("clinicians at paperwork in their sessions", "share of session time")
def back_office_share(c: Counted) -> dict[str, Ratio]:
    """Minutes of paperwork by minutes of sessions, in all and by role."""
    return _of_rostered(c, log.BACK_OFFICE)


@metric("clinicians with nothing to do", "share of session time")
def idle_share(c: Counted) -> dict[str, Ratio]:
    """Minutes of sessions with neither patient nor paperwork, in all and by role."""
    return _of_rostered(c, log.IDLE)


@metric("clinicians' overtime", "minutes per working day", "less")
def overtime_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes that sessions run over, per working day, in all and by role."""
    return {group: Ratio(minutes, c.working_days) for group, minutes in _sessions(c, log.OVERTIME).items()}


@metric("paperwork waiting at the end of the day", "minutes", "less")
def paperwork_waiting_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes of paperwork that wait at closing time, by role."""
    rows = c.tables.rows(log.PAPERWORK)
    groups = {}
    for role in c.practice.role:
        mine = rows.who == role
        time = rows.time[mine] - 1e-6
        groups[f"role={role}"] = Ratio(c.by_day(time, rows.amount[mine]), c.by_day(time))
    return groups


@metric("consultations that start late", "minutes late, mean", "less")
def late_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes between the time of an appointment and its beginning, in all and by role."""
    seen = c.tables.appointments
    seen = seen[seen["status"] == "attended"]
    groups = {"": Ratio(c.by_day(seen["start"], seen["late_min"]), c.by_day(seen["start"]))}
    for role in c.practice.role:
        mine = seen[seen["role"] == role]
        groups[f"role={role}"] = Ratio(c.by_day(mine["start"], mine["late_min"]), c.by_day(mine["start"]))
    return groups


@metric("squeezed consultations", "share of consultations", "less")
def squeezed_share(c: Counted) -> Ratio:
    """Share of consultations that were shortened because the clinician ran late."""
    squeezed, ended = c.tables.rows(log.SQUEEZED), c.tables.rows(log.CONSULT_ENDED)
    return Ratio(c.by_day(squeezed.time), c.by_day(ended.time))


@metric("GP work that needed a GP", "share of GP consultations", "more")
def needed_gp_share(c: Counted) -> dict[str, Ratio]:
    """Share of GP consultations about needs that no other role here resolves nearly as well."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    mine = role_of(ended.who) == GP
    kinds = c.tables.needs["kind"].reindex(ended.need[mine]).to_numpy()
    needed = np.isin(kinds, [kind for kind in set(kinds) if _needs_gp(c, kind)])
    return c.share_by_group(ended.time[mine], ended.person[mine], needed)


def _needs_gp(c: Counted, kind: str) -> bool:
    roles = c.practice.role
    if GP not in roles or kind not in roles[GP].scope:
        return False
    others = [role.scope.get(kind, 0.0) for name, role in roles.items() if name != GP and c.practice.fte(name) > 0]
    return max(others, default=0.0) < NEARLY_AS_WELL * roles[GP].scope[kind]
