"""Metrics of the day's work: how full sessions are, overtime, gaps, paperwork, and work that needed a GP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.clinic.clinicians import how_cases_look, line_drawn
from pcqa_sim.clinic.paperwork import NOTES
from pcqa_sim.results.metrics.base import Counted, Ratio, metric
from pcqa_sim.results.tables import Rows, role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.words import GP

NEARLY_AS_WELL = 0.85  # assumption: another role that resolves 85 % of what a GP does could have done it
ENOUGH = 30  # consultations; assumption: fewer say little about what a GP judges


def _sessions(c: Counted, code: str) -> dict[str, np.ndarray]:
    """Return minutes by day of one activity of sessions, by role, with "" for all clinicians."""
    rows = c.tables.rows(log.SESSION_ENDED)
    of_code = rows.code == code
    time, amount, role = rows.time[of_code] - 1e-6, rows.amount[of_code], role_of(rows.who[of_code])
    clinical = np.isin(role, c.seeing)
    groups = {"": c.by_day(time[clinical], amount[clinical])}
    for name in c.practice.role:
        here = role == name
        groups[f"role={name}"] = c.by_day(time[here], amount[here])
    return groups


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
        of_role = rows.who == role
        time = rows.time[of_role] - 1e-6
        groups[f"role={role}"] = Ratio(c.by_day(time, rows.amount[of_role]), c.by_day(time))
    return groups


@metric("paperwork that comes in", "minutes per working day", "less")
def paperwork_made_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of paperwork that come in per working day: in all, by item, and by the role that is to do it."""
    rows = c.tables.rows(log.PAPERWORK_MADE)
    groups = {"": Ratio(c.by_day(rows.time - 1e-6, rows.amount), c.working_days)}
    for word, names, column in (
        ("item", (NOTES, *c.practice.backoffice.items), rows.code),
        ("role", tuple(c.practice.role), rows.who),
    ):
        for name in names:
            of_item = column == name
            groups[f"{word}={name}"] = Ratio(c.by_day(rows.time[of_item] - 1e-6, rows.amount[of_item]), c.working_days)
    return groups


@metric("consultations that start late", "minutes late, mean", "less")
def late_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes between the time of an appointment and its beginning, in all and by role."""
    seen = c.tables.appointments
    seen = seen[seen["status"] == "attended"]
    groups = {"": Ratio(c.by_day(seen["start"], seen["late_min"]), c.by_day(seen["start"]))}
    for role in c.seeing:
        of_role = seen[seen["role"] == role]
        groups[f"role={role}"] = Ratio(c.by_day(of_role["start"], of_role["late_min"]), c.by_day(of_role["start"]))
    return groups


@metric("squeezed consultations", "share of consultations", "less")
def squeezed_share(c: Counted) -> Ratio:
    """Share of consultations that were shortened because the clinician ran late."""
    squeezed, ended = c.tables.rows(log.SQUEEZED), c.tables.rows(log.CONSULT_ENDED)
    return Ratio(c.by_day(squeezed.time), c.by_day(ended.time))


@metric("GP work that needed a GP", "share of GP consultations", "more")
def needed_gp_share(c: Counted) -> dict[str, Ratio]:
    """Share of GP consultations about needs that no other role here resolves nearly as well, by person and by GP."""
    work = _gp_work(c)
    needed = work.others_do < NEARLY_AS_WELL
    return c.share_by_group(work.rows.time, work.rows.person, needed) | _by_gp(c, work.rows, needed)


@metric("GP work that needed a GP, as that GP judges", "share of GP consultations", "more")
def judged_gp_share(c: Counted) -> dict[str, Ratio]:
    """Share of GP consultations that the GP who had them says needed a GP: in all, by GP, and of both extremes.

    The extremes of a week are the GPs who were lowest and highest in the weeks before it.
    """
    judgement = c.practice.role[GP].differences.judgement if GP in c.practice.role else None
    if judgement is None:
        return {}
    work = _gp_work(c)
    rows = work.rows
    lines = {key: line_drawn(c.world, key, judgement) for key in set(rows.who.tolist())}
    line = np.array([lines[key] for key in rows.who.tolist()])
    person = c.people.key[rows.person]
    needed = how_cases_look(work.others_do, person, rows.need, rows.contact, judgement.case_sd) < line
    by_gp = _by_gp(c, rows, needed)
    return {"": Ratio(c.by_day(rows.time[needed]), c.by_day(rows.time))} | by_gp | _extremes(c, by_gp)


@metric("what GPs' time with patients goes to", "share of GP minutes with patients")
def gp_work_share(c: Counted) -> dict[str, Ratio]:
    """Minutes of GP consultations about relational and about transactional needs, by all of them."""
    rows = _gp_work(c).rows
    every = c.by_day(rows.time, rows.amount)
    return {group: Ratio(minutes, every) for group, minutes in _minutes_by_work(c).items()}


@metric("GPs' time with patients", "minutes per working day")
def gp_work_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of GP consultations about relational and about transactional needs, per working day."""
    return {group: Ratio(minutes, c.working_days) for group, minutes in _minutes_by_work(c).items()}


