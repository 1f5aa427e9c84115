"""The form of a practice of one's own: one settings file, with a comment and an example for what is not said.

What is said stands there as settings; `PARTS` says in which order, and what a manager is told of each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pcqa_sim.values.formats import SCHEMA, newest
from pcqa_sim.values.outside import shown

Tree = Mapping[str, Any]
OWN = "said by the practice"
_WIDTH = 110
_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9_ ()&'-]*$")
_RESERVED = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


@dataclass(frozen=True)
class Part:
    """One part of the form: its key in the file, its unit, what is asked, and lines that show how to answer."""

    key: str
    unit: str
    asked: str
    example: str


PARTS = (
    Part("list_size", "people", "How many patients are registered?", "list_size: 8400"),
    Part(
        "demand_level",
        "times",
        "How much is asked for, against the national mean? `pcqa resemble NAME --fit` finds it from your counts.",
        "demand_level: 1.0",
    ),
    Part(
        "appointments",
        "as the settings say",
        "How many rooms are there for seeing patients? Who has none calls or writes.",
        "appointments:\n  rooms: 7",
    ),
    Part(
        "people",
        "share",
        "How old are they? Shares of the list; all bands together are 1. With other bands than these, leave it out.",
        "people:\n  ages:\n    age_0_4: {share: 0.05}\n    age_5_17: {share: 0.15}\n    age_18_34: {share: 0.21}\n"
        "    age_35_49: {share: 0.19}\n    age_50_64: {share: 0.2}\n    age_65_74: {share: 0.11}\n"
        "    age_75_84: {share: 0.065}\n    age_85_up: {share: 0.025}",
    ),
    Part(
        "role",
        "half days, people or full-time equivalents",
        "Who works here, and when? By name with half days (mon is the whole day, mon_am the morning), or in numbers:\n"
        "heads, fte or sessions_a_week, all of this practice. Roles: gp, practice_nurse, hca, pharmacist, other,\n"
        "administrator, and anp, paramedic, fcp, mental_health_practitioner, link_worker, care_coordinator.\n"
        "`out_of` says whose patients a role takes, as a share of what goes to them (or rest: all that is left).\n"
        "Slots: `template` for all half days, or in one of `sessions` for a morning or an afternoon alone.\n"
        "Modes: face_to_face, telephone, video, online_message, home_visit. Release: routine (weeks ahead),\n"
        "on_the_day, embargoed (two days ahead), online (in the app).",
        "role:\n  gp:\n    people:\n      - {name: Dr Ahmed, sessions: [mon, tue_am, thu]}\n"
        "      - {name: Dr Brown, sessions: [tue, wed, fri_am]}\n"
        '    sessions:\n      - {starts: "08:30", ends: "12:40"}\n'
        '      - starts: "14:00"\n        ends: "18:10"\n        template:\n'
        "          - {slots: 6, minutes: 10, mode: telephone, release: on_the_day}\n"
        "          - {slots: 8, minutes: 12, mode: face_to_face, release: routine}\n"
        "  practice_nurse: {heads: 2}\n  hca: {fte: 0.8}",
    ),
    Part(
        "triage",
        "as named",
        "How is a request dealt with? `model` is one of: reception_led, care_navigation, duty_team, gp_phone_first,\n"
        "nurse_triage, total_digital, open_access. And who is asked, in order, when a role has nothing free in time?",
        "triage:\n  model: care_navigation\n  cover:\n    practice_nurse: [hca]",
    ),
    Part(
        "phones",
        "as the settings say",
        "The telephone: lines, whether a callback is offered (accepted_share 0: none), minutes of the recorded menu,\n"
        "and when calls are answered while the practice is otherwise shut, by weekday (null: not on that day).",
        "phones:\n  lines: 8\n  callback: {accepted_share: 0}\n  menu: {minutes: 0.5}\n  extended_hours:\n"
        '    tuesday: {opens: "07:00", closes: "08:00", call_handlers: 1}\n    thursday: null',
    ),
    Part(
        "rota",
        "people",
        "Who answers the phone, and who is at the desk, from which time on? Whole people; lunch cover is a step.\n"
        "`written_for_list_size: null` says that these are your people, whatever the list; `first_days: null` that\n"
        "no rule of ours adds anybody on Mondays. Other weekdays may be named (tuesday, wednesday, thursday, friday).",
        "rota:\n  written_for_list_size: null\n  phone_level: 1\n  phone:\n    first_days: null\n"
        '    monday: {"00:00": 0, "08:00": 3, "10:00": 2, "13:00": 1, "14:00": 2, "18:30": 0}\n'
        '    tuesday_friday: {"00:00": 0, "08:00": 3, "10:00": 2, "13:00": 1, "14:00": 2, "18:30": 0}\n'
        '  desk:\n    monday: {"00:00": 0, "08:00": 1, "18:30": 0}\n'
        '    tuesday_friday: {"00:00": 0, "08:00": 1, "18:30": 0}',
    ),
    Part(
        "channels",
        "time of day",
        "From when till when is the online form open?",
        'channels:\n  form:\n    hours: {opens: "08:00", closes: "12:00"}',
    ),
    Part(
        "counts",
        "as each is named",
        "Your own counts of an ordinary month, beside which `pcqa resemble` lays the simulated. Five will do.",
        "counts:\n  calls_a_day: 190\n  calls_missed_percent: 8\n  answered_wait_min: 4\n  online_requests_a_day: 45\n"
        "  appointments_a_day: 200\n  same_day_percent: 45\n  dna_percent: 5\n  told_another_day_a_day: 12",
    ),
)
PROFILE_KEYS = ("name", *(part.key for part in PARTS))


def form_text(title: str, said: Tree, profile: str = "average", filled: Mapping[str, str] | None = None) -> str:
    """Return the text of a practice's file: what is said, and comments with examples for what is not.

    `filled` has the dotted keys that nobody said but what was said asks for, with the reason of each.
    """
    head = (
        f"# {shown(title, 80)}: one file for all that is the practice's own. `pcqa practice check` says what is odd,\n"
        "# and what is filled from national rates because nothing is said of it here. To answer what is not said yet,\n"
        "# take the # and three spaces away from its example, and write your own.\n"
        f"{SCHEMA}: {newest('practice')}  # version; of the form of this file\n"
        f"defaults: [{profile}@_here_, _self_]\n"
        f"name: {_scalar(shown(title, 120))}\n"
    )
    notes = {key: f"as named; assumption: {why}" for key, why in (filled or {}).items()}
    others = (key for key in said if key not in PROFILE_KEYS)
    return "\n".join(
        [
            head,
            *(_part(part, said, notes) for part in PARTS),
            *(block(key, said[key], f"as named; {OWN}") for key in others),
        ]
    )


def _part(part: Part, said: Tree, notes: Mapping[str, str]) -> str:
    asked = "".join(f"# {line}\n" for line in part.asked.split("\n"))
    if part.key not in said:
        return asked + "".join(f"#   {line}\n" for line in part.example.split("\n"))
    return asked + block(part.key, said[part.key], f"{part.unit}; {OWN}", notes)


def block(key: str, value: Any, comment: str, notes: Mapping[str, str] | None = None) -> str:
    """Return one key of the file with all that is in it; `notes` are the comments of keys inside."""
    every = {key: comment} | dict(notes or {})
    return "\n".join(_lines((key,), value, every)) + "\n"


def _lines(path: tuple[str, ...], value: Any, notes: Mapping[str, str]) -> list[str]:
    depth, key = len(path) - 1, _key(path[-1])
    note = notes.get(".".join(path), "")
    end = f"  # {note}" if note else ""
    flow = f"{'  ' * depth}{key}: {_flow(value)}"
    nested = isinstance(value, dict | list) and value
    noted = any(one.startswith(".".join(path) + ".") for one in notes)
    if not nested or (depth and len(flow) <= _WIDTH and not _holds_groups(value) and not noted):
        return [flow + end]
    head = f"{'  ' * depth}{key}:{end}"
    if isinstance(value, dict):
        return [head, *(line for name, inside in value.items() for line in _lines((*path, str(name)), inside, notes))]
    return [head, *(line for item in value for line in _item(item, depth + 1))]


def _holds_groups(value: Any) -> bool:
    inside = value.values() if isinstance(value, dict) else value
    return any(isinstance(one, dict) for one in inside)


def _item(item: Any, depth: int) -> Iterator[str]:
    """Yield the lines of one entry of a list: on one line, unless it holds a list of groups itself."""
    pad = "  " * depth
    if not isinstance(item, dict) or not any(isinstance(one, list) and _holds_groups(one) for one in item.values()):
        yield f"{pad}- {_flow(item)}"
        return
    lines = [line for name, inside in item.items() for line in _lines(("",) * (depth + 1) + (str(name),), inside, {})]
    yield f"{pad}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _key(key: Any) -> str:
    text = str(key)
    plain = re.match(r"^[A-Za-z_][A-Za-z0-9_]*$", text) and text.lower() not in _RESERVED
    return text if plain else json.dumps(text, ensure_ascii=False)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return format(Decimal(f"{value:.12g}"), "f")  # no exponent, which not every reader takes for a number
    text = str(value)
    plain = _PLAIN.match(text) and text.lower() not in _RESERVED and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)
