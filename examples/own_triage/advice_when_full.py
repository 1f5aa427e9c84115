"""A triage model in one file, given with `--plugins examples/own_triage`: advice for some when everything is full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pcqa_sim.extending import (
    CALL_ANOTHER_DAY,
    SETTLED,
    Contact,
    Disposition,
    Luck,
    PracticeNow,
    ReceptionLed,
    TriageSettings,
    activity,
)

api = 1
ADVISED = activity("advised_when_full")


class AdviceWhenFull(ReceptionLed):
    """As reception-led, but some of those who would be told to call another day are advised there and then."""

    kind: ClassVar = "advice_when_full"
    numbers: ClassVar[Mapping[str, tuple[float, float]]] = {"advised_share": (0, 1)}

    def __init__(self, settings: TriageSettings) -> None:
        super().__init__(settings)
        self._advised_share = settings.numbers["advised_share"]

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what is done with a request."""
        found = super().decide(contact, now, luck)
        if found.name == CALL_ANOTHER_DAY and luck.first(ADVISED) < self._advised_share:
            return Disposition(SETTLED)
        return found
