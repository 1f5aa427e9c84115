"""Luck that is chosen and not drawn, for tests of what is decided at a given uniform."""

from __future__ import annotations

from pcqa_sim.values.luck import Luck


class FixedLuck(Luck):
    """The same uniform for everything, or the uniforms of a list one after the other."""

    def __init__(self, always: float | list[float]) -> None:
        super().__init__(0)
        self.always = always

    def u(self, activity_key: int) -> float:
        return self.always.pop(0) if isinstance(self.always, list) else self.always
