"""One need read aloud from the log, so that anybody can judge whether the model makes sense."""

from __future__ import annotations

from pcqa_sim.report.asking import ASKED
from pcqa_sim.report.attending import ATTENDED
from pcqa_sim.report.names import Names, about, asker, date
from pcqa_sim.report.placestory import AT_PLACES
from pcqa_sim.report.tale import Line, Saying, Tale, lines_of
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WorkingCalendar, clock_time, day_of


def story(run: Run, need: int, practice: str) -> list[str]:
    """Return who has a need, and its story, one sentence a line; raise BadInput for a need the run does not have."""
    counted = run.counted[practice]
    lines = lines_of(run.log, need, practice)
    person = int(counted.tables.needs["person"].loc[need])
    names = Names.of(counted.practice, counted.usual[person], asker(counted, person))
    return [about(counted, person), *read(lines, counted.calendar, names)]


def read(lines: list[Line], calendar: WorkingCalendar, names: Names) -> list[str]:
    """Return a need's lines as sentences, with days and clock times."""
    tale = Tale(lines, calendar, names)
    told, day = [], -1
    for line in lines:
        if day_of(line.time) != day:
            day = day_of(line.time)
            holiday = ", bank holiday" if calendar.is_bank_holiday(day) else ""
            told.append(f"{date(day, calendar)}{holiday} (week {day // 7}, day {day})")
        told.append(f"  {clock_time(line.time)}  {SAID[line.event](line, tale)}")
    if all(line.event != log.NEED_CLOSED for line in lines):
        told.append("The run ends here; the need is open.")
    return told


SAID: dict[str, Saying] = ASKED | ATTENDED | AT_PLACES
"""What is said of each event."""
