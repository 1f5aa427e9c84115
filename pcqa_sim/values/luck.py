"""Luck, our word for common random numbers: each is a keyed hash, so that it belongs to a patient and not to a moment.

A uniform is a hash of (seed, replication, practice key, need, activity, n-th use of that activity by that need).
It is the same number in every scenario, whatever else changes: nobody's luck depends on who called before them.
The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014), applied to 64-bit keys; names are
turned into keys by BLAKE2b. Plain integers and NumPy arrays give the same numbers.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.values.form import COMPILED, form, mypyc_attr

NATIVE: Final = form() == COMPILED  # whether the machine's own whole numbers are at hand, which have a sign
_MASK: Final = (1 << 64) - 1
_GAMMA: Final = 0x9E3779B97F4A7C15
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB
_UNIT: Final = 2.0**-53

Keys = NDArray[np.uint64]
Uniforms = NDArray[np.float64]

_activities: dict[str, int] = {}
_often: dict[int, int] = {}
_drawn = False  # whether first uniforms have been drawn together, in an order that stands from then on


def name_key(name: str) -> int:
    """Return the 64-bit key of a name: compiled, with a sign, which is the same number modulo 2 ** 64."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=NATIVE)


def activity(name: str, often: bool = False) -> int:
    """Register an activity that uses luck and return its key; a name (or a key) taken already is refused.

    Of an activity that most needs use, `often`, the first uniform can be drawn for many needs together. Such a one is
    registered before any run begins: raises RuntimeError afterwards. Any other may come later, since its key is its
    name's alone.
    """
    if often and _drawn:
        raise RuntimeError(
            f"the activity {name!r} comes too late: luck has been drawn for those there were; import what registers it "
            "before the first run, or leave out often=True"
        )
    key = name_key("activity:" + name)
    if name in _activities or key in _activities.values():
        raise ValueError(f"the activity {name!r} is registered already: two activities may not share their luck")
    _activities[name] = key
    if often:
        _often[key] = len(_often)
    return key


def own_activity(name: str, owner: str) -> int:
    """Return the key of an activity of own code, which `owner`, its module, sets apart from every other.

    It may be registered again: own code can be loaded a second time in a process.
    """
    key = name_key(f"activity of {owner}: {name}")
    if key in (known for known_name, known in _activities.items() if known_name != f"{owner}: {name}"):
        raise ValueError(f"the activity {name!r} has the key of another: give it another name")
    _activities[f"{owner}: {name}"] = key
    return key


def mix(key: int) -> int:
    """Return a well-mixed 64-bit key."""
    key = ((key ^ (key >> 30)) * _MIX_1) & _MASK
    key = ((key ^ (key >> 27)) * _MIX_2) & _MASK
    return key ^ (key >> 31)


def mix_array(keys: Keys) -> Keys:
    """Return well-mixed keys, element by element the same as `mix`."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(_MIX_1)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(_MIX_2)
    return keys ^ (keys >> np.uint64(31))


def join(key: int, *parts: int | str) -> int:
    """Return the key of a thing inside another: `join(world, "person", 7)`. Order matters."""
    for part in parts:
        number = name_key(part) if isinstance(part, str) else part
        key = mix((key + _GAMMA * (number + 1)) & _MASK)
    return key


def join_array(keys: Keys, parts: NDArray[np.int64] | int | str) -> Keys:
    """Return, element by element, the same keys as `join` with one part."""
    if isinstance(parts, str):
        parts = name_key(parts)
    if isinstance(parts, int):
        step: Keys | np.uint64 = np.uint64((_GAMMA * (parts + 1)) & _MASK)
    else:
        step = (parts.astype(np.uint64) + np.uint64(1)) * np.uint64(_GAMMA)
    return mix_array(keys + step)


def world_key(seed: int, replication: int, practice: str) -> int:
    """Return the key of one practice's world in one replication."""
    text = f"{seed}/{replication}/{practice}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8, person=b"pcqa_sim").digest(), "big")


def uniforms(keys: Keys, activity_key: int, use: int = 0) -> Uniforms:
    """Return one uniform in the open interval (0, 1) for each key: what `Luck(key).u(activity)` gives."""
    step = np.uint64((use * _GAMMA) & _MASK)
    mixed = mix_array((keys ^ np.uint64(activity_key & _MASK)) + step)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * _UNIT


def stream(seed: int, replication: int, name: str) -> np.random.Generator:
    """Return a named NumPy generator for luck that belongs to the world and to no person."""
    return np.random.Generator(np.random.PCG64(world_key(seed, replication, "stream:" + name)))


def first_uniforms(keys: Keys) -> list[list[float]]:
    """Return for each key the first uniforms of the activities that most needs use, in the order `Luck` expects."""
    global _drawn
    _drawn = True
    if not _often:
        return [[] for _ in keys]
    rows: list[list[float]] = np.stack([uniforms(keys, key) for key in _often], axis=1).tolist()
    return rows


def _uniform(key: int) -> float:
    """Return the uniform of a key."""
    key = ((key ^ (key >> 30)) * _MIX_1) & _MASK
    key = ((key ^ (key >> 27)) * _MIX_2) & _MASK
    return (((key ^ (key >> 31)) >> 11) + 0.5) * _UNIT


@mypyc_attr(allow_interpreted_subclasses=True, acyclic=True)
class Luck:
    """The luck of one need: uniforms by activity, each use of an activity counted on its own.

    `first` may hold what `first_uniforms` drew for this key: the numbers are the same, sooner.
    """

    __slots__ = ("_first", "_key", "_uses")

    def __init__(self, key: int, first: list[float] | None = None) -> None:
        self._key = key
        self._first = first
        self._uses: dict[int, int] = {}

    def first(self, activity_key: int) -> float:
        """Return the first uniform of an activity, however often it is asked for: what is decided once for a need."""
        if self._first is not None:
            place = _often.get(activity_key)
            if place is not None:
                return self._first[place]
        return _uniform((self._key ^ activity_key) & _MASK)

    def u(self, activity_key: int) -> float:
        """Return the next uniform in (0, 1) that this need has for an activity."""
        use = self._uses.get(activity_key, 0)
        self._uses[activity_key] = use + 1
        if use == 0 and self._first is not None:
            place = _often.get(activity_key)
            if place is not None:
                return self._first[place]
        return _uniform(((self._key ^ activity_key) + use * _GAMMA) & _MASK)
