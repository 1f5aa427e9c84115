"""One need's rows of the log, with what it takes to say them: what stories, comparisons and lives are read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pcqa_sim.report.names import ROUNDING, Names
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WorkingCalendar
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.needs import FACE_TO_FACE, PRACTICE, REARRANGED, TRIAGE_RULES
from pcqa_sim.values.words import Service

CALLED_IN = "called_in"
NOT_TOLD = (log.NOTHING_FREE,)  # what was asked for that is not there: the decision before it says so


@dataclass(frozen=True)
class Line:
    """One row of the log about the need: minute, contact, event, who, code, amount."""

    time: float
    contact: int
    event: str
    who: str
    code: str
    amount: float


class Tale:
    """A need's lines, with what it takes to say them: days and dates, names, and what the rows tell of each contact."""

    def __init__(self, lines: list[Line], calendar: WorkingCalendar, names: Names) -> None:
        self.lines, self.calendar, self.names = lines, calendar, names
        arose = next((line for line in lines if line.event == log.NEED_AROSE), None)
        self.kind = "" if arose is None else arose.code
        self.by_111 = arose is not None and arose.who == Service.NHS_111
        self.arose = lines[0].time if arose is None else arose.time
        self.planned = self.kind in names.programmes

    def of(self, event: str, contact: int) -> Line | None:
        """Return the line of an event of a contact, None where it has none."""
        return next((line for line in self.lines if line.event == event and line.contact == contact), None)

    def channel(self, contact: int) -> str:
        """Return the channel of a contact."""
        opened = self.of(log.CONTACT_OPENED, contact)
        return "" if opened is None else opened.who

    def cause(self, contact: int) -> str:
        """Return the cause of a contact."""
        opened = self.of(log.CONTACT_OPENED, contact)
        return "" if opened is None else opened.code

    def mode(self, contact: int) -> str:
        """Return the mode of a contact's appointment."""
        booked = self.of(log.BOOKED, contact)
        return FACE_TO_FACE if booked is None else booked.code.rpartition(".")[2]

    def offered_at(self, minute: float) -> bool:
        """Tell whether the practice offers an earlier appointment at a minute."""
        opened = (line for line in self.lines if line.event == log.CONTACT_OPENED and line.time == minute)
        return any(line.who == PRACTICE and line.code == REARRANGED for line in opened)

    def is_for_triage(self, contact: int) -> bool:
        """Tell whether a contact was put on the list for clinician triage."""
        booked = self.of(log.BOOKED, contact)
        return booked is not None and booked.code.partition(".")[0] in TRIAGE_RULES

    def opened_before(self, contact: int, channel: str) -> bool:
        """Tell whether an earlier contact was through a channel."""
        return any(
            line.event == log.CONTACT_OPENED and line.contact < contact and line.who == channel for line in self.lines
        )


def lines_of(table: pa.Table, need: int, practice: str) -> list[Line]:
    """Return a need's rows of a log; raise BadInput when the log has none."""
    rows_of_need = table.filter(
        pc.and_(pc.equal(table["need"], need), pc.equal(table["practice"].cast(pa.string()), practice))
    )
    if not len(rows_of_need):
        known = sorted(pc.unique(table["need"]).to_pylist())
        close = min(known[1:], key=lambda other: abs(other - need), default=None)
        fault = Fault("--need", "no such need in this run", str(need), "" if close is None else str(close))
        raise BadInput(fault)
    columns = ("time_min", "contact", "event", "who", "code", "amount")
    rows = [Line(*row) for row in zip(*(rows_of_need[name].to_pylist() for name in columns), strict=True)]
    return _with_beginnings([row for row in rows if row.event not in NOT_TOLD])


def _with_beginnings(rows: list[Line]) -> list[Line]:
    """Return the rows with a line for each beginning of a consultation, which the log leaves to arithmetic."""
    told: list[Line] = []
    due: dict[int, float] = {}
    begun: set[int] = set()
    for row in rows:
        if row.event == log.BOOKED:
            due[row.contact] = row.time + row.amount
        elif row.event == log.SQUEEZED:
            begun.add(row.contact)
        elif row.event == log.CONSULT_ENDED and row.contact not in begun:
            start = row.time - row.amount + ROUNDING
            told.append(Line(start, row.contact, CALLED_IN, row.who, "", max(0.0, start - due[row.contact])))
        told.append(row)
    return sorted(told, key=lambda line: line.time)


Saying = Callable[[Line, Tale], str]
"""What says a row of a need in a sentence."""
