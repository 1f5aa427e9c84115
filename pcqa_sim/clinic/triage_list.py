"""The list for clinician triage: who waits to be called, or to have their form read, the most urgent first.

Nobody on it has a time of their own. A clinician takes whoever is next in the time made for it, and people who want
help today between patients, too. A plain data structure: no clock and no luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from heapq import heappop, heappush

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.scenario.groups import ClinicianTriage
from pcqa_sim.values.needs import TRIAGE_RULE, TRIAGE_TODAY_RULE, Slot, SlotRequest


class TriageList:
    """Who waits for clinician triage: people who want help today before others, and then who asked first.

    `rules` are those of the access model in force. Whoever has nobody to call leaves word (`tell`) for when there is.
    """

    __slots__ = ("_idle", "_serial", "_waiting", "rules")

    def __init__(self) -> None:
        self.rules: ClinicianTriage | None = None
        self._waiting: list[tuple[int, int, Slot]] = []
        self._idle: list[Callable[[], None]] = []
        self._serial = 0

    def add(self, slot: Slot) -> None:
        """Put somebody on the list: whoever books this slot next."""
        self._serial += 1
        heappush(self._waiting, (0 if slot.urgent else 1, self._serial, slot))
        if self._idle:
            self._idle.pop(0)()

    def take(self, urgent_only: bool) -> Slot | None:
        """Return the slot of who is next and take them off the list, None for nobody."""
        while self._waiting:
            rank, _, slot = self._waiting[0]
            if slot.contact is not None and urgent_only and rank > 0:
                return None
            heappop(self._waiting)
            if slot.contact is not None:  # others have cancelled
                return slot
        return None

    def tell(self, call: Callable[[], None]) -> None:
        """Have something done as soon as somebody is put on the list; once, in the order of who left word."""
        self._idle.append(call)

    def forget(self, call: Callable[[], None]) -> bool:
        """Tell no more; return whether it had not been told."""
        if call not in self._idle:
            return False
        self._idle.remove(call)
        return True

    def ahead_of(self, urgent: bool) -> int:
        """Return how many would come before somebody put on the list now."""
        return sum(1 for rank, _, slot in self._waiting if slot.contact is not None and (rank == 0 or not urgent))

    def place(self, slot_request: SlotRequest, clinics: Iterable[Clinic], now: float) -> Slot | None:
        """Return a place on the list, with when its turn comes by the time made for it; None where that is full.

        `clinics` are the sessions of the days on which it would do.
        """
        rules = self.rules
        assert rules is not None
        before = self.ahead_of(slot_request.urgent) * rules.mean_min
        here = (clinic for clinic in clinics if clinic.role == rules.role and not clinic.over)
        for starts, ends in sorted(block for clinic in here for block in clinic.triage_blocks):
            begins = max(now, starts)
            room = ends - begins
            if room > before:
                return self._slot(begins + before, rules, slot_request.urgent)
            before -= max(0.0, room)
        return None

    def _slot(self, start: float, rules: ClinicianTriage, urgent: bool) -> Slot:
        opens = math.inf  # until somebody is put on the list
        rule = TRIAGE_TODAY_RULE if urgent else TRIAGE_RULE
        return Slot(start, rules.mean_min, rules.role, rules.role, rules.mode, rule, opens, urgent, triage=True)
