"""What appointment books, unused slots, missed appointments and online requests say."""

from __future__ import annotations

import math
import string

import numpy as np
import pandas as pd

from pcqa_sim.inputs.cellreaders import MISSING
from pcqa_sim.inputs.looking import (
    A_DAY,
    Looked,
    Shown,
    again_within,
    by_day,
    in_words,
    looks_at,
    ordinary,
    percent,
    top_share,
)
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.inputs.suppression import share
from pcqa_sim.values.words import GP, Mode

LEADS = (
    (0, "the same day"),
    (1, "1 day"),
    (7, "2 to 7 days"),
    (14, "8 to 14 days"),
    (28, "15 to 28 days"),
    (10**6, "later"),
)
_FEWEST_OF_ONE = 20
"""Appointments of a clinician; of fewer nothing is said."""


@looks_at("book")
def book(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say what a book with a row an appointment or a slot says."""
    when = begins_of(frame)
    frame = frame.assign(when=when)[when != MISSING]
    if frame.empty:
        found.shown.append(Shown("Appointments", "No appointment with a date."))
        return
    status = status_of(frame)
    _slots(frame, status, found)
    held = frame[status.isin(("attended", "not_attended"))]
    missed = status[held.index] == "not_attended"
    if held.empty:
        return
    plain = by_day(found, "appointments", held["when"] // A_DAY, source)
    if len(plain):
        found.count(
            "appointments_a_day", float(plain.mean()), f"appointments; mean of {len(plain)} ordinary days, {source}"
        )
    for column, title in (
        ("role", "Appointments by role"),
        ("mode", "Appointments by mode"),
        ("slot_type", "Appointments by kind of slot"),
    ):
        if column in held and held[column].nunique() > 1:
            found.table(title, held[column].map(in_words).value_counts()[:25])
    for key, column, word in (
        ("gp_appointments_percent", "role", GP),
        ("face_to_face_percent", "mode", Mode.FACE_TO_FACE.value),
    ):
        if column in held and (held[column] == word).any():
            found.count(key, 100 * float((held[column] == word).mean()), f"per cent; {source}")
    if "status" in held or "not_attended" in held:
        found.count("dna_percent", 100 * float(missed.mean()), f"per cent; {source}")
    _leads(held, missed, source, found)
    _again(held[~missed], found)
    _clinicians(held[~missed], found)
    _punctual(held, found)


def begins_of(frame: pd.DataFrame) -> pd.Series:
    """Return when each appointment is, in seconds after 1970, from one column or from date and time of day."""
    if "begins" in frame:
        return frame["begins"]
    day = frame["day"]
    return (day + frame["at"].where(frame["at"] > 0, 0)).where(day != MISSING, MISSING) if "at" in frame else day


def status_of(frame: pd.DataFrame) -> pd.Series:
    """Return what became of each slot; where only missed ones are marked, a slot with a patient was attended."""
    if "status" in frame:
        return frame["status"]
    found = pd.Series("attended", index=frame.index)
    if "person" in frame:
        found = found.where(frame["person"] != MISSING, "free")
    if "not_attended" in frame:
        found = found.where(frame["not_attended"] != 1, "not_attended")
    return found


def _slots(frame: pd.DataFrame, status: pd.Series, found: Looked) -> None:
    words = {
        "attended": "attended",
        "not_attended": "patient did not come",
        "cancelled": "cancelled",
        "booked": "booked, not yet held",
        "free": "never filled",
    }
    counts = status.map(words).fillna("not said").value_counts()
    free = float((status == "free").sum())
    text = f"{percent(share(free, len(frame), found.least))} of slots were never filled." if free else ""
    if len(counts) > 1:
        found.table("What became of slots", counts, text)


def _leads(held: pd.DataFrame, missed: pd.Series, source: str, found: Looked) -> None:
    if "booked" not in held:
        return
    known = held[held["booked"] != MISSING]
    days = known["when"] // A_DAY - known["booked"] // A_DAY
    known, days = known[days >= 0], days[days >= 0]
    if len(known) < found.least:
        return
    edges = [edge for edge, _ in LEADS]
    band = pd.Series(np.searchsorted(edges, days.to_numpy(), side="left"), index=known.index)
    counts = band.value_counts().reindex(range(len(LEADS))).fillna(0)
    counts.index = pd.Index([name for _, name in LEADS])
    found.table("How long before appointments were booked", counts, _half_are_booked(float(days.median())))
    found.count("same_day_percent", 100 * float((days == 0).mean()), f"per cent; {source}")
    found.count("over_two_weeks_percent", 100 * float((days >= 15).mean()), f"per cent; {source}")
    gone = missed[known.index]
    rows = [
        (name, percent(share(float(gone[band == at].sum()), float((band == at).sum()), found.least)))
        for at, (_, name) in enumerate(LEADS)
        if (band == at).sum() >= _FEWEST_OF_ONE
    ]
    if gone.any() and rows:
        found.shown.append(
            Shown("Who does not come, by how long before it was booked", "", ("booked", "did not come"), tuple(rows))
        )


def _half_are_booked(days: float) -> str:
    when = "for the same day" if days < 1 else "at most a day before" if days < 2 else f"at most {days:.0f} days before"
    return f"Half are booked {when}."


def _again(seen: pd.DataFrame, found: Looked) -> None:
    if "person" not in seen or (seen["person"] == MISSING).all():
        return
    rows = []
    for days in (7, 14, 28):
        followed, could = again_within(seen["person"], seen["when"], days)
        if could >= _FEWEST_OF_ONE:
            rows.append((f"within {days} days", f"{could:,}", percent(share(followed, could, found.least))))
    if rows:
        text = "Appointments after which the same patient is seen again, planned follow-up included."
        found.shown.append(
            Shown("Seen again", text, ("", "that could be followed", "were followed by another"), tuple(rows))
        )
    top, people, once = top_share(seen["person"])
    if people >= 10 * found.least:
        text = f"{people:,} patients were seen; those seen most, a tenth, had {percent(top)}; {once:,} came once."
        found.shown.append(Shown("Who attends", text))
        found.count("top_tenth_percent", 100 * top, "per cent; of appointments in the file, all roles")


def _clinicians(seen: pd.DataFrame, found: Looked) -> None:
    """Show how referral and tests differ between clinicians, by letters that mean nothing outside this table."""
    for column, title in (("referral", "Referrals"), ("test", "Tests ordered")):
        if column not in seen or "clinician" not in seen:
            continue
        known = seen[(seen["clinician"] != MISSING) & seen[column].notna()]
        groups = known.groupby("clinician")[column].agg(["sum", "size"])
        groups = groups[groups["size"] >= _FEWEST_OF_ONE].sort_values("size", ascending=False)[:26]
        rows = []
        for letter, (_, row) in zip(string.ascii_uppercase, groups.iterrows(), strict=False):
            value = share(float(row["sum"]), float(row["size"]), found.least)
            low, high = wilson(float(row["sum"]), float(row["size"]))
            shown = percent(value) if np.isnan(value) else f"{100 * value:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
            rows.append((letter, f"{row['size']:,.0f}", shown))
        if rows:
            together = percent(share(float(known[column].sum()), float(len(known)), found.least))
            text = f"Together {together}. Intervals are of chance; who sees whom differs, too."
            found.shown.append(
                Shown(f"{title} by clinician", text, ("clinician", "appointments", "share"), tuple(rows))
            )


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927)."""
    if whole <= 0:
        return math.nan, math.nan
    z, p = 1.959963984540054, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def _punctual(held: pd.DataFrame, found: Looked) -> None:
    texts = []
    for column, words in (("lasted", "appointments take"), ("late", "they begin late by"), ("waited", "patients wait")):
        if column in held:
            mine = held[column][held[column] > 0].dropna()
            if len(mine) >= _FEWEST_OF_ONE:
                texts.append(f"{words} {np.median(mine):.0f} minutes in the middle ({mine.mean():.1f} on average)")
    if texts:
        found.shown.append(Shown("Minutes", "; ".join(texts).capitalize() + "."))


@looks_at("days_by_staff")
def days_by_staff(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say what appointments a day with a column a member of staff say; names are gone."""
    staff = [name for name in frame if str(name).startswith("beside_")]
    days = frame[frame["day"] != MISSING]
    totals = days[staff].sum(axis=1)
    usual = totals[[ordinary(int(day) // A_DAY) for day in days["day"]]]
    usual = usual[usual > 0]
    busy = int((days[staff].sum() > 0).sum())
    text = f"{totals.sum():,.0f} appointments by {busy} members of staff; "
    text += f"{usual.mean():,.1f} a day on {len(usual)} ordinary days."
    weekday = usual.groupby([(int(days["day"][at]) // A_DAY + 3) % 7 for at in usual.index]).mean()
    rows = tuple(
        (("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")[int(str(at))], f"{mean:,.1f}")
        for at, mean in weekday.items()
    )
    found.shown.append(Shown("Appointments by weekday", text, ("", "mean a day"), rows, tuple(map(float, weekday))))
    if len(usual):
        found.count(
            "appointments_a_day", float(usual.mean()), f"appointments; mean of {len(usual)} ordinary days, {source}"
        )


@looks_at("unused")
def unused(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say how many slots of each kind stayed free."""
    _by_kind_of_slot(frame, "unused", "slots", "Slots that stayed free", "stayed free", found)


@looks_at("missed")
def missed(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say which kinds of slot are missed, and what that costs; a person's months are added up."""
    groups = frame.groupby("slot_type")[["appointments", "wasted"]].sum().sort_values("appointments", ascending=False)
    text = f"{groups['appointments'].sum():,.0f} appointments missed, {groups['wasted'].sum() / 60:,.0f} hours."
    found.table("Missed appointments by kind of slot", groups["appointments"][:25], text)


def _by_kind_of_slot(frame: pd.DataFrame, part: str, whole: str, title: str, words: str, found: Looked) -> None:
    groups = frame.groupby("slot_type")[[part, whole]].sum().sort_values(whole, ascending=False)[:25]
    total, all_ = float(frame[part].sum()), float(frame[whole].sum())
    rows = tuple(
        (
            str(name),
            f"{row[whole]:,.0f}" if row[whole] >= found.least else "few",
            percent(share(float(row[part]), float(row[whole]), found.least)),
        )
        for name, row in groups.iterrows()
    )
    found.shown.append(
        Shown(
            title,
            f"{percent(share(total, all_, found.least))} of {all_:,.0f}. Embargoed slots may be counted.",
            ("", "in all", words),
            rows,
        )
    )


@looks_at("requests")
def requests(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say what online requests say: when they come, what they are, and how long until something comes of them."""
    frame = frame[frame["submitted"] != MISSING]
    if frame.empty:
        return
    plain = by_day(found, "online requests", frame["submitted"] // A_DAY, source)
    if len(plain):
        found.count(
            "online_requests_a_day", float(plain.mean()), f"forms; mean of {len(plain)} ordinary days, {source}"
        )
    hour = (frame["submitted"] % A_DAY // 3600).value_counts().sort_index()
    hour.index = pd.Index([f"{int(str(one)):02d}:00" for one in hour.index])
    found.table("Online requests by hour", hour)
    if "request" in frame:
        found.table("What online requests are", frame["request"].replace("", "not said").value_counts()[:10])
    if "settled" in frame:
        wait = (frame["settled"] - frame["submitted"])[frame["settled"] != MISSING]
        wait = wait[wait >= 0] / 3600
        if len(wait) >= _FEWEST_OF_ONE:
            late = np.percentile(wait, 90)
            text = f"Half have an outcome within {wait.median():.1f} hours, nine in ten within {late:.1f}."
            found.shown.append(Shown("How long until an outcome", text))
    if "result" in frame:
        found.table("What became of online requests", frame["result"].replace("", "not said").value_counts()[:15])


@looks_at("sessions")
def sessions(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say how many sessions there are by weekday."""
    days = frame[frame["day"] != MISSING]["day"] // A_DAY
    if len(days):
        by_day(found, "sessions", days, source)
