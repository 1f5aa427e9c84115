"""The questions of `pcqa practice new`, and what each answer becomes in the practice's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pcqa_sim.inputs import said
from pcqa_sim.inputs.said import NONE, Tree, at
from pcqa_sim.scenario.groups.profile import Counts
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.saidtimes import said_rota
from pcqa_sim.values.words import GP

Reader = Callable[[str], Tree]
ROLES = (
    (GP, "GPs"),
    ("practice_nurse", "practice nurses"),
    ("hca", "health care assistants"),
    ("pharmacist", "clinical pharmacists"),
    ("anp", "advanced nurse practitioners"),
    ("paramedic", "paramedics"),
    ("fcp", "first contact physiotherapists"),
    ("mental_health_practitioner", "mental health practitioners"),
    ("link_worker", "social prescribing link workers"),
    ("care_coordinator", "care coordinators"),
    ("other", "all other staff who see patients, together"),
    ("administrator", "administrators who do letters and records"),
)
_MODELS = said.ACCESS_MODELS
_YES = ("yes", "y", "true", "1")


@dataclass(frozen=True)
class Question:
    """One question: under which name a spreadsheet holds it, how it is asked, an example, and how it is read.

    `choices` are all the answers there are, where they are few.
    """

    key: str
    asked: str
    example: str
    read: Reader
    choices: tuple[str, ...] = ()

    @property
    def in_short(self) -> str:
        """Return how it is asked where its choices are seen anyway."""
        return self.asked.partition(" (")[0] if self.choices else self.asked


def _number(path: str, whole: bool = False) -> Reader:
    def read(text: str) -> Tree:
        plain = text.strip().replace(",", "").rstrip("%")
        try:
            value = float(plain)
        except ValueError:
            raise ValueError(f"{text.strip()} is no number; write it in digits, such as 8400") from None
        if not 0 <= value < 1e9 or (whole and not value.is_integer()):
            raise ValueError(f"{text.strip()}: write a {'whole ' if whole else ''}number that is not negative")
        return at(path, int(value) if value.is_integer() else value)

    return read


def _staff(role: str) -> Reader:
    return lambda text: at(f"role.{role}", said.staff(text))


def _callback(text: str) -> Tree:
    word = text.strip().lower()
    if word in _YES:
        return {}
    if word in NONE:
        return at("phones.callback.accepted_share", 0)
    raise ValueError(f"{text.strip()}: write yes or no")


def _form(text: str) -> Tree:
    if text.strip().lower() in ("always", "all day", "day and night"):
        return at("channels.form.hours", None)
    opens, closes = said.hours(text)
    return at("channels.form.hours", {"opens": clock_time(opens), "closes": clock_time(closes)})


def _access(text: str) -> Tree:
    return at("triage.model", said.access_model(text))


def _extended(text: str) -> Tree:
    return at("phones.extended_hours", said.extended_hours(text))


def _rota(duty: str, days: tuple[str, ...]) -> Reader:
    return lambda text: at(f"rota.{duty}", dict.fromkeys(days, said_rota(text)))


def _counted(key: str, description: str) -> str:
    """Return how a count is asked for; a unit that stands first is said last."""
    unit, parted, what = description.partition("; ")
    asked = f"{what}, in {unit}" if parted else description
    asked = f"per cent {asked}" if key.endswith("_percent") else asked
    return asked[0].upper() + asked[1:]


PRACTICE = (
    Question("list_size", "Registered patients", "8400", _number("list_size", whole=True)),
    Question("rooms", "Rooms for seeing patients", "7", _number("appointments.rooms", whole=True)),
    Question("access", f"How are requests dealt with? ({', '.join(_MODELS)})", "", _access, _MODELS),
)
STAFF = tuple(
    Question(
        role,
        f"{title[0].upper()}{title[1:]}",
        "Dr Ahmed: mon, tue_am; Dr Brown: wed" if role == GP else "",
        _staff(role),
    )
    for role, title in ROLES
)
PHONES = (
    Question("lines", "Telephone lines", "8", _number("phones.lines", whole=True)),
    Question("callback", "Does the telephone offer a callback? (yes, no)", "no", _callback, ("yes", "no")),
    Question("menu_minutes", "Minutes of the recorded menu", "0.5", _number("phones.menu.minutes")),
    Question("handlers_monday", "Who answers calls on Monday?", "2, 3 from 8 to 10", _rota("phone", ("monday",))),
    Question(
        "handlers",
        "Who answers calls on other days?",
        "2, 3 from 8 to 10, 1 from 13 to 14",
        _rota("phone", ("tuesday_friday",)),
    ),
    Question("desk", "Who is at the desk?", "1, 2 from 8 to 11", _rota("desk", ("monday", "tuesday_friday"))),
    Question(
        "extended_hours",
        "When are calls answered while the practice is otherwise shut? (or none)",
        "tue 7 to 8, thu 18:30 to 20",
        _extended,
    ),
    Question("form", "When is the online form open? (or always)", "8 to 12", _form),
)
COUNTS = tuple(
    Question(key, _counted(key, str(field.description)), "", _number(f"counts.{key}"))
    for key, field in Counts.model_fields.items()
)
ALL = (*PRACTICE, *STAFF, *PHONES, *COUNTS)


def answered(texts: Mapping[str, str]) -> tuple[Tree, dict[str, str]]:
    """Return the settings of answers, and by question what is wrong with those that cannot be read."""
    parts: list[Tree] = []
    wrong: dict[str, str] = {}
    for question in ALL:
        text = str(texts.get(question.key, "")).strip()
        if text:
            try:
                parts.append(question.read(text))
            except ValueError as fault:
                wrong[question.key] = str(fault)
    return settled(said.merged(parts)), wrong


def settled(tree: Tree) -> Tree:
    """Return settings with what they need to hold together: a rota is for the practice's own list, and a whole week."""
    rota: dict[str, Any] = tree.get("rota", {})
    for duty in rota.values():
        if isinstance(duty, dict):
            for day, other in (("monday", "tuesday_friday"), ("tuesday_friday", "monday")):
                if day not in duty and other in duty:
                    duty[day] = duty[other]
            duty["first_days"] = None  # rules that shipped rotas have for Mondays are not this practice's
    if rota:
        own: Tree = {"written_for_list_size": None} | ({"phone_level": 1} if "phone" in rota else {})
        tree["rota"] = own | rota
    return {key: value for key, value in tree.items() if value != {}}
