"""Metrics of the day's work: how full sessions are, overtime, gaps, paperwork, and work that needed a GP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.clinic.clinicians import how_cases_look, line_drawn
from pcqa_sim.clinic.paperwork import NOTES, PEER_REVIEW, QUESTIONS, SUPERVISION
from pcqa_sim.results.columns import Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK, GP

NEARLY_AS_WELL = 0.85  # assumption: another role that resolves 85 % of what a GP does could have done it
ENOUGH = 30  # consultations; assumption: fewer say little about what a GP judges


def _sessions(c: Counted, code: str) -> dict[str, np.ndarray]:
    """Return minutes by day of one activity of sessions, by role, with "" for all clinicians."""
    rows = c.tables.rows(log.SESSION_ENDED)
    rows = rows.where(rows.code == code)
    time, role = rows.time - 1e-6, role_of(rows.who)
    clinical = role.isin(c.seeing)
    found = {"": c.by_day(time[clinical], rows.amount[clinical])}
    of_role = c.by_word(role, tuple(c.practice.role), time, rows.amount)
    return found | {f"role={name}": minutes for name, minutes in of_role.items()}


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


@metric("clinicians on the way to visits", "share of session time")
def travelling_share(c: Counted) -> dict[str, Ratio]:
    """Minutes on the way to people's homes and back by minutes of sessions, in all and by role."""
    return _of_rostered(c, log.TRAVELLING)


@metric("clinicians with nothing to do", "share of session time")
def idle_share(c: Counted) -> dict[str, Ratio]:
    """Minutes of sessions with neither patient nor paperwork, in all and by role."""
    return _of_rostered(c, log.IDLE)


@metric("clinicians' time with nothing to do", "hours per week of five working days")
def unused_hours_per_week(c: Counted) -> dict[str, Ratio]:
    """Hours of sessions with neither patient nor paperwork, per five working days, by role."""
    idle = {group: minutes for group, minutes in _sessions(c, log.IDLE).items() if group}
    return {group: Ratio(minutes * 5 / 60, c.working_days) for group, minutes in idle.items()}


@metric("clinicians' overtime", "minutes per working day", "less")
def overtime_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes that sessions run over, per working day, in all and by role."""
    return {group: Ratio(minutes, c.working_days) for group, minutes in _sessions(c, log.OVERTIME).items()}


@metric("staff time with patients", "minutes per working day")
def patient_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes that staff spend with patients, per working day, by role: consulting, on the phone, desk and inbox."""
    consulting = _sessions(c, log.CONSULTING)
    found = {f"role={role}": consulting[f"role={role}"] for role in c.seeing}
    for event, role in ((log.TALK_ENDED, CALL_HANDLER), (log.FRONT_SEEN, FRONT_DESK)):
        rows = c.tables.rows(event)
        found[f"role={role}"] = c.by_day(rows.time, rows.amount)
    every = np.sum(list(found.values()), axis=0)
    return {group: Ratio(minutes, c.working_days) for group, minutes in ({"": every} | found).items()}


@metric("paperwork waiting at the end of the day", "minutes", "less")
def paperwork_waiting_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes of paperwork that wait at closing time, by role."""
    rows, roles = c.tables.rows(log.PAPERWORK), tuple(c.practice.role)
    minutes = c.by_word(rows.who, roles, rows.time - 1e-6, rows.amount)
    evenings = c.by_word(rows.who, roles, rows.time - 1e-6)
    return {f"role={role}": Ratio(minutes[role], evenings[role]) for role in roles}


@metric("paperwork that comes in", "minutes per working day", "less")
def paperwork_made_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of paperwork that come in per working day: in all, by item, and by the role that is to do it."""
    rows = c.tables.rows(log.PAPERWORK_MADE)
    groups = {"": Ratio(c.by_day(rows.time - 1e-6, rows.amount), c.working_days)}
    supervised = any(role.supervision_min for role in c.practice.role.values())
    asked = c.practice.triage.asks_clinician is not None
    own = (NOTES, *((SUPERVISION,) if supervised else ()), *((QUESTIONS,) if asked else ()))
    if any(one.role[name].peer_review_min_per_week for one in c.scenario.settings_of(c.key) for name in one.role):
        own = (*own, PEER_REVIEW)
    items = (*own, *c.practice.backoffice.items)
    for word, names, column in (
        ("item", items, rows.code),
        ("role", tuple(c.practice.role), rows.who),
    ):
        for name, minutes in c.by_word(column, names, rows.time - 1e-6, rows.amount).items():
            groups[f"{word}={name}"] = Ratio(minutes, c.working_days)
    return groups