@dataclass(frozen=True)
class _GpWork:
    """The consultations of GPs: their rows, the kind of each, and how well others do, as a share of what a GP does."""

    rows: Rows
    kind: NDArray[np.object_]
    others_do: NDArray[np.float64]


def _gp_work(c: Counted) -> _GpWork:
    ended = c.tables.rows(log.CONSULT_ENDED)
    rows = ended.where(role_of(ended.who) == GP)
    kind = c.tables.needs["kind"].reindex(rows.need).to_numpy()
    known = {name: _others_do(c, name) for name in set(kind.tolist())}
    return _GpWork(rows, kind, np.array([known[name] for name in kind.tolist()], dtype=np.float64))


def _others_do(c: Counted, kind: str) -> float:
    """Return what the best other role here resolves of a kind, as a share of what a GP does; 0 where nobody else may.

    Visits that the practice plans for a GP are nobody else's.
    """
    roles = c.practice.role
    own = roles[GP].scope.get(kind, 0.0) if GP in roles else 0.0
    if not own:
        return 0.0
    others = [role.scope.get(kind, 0.0) for name, role in roles.items() if name != GP and c.practice.fte(name) > 0]
    return max(others, default=0.0) / own


def _by_gp(c: Counted, rows: Rows, which: NDArray[np.bool_]) -> dict[str, Ratio]:
    """Return the share of each GP's consultations for which `which` holds."""
    shares = {}
    for key in sorted(set(rows.who.tolist())):
        of_gp = rows.who == key
        shares[f"clinician={key}"] = Ratio(c.by_day(rows.time[of_gp & which]), c.by_day(rows.time[of_gp]))
    return shares


def _extremes(c: Counted, by_gp: dict[str, Ratio]) -> dict[str, Ratio]:
    """Return the lowest and the highest GP, of those with enough consultations to tell.

    Who they are is chosen for each week by all weeks before it, so that the week they are judged on has no say.
    """
    if not by_gp:
        return {}
    above, below = (
        np.array([getattr(ratio, part) for ratio in by_gp.values()]) for part in ("numerator", "denominator")
    )
    needed, all_of_them = (np.cumsum(part, axis=1)[:, 6:-7:7] for part in (above, below))  # to each week's end
    known = all_of_them >= ENOUGH
    share = needed / np.maximum(all_of_them, ENOUGH)
    lowest, highest = np.where(known, share, np.inf).argmin(axis=0), np.where(known, share, -np.inf).argmax(axis=0)
    extremes = {}
    for group, chosen in (("gp=lowest", lowest), ("gp=highest", highest)):
        of_gp = np.zeros_like(above)
        for week, gp in enumerate(chosen, start=1):
            of_gp[gp, week * 7 : week * 7 + 7] = known[gp, week - 1]
        extremes[group] = Ratio((above * of_gp).sum(axis=0), (below * of_gp).sum(axis=0))
    return extremes


def _minutes_by_work(c: Counted) -> dict[str, NDArray[np.float64]]:
    """Return minutes of GP consultations by day, of relational needs and of the others."""
    work = _gp_work(c)
    relational = np.isin(work.kind, [name for name, kind in c.practice.demand.kinds.items() if kind.relational])
    return {
        f"work={word}": c.by_day(work.rows.time[which], work.rows.amount[which])
        for word, which in (("relational", relational), ("transactional", ~relational))
    }
