"""The seams: what a decision may look at, and what anything that decides must offer."""

from __future__ import annotations

from typing import Any, ClassVar

from pcqa_sim.scenario.groups.triage import RECEPTION
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import (
    BOOKED_TODAY,
    EMERGENCY,
    EMERGENCY_DEPARTMENT,
    SENT_ON,
    Contact,
    Disposition,
    Slot,
    SlotRequest,
)


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

    def slot_today(self, contact: Contact, role: str) -> Slot | None:
        """Return an appointment today for a need flagged as urgent, by a role ("": any) or by others, or None."""
        raise NotImplementedError

    def sends_on_to(self, contact: Contact) -> str:
        """Return where a flagged need is handed over that nobody here can see today."""
        raise NotImplementedError

    def is_administrative(self, kind: str) -> bool:
        """Tell whether a kind of need has no clinical question."""
        raise NotImplementedError

    def clinician_triage(self) -> SlotRequest:
        """Return what a request asks of the diary if a clinician is to triage it."""
        raise NotImplementedError


@mypyc_attr(allow_interpreted_subclasses=True)
class Triage:
    """A triage model: decides what happens with one contact.

    Its class is made from the triage settings of a practice and says what settings must know of it: `kind`, the name by
    which they choose it; `needs`, the groups of `triage` that must be there for it; `numbers`, those of its own, by
    name, with the least and the most of each. The last two may be left out.
    """

    decider: ClassVar[str]

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return the disposition of a contact; no waiting, no side effects."""
        raise NotImplementedError

    def decide_flagged(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return the disposition of a contact about a need flagged as urgent: never to call another day.

        It is asked in place of `decide`. An emergency goes to 999 or A&E at once; anybody else is seen today or sent
        on.
        """
        if contact.need.flagged == EMERGENCY:
            return Disposition(SENT_ON + EMERGENCY_DEPARTMENT)
        return self.seen_today(contact, now, luck)

    def seen_today(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return an appointment today, or where the need is sent on to."""
        slot = now.slot_today(contact, self.role_wanted(contact, luck))
        return Disposition(SENT_ON + now.sends_on_to(contact)) if slot is None else Disposition(BOOKED_TODAY, slot)

    def role_wanted(self, contact: Contact, luck: Luck) -> str:
        """Return the role that a flagged need goes to while it has appointments, "" for whoever resolves most."""
        return ""


class Own(Triage):
    """A model of somebody's own, which need not extend one of ours to be asked."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what it decides."""
        disposition: Disposition = self.model.decide(contact, now, luck)
        return disposition


def recognises_as(model: Any) -> str:
    """Return whose recognition of what is urgent a model's reception has: reception's unless it says otherwise."""
    return str(getattr(model.model if isinstance(model, Own) else model, "recognises_as", RECEPTION))


def decider_of(model: Any) -> str:
    """Return who decides, as a model's class or, where it has its own, the model says it."""
    return str(getattr(model.model if isinstance(model, Own) else model, "decider"))  # noqa: B009
