"""What practices of a network might share, as somebody puts it together: the overrides that it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SIZED, WITHIN = "meetings_per_week", "mdt_reviewed_within_14_days"
FEWEST, MOST, STEP = 0.5, 4, 0.5


@dataclass(frozen=True)
class Together:
    """Ready-made ways of sharing, MDTs, and their numbers by dotted key where they are not as usual."""

    ways: tuple[str, ...] = ()
    mdts: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def overrides(self) -> list[str]:
        """Return it as it is laid on a network, nothing where nothing is shared."""
        chosen = [f"intervention=[{','.join(self.ways)}]"] if self.ways else []
        chosen += [f"mdt=[{','.join(self.mdts)}]"] if self.mdts else []
        return [*chosen, *(f"{key}={json.dumps(value)}" for key, value in self.settings.items())]

    def of(self, mdt: str) -> dict[str, Any]:
        """Return the numbers of one MDT, but for the one that is sized."""
        mine = f"mdt.{mdt}."
        return {key: one for key, one in self.settings.items() if key.startswith(mine) and key != mine + SIZED}


def sizing(mdt: str, within: float) -> list[str]:
    """Return the words by which `pcqa size` is asked how many meetings discuss that share of people in time."""
    return ["--target", f"{WITHIN}>={within:g}", "--vary", f"mdt.{mdt}.{SIZED}={FEWEST:g}..{MOST:g}:{STEP:g}"]
