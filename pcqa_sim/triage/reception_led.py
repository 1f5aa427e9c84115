"""Reception-led access: first come, first served until the slots run out, then "ring another day"."""

from __future__ import annotations

from pcqa_sim.luck import Luck, activity
from pcqa_sim.needs import (
    AHEAD,
    BOOKED_AHEAD,
    BOOKED_TODAY,
    ON_THE_DAY,
    PLANNED_FOLLOW_UP,
    RING_ANOTHER_DAY,
    SETTLED,
    Contact,
    Disposition,
)
from pcqa_sim.policies import PracticeNow

_SETTLED = activity("settled_by_reception")


class ReceptionLed:
    """The receptionist settles what a conversation can settle and books the rest while slots last."""

    decider = "call_handler"

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what the receptionist does.

        People who want the same day are offered the day's own slots first, then any other free slot that is
        early enough; people who can wait are offered slots booked ahead, and those of the day only at last.
        """
        kind = now.kind(contact.need.kind)
        if contact.cause != PLANNED_FOLLOW_UP and luck.u(_SETTLED) < kind.settled_by_reception_share:
            return Disposition(SETTLED)
        first, second = (ON_THE_DAY, AHEAD) if kind.same_day else (AHEAD, ON_THE_DAY)
        slot = now.earliest(first, kind.latest_days) or now.earliest(second, kind.latest_days)
        if slot is None:
            return Disposition(RING_ANOTHER_DAY, place="")
        return Disposition(BOOKED_TODAY if slot.release == ON_THE_DAY else BOOKED_AHEAD, slot=slot)
