"""Weeks of a run by their date: `from_week: 2026-03-01` is the first week that begins on or after that day."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pcqa_sim.scenario.shapes import item_at

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def with_week(settings: dict[str, Any], tree: object) -> dict[str, Any]:
    """Return an intervention's settings with the week from which it holds as a number, where it is said by a date.

    `tree` has the calendar. What is no date, or lies before the run, is left for the judge of settings.
    """
    said, start = settings.get("from_week"), item_at(tree, ("calendar", "start_date"))
    if not isinstance(said, str) or not _DATE.match(said):
        return settings
    try:
        days = (dt.date.fromisoformat(said) - dt.date.fromisoformat(str(start))).days
    except ValueError:
        return settings
    return settings if days < 0 else settings | {"from_week": -(-days // 7)}
