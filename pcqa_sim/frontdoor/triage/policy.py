"""The seams: what a decision may look at, and what anything that decides must offer."""

from __future__ import annotations

from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import Contact, Disposition, Slot, SlotRequest


@mypyc_attr(allow_interpreted_subclasses=True)
class PracticeNow:
    """A read-only view of the practice at this minute, answered only when asked."""

    @property
    def minute(self) -> float:
        """Return the simulated minute."""
        raise NotImplementedError

    def planned_role(self, kind: str) -> str:
        """Return the role that does a kind of planned care, "" for what people bring themselves."""
        raise NotImplementedError

    def who_sees(self, contact: Contact, role: str) -> str:
        """Return the role that is to see a person sent to a role: another one where that has no such appointments."""
        raise NotImplementedError

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        """Return what a person would ask of the diary, if they are to see a role."""
        raise NotImplementedError

    def earliest(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot the diary offers for a slot request, or None."""
        raise NotImplementedError

    def overbooked(self, slot_request: SlotRequest) -> Slot | None:
        """Return the overbooked slot that could be had for a slot request where nothing is free, or None."""
        raise NotImplementedError

    def clinician_triage(self) -> SlotRequest:
        """Return what a request asks of the diary if a clinician is to triage it."""
        raise NotImplementedError


@mypyc_attr(allow_interpreted_subclasses=True)
class Triage:
    """A triage model: decides what happens with one contact."""

    decider: str

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return the disposition of a contact; no waiting, no side effects."""
        raise NotImplementedError
