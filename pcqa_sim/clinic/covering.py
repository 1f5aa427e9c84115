"""Who sees a need instead of whom: where a role has no such appointment in any week, another of the need's row has.

`triage.cover` and overflow are for appointments that are gone; this is for those that there are none of at all, such
as home visits of a role that makes none. So nobody is told to call another day for what no day could bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.checks import roles_in
from pcqa_sim.scenario.reach import Offer, all_offers, sees
from pcqa_sim.values.clock import Hours
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import Need

_INSTEAD: Final = activity("role_instead")


class Covering:
    """What the roles of a practice have at all, as long as its settings hold."""

    def __init__(self, practice: Practice, hours: Sequence[Hours | None]) -> None:
        self._offers = all_offers(practice, hours)
        self._rows = {kind: roles_in(row) for kind, row in practice.triage.places.items()}
        self._cover = practice.triage.cover
        self._known: dict[tuple[str, frozenset[str], bool], bool] = {}
        self._known_online: dict[tuple[str, frozenset[str], bool], Choice | None] = {}

    def sees(self, role: str, modes: frozenset[str], urgent: bool) -> bool:
        """Tell whether a role has any appointments in which a need can be met."""
        key = role, modes, urgent
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = sees(self._offers.get(role, ()), modes, urgent)
        return known

    def instead(self, need: Need, role: str, modes: frozenset[str]) -> str:
        """Return who is to see a need: a role, or where it has no such appointments, who of the need's row has.

        Those come first who cover for the role, then the others by their shares; the role that was the wrong one for
        it comes last.
        """
        if self.sees(role, modes, need.today):
            return role
        row = self._rows.get(need.kind, {})
        able = {other: share for other, share in row.items() if self.sees(other, modes, need.today)}
        right = {other: share for other, share in able.items() if other != need.wrong_role} or able
        covering = [other for other in self._cover.get(role, ()) if other in right]
        if covering or not right:
            return covering[0] if covering else role
        return Choice(tuple(right), tuple(right.values())).pick(need.luck.first(_INSTEAD))

    def any_online(self, role: str) -> bool:
        """Tell whether a role has any appointments to book in the app."""
        return any(offer.online for offer in self._offers.get(role, ()))

    def online(self, kind: str, modes: frozenset[str], urgent: bool) -> Choice | None:
        """Return the roles that see a kind of need and have such appointments to book in the app, as a choice."""
        key = kind, modes, urgent
        if key not in self._known_online:
            self._known_online[key] = self._choice_online(kind, modes, urgent)
        return self._known_online[key]

    def _choice_online(self, kind: str, modes: frozenset[str], urgent: bool) -> Choice | None:
        row = self._rows.get(kind, {})
        able = {role: share for role, share in row.items() if sees(_online(self._offers[role]), modes, urgent)}
        return Choice(tuple(able), tuple(able.values())) if able else None


def _online(offers: frozenset[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer.online]
