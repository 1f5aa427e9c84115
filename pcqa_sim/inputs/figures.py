"""What published files say of a practice, an area or England: figures by kind of file, to hold a model to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from pcqa_sim.inputs import figures_of_appointments, figures_of_calls, figures_of_people
from pcqa_sim.inputs.figures_kept import Figures, Rows, day_of
from pcqa_sim.inputs.identifiers import without_identifiers
from pcqa_sim.inputs.published import nearest_codes
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

ENGLAND = "England"
Read = Callable[[Rows, str, Figures], None]


def rows_for(read: Sequence[Columns], code: str) -> Rows:
    """Return the rows of one practice, or of an area: whichever column of codes has it; all for England.

    Raises BadInput, with the nearest codes, where there are none.
    """
    parts, codes = [], set()
    for one in read:
        frame = one.frame
        if code == ENGLAND or not {"practice", "area", "network"} & set(frame):
            parts.append(frame)
            continue
        for column in ("practice", "area", "network"):
            if column in frame:
                codes |= {str(name).upper() for name in frame[column].cat.categories}
                mine = frame[frame[column].astype(str).str.upper() == code]
                if len(mine):
                    parts.append(mine)
                    break
    if not parts:
        raise BadInput(
            Fault(read[0].file, "no rows for this code", code, nearest_codes(code, codes - {"UNASSIGNED", ""}))
        )
    return pd.concat(parts, ignore_index=True)


def figures(read: Sequence[Columns], code: str) -> Figures:
    """Return what files of one kind say of a code: a practice's, an area's, or England."""
    kind = read[0].layout.kind
    found, rows = Figures(), rows_for(read, code)
    source = f"{shown(read[0].file.partition(':')[0], 80)}"
    if "value" in rows and not np.isfinite(rows["value"]).any():
        raise BadInput(Fault(source, "none of its counts for this code is known: each is kept back, or missing", code))
    if kind == "workforce":
        figures_of_people.workforce(rows, read[0], source, found)
    elif kind in ("england", "survey"):
        _measures(rows, read[0], found)
    elif kind in _READERS:
        _READERS[kind](rows, source, found)
    else:
        raise BadInput(Fault(read[0].file, f"this is {read[0].layout.name}, of which nothing is imported"))
    return found


def _measures(rows: Rows, read: Columns, found: Figures) -> None:
    """Tell the last row's measures by the names of their columns."""
    row = rows.iloc[-1]
    names = [name for name in map(str, rows) if not name.startswith("beside_") and name not in ("month", "practice")]
    labels = [without_identifiers(str(row[name])) for name in names]
    month = f"{day_of(row['month']):%Y-%m}" if "month" in rows else ""
    found.lines.append(f"{len(rows)} rows; the last: {' '.join([*labels, month]).strip()}.")
    for at in read.wide[:12]:
        value = float(row[f"beside_{at}"])
        if np.isfinite(value) and value >= 0:
            found.lines.append(f"  {shown(read.heads[at], 50)}: {value:,.4g}")
    if read.layout.kind == "survey":
        found.lines.append("Nothing is written: what patients think is no measure of the model.")


def _survey_england(rows: Rows, source: str, found: Figures) -> None:
    found.lines.append(
        f"{rows['indicator'].nunique()} questions; nothing is written: what patients think is no measure here."
    )


_READERS: dict[str, Read] = {
    "register": figures_of_people.register,
    "ages": figures_of_people.ages,
    "network": figures_of_people.network,
    "networks": figures_of_people.networks,
    "telephony_times": figures_of_calls.calls_by_time,
    "telephony_answered": figures_of_calls.calls_answered,
    "participation": figures_of_calls.participation,
    "rush": figures_of_calls.rush,
    "appointments": figures_of_appointments.appointments,
    "online": figures_of_appointments.online,
    "online_times": figures_of_appointments.online_times,
    "england_summary": figures_of_appointments.england_summary,
    "england_lead": figures_of_appointments.england_lead,
    "survey_england": _survey_england,
}
