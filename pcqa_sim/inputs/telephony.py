"""Reads a practice's telephone days from Cloud Based Telephony By Durations, and checks that they add up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pcqa_sim.inputs.anyform import rows_in_any_form
from pcqa_sim.inputs.bands import LENGTH_BANDS, TOTAL, WAIT_BANDS, observed_band
from pcqa_sim.inputs.cells import long_date, ods_code, published_date, whole_number
from pcqa_sim.inputs.layouts import DURATIONS
from pcqa_sim.inputs.published import Row, nearest_codes
from pcqa_sim.scenario.groups import ObservedBand
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

MOST_CALLS = 10_000_000
SLIGHT_CALLS, SLIGHT_SHARE = 3, 0.02
"""Sums off by no more are warned of; assumption: published months have 2 to 23 % of practices off by a few calls."""
INBOUND, MENU, ANSWERED, MISSED, CALLBACK, MADE, LENGTHS = (f"CBT00{number}" for number in range(1, 8))
BANDS_OF: dict[str, tuple[str, ...]] = {
    INBOUND: (TOTAL,),
    MENU: (TOTAL,),
    ANSWERED: WAIT_BANDS,
    MISSED: WAIT_BANDS,
    CALLBACK: (TOTAL,),
    MADE: (TOTAL,),
    LENGTHS: LENGTH_BANDS,
}
UNASSIGNED = "UNASSIGNED"

Cells = dict[tuple[str, str], tuple[int, int]]
"""(indicator, band) -> (calls, line number)."""


@dataclass(frozen=True)
class TelephonyDay:
    """One practice's calls on one date, from the published file named `file`, which leaves out what is 0."""

    practice: str
    date: dt.date
    file: str
    inbound: int
    menu: int
    callback: int
    callback_made: int
    answered_waits: tuple[ObservedBand, ...]
    missed_waits: tuple[ObservedBand, ...]
    lengths: tuple[ObservedBand, ...]

    @property
    def answered(self) -> int:
        """Return the calls answered (CBT003, all bands)."""
        return _sum(self.answered_waits)

    @property
    def missed(self) -> int:
        """Return the calls that ended unanswered in the queue (CBT004, all bands)."""
        return _sum(self.missed_waits)


def read_telephony(path: Path, practice: str) -> tuple[TelephonyDay, ...]:
    """Return a practice's days in order of date, from a file or a zip of regions; `reconcile` asks whether they add up.

    Raises BadInput: any fault of the file, an unknown practice, indicator or band, a doubled row, a bad
    number or date, a date without inbound calls.
    """
    code = ods_code(practice)
    codes: set[str] = set()
    days: dict[dt.date, Cells] = {}
    for row in rows_in_any_form(path, DURATIONS):
        practice_code = row.cells["PRACTICE_CODE"].upper()
        codes.add(practice_code)
        if practice_code == code:
            _keep(row, days)
    if not days:
        rule = "no rows for this practice"
        if UNASSIGNED in codes:
            rule += " (calls of telephone accounts that practices share are under Unassigned)"
        known = nearest_codes(code, codes - {UNASSIGNED})
        raise BadInput(Fault(shown(path.name, 80), rule, code, known))
    return tuple(_day(code, date, shown(path.name, 80), days[date]) for date in sorted(days))


def off_by(day: TelephonyDay) -> int:
    """Return by how many calls the sums of a day do not hold: the larger of the two."""
    ended = day.menu + day.answered + day.missed + day.callback
    return max(abs(ended - day.inbound), abs(_sum(day.lengths) - day.answered))


def is_slight(day: TelephonyDay) -> bool:
    """Tell whether a day's sums are off by a few: 3 calls, or 2 % of its inbound calls."""
    return off_by(day) <= max(SLIGHT_CALLS, SLIGHT_SHARE * day.inbound)


def reconcile(day: TelephonyDay) -> list[Fault]:
    """Return a fault for each sum that does not hold: endings against inbound, lengths against waits."""
    where = f"{day.file}: {day.practice} on {long_date(day.date)}"
    ended = day.menu + day.answered + day.missed + day.callback
    talked = _sum(day.lengths)
    faults = []
    if ended != day.inbound:
        parts = f"{MENU} {day.menu} + {ANSWERED} {day.answered} + {MISSED} {day.missed}"
        rule = f"{parts} + {CALLBACK} {day.callback} = {ended}, but {INBOUND} (inbound) is {day.inbound}"
        faults.append(Fault(where, f"does not reconcile: {rule}"))
    if talked != day.answered:
        rule = f"{LENGTHS} (answered, by length) sums to {talked}, but {ANSWERED} (by wait) to {day.answered}"
        faults.append(Fault(where, f"does not reconcile: {rule}"))
    return faults


def _keep(row: Row, days: dict[dt.date, Cells]) -> None:
    """File one row of the practice under its date, indicator and band."""
    indicator, band = row.cells["Indicator"].upper(), row.cells["Duration"].upper()
    try:
        date = published_date(row.cells["Date"])
    except ValueError as error:
        raise row.fault("Date", str(error)) from None
    if indicator not in BANDS_OF:
        raise row.fault("Indicator", f"one of {INBOUND} to {LENGTHS} is expected", nearest(indicator, BANDS_OF))
    if band not in BANDS_OF[indicator]:
        expected = ", ".join(BANDS_OF[indicator])
        raise row.fault("Duration", f"{indicator} has {expected}", nearest(band, BANDS_OF[indicator]))
    try:
        calls = whole_number(row.cells["Value"], MOST_CALLS)
    except ValueError as error:
        raise row.fault("Value", str(error)) from None
    cells = days.setdefault(date, {})
    if (indicator, band) in cells:
        line = cells[indicator, band][1]
        rule = f"a second row for {indicator} {band} on {long_date(date)}, already on line {line}"
        raise row.fault("Indicator", rule)
    cells[indicator, band] = (calls, row.line)


def _day(code: str, date: dt.date, file: str, cells: Cells) -> TelephonyDay:
    """Return one day from its cells; what the file leaves out is 0, but inbound calls must be there."""
    if (INBOUND, TOTAL) not in cells:
        rule = f"no {INBOUND} {TOTAL} row (inbound calls) for {code} on {long_date(date)}"
        raise BadInput(Fault(file, rule))

    def total(indicator: str) -> int:
        return cells.get((indicator, TOTAL), (0, 0))[0]

    def bands(indicator: str) -> tuple[ObservedBand, ...]:
        return tuple(observed_band(band, cells.get((indicator, band), (0, 0))[0]) for band in BANDS_OF[indicator])

    return TelephonyDay(
        practice=code, date=date, file=file,
        inbound=total(INBOUND), menu=total(MENU), callback=total(CALLBACK), callback_made=total(MADE),
        answered_waits=bands(ANSWERED), missed_waits=bands(MISSED), lengths=bands(LENGTHS),
    )  # fmt: skip


def _sum(bands: tuple[ObservedBand, ...]) -> int:
    return int(sum(band.calls for band in bands))
