"""One override, `phones.lines=8`, read and checked by itself before anything is composed."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from pcqa_sim.configuration.folders import EXPERIMENT, INTERVENTION, KIND, Library, entries_of
from pcqa_sim.configuration.laying import one_of, replaces
from pcqa_sim.configuration.mappings import given_twice
from pcqa_sim.configuration.shapes import root_shapes, whole_groups
from pcqa_sim.scenario.fault_wording import plain_number, written
from pcqa_sim.values.faults import BadInput, Fault, nearest_key
from pcqa_sim.values.renamed import is_now, new_key

TWICE = "is given twice; leave out the one that is not meant"
Texts = str | Sequence[str]
Within = Literal["", "member", "week"]
"""One override, or a list of them."""
_LONGEST = 20_000
_KEY = re.compile(r"^[A-Za-z_][\w.-]*$")
_READABLE_KEY = re.compile(r"^\+?[A-Za-z_][\w-]*([./@][\w-]+)*$", re.ASCII)
_TIMED = re.compile(r"^(.+)\.[\"']?(\d?\d)\\?:(\d\d)[\"']?$")
_UNESCAPED_TIME = re.compile(r"([{,]\s*)[\"']?(\d?\d):(\d\d)[\"']?(\s*:)")
_WITH_COMMAS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_UNREADABLE = "cannot be read; put text with special characters in quotes, as in practice.name='The Surgery (main)'"
_AT_A_TIME = "all times of a day are written together, in braces, with a backslash, and the whole in quotes"
ADDED = (INTERVENTION, KIND)
"""Groups whose options may be added to those chosen: `+intervention=NAME`, `+kind=NAME`."""
_FORM = "an override is written key=value, for example phones.lines=8 or practice=small"


@dataclass(frozen=True)
class Override:
    """One override that can be read.

    `options` are the options it chooses, None where it sets a value; `adds` is true for `+intervention=`. `place`
    begins the faults that concern it: "" for the scenario's own, "north: " for a member's, "from week 6: ".
    """

    key: str
    text: str
    value: Any
    options: tuple[str, ...] | None = None
    adds: bool = False
    place: str = ""

    @property
    def typed(self) -> str:
        """Return the value as it was typed."""
        return self.text.partition("=")[2].strip()

    @property
    def path(self) -> list[str]:
        """Return the parts of the dotted key."""
        return self.key.split(".")


def read_overrides(
    texts: Iterable[Texts], library: Library, place: str = "", within: Within = ""
) -> tuple[list[Override], list[Fault]]:
    """Return the overrides that can be used, in order, and every fault of the others.

    Texts given one by one are one list; a list among them is laid on what stands before it. A key is given once in a
    list, and of several lists the later is meant. `within` says whether they are those of a member or of later weeks,
    which cannot touch what belongs to the whole scenario.
    """
    found: list[Override] = []
    faults: list[Fault] = []
    one_by_one: list[Override] = []
    for text in texts:
        read: list[Override] = []
        is_list = isinstance(text, list | tuple)
        ones: Iterable[Any] = text if is_list else [text]
        for one in ones:
            try:
                read.append(_read(one, library, place, within))
            except BadInput as bad:
                faults += [
                    Fault(place + written(fault.where), fault.rule, written(fault.value), fault.nearest)
                    for fault in bad.faults
                ]
        found += read
        if is_list:
            faults += _given_twice(read)
        else:
            one_by_one += read
    more = list(_two_experiments(found, _given_twice(one_by_one)))
    for group in ADDED:
        found, twice = _one_list(found, library, group)
        more += twice
    return found, [*faults, *_given_twice(one_by_one), *more]


def _two_experiments(overrides: Sequence[Override], told: Iterable[Fault]) -> Iterator[Fault]:
    """Find a second experiment, also in another list: of two, the first would be lost."""
    chosen = dict.fromkeys(name for one in overrides if one.key == EXPERIMENT for name in one.options or ())
    if len(chosen) > 1 and EXPERIMENT not in [fault.where for fault in told]:
        rule = (
            "one experiment at a time, since the second would replace the first: write one of your own that begins "
            f"with `defaults: [{', '.join(f'{name}@_here_' for name in chosen)}, _self_]`"
        )
        yield Fault(EXPERIMENT, rule, " and ".join(chosen))


def _given_twice(overrides: Sequence[Override]) -> Iterator[Fault]:
    """Find keys that one list of overrides gives twice, also inside mappings: one of the two would be lost."""
    before: dict[str, str] = {}
    ways: dict[str, str] = {}
    added: set[str] = set()
    for one in overrides:
        if one.adds:
            added.add(one.key)
            continue
        if one.key in added:
            yield Fault(one.key, f"after +{one.key}= it drops what that added; write one list", one.typed)
        for key, shown in _settings_of(one):
            if key in before:
                yield Fault(one.place + key, TWICE, f"{before[key]} and {shown}")
            before[key] = shown
            group, _, name = key.rpartition(".")
            if (
                shown != "null"
                and name in one_of(tuple(group.split(".")))
                and (first := ways.setdefault(group, name)) != name
            ):
                yield Fault(one.place + key, f"{group}.{first} says the same; leave one of them out", shown)


def _settings_of(one: Override) -> Iterator[tuple[str, str]]:
    """Return each key that an override sets, with its value as it was typed, or as it stands in a mapping."""
    if one.options is not None or not isinstance(one.value, dict):
        yield one.key, written(one.typed)
        return
    yield from _set_by(one.path, one.value)


def _set_by(path: list[str], value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict) or replaces(path):
        yield ".".join(path), written(value)
        return
    for key, inside in value.items():
        yield from _set_by([*path, str(key)], inside)


def _read(text: str, library: Library, place: str, within: Within) -> Override:
    _refuse_unsafe(text)
    text = text.strip()
    _refuse_form(text)
    _refuse_unescaped_time(text)
    text = _quoted_rota(text)
    parsed = _parsed(text)
    key = str(parsed.key_or_group or "")
    if parsed.is_sweep_override():
        raise BadInput(Fault(key, _several_rule(key, text.partition("=")[2], library), text.partition("=")[2]))
    if parsed.package is not None or not _KEY.match(key):
        written_key, _, written_value = text.partition("=")
        raise BadInput(unknown_key(written_key, written_value, library))
    value = copy.deepcopy(parsed.value())
    if value == "" and not text.partition("=")[2].strip():
        raise BadInput(Fault(key, "needs a value after the ="))
    if within and key.split(".")[0] in (*whole_groups(), "network", "phases", EXPERIMENT):
        raise BadInput(Fault(key, "belongs to the whole scenario, not to one practice or to a later week"))
    if within == "week" and key.split(".")[0] == INTERVENTION:
        raise BadInput(Fault(key, "begins in the week that its own from_week says: leave it out of later weeks"))
    options = _options(key, value, library)
    return Override(key, text, value, options, text.startswith("+"), place)


def _quoted_rota(text: str) -> str:
    """Return an override with a rota in words in quotes, which a shell, or a --with, has taken away."""
    key, _, value = text.partition("=")
    words = " " in value.strip() and not any(mark in value for mark in "{}[]'\"\\")
    return f"{key}='{value.strip()}'" if words and replaces(key.strip().split(".")) else text


def _refuse_unsafe(text: str) -> None:
    key, _, value = str(text).partition("=")
    where = written(key)[:80] or "override"
    if not isinstance(text, str):
        raise BadInput(Fault("override", "must be text, as in 'phones.lines=8'", str(text)))
    if len(text) > _LONGEST:
        raise BadInput(Fault(where, f"an override has at most {_LONGEST:,} characters: use a file of your own"))
    if not _is_text(text):
        raise BadInput(Fault(where, "is not UTF-8 text", written(value)))
    if "${" in text:
        raise BadInput(Fault(where, "${...} is not allowed in settings: write the value itself", written(value)))
    if "_target_" in text:
        rule = "_target_ is not allowed: settings hold values, and behaviour is chosen by `kind`"
        raise BadInput(Fault(where, rule, written(value)))


def _is_text(text: str) -> bool:
    """Tell whether a text can be written down: bytes of a command line that are no UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_form(text: str) -> None:
    """Refuse what Hydra would accept and a scenario has no use for: deleting, adding keys, Hydra's own settings."""
    key, equals, value = text.partition("=")
    bare = key.lstrip("+~")
    if bare.startswith("hydra"):
        raise BadInput(Fault(key, "settings of Hydra cannot be changed", value))
    if key.startswith("~"):
        raise BadInput(Fault(key, "settings cannot be removed with ~; choose another option or set a value"))
    if key.startswith("++") or (key.startswith("+") and bare not in ADDED):
        rule = (
            "settings cannot be added with +; leave it out (only +intervention=NAME and +kind=NAME are written with +)"
        )
        raise BadInput(Fault(key, rule, value))
    if not equals:
        raise BadInput(Fault(key or "override", _FORM))
    if not bare:
        raise BadInput(Fault("override", _FORM, text))


