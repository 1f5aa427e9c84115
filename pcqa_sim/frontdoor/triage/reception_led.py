"""Reception-led access: first come, first served until the slots run out, then "call another day"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from pcqa_sim.frontdoor.triage.policy import PracticeNow, Triage
from pcqa_sim.scenario.checks import RECEPTION
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import (
    BOOKED_AHEAD,
    BOOKED_TODAY,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    SETTLED,
    Contact,
    Disposition,
    Slot,
    SlotRequest,
)

_PLACE: Final = activity("triage_place", often=True)


@mypyc_attr(allow_interpreted_subclasses=True)
class ReceptionLed(Triage):
    """The receptionist settles what a conversation can settle and books the rest while slots last.

    Which role a need goes to is drawn once for a need; one that has no such appointments at all is passed over. Whoever
    comes back for it is sent to the role that saw it, unless that was the wrong one. What has been seen before is never
    settled at reception.
    """

    kind: ClassVar = "reception_led"
    needs: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[Mapping[str, tuple[float, float]]] = {}
    decider: ClassVar[str] = "call_handler"
    recognises_as: ClassVar[str] = RECEPTION

    def __init__(self, settings: TriageSettings) -> None:
        self._places = {kind: Choice(tuple(row), tuple(row.values())) for kind, row in settings.places.items()}
        self._rows = settings.places
        self._cover = settings.cover

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what the receptionist does."""
        role = now.planned_role(contact.need.kind) or self._role(contact, luck.first(_PLACE))
        return self._placed(contact, now, role, luck) if role else Disposition(SETTLED)

    def role_wanted(self, contact: Contact, luck: Luck) -> str:
        """Return the role that the need would go to if it were not flagged, "" where reception would settle it."""
        return self._role(contact, luck.first(_PLACE))

    def _placed(self, contact: Contact, now: PracticeNow, role: str, luck: Luck) -> Disposition:
        """Return what is done with a request that is not settled in the conversation."""
        role = now.who_sees(contact, role)
        slot_request = now.slot_request(contact, role)
        slot = now.earliest(slot_request)
        if slot is None:
            slot = self._of_covering_roles(contact, now, role)
        return self._booked(slot_request, slot, now)

    def _booked(self, slot_request: SlotRequest, slot: Slot | None, now: PracticeNow) -> Disposition:
        """Return the booking of the slot that the diary offers, or what is done where there is none."""
        if slot is None:
            slot = self._overflow(slot_request, now)
        if slot is None:
            return Disposition(CALL_ANOTHER_DAY)
        today = day_of(slot.start) == day_of(now.minute)
        return Disposition(BOOKED_TODAY if today else BOOKED_AHEAD, slot)

    def _of_covering_roles(self, contact: Contact, now: PracticeNow, role: str) -> Slot | None:
        """Return a slot of the first role that covers for one, would see such a need, has not failed at it and has any.

        Only where they have nothing either is it overflow.
        """
        covering = self._cover.get(role)
        if covering is None:
            return None
        need = contact.need
        row = self._rows.get(need.kind, {})
        for other in covering:
            if row.get(other) and other != need.wrong_role:
                slot = now.earliest(now.slot_request(contact, other))
                if slot is not None:
                    return slot
        return None

    def _overflow(self, slot_request: SlotRequest, now: PracticeNow) -> Slot | None:
        """Return a slot where the diary has none: on top of a session, if the settings say so at all."""
        return now.overbooked(slot_request)

    def _role(self, contact: Contact, u: float) -> str:
        """Return the role a need goes to, "" where the conversation settles it."""
        need = contact.need
        seen = need.seen_by.partition(".")[0]
        if not seen:
            place = self._places[need.kind].pick(u)
            if place != RECEPTION:
                return place
            others = but(self._rows[need.kind], "") if contact.cause == BROUGHT_IN else None
            return "" if others is None else others.pick(u)
        others = but(self._rows[need.kind], seen) if seen == need.wrong_role else None
        return seen if others is None else others.pick(u)


def but(row: dict[str, float], seen: str) -> Choice | None:
    """Return the choice among roles without one of them, reception left out, or None where there is no other."""
    roles = {place: share for place, share in row.items() if place not in (RECEPTION, seen) and share > 0}
    return Choice(tuple(roles), tuple(roles.values())) if roles else None