@metric("consultations that start late", "minutes late, mean", "less")
def late_min(c: Counted) -> dict[str, Ratio]:
    """Mean minutes between the time of an appointment and its beginning, in all and by role."""
    seen = c.tables.appointment_columns
    seen = seen.where(seen.words("status") == "attended")
    start, late = seen["start"], seen["late_min"]
    above = {"": c.by_day(start, late)} | c.by_word(seen.words("role"), c.seeing, start, late)
    below = {"": c.by_day(start)} | c.by_word(seen.words("role"), c.seeing, start)
    return {role and f"role={role}": Ratio(minutes, below[role]) for role, minutes in above.items()}


@metric("squeezed consultations", "share of consultations", "less")
def squeezed_share(c: Counted) -> Ratio:
    """Share of consultations that were shortened because the clinician ran late."""
    squeezed, ended = c.tables.rows(log.SQUEEZED), c.tables.rows(log.CONSULT_ENDED)
    return Ratio(c.by_day(squeezed.time), c.by_day(ended.time))


@metric("GP work that needed a GP", "share of GP consultations", "more")
def needed_gp_share(c: Counted) -> dict[str, Ratio]:
    """Share of GP consultations about needs that no other role here resolves nearly as well, by person and by GP.

    This is the one rule of what needed a GP that answers use; `judged_gp_share` is what GPs would say, each by a line
    of their own.
    """
    work = _gp_work(c)
    needed = work.others_do < NEARLY_AS_WELL
    return c.share_by_group(work.rows.time, work.rows.person, needed) | _by_gp(c, work.rows, needed)


@metric("GP work that the GP who did it calls a GP's", "share of GP consultations")
def judged_gp_share(c: Counted) -> dict[str, Ratio]:
    """Share of GP consultations that the GP who had them says needed a GP: in all, by GP, and of both extremes.

    The extremes of a week are the GPs who were lowest and highest in the weeks before it.
    """
    judgement = c.practice.role[GP].differences.judgement if GP in c.practice.role else None
    if judgement is None:
        return {}
    work = _gp_work(c)
    rows = work.rows
    line = rows.who.worth(lambda key: line_drawn(c.world, key, judgement))
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
    kind: Words
    others_do: NDArray[np.float64]


def _gp_work(c: Counted) -> _GpWork:
    ended = c.tables.rows(log.CONSULT_ENDED)
    by_gp = role_of(ended.who) == GP
    kind = c.kind_of(log.CONSULT_ENDED)[by_gp]
    return _GpWork(ended.where(by_gp), kind, kind.worth(lambda name: _others_do(c, name)))


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
    keys = sorted(rows.who.distinct())
    above, below = c.by_word(rows.who[which], keys, rows.time[which]), c.by_word(rows.who, keys, rows.time)
    return {f"clinician={key}": Ratio(above[key], below[key]) for key in keys}


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
    relational = work.kind.isin(name for name, kind in c.practice.demand.kinds.items() if kind.relational)
    return {
        f"work={word}": c.by_day(work.rows.time[which], work.rows.amount[which])
        for word, which in (("relational", relational), ("transactional", ~relational))
    }
