"""The text of the blocks an import writes: each number ends with its unit and source."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence

from pcqa_sim.inputs.cells import long_date
from pcqa_sim.inputs.demand_level import FittedLevel
from pcqa_sim.inputs.register import RegisterCount
from pcqa_sim.inputs.telephony import (
    ANSWERED,
    CALLBACK,
    INBOUND,
    LENGTHS,
    MENU,
    MISSED,
    TelephonyDay,
    is_slight,
)
from pcqa_sim.scenario.groups import ObservedBand
from pcqa_sim.values.faults import Fault
from pcqa_sim.values.outside import shown

NATIONAL_LEVEL = "demand_level: 1.0  # times; assumption: national mean\n"
START_BELIEF = "start_belief: 0.2  # share; assumption: near the belief an average practice settles at\n"
_LONGEST_SOURCE = 120
_LIST_SIZE_DATE = re.compile(r"^  list_size_date:.*\n", re.MULTILINE)


def name(practice: str) -> str:
    """Return the block of the practice's name in results, until the user gives another."""
    return f"name: Practice {practice}\n"


def list_size(count: RegisterCount) -> str:
    """Return the block of the list size."""
    return f"list_size: {count.list_size}  # people; {_register(count.date)}, {_file(count.file)}\n"


def demand_level(fitted: FittedLevel, calls: float, days: Sequence[TelephonyDay]) -> str:
    """Return the block of a fitted demand level; `calls` a day on the days' own weekdays are what it was fitted to."""
    what = f"times; fitted to {calls:.1f} calls a day on the same weekdays, {telephony_of(days)}"
    return f"demand_level: {fitted.level:.4g}  # {what}, {_file(days[0].file)}\n"


def observed(day: TelephonyDay, list_date: dt.date | None, broken: Sequence[Fault]) -> str:
    """Return the block of a day's telephone figures; `broken` are the sums that do not hold, accepted."""
    source = telephony_of([day])
    note = (
        "; accepted although it does not reconcile"
        if broken and not is_slight(day)
        else "; off by a few calls"
        if broken
        else ""
    )
    title = _file(day.file, _LONGEST_SOURCE - len(note)) + note
    totals = (
        ("inbound", day.inbound, INBOUND),
        ("answered", day.answered, ANSWERED),
        ("menu", day.menu, MENU),
        ("callback", day.callback, CALLBACK),
        ("missed", day.missed, MISSED),
    )
    lines = ["observed:"]
    lines += [f"  # Accepted: {shown(fault.rule, 300)}" for fault in broken]
    lines += [f"  source: {json.dumps(title, ensure_ascii=False)}", f'  date: "{day.date}"  # date; {source}']
    lines += [_list_size_date(list_date)] if list_date else []
    lines += [f"  {key}: {calls}  # calls; {indicator}, {source}" for key, calls, indicator in totals]
    lines += _bands("answered_waits", day.answered_waits, f"seconds waited, calls; {ANSWERED}, {source}")
    lines += _bands("missed_waits", day.missed_waits, f"seconds waited, calls; {MISSED}, {source}")
    lines += _bands("lengths", day.lengths, f"seconds talked, calls; {LENGTHS}, {source}")
    return "\n".join(lines) + "\n"


def with_list_size_date(body: str, date: dt.date) -> str:
    """Return an observed block with the date of a newer list size."""
    line = _list_size_date(date) + "\n"
    if _LIST_SIZE_DATE.search(body):
        return _LIST_SIZE_DATE.sub(lambda _: line, body, count=1)
    return f"{body}{line}"


def telephony_of(days: Sequence[TelephonyDay]) -> str:
    """Return the source in words: "telephony of 1 June 2026", or the first and last of several days."""
    if len(days) == 1:
        return f"telephony of {long_date(days[0].date)}"
    return f"telephony of {len(days)} days, {long_date(days[0].date)} to {long_date(days[-1].date)}"


def _register(date: dt.date) -> str:
    return f"register of {long_date(date)}"


def _file(text: str, most: int = 80) -> str:
    """Return a file name fit for settings: one line, no comment in it, and no `${`, which they refuse."""
    return shown(text, most).replace("#", "_").replace("${", "_")


def _list_size_date(date: dt.date) -> str:
    return f'  list_size_date: "{date}"  # date; {_register(date)}'


def _bands(key: str, bands: Sequence[ObservedBand], source: str) -> list[str]:
    """Return the lines of one list of bands."""
    lines = [f"  {key}:"]
    for band in bands:
        last = "null" if band.to_s is None else f"{band.to_s:g}"
        lines.append(f"    - {{from_s: {band.from_s:g}, to_s: {last}, calls: {band.calls:.0f}}}  # {source}")
    return lines
