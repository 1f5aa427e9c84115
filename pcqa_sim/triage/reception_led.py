"""Reception-led access: first come, first served until the slots run out, then "ring another day"."""

from __future__ import annotations

from pcqa_sim.clock import day_of
from pcqa_sim.distributions import Choice
from pcqa_sim.luck import Luck, activity
from pcqa_sim.needs import BOOKED_AHEAD, BOOKED_TODAY, RING_ANOTHER_DAY, SETTLED, Contact, Disposition, Need
from pcqa_sim.policies import PracticeNow
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.scenario.judging import RECEPTION

_PLACE = activity("triage_place", often=True)


class ReceptionLed:
    """The receptionist settles what a conversation can settle and books the rest while slots last.

    Which role a need goes to is drawn once for a need: whoever comes back for it is sent to the role that saw it,
    unless that was the wrong one. What has been seen before is never settled at reception.
    """

    decider = "call_handler"

    def __init__(self, settings: TriageSettings) -> None:
        self._places = {kind: Choice(tuple(row), tuple(row.values())) for kind, row in settings.places.items()}
        self._rows = settings.places

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what the receptionist does."""
        role = now.planned_role(contact.need.kind) or self._role(contact.need, luck.first(_PLACE))
        if not role:
            return Disposition(SETTLED)
        slot = now.earliest(now.wish(contact, role))
        if slot is None:
            return Disposition(RING_ANOTHER_DAY)
        today = day_of(slot.start) == day_of(now.minute)
        return Disposition(BOOKED_TODAY if today else BOOKED_AHEAD, slot)

    def _role(self, need: Need, u: float) -> str:
        """Return the role a need goes to, "" where the conversation settles it."""
        seen = need.seen_by.partition(".")[0]
        if not seen:
            place = self._places[need.kind].pick(u)
            return "" if place == RECEPTION else place
        others = _but(self._rows[need.kind], seen) if seen == need.wrong_role else None
        return seen if others is None else others.pick(u)


def _but(row: dict[str, float], seen: str) -> Choice | None:
    """Return the choice among roles without one of them, reception left out, or None where there is no other."""
    roles = {place: share for place, share in row.items() if place not in (RECEPTION, seen) and share > 0}
    return Choice(tuple(roles), tuple(roles.values())) if roles else None
