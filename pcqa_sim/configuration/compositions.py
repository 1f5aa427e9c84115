"""All that one scenario is composed from: overrides read, and settings composed, each question answered once.

The answers of a faultless scenario are kept, and the next time neither Hydra nor OmegaConf is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pcqa_sim.configuration.composing import Composition, compose
from pcqa_sim.configuration.folders import Library
from pcqa_sim.configuration.keeping import keep, key_of, recall
from pcqa_sim.configuration.overrides import Override, Texts, read_overrides
from pcqa_sim.values.faults import Fault

Asked = tuple[str | tuple[str, ...], ...]
"""Overrides as they are asked for: one by one, or lists laid on what stands before them."""


@dataclass(frozen=True)
class Reading:
    """Overrides as they were read without a fault; see `read_overrides`."""

    texts: Asked
    place: str
    within: bool
    overrides: tuple[Override, ...]


@dataclass(frozen=True)
class Answers:
    """Everything that was read and composed for one scenario."""

    readings: tuple[Reading, ...]
    compositions: tuple[Composition, ...]


class Compositions:
    """Reads and composes what a scenario is put together from, and holds what came without a fault."""

    def __init__(self, library: Library, answers: Answers | None = None) -> None:
        self.library = library
        given = answers or Answers((), ())
        self._read = {(one.texts, one.place, one.within): one for one in given.readings}
        self._made = {_told(one.overrides): one for one in given.compositions}

    def read(self, texts: Iterable[Texts], place: str = "", within: bool = False) -> tuple[list[Override], list[Fault]]:
        """Return the overrides that can be used, and the faults of the others; see `read_overrides`."""
        asked = as_asked(texts)
        if (asked, place, within) in self._read:
            return list(self._read[asked, place, within].overrides), []
        overrides, faults = read_overrides(asked, self.library, place, within)
        if not faults:
            self._read[asked, place, within] = Reading(asked, place, within, tuple(overrides))
        return overrides, faults

    def compose(self, overrides: Sequence[Override]) -> tuple[Composition, list[Fault]]:
        """Return the composed settings, and a fault for each override that cannot take effect; see `compose`."""
        asked = _told(overrides)
        if asked in self._made:
            return self._made[asked], []
        made, faults = compose(self.library, overrides)
        if not faults:
            self._made[asked] = made
        return made, faults

    def keep(self, texts: Asked) -> None:
        """Keep the answers of a scenario that these overrides describe without a fault."""
        key = key_of("scenario", self.library.fingerprint, texts)
        # Where files of the user's were left out, that is told again each time, and nothing is kept.
        if key is not None and self.library.is_unchanged and not self.library.refused:
            keep(key, _plain(Answers(tuple(self._read.values()), tuple(self._made.values()))))


def recalled(library: Library, texts: Asked) -> Compositions | None:
    """Return what was kept of a scenario, None where there is nothing or it has another shape."""
    kept = recall(key_of("scenario", library.fingerprint, texts))
    try:
        return None if kept is None else Compositions(library, _shape().validate_python(kept))
    except ValidationError:
        return None


def as_asked(texts: Iterable[Texts]) -> Asked:
    """Return overrides, and lists of them, as what can be looked up; what is neither is refused when it is read."""
    asked: list[Any] = [tuple(one) if isinstance(one, list | tuple) else one for one in texts]
    return tuple(asked)


def _told(overrides: Iterable[Override]) -> tuple[tuple[str, str], ...]:
    """Return what tells overrides apart: where they hold, and their text."""
    return tuple((one.place, one.text) for one in overrides)


@cache
def _shape() -> TypeAdapter[Answers]:
    return TypeAdapter(Answers)


def _plain(answers: Answers) -> dict[str, Any]:
    """Return answers as JSON has them: with lists for tuples."""
    readings = [
        {**vars(one), "texts": _plain_texts(one.texts), "overrides": list(map(_plain_override, one.overrides))}
        for one in answers.readings
    ]
    compositions = [
        {
            **vars(one),
            "overrides": list(map(_plain_override, one.overrides)),
            "layers": [asdict(layer) for layer in one.layers],
        }
        for one in answers.compositions
    ]
    return {"readings": readings, "compositions": compositions}


def _plain_texts(texts: Asked) -> list[str | list[str]]:
    return [one if isinstance(one, str) else list(one) for one in texts]


def _plain_override(one: Override) -> dict[str, Any]:
    return asdict(one) | {"options": None if one.options is None else list(one.options)}
