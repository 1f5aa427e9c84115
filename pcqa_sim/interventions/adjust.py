"""Set, multiply or add to settings: an intervention that needs no class of its own, but a YAML file.

    kind: adjust
    name: more_phone_lines
    extra: 2  # lines; assumption: a first trial
    add: {phones.lines: extra}

A number of one's own, such as `extra`, gives the strength a name, by which it can be set, swept and sized.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.fields import ClockMinute, Key, Settings
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.faults import BadInput, Fault, meant

_REST = re.compile(r"^1 - ([a-z][a-z0-9_]*)$")
_WORDS = "a number, the name of a number beside it, or `1 - name`"
PROFILE = "practice"  # the group under which users write what is the practice's own, such as its list size
Verb = Literal["set", "times", "add"]
ADJUST = "adjust"
VERBS: tuple[Verb, ...] = ("set", "times", "add")


def _amount(value: object) -> object:
    """Refuse what is no number, without making a whole one anything else; null is one that changes nothing."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST):
        return value
    raise PydanticKnownError("float_type")


MOST = 1_000_000
_SCHEMA: JsonSchemaValue = {"anyOf": [{"type": "number", "minimum": -MOST, "maximum": MOST}, {"type": "null"}]}
Amount = Annotated[Any, AfterValidator(_amount), WithJsonSchema(_SCHEMA)]


class Adjust(Intervention):
    """Settings are set, multiplied or added to, each named by its dotted key; a group is multiplied number by number.

    What it says in `set` is laid on what is there, as an override is. Numbers beside them may be named instead of a
    value; one that is null leaves the setting as it is.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Amount]

    kind: Literal["adjust"] = "adjust"
    name: Key | None = Field(default=None, description="what it is called in results; null: adjust")
    pressure: bool = Field(
        default=False, description="true for what befalls a practice, and is nothing that a team would try"
    )
    set: dict[str, Any] = Field(default={}, description="settings by dotted key, and what they become")
    times: dict[str, Any] = Field(default={}, description="settings by dotted key, and what they are multiplied by")
    add: dict[str, Any] = Field(default={}, description="settings by dotted key, and what is added to them")

    @property
    def numbers(self) -> Mapping[str, int | float | None]:
        """Return the numbers of its own by name."""
        return self.__pydantic_extra__ or {}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Refuse a value that is none, and a number that nothing uses: it would be a slip."""
        used = set[str]()
        for verb in VERBS:
            leaves = list(_leaves(getattr(self, verb)))
            keys = [key for key, _ in leaves]
            if twice := next((key for key in keys if keys.count(key) > 1), ""):
                raise ValueError(f"{verb}.{twice}: is given twice; leave out the one that is not meant")
            for key, value in leaves:
                used |= {name} if (name := self._named(value)) else set()
                if verb != "set" and not name and not _is_number(value):
                    raise ValueError(f"{verb}.{key}: must be {_WORDS}")
        for name in self.numbers:
            if name not in used:
                hint = meant(name, [other for other in self.numbers if other != name])
                raise ValueError(f"{name}: is not a setting, and neither set, times nor add names it{hint}")
        return self

    def change(self, practice: Practice) -> Practice:
        """Return the practice with the settings adjusted, one verb after the other."""
        for verb in VERBS:
            found = dict(_changes(practice, verb, getattr(self, verb), self._value))
            practice = with_settings(practice, found)
        return practice

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that adds nothing and multiplies by 1."""
        return cls(add={"phones.lines": 0}, times={"appointments.not_attending.lead": 1})

    def label(self) -> str:
        """Return one line naming it and its strength: by its own numbers where it has a name."""
        shown = {name: value for name, value in self._strength().items() if name != "pressure"}
        if self.name is not None and self.numbers:
            shown = {key: shown[key] for key in shown if key.partition(".")[0] not in VERBS}
        parts = ", ".join(f"{key}={value}" for key, value in shown.items() if key != "name")
        return f"{self.name or self.kind}({parts})"

    def setting_of(self, number: str) -> tuple[Verb, str] | None:
        """Return what the first change that names a number does, and to which setting; None where none does."""
        for verb in VERBS:
            for key, value in _leaves(getattr(self, verb)):
                if self._named(value) == number:
                    return verb, key
        return None

    def _named(self, value: object) -> str:
        """Return the number of its own that a value names, "" for none."""
        if not isinstance(value, str):
            return ""
        rest = _REST.match(value)
        name = rest[1] if rest else value
        return name if name in self.numbers else ""

    def _value(self, value: object) -> object:
        """Return a value with what it names in its place; _LEFT for a number that is null."""
        if isinstance(value, Mapping):
            return {key: self._value(inside) for key, inside in value.items()}
        name = self._named(value)
        if not name:
            return value
        number = self.numbers[name]
        if number is None:
            return _LEFT
        return 1 - number if value != name else number


_LEFT = object()


def aimed_at(settings: Mapping[str, Any], path: Sequence[str]) -> tuple[Verb, str] | None:
    """Return what a number in the settings of an intervention does, and to which setting; None for any other's."""
    if settings.get("kind") != ADJUST or not path:
        return None
    if path[0] in VERBS:
        return VERBS[VERBS.index(path[0])], ".".join(path[1:])
    try:
        return Adjust.model_validate(settings).setting_of(path[0])
    except ValidationError:
        return None


