"""Doors: of each sort of thing that can be added, what there is; in the package's folder, in packages, in plug-ins.

A thing of one's own has the same form as one of the package: its file is put into the folder of its sort, or given as a
plug-in. Lists of names are live: what is given later is found without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import RLock
from types import ModuleType
from typing import Any, Generic, TypeVar

from pcqa_sim.values import plugins
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plugins import SESSION

T = TypeVar("T")
HOMES = {
    "triage": "pcqa_sim.frontdoor.triage",
    "intervention": "pcqa_sim.interventions",
    "metric": "pcqa_sim.results.metrics",
}
"""In which folder of the package each sort of thing is found; settings are judged by what is there."""
_lock = RLock()


@dataclass(frozen=True)
class Found(Generic[T]):
    """One thing, whose it is ("" for the package, a plug-in's name, or this session), and the checksum of its code."""

    thing: T
    source: str = ""
    sha256: str = ""


class Door(Mapping[str, T], Generic[T]):
    """What there is of one sort, by name.

    `inside` yields what a module defines of this sort; `flaws` says in words what is wrong with one thing.
    """

    def __init__(
        self,
        sort: str,
        words: str,
        inside: Callable[[ModuleType], Iterable[tuple[str, T]]],
        flaws: Callable[[T], Iterable[str]],
    ) -> None:
        self.sort, self.words = sort, words
        self._inside, self._flaws = inside, flaws
        self._of_house: dict[str, Found[T]] | None = None
        self._lent: dict[str, Found[T]] = {}
        self._all: tuple[int, dict[str, Found[T]]] | None = None
        _DOORS[sort] = self

    def __getitem__(self, name: str) -> T:
        return self._found()[name].thing

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def about(self, name: str) -> Found[T]:
        """Return a thing with whose it is; raise KeyError where there is none of the name."""
        return self._found()[name]

    def lend(self, name: str, thing: T, sha256: str) -> None:
        """Let a thing of this session be known by a name; it is known in this process alone."""
        with _lock:
            self._lent[name] = found = Found(thing, f"{SESSION}: {self.words} {name}", sha256)
            plugins.lend(found.source, sha256)
            self._all = None

    def _found(self) -> Mapping[str, Found[T]]:
        version = plugins.version()
        if self._all is None or self._all[0] != version:
            with _lock:
                self._all = (version, self._house() | self._plugged() | self._lent)
        return self._all[1]

    def _house(self) -> dict[str, Found[T]]:
        """Return what the package's own folder has, file by file."""
        if self._of_house is None:
            home = import_module(HOMES[self.sort])
            found: dict[str, Found[T]] = {}
            for module in sorted(one.name for one in iter_modules(home.__path__)):
                for name, thing in self._inside(import_module(f"{home.__name__}.{module}")):
                    if name in found:
                        raise ValueError(f"{module}: there is a {self.words} {name!r} already")
                    found[name] = Found(thing)
            self._of_house = found
        return self._of_house

    def _plugged(self) -> dict[str, Found[T]]:
        """Return what own code has; raise BadInput for a name that is taken, or a thing without its form."""
        found: dict[str, Found[T]] = {}
        for own in plugins.loaded():
            for name, thing in self._inside(own.module):
                where = f"{own.name}: {self.words} {name}"
                taken = dict.fromkeys(self._house(), "pcqa_sim") | {one: found[one].source for one in found}
                if name in taken:
                    raise BadInput(Fault(where, f"{taken[name]} has one of this name: give it a name of its own"))
                if wrong := list(self._flaws(thing)):
                    raise BadInput([Fault(where, rule) for rule in wrong])
                found[name] = Found(thing, own.name, own.sha256)
        return found


_DOORS: dict[str, Door[Any]] = {}


def door(sort: str) -> Door[Any]:
    """Return the door of a sort, wherever in the house it is."""
    if sort not in _DOORS:
        import_module(HOMES[sort])
    return _DOORS[sort]


def own_code(used: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return whose own code (sort, name) pairs are, a plug-in's or this session's, with checksums; {} where none is."""
    things = [door(sort).about(name) for sort, name in used if name in door(sort)]
    return dict(sorted((about.source, about.sha256) for about in things if about.source))


def of_session(sources: Iterable[str]) -> list[str]:
    """Return the own code among some that no other process can know."""
    return [source for source in sources if source.startswith(SESSION)]


def give(paths: Iterable[Path]) -> None:
    """Take files, or folders of files, as own code, and look at it; raise BadInput for what does not have its form.

    Without any path, those in $PCQA_PLUGINS are meant.
    """
    given = list(paths)
    plugins.give(given or plugins.named(), plugins.OPTION if given else f"${plugins.VARIABLE}")
    if plugins.recipe():
        look()


def look() -> None:
    """Load all own code and hold it against the forms of its sorts; raise BadInput for what does not have its form."""
    having = {door(sort).about(name).source for sort in HOMES for name in door(sort)}
    for own in plugins.loaded():
        if own.name not in having:
            rule = f"has no {', no '.join(door(sort).words for sort in HOMES)}; a file that only helps begins with _"
            raise BadInput(Fault(own.name, rule))
