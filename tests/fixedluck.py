"""Luck that is chosen and not drawn, for tests of what is decided at a given uniform."""

from __future__ import annotations

from pcqa_sim.values import luck
from pcqa_sim.values.luck import Luck, name_key


class FixedLuck(Luck):
    """The same uniform for everything, or the uniforms of a list one after the other."""

    def __init__(self, always: float | list[float]) -> None:
        super().__init__(0)
        self.always = always

    def u(self, activity_key: int) -> float:
        return self.always.pop(0) if isinstance(self.always, list) else self.always

    def first(self, activity_key: int) -> float:
        return self.u(activity_key)


class GivenLuck(Luck):
    """Uniforms by the name of the activity, and one for all others; first or again, it is the same."""

    def __init__(self, otherwise: float = 0.5, **given: float) -> None:
        super().__init__(0)
        unknown = given.keys() - set(luck._activities)
        assert not unknown, f"no such activity: {unknown}"
        self._otherwise = otherwise
        self._given = {name_key("activity:" + name): u for name, u in given.items()}

    def u(self, activity_key: int) -> float:
        return self._given.get(activity_key, self._otherwise)

    def first(self, activity_key: int) -> float:
        return self.u(activity_key)
