"""Reception-led access: first come, first served until the slots run out, then "call another day"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from pcqa_sim.frontdoor.triage.policy import PracticeNow, Triage
from pcqa_sim.scenario.checks import roles_in
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
    DISPOSITION_OF,
    NO_NEXT_STEP,
    REARRANGED,
    RECEPTION,
    Contact,
    Disposition,
    Slot,
    SlotRequest,
)

_PLACE: Final = activity("triage_place", often=True)
_NO_NEXT_STEP: Final = activity("ends_without_a_next_step", often=True)
_ROLE_INSTEAD: Final = activity("role_after_another_place")
_INVITED_PLACE: Final = activity("place_of_invited")


@mypyc_attr(allow_interpreted_subclasses=True)
class ReceptionLed(Triage):
    """The receptionist deals with what takes no appointment and books the rest while slots last.

    Where a need goes is drawn once for a need; a role that has no such appointments at all is passed over. Whoever
    comes back for it is sent to the role that saw it, unless that was the wrong one; who was sent elsewhere before,
    or asked to come in, is booked with a role. Being left without a next step can happen at every contact.
    """

    kind: ClassVar = "reception_led"
    needs: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[Mapping[str, tuple[float, float]]] = {}
    decider: ClassVar[str] = "call_handler"
    recognises_as: ClassVar[str] = RECEPTION

    def __init__(self, settings: TriageSettings) -> None:
        level = settings.no_next_step_level
        self._places = {kind: _Row(row, level) for kind, row in settings.places.items()}
        self._invited = _Row(settings.invited, level)
        self._rows = settings.places
        self._cover = settings.cover

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what the receptionist does."""
        planned = now.planned_role(contact.need.kind)
        place = self._place_of_invited(contact, planned, luck) if planned else self._place(contact, luck)
        instead = DISPOSITION_OF.get(place)
        return self._placed(contact, now, place, luck) if instead is None else Disposition(instead)

    def role_wanted(self, contact: Contact, luck: Luck) -> str:
        """Return the role that the need would go to if it were not flagged, "" where reception would do without one."""
        place = self._goes_to(contact, luck)
        return "" if place in DISPOSITION_OF else place

    def _placed(self, contact: Contact, now: PracticeNow, role: str, luck: Luck) -> Disposition:
        """Return what is done with a request that goes to a role."""
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

    def _place(self, contact: Contact, luck: Luck) -> str:
        """Return where a need goes: a role, or what reception does instead."""
        if contact.cause != BROUGHT_IN and self._places[contact.need.kind].leaves_without_a_next_step(luck):
            return NO_NEXT_STEP
        return self._goes_to(contact, luck)

    def _goes_to(self, contact: Contact, luck: Luck) -> str:
        """Return where a need goes, of contacts that get a next step at all."""
        need, row = contact.need, self._places[contact.need.kind]
        u, seen = luck.first(_PLACE), need.seen_by.partition(".")[0]
        if seen:
            others = row.roles_but(seen) if seen == need.wrong_role else None
            return seen if others is None else others.pick(u)
        place = row.choice.pick(u)
        if place not in DISPOSITION_OF or not (need.sent_elsewhere or contact.cause == BROUGHT_IN):
            return place
        others = row.roles_but("")
        if others is None:
            return place
        return others.pick(u if place == RECEPTION else luck.first(_ROLE_INSTEAD))

    def _place_of_invited(self, contact: Contact, role: str, luck: Luck) -> str:
        """Return where a person goes who asks for planned care: the programme's role, unless reception says otherwise.

        Whoever changes an appointment has been told already.
        """
        if not contact.need.asks_to_book or contact.cause == REARRANGED:
            return role
        if self._invited.leaves_without_a_next_step(luck):
            return NO_NEXT_STEP
        place = self._invited.choice.pick(luck.first(_INVITED_PLACE))
        return place if place in DISPOSITION_OF else role


class _Row:
    """A row of shares of places: which of them contacts end at by chance, and where the others' needs go."""

    def __init__(self, row: Mapping[str, float], level: float) -> None:
        self._row = row
        self._nowhere = row.get(NO_NEXT_STEP, 0.0) * level
        places = {place: share for place, share in row.items() if place != NO_NEXT_STEP}
        self.choice = Choice(tuple(places), tuple(places.values()))
        self._but: dict[str, Choice | None] = {}

    def leaves_without_a_next_step(self, luck: Luck) -> bool:
        """Decide whether a contact ends without a next step."""
        return self._nowhere > 0 and luck.u(_NO_NEXT_STEP) < self._nowhere

    def roles_but(self, seen: str) -> Choice | None:
        """Return the choice among roles without one of them, or None where there is no other."""
        if seen not in self._but:
            self._but[seen] = but(self._row, seen)
        return self._but[seen]


def but(row: Mapping[str, float], seen: str) -> Choice | None:
    """Return the choice among the roles of a row without one of them, or None where there is no other."""
    roles = {role: share for role, share in roles_in(row).items() if role != seen}
    return Choice(tuple(roles), tuple(roles.values())) if roles else None
