"""The seams: what a decision may look at, and what anything that decides must offer."""

from __future__ import annotations

from typing import Protocol

from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import Contact, Disposition, Slot, SlotRequest


class PracticeNow(Protocol):
    """A read-only view of the practice at this minute, answered only when asked."""

    @property
    def minute(self) -> float:
        """Return the simulated minute."""

    def planned_role(self, kind: str) -> str:
        """Return the role that does a kind of planned care, "" for what people bring themselves."""

    def who_sees(self, contact: Contact, role: str) -> str:
        """Return the role that is to see a person sent to a role: another one where that has no such appointments."""

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        """Return what a person would ask of the diary, if they are to see a role."""

    def earliest(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot the diary offers for a slot request, or None."""

    def overbooked(self, slot_request: SlotRequest) -> Slot | None:
        """Return the overbooked slot that could be had for a slot request where nothing is free, or None."""

    def clinician_triage(self) -> SlotRequest:
        """Return what a request asks of the diary if a clinician is to triage it."""


class Triage(Protocol):
    """A triage model: decides what happens with one contact.

    Its class is made from the triage settings of a practice and says what settings must know of it: `kind`, the name by
    which they choose it; `needs`, the groups of `triage` that must be there for it; `numbers`, those of its own, by
    name, with the least and the most of each. The last two may be left out.
    """

    decider: str

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return the disposition of a contact; no waiting, no side effects."""
