"""What a practice has for needs flagged as urgent: today's appointments, extra ones, and places to hand over to.

A flagged need is seen today here, or sent on; it is never told to call another day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from pcqa_sim.kernel.environment import Environment
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.scenario import Practice
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import EMERGENCY_DEPARTMENT, NETWORK_HUB, URGENT_TREATMENT_CENTRE, Contact, Need, Slot

_FITS_THE_CENTRE: Final = activity("fits_urgent_treatment_centre")


@mypyc_attr(allow_interpreted_subclasses=True)
class EmergencyCapacity:
    """One practice's capacity for flagged needs; the hub's places are counted day by day."""

    def __init__(self, env: Environment, requests: SlotRequests, book: AppointmentBook) -> None:
        self._env = env
        self._requests = requests
        self._book = book
        self._hub_day = -1
        self._hub_left = 0

    def use(self, settings: Practice) -> None:
        """Let settings take effect."""
        self._rules = settings.triage.sent_on
        self._hub_a_day = self._rules.hub_per_10000_day * settings.list_size / 10_000
        self._cover = settings.triage.cover
        self._rows = settings.triage.places
        self._able = {kind: _able(settings, kind) for kind in settings.demand.kinds}
        self._in_turn: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def slot(self, contact: Contact, role: str) -> Slot | None:
        """Return an appointment today for a need flagged as urgent, or None.

        One that is kept for such needs, else any other that is free, else one on top of a session. Of each sort the
        role it would go to anyway comes first, then who covers for it, then whoever may see such needs.
        """
        need = contact.need
        asked = need.kind, need.wrong_role, role
        roles = self._in_turn.get(asked)
        if roles is None:
            roles = self._in_turn[asked] = tuple(self._roles(need, role))
        requests = [self._requests.flagged(contact, other) for other in roles]
        for find in (self._book.kept_for_flagged, self._book.earliest, self._book.extra):
            for request in requests:
                slot = find(request)
                if slot is not None:
                    return slot
        elsewhere = (self._book.at_others(request) for request in requests)
        return next((slot for slot in elsewhere if slot is not None), None)

    def _roles(self, need: Need, role: str) -> Iterator[str]:
        """Yield the roles that may see a need, each once; the one that was the wrong one for it comes last."""
        able = self._able.get(need.kind, ())
        row = self._rows.get(need.kind, {})
        fitting = sorted((other for other in able if row.get(other)), key=lambda other: -row[other])
        wanted = [role, *self._cover.get(role, ()), *fitting, *able]
        once = [other for other in dict.fromkeys(wanted) if other in able and other != need.wrong_role]
        yield from once
        if need.wrong_role in able:
            yield need.wrong_role

    def place(self, luck: Luck) -> str:
        """Return where a flagged need is sent on to that nobody here can see today."""
        if self._left_at_hub() > 0:
            return NETWORK_HUB
        fits = luck.first(_FITS_THE_CENTRE) < self._rules.urgent_treatment_centre_share
        return URGENT_TREATMENT_CENTRE if fits else EMERGENCY_DEPARTMENT

    def send_on(self, place: str) -> None:
        """Hand somebody over: a place at the hub is taken."""
        if place == NETWORK_HUB:
            self._hub_left = self._left_at_hub() - 1

    def _left_at_hub(self) -> int:
        today = day_of(self._env.now)
        if today != self._hub_day:
            self._hub_day = today
            self._hub_left = math.floor((today + 1) * self._hub_a_day + 1e-9) - math.floor(
                today * self._hub_a_day + 1e-9
            )
        return self._hub_left


def _able(settings: Practice, kind: str) -> tuple[str, ...]:
    """Return the roles here that may see a kind of need that cannot wait, who resolves most first.

    These are they who resolve at least half of what the best of them does.
    """
    scope = {
        name: role.scope.get(kind, 0.0)
        for name, role in settings.role.items()
        if role.sees_patients and settings.works(name)
    }
    least = max(scope.values(), default=0.0) / 2
    return tuple(sorted((name for name in scope if scope[name] >= least > 0), key=lambda name: -scope[name]))
