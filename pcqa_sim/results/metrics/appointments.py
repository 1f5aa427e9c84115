"""Metrics of appointments: how many, with whom, how, how soon, and who does not come.

Appointments are counted as the published series counts them: attended and not attended, cancelled ones left out, on
the day they stand for. Lead times are in calendar days. Who is offered no appointment is in none of these shares and
lead times: `appointment_found_share` counts them, and `days_waited_for_clinician` how long they wait.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns, Which, Words
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Daily, Ratio, by_mode
from pcqa_sim.results.rows import Rows
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import APP, CALL_ANOTHER_DAY, PHONE
from pcqa_sim.values.words import GP

WITHIN_A_DAY = 1.0
LEAD_EDGES = (0, 1, 7, 14, 21, 28)
LEAD_BANDS = ("same_day", "1_day", "2_7_days", "8_14_days", "15_21_days", "22_28_days", "over_28_days")


def held(c: Counted) -> Columns:
    """Return the appointments that were attended or missed."""
    appointments = c.tables.appointment_columns
    return appointments.where(appointments.words("status").isin(("attended", "dna")))


@metric("told to call another day", "share of requests decided", "less")
def told_another_day_share(c: Counted) -> dict[str, Ratio]:
    """Share of decided requests that were told to call another day, in all and by the persons' groups.

    Left out are people who were never heard: `requests_heard_share` counts them.
    """
    decided = c.tables.rows(log.DECIDED)
    return c.share_by_group(decided.time, decided.person, decided.code == CALL_ANOTHER_DAY)


@metric("told to call another day though they should be seen within a day", "share of such requests decided", "less")
def urgent_told_another_day_share(c: Counted) -> dict[str, Ratio]:
    """Share of decided requests about kinds of need to be seen within a day that were told to call another day.

    In all, by the persons' groups and by kind. Which kinds these are is `demand.kinds.NAME.clinically_within_days`: an
    assumption about kinds, not about the single need.
    """
    soon = [name for name, kind in c.practice.demand.kinds.items() if kind.clinically_within_days <= WITHIN_A_DAY]
    kind = c.kind_of(log.DECIDED)
    which = c.is_made[c.tables.contacts_of(log.DECIDED)] & kind.isin(soon)
    rows, kind = c.tables.rows(log.DECIDED).where(which), kind[which]
    told = rows.code == CALL_ANOTHER_DAY
    above, below = c.by_word(kind[told], soon, rows.time[told]), c.by_word(kind, soon, rows.time)
    found = c.share_by_group(rows.time, rows.person, told)
    return found | {f"kind={name}": Ratio(above[name], below[name]) for name in soon}


@metric("requests that somebody hears", "share, by contacts people make meanwhile", "more")
def requests_heard_share(c: Counted) -> dict[str, Ratio]:
    """Requests decided in a period by contacts people made in it, in all and by the persons' groups.

    Heard are the contacts people made on which somebody decided, and those who found an appointment in the app. Not
    heard are who gets engaged, put off, missed, cut off or refused, and who still waits: at the desk, in the inbox, or
    to be called back.
    """
    heard, made = _of_people(c, log.DECIDED), c.asked
    return c.by_group(heard.time, heard.person, made["opened"], made["person"])


def _of_people(c: Counted, event: str) -> Rows:
    """Return the rows of an event about contacts that people made."""
    return c.tables.rows(event).where(c.is_made[c.tables.contacts_of(event)])


@metric("appointments found when one is looked for", "share of times one is looked for", "more")
def appointment_found_share(c: Counted) -> dict[str, Ratio]:
    """Share of the times an appointment was looked for, for people who asked, that one was booked: by their groups too.

    The others were told to call another day or found nothing in the app.
    """
    booked, decided, next_actions = (_of_people(c, event) for event in (log.BOOKED, log.DECIDED, log.NEXT_ACTION))
    turned = next_actions.where(next_actions.code == PHONE)
    in_app = c.tables.contact_columns.words("channel")[c.tables.contact_rows(turned.key)] == APP
    wanted = (booked, decided.where(decided.code == CALL_ANOTHER_DAY), turned.where(in_app))
    times, who = np.concatenate([rows.time for rows in wanted]), np.concatenate([rows.person for rows in wanted])
    return c.by_group(booked.time, booked.person, times, who)


@metric("told to call another day", "people per working day", "less")
def told_another_day_per_working_day(c: Counted) -> Ratio:
    """People told to call another day, per working day."""
    decided = c.tables.rows(log.DECIDED)
    return Ratio(c.by_day(decided.time[decided.code == CALL_ANOTHER_DAY]), c.working_days)


@metric("days on which nobody is turned away", "share of working days", "more")
def nobody_turned_away_share(c: Counted) -> Ratio:
    """Share of working days on which nobody who was heard was told to call another day."""
    decided = c.tables.rows(log.DECIDED)
    told = c.by_day(decided.time[decided.code == CALL_ANOTHER_DAY])
    return Ratio((told == 0) * c.working_days, c.working_days)


@metric("appointments", "appointments per 1,000 patients per working day")
def appointments_per_1000_working_day(c: Counted) -> dict[str, Ratio]:
    """Appointments attended or missed, per 1,000 patients per working day, in all and by role."""
    booked = held(c)
    below = c.working_days * c.patients_in_1000()
    counts = {"": c.by_day(booked["start"])} | _by_role(c, booked)
    return {group: Ratio(count, below) for group, count in counts.items()}


@metric("appointments by role", "share of appointments")
def role_share(c: Counted) -> dict[str, Ratio]:
    """Share of appointments with each role."""
    booked = held(c)
    every = c.by_day(booked["start"])
    return {group: Ratio(count, every) for group, count in _by_role(c, booked).items()}


def _by_role(c: Counted, booked: Columns) -> dict[str, Daily]:
    """Return how many appointments each role has by day."""
    return {f"role={r}": count for r, count in c.by_word(booked.words("role"), c.seeing, booked["start"]).items()}


@metric("appointments by mode", "share of appointments")
def mode_share(c: Counted) -> dict[str, Ratio]:
    """Share of appointments in each mode, and of video and online messages together, as published."""
    booked = held(c)
    every = c.by_day(booked["start"])
    modes = by_mode(booked.words("mode"))
    return {group: Ratio(c.by_day(booked["start"][which]), every) for group, which in modes.items()}


@metric("appointments by days from booking", "share of appointments")
def lead_time_share(c: Counted) -> dict[str, Ratio]:
    """Share of appointments in each band of lead time: all, with a GP, and with other staff."""
    booked = held(c)
    band, start, gp = _lead_band(booked), booked["start"], booked.words("role") == GP
    groups = {}
    for words, which in (("", np.ones(len(booked), dtype=bool)), ("gp:", gp), ("other_staff:", ~gp)):
        every = c.by_day(start[which])
        for name, count in c.by_word(band[which], LEAD_BANDS, start[which]).items():
            groups[f"lead={words}{name}"] = Ratio(count, every)
    return groups


def _lead_band(booked: Columns) -> Words:
    """Return the band of lead time of each appointment."""
    return Words(np.searchsorted(np.array(LEAD_EDGES), booked["lead_days"], side="left"), LEAD_BANDS)


@metric("appointments on the day they are asked for", "share of appointments")
def same_day_share(c: Counted) -> dict[str, Ratio]:
    """Share of appointments with a lead time of 0 days: all, with a GP, and with other staff."""
    return _by_staff(c, lambda lead: lead == 0)


@metric("appointments more than two weeks after booking", "share of appointments", "less")
def over_two_weeks_share(c: Counted) -> dict[str, Ratio]:
    """Share of appointments with a lead time of 15 days or more: all, with a GP, and with other staff."""
    return _by_staff(c, lambda lead: lead >= 15)


def _by_staff(c: Counted, which: Callable[[NDArray[np.int64]], Which]) -> dict[str, Ratio]:
    booked = held(c)
    gp = booked.words("role") == GP
    parts = {"": booked, f"role={GP}": booked.where(gp), "role=other_staff": booked.where(~gp)}
    return {
        group: Ratio(c.by_day(part["start"][which(part["lead_days"])]), c.by_day(part["start"]))
        for group, part in parts.items()
    }


@metric("mean days between booking and appointment", "days", "less")
def lead_time_days(c: Counted) -> dict[str, Ratio]:
    """Mean lead time in calendar days, in all and by role."""
    booked = held(c)
    start, lead, role = booked["start"], booked["lead_days"], booked.words("role")
    above = {"": c.by_day(start, lead)} | c.by_word(role, c.seeing, start, lead)
    below = {"": c.by_day(start)} | c.by_word(role, c.seeing, start)
    return {name and f"role={name}": Ratio(days, below[name]) for name, days in above.items()}


@metric("appointments missed by the patient", "share of appointments", "less")
def dna_share(c: Counted) -> dict[str, Ratio]:
    """Share of appointments not attended: in all, by the persons' groups, by mode, by lead time and by role."""
    booked = held(c)
    missed, start = booked.words("status") == "dna", booked["start"]
    groups = c.share_by_group(start, booked["person"], missed)
    band, role = _lead_band(booked), booked.words("role")
    parts = by_mode(booked.words("mode"))
    parts |= {f"lead={name}": band == name for name in LEAD_BANDS}
    parts |= {f"role={name}": role == name for name in c.seeing}
    for group, which in parts.items():
        groups[group] = Ratio(c.by_day(start[which & missed]), c.by_day(start[which]))
    return groups


