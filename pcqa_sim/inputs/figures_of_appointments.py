"""What published files say of appointments and online forms: of a practice, an area or England."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from pcqa_sim.inputs.cellreaders import MISSING
from pcqa_sim.inputs.cells import long_date
from pcqa_sim.inputs.figures_kept import Figures, Rows, day_of, month_days, working_days
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.words import GP, Mode

SHARES = (
    "gp_appointments_percent",
    "face_to_face_percent",
    "same_day_percent",
    "over_two_weeks_percent",
    "dna_percent",
)
_FEW = 200
"""Appointments or calls; under so many a share says little, and is not written."""


def _total(rows: Rows, **wanted: object) -> float:
    mine = pd.Series(True, index=rows.index)
    for name, value in wanted.items():
        mine &= rows[name].isin(value if isinstance(value, tuple) else (value,))
    return float(rows.loc[mine, "value"].sum())


def appointments(rows: Rows, source: str, found: Figures) -> None:
    """Say how many appointments there are a day, and the shares that settings are held to."""
    total = float(rows["value"].sum())
    if not total:
        raise BadInput(Fault(source, "no appointments for this code"))
    when = rows["day" if "day" in rows else "month"]
    when = when[when != MISSING]
    first, last = day_of(when.min()), day_of(when.max())
    span = f"{long_date(first)} to {long_date(last)}" if first != last else f"{long_date(first)} on"
    if "day" in rows:
        days = working_days(first, last)
    else:
        months = when.unique()
        days = sum(month_days(day_of(one)) for one in months)
        span = (
            f"month of {long_date(first)}" if len(months) == 1 else f"{len(months)} months from {long_date(first)} on"
        )
    places = rows["practice"].nunique() if "practice" in rows else 0
    found.lines.append(f"{total:,.0f} appointments, {span}, {days} working days: {total / max(days, 1):,.1f} a day.")
    if places == 1:
        found.count("appointments_a_day", total / max(days, 1), f"appointments; {span}, {source}")
    for key, value in _appointment_shares(rows):
        if total >= _FEW:
            found.count(key, value, f"per cent; {span}, {source}")
    if found.counts:
        said = {key: value for key, (value, _) in found.counts.items() if key in SHARES}
        found.lines.append("; ".join(f"{key.removesuffix('_percent').replace('_', ' ')} {value:.1f} %"
                                     for key, value in said.items()) + ".")  # fmt: skip


def _appointment_shares(rows: Rows) -> Iterator[tuple[str, float]]:
    """Yield shares in per cent, of what is known: what is unknown is left out of both sides."""
    for key, column, mine in (
        ("gp_appointments_percent", "role", (GP,)),
        ("face_to_face_percent", "mode", (Mode.FACE_TO_FACE.value,)),
        ("same_day_percent", "lead", ("same_day",)),
        ("over_two_weeks_percent", "lead", ("15_21", "22_28", "over_28")),
        ("dna_percent", "status", ("not_attended",)),
    ):
        if column in rows:
            known = rows[~rows[column].isin(("unknown", ""))]
            every = float(known["value"].sum())
            others = known[column].nunique() > 1
            if every and others:
                yield key, 100 * _total(known, **{column: mine}) / every


def online(rows: Rows, source: str, found: Figures) -> None:
    """Say how many online forms there are a day."""
    names = rows["indicator"].astype(str).str.upper()
    months = [day_of(one) for one in rows["month"].unique()]
    days = sum(month_days(one) for one in months)
    sent = rows[~names.str.contains("RATE|PATIENTS|REGISTERED|PARTICIPATION")]
    total_named = sent[sent["indicator"].astype(str).str.upper().str.contains("TOTAL")]
    total = float((total_named if len(total_named) else sent)["value"].sum())
    if not len(sent):
        rate = rows[names.str.contains("RATE_PER_1000")]["value"].sum()
        people = rows[names.str.contains("PATIENTS_REGISTERED")]["value"].sum()
        total = float(rate * people / 1000)
    _forms(total, days, months, source, found)


def online_times(rows: Rows, source: str, found: Figures) -> None:
    """Say how many online forms there are a day, and how many of them from eight to ten."""
    months = [day_of(one) for one in rows["month"].unique()]
    days = sum(month_days(one) for one in months)
    _forms(float(rows["value"].sum()), days, months, source, found)
    early = rows[rows["band"].astype(str).str.contains(r"^0?8[:\-_ ]|08:00")]
    total = max(float(rows["value"].sum()), 1.0)
    found.lines.append(f"{100 * early['value'].sum() / total:.1f} % of them from 8 to 10.")


def _forms(total: float, days: int, months: Sequence[dt.date], source: str, found: Figures) -> None:
    first = long_date(min(months))
    found.lines.append(
        f"{total:,.0f} online forms in {len(months)} month(s) from {first}: {total / max(days, 1):,.1f} a day."
    )
    found.count("online_requests_a_day", total / max(days, 1), f"forms; month of {first}, {source}")


def england_summary(rows: Rows, source: str, found: Figures) -> None:
    """Say what England's monthly summary says of its last month."""
    last = rows[rows["month"] == rows["month"].max()]
    month = day_of(rows["month"].max())
    shares = last[(last["value"] > 0) & (last["value"] < 1)]
    found.lines.append(f"England, month of {long_date(month)}: {len(last)} figures.")
    named = shares.assign(name=shares["band"].astype(str).str.strip().str.lower())
    known = {
        "gp_appointments_percent": (GP,), "face_to_face_percent": ("face-to-face", "face to face"),
        "same_day_percent": ("same day",), "dna_percent": ("dna", "did not attend"),
    }  # fmt: skip
    for key, names in known.items():
        value = named[named["name"].isin(names)]["value"]
        if len(value):
            found.count(key, 100 * float(value.iloc[-1]), f"per cent; England, {long_date(month)}, {source}")
    late = named[named["name"].isin(("15 to 21 days", "22 to 28 days", "more than 28 days"))]["value"]
    if len(late) == 3:
        found.count(
            "over_two_weeks_percent", 100 * float(late.sum()), f"per cent; England, {long_date(month)}, {source}"
        )
    found.lines += [
        f"  {key.removesuffix('_percent').replace('_', ' ')}: {value:.1f} %" for key, (value, _) in found.counts.items()
    ]


def england_lead(rows: Rows, source: str, found: Figures) -> None:
    """Say how long before appointments are booked in England, in the last month."""
    last = rows[rows["month"] == rows["month"].max()]
    month = long_date(day_of(rows["month"].max()))
    for key, value in _appointment_shares(last):
        found.count(key, value, f"per cent; England, month of {month}, {source}")
        found.lines.append(
            f"{key.removesuffix('_percent').replace('_', ' ')}: {value:.1f} % (England, month of {month})."
        )
