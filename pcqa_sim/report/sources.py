"""The numbers of a scenario by where they come from: fitted, published, assumed, or chosen for the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pcqa_sim.values.outside import markdown


class Number(Protocol):
    """A setting with its source, as `pcqa show` tells it."""

    @property
    def key(self) -> str:
        """Return the dotted key."""

    @property
    def value(self) -> object:
        """Return the value."""

    @property
    def source(self) -> str:
        """Return where it comes from."""

    @property
    def differs(self) -> bool:
        """Tell whether it differs from the default scenario."""


@dataclass(frozen=True)
class Sources:
    """Settings that are numbers, sorted by source.

    `fitted`: made to agree with a published figure. `published`: taken from one. `assumed`: nobody measured it.
    `chosen`: set by an override or an intervention. `unsourced`: nothing is said of it.
    """

    fitted: tuple[Number, ...]
    published: tuple[Number, ...]
    assumed: tuple[Number, ...]
    chosen: tuple[Number, ...]
    unsourced: tuple[Number, ...]

    @classmethod
    def of(cls, settings: Iterable[Number]) -> Sources:
        """Return settings sorted by source; what has no source and is no number is left out."""
        sorted_in: dict[str, list[Number]] = {name: [] for name in cls.__dataclass_fields__}
        for number in settings:
            if kind := kind_of(number):
                sorted_in[kind].append(number)
        return cls(**{name: tuple(numbers) for name, numbers in sorted_in.items()})


def kind_of(number: Number) -> str:
    """Return which kind of source a setting has, "" for what is no number and has none."""
    begins = {"fitted": "fitted", "assumption": "assumed", "override": "chosen", "intervention": "chosen"}
    for word, kind in begins.items():
        if number.source.startswith(word):
            return kind
    if not number.source:
        return ""
    return "unsourced" if number.source.startswith("no source") else "published"


def grouped(settings: Iterable[Number]) -> str:
    """Return how many settings there are in each group, in Markdown: "demand 23, phones 9"."""
    counts = Counter(number.key.partition(".")[0] for number in settings)
    return ", ".join(f"{markdown(group)} {count}" for group, count in counts.most_common())
