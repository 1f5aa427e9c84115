"""How a run in which something was lost says so: the event, and when."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.rows import Rows
from pcqa_sim.results.tables import Tables
from pcqa_sim.values.clock import DAY, clock_time

A_LITTLE = 1e-3  # minutes; amounts are kept in 32 bits


class ConservationError(RuntimeError):
    """A run in which something was lost or appeared from nowhere: a fault of the program, not of the input."""


def none(rows: Rows, wrong: NDArray[np.bool_], fault: str) -> None:
    """Refuse a row that is wrong."""
    if wrong.any():
        refuse(rows, int(np.flatnonzero(wrong)[0]), fault)


def once(rows: Rows, fault: str) -> None:
    """Refuse two rows for one contact."""
    if (np.diff(np.sort(rows.key)) == 0).any():
        order = np.argsort(rows.key, kind="stable")
        again = np.flatnonzero(np.diff(rows.key[order]) == 0)
        refuse(rows, int(order[again[0] + 1]), fault)


def refuse(rows: Rows, at: int, fault: str) -> NoReturn:
    """Raise the error of a row."""
    raise ConservationError(named(rows.need[at], rows.contact[at], rows.time[at], fault))


def every(contacts: Columns, good: NDArray[np.bool_], fault: str) -> None:
    """Refuse a contact that is not good."""
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        raise ConservationError(named(contacts["need"][at], contacts["contact"][at], contacts["opened"][at], fault))


def named(need: int, contact: int, minute: float, fault: str) -> str:
    """Return which need and contact, and when, with what is wrong."""
    return f"need {need}, contact {contact}, day {int(minute // DAY)} {clock_time(minute)}: {fault}"


def last_minute(tables: Tables) -> float:
    """Return the minute of the last row about a need."""
    rows, _ = tables.rows_of_needs()
    return float(rows.time[-1]) if len(rows) else 0.0