def parsed_override(text: str) -> Any:
    """Return Hydra's reading of an override; raise BadInput where it is not safe, or is none."""
    _refuse_unsafe(text)
    _refuse_form(text.strip())
    _refuse_unescaped_time(text.strip())
    return _parsed(text.strip())


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:
    """Return Hydra's reading of an override; studies read the same hundreds of texts again for each of their points."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    key, _, value = text.partition("=")
    try:
        parsed = OverridesParser.create().parse_override(text)
    except (HydraException, ValueError, RecursionError):
        raise BadInput(_unreadable(key, value)) from None
    if twice := given_twice(value):
        rule = f"gives {written(twice)} twice; leave out the one that is not meant"
        raise BadInput(Fault(written(key), rule, value))
    return parsed


def _refuse_unescaped_time(text: str) -> None:
    """Refuse a mapping with a time of day for a key, which Hydra would cut at the colon."""
    key, _, value = text.partition("=")
    if value.lstrip()[:1] in ("{", "[") and _UNESCAPED_TIME.search(value):
        meant = _UNESCAPED_TIME.sub(_escaped, value)
        rule = "a time of day as a key is written with a backslash"
        raise BadInput(Fault(written(key), rule, value, f"{key}={meant}"))


def _escaped(found: re.Match[str]) -> str:
    """Return a time of day as it is written in a mapping; the first of a day is 00:00."""
    first = "00\\:00: 0, " if "{" in found[1] and int(found[2] + found[3]) else ""
    return f"{found[1]}{first}{int(found[2]):02d}\\:{found[3]}{found[4]}"


def _unreadable(key: str, value: str) -> Fault:
    """Return the fault of an override that Hydra cannot read, with the form that works where one is meant."""
    if timed := _TIMED.match(key):
        at_night = "" if int(timed[2]) == int(timed[3]) == 0 else "00\\:00: 0, "
        meant = f"'{timed[1]}={{{at_night}{int(timed[2]):02d}\\:{timed[3]}: {value}}}'"
        return Fault(written(key), _AT_A_TIME, value, written(meant))
    if not _READABLE_KEY.match(key):
        rule = "has a space before the =" if _READABLE_KEY.match(key.rstrip()) else "is not a setting"
        near = f"{key.rstrip()}={value}" if key != key.rstrip() else nearest_key(key, sorted(root_shapes().keys()))
        return Fault(written(key), rule, value, near)
    number = plain_number(value)
    return Fault(written(key), f"cannot be read; write {number}" if number else _UNREADABLE, value)


def _several_rule(key: str, value: str, library: Library) -> str:
    if library.takes_several(key):
        return f"to choose several at once, write a list: {key}=[a,b]"
    if number := without_commas(value):
        return f"a number is written without commas: {number}"
    return "several values at once are for `pcqa sweep`; a single run takes one value"


def without_commas(value: str) -> str:
    """Return a number that was written with commas between its thousands without them; "" for anything else."""
    return value.strip().replace(",", "") if _WITH_COMMAS.match(value.strip()) else ""


def _options(key: str, value: object, library: Library) -> tuple[str, ...] | None:
    """Return the options an override chooses, or None where it sets values."""
    if key not in library.groups or isinstance(value, dict):
        return None
    if key not in library.defaults:
        raise BadInput(Fault(key, "is not chosen by itself: other groups name its options", written(value)))
    several = isinstance(value, list) and library.takes_several(key)
    names = [written(name) for name in value] if several and isinstance(value, list) else [written(value)]
    if faults := [library.unknown(key, key, name) for name in names if name not in library.options(key)]:
        raise BadInput(faults)
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1 and key != INTERVENTION]
    if twice:
        raise BadInput([Fault(key, "is chosen twice", name) for name in twice])
    return tuple(names)


def laid_on(
    beneath: Sequence[Override], own: Sequence[Override], library: Library
) -> tuple[list[Override], list[Fault]]:
    """Return overrides laid on others; what they add to a list of options is added to that of the others."""
    found, faults = [*beneath, *own], list[Fault]()
    for group in ADDED:
        mine = [one for one in own if one.key == group and one.options is not None]
        if mine:
            found, twice = _one_list(found, library, group)
            found[0] = replace(found[0], place=mine[0].place)
            faults += [replace(fault, where=mine[0].place + fault.where) for fault in twice]
    return found, faults


def _one_list(overrides: Sequence[Override], library: Library, group: str) -> tuple[list[Override], list[Fault]]:
    """Fold every GROUP= and +GROUP= of a group into one override; Hydra would silently drop some of them."""
    chosen = [one for one in overrides if one.key == group and one.options is not None]
    if not chosen:
        return list(overrides), []
    kept = chosen[max((n for n, one in enumerate(chosen) if not one.adds), default=0) :]
    names = [name for one in kept for name in one.options or ()]
    adds = kept[0].adds
    text = f"{'+' if adds else ''}{group}=[{','.join(dict.fromkeys(names))}]"
    folded = Override(group, text, names, tuple(names), adds, kept[0].place)
    all_names = [*(_already(overrides, library, group) if adds else ()), *names]
    twice = [name for name in dict.fromkeys(all_names) if all_names.count(name) > 1]
    rule = "is switched on twice" if group == INTERVENTION else "is chosen twice"
    return [folded, *(one for one in overrides if one not in chosen)], [Fault(group, rule, name) for name in twice]


def _already(overrides: Sequence[Override], library: Library, group: str) -> list[str]:
    """Return the options of a group that the chosen experiment chooses, else the default's."""
    chosen = [name for one in overrides if one.key == EXPERIMENT for name in one.options or ()]
    found: Any = library.defaults.get(group) or []
    for path in library.lineage(EXPERIMENT, chosen[-1]) if chosen else ():
        for entry in entries_of(path):
            found = entry.get(f"override /{group}", found) if isinstance(entry, dict) else found
    return [str(name) for name in found] if isinstance(found, list) else [str(found)]


def unknown_key(key: str, value: str, library: Library, known: Iterable[str] = ()) -> Fault:
    """Return the fault of a key that is not a setting, with its new name, or the nearest of all keys."""
    if now := new_key(key):
        return Fault(written(key), is_now(now), value)
    keys = {*root_shapes().keys(), *library.defaults, *known}
    return Fault(written(key), "is not a setting", value, nearest_key(key, sorted(keys)))
