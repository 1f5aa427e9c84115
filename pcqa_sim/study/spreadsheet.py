"""Tables for people, who open them in a spreadsheet: what a cell holds is read there, and never run."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_numeric_dtype

from pcqa_sim.values.outside import cell


def for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts and names of columns are no formulas, and on one line; numbers stay as they are."""
    safe = {name: column if is_numeric_dtype(column) else column.map(_cell) for name, column in frame.items()}
    return pd.DataFrame(safe, index=frame.index).rename(columns=_cell)


def _cell(value: object) -> object:
    return cell(value) if isinstance(value, str) else value
