"""A week's candidates person by person, as the compiled model draws them: the same numbers as need_generation.py.

One loop of the machine's own numbers passes over everybody and keeps what little arises, where NumPy makes a dozen
columns of everybody for each kind of need. Columns are read and written as bytes, so that no number becomes an object.
Only the compiled form takes this, which needs librt. Interpreted, it gives the same, slowly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from librt.strings import BytesWriter, read_f64_le, read_i64_le, write_f64_le, write_i64_le
from numpy.typing import NDArray

from pcqa_sim.values.form import i64
from pcqa_sim.values.luck import Keys, name_key
from pcqa_sim.values.native_luck import native_join, native_key, native_uniform, signed
from pcqa_sim.values.needs import need_number

Floats = NDArray[np.float64]
Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Keys, Floats]

_MOST_A_STRIP: Final = 99
_SIZE: Final = 8  # bytes of a number


class Found:
    """The candidates that were found, by column."""

    def __init__(self) -> None:
        self.person, self.kind, self.number = BytesWriter(), BytesWriter(), BytesWriter()
        self.key, self.height = BytesWriter(), BytesWriter()

    def columns(self) -> Columns:
        """Return person, kind, number, key and height."""
        person, kind, number = _whole(self.person, "<i8"), _whole(self.kind, "<i8"), _whole(self.number, "<i8")
        return person, kind, number, _whole(self.key, "<u8"), _whole(self.height, "<f8")


def _whole(column: BytesWriter, dtype: str) -> np.ndarray:
    return np.frombuffer(column.getvalue(), dtype)


class NativeCandidates:
    """The strips of some people's needs: their luck, and their base rates by kind of need.

    `base` (kinds, people) are needs a week and `none` the chance of no candidate in a strip; `count` and `height` are
    the keys of the activities that decide how many candidates there are, and where in the strip.
    """

    def __init__(self, keys: Keys, kinds: Sequence[str], base: Floats, none: Floats, count: int, height: int) -> None:
        self._people = len(keys)
        own = keys.astype("<u8").tobytes()
        self._keys = [_joined(own, native_key(name_key(kind))) for kind in kinds]
        self._base: list[bytes] = [rates.astype("<f8").tobytes() for rates in base]
        self._none: list[bytes] = [chances.astype("<f8").tobytes() for chances in none]
        self._count: i64 = native_key(count)
        self._height: i64 = native_key(height)

    def of_week(self, week: int, tallest: Floats, times: Floats) -> Columns:
        """Return person, kind, number, key and height of the candidates in a week.

        `tallest` (people) and `times` (kinds) multiplied are how high anybody's rate stands against their base rate.
        """
        found, most = Found(), tallest.astype("<f8").tobytes()
        for kind, factor in enumerate(times.tolist()):
            self._of_kind(kind, factor, week, most, found)
        return found.columns()

    def _of_kind(self, kind: int, factor: float, week: int, tallest: bytes, found: Found) -> None:
        """Add the candidates of one kind."""
        keys, base, none = self._keys[kind], self._base[kind], self._none[kind]
        of_week: i64 = week
        at: i64 = 0
        for person in range(self._people):
            mean, highest = read_f64_le(base, at), read_f64_le(tallest, at) * factor
            if mean > 0 and highest > 0:
                key = native_join(read_i64_le(keys, at), of_week)
                nobody = read_f64_le(none, at)
                strip: i64 = 0
                while float(strip) < highest:
                    of_strip = native_join(key, strip)
                    u = native_uniform(of_strip, self._count, 0)
                    if u > nobody:
                        number = need_number(person, kind, week, strip, 0)
                        self._of_strip(person, kind, number, of_strip, strip, _poisson(u, mean, nobody), found)
                    strip += 1
            at += _SIZE

    def _of_strip(
        self, person: int, kind: int, number: int, key: i64, strip: i64, candidates: int, found: Found
    ) -> None:
        """Add so many candidates of one strip; `number` is that of the first."""
        for index in range(candidates):
            own = native_join(key, index)
            write_i64_le(found.person, person)
            write_i64_le(found.kind, kind)
            write_i64_le(found.number, number + index)
            write_i64_le(found.key, signed(own))
            write_f64_le(found.height, float(strip) + native_uniform(own, self._height, 0))


def _joined(keys: bytes, part: i64) -> bytes:
    """Return keys, each joined with one part."""
    joined = BytesWriter()
    for at in range(0, len(keys), _SIZE):
        write_i64_le(joined, signed(native_join(read_i64_le(keys, at), part)))
    return joined.getvalue()


def _poisson(u: float, mean: float, none: float) -> int:
    """Return the Poisson quantile of a share above `none`, that of no candidate at all, as `poisson_quantiles` does."""
    probability = cumulative = none
    for number in range(1, _MOST_A_STRIP + 1):
        if u <= cumulative:
            return number - 1
        probability *= mean / number
        cumulative += probability
    return _MOST_A_STRIP
