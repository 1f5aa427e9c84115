"""Last experience: who got nowhere through a channel, and through which they ask next time."""

from __future__ import annotations

from pcqa_sim.values.needs import DESK, ONLINE, PHONE


class ChannelMemory:
    """Which channel let each person down when they last used it; being served through it since makes them forget."""

    def __init__(self) -> None:
        self._failed: dict[int, str] = {}

    def got_nowhere(self, person: int, channel: str) -> None:
        """Remember that a channel let a person down."""
        self._failed[person] = channel

    def served(self, person: int, channel: str) -> None:
        """Forget it once the same channel has served them."""
        if self._failed.get(person) == channel:
            del self._failed[person]

    def let_down(self, person: int, channel: str) -> bool:
        """Tell whether a channel let a person down when they last used it."""
        return self._failed.get(person) == channel

    def all_let_down(self) -> list[int]:
        """Return everybody whom a channel let down when they last used it."""
        return list(self._failed)


def other_channel(channel: str, digital: bool) -> str:
    """Return where people turn from a channel: from form and app to the phone, from it to the form or else the desk."""
    if channel == PHONE:
        return ONLINE if digital else DESK
    return PHONE
