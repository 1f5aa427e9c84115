"""Single cells of published files: practice codes, whole numbers, dates."""

from __future__ import annotations

import datetime as dt
import math
import re

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DATE_FORMS = "a date such as 2026-06-01 or 01JUN2026 is expected"

_ODS_CODE = re.compile(r"[A-Z][A-Z0-9]{5}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+(\.0*)?|(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?)", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAY_MONTH_YEAR = re.compile(r"(\d{2})([A-Z]{3})(\d{4})", re.ASCII)


def ods_code(text: str) -> str:
    """Return a practice's ODS code in capitals.

    Raises BadInput unless it is a letter and five letters or digits.
    """
    code = text.strip().upper()
    if not _ODS_CODE.fullmatch(code):
        rule = "an ODS practice code is a letter and five letters or digits, such as J81009"
        raise BadInput(Fault("practice", rule, shown(text, 80) or "(empty)"))
    return code


def whole_number(text: str, most: int) -> int:
    """Return a count, published as `415`, `415.0` or `8,415`, from 0 to `most`.

    Raises ValueError saying what was expected.
    """
    cell = text.strip()
    if cell.lower() in ("nan", "na", "null", "none", ""):
        raise ValueError("no number here (a missing value); a whole number, 0 or more, is expected")
    if not _NUMBER.fullmatch(cell):
        raise ValueError("not a number; a whole number, 0 or more, is expected")
    number = float(cell.replace(",", ""))
    if number < 0:
        raise ValueError("negative; a whole number, 0 or more, is expected")
    if number > most or not math.isfinite(number):
        raise ValueError(f"too large; at most {most:,} is expected")
    if number != int(number):
        raise ValueError("not whole; a whole number, 0 or more, is expected")
    return int(number)


def published_date(text: str) -> dt.date:
    """Return a date published as `2026-06-01` or `01JUN2026`, from the years 2000 to 2099.

    Forms such as 01/06/2026 are refused: day and month cannot be told apart. Raises ValueError.
    """
    cell = text.strip().upper()
    try:
        if matched := _ISO_DATE.fullmatch(cell):
            date = dt.date(*(int(part) for part in matched.groups()))
        elif matched := _DAY_MONTH_YEAR.fullmatch(cell):
            abbreviations = [month[:3].upper() for month in MONTHS]
            date = dt.date(int(matched[3]), abbreviations.index(matched[2]) + 1, int(matched[1]))
        else:
            raise ValueError
    except ValueError:
        raise ValueError(DATE_FORMS) from None
    if not 2000 <= date.year <= 2099:
        raise ValueError("a date of the years 2000 to 2099 is expected")
    return date


def long_date(date: dt.date) -> str:
    """Return a date in words, such as "1 June 2026", whatever the machine's language."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def read_long_date(text: str) -> dt.date | None:
    """Return the date that `long_date` wrote, or None where there is none."""
    matched = re.search(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", text, re.ASCII)
    if not matched:
        return None
    try:
        return dt.date(int(matched[3]), MONTHS.index(matched[2]) + 1, int(matched[1]))
    except ValueError:
        return None
