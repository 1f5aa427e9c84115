"""Being seen away from one's own practice: in the hub, or at another practice that has time today.

Nobody waits here and nothing is drawn. Slots move between diaries, and what is written about a patient is written by
their own practice, whoever sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pcqa_sim.clinic.clinicians import Clinician
from pcqa_sim.clinic.diary import Diary
from pcqa_sim.network.hub import HubDiary
from pcqa_sim.network.rounds import THE_HUB
from pcqa_sim.scenario.groups import HandOff
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.needs import HOME_VISIT, Slot, SlotRequest


class Book(Protocol):
    """Whoever has a diary: the hub, or a practice."""

    @property
    def diary(self) -> Diary:
        """Return the diary."""

    def let_go(self, slot: Slot) -> None:
        """Take a free slot out of the diary, so that it can stand in another."""

    def take_in(self, slots: Sequence[Slot]) -> None:
        """Put slots in the diary that were in another."""


class Member:
    """One practice as the others see it: its book, the room as its patients' is, and how it calls one off."""

    def __init__(
        self, book: Book, room: Any, call_off: Callable[[Slot], None], who: Callable[[Slot], Clinician]
    ) -> None:
        self.book = book
        self.room = room
        self.call_off = call_off
        self.who = who


class Loan:
    """What is known of a slot that another practice's patient has: who sees them, whose they are, and its own name."""

    __slots__ = ("call_off", "clinician", "name", "room", "to")

    def __init__(self, to: str, member: Member, clinician: Clinician, name: str) -> None:
        self.to = to
        self.room = member.room
        self.call_off = member.call_off
        self.clinician = clinician
        self.name = name


def known_elsewhere(clinician: str, practice: str) -> str:
    """Return the key by which other practices know a clinician of one: gp.south_3 is gp.3 at south."""
    role, _, number = clinician.partition(".")
    return f"{role}.{practice}_{number}"


class Elsewhere:
    """The diaries of a network, and the way of a slot from one to another."""

    def __init__(self, hub: HubDiary | None, hand_off: HandOff, between_practices: bool) -> None:
        self.hub = hub
        self._delay_days = hand_off.delay_days
        self._between_practices = between_practices
        self._members: dict[str, Member] = {}

    def join(self, key: str, member: Member) -> None:
        """Let a practice be among them."""
        self._members[key] = member

    def in_hub(self, request: SlotRequest, now: float) -> Slot | None:
        """Return a slot of the hub for a request that the own practice has none for, or None."""
        if self.hub is None or request.elsewhere < 0 or request.triage or not request.modes:
            return None
        today = day_of(now)
        first = request.first
        if not (request.urgent or request.flagged) or first > today:
            first = max(first, today + self._delay_days)
        if first > request.last:
            return None
        return self.hub.diary.earliest(request.away(first, request.last), now)

    def today(self, request: SlotRequest, key: str, now: float) -> Slot | None:
        """Return the earliest slot that another practice has left today for a request of one, or None."""
        today = day_of(now)
        if not self._between_practices or request.elsewhere < 0 or request.triage or request.first > today:
            return None
        away = request.away(today, today)
        found = (m.book.diary.earliest(away, now) for other, m in self._members.items() if other != key)
        free = (slot for slot in found if slot is not None and slot.mode != HOME_VISIT)  # its way has begun, or nearly
        return min(free, key=lambda slot: (slot.start, slot.site), default=None)

    def lend(self, slot: Slot, to: str) -> None:
        """Let a practice have a free slot of the hub's or of another practice's: it stands in its diary then."""
        owner, member, name = self._owner(slot), self._members[to], slot.clinician
        clinician = (member if slot.site == THE_HUB else self._members[slot.site]).who(slot)
        owner.let_go(slot)
        if slot.site != THE_HUB:
            slot.clinician = known_elsewhere(name, slot.site)
        slot.loan = Loan(to, member, clinician, name)
        member.book.take_in([slot])

    def take_back(self, slot: Slot) -> None:
        """Give a slot that its patient has cancelled back to where it is from."""
        loan = slot.loan
        self._members[loan.to].book.let_go(slot)
        slot.loan, slot.clinician = None, loan.name
        self._owner(slot).take_in([slot])

    def _owner(self, slot: Slot) -> Book:
        if slot.site == THE_HUB and self.hub is not None:
            return self.hub
        return self._members[slot.site].book
