"""The seams: what a decision may look at, and what anything that decides must offer."""

from __future__ import annotations

from typing import Protocol

from pcqa_sim.luck import Luck
from pcqa_sim.needs import Contact, Disposition, Slot
from pcqa_sim.scenario.groups import Kind


class PracticeNow(Protocol):
    """A read-only view of the practice at this minute, answered only when asked."""

    @property
    def minute(self) -> float:
        """Return the simulated minute."""

    def kind(self, name: str) -> Kind:
        """Return the settings of a kind of need."""

    def earliest(self, release: str, latest_days: int) -> Slot | None:
        """Return the earliest free slot of a release rule up to so many days ahead, or None."""


class Triage(Protocol):
    """A triage model: decides what happens with one contact."""

    decider: str

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return the disposition of a contact; no waiting, no side effects."""
