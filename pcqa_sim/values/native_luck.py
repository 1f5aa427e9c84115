"""Luck as the compiled model draws it: the same numbers as luck.py, in whole numbers of 64 bits.

The machine's own numbers wrap around at 64 bits as the hash wants it; Python's have to be cut (`& _ALL`, which does
nothing where they wrap by themselves). Shifts are cut because the machine's numbers have a sign. Interpreted, this
module gives the same numbers, slowly; what then draws luck for many needs at once is luck.py, with NumPy.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pcqa_sim.values.form import i64, mypyc_attr
from pcqa_sim.values.luck import NATIVE, Keys, Luck, first_uniforms

_MOST: Final = (1 << 63) - 1


def _wrapped(number: int) -> int:
    """Return a number of 64 bits as the form at hand has it: with a sign where compiled, without where not."""
    number %= 1 << 64
    return number - (1 << 64) if NATIVE and number >= 1 << 63 else number


_ALL: Final[i64] = _wrapped(-1)
_GAMMA: Final[i64] = _wrapped(0x9E3779B97F4A7C15)
_MIX_1: Final[i64] = _wrapped(0xBF58476D1CE4E5B9)
_MIX_2: Final[i64] = _wrapped(0x94D049BB133111EB)
_TOP_34: Final = 0x3FFFFFFFF
_TOP_37: Final = 0x1FFFFFFFFF
_TOP_33: Final = 0x1FFFFFFFF
_TOP_53: Final = 0x1FFFFFFFFFFFFF
_UNIT: Final = 1.1102230246251565e-16  # 2 ** -53
_HIGHEST: Final = 1 << 61  # moved down, since a small number moved up would be one of 32 bits in C


def native_key(key: int) -> i64:
    """Return a key, which may be written with a sign or without, as a number of 64 bits."""
    return _wrapped(key) if key > _MOST else key


def signed(key: i64) -> i64:
    """Return a key with a sign, as 64 bits are written."""
    return key if NATIVE else _with_sign(key)


def _with_sign(key: int) -> int:
    return key - (1 << 64) if key > _MOST else key


def native_mix(key: i64) -> i64:
    """Return what `luck.mix` returns."""
    key = ((key ^ ((key >> 30) & _TOP_34)) * _MIX_1) & _ALL
    key = ((key ^ ((key >> 27) & _TOP_37)) * _MIX_2) & _ALL
    return key ^ ((key >> 31) & _TOP_33)


def native_join(key: i64, part: i64) -> i64:
    """Return what `luck.join` returns for one part that is a number, or the key of a name."""
    return native_mix((key + (_GAMMA * (part + 1))) & _ALL)


def native_uniform(key: i64, activity_key: i64, use: i64) -> float:
    """Return what `luck.uniforms` returns for one key."""
    mixed = native_mix(((key ^ activity_key) + use * _GAMMA) & _ALL)
    whole: i64 = (mixed >> 11) & _TOP_53
    return (float(whole) + 0.5) * _UNIT


@mypyc_attr(acyclic=True)
class NativeLuck(Luck):
    """The luck of one need, whose first uniforms are drawn when they are used and not before.

    Most activities are used once by a need, so what was used is kept in a list and counted only where it must be: of
    `_some` and `_more`, each activity sets one bit of 62, so that one whose bit is not set has not been used.
    """

    __slots__ = ("_again", "_more", "_native", "_some", "_used")

    def __init__(self, key: int) -> None:
        self._native: i64 = native_key(key)
        self._some: i64 = 0
        self._more: i64 = 0
        self._used: list[int] = []
        self._again: dict[int, int] | None = None

    def first(self, activity_key: int) -> float:
        """Return the first uniform of an activity, however often it is asked for."""
        return native_uniform(self._native, activity_key, 0)

    def u(self, activity_key: int) -> float:
        """Return the next uniform in (0, 1) that this need has for an activity."""
        own: i64 = activity_key
        bit: i64 = _HIGHEST >> (((own & 63) * 62) >> 6)
        set_before: i64 = self._some if own & 64 else self._more
        if set_before & bit:
            return native_uniform(self._native, own, self._count(activity_key))
        if own & 64:
            self._some |= bit
        else:
            self._more |= bit
        self._used.append(activity_key)
        return native_uniform(self._native, own, 0)

    def _count(self, activity_key: int) -> int:
        """Return how often an activity has been used before, and count this use."""
        if activity_key not in self._used:
            self._used.append(activity_key)
            return 0
        if self._again is None:
            self._again = {}
        use = self._again.get(activity_key, 0) + 1
        self._again[activity_key] = use
        return use


def luck_of(key: int) -> Luck:
    """Return the luck of a key, as the form at hand draws it."""
    return NativeLuck(key) if NATIVE else Luck(key)


def lucks_of(keys: Keys) -> list[Luck]:
    """Return the luck of each of many keys; interpreted, first uniforms are drawn for all of them together."""
    if NATIVE:
        signed: list[int] = keys.view(np.int64).tolist()
        return [NativeLuck(key) for key in signed]
    numbers: list[int] = keys.tolist()
    return [Luck(key, first) for key, first in zip(numbers, first_uniforms(keys), strict=True)]
