"""Times of a day as people say them: "8", "1pm", and a rota as "2, 3 from 8 to 10"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pcqa_sim.values.clock import DAY, clock_time

_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$", re.IGNORECASE)
_STEP = re.compile(r"^(\d+(?:\.\d+)?)(?:\s+(?:from\s+)?(.+?)\s*(?:to|till|until|-)\s*(.+))?$", re.IGNORECASE)
ROTA_RULE = "write people and times, as in `2, 3 from 8 to 10, 1 from 13 to 14`"
_HALF_HOUR = 30
_OPENS, _CLOSES = 8 * 60, 18 * 60 + 30


def said_minute(text: str) -> int:
    """Read a time of day: "8", "08:30", "1pm", "13.30"; raise ValueError for none."""
    found = _TIME.match(text.strip())
    hour = int(found[1]) if found else 99
    if found and (found[3] or "").lower() == "pm" and hour < 12:
        hour += 12
    at = hour * 60 + int((found and found[2]) or 0)
    if at > DAY or (found and found[2] and int(found[2]) > 59):
        raise ValueError(f'{text.strip()} is no time of day; write 8, 08:30 or "13:00"')
    return at


def said_rota(text: str) -> dict[str, float]:
    """Read a rota: "2, 3 from 8 to 10" is two people from 08:00 to 18:30, and three of them from eight to ten.

    Returns people from each time on where they change, the first at 00:00; raises ValueError that says what to write.
    """
    steps = dict.fromkeys(range(0, DAY, _HALF_HOUR), 0.0)
    for one in re.split(r"[,;]", text):
        found = _STEP.match(one.strip())
        if not found:
            raise ValueError(f"'{one.strip() or text}' is no rota; {ROTA_RULE}")
        start, end = (said_minute(found[2]), said_minute(found[3])) if found[2] else (_OPENS, _CLOSES)
        if start % _HALF_HOUR or end % _HALF_HOUR:
            raise ValueError(f"times are on the hour or the half hour, and not '{one.strip()}'")
        if end <= start:
            raise ValueError(f"'{one.strip()}' ends after it begins; {ROTA_RULE}")
        steps.update(dict.fromkeys(range(start, end, _HALF_HOUR), float(found[1])))
    return by_time(steps)


def by_time(steps: Mapping[int, float]) -> dict[str, float]:
    """Return people by minute of the day as a roster: where they change alone, the first at 00:00."""
    found: dict[str, float] = {}
    before: float | None = None
    for at in sorted({0, *steps}):
        people = steps.get(at, 0.0)
        if people != before:
            found[clock_time(at)] = int(people) if people == int(people) else people
            before = people
    return found


def rota_words(steps: Mapping[int, float]) -> str:
    """Return people from each minute of the day on as `said_rota` reads them: "3 from 8 to 10:30, 2 from ..."."""
    ends = [*sorted(steps)[1:], DAY]
    stretches = [(at, end, steps[at]) for at, end in zip(sorted(steps), ends, strict=True) if steps[at]]
    told = (f"{people:g} from {_clock(at)} to {_clock(end)}" for at, end, people in stretches)
    return ", ".join(told) or "0"


def _clock(minute: int) -> str:
    """Return a time as it is said: 8, 10:30."""
    return f"{minute // 60}:{minute % 60:02d}" if minute % 60 else str(minute // 60)
