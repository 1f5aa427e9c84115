"""What is kept of published files: sentences, counts and settings with their sources; and days as they count them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pcqa_sim.values.bank_holidays import is_bank_holiday

Rows = pd.DataFrame


@dataclass
class Figures:
    """Sentences for the user, counts by their names in `counts:`, and settings by dotted key, each with its source."""

    lines: list[str] = field(default_factory=list)
    counts: dict[str, tuple[float, str]] = field(default_factory=dict)
    settings: dict[str, tuple[object, str]] = field(default_factory=dict)
    title: str = ""

    def count(self, key: str, value: float, source: str) -> None:
        """Keep a count, where it is a number."""
        if np.isfinite(value):
            self.counts[key] = (float(f"{value:.4g}"), source)


def day_of(second: float) -> dt.date:
    """Return the date of seconds after 1970."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(second) // 86_400)


def working_days(first: dt.date, last: dt.date) -> int:
    """Return the Mondays to Fridays from one date to another, both counted, without England's bank holidays."""
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return sum(1 for day in days if day.weekday() < 5 and not is_bank_holiday(day))


def month_days(month: dt.date) -> int:
    """Return the working days of a date's month."""
    after = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return working_days(month.replace(day=1), after - dt.timedelta(days=1))
