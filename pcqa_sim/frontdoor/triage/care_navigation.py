"""Care navigation: trained reception offers the place that fits, inside the practice or elsewhere."""

from __future__ import annotations

from typing import ClassVar, Final

from pcqa_sim.frontdoor.triage.policy import PracticeNow
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.scenario.groups.triage import NAVIGATOR
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import SIGNPOSTED, Contact, Disposition

_OFFERED: Final = activity("signpost_offered")
_ACCEPTED: Final = activity("signpost_accepted")


@mypyc_attr(allow_interpreted_subclasses=True)
class CareNavigation(ReceptionLed):
    """As reception-led, but some are first offered somewhere else; those who decline are booked.

    Nobody is sent away with a need that was seen, or sent elsewhere, before.
    """

    kind: ClassVar = "care_navigation"
    needs: ClassVar[tuple[str, ...]] = ("signposts",)
    recognises_as: ClassVar[str] = NAVIGATOR

    def __init__(self, settings: TriageSettings) -> None:
        super().__init__(settings)
        self._signposts = settings.signposts

    def _placed(self, contact: Contact, now: PracticeNow, role: str, luck: Luck) -> Disposition:
        need = contact.need
        offer = self._signposts.get(need.kind)
        fresh = not need.seen_by and not need.sent_elsewhere
        if (
            fresh
            and offer is not None
            and luck.first(_OFFERED) < offer.offered_share
            and luck.first(_ACCEPTED) < offer.accepted_share
        ):
            return Disposition(SIGNPOSTED + offer.to)
        return super()._placed(contact, now, role, luck)
