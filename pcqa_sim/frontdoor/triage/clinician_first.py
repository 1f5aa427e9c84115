"""A clinician looks at every request first: by telephone, or at a form, in sessions kept for it.

The look is an appointment of its own, with a clinician on the rota; what is not settled there is brought in.
"""

from __future__ import annotations

from typing import ClassVar, Final

from pcqa_sim.frontdoor.triage.policy import PracticeNow
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import (
    BOOKED_TODAY,
    BROUGHT_IN,
    PLANNED_FOLLOW_UP,
    REARRANGED,
    Contact,
    Disposition,
    SlotRequest,
)

_LOOKED_AT: Final = frozenset({BROUGHT_IN, PLANNED_FOLLOW_UP, REARRANGED})  # what a clinician has decided about already


@mypyc_attr(allow_interpreted_subclasses=True)
class ClinicianFirst(ReceptionLed):
    """Reception takes the request; a clinician settles it, or has the person booked with the role that fits.

    Planned care is booked at once, and so are people whom a clinician has asked to come back.
    """

    needs: ClassVar[tuple[str, ...]] = ("clinician_triage",)

    def _placed(self, contact: Contact, now: PracticeNow, role: str, luck: Luck) -> Disposition:
        if contact.cause in _LOOKED_AT or now.planned_role(contact.need.kind):
            return super()._placed(contact, now, role, luck)
        look = now.clinician_triage()
        return self._booked(look, now.earliest(look), now)

    def seen_today(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return a look by a clinician today, else an appointment today, else where the need is sent on to."""
        if contact.cause not in _LOOKED_AT:
            look = now.clinician_triage()
            slot = now.earliest(SlotRequest(look.role, look.first, look.first, look.modes, triage=True))
            if slot is not None:
                return Disposition(BOOKED_TODAY, slot)
        return super().seen_today(contact, now, luck)


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
