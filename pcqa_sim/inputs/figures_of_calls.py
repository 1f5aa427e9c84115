"""What published files say of telephone calls, apart from those by durations."""

from __future__ import annotations

import datetime as dt

from pcqa_sim.inputs.cells import long_date
from pcqa_sim.inputs.figures_kept import Figures, Rows, day_of, month_days
from pcqa_sim.inputs.national import why_not_ordinary
from pcqa_sim.values.faults import BadInput, Fault


def calls_by_time(rows: Rows, source: str, found: Figures) -> None:
    """Say how many calls come on an ordinary day, how many of them from eight to ten, and how a Monday differs."""
    inbound = rows[rows["indicator"].astype(str).str.upper().isin(("CBT001", "CBT008", "INBOUND"))]
    inbound = inbound if len(inbound) else rows
    by_day = inbound.groupby("day")["value"].sum()
    days = {day_of(float(str(second))): float(calls) for second, calls in by_day.items()}
    ordinary = {day: calls for day, calls in days.items() if not why_not_ordinary(day)}
    if not ordinary:
        raise BadInput(
            Fault(source, "no ordinary Monday to Friday in it (none in the week of a bank holiday, or after)")
        )
    plain = [day for day in ordinary if inbound["day"].nunique()]
    early = inbound[inbound["band"].astype(str).str.replace(" ", "").str.startswith("08:00")]
    early = early[[day_of(one) in ordinary for one in early["day"]]]
    total = sum(ordinary.values())
    found.lines.append(f"{total / len(plain):,.1f} calls a day on {len(plain)} ordinary days; "
                       f"{100 * early['value'].sum() / max(total, 1):.1f} % of them from 8 to 10.")  # fmt: skip
    found.count("calls_a_day", total / len(plain), f"calls; mean of {len(plain)} ordinary days, {source}")
    _monday(ordinary, source, found)


def _monday(ordinary: dict[dt.date, float], source: str, found: Figures) -> None:
    monday = [calls for day, calls in ordinary.items() if day.weekday() == 0]
    others = [calls for day, calls in ordinary.items() if day.weekday() > 0]
    if monday and len(others) >= 4 and sum(others):
        ratio = (sum(monday) / len(monday)) / (sum(others) / len(others))
        found.count("monday_calls_times", ratio, f"times; Mondays against other ordinary days, {source}")


def calls_answered(rows: Rows, source: str, found: Figures) -> None:
    """Say how soon calls were answered; nothing is kept of it."""
    waits = {
        "0": 0.0,
        "1_30": 15,
        "31_60": 45,
        "61_90": 75,
        "91_120": 105,
        "121_180": 150,
        "181_240": 210,
        "241_300": 270,
    }
    by_band = rows.groupby(rows["band"].astype(str).str.upper())["value"].sum()
    total = float(by_band.sum())
    short = sum(float(by_band.get(band, 0)) for band in list(waits)[:5])
    core = rows.groupby(rows["core"].astype(str))["value"].sum()
    early = float(core.get("Core_8_10", 0.0))
    if not total:
        raise BadInput(Fault(source, "no answered calls for this code"))
    found.lines.append(f"{total:,.0f} calls answered, {100 * short / total:.1f} % of them within 2 minutes; "
                       f"{100 * early / total:.1f} % from 8 to 10.")  # fmt: skip
    found.lines.append("Nothing is written: answered calls alone do not say how many there were. Import By Durations.")


def participation(rows: Rows, source: str, found: Figures) -> None:
    """Say who took part; nothing is kept of it."""
    found.lines.append(f"{len(rows):,} rows of who took part; nothing is written.")


def rush(rows: Rows, source: str, found: Figures) -> None:
    """Say how many calls come on a weekday, from a month and its rush."""
    month = day_of(rows["month"].iloc[0])
    calls, early = rows["appointments"].sum(), rows["value"].sum()
    per_day = calls / max(month_days(month), 1) / max(rows["practice"].nunique(), 1)
    found.lines.append(f"{per_day:,.1f} calls on a weekday, {100 * early / max(calls, 1):.1f} % of them from 8 to 10.")
    found.count("calls_a_day", per_day, f"calls; {long_date(month)} on, {source}")
