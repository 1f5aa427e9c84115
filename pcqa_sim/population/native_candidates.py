"""A week's candidates person by person, as the compiled model draws them: the same numbers as need_generation.py.

One loop of the machine's own numbers passes over everybody and keeps what little arises, where NumPy makes a dozen
columns of everybody for each kind of need. Interpreted, this module gives the same, slowly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.values.form import i64
from pcqa_sim.values.luck import NATIVE, Keys, name_key
from pcqa_sim.values.native_luck import native_join, native_uniform
from pcqa_sim.values.needs import need_number

Floats = NDArray[np.float64]
Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Keys, Floats]
Row = tuple[int, int, int, int, float]

_MOST_A_STRIP: Final = 99


class NativeCandidates:
    """The strips of some people's needs: their luck, and their base rates by kind of need.

    `base` (kinds, people) are needs a week and `none` the chance of no candidate in a strip; `count` and `height` are
    the keys of the activities that decide how many candidates there are, and where in the strip.
    """

    def __init__(self, keys: Keys, kinds: Sequence[str], base: Floats, none: Floats, count: int, height: int) -> None:
        self._keys: list[int] = keys.view(np.int64).tolist()
        self._kinds = [name_key(kind) for kind in kinds]
        self._base: list[list[float]] = base.tolist()
        self._none: list[list[float]] = none.tolist()
        self._count = count
        self._height = height

    def of_week(self, week: int, tallest: Floats, times: Floats) -> Columns:
        """Return person, kind, number, key and height of the candidates in a week.

        `tallest` (people) and `times` (kinds) multiplied are how high anybody's rate stands against their base rate.
        """
        found: list[Row] = []
        most: list[float] = tallest.tolist()
        for kind, factor in enumerate(times.tolist()):
            self._of_kind(kind, factor, week, most, found)
        person, kinds, number, key, height = zip(*found, strict=True) if found else ((), (), (), (), ())
        return (
            np.array(person, dtype=np.int64),
            np.array(kinds, dtype=np.int64),
            np.array(number, dtype=np.int64),
            np.array(key, dtype=np.int64 if NATIVE else np.uint64).view(np.uint64),
            np.array(height, dtype=np.float64),
        )

    def _of_kind(self, kind: int, factor: float, week: int, tallest: list[float], found: list[Row]) -> None:
        """Add the candidates of one kind."""
        name: i64 = self._kinds[kind]
        of_week: i64 = week
        count: i64 = self._count
        person = -1
        # Without `strict` zip is a loop of the compiler's own.
        for own, mean, nobody, most in zip(self._keys, self._base[kind], self._none[kind], tallest):  # noqa: B905
            person += 1
            highest = most * factor
            if mean <= 0 or highest <= 0:
                continue
            key = native_join(native_join(own, name), of_week)
            strip: i64 = 0
            while float(strip) < highest:
                of_strip = native_join(key, strip)
                u = native_uniform(of_strip, count, 0)
                if u > nobody:
                    number = need_number(person, kind, week, strip, 0)
                    self._of_strip(person, kind, number, of_strip, strip, _poisson(u, mean, nobody), found)
                strip += 1

    def _of_strip(
        self, person: int, kind: int, number: int, key: i64, strip: i64, candidates: int, found: list[Row]
    ) -> None:
        """Add so many candidates of one strip; `number` is that of the first."""
        height: i64 = self._height
        for index in range(candidates):
            own = native_join(key, index)
            found.append((person, kind, number + index, own, float(strip) + native_uniform(own, height, 0)))


def _poisson(u: float, mean: float, none: float) -> int:
    """Return the Poisson quantile of a share above `none`, that of no candidate at all, as `poisson_quantiles` does."""
    probability = cumulative = none
    for number in range(1, _MOST_A_STRIP + 1):
        if u <= cumulative:
            return number - 1
        probability *= mean / number
        cumulative += probability
    return _MOST_A_STRIP
