"""A clinician looks at requests first: by telephone, or at a form, the most urgent first.

Who asks is put on the list for it (`clinic/triage_list.py`); what is not settled there is brought in.
"""

from __future__ import annotations

from typing import ClassVar, Final

from pcqa_sim.frontdoor.triage.policy import PracticeNow
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed, but
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import (
    BOOKED_TODAY,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    PLANNED_FOLLOW_UP,
    REARRANGED,
    Contact,
    Disposition,
)
from pcqa_sim.values.words import GP

_TO_GP: Final = activity("triage_passes_to_gp")
_TO_WHOM: Final = activity("triage_passes_to_whom")

_A_WEEK: Final = 7  # days within which whom a clinician has brought in takes an appointment
_LOOKED_AT: Final = frozenset({BROUGHT_IN, PLANNED_FOLLOW_UP, REARRANGED})  # what a clinician has decided about already


@mypyc_attr(allow_interpreted_subclasses=True)
class ClinicianFirst(ReceptionLed):
    """Reception takes the request; a clinician settles it, or has the person booked with the role that fits.

    Planned care is booked at once, and so are people whom a clinician has asked to come back. Who wants help today is
    put on today's list; where that is full they are booked as without triage, and nobody is refused because of it.
    """

    needs: ClassVar[tuple[str, ...]] = ("clinician_triage",)

    def __init__(self, settings: TriageSettings) -> None:
        super().__init__(settings)
        rules = settings.clinician_triage
        self._applies_to = "all" if rules is None else rules.applies_to
        self._to_gp_share = None if rules is None else rules.to_gp_share

    def _placed(self, contact: Contact, now: PracticeNow, role: str, luck: Luck) -> Disposition:
        if contact.cause == BROUGHT_IN:
            return self._brought_in(contact, now, self._passed_to(contact, role, luck), luck)
        if not self._applies(contact, now):
            return super()._placed(contact, now, role, luck)
        triage = now.clinician_triage()
        triage.urgent = contact.need.today
        last = triage.last
        if triage.urgent:
            triage.last = triage.first
        place = now.earliest(triage)
        if place is None:
            booked = super()._placed(contact, now, role, luck)
            if booked.slot is not None or triage.last == last:
                return booked
            triage.last = last
            place = now.earliest(triage)
        return Disposition(CALL_ANOTHER_DAY) if place is None else self._booked(triage, place, now)

    def _brought_in(self, contact: Contact, now: PracticeNow, role: str, luck: Luck) -> Disposition:
        """Return the appointment of whom a clinician has brought in: if none is there in time, the next there is."""
        booked = super()._placed(contact, now, role, luck)
        if booked.slot is not None:
            return booked
        slot_request = now.slot_request(contact, now.who_sees(contact, role))
        slot_request.last = max(slot_request.last, slot_request.first + _A_WEEK)
        return self._booked(slot_request, now.earliest(slot_request), now)

    def _applies(self, contact: Contact, now: PracticeNow) -> bool:
        """Tell whether a request is for clinician triage."""
        need = contact.need
        if contact.cause in _LOOKED_AT or now.planned_role(need.kind):
            return False
        if self._applies_to == "today":
            return need.today or bool(need.flagged)
        return self._applies_to == "all" or not now.is_administrative(need.kind)

    def _passed_to(self, contact: Contact, role: str, luck: Luck) -> str:
        """Return who is to see a person: of those whom triage passes on, a share go to a GP."""
        share = self._to_gp_share
        row = self._rows.get(contact.need.kind, {})
        if share is None or not row.get(GP):
            return role
        if luck.first(_TO_GP) < share:
            return GP
        others = but(row, GP)
        return role if others is None else others.pick(luck.first(_TO_WHOM))

    def seen_today(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return a place on today's list, else an appointment today, else where the need is sent on to."""
        if self._applies(contact, now):
            triage = now.clinician_triage()
            triage.urgent, triage.last = True, triage.first
            place = now.earliest(triage)
            if place is not None:
                return Disposition(BOOKED_TODAY, place)
        return super().seen_today(contact, now, luck)

    def role_wanted(self, contact: Contact, luck: Luck) -> str:
        """Return the role that the need would go to if it were not flagged, or to whom triage passes it on."""
        role = super().role_wanted(contact, luck)
        return self._passed_to(contact, role, luck) if contact.cause == BROUGHT_IN else role


@mypyc_attr(allow_interpreted_subclasses=True)
class GpPhoneFirst(ClinicianFirst):
    """A GP calls everybody who asks."""

    kind: ClassVar = "gp_phone_first"


@mypyc_attr(allow_interpreted_subclasses=True)
class NurseTriage(ClinicianFirst):
    """A nurse calls everybody who asks, and settles fewer."""

    kind: ClassVar = "nurse_triage"


@mypyc_attr(allow_interpreted_subclasses=True)
class TotalDigital(ClinicianFirst):
    """Every request becomes a form, which clinicians read and answer through the day."""

    kind: ClassVar = "total_digital"