@metric("appointments cancelled by the patient", "share of bookings")
def cancelled_share(c: Counted) -> dict[str, Ratio]:
    """Share of bookings cancelled, by the patient and by the practice, on the day they stood for."""
    booked = c.tables.appointment_columns
    cancelled = c.tables.rows(log.CANCELLED)
    every = c.by_day(booked["start"])
    due = cancelled.time + cancelled.amount
    by = {
        "": due,
        "by=patient": due[cancelled.code == log.BY_PATIENT],
        "by=practice": due[cancelled.code == log.BY_PRACTICE],
    }
    return {group: Ratio(c.by_day(times), every) for group, times in by.items()}


@metric("appointments with the patient's usual GP", "share of GP appointments attended", "more")
def usual_gp_share(c: Counted) -> dict[str, Ratio]:
    """Share of attended GP appointments that were with the patient's usual GP: all, and of those with a preference."""
    booked = c.tables.appointment_columns
    booked = booked.where((booked.words("status") == "attended") & (booked.words("role") == GP))
    usual = Words.of(c.usual)[booked["person"]]
    own = booked.words("clinician").same_as(usual)
    start = booked["start"]
    groups = c.share_by_group(start, booked["person"], own)
    prefers = c.people.prefers[booked["person"]] < c.practice.appointments.continuity.prefers_usual_share
    groups["prefers=yes"] = Ratio(c.by_day(start[own & prefers]), c.by_day(start[prefers]))
    return groups


@metric("slots that are booked", "share of slots")
def booked_share(c: Counted) -> dict[str, Ratio]:
    """Appointments held or missed over those and the slots nobody booked, by role."""
    kept, unused = held(c), c.tables.rows(log.SLOTS_UNUSED)
    used = c.by_word(kept.words("role"), c.seeing, kept["start"])
    empty = c.by_word(unused.who, c.seeing, unused.time - 1e-6, unused.amount)
    return {f"role={role}": Ratio(used[role], used[role] + empty[role]) for role in c.seeing}


@metric("slots left unused", "slots per working day", "less")
def slots_unused_per_working_day(c: Counted) -> dict[str, Ratio]:
    """Slots nobody booked, per working day, in all and by role."""
    rows = c.tables.rows(log.SLOTS_UNUSED)
    groups = {"": Ratio(c.by_day(rows.time - 1e-6, rows.amount), c.working_days)}
    for role in c.seeing:
        of_role = rows.who == role
        groups[f"role={role}"] = Ratio(c.by_day(rows.time[of_role] - 1e-6, rows.amount[of_role]), c.working_days)
    return groups
