"""The spreadsheet of a practice of one's own: what its sheets ask, and what is read back from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pcqa_sim.inputs import own_questions as questions
from pcqa_sim.inputs import said
from pcqa_sim.inputs.said import Tree, at
from pcqa_sim.inputs.workbook import Rows, read_workbook, workbook
from pcqa_sim.values.clock import DAY, WEEKDAYS, clock_time
from pcqa_sim.values.faults import BadInput, Fault, meant
from pcqa_sim.values.needs import MODES
from pcqa_sim.values.outside import shown
from pcqa_sim.values.saidtimes import by_time, said_minute

_DAYS = tuple(day[:3] for day in WEEKDAYS[:5])
_HALVES = [f"{day}_{half}" for day in _DAYS for half in ("am", "pm")]
_FIRST, _LAST = 7 * 60, 20 * 60
_ROLES = dict(questions.ROLES)
_RELEASES = ("routine", "on_the_day", "embargoed", "online")
PRACTICE, STAFF, CALLS, DESK, SLOTS, COUNTS = "Practice", "Staff", "Calls", "Desk", "Slots", "Counts"
_QUESTIONS = (
    *questions.PRACTICE,
    *(one for one in questions.PHONES if one.key not in ("handlers", "handlers_monday", "desk")),
)


def template() -> bytes:
    """Return the empty spreadsheet."""
    counts = [[one.key, one.asked, ""] for one in questions.COUNTS]
    asked = [[one.key, f"{one.asked} (such as {one.example})" if one.example else one.asked, ""] for one in _QUESTIONS]
    roles = [[title, key] for key, title in questions.ROLES]
    sheets: dict[str, list[list[str]]] = {
        PRACTICE: [
            ["", "Question; leave an answer empty where you do not know", "Your answer"],
            ["name", "Name of the practice", ""],
            *asked,
        ],
        STAFF: [
            [
                "Role",
                "Name, or empty for a number",
                "Sessions a week, FTE or heads (22 sessions, 2.5 fte, 4 heads)",
                *_HALVES,
            ]
        ]
        + [["", "", "", *[""] * 10] for _ in range(30)],
        CALLS: _half_hours("People who answer calls, from"),
        DESK: _half_hours("People at the desk, from"),
        SLOTS: [["Role", "am, pm or both", "Slots in a row", "Minutes of each", "Mode", "Release"]],
        COUNTS: [["", "Counts of an ordinary month", "Your count"], *counts],
        "Words": [
            ["Roles", "as written in the sheet Staff"],
            *roles,
            ["", ""],
            ["Half days", "put x where a person works"],
            ["Modes", ", ".join(MODES)],
            ["Release", ", ".join(_RELEASES)],
            ["Staff", "none in the third column: nobody"],
        ],
    }
    widths = {name: [16, 60, 30] for name in (PRACTICE, COUNTS)}
    widths |= {STAFF: [28, 26, 44, *[8] * 10], SLOTS: [28, 16, 16, 16, 18, 16], "Words": [44, 60]}
    return workbook(sheets, widths | {name: [30, *[8] * 5] for name in (CALLS, DESK)})


def _half_hours(title: str) -> list[list[str]]:
    return [[title, *_DAYS], *([clock_time(minute), *[""] * 5] for minute in range(_FIRST, _LAST, 30))]


def read_sheet(path: Path) -> tuple[str, Tree]:
    """Return the name of a practice and what is said of it in a filled template.

    Raises BadInput naming the sheet and the cell of every answer that cannot be read.
    """
    sheets = read_workbook(path)
    if PRACTICE not in sheets:
        rule = f"has no sheet {PRACTICE}; fill the one that `pcqa practice template` writes"
        raise BadInput(Fault(shown(str(path), 200), rule))
    faults: list[Fault] = []
    parts = [
        *_answers(sheets[PRACTICE], PRACTICE, faults),
        *_answers(sheets.get(COUNTS, []), COUNTS, faults),
        *_staff(sheets.get(STAFF, []), faults),
        *_rosters(sheets.get(CALLS, []), CALLS, "phone", faults),
        *_rosters(sheets.get(DESK, []), DESK, "desk", faults),
        *_slots(sheets.get(SLOTS, []), faults),
    ]
    if faults:
        raise BadInput(faults)
    title = next((_at(row, 2) for row in sheets[PRACTICE] if _at(row, 0) == "name"), "")
    return title, questions.settled(said.merged(parts))


def _at(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _fault(sheet: str, row: int, column: int, rule: str) -> Fault:
    return Fault(f"sheet {sheet}, cell {chr(65 + column)}{row}", rule)


def _answers(rows: Rows, sheet: str, faults: list[Fault]) -> Iterator[Tree]:
    by_key = {one.key: one for one in questions.ALL}
    for number, row in enumerate(rows, 1):
        key, text = _at(row, 0), _at(row, 2)
        if key in by_key and text:
            try:
                yield by_key[key].read(text)
            except ValueError as wrong:
                faults.append(_fault(sheet, number, 2, str(wrong)))


def _role(text: str) -> str:
    """Return a role by its key or its title; raise ValueError for neither."""
    word = text.strip().lower()
    for key, title in _ROLES.items():
        if word in (key, title.lower(), title.lower().removesuffix("s"), key.replace("_", " ")):
            return key
    raise ValueError(f"{text} is no role; see the sheet Words{meant(word, [*_ROLES.values(), *_ROLES])}")


def _staff(rows: Rows, faults: list[Fault]) -> Iterator[Tree]:
    people: dict[str, list[Tree]] = {}
    for number, row in enumerate(rows[1:], 2):
        if not _at(row, 0):
            if any(map(str.strip, row)):
                faults.append(_fault(STAFF, number, 0, "say which role; see the sheet Words"))
            continue
        try:
            role = _role(_at(row, 0))
            if number_of := _at(row, 2):
                yield at(f"role.{role}", said.staff(number_of))
                continue
            halves = [half for column, half in enumerate(_HALVES, 3) if _at(row, column)]
            name = _at(row, 1) or f"{role.replace('_', ' ')} {len(people.get(role, [])) + 1}"
            people.setdefault(role, []).append({"name": name, "sessions": _whole_days(halves)})
        except ValueError as wrong:
            faults.append(_fault(STAFF, number, 0, str(wrong)))
    for role, those in people.items():
        yield at(f"role.{role}.people", those)


def _whole_days(halves: Sequence[str]) -> list[str]:
    """Return half days with "mon" for both of a day."""
    found: list[str] = []
    for day in _DAYS:
        both = [f"{day}_am" in halves, f"{day}_pm" in halves]
        found += (
            [day] if all(both) else [f"{day}_{half}" for half, here in zip(("am", "pm"), both, strict=True) if here]
        )
    return found


def _rosters(rows: Rows, sheet: str, duty: str, faults: list[Fault]) -> Iterator[Tree]:
    week: dict[str, dict[int, float]] = {}
    for number, row in enumerate(rows[1:], 2):
        try:
            start = said_minute(_at(row, 0)) if _at(row, 0) else None
        except ValueError as wrong:
            faults.append(_fault(sheet, number, 0, str(wrong)))
            continue
        for column, day in enumerate(WEEKDAYS[:5], 1):
            if start is None or start % 30 or start >= DAY or not (text := _at(row, column)):
                continue
            try:
                week.setdefault(day, {})[start] = float(text)
            except ValueError:
                faults.append(_fault(sheet, number, column, f"{text} is no number of people"))
    if week:
        closed = dict.fromkeys(range(0, DAY, 30), 0.0)
        yield at(f"rota.{duty}", said.roster_of_week({day: by_time(closed | steps) for day, steps in week.items()}))


def _slots(rows: Rows, faults: list[Fault]) -> Iterator[Tree]:
    templates: dict[tuple[str, str], list[Tree]] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(map(str.strip, row)):
            continue
        try:
            role, half = _role(_at(row, 0)), _at(row, 1).lower() or "both"
            if half not in ("am", "pm", "both"):
                raise ValueError(f"{half}: write am, pm or both")
            block: Tree = {"slots": _whole(_at(row, 2), "slots"), "minutes": _whole(_at(row, 3), "minutes")}
            block |= {"mode": _word(_at(row, 4), MODES), "release": _word(_at(row, 5) or "routine", _RELEASES)}
            templates.setdefault((role, half), []).append(block)
        except ValueError as wrong:
            faults.append(_fault(SLOTS, number, 0, str(wrong)))
    yield from _templates(templates)


def _templates(templates: dict[tuple[str, str], list[Tree]]) -> Iterator[Tree]:
    from pcqa_sim.inputs.own_team import HALF_DAYS

    for role in dict.fromkeys(role for role, _ in templates):
        both = templates.get((role, "both"))
        if both:
            yield at(f"role.{role}.template", both)
        own = [templates.get((role, half)) for half in ("am", "pm")]
        if any(own):
            sessions: list[Tree] = [dict(times) for times in HALF_DAYS]
            for session, blocks in zip(sessions, own, strict=True):
                session |= {"template": blocks} if blocks else {}
            yield at(f"role.{role}.sessions", sessions)


def _whole(text: str, what: str) -> int:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text or 'nothing'}: how many {what}? write a number") from None
    if value < 1 or not value.is_integer():
        raise ValueError(f"{text}: {what} are a whole number, 1 or more")
    return int(value)


def _word(text: str, known: Sequence[str]) -> str:
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    if word not in known:
        raise ValueError(f"{text}: write one of {', '.join(known)}{meant(word, known)}")
    return word
