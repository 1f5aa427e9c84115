"""Open lists: who cannot be booked is put on top of a session, on the duty clinician's or on anybody's."""

from __future__ import annotations

from typing import ClassVar

from pcqa_sim.frontdoor.triage.policy import PracticeNow
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import Slot, SlotRequest


@mypyc_attr(allow_interpreted_subclasses=True)
class DutyTeam(ReceptionLed):
    """Routine requests are booked; urgent ones that find nothing go on the duty clinician's list while it is open."""

    kind: ClassVar = "duty_team"
    needs: ClassVar[tuple[str, ...]] = ("overbooking",)

    def _overflow(self, slot_request: SlotRequest, now: PracticeNow) -> Slot | None:
        return super()._overflow(slot_request, now) if slot_request.urgent else None


@mypyc_attr(allow_interpreted_subclasses=True)
class OpenAccess(ReceptionLed):
    """Today's work today: where nothing is free, sessions are overbooked, and overtime meets the rest."""

    kind: ClassVar = "open_access"
    needs: ClassVar[tuple[str, ...]] = ("overbooking",)
