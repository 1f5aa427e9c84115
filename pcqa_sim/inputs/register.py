"""Reads how many people are registered at a practice, from Patients Registered at a GP Practice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pcqa_sim.inputs.anyform import rows_in_any_form
from pcqa_sim.inputs.cells import ods_code, published_date, whole_number
from pcqa_sim.inputs.layouts import REGISTER
from pcqa_sim.inputs.published import Row, nearest_codes
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

LARGEST_LIST = 1_000_000


@dataclass(frozen=True)
class RegisterCount:
    """Registered patients (people) of a practice on the extract date; `file` is the published file's name."""

    practice: str
    list_size: int
    date: dt.date
    file: str


def read_register(path: Path, practice: str) -> RegisterCount:
    """Return a practice's list size from the row TYPE GP, SEX ALL, AGE ALL; the postcode is not kept.

    Raises BadInput: any fault of the file, an unknown practice, a doubled row, a bad number or date.
    """
    code = ods_code(practice)
    codes: set[str] = set()
    total: Row | None = None
    for row in rows_in_any_form(path, REGISTER):
        if (row.cells["TYPE"], row.cells["SEX"], row.cells["AGE"]) != ("GP", "ALL", "ALL"):
            continue
        codes.add(row.cells["CODE"].upper())
        if row.cells["CODE"].upper() != code:
            continue
        if total:
            raise row.fault("CODE", f"a second row for this practice, already on line {total.line}")
        total = row
    if not total:
        rule = "no row TYPE GP, SEX ALL, AGE ALL for this practice"
        raise BadInput(Fault(shown(path.name, 80), rule, code, nearest_codes(code, codes)))
    return _count(total, code)


def _count(row: Row, code: str) -> RegisterCount:
    """Return the count of one row."""
    try:
        date = published_date(row.cells["EXTRACT_DATE"])
    except ValueError as error:
        raise row.fault("EXTRACT_DATE", str(error)) from None
    try:
        people = whole_number(row.cells["NUMBER_OF_PATIENTS"], LARGEST_LIST)
    except ValueError as error:
        raise row.fault("NUMBER_OF_PATIENTS", str(error)) from None
    if people == 0:
        raise row.fault("NUMBER_OF_PATIENTS", "nobody is registered; at least 1 is expected")
    return RegisterCount(code, people, date, row.file)