def _leaves(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value with its dotted key, however the keys are divided between mappings and dots."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _changes(
    practice: Practice, verb: Verb, tree: Mapping[str, Any], value_of: Callable[[object], object]
) -> Iterator[tuple[str, object]]:
    """Yield the settings that one verb changes, by dotted key, with what they become."""
    for key, now, given in _aimed(practice, "", tree):
        value = value_of(given)
        if value is not _LEFT:
            yield key, value if verb == "set" else _reckoned(practice, key, now, verb, value)


def _aimed(there: object, above: str, tree: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Yield key, present value and given value of each setting; groups and mappings are gone into, as overrides do.

    A mapping by times of day is a setting as a whole, and so is a group where there is none yet.
    """
    for name, value in tree.items():
        if isinstance(there, Practice) and name == PROFILE and isinstance(value, Mapping):
            yield from _aimed(there, above, value)
            continue
        key = f"{above}{name}".removeprefix(f"{PROFILE}.")
        now = _at(there, key.removeprefix(above))
        group = isinstance(now, Settings) or (isinstance(now, Mapping) and bool(now) and not _by_time(now))
        if isinstance(value, Mapping) and group:
            yield from _aimed(now, f"{key}.", value)
        else:
            yield key, now, value


def _at(there: object, key: str) -> object:
    """Return what stands at a dotted key; None where nothing does."""
    for part in key.split("."):
        if isinstance(there, Settings):
            there = getattr(there, part, None) if part in type(there).model_fields else None
        elif isinstance(there, Mapping):
            there = there.get(part)
        elif isinstance(there, list | tuple) and part.isdecimal() and int(part) < len(there):
            there = there[int(part)]
        else:
            return None
    return there


def _by_time(mapping: Mapping[Any, Any]) -> bool:
    return any(isinstance(key, ClockMinute) for key in mapping)


def _reckoned(practice: Practice, key: str, now: object, verb: Verb, amount: object) -> object:
    """Return what a number becomes, or every number inside a group or a mapping; raise BadInput where there is none."""
    if now is None:
        with_settings(practice, {key: amount})  # which says of an unknown key what it might have been
    plain = _plain(now)
    if not _has_numbers(plain):
        was = "is null" if now is None else "is no number, nor a group with numbers"
        raise BadInput(Fault(key, f"{was}: only `set` can change it", "" if now is None else written(plain)))
    return _each(plain, verb, amount)


def _each(plain: object, verb: Verb, amount: Any) -> object:
    if isinstance(plain, Mapping):
        return {name: _each(value, verb, amount) for name, value in plain.items()}
    if not _is_number(plain):
        return plain
    number: Any = plain
    return number * amount if verb == "times" else number + amount


def _plain(now: object) -> object:
    """Return a value as a file would have it: groups as mappings, times of day as text."""
    if isinstance(now, Settings):
        return now.model_dump()
    return {_text(key): _plain(value) for key, value in now.items()} if isinstance(now, Mapping) else now


def _text(key: object) -> object:
    return clock_time(key) if isinstance(key, ClockMinute) else key


def _has_numbers(plain: object) -> bool:
    return _is_number(plain) or (isinstance(plain, Mapping) and any(map(_has_numbers, plain.values())))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
