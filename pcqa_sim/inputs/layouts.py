"""The layouts of published files: which columns tell them apart, and what to say when another is given.

Column names are those of the files NHS England publishes; sub-ICB columns took the place of CCG columns in
2022, and no reader here uses either. Letter case and order of the columns do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pcqa_sim.faults import BadInput, Fault, nearest
from pcqa_sim.outside import shown


@dataclass(frozen=True)
class Layout:
    """A kind of published file: its name in plain words and the columns a reader needs."""

    name: str
    columns: tuple[str, ...]


REGISTER = Layout(
    "Patients Registered at a GP Practice, totals (gp-reg-pat-prac-all.csv)",
    ("EXTRACT_DATE", "TYPE", "CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"),
)
DURATIONS = Layout(
    "Cloud Based Telephony By Durations",
    ("Date", "PRACTICE_CODE", "Indicator", "Duration", "Value"),
)
OTHERS = (
    Layout("Cloud Based Telephony Calls Answered Metric", ("Indicator", "Wait_Time", "Value")),
    Layout("Cloud Based Telephony By Day and Time", ("Indicator", "Time_Category", "Value")),
    Layout("Patients Registered by five-year age (gp-reg-pat-prac-quin-age.csv)", ("ORG_CODE", "AGE_GROUP_5")),
    Layout("Patients Registered, mapping (gp-reg-pat-prac-map.csv)", ("PRACTICE_CODE", "PRACTICE_POSTCODE")),
    Layout("Appointments in General Practice, practice level", ("GP_CODE", "APPT_STATUS", "HCP_TYPE")),
    Layout("Appointments in General Practice, daily", ("Appointment_Date", "APPT_STATUS", "HCP_TYPE")),
    Layout("Online consultation submissions", ("GP_CODE", "METRIC", "VALUE")),
    Layout("General Practice Workforce", ("PRAC_CODE", "TOTAL_PATIENTS")),
)


def columns_of(header: Sequence[str], layout: Layout, where: str) -> dict[str, int]:
    """Return the place of each column of a layout in a header line.

    Raises BadInput, `where` naming file and line: another kind of file, a missing or a doubled column.
    """
    names = [name.strip().upper() for name in header]
    missing = [column for column in layout.columns if column.upper() not in names]
    if missing:
        raise BadInput(_why_missing(header, names, missing, layout, where))
    doubled = [column for column in layout.columns if names.count(column.upper()) > 1]
    if doubled:
        raise BadInput([Fault(where, "this column is in the header twice", column) for column in doubled])
    return {column: names.index(column.upper()) for column in layout.columns}


def _why_missing(
    header: Sequence[str], names: list[str], missing: list[str], layout: Layout, where: str
) -> list[Fault]:
    """Say that it is another file altogether, or which columns are missing."""
    expected = f"expected {layout.name}"
    for other in (REGISTER, DURATIONS, *OTHERS):
        if other != layout and all(column.upper() in names for column in other.columns):
            return [Fault(where, f"the wrong kind of file: this is {other.name}; {expected}")]
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return [Fault(where, f"columns are separated by commas; {expected}", shown(header[0], 80))]
    if 2 * len(missing) > len(layout.columns):
        rule = f"the wrong kind of file: {expected}, with columns {', '.join(layout.columns)}"
        return [Fault(where, rule, shown(",".join(header), 80))]
    spare = [name for name in names if name not in {column.upper() for column in layout.columns}]
    return [
        Fault(where, "this column is missing from the header", column, _as_written(header, column, spare))
        for column in missing
    ]


def _as_written(header: Sequence[str], column: str, spare: list[str]) -> str:
    """Return the unused header name most like a column, as the file writes it."""
    found = nearest(column.upper(), spare)
    return next((shown(name, 80) for name in header if found and name.strip().upper() == found), "")
