"""Metrics of how capacity is used: slots empty beside refusals, contacts of a clinician's day, work on lists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY

SOON = 30.0  # minutes; a slot that begins sooner after a refusal could not have met the need
SAFE_CONTACTS = 25  # contacts a day; gp_safe_contacts_per_day
FULL_DAY = 2  # sessions; assumption: a clinician's full day is a morning and an afternoon
LATE, IN_TIME = "freed=late", ""


@metric("slots left empty beside refusals they could have met", "share of slots", "less")
def empty_after_refusal_share(c: Counted) -> dict[str, Ratio]:
    """Slots left empty though somebody was refused whose need they could have met, by the slots of days with refusals.

    Somebody was told to call another day half an hour or more before such a slot began and wanted to be seen that day;
    the slot's role is in the row of the kind of need and was not the wrong one for it; its minutes hold a mode in which
    the need can be met. Slots freed in the last hour are apart. Only where empty slots are logged.
    """
    if not c.practice.appointments.empty_slots_logged:
        return {}
    empty, refused = c.tables.rows(log.SLOT_EMPTY), _refused_today(c)
    could = _could_have_met(c, empty, *refused)
    late = empty.code.where(lambda code: code.endswith(f".{log.FREED_LATE}"))
    time = empty.time - 1e-6
    days = (c.by_day(refused[0].time) > 0).astype(np.float64)
    there = _slots_there(c) * days
    return {
        group: Ratio(c.by_day(time[could & which]) * days, there) for group, which in ((IN_TIME, ~late), (LATE, late))
    }


def _refused_today(c: Counted) -> tuple[Rows, NDArray[np.object_]]:
    """Return the refusals of people who wanted to be seen that day, with the kind of need of each."""
    rows = c.tables.rows(log.NOTHING_FREE)
    today = rows.amount == 0
    return rows.where(today), np.array(c.kind_of(log.NOTHING_FREE)[today].tolist(), dtype=object)


def _could_have_met(c: Counted, empty: Rows, refused: Rows, kinds: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell of empty slots whether somebody refused that day could have had each."""
    could = np.zeros(len(empty), dtype=bool)
    day = np.floor((empty.time - 1e-6) / DAY)
    start = day * DAY + empty.amount
    roles, codes = role_of(empty.who).tolist(), empty.code.tolist()
    asked = list(zip(refused.time, kinds, refused.who.tolist(), refused.code.tolist(), strict=True))
    by_day: dict[float, list[tuple[float, str, str, str]]] = {}
    for one in asked:
        by_day.setdefault(float(one[0] // DAY), []).append(one)
    for at, (role, code) in enumerate(zip(roles, codes, strict=True)):
        holds = set(code.partition(".")[0].split("+"))
        could[at] = any(
            start[at] >= time + SOON and role != wrong and _sees(c, kind, role) and holds & set(modes.split("+"))
            for time, kind, wrong, modes in by_day.get(float(day[at]), ())
        )
    return could


def _sees(c: Counted, kind: str, role: str) -> bool:
    """Tell whether needs of a kind, or a programme's, may be seen by a role."""
    programme = c.practice.planned.programmes.get(kind)
    return programme.role == role if programme else c.practice.triage.places.get(kind, {}).get(role, 0.0) > 0


def _slots_there(c: Counted) -> Daily:
    """Return the slots of each day that somebody could have booked: used, missed or left unused."""
    booked, unused = c.tables.appointment_columns, c.tables.rows(log.SLOTS_UNUSED)
    kept = booked["start"][booked.words("status") != "cancelled"]
    return c.by_day(kept) + c.by_day(unused.time - 1e-6, unused.amount)


@metric("consultations of a clinician's full day", "consultations per clinician and full day")
def contacts_per_full_day(c: Counted) -> dict[str, Ratio]:
    """Consultations of clinicians who work a morning and an afternoon, per such day: by role."""
    return {group: Ratio(contacts, days) for group, (contacts, days, _) in _full_days(c).items()}


@metric("full days with more contacts than is safe", "share of full days", "less")
def days_over_safe_contacts_share(c: Counted) -> dict[str, Ratio]:
    """Share of clinicians' full days with more than 25 consultations: by role."""
    return {group: Ratio(over, days) for group, (_, days, over) in _full_days(c).items()}


def _full_days(c: Counted) -> dict[str, tuple[Daily, Daily, Daily]]:
    """Return by role and day the consultations on clinicians' full days, those days, and those with too many."""
    sessions, seen = c.tables.rows(log.SESSION_ENDED), c.tables.rows(log.CONSULT_ENDED)
    sessions = sessions.where(sessions.code == log.ROSTERED)
    found = {}
    for role in c.seeing:
        keys = tuple(sorted({key for key in sessions.who.distinct() if key.partition(".")[0] == role}))
        worked = np.array(list(c.by_word(sessions.who, keys, sessions.time - 1e-6).values()))
        contacts = np.array(list(c.by_word(seen.who, keys, seen.time - 1e-6).values()))
        full = (worked >= FULL_DAY).reshape(len(keys), c.days)
        contacts = contacts.reshape(len(keys), c.days) * full
        over = (contacts > SAFE_CONTACTS).sum(axis=0).astype(np.float64)
        found[f"role={role}"] = (contacts.sum(axis=0), full.sum(axis=0).astype(np.float64), over)
    return found


@metric("overtime of a session", "minutes per session", "less")
def overtime_min_per_session(c: Counted) -> dict[str, Ratio]:
    """Mean minutes that a session runs over, by role and by clinician."""
    return _per_session(c, log.OVERTIME)


@metric("nothing to do in a session", "minutes per session")
def idle_min_per_session(c: Counted) -> dict[str, Ratio]:
    """Mean minutes of a session with neither patient, paper nor work on lists, by role and by clinician."""
    return _per_session(c, log.IDLE)


def _per_session(c: Counted, code: str) -> dict[str, Ratio]:
    """Return the mean minutes of a session spent on something, by role and by clinician."""
    rows = c.tables.rows(log.SESSION_ENDED)
    held, spent = rows.where(rows.code == log.ROSTERED), rows.where(rows.code == code)
    of_role = role_of(held.who), role_of(spent.who), tuple(c.practice.role)
    of_one = held.who, spent.who, tuple(sorted(held.who.distinct()))
    found: dict[str, Ratio] = {}
    for word, (whose, by, names) in (("role", of_role), ("clinician", of_one)):
        above = c.by_word(by, names, spent.time - 1e-6, spent.amount)
        below = c.by_word(whose, names, held.time - 1e-6)
        found |= {f"{word}={name}": Ratio(above[name], below[name]) for name in names}
    return found


@metric("work on lists", "minutes per working day")
def list_work_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of sessions that go to work on lists, per working day: by role, and by name of the work."""
    rows = c.tables.rows(log.LIST_WORK_DONE)
    works = tuple(dict.fromkeys(name for role in c.practice.role.values() for name in role.list_work))
    found = {}
    for word, names, column in (("role", tuple(c.practice.role), role_of(rows.who)), ("work", works, rows.code)):
        for name, minutes in c.by_word(column, names, rows.time - 1e-6, rows.amount).items():
            found[f"{word}={name}"] = Ratio(minutes, c.working_days)
    return found if works else {}


@metric("paperwork passed on by a role that is behind", "minutes per working day")
def paperwork_passed_on_min_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Minutes of new paperwork that a role hands to others because its own waits too long, per working day, by role."""
    if c.practice.backoffice.hand_over_after_days is None:
        return {}
    rows, roles = c.tables.rows(log.PAPERWORK_PASSED_ON), tuple(c.practice.role)
    minutes = c.by_word(rows.who, roles, rows.time - 1e-6, rows.amount)
    return {f"role={role}": Ratio(minutes[role], c.working_days) for role in roles}
