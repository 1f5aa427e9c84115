"""What people of a practice say, in the words they use, as settings: days and names, rotas, hours.

Each function reads one answer and returns a part of the practice's file; what cannot be read is a ValueError that says
what to write. An empty answer is no answer: it is filled from national rates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pcqa_sim.scenario.groups import HALVES
from pcqa_sim.values.clock import WEEKDAYS, clock_time
from pcqa_sim.values.faults import meant, nearest
from pcqa_sim.values.saidtimes import said_minute

Tree = dict[str, Any]
NONE = ("none", "nobody", "no", "0")
ACCESS_MODELS = (
    "reception_led",
    "care_navigation",
    "duty_team",
    "gp_phone_first",
    "nurse_triage",
    "total_digital",
    "open_access",
)
_ALSO_CALLED = {
    "reception": "reception_led",
    "total_triage": "total_digital",
    "duty_doctor": "duty_team",
    "telephone_triage": "gp_phone_first",
    "walk_in": "open_access",
}
_DAYS = tuple(day[:3] for day in WEEKDAYS)
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(fte|wte|heads?|people|sessions?)?(?:\s+a\s+week)?$", re.IGNORECASE)
_WAYS = {"fte": "fte", "wte": "fte", "head": "heads", "heads": "heads", "people": "heads"}
_STAFF_RULE = "write `Dr Ahmed: mon, tue_am`, one person after another with ; between, or 22 sessions, 2.5 fte, 4 heads"


def staff(text: str) -> Tree:
    """Read who works in a role: people with their half days, or a number of sessions, FTE or heads; {} for nothing."""
    text = text.strip()
    if not text:
        return {}
    if text.lower() in NONE:
        return {"heads": 0}
    if found := _NUMBER.match(text):
        number, unit = float(found[1]), (found[2] or "").lower()
        if not unit:
            raise ValueError(f"{text}: of what? write {text} sessions, {text} fte or {text} heads")
        return {_WAYS.get(unit, "sessions_a_week"): int(number) if number.is_integer() else number}
    people = [_person(one) for one in re.split(r"[;\n]", text) if one.strip()]
    names = [person["name"] for person in people]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"{twice} is named twice; write all their sessions together")
    return {"people": people}


def _person(text: str) -> Tree:
    name, colon, days = text.partition(":")
    if not colon or not name.strip():
        raise ValueError(f"{text.strip()}: {_STAFF_RULE}")
    return {"name": name.strip(), "sessions": half_days(days)}


def half_days(text: str) -> list[str]:
    """Read half days: "mon, tue am, thu_pm, friday" -> [mon, tue_am, thu_pm, fri]."""
    words = re.sub(r"\b(am|pm|eve|morning|afternoon|evening)\b", _joined, text.strip().lower())
    found = []
    for word in re.split(r"[\s,+/]+", re.sub(r"\s+_", "_", words)):
        day, _, half = word.partition("_")
        if not day or day == "and":
            continue
        if day[:3] not in _DAYS or (len(day) > 3 and not _is_day(day)) or (half and half not in HALVES):
            hint = meant(word, [*_DAYS, *(f"{one}_{half}" for one in _DAYS for half in HALVES)])
            raise ValueError(f"{word} is no half day{hint}; write mon, tue_am, wed_pm")
        found.append(f"{day[:3]}_{half}" if half else day[:3])
    return found


def _joined(found: re.Match[str]) -> str:
    return "_" + {"morning": "am", "afternoon": "pm", "evening": "eve"}.get(found[1], found[1])


def _is_day(word: str) -> bool:
    return any(day.startswith(word) or word == day[:4] for day in WEEKDAYS)


def hours(text: str) -> tuple[int, int]:
    """Read opening hours: "8 to 12", "08:00-18:30"."""
    parts = re.split(r"\s*(?:to|till|until|-)\s*", text.strip(), flags=re.IGNORECASE)
    if len(parts) != 2:
        raise ValueError(f"{text.strip()}: write from when till when, as in `8 to 12`")
    opens, closes = map(said_minute, parts)
    if closes <= opens:
        raise ValueError(f"{text.strip()}: it closes after it opens; write as in `8 to 12`")
    return opens, closes


def access_model(text: str) -> str:
    """Read how requests are dealt with: "total triage", "care navigation", or a model's own name."""
    word = re.sub(r"[\s-]+", "_", text.strip().lower())
    found = _ALSO_CALLED.get(word, word)
    if found not in ACCESS_MODELS:
        known = [*ACCESS_MODELS, *_ALSO_CALLED]
        near = nearest(word, known)
        meant = f"; did you mean {near}?" if near else ""
        raise ValueError(f"{text.strip()}: write one of {', '.join(ACCESS_MODELS)}{meant}")
    return found


def extended_hours(text: str) -> dict[str, Tree | None]:
    """Read when calls are answered besides: "tue 7 to 8, thu 18:30 to 20", or none; days not named have none."""
    found: dict[str, Tree | None] = dict.fromkeys(WEEKDAYS)
    for one in re.split(r"[,;]", "" if text.strip().lower() in NONE else text):
        day, _, times = one.strip().partition(" ")
        if not one.strip():
            continue
        if not (len(day) >= 3 and _is_day(day.lower())):
            raise ValueError(f"{one.strip()}: write a day and times, as in `tue 7 to 8, thu 18:30 to 20`, or none")
        whole = next(name for name in WEEKDAYS if name.startswith(day[:3].lower()))
        if found[whole]:
            raise ValueError(f"{whole} is named twice; the telephone has one time a day besides opening hours")
        opens, closes = hours(times)
        found[whole] = {"opens": clock_time(opens), "closes": clock_time(closes), "call_handlers": 1}
    return found


def roster_of_week(days: Mapping[str, Mapping[str, float]]) -> Tree:
    """Return a duty's rosters from those of weekdays, Tuesday to Friday together where they are alike."""
    rest = [days[day] for day in WEEKDAYS[1:5] if day in days] or [days["monday"]]
    found: Tree = {"monday": dict(days.get("monday", rest[0])), "tuesday_friday": dict(rest[0])}
    found |= {day: dict(days[day]) for day in WEEKDAYS[2:5] if day in days and days[day] != rest[0]}
    return found


def merged(parts: Iterable[Tree]) -> Tree:
    """Return parts of a practice's file laid together."""
    whole: Tree = {}
    for part in parts:
        _lay(whole, part)
    return whole


def _lay(whole: Tree, part: Tree) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            _lay(whole[key], value)
        else:
            whole[key] = value


def at(path: str, value: Any) -> Tree:
    """Return a value as a part of a file: at("phones.lines", 8) is {"phones": {"lines": 8}}."""
    for name in reversed(path.split(".")):
        value = {name: value}
    found: Tree = value
    return found
